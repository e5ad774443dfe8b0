//! Templates: places in a Vega-Lite document that are filled in.

use super::super::yaml::{Entry, Value};

/// A document with places such as `<DVC_METRIC_X>`.
#[derive(Clone, Debug)]
pub struct Template(pub Value);

fn place(name: &str) -> String {
    format!("<DVC_METRIC_{}>", name.to_uppercase())
}

impl Template {
    pub fn has(&self, name: &str) -> bool {
        finds(&self.0, &place(name))
    }

    pub fn fill(&mut self, name: &str, value: &Value) {
        self.0 = filled(&self.0, &place(name), value);
    }
}

fn finds(value: &Value, place: &str) -> bool {
    match value {
        Value::Text(text) => text == place,
        Value::Map(entries) => entries.iter().any(|entry| finds(&entry.value, place)),
        Value::Seq(items) => items.iter().any(|item| finds(item, place)),
        _ => false,
    }
}

fn filled(value: &Value, place: &str, with: &Value) -> Value {
    match value {
        Value::Text(text) if text == place => with.clone(),
        Value::Map(entries) => {
            let entries = entries.iter().map(|entry| Entry {
                value: match (&entry.value, with) {
                    // Inside of other text only text can be filled in.
                    (Value::Text(text), Value::Text(with)) if text != place => {
                        Value::Text(text.replace(place, with))
                    }
                    (value, with) => filled(value, place, with),
                },
                ..entry.clone()
            });
            Value::Map(entries.collect())
        }
        Value::Seq(items) => {
            Value::Seq(items.iter().map(|item| filled(item, place, with)).collect())
        }
        other => other.clone(),
    }
}

/// Characters that mean something to Vega in the names of fields.
pub fn escaped(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        if matches!(c, '.' | '[' | ']') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
