//! What may be given more than once in a stage.

use super::super::template::as_text;
use super::super::vars;
use super::super::yaml::Value;
use super::{Out, Params};

/// A path that is given more than once is one output with the options of all.
pub fn same(outs: &mut Vec<Out>) {
    let mut at = 0;
    while at < outs.len() {
        let (before, rest) = outs.split_at_mut(at);
        let Some(out) = rest.first() else {
            return;
        };
        let known = before
            .iter_mut()
            .find(|known| known.path == out.path && known.role == out.role);
        match known {
            Some(known) => {
                known.cached &= out.cached;
                known.push &= out.push;
                known.remote = out.remote.clone().or(known.remote.take());
                outs.remove(at);
            }
            None => at += 1,
        }
    }
}

/// The files in the order in which they first come; one that is tracked as a whole has no names.
pub fn params(listed: &Value) -> Result<Vec<Params>, String> {
    let mut found: Vec<Params> = Vec::new();
    let mut whole: Vec<String> = Vec::new();
    let is_empty = |value: &Value| {
        matches!(value, Value::Null) || matches!(value, Value::Seq(items) if items.is_empty())
    };
    for file in listed.items().iter().flat_map(Value::entries) {
        if is_empty(&file.value) {
            whole.push(as_text(&file.key));
        }
    }
    let mut add = |path: String, keys: Vec<String>| {
        let is_whole = whole.contains(&path);
        let keys = if is_whole { Vec::new() } else { keys };
        match found.iter_mut().find(|known| known.path == path) {
            Some(known) => known.keys.extend(keys),
            None => found.push(Params { path, keys }),
        }
    };
    for item in listed.items() {
        match item {
            Value::Map(files) => {
                for file in files {
                    let keys = match &file.value {
                        Value::Seq(keys) => keys.iter().map(as_text).collect(),
                        Value::Null => Vec::new(),
                        other => {
                            let kind = other.kind();
                            return Err(format!("{kind} where a list of names belongs"));
                        }
                    };
                    add(as_text(&file.key), keys);
                }
            }
            Value::Seq(_) | Value::Null => return Err("not a name".to_owned()),
            // The whole default file has all its names.
            _ if whole.iter().any(|path| path == vars::DEFAULT) => {}
            name => add(vars::DEFAULT.to_owned(), vec![as_text(name)]),
        }
    }
    Ok(found)
}
