//! `${...}` in `dvc.yaml`.

use std::sync::Arc;

use super::flags::{self, Parsing};
use super::numbers::python_float;
use super::yaml::{Entry, Value};

/// What templates can name: parameters and vars, and inside `foreach` and `matrix` also `item` and `key`.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// Shared by all the stages of a file.
    pub global: Arc<Vec<Entry>>,
    pub local: Vec<Entry>,
}

impl Context {
    /// The value of `a.b[0].c`; the error names what is not there.
    pub fn select(&self, expression: &str) -> Result<&Value, String> {
        let normal = expression.replace('[', ".").replace(']', "");
        let mut parts = normal.split('.').map(str::trim);
        let first = parts.next().unwrap_or_default();
        let mut value = lookup(&self.local, first)
            .or_else(|| lookup(&self.global, first))
            .ok_or_else(|| format!("{expression} is not in the parameters or vars"))?;
        for part in parts {
            let next = match value {
                Value::Map(entries) => lookup(entries, part),
                Value::Seq(items) | Value::Tuple(items) => at(items, part),
                _ => None,
            };
            value = next.ok_or_else(|| format!("{expression}: there is no {part}"))?;
        }
        Ok(value)
    }

    /// The value with every template in it filled in. Lists and maps may stand alone as `${...}` only where
    /// `whole` allows it.
    pub fn fill(&self, value: &Value, whole: Whole) -> Result<Value, String> {
        match value {
            Value::Text(text) => self.fill_text(text, whole),
            Value::Seq(items) => items
                .iter()
                .map(|item| self.fill(item, whole))
                .collect::<Result<_, _>>()
                .map(Value::Seq),
            Value::Map(entries) => entries
                .iter()
                .map(|entry| {
                    Ok(Entry {
                        key: self.fill(&entry.key, whole)?,
                        value: self.fill(&entry.value, whole)?,
                        line: entry.line,
                    })
                })
                .collect::<Result<_, _>>()
                .map(Value::Map),
            other => Ok(other.clone()),
        }
    }

    fn fill_text(&self, text: &str, whole: Whole) -> Result<Value, String> {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, expression, after)) = next_template(rest) {
            let value = self.select(expression)?;
            let alone = out.is_empty() && before.is_empty() && after.is_empty();
            if alone && rest.len() == text.len() && (value.is_scalar() || whole == Whole::Any) {
                return Ok(value.clone());
            }
            let text = match (value, whole) {
                (Value::Map(entries), Whole::Flags(parsing)) => flags::of_map(entries, parsing)
                    .map_err(|what| format!("{expression}: {what}"))?,
                (Value::Map(_) | Value::Seq(_) | Value::Tuple(_), _) => {
                    return Err(format!("{expression} is {}, not one value", value.kind()));
                }
                (scalar, _) => as_text(scalar),
            };
            out.push_str(before);
            out.push_str(&text);
            rest = after;
        }
        out.push_str(rest);
        Ok(Value::Text(out.replace("\\${", "${")))
    }
}

/// Where more than a scalar may stand for a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whole {
    /// Nowhere.
    Scalar,
    /// A map becomes command line flags: in `cmd`.
    Flags(Parsing),
    /// Lists and maps: in `foreach` and `matrix`.
    Any,
}

fn lookup<'a>(entries: &'a [Entry], key: &str) -> Option<&'a Value> {
    entries
        .iter()
        .find(|entry| entry.key.as_str() == Some(key))
        .map(|entry| &entry.value)
}

/// As Python: from the end where negative.
fn at<'a>(items: &'a [Value], index: &str) -> Option<&'a Value> {
    let index: isize = index.parse().ok()?;
    let at = if index < 0 {
        items.len().checked_sub(index.unsigned_abs())?
    } else {
        index.unsigned_abs()
    };
    items.get(at)
}

/// (before, expression, after) of the first template that no backslash escapes.
fn next_template(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let start = from + text.get(from..)?.find("${")?;
        let inner = start + 2;
        let end = inner + text.get(inner..)?.find(['}', '\n'])?;
        let escaped = text.as_bytes().get(start.wrapping_sub(1)) == Some(&b'\\');
        if escaped || text.as_bytes().get(end) != Some(&b'}') {
            from = inner;
            continue;
        }
        return Some((&text[..start], &text[inner..end], &text[end + 1..]));
    }
}

/// Text for one value inside other text; empty for lists and maps.
pub fn as_text(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Float(value) => python_float(*value),
        Value::Text(text) | Value::Date(text) => text.clone(),
        Value::Seq(_) | Value::Tuple(_) | Value::Map(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::sources::dvc::yaml::parse;

    fn context() -> Context {
        let source =
            "a: {b: [{c: 7}, x], f: 1e-5, on: true, n: null}\nname: out\nmodels: [us, uk]\n";
        Context {
            global: Arc::new(parse(source).unwrap().entries().to_vec()),
            local: Vec::new(),
        }
    }

    fn fill(text: &str, whole: Whole) -> String {
        match context().fill(&Value::Text(text.to_owned()), whole) {
            Ok(value) => format!("{value:?}"),
            Err(problem) => problem,
        }
    }

    #[test]
    fn templates() {
        for (text, filled) in [
            ("${name}/x.csv", "Text(\"out/x.csv\")"),
            ("${a.b[0].c}", "Int(7)"),
            ("v${a.b[0].c}", "Text(\"v7\")"),
            ("${ a.b[-1] }", "Text(\"x\")"),
            ("${a.f}${a.on}${a.n}", "Text(\"1e-05trueNone\")"),
            ("\\${name} ${name}", "Text(\"${name} out\")"),
            ("${open", "Text(\"${open\")"),
            ("${models}", "models is a list, not one value"),
            ("${nope}", "nope is not in the parameters or vars"),
            ("${a.z}", "a.z: there is no z"),
        ] {
            assert_eq!(fill(text, Whole::Scalar), filled, "{text}");
        }
        assert_eq!(
            fill("${models}", Whole::Any),
            "Seq([Text(\"us\"), Text(\"uk\")])"
        );
        assert_eq!(
            fill("run ${a}", Whole::Flags(Parsing::default())),
            "a: a list or map in the list b"
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text_can_be_filled(text in ".*") {
            let _ = context().fill(&Value::Text(text), Whole::Scalar);
        }
    }
}
