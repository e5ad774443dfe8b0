//! Parameter files of every kind DVC takes, as one kind of value.

use super::yaml::{Entry, Value, parse_bytes};
use super::{json_text, python};
use toml::de::{DeTable, DeValue};

/// The values of a file, by its suffix: `.json`, `.toml`, `.py`, anything else is YAML. The error is a sentence.
pub fn load(path: &str, bytes: &[u8]) -> Result<Value, String> {
    match format(path) {
        "json" => json_text::parse(bytes),
        "toml" => toml(bytes),
        "py" => Ok(python::assignments(&String::from_utf8_lossy(bytes))),
        _ => yaml(bytes),
    }
}

/// What a file is read as: `json`, `toml`, `py`, or `yaml` for everything else.
pub fn format(path: &str) -> &'static str {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    let suffix = name
        .rsplit_once('.')
        .map(|(_, suffix)| suffix.to_ascii_lowercase());
    match suffix.as_deref() {
        Some("json") => "json",
        Some("toml") => "toml",
        Some("py") => "py",
        _ => "yaml",
    }
}

fn yaml(bytes: &[u8]) -> Result<Value, String> {
    parse_bytes(bytes).map_err(|damage| format!("line {}: {}", damage.line, damage.what))
}

fn toml(bytes: &[u8]) -> Result<Value, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "not UTF-8".to_owned())?;
    let table = DeTable::parse(text).map_err(|cause| cause.message().to_owned())?;
    Ok(from_table(table.get_ref()))
}

/// In the order of the file, which the parser's own map does not keep.
fn from_table(table: &DeTable<'_>) -> Value {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    let entries = entries.into_iter().map(|(key, value)| Entry {
        key: Value::Text(key.get_ref().to_string()),
        value: from_toml(value.get_ref()),
        line: 0,
    });
    Value::Map(entries.collect())
}

fn from_toml(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => i128::from_str_radix(number.as_str(), number.radix())
            .map_or_else(|_| Value::Text(number.as_str().to_owned()), Value::Int),
        DeValue::Float(number) => number
            .as_str()
            .parse()
            .map_or_else(|_| Value::Text(number.as_str().to_owned()), Value::Float),
        DeValue::Boolean(value) => Value::Bool(*value),
        DeValue::Datetime(value) => Value::Date(value.to_string()),
        DeValue::Array(items) => {
            Value::Seq(items.iter().map(|item| from_toml(item.get_ref())).collect())
        }
        DeValue::Table(table) => from_table(table),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_kind_gives_the_same() {
        for (path, text) in [
            ("p.yaml", "opt:\n  lr: 0.5\n  n: 3\n"),
            ("p.json", r#"{"opt": {"lr": 0.5, "n": 3, "bad": NaN}}"#),
            ("p.toml", "[opt]\nlr = 0.5\nn = 3\n"),
            ("p.py", "class opt:\n    lr = 0.5\n    n = 3\n"),
        ] {
            let value = load(path, text.as_bytes()).unwrap();
            let opt = value.get("opt").unwrap();
            assert_eq!(format!("{:?}", opt.get("lr")), "Some(Float(0.5))", "{path}");
            assert_eq!(opt.get("n").unwrap().as_u64(), Some(3), "{path}");
        }
    }

    #[test]
    fn tables_keep_their_order() {
        let text = "z = 1\n[b.c]\ny = 0x1F\nx = 1_000.5\n[a]\nw = [1, {v = 2}]\n";
        let value = load("p.toml", text.as_bytes()).unwrap();
        assert_eq!(
            crate::sources::dvc::dumps(&value),
            r#"{"z": 1, "b": {"c": {"y": 31, "x": 1000.5}}, "a": {"w": [1, {"v": 2}]}}"#
        );
    }

    #[test]
    fn damage_is_a_sentence() {
        assert!(load("p.json", b"{").is_err());
        assert!(load("p.toml", b"= 1").is_err());
        assert_eq!(
            load("p.yaml", b"a: 1\na: 2\n").unwrap_err(),
            "line 2: key given twice: a"
        );
    }
}
