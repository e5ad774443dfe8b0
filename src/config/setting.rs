//! The kinds of values a config file may hold: how they are read, checked and written.

use std::ops::Range;
use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;
use toml::de::DeValue;

use super::document::kind_of;
use super::problem::nearest;

/// What is wrong with a value, and what was perhaps meant.
pub struct BadValue {
    pub message: String,
    pub suggestion: Option<String>,
    /// Where in the file, if the value is made of several.
    pub at: Option<Range<usize>>,
}

impl BadValue {
    /// Unless a narrower place is known already.
    pub fn at(mut self, span: Range<usize>) -> Self {
        self.at.get_or_insert(span);
        self
    }
}

impl From<String> for BadValue {
    fn from(message: String) -> Self {
        Self {
            message,
            suggestion: None,
            at: None,
        }
    }
}

pub trait Setting: Sized {
    fn read(value: &DeValue<'_>) -> Result<Self, BadValue>;

    /// As TOML; `None` is not written (the key is shown as a comment).
    fn write(&self) -> Option<String>;
}

fn expected(what: &str, value: &DeValue<'_>) -> BadValue {
    format!("expected {what}, found {}", kind_of(value)).into()
}

impl Setting for bool {
    fn read(value: &DeValue<'_>) -> Result<Self, BadValue> {
        value
            .as_bool()
            .ok_or_else(|| expected("true or false", value))
    }

    fn write(&self) -> Option<String> {
        Some(self.to_string())
    }
}

/// Whole numbers differ only in where they begin.
macro_rules! whole_number {
    ($($number:ty: $expected:literal),+) => {$(
        impl Setting for $number {
            fn read(value: &DeValue<'_>) -> Result<Self, BadValue> {
                let number = value
                    .as_integer()
                    .ok_or_else(|| expected("a whole number", value))?;
                let digits = number.as_str().replace('_', "");
                Self::from_str_radix(&digits, number.radix())
                    .map_err(|_| format!("expected {}, found {number}", $expected).into())
            }

            fn write(&self) -> Option<String> {
                Some(self.to_string())
            }
        }
    )+};
}

whole_number!(u64: "a whole number from 0", i64: "a whole number");

impl Setting for f64 {
    fn read(value: &DeValue<'_>) -> Result<Self, BadValue> {
        let number = match value {
            DeValue::Float(float) => float.as_str().replace('_', "").parse().ok(),
            DeValue::Integer(whole) => whole.as_str().replace('_', "").parse().ok(),
            _ => None,
        };
        number
            .filter(|n: &f64| n.is_finite())
            .ok_or_else(|| expected("a number", value))
    }

    fn write(&self) -> Option<String> {
        Some(format!("{self:?}"))
    }
}

impl Setting for String {
    fn read(value: &DeValue<'_>) -> Result<Self, BadValue> {
        value
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| expected("a string", value))
    }

    fn write(&self) -> Option<String> {
        Some(toml::Value::from(self.as_str()).to_string())
    }
}

impl Setting for Vec<String> {
    fn read(value: &DeValue<'_>) -> Result<Self, BadValue> {
        let DeValue::Array(items) = value else {
            return Err(expected("a list of strings", value));
        };
        let items = items.iter().map(|item| String::read(item.get_ref()));
        items.collect()
    }

    fn write(&self) -> Option<String> {
        let items = self.iter().map(|item| toml::Value::from(item.as_str()));
        Some(toml::Value::Array(items.collect()).to_string())
    }
}

impl Setting for PathBuf {
    fn read(value: &DeValue<'_>) -> Result<Self, BadValue> {
        String::read(value).map(Into::into)
    }

    fn write(&self) -> Option<String> {
        self.to_string_lossy().into_owned().write()
    }
}

impl<T: Setting> Setting for Option<T> {
    fn read(value: &DeValue<'_>) -> Result<Self, BadValue> {
        T::read(value).map(Some)
    }

    fn write(&self) -> Option<String> {
        self.as_ref()?.write()
    }
}

/// A time span; in the file a whole number of seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Seconds(pub u64);

impl Seconds {
    pub fn duration(self) -> Duration {
        Duration::from_secs(self.0)
    }
}

impl Setting for Seconds {
    fn read(value: &DeValue<'_>) -> Result<Self, BadValue> {
        u64::read(value).map(Self)
    }

    fn write(&self) -> Option<String> {
        self.0.write()
    }
}

/// How times of day are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TimeZoneChoice {
    #[default]
    Local,
    Utc,
}

impl TimeZoneChoice {
    /// The zone that times of day are shown in.
    pub fn zone(self) -> jiff::tz::TimeZone {
        match self {
            Self::Local => jiff::tz::TimeZone::system(),
            Self::Utc => jiff::tz::TimeZone::UTC,
        }
    }
}

impl Setting for TimeZoneChoice {
    fn read(value: &DeValue<'_>) -> Result<Self, BadValue> {
        let text = String::read(value)?;
        match text.as_str() {
            "local" => Ok(Self::Local),
            "utc" => Ok(Self::Utc),
            _ => Err(BadValue {
                message: format!("expected \"local\" or \"utc\", found {text:?}"),
                suggestion: nearest(&text, ["local", "utc"]).map(str::to_owned),
                at: None,
            }),
        }
    }

    fn write(&self) -> Option<String> {
        Some(match self {
            Self::Local => "\"local\"".into(),
            Self::Utc => "\"utc\"".into(),
        })
    }
}

/// A check that a value lies between two bounds, both included.
pub fn within<T: PartialOrd + std::fmt::Display>(
    low: T,
    high: T,
) -> impl Fn(&T) -> Result<(), String> {
    move |value| {
        if *value >= low && *value <= high {
            Ok(())
        } else {
            Err(format!("expected {low} to {high}, found {value}"))
        }
    }
}

/// The same for time spans.
pub fn seconds(low: u64, high: u64) -> impl Fn(&Seconds) -> Result<(), String> {
    let check = within(low, high);
    move |value| check(&value.0)
}

/// A check that each text is a regular expression.
pub fn regexes(patterns: &Vec<String>) -> Result<(), String> {
    for pattern in patterns {
        if let Err(error) = regex::Regex::new(pattern) {
            // The library draws the pattern with a caret below it; its last line says what is wrong.
            let whole = error.to_string();
            let why = whole.lines().last().unwrap_or_default();
            let why = why.trim_start_matches("error: ");
            return Err(format!("{pattern:?} is no regular expression: {why}"));
        }
    }
    Ok(())
}

/// A check that there is something.
pub fn not_blank<T: AsRef<str>>(text: &T) -> Result<(), String> {
    if text.as_ref().trim().is_empty() {
        Err("expected a name, found an empty string".into())
    } else {
        Ok(())
    }
}

/// A check that an address is one the SDK can use.
pub fn http_url(url: &Option<String>) -> Result<(), String> {
    match url {
        Some(url) if !(url.starts_with("http://") || url.starts_with("https://")) => Err(format!(
            "expected an http:// or https:// address, found {url:?}"
        )),
        _ => Ok(()),
    }
}

/// No check.
pub fn anything<T>(_: &T) -> Result<(), String> {
    Ok(())
}
