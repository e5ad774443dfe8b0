//! What a condition compares: a field, or a function of fields.

use super::parse::{Malformed, Tokens};
use super::record::Record;

#[derive(Debug)]
pub enum Operand {
    Field(String),
    Lower(Box<Operand>),
    /// The first that there is.
    First(Vec<Operand>),
}

impl Operand {
    pub fn parse(tokens: &mut Tokens) -> Result<Self, Malformed> {
        let name = tokens.name()?;
        let lower = name.to_lowercase();
        if !matches!(lower.as_str(), "tolower" | "coalesce") || !tokens.take_sign("(") {
            return Ok(Self::Field(name));
        }
        let mut inside = vec![Self::parse(tokens)?];
        while tokens.take_sign(",") {
            inside.push(Self::parse(tokens)?);
        }
        tokens.expect_sign(")")?;
        Ok(match (lower.as_str(), inside.len()) {
            ("tolower", 1) => Self::Lower(Box::new(inside.remove(0))),
            ("tolower", n) => {
                return Err(Malformed(format!("tolower takes one argument, not {n}")));
            }
            _ => Self::First(inside),
        })
    }

    pub fn of(&self, record: &Record) -> Option<String> {
        match self {
            Self::Field(name) => record.field(name),
            Self::Lower(inside) => Some(inside.of(record)?.to_lowercase()),
            Self::First(all) => all.iter().find_map(|one| one.of(record)),
        }
    }
}
