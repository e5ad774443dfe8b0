//! The values that a `dvc.yaml` may name: `params.yaml` beside it, and its `vars`.

use std::sync::Arc;

use super::template::Context;
use super::yaml::{Entry, Value};
use super::{Files, params, paths};

/// The file of parameters that is meant where none is named.
pub const DEFAULT: &str = "params.yaml";

/// What the whole file may name. The first error ends it: DVC then resolves nothing in this file.
pub fn of_file(files: &dyn Files, dir: &str, vars: Option<&Value>) -> Result<Context, String> {
    let mut context = Context::default();
    let mut loaded = Vec::new();
    if let Some(path) = paths::join(dir, DEFAULT)
        && let Some(bytes) = files
            .read(&path)
            .map_err(|what| format!("{path}: {what}"))?
    {
        merge_file(&mut context, &path, &bytes, &[])?;
        loaded.push((path, false));
    }
    add(files, dir, vars, &mut context, &mut loaded)?;
    Ok(context)
}

/// The same with a stage's own `vars`, whose files lie in its working directory.
pub fn of_stage(
    files: &dyn Files,
    context: &Context,
    wdir: &str,
    vars: Option<&Value>,
) -> Result<Context, String> {
    let mut context = context.clone();
    // `params.yaml` is there already; naming it again changes nothing.
    let mut loaded = vec![(DEFAULT.to_owned(), false)];
    add(files, wdir, vars, &mut context, &mut loaded)?;
    Ok(context)
}

fn add(
    files: &dyn Files,
    dir: &str,
    vars: Option<&Value>,
    context: &mut Context,
    loaded: &mut Vec<(String, bool)>,
) -> Result<(), String> {
    for item in vars.map(Value::items).unwrap_or_default() {
        match item {
            Value::Text(text) => {
                let (name, keys) = text.split_once(':').unwrap_or((text, ""));
                let keys: Vec<&str> = keys.split(',').filter(|key| !key.is_empty()).collect();
                let path =
                    paths::join(dir, name).ok_or_else(|| format!("vars: {name} is outside"))?;
                if loaded.contains(&(path.clone(), false)) && keys.is_empty() {
                    continue;
                }
                let bytes = files
                    .read(&path)
                    .map_err(|what| format!("vars: {path}: {what}"))?
                    .ok_or_else(|| format!("vars: {path} does not exist"))?;
                merge_file(context, &path, &bytes, &keys)?;
                loaded.push((path, !keys.is_empty()));
            }
            Value::Map(entries) => merge(Arc::make_mut(&mut context.global), entries, "vars")?,
            other => {
                return Err(format!(
                    "vars: {} where a file or a map belongs",
                    other.kind()
                ));
            }
        }
    }
    Ok(())
}

fn merge_file(
    context: &mut Context,
    path: &str,
    bytes: &[u8],
    keys: &[&str],
) -> Result<(), String> {
    let value = params::load(path, bytes).map_err(|what| format!("{path}: {what}"))?;
    let Value::Map(entries) = value else {
        return Err(format!("{path}: {} where a map belongs", value.kind()));
    };
    if keys.is_empty() {
        return merge(Arc::make_mut(&mut context.global), &entries, path);
    }
    for key in keys {
        let picked = entries
            .iter()
            .find(|entry| entry.key.as_str() == Some(key))
            .ok_or_else(|| format!("{path}: there is no {key}"))?;
        merge(
            Arc::make_mut(&mut context.global),
            std::slice::from_ref(picked),
            path,
        )?;
    }
    Ok(())
}

/// Maps merge deeply; anything else may be given only once.
fn merge(into: &mut Vec<Entry>, from: &[Entry], source: &str) -> Result<(), String> {
    for entry in from {
        let Some(key) = entry.key.as_str() else {
            continue;
        };
        let known = into
            .iter_mut()
            .find(|known| known.key.as_str() == Some(key));
        match (known.map(|known| &mut known.value), &entry.value) {
            (None, _) => into.push(entry.clone()),
            (Some(Value::Map(inner)), Value::Map(more)) => merge(inner, more, source)?,
            (Some(_), _) => return Err(format!("{source}: {key} is defined twice")),
        }
    }
    Ok(())
}
