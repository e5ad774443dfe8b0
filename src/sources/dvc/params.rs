//! Parameter files of every kind DVC takes, as one kind of value.

use super::yaml::{Entry, Value, parse_bytes};
use super::{json_text, python};

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
    let table: toml::Table = text
        .parse()
        .map_err(|cause: toml::de::Error| cause.message().to_owned())?;
    Ok(from_toml(&toml::Value::Table(table)))
}

fn from_toml(value: &toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::Text(text.clone()),
        toml::Value::Integer(value) => Value::Int(i128::from(*value)),
        toml::Value::Float(value) => Value::Float(*value),
        toml::Value::Boolean(value) => Value::Bool(*value),
        toml::Value::Datetime(value) => Value::Date(value.to_string()),
        toml::Value::Array(items) => Value::Seq(items.iter().map(from_toml).collect()),
        toml::Value::Table(table) => Value::Map(
            table
                .iter()
                .map(|(key, value)| entry(key, from_toml(value)))
                .collect(),
        ),
    }
}

fn entry(key: &str, value: Value) -> Entry {
    Entry {
        key: Value::Text(key.to_owned()),
        value,
        line: 0,
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
    fn damage_is_a_sentence() {
        assert!(load("p.json", b"{").is_err());
        assert!(load("p.toml", b"= 1").is_err());
        assert_eq!(
            load("p.yaml", b"a: 1\na: 2\n").unwrap_err(),
            "line 2: key given twice: a"
        );
    }
}
