//! Stages made by `foreach` and `matrix`.

use super::template::{Context, Whole, as_text};
use super::yaml::{Entry, Value};

/// What follows `@` in a stage's name, and the `item` and `key` that its template may name.
pub type Made = (String, Vec<Entry>);

/// Stages that one `matrix` may make.
const STAGE_LIMIT: usize = 10_000;

fn local(name: &str, value: Value) -> Entry {
    Entry {
        key: Value::Text(name.to_owned()),
        value,
        line: 0,
    }
}

/// One stage for each item of a list or entry of a map.
pub fn foreach(context: &Context, source: &Value) -> Result<Vec<Made>, String> {
    let data = context
        .fill(source, Whole::Any)
        .map_err(|what| format!("foreach: {what}"))?;
    match &data {
        Value::Seq(items) => {
            let by_index = items.iter().any(|item| !item.is_scalar());
            let key = |at: usize, item: &Value| {
                if by_index {
                    at.to_string()
                } else {
                    name_part(item, is_reference(source, at))
                }
            };
            let made = items.iter().enumerate();
            Ok(made
                .map(|(at, item)| (key(at, item), vec![local("item", item.clone())]))
                .collect())
        }
        Value::Map(entries) => Ok(entries
            .iter()
            .map(|entry| {
                let key = as_text(&entry.key);
                let locals = vec![
                    local("item", entry.value.clone()),
                    local("key", Value::Text(key.clone())),
                ];
                (key, locals)
            })
            .collect()),
        other => Err(format!(
            "foreach: {} where a list or a map belongs",
            other.kind()
        )),
    }
}

/// One stage for each combination of the axes' values.
pub fn matrix(context: &Context, source: &Value) -> Result<Vec<Made>, String> {
    let data = context
        .fill(source, Whole::Any)
        .map_err(|what| format!("matrix: {what}"))?;
    let Value::Map(axes) = &data else {
        return Err(format!("matrix: {} where a map belongs", data.kind()));
    };
    let mut made: Vec<(Vec<String>, Vec<Entry>)> = vec![(Vec::new(), Vec::new())];
    for axis in axes {
        let name = as_text(&axis.key);
        let Value::Seq(values) = &axis.value else {
            let kind = axis.value.kind();
            return Err(format!("matrix: {name}: {kind} where a list belongs"));
        };
        if made.len().saturating_mul(values.len()) > STAGE_LIMIT {
            return Err(format!("matrix: more than {STAGE_LIMIT} stages"));
        }
        let written = source.get(&name).unwrap_or(source);
        let fragments: Vec<String> = values
            .iter()
            .enumerate()
            .map(|(at, value)| match value.is_scalar() {
                true => name_part(value, is_reference(written, at)),
                false => format!("{name}{at}"),
            })
            .collect();
        made = made
            .iter()
            .flat_map(|(names, item)| {
                fragments.iter().zip(values).map(|(fragment, value)| {
                    let mut names = names.clone();
                    names.push(fragment.clone());
                    let mut item = item.clone();
                    item.push(local(&name, value.clone()));
                    (names, item)
                })
            })
            .collect();
    }
    Ok(made
        .into_iter()
        .map(|(fragments, item)| {
            let key = fragments.join("-");
            let locals = vec![
                local("item", Value::Map(item)),
                local("key", Value::Text(key.clone())),
            ];
            (key, locals)
        })
        .collect())
}

/// A value as a part of a stage's name. DVC writes a boolean in Python's way where it came by a reference
/// (`foreach: ${flags}`), and in YAML's where it stands in the file.
fn name_part(value: &Value, by_reference: bool) -> String {
    match value {
        Value::Bool(true) if by_reference => "True".to_owned(),
        Value::Bool(false) if by_reference => "False".to_owned(),
        other => as_text(other),
    }
}

/// Whether the list as written, or its item, is a template.
fn is_reference(written: &Value, at: usize) -> bool {
    match written {
        Value::Seq(items) => items.get(at).is_some_and(|item| item.as_str().is_some()),
        _ => true,
    }
}
