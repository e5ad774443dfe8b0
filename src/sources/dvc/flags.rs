//! A map in a command: `--lr 0.1 --verbose`, as DVC spells it out.

use super::numbers::python_float;
use super::template::as_text;
use super::yaml::{Entry, Value};

/// The section `parsing` of the config.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parsing {
    /// `bool = boolean_optional`: what is false is `--no-name`.
    pub names_false: bool,
    /// `list = append`: the flag is repeated for every item.
    pub repeats: bool,
}

/// The flags of a map, those of inner maps with dots in their names.
pub fn of_map(entries: &[Entry], parsing: Parsing) -> Result<String, String> {
    let mut words = Vec::new();
    add("", entries, parsing, &mut words)?;
    Ok(words.join(" "))
}

fn add(
    prefix: &str,
    entries: &[Entry],
    parsing: Parsing,
    words: &mut Vec<String>,
) -> Result<(), String> {
    for entry in entries {
        let name = format!("{prefix}{}", as_text(&entry.key));
        match &entry.value {
            Value::Map(inner) => add(&format!("{name}."), inner, parsing, words)?,
            Value::Bool(true) => words.push(format!("--{name}")),
            Value::Bool(false) if parsing.names_false => words.push(format!("--no-{name}")),
            Value::Bool(false) => {}
            Value::Seq(items) => {
                for (at, item) in items.iter().enumerate() {
                    if !item.is_scalar() {
                        return Err(format!("a list or map in the list {name}"));
                    }
                    if at == 0 || parsing.repeats {
                        words.push(format!("--{name}"));
                    }
                    words.push(word(item));
                }
            }
            scalar => words.push(format!("--{name} {}", word(scalar))),
        }
    }
    Ok(())
}

/// Text is quoted for the shell; everything else is written as Python does.
fn word(value: &Value) -> String {
    match value {
        Value::Text(text) => quoted(text),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Float(number) => python_float(*number),
        other => as_text(other),
    }
}

fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "@%+=:,./-_".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\"'\"'"))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::sources::dvc::yaml::parse;

    #[test]
    fn maps_as_flags() {
        let map = parse(
            "{lr: 1.0, on: true, off: false, name: it's, list: [1, a b, true], in: {n: null}}",
        )
        .unwrap();
        let plain = of_map(map.entries(), Parsing::default()).unwrap();
        assert_eq!(
            plain,
            "--lr 1.0 --on --name 'it'\"'\"'s' --list 1 'a b' True --in.n None"
        );
        let other = Parsing {
            names_false: true,
            repeats: true,
        };
        assert_eq!(
            of_map(map.entries(), other).unwrap(),
            "--lr 1.0 --on --no-off --name 'it'\"'\"'s' --list 1 --list 'a b' --list True --in.n None"
        );
    }
}
