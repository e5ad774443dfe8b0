//! Parameters in a Python file: assignments of literals, at the top and in class bodies.
//!
//! Nothing is run. What is not a literal is left out, as DVC does.

use super::python_literal;
use super::yaml::{Entry, Value};

/// `NAME = literal` and `NAME: type = literal` as a map, classes as maps inside it; in `__init__`, `self.x = …`.
pub fn assignments(source: &str) -> Value {
    let lines = logical_lines(source);
    let mut at = 0;
    Value::Map(block(&lines, &mut at, 0, Scope::Module))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    Module,
    Class,
    Init,
}

fn block(lines: &[(usize, String)], at: &mut usize, indent: usize, scope: Scope) -> Vec<Entry> {
    let mut found: Vec<Entry> = Vec::new();
    while let Some((depth, line)) = lines.get(*at) {
        if *depth < indent {
            break;
        }
        *at += 1;
        if *depth > indent {
            continue;
        }
        let below = lines.get(*at).map_or(0, |(depth, _)| *depth);
        if let Some(name) = class_name(line) {
            if below > indent {
                let inner = block(lines, at, below, Scope::Class);
                put(&mut found, &name, Value::Map(inner));
            }
        } else if scope == Scope::Class && line.starts_with("def __init__(") {
            if below > indent {
                for entry in block(lines, at, below, Scope::Init) {
                    if let Some(name) = entry.key.as_str().map(str::to_owned) {
                        put(&mut found, &name, entry.value);
                    }
                }
            }
        } else if let Some((name, value)) = assignment(line, scope) {
            put(&mut found, &name, value);
        }
    }
    found
}

fn put(found: &mut Vec<Entry>, name: &str, value: Value) {
    found.retain(|entry| entry.key.as_str() != Some(name));
    found.push(Entry {
        key: Value::Text(name.to_owned()),
        value,
        line: 0,
    });
}

fn class_name(line: &str) -> Option<String> {
    let rest = line.strip_prefix("class ")?;
    let name: String = rest.chars().take_while(|c| is_name(*c)).collect();
    (!name.is_empty()).then_some(name)
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn assignment(line: &str, scope: Scope) -> Option<(String, Value)> {
    let (left, right) = line.split_once('=')?;
    if right.starts_with('=') {
        return None;
    }
    let target = left.split_once(':').map_or(left, |(name, _)| name).trim();
    let name = match scope {
        Scope::Init => target.strip_prefix("self.")?,
        _ => target,
    };
    if name.is_empty() || !name.chars().all(is_name) {
        return None;
    }
    Some((name.to_owned(), python_literal::parse(right)?))
}

/// (indentation, text) of each statement; brackets that stay open join lines, comments and empty lines go.
fn logical_lines(source: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    let mut open = 0_usize;
    for raw in source.lines() {
        let text = raw.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let closes = text.matches([')', ']', '}']).count();
        let opens = text.matches(['(', '[', '{']).count();
        if open > 0
            && let Some((_, last)) = lines.last_mut()
        {
            last.push(' ');
            last.push_str(text);
        } else {
            lines.push((raw.len() - raw.trim_start().len(), text.to_owned()));
        }
        open = (open + opens).saturating_sub(closes);
    }
    lines
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn literals_are_taken_and_the_rest_is_left() {
        let source = "LR = 0.1\nNAMES = ['a', \"b\"]  # two\nBAD = LR * 2\nX: int = 5\nT = (1, 2)\n\
            CALL = open('x')\nif LR == 1:\n    LR = 9\nclass Train:\n    EPOCHS = 3\n    D = {\n        'k': 1,\n    }\n\
            \n    def __init__(self):\n        self.seed = 9\n        other = 1\n";
        let found = assignments(source);
        let shown = |path: &str| {
            let mut value = &found;
            for key in path.split('.') {
                value = value.get(key)?;
            }
            Some(format!("{value:?}"))
        };
        assert_eq!(shown("LR").unwrap(), "Float(0.1)");
        assert_eq!(shown("NAMES").unwrap(), "Seq([Text(\"a\"), Text(\"b\")])");
        assert_eq!(shown("BAD"), None);
        assert_eq!(shown("X").unwrap(), "Int(5)");
        assert_eq!(shown("T").unwrap(), "Tuple([Int(1), Int(2)])");
        assert_eq!(shown("CALL"), None);
        assert_eq!(shown("Train.EPOCHS").unwrap(), "Int(3)");
        assert_eq!(shown("Train.D.k").unwrap(), "Int(1)");
        assert_eq!(shown("Train.seed").unwrap(), "Int(9)");
        assert_eq!(shown("Train.other"), None);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "(?s).*") {
            assignments(&text);
        }
    }
}
