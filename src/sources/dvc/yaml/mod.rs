//! YAML as DVC's own reader (ruamel, safe, YAML 1.2 with extras) takes it.
//!
//! General readers differ from it where it hurts: `yes` and `on` stay text, `0777` is 777, `1e3` is a number,
//! a key given twice is an error, as is a second document. So events are taken from the parser and made into
//! values here. Source: the behaviour of `dvc` 3.67.

mod load;
mod scalar;
#[cfg(test)]
mod tests;
mod value;

pub use load::{Damage, parse, parse_bytes};
pub use value::{Entry, Value};
