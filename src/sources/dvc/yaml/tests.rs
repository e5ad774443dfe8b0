#![allow(clippy::unwrap_used)]

use super::*;

/// Compact, with types: maps in braces, text in quotes.
fn shown(value: &Value) -> String {
    match value {
        Value::Seq(items) | Value::Tuple(items) => {
            let items: Vec<_> = items.iter().map(shown).collect();
            format!("[{}]", items.join(" "))
        }
        Value::Map(entries) => {
            let entries: Vec<_> = entries
                .iter()
                .map(|entry| format!("{}: {}", shown(&entry.key), shown(&entry.value)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
        Value::Text(text) => format!("{text:?}"),
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Float(value) => format!("{value:?}"),
        Value::Date(text) => text.clone(),
    }
}

#[test]
fn documents() {
    for (text, meaning) in [
        ("", "{}"),
        ("# only a comment\n", "{}"),
        (
            "a: 1\nb: [x, 'y', \"z\\n\"]\n",
            r#"{"a": 1, "b": ["x" "y" "z\n"]}"#,
        ),
        ("yes: on\n1: 0777\n", r#"{"yes": "on", 1: 777}"#),
        (
            "a: '1'\nb: !!str 2\nc: !!int '3'\n",
            r#"{"a": "1", "b": "2", "c": 3}"#,
        ),
        ("a: &x [1]\nb: *x\n", r#"{"a": [1], "b": [1]}"#),
        (
            "d: &d {a: 1, b: 2}\ne: {<<: *d, b: 3}\n",
            r#"{"d": {"a": 1, "b": 2}, "e": {"a": 1, "b": 3}}"#,
        ),
        ("%YAML 1.1\n---\na: yes\n", r#"{"a": true}"#),
        ("\u{feff}a: 1\n", r#"{"a": 1}"#),
        ("a: 2020-01-02\n", r#"{"a": 2020-01-02}"#),
        ("just text", r#""just text""#),
        (
            "a: |\n  one\n  ======= two\n",
            r#"{"a": "one\n======= two\n"}"#,
        ),
    ] {
        assert_eq!(shown(&parse(text).unwrap()), meaning, "{text}");
    }
}

#[test]
fn damage_and_its_line() {
    for (text, line, what) in [
        ("a: 1\nb: 2\na: 3\n", 3, "key given twice: a"),
        ("1: a\ntrue: b\n", 2, "key given twice"),
        ("a: 1\n---\nb: 2\n", 2, "more than one document"),
        ("a: !mine x\n", 1, "unknown tag"),
        ("? [a, b]\n: c\n", 1, "a list or map as a key"),
        ("a: 1\n<<<<<<< HEAD\nb: 2\n", 2, "merge conflict markers"),
        ("a: 1\nb: [1, 2\n", 2, ""),
        ("a: {<<: 3}\n", 1, "<< merges maps only"),
        ("a: *nowhere\n", 1, ""),
        ("a: &x [*x]\n", 1, ""),
    ] {
        let damage = parse(text).unwrap_err();
        assert!(damage.what.contains(what), "{text}: {damage:?}");
        assert_eq!(damage.line, line, "{text}: {damage:?}");
    }
    assert_eq!(
        parse_bytes(b"a: 1\nb: \xff\n").unwrap_err(),
        Damage::new(2, "not UTF-8")
    );
}

#[test]
fn entries_know_their_lines() {
    let value = parse("a: 1\n\nb:\n  c: 2\n").unwrap();
    let lines: Vec<_> = value.entries().iter().map(|entry| entry.line).collect();
    assert_eq!(lines, [1, 3]);
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..120)) {
        let _ = parse_bytes(&bytes);
    }

    #[test]
    fn any_yaml_like_text_is_read_without_panic(text in "([ab1<&*!|>'\"%@`#,?:\\[\\]{}~. -]{0,6}\n?){0,12}") {
        let _ = parse(&text);
    }
}
