//! An answer before it takes the form of a protocol.

use std::borrow::Cow;

use crate::simulator::moment::Moment;

/// A value of AWS's models: JSON's kinds, and points in time, which every protocol writes its own way.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A member that is left out.
    Absent,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    Time(Moment),
    List(Vec<Value>),
    Map(Members),
}

/// The members of a structure, in the order they are written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Members(pub Vec<(Cow<'static, str>, Value)>);

impl Members {
    /// Adds a member, unless the value is absent.
    pub fn put(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Value>) {
        match value.into() {
            Value::Absent => {}
            value => self.0.push((name.into(), value)),
        }
    }
}

impl Value {
    pub fn list<T: Into<Value>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }

    /// A map of texts, as in hyperparameters.
    pub fn texts<K: Into<String>, V: Into<String>>(
        pairs: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        Self::Map(Members(
            pairs
                .into_iter()
                .map(|(k, v)| (Cow::Owned(k.into()), Self::Text(v.into())))
                .collect(),
        ))
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}
impl From<i32> for Value {
    fn from(value: i32) -> Self {
        Self::Int(value.into())
    }
}
impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Int(value.into())
    }
}
impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}
impl From<usize> for Value {
    fn from(value: usize) -> Self {
        Self::Int(value as i64)
    }
}
impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}
impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}
impl From<&String> for Value {
    fn from(value: &String) -> Self {
        Self::Text(value.clone())
    }
}
impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}
impl From<Moment> for Value {
    fn from(value: Moment) -> Self {
        Self::Time(value)
    }
}
impl From<Members> for Value {
    fn from(value: Members) -> Self {
        Self::Map(value)
    }
}
impl From<Vec<Value>> for Value {
    fn from(value: Vec<Value>) -> Self {
        Self::List(value)
    }
}
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Into::into)
    }
}

/// `map! { "Name" => name, "EndTime" => end }`: a structure; `None` leaves a member out.
macro_rules! map {
    ($($name:expr => $value:expr),* $(,)?) => {{
        #[allow(unused_mut)]
        let mut members = $crate::simulator::wire::value::Members::default();
        $(members.put($name, $value);)*
        $crate::simulator::wire::value::Value::Map(members)
    }};
}
pub(crate) use map;
