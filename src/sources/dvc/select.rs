//! A parameter by its dotted name.

use super::yaml::Value;

/// The value at `a.b.0.c`. Names may have wildcards, which must fit one value only; the error says if not.
pub fn select<'a>(value: &'a Value, name: &str) -> Result<Option<&'a Value>, String> {
    let parts: Vec<&str> = name.trim_start_matches('.').split('.').collect();
    let mut found = Vec::new();
    collect(value, &parts, &mut found);
    match found.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(one)),
        _ => Err(format!("{name} fits more than one parameter")),
    }
}

fn collect<'a>(value: &'a Value, parts: &[&str], found: &mut Vec<&'a Value>) {
    let Some((part, rest)) = parts.split_first() else {
        found.push(value);
        return;
    };
    match value {
        Value::Map(entries) => {
            for entry in entries {
                if fits(part, &entry.key.key_text()) {
                    collect(&entry.value, rest, found);
                }
            }
        }
        Value::Seq(items) | Value::Tuple(items) => {
            for (at, item) in items.iter().enumerate() {
                if fits(part, &at.to_string()) {
                    collect(item, rest, found);
                }
            }
        }
        _ => {}
    }
}

/// `*`, `?` and `[…]` as in a shell.
pub fn fits(pattern: &str, text: &str) -> bool {
    if !pattern.contains(['*', '?', '[']) {
        return pattern == text;
    }
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    wild(&pattern, &text)
}

fn wild(pattern: &[char], text: &[char]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some(('*', rest)) => (0..=text.len()).any(|at| wild(rest, &text[at..])),
        Some(('[', rest)) => {
            let end = rest.iter().skip(1).position(|c| *c == ']').map(|at| at + 1);
            let (Some(end), Some((c, after))) = (end, text.split_first()) else {
                return end.is_none() && text.first() == Some(&'[') && wild(rest, &text[1..]);
            };
            let (negated, set) = match rest[..end].split_first() {
                Some(('!', set)) => (true, set),
                _ => (false, &rest[..end]),
            };
            let in_set = set.contains(c)
                || set
                    .windows(3)
                    .any(|range| range[1] == '-' && (range[0]..=range[2]).contains(c));
            in_set != negated && wild(&rest[end + 1..], after)
        }
        Some((first, rest)) => match text.split_first() {
            Some((c, after)) => (*first == '?' || first == c) && wild(rest, after),
            None => false,
        },
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::sources::dvc::yaml::parse;

    #[test]
    fn names_and_wildcards() {
        let value = parse("{a: {b: [1, {c: 7}], 2: x}, b1: 3, b2: 4}").unwrap();
        let shown = |name: &str| match select(&value, name) {
            Ok(Some(value)) => format!("{value:?}"),
            Ok(None) => "none".to_owned(),
            Err(what) => what,
        };
        for (name, expected) in [
            ("a.b.1.c", "Int(7)"),
            ("a.2", "Text(\"x\")"),
            ("a.b.9", "none"),
            ("a.z", "none"),
            ("b[12]", "b[12] fits more than one parameter"),
            ("b[!1]", "Int(4)"),
            ("b?", "b? fits more than one parameter"),
            ("*2", "Int(4)"),
            ("[", "none"),
        ] {
            assert_eq!(shown(name), expected, "{name}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_name_is_taken(name in "[a-z.*?\\[\\]!-]{0,10}") {
            let value = parse("{a: {b: [1, {c: 7}]}}").unwrap();
            let _ = select(&value, &name);
        }
    }
}
