//! Values of YAML, JSON and TOML alike.

use crate::sources::dvc::numbers::python_float;

/// One value. Keys of maps are scalars; order is kept.
#[derive(Clone, Debug)]
pub enum Value {
    Null,
    Bool(bool),
    Int(i128),
    Float(f64),
    Text(String),
    /// A date or time, as written.
    Date(String),
    Seq(Vec<Value>),
    /// A list that cannot change: only Python has them.
    Tuple(Vec<Value>),
    Map(Vec<Entry>),
}

#[derive(Clone, Debug)]
pub struct Entry {
    pub key: Value,
    pub value: Value,
    /// Where the key stands, from 1; 0 where that is not known.
    pub line: usize,
}

impl Value {
    /// A map with text keys, in this order.
    pub fn map<K: Into<String>>(entries: impl IntoIterator<Item = (K, Value)>) -> Self {
        let entry = |(key, value): (K, Value)| Entry {
            key: Self::Text(key.into()),
            value,
            line: 0,
        };
        Self::Map(entries.into_iter().map(entry).collect())
    }

    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Self::Int(value) => u64::try_from(*value).ok(),
            _ => None,
        }
    }

    /// Empty for everything but a list.
    pub fn items(&self) -> &[Value] {
        match self {
            Self::Seq(items) | Self::Tuple(items) => items,
            _ => &[],
        }
    }

    /// Empty for everything but a map.
    pub fn entries(&self) -> &[Entry] {
        match self {
            Self::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The value under a text key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entries()
            .iter()
            .find(|entry| entry.key.as_str() == Some(key))
            .map(|entry| &entry.value)
    }

    /// Neither a list nor a map.
    pub fn is_scalar(&self) -> bool {
        !matches!(self, Self::Seq(_) | Self::Tuple(_) | Self::Map(_))
    }

    /// What it is, in words.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "a boolean",
            Self::Int(_) | Self::Float(_) => "a number",
            Self::Text(_) => "text",
            Self::Date(_) => "a date",
            Self::Seq(_) | Self::Tuple(_) => "a list",
            Self::Map(_) => "a map",
        }
    }

    /// A key as text, as JSON has it.
    pub fn key_text(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Bool(value) => value.to_string(),
            Self::Int(value) => value.to_string(),
            Self::Float(value) => python_float(*value),
            Self::Text(text) | Self::Date(text) => text.clone(),
            Self::Seq(_) | Self::Tuple(_) | Self::Map(_) => String::new(),
        }
    }

    pub fn is_key(&self, text: &str) -> bool {
        match self {
            Self::Text(own) => own == text,
            other => other.key_text() == text,
        }
    }

    /// Equal as Python has it: `1`, `1.0` and `true` are one, the order of maps does not count.
    pub fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Seq(a) | Self::Tuple(a), Self::Seq(b) | Self::Tuple(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.equals(b))
            }
            (Self::Map(a), Self::Map(b)) => {
                a.len() == b.len()
                    && a.iter().all(|entry| {
                        let same = b.iter().find(|it| it.key.same_key(&entry.key));
                        same.is_some_and(|it| it.value.equals(&entry.value))
                    })
            }
            (Self::Float(a), Self::Float(b)) => a == b,
            (Self::Float(float), whole) | (whole, Self::Float(float)) => {
                whole.whole().is_some_and(|whole| is_whole(*float, whole))
            }
            (a, b) => match (a.whole(), b.whole()) {
                (Some(a), Some(b)) => a == b,
                _ => a.same_key(b),
            },
        }
    }

    fn whole(&self) -> Option<i128> {
        match self {
            Self::Bool(value) => Some(i128::from(*value)),
            Self::Int(value) => Some(*value),
            _ => None,
        }
    }

    /// The same key of a map, as Python has it: `1`, `1.0` and `true` are one.
    pub fn same_key(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(a), Self::Text(b)) | (Self::Date(a), Self::Date(b)) => a == b,
            (Self::Null, Self::Null) => true,
            _ => match (self.number(), other.number()) {
                (Some(a), Some(b)) => a == b,
                _ => false,
            },
        }
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "Python compares whole numbers and fractions by value; keys beyond 2^53 do not occur"
    )]
    fn number(&self) -> Option<f64> {
        match self {
            Self::Bool(value) => Some(f64::from(u8::from(*value))),
            Self::Int(value) => Some(*value as f64),
            Self::Float(value) => Some(*value),
            _ => None,
        }
    }
}

/// Whether a float is exactly that whole number.
#[expect(
    clippy::cast_possible_truncation,
    clippy::float_cmp,
    reason = "only floats without a fraction that a whole number can hold are turned into one"
)]
fn is_whole(float: f64, whole: i128) -> bool {
    float.is_finite() && float == float.trunc() && float.abs() < 1e38 && float as i128 == whole
}
