//! Filter patterns of CloudWatch Logs: terms, phrases, `-x`, `?x`, `%regex%` and JSON selectors.

use serde_json::Value as Json;

/// A pattern that was understood.
#[derive(Debug)]
pub enum Pattern {
    All,
    Terms(Terms),
    Json(Vec<Vec<Comparison>>),
}

#[derive(Debug, Default)]
pub struct Terms {
    all_of: Vec<Term>,
    any_of: Vec<Term>,
    none_of: Vec<Term>,
}

#[derive(Debug)]
enum Term {
    Text(String),
    Regex(regex::Regex),
}

/// `$.path operator value`.
#[derive(Debug)]
pub struct Comparison {
    path: Vec<String>,
    operator: String,
    value: String,
}

impl Pattern {
    /// Reads a pattern; the error is for the caller.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Self::All);
        }
        if let Some(inner) = text.strip_prefix('{') {
            let inner = inner.strip_suffix('}').ok_or_else(|| invalid(text))?;
            return parse_json(inner)
                .ok_or_else(|| invalid(text))
                .map(Self::Json);
        }
        if text.starts_with('[') {
            return Err(format!(
                "space-delimited patterns are not simulated: {text}"
            ));
        }
        let mut terms = Terms::default();
        for (sign, term) in tokens(text).ok_or_else(|| invalid(text))? {
            match sign {
                '?' => terms.any_of.push(term),
                '-' => terms.none_of.push(term),
                _ => terms.all_of.push(term),
            }
        }
        Ok(Self::Terms(terms))
    }

    pub fn matches(&self, message: &str) -> bool {
        match self {
            Self::All => true,
            Self::Terms(terms) => terms.match_message(message),
            Self::Json(any) => serde_json::from_str::<Json>(message.trim())
                .is_ok_and(|json| any.iter().any(|all| all.iter().all(|c| c.holds(&json)))),
        }
    }
}

fn invalid(text: &str) -> String {
    format!("Invalid filter pattern: {text}")
}

impl Terms {
    /// As documented: terms without a sign must all be there; of those with `?` at least one,
    /// which counts only where there are no others.
    fn match_message(&self, message: &str) -> bool {
        let there = |term: &Term| match term {
            Term::Text(text) => message.contains(text.as_str()),
            Term::Regex(regex) => regex.is_match(message),
        };
        let any =
            self.any_of.is_empty() || !self.all_of.is_empty() || self.any_of.iter().any(there);
        self.all_of.iter().all(there) && any && !self.none_of.iter().any(there)
    }
}

fn tokens(text: &str) -> Option<Vec<(char, Term)>> {
    let mut out = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let sign = rest
            .chars()
            .next()
            .filter(|c| "?-".contains(*c))
            .unwrap_or(' ');
        if sign != ' ' {
            rest = &rest[1..];
        }
        let (term, tail) = match rest.chars().next()? {
            '"' => {
                let (inside, tail) = rest[1..].split_once('"')?;
                (Term::Text(inside.to_owned()), tail)
            }
            '%' => {
                let (inside, tail) = rest[1..].split_once('%')?;
                (Term::Regex(regex::Regex::new(inside).ok()?), tail)
            }
            _ => {
                let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
                (Term::Text(rest[..end].to_owned()), &rest[end..])
            }
        };
        out.push((sign, term));
        rest = tail.trim_start();
    }
    Some(out)
}

/// `||` between `&&`: no brackets.
fn parse_json(text: &str) -> Option<Vec<Vec<Comparison>>> {
    text.split("||")
        .map(|all| all.split("&&").map(comparison).collect())
        .collect()
}

fn comparison(text: &str) -> Option<Comparison> {
    let text = text.trim().strip_prefix("$.")?;
    let operator = ["!=", ">=", "<=", "=", ">", "<"]
        .into_iter()
        .filter_map(|o| Some((text.find(o)?, o)))
        .min_by_key(|(at, o)| (*at, std::cmp::Reverse(o.len())))?;
    let (at, operator) = operator;
    let value = text[at + operator.len()..].trim();
    Some(Comparison {
        path: text[..at].trim().split('.').map(str::to_owned).collect(),
        operator: operator.to_owned(),
        value: value.trim_matches('"').to_owned(),
    })
}

impl Comparison {
    fn holds(&self, json: &Json) -> bool {
        let Some(found) = self.path.iter().try_fold(json, |node, name| node.get(name)) else {
            return false;
        };
        if let (Some(found), Ok(value)) = (found.as_f64(), self.value.parse::<f64>()) {
            return match self.operator.as_str() {
                "=" => found == value,
                "!=" => found != value,
                ">" => found > value,
                "<" => found < value,
                ">=" => found >= value,
                _ => found <= value,
            };
        }
        let found = found
            .as_str()
            .map_or_else(|| found.to_string(), str::to_owned);
        let same = match self.value.split_once('*') {
            Some((before, after)) => found.starts_with(before) && found.ends_with(after),
            None => found == self.value,
        };
        match self.operator.as_str() {
            "=" => same,
            "!=" => !same,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn matches(pattern: &str, message: &str) -> bool {
        Pattern::parse(pattern).unwrap().matches(message)
    }

    #[test]
    fn terms_phrases_and_signs() {
        let line = "ERROR: CUDA out of memory on algo-1";
        assert!(matches("", line));
        assert!(matches("ERROR CUDA", line));
        assert!(!matches("ERROR cuda", line));
        assert!(matches("\"out of memory\"", line));
        assert!(!matches("ERROR -CUDA", line));
        assert!(matches("?WARN ?ERROR", line));
        assert!(!matches("?WARN ?INFO", line));
        assert!(matches("%algo-[0-9]+%", line));
    }

    #[test]
    fn json_selectors() {
        let line = r#"{"level": "ERROR", "ms": 120, "detail": {"code": "E17"}}"#;
        assert!(matches(r#"{ $.level = "ERROR" && $.ms > 100 }"#, line));
        assert!(matches(
            r#"{ $.level = "WARN" || $.detail.code = "E*" }"#,
            line
        ));
        assert!(!matches("{ $.ms <= 100 }", line));
        assert!(!matches("{ $.level = ERROR }", "plain text"));
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        assert!(Pattern::parse("{ $.x = 1").is_err());
        assert!(Pattern::parse("\"open").is_err());
        assert!(Pattern::parse("%(%").is_err());
    }
}
