//! What differs between the values of two revisions, as DVC compares them.

use super::values::Values;
use crate::sources::dvc::python_repr::python_repr;
use crate::sources::dvc::yaml::Value;

/// One value at both sides.
#[derive(Clone, Debug)]
pub struct Difference {
    /// Dotted; empty for a file that is one value.
    pub name: String,
    pub old: Value,
    pub new: Value,
    /// New less old, of numbers.
    pub by: Option<Value>,
}

/// Files with differences in them. `all` keeps equal values too.
pub fn differences(old: &Values, new: &Values, all: bool) -> Vec<(String, Vec<Difference>)> {
    let mut paths: Vec<&String> = old.iter().map(|(path, _)| path).collect();
    for (path, _) in new {
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    let find = |side: &Values, path: &str| {
        let (_, values) = side.iter().find(|(known, _)| known == path)?;
        values.as_ref().ok().map(|value| (**value).clone())
    };
    let empty = || Value::Map(Vec::new());
    let mut found = Vec::new();
    for path in paths {
        let old = find(old, path).unwrap_or_else(empty);
        let new = find(new, path).unwrap_or_else(empty);
        let different = in_file(&old, &new, all);
        if !different.is_empty() {
            found.push((path.clone(), different));
        }
    }
    found
}

fn in_file(old: &Value, new: &Value, all: bool) -> Vec<Difference> {
    let is_map = |value: &Value| matches!(value, Value::Map(_));
    if !is_map(old) && !is_map(new) {
        return one(String::new(), plain(old), plain(new), all)
            .into_iter()
            .collect();
    }
    let (old, new) = (flat(old), flat(new));
    let mut names: Vec<&String> = old.iter().map(|(name, _)| name).collect();
    let known: std::collections::HashSet<&String> = names.iter().copied().collect();
    names.extend(
        new.iter()
            .map(|(name, _)| name)
            .filter(|name| !known.contains(name)),
    );
    let side = |side: &[(String, Value)], name: &str| {
        let found = side.iter().rfind(|(known, _)| known == name);
        found.map_or(Value::Null, |(_, value)| value.clone())
    };
    names
        .into_iter()
        .filter_map(|name| one(name.clone(), side(&old, name), side(&new, name), all))
        .collect()
}

fn one(name: String, old: Value, new: Value, all: bool) -> Option<Difference> {
    if !all && old.equals(&new) {
        return None;
    }
    let by = less(&new, &old);
    Some(Difference { name, old, new, by })
}

/// Lists become the text that Python shows for them.
fn plain(value: &Value) -> Value {
    match value {
        Value::Seq(_) => Value::Text(python_repr(value)),
        other => other.clone(),
    }
}

/// Dotted names and what is there; empty maps leave nothing.
pub fn flat(value: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    if let Value::Map(_) = value {
        flatten(value, None, &mut found);
    }
    found
}

fn flatten(value: &Value, above: Option<&str>, found: &mut Vec<(String, Value)>) {
    for entry in value.entries() {
        let key = entry.key.key_text();
        let name = match above {
            Some(above) => format!("{above}.{key}"),
            None => key,
        };
        match &entry.value {
            Value::Map(_) => flatten(&entry.value, Some(&name), found),
            other => found.push((name, plain(other))),
        }
    }
}

/// As Python subtracts: booleans are 1 and 0.
#[expect(
    clippy::cast_precision_loss,
    reason = "Python turns whole numbers into floats the same way"
)]
fn less(new: &Value, old: &Value) -> Option<Value> {
    enum Number {
        Whole(i128),
        Float(f64),
    }
    let number = |value: &Value| match value {
        Value::Bool(value) => Some(Number::Whole(i128::from(*value))),
        Value::Int(value) => Some(Number::Whole(*value)),
        Value::Float(value) => Some(Number::Float(*value)),
        _ => None,
    };
    Some(match (number(new)?, number(old)?) {
        (Number::Whole(new), Number::Whole(old)) => match new.checked_sub(old) {
            Some(by) => Value::Int(by),
            None => Value::Float(new as f64 - old as f64),
        },
        (Number::Whole(new), Number::Float(old)) => Value::Float(new as f64 - old),
        (Number::Float(new), Number::Whole(old)) => Value::Float(new - old as f64),
        (Number::Float(new), Number::Float(old)) => Value::Float(new - old),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::Arc;

    use super::*;
    use crate::sources::dvc::yaml::parse;

    fn shown(old: &str, new: &str, all: bool) -> Vec<String> {
        let side = |text: &str| vec![("f".to_owned(), Ok(Arc::new(parse(text).unwrap())))];
        let files = differences(&side(old), &side(new), all);
        let mut lines: Vec<String> = files
            .iter()
            .flat_map(|(_, found)| found)
            .map(|it| {
                let dumps = crate::sources::dvc::dumps;
                let by = it
                    .by
                    .as_ref()
                    .map_or(String::new(), |by| format!(" {}", dumps(by)));
                format!("{} {} {}{by}", it.name, dumps(&it.old), dumps(&it.new))
            })
            .collect();
        lines.sort();
        lines
    }

    #[test]
    fn as_dvc_compares() {
        assert_eq!(
            shown(
                "{a: {b: 1, c: x}, l: [1, {k: v}], t: true}",
                "{a: {b: 1.5}, l: [2], t: false, e: {}}",
                false
            ),
            [
                "a.b 1 1.5 0.5",
                "a.c \"x\" null",
                "l \"[1, {'k': 'v'}]\" \"[2]\"",
                "t true false -1",
            ]
        );
        assert!(shown("{a: 1, b: true}", "{a: 1.0, b: 1}", false).is_empty());
        assert_eq!(shown("{a: 1}", "{a: 1.0}", true), ["a 1 1.0 0.0"]);
        assert_eq!(shown("7", "8", false), [" 7 8 1"]);
        assert!(shown("7", "{}", false).is_empty());
        assert_eq!(shown("{a: .nan}", "{a: .nan}", false), ["a NaN NaN NaN"]);
    }
}
