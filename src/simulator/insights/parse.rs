//! From the text of a query to its commands.

use std::collections::VecDeque;

use regex::Regex;

use super::condition::Condition;
use super::stats::Stats;

/// Why a query cannot be read, in words for the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed(pub String);

/// Why a query is refused, and where: in characters from its start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub why: String,
    pub at: usize,
}

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
    /// Field, and the expression whose named groups become fields.
    Parse(String, Regex),
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
const SIGNS: [&str; 15] = [
    "!=", ">=", "<=", "=~", "=", ">", "<", "(", ")", "[", "]", ",", "*", "|", "#",
];

/// What is left of a query.
#[derive(Debug)]
pub struct Tokens {
    /// Each with the place where it begins.
    left: VecDeque<(usize, Token)>,
    /// Where the last one taken began.
    at: usize,
    /// Where the query ends.
    end: usize,
}

impl Program {
    pub fn parse(text: &str) -> Result<Self, Refused> {
        let characters = |bytes: usize| text.get(..bytes).map_or(0, |t| t.chars().count());
        let mut tokens = Tokens::of(text).map_err(|(why, at)| Refused {
            why: why.0,
            at: characters(at),
        })?;
        Self::read(&mut tokens).map_err(|why| Refused {
            why: why.0,
            at: characters(tokens.at),
        })
    }

    fn read(tokens: &mut Tokens) -> Result<Self, Malformed> {
        let mut commands = Vec::new();
        loop {
            commands.push(command(tokens)?);
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
        "parse" => {
            let field = tokens.name()?;
            let regex = match tokens.next() {
                Some(Token::Regex(regex)) => regex,
                Some(Token::Text(glob)) => globbed(&glob, tokens)?,
                other => return Err(tokens.unexpected(other.as_ref())),
            };
            let regex = Regex::new(&regex).map_err(|e| Malformed(e.to_string()))?;
            Ok(Command::Parse(field, regex))
        }
        other => Err(Malformed(format!(
            "the simulated account knows no command '{other}'"
        ))),
    }
}

impl Tokens {
    fn of(text: &str) -> Result<Self, (Malformed, usize)> {
        let mut tokens = VecDeque::new();
        let mut rest = text.trim_start();
        while let Some(first) = rest.chars().next() {
            let at = text.len() - rest.len();
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
                        .ok_or_else(|| (Malformed(format!("nothing closes {first}")), at))?;
                    let token = match first {
                        '/' => Token::Regex(inside),
                        '`' => Token::Word(inside),
                        _ => Token::Text(inside),
                    };
                    tokens.push_back((at, token));
                    length
                }
                _ => match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
                    Some(sign) => {
                        tokens.push_back((at, Token::Sign(sign)));
                        sign.len()
                    }
                    None => {
                        let is_end = |c: char| c.is_whitespace() || "!=<>()[],*|\"'/#`".contains(c);
                        let end = rest.find(is_end).unwrap_or(rest.len());
                        if end == 0 {
                            let why = format!("unexpected symbol {first}");
                            return Err((Malformed(why), at));
                        }
                        tokens.push_back((at, Token::Word(rest[..end].to_owned())));
                        end
                    }
                },
            };
            rest = rest[length..].trim_start();
        }
        Ok(Self {
            left: tokens,
            at: 0,
            end: text.trim_end().len(),
        })
    }

    pub fn next(&mut self) -> Option<Token> {
        let next = self.left.pop_front();
        self.at = next.as_ref().map_or(self.end, |(at, _)| *at);
        next.map(|(_, token)| token)
    }

    fn peek(&self) -> Option<&Token> {
        self.left.front().map(|(_, token)| token)
    }

    pub fn take_word(&mut self, word: &str) -> bool {
        let there =
            matches!(self.peek(), Some(Token::Word(found)) if found.eq_ignore_ascii_case(word));
        there && self.next().is_some()
    }

    pub fn take_sign(&mut self, sign: &str) -> bool {
        let there = matches!(self.peek(), Some(Token::Sign(found)) if *found == sign);
        there && self.next().is_some()
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
            } else if !matches!(self.peek(), Some(Token::Sign(")"))) {
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

/// `took * ms` and the names of its stars as an expression.
fn globbed(glob: &str, tokens: &mut Tokens) -> Result<String, Malformed> {
    let mut regex = String::new();
    let mut parts = glob.split('*');
    regex.push_str(&regex::escape(parts.next().unwrap_or_default()));
    if !tokens.take_word("as") {
        let next = tokens.next();
        return Err(tokens.unexpected(next.as_ref()));
    }
    for (place, part) in parts.enumerate() {
        if place > 0 {
            tokens.expect_sign(",")?;
        }
        let end = if part.is_empty() { "$" } else { "" };
        regex.push_str(&format!(
            "(?<{}>.*?){}{end}",
            tokens.name()?,
            regex::escape(part)
        ));
    }
    Ok(regex)
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
