//! What `filter` asks of a record.

use std::cmp::Ordering;

use super::operand::Operand;
use super::parse::{Malformed, Token, Tokens};
use super::record::Record;

#[derive(Debug)]
pub enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Like(Operand, regex::Regex),
    Compare(Operand, String, String),
    In(Operand, Vec<String>),
    Present(Operand),
}

impl Condition {
    /// `or` binds less than `and`.
    pub fn parse(tokens: &mut Tokens) -> Result<Self, Malformed> {
        let mut any = vec![Self::all(tokens)?];
        while tokens.take_word("or") {
            any.push(Self::all(tokens)?);
        }
        Ok(match any.len() {
            1 => any.remove(0),
            _ => Self::Any(any),
        })
    }

    fn all(tokens: &mut Tokens) -> Result<Self, Malformed> {
        let mut all = vec![Self::one(tokens)?];
        while tokens.take_word("and") {
            all.push(Self::one(tokens)?);
        }
        Ok(match all.len() {
            1 => all.remove(0),
            _ => Self::All(all),
        })
    }

    fn one(tokens: &mut Tokens) -> Result<Self, Malformed> {
        if tokens.take_word("not") {
            return Ok(Self::Not(Box::new(Self::one(tokens)?)));
        }
        if tokens.take_sign("(") {
            let inner = Self::parse(tokens)?;
            tokens.expect_sign(")")?;
            return Ok(inner);
        }
        if tokens.take_word("ispresent") {
            tokens.expect_sign("(")?;
            let inside = Operand::parse(tokens)?;
            tokens.expect_sign(")")?;
            return Ok(Self::Present(inside));
        }
        let field = Operand::parse(tokens)?;
        let negated = tokens.take_word("not");
        if tokens.take_word("like") || tokens.take_sign("=~") {
            let regex = match tokens.next() {
                Some(Token::Regex(regex)) => regex,
                Some(Token::Text(text)) => regex::escape(&text),
                other => return Err(tokens.unexpected(other.as_ref())),
            };
            let regex = regex::Regex::new(&regex).map_err(|e| Malformed(e.to_string()))?;
            let like = Self::Like(field, regex);
            return Ok(if negated {
                Self::Not(Box::new(like))
            } else {
                like
            });
        }
        if tokens.take_word("in") {
            let of = Self::In(field, list(tokens)?);
            return Ok(if negated { Self::Not(Box::new(of)) } else { of });
        }
        for sign in ["=", "!=", ">=", "<=", ">", "<"] {
            if !negated && tokens.take_sign(sign) {
                return match tokens.next() {
                    Some(Token::Text(value) | Token::Word(value)) => {
                        Ok(Self::Compare(field, sign.to_owned(), value))
                    }
                    other => Err(tokens.unexpected(other.as_ref())),
                };
            }
        }
        let next = tokens.next();
        Err(tokens.unexpected(next.as_ref()))
    }

    pub fn holds(&self, record: &Record) -> bool {
        match self {
            Self::All(all) => all.iter().all(|one| one.holds(record)),
            Self::Any(any) => any.iter().any(|one| one.holds(record)),
            Self::Not(one) => !one.holds(record),
            Self::Like(field, regex) => field.of(record).is_some_and(|v| regex.is_match(&v)),
            Self::Compare(field, sign, value) => field
                .of(record)
                .is_some_and(|found| compare(&found, sign, value)),
            Self::In(field, values) => field.of(record).is_some_and(|v| values.contains(&v)),
            Self::Present(field) => field.of(record).is_some(),
        }
    }
}

/// `["error", "fatal"]`
fn list(tokens: &mut Tokens) -> Result<Vec<String>, Malformed> {
    tokens.expect_sign("[")?;
    let mut values = Vec::new();
    loop {
        match tokens.next() {
            Some(Token::Text(value) | Token::Word(value)) => values.push(value),
            other => return Err(tokens.unexpected(other.as_ref())),
        }
        if !tokens.take_sign(",") {
            tokens.expect_sign("]")?;
            return Ok(values);
        }
    }
}

fn compare(found: &str, sign: &str, value: &str) -> bool {
    let order = match (found.parse::<f64>(), value.parse::<f64>()) {
        (Ok(found), Ok(value)) => found.partial_cmp(&value),
        _ => Some(found.cmp(value)),
    };
    match (sign, order) {
        ("=", order) => order == Some(Ordering::Equal),
        ("!=", order) => order != Some(Ordering::Equal),
        (">", order) => order == Some(Ordering::Greater),
        ("<", order) => order == Some(Ordering::Less),
        (">=", Some(order)) => order != Ordering::Less,
        ("<=", Some(order)) => order != Ordering::Greater,
        _ => false,
    }
}
