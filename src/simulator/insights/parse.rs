//! From the text of a query to its commands.

use std::collections::VecDeque;

use super::condition::Condition;
use super::stats::Stats;

/// Why a query cannot be read, in words for the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed(pub String);

/// The commands of a query, in their order.
#[derive(Debug)]
pub struct Program {
    pub commands: Vec<Command>,
}

#[derive(Debug)]
pub enum Command {
    /// Field and the name it is shown under.
    Fields(Vec<(String, String)>),
    Filter(Condition),
    Stats(Stats),
    /// Column, and whether the largest comes first.
    Sort(String, bool),
    Limit(usize),
    Pattern(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// A name, a number or a keyword.
    Word(String),
    /// In quotes.
    Text(String),
    /// Between slashes.
    Regex(String),
    Sign(&'static str),
}

/// Longer ones first.
const SIGNS: [&str; 13] = [
    "!=", ">=", "<=", "=~", "=", ">", "<", "(", ")", ",", "*", "|", "#",
];

/// What is left of a query.
#[derive(Debug)]
pub struct Tokens(VecDeque<Token>);

impl Program {
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let mut tokens = Tokens::of(text)?;
        let mut commands = Vec::new();
        loop {
            commands.push(command(&mut tokens)?);
            match tokens.next() {
                None => return Ok(Self { commands }),
                Some(Token::Sign("|")) => {}
                other => return Err(tokens.unexpected(other.as_ref())),
            }
        }
    }
}

fn command(tokens: &mut Tokens) -> Result<Command, Malformed> {
    let name = match tokens.next() {
        Some(Token::Word(word)) => word.to_lowercase(),
        other => return Err(tokens.unexpected(other.as_ref())),
    };
    match name.as_str() {
        "fields" | "display" => {
            let mut fields = Vec::new();
            loop {
                let field = tokens.name()?;
                let shown = tokens.alias()?.unwrap_or_else(|| field.clone());
                fields.push((field, shown));
                if !tokens.take_sign(",") {
                    return Ok(Command::Fields(fields));
                }
            }
        }
        "filter" => Condition::parse(tokens).map(Command::Filter),
        "stats" => Stats::parse(tokens).map(Command::Stats),
        "sort" => {
            let field = tokens.column()?;
            let descending = tokens.take_word("desc");
            let _ = descending || tokens.take_word("asc");
            Ok(Command::Sort(field, descending))
        }
        "limit" | "head" => {
            let number = tokens.name()?;
            number
                .parse()
                .map(Command::Limit)
                .map_err(|_| Malformed(format!("limit wants a number, not {number}")))
        }
        "pattern" => tokens.name().map(Command::Pattern),
        other => Err(Malformed(format!(
            "the simulated account knows no command '{other}'"
        ))),
    }
}

impl Tokens {
    fn of(text: &str) -> Result<Self, Malformed> {
        let mut tokens = VecDeque::new();
        let mut rest = text.trim_start();
        while let Some(first) = rest.chars().next() {
            let length = match first {
                '#' => {
                    rest = rest
                        .split_once('\n')
                        .map_or("", |(_, rest)| rest)
                        .trim_start();
                    continue;
                }
                '"' | '\'' | '`' | '/' => {
                    let (inside, length) = quoted(rest, first)
                        .ok_or_else(|| Malformed(format!("nothing closes {first}")))?;
                    tokens.push_back(match first {
                        '/' => Token::Regex(inside),
                        '`' => Token::Word(inside),
                        _ => Token::Text(inside),
                    });
                    length
                }
                _ => match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
                    Some(sign) => {
                        tokens.push_back(Token::Sign(sign));
                        sign.len()
                    }
                    None => {
                        let is_end = |c: char| c.is_whitespace() || "!=<>(),*|\"'/#`".contains(c);
                        let end = rest.find(is_end).unwrap_or(rest.len());
                        if end == 0 {
                            return Err(Malformed(format!("unexpected symbol {first}")));
                        }
                        tokens.push_back(Token::Word(rest[..end].to_owned()));
                        end
                    }
                },
            };
            rest = rest[length..].trim_start();
        }
        Ok(Self(tokens))
    }

    pub fn next(&mut self) -> Option<Token> {
        self.0.pop_front()
    }

    pub fn take_word(&mut self, word: &str) -> bool {
        let there =
            matches!(self.0.front(), Some(Token::Word(found)) if found.eq_ignore_ascii_case(word));
        there && self.0.pop_front().is_some()
    }

    pub fn take_sign(&mut self, sign: &str) -> bool {
        let there = matches!(self.0.front(), Some(Token::Sign(found)) if *found == sign);
        there && self.0.pop_front().is_some()
    }

    pub fn expect_sign(&mut self, sign: &str) -> Result<(), Malformed> {
        if self.take_sign(sign) {
            return Ok(());
        }
        let next = self.next();
        Err(self.unexpected(next.as_ref()))
    }

    pub fn name(&mut self) -> Result<String, Malformed> {
        match self.next() {
            Some(Token::Word(word)) => Ok(word),
            other => Err(self.unexpected(other.as_ref())),
        }
    }

    /// A field, or a column that `stats` made without a name: `count(*)`, `bin(5m)`.
    pub fn column(&mut self) -> Result<String, Malformed> {
        let mut name = self.name()?;
        if self.take_sign("(") {
            name.push('(');
            if self.take_sign("*") {
                name.push('*');
            } else if !matches!(self.0.front(), Some(Token::Sign(")"))) {
                name.push_str(&self.name()?);
            }
            self.expect_sign(")")?;
            name.push(')');
        }
        Ok(name)
    }

    /// `as NAME`
    pub fn alias(&mut self) -> Result<Option<String>, Malformed> {
        if self.take_word("as") {
            self.name().map(Some)
        } else {
            Ok(None)
        }
    }

    pub fn unexpected(&self, token: Option<&Token>) -> Malformed {
        Malformed(match token {
            None => "unexpected end of the query".to_owned(),
            Some(Token::Word(text) | Token::Text(text) | Token::Regex(text)) => {
                format!("unexpected symbol found {text}")
            }
            Some(Token::Sign(sign)) => format!("unexpected symbol found {sign}"),
        })
    }
}

/// What stands between quotes, and how long it is with them. A backslash keeps what follows it.
fn quoted(text: &str, quote: char) -> Option<(String, usize)> {
    let mut inside = String::new();
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if escaped {
            // In a regular expression only the slash loses its backslash.
            if c != quote {
                inside.push('\\');
            }
            inside.push(c);
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == quote {
            return Some((inside, at + 1));
        } else {
            inside.push(c);
        }
    }
    None
}
