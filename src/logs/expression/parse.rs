//! From what was typed to clauses.

mod values;

use super::pattern::Pattern;
use super::{Asked, Clause, Compare, ExpressionError, Test};
use values::{asked, literal, of_level, part_of};

/// Signs between a field and its value, the longer ones first.
const SIGNS: [(&str, Sign); 11] = [
    (">=", Sign::Compare(Compare::AtLeast)),
    ("<=", Sign::Compare(Compare::AtMost)),
    ("!=", Sign::Compare(Compare::Unequal)),
    ("!~", Sign::Matches(false)),
    ("==", Sign::Compare(Compare::Equal)),
    ("=~", Sign::Matches(true)),
    ("=", Sign::Compare(Compare::Equal)),
    ("~", Sign::Matches(true)),
    ("<", Sign::Compare(Compare::Less)),
    (">", Sign::Compare(Compare::More)),
    (":", Sign::Part),
];

#[derive(Clone, Copy)]
enum Sign {
    Compare(Compare),
    Matches(bool),
    /// `stream:algo-1`
    Part,
}

/// A value, and whether it stood in quotes.
struct Typed {
    at: usize,
    text: String,
    quoted: bool,
}

pub struct Reader<'t> {
    text: &'t str,
    at: usize,
}

type Read<T> = Result<T, ExpressionError>;

fn wrong<T>(at: usize, problem: impl Into<String>, remedy: impl Into<String>) -> Read<T> {
    Err(ExpressionError {
        at,
        problem: problem.into(),
        remedy: remedy.into(),
    })
}

impl<'t> Reader<'t> {
    pub fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    pub fn clauses(mut self) -> Read<Vec<Clause>> {
        let mut clauses = Vec::new();
        loop {
            let rest = self.rest();
            self.at += rest.len() - rest.trim_start().len();
            if self.rest().is_empty() {
                return Ok(clauses);
            }
            let start = self.at;
            let mut inverted = false;
            while self.rest().starts_with('!') {
                inverted = !inverted;
                self.at += 1;
            }
            if self.chunk().is_empty() {
                return wrong(
                    start,
                    "nothing stands behind !",
                    "write !word, or \"!\" to find the sign",
                );
            }
            let test = self.test()?;
            clauses.push(Clause { inverted, test });
        }
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// Up to the next white space.
    fn chunk(&self) -> &'t str {
        let rest = self.rest();
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        &rest[..end]
    }

    fn take_chunk(&mut self) -> &'t str {
        let chunk = self.chunk();
        self.at += chunk.len();
        chunk
    }

    fn test(&mut self) -> Read<Test> {
        let start = self.at;
        if self.rest().starts_with('"') {
            let text = self.quoted()?;
            if text.is_empty() {
                return wrong(start, "empty quotes", "write the text between them");
            }
            return literal(start, &text);
        }
        if self.rest().starts_with('/') {
            return match self.regex()? {
                Some(pattern) => Ok(Test::Text(pattern)),
                None => literal(start, self.take_chunk()),
            };
        }
        if let Some((name, sign)) = self.field() {
            return self.of_field(start, name, sign);
        }
        literal(start, self.take_chunk())
    }

    /// The name of a field and the sign behind it; moves on when there is one.
    fn field(&mut self) -> Option<(&'t str, Sign)> {
        let chunk = self.chunk();
        let first = chunk.chars().next()?;
        if !(first.is_alphabetic() || matches!(first, '_' | '@')) {
            return None;
        }
        let end = chunk
            .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '@' | '.' | '-' | '/')))?;
        let name = &chunk[..end];
        let (text, sign) = SIGNS
            .iter()
            .find(|(text, _)| chunk[end..].starts_with(text))?;
        let named = match sign {
            Sign::Part => matches!(name, "stream" | "group" | "level" | "since" | "until"),
            // `a->b` is text.
            _ => !name.ends_with('-'),
        };
        named.then(|| {
            self.at += end + text.len();
            (name, *sign)
        })
    }

    fn of_field(&mut self, start: usize, name: &str, sign: Sign) -> Read<Test> {
        if let Sign::Matches(does) = sign {
            let pattern = self.value_pattern(name)?;
            return Ok(Test::Field(
                name.to_owned(),
                Asked::Matches { does, pattern },
            ));
        }
        let value = self.value()?;
        let part = matches!(sign, Sign::Part);
        match name {
            "since" | "until" if part => wrong(
                start,
                "a filter has no times",
                format!("jump to the time instead, or quote it to find the text: \"{name}:\""),
            ),
            "stream" if part => part_of(&value).map(Test::Stream),
            "group" if part => part_of(&value).map(Test::Group),
            "level" => of_level(&value, sign),
            _ => match sign {
                Sign::Compare(compare) => {
                    asked(name, &value, compare).map(|asked| Test::Field(name.to_owned(), asked))
                }
                _ => literal(start, &self.text[start..self.at]),
            },
        }
    }

    fn value(&mut self) -> Read<Typed> {
        let at = self.at;
        let quoted = self.rest().starts_with('"');
        let text = if quoted {
            self.quoted()?
        } else {
            self.take_chunk().to_owned()
        };
        if text.is_empty() && !quoted {
            return wrong(
                at,
                "a value is missing",
                "write it behind the sign, * for any value",
            );
        }
        Ok(Typed { at, text, quoted })
    }

    /// What stands behind `~`: `/regex/i`, `"regex"` or a regex without spaces.
    fn value_pattern(&mut self, name: &str) -> Read<Pattern> {
        let at = self.at;
        if self.rest().starts_with('/')
            && let Some(pattern) = self.regex()?
        {
            return Ok(pattern);
        }
        let value = self.value()?;
        Pattern::regex(&value.text, false).or_else(|problem| {
            wrong(
                at,
                problem,
                format!("to find the text itself write {name}=\"...\""),
            )
        })
    }

    /// Text in quotes, `\"` and `\\` in it; moves behind the closing one.
    fn quoted(&mut self) -> Read<String> {
        let start = self.at;
        let mut text = String::new();
        let mut escaped = false;
        for (at, c) in self.text[start + 1..].char_indices() {
            match c {
                '"' | '\\' if escaped => {
                    text.push(c);
                    escaped = false;
                }
                '"' => {
                    self.at = start + 1 + at + 1;
                    return Ok(text);
                }
                '\\' if !escaped => escaped = true,
                _ => {
                    if escaped {
                        text.push('\\');
                        escaped = false;
                    }
                    text.push(c);
                }
            }
        }
        wrong(start, "unclosed quote", "close it with \"")
    }

    /// `/regex/` or `/regex/i`; `None` for a path such as `/opt/ml/model`.
    fn regex(&mut self) -> Read<Option<Pattern>> {
        let start = self.at;
        let body = &self.text[start + 1..];
        let mut escaped = false;
        for (at, c) in body.char_indices() {
            if c == '/' && !escaped {
                let after = &body[at + 1..];
                let flag = after.starts_with('i');
                let behind = &after[usize::from(flag)..];
                if behind.is_empty() || behind.starts_with(char::is_whitespace) {
                    let regex = body[..at].replace("\\/", "/");
                    if regex.is_empty() {
                        return wrong(start, "empty expression", "write it between the slashes");
                    }
                    self.at = start + 1 + at + 1 + usize::from(flag);
                    return Pattern::regex(&regex, flag).map(Some).or_else(|problem| {
                        wrong(
                            start,
                            problem,
                            "mend the expression, or quote it to find the text itself",
                        )
                    });
                }
            }
            escaped = c == '\\' && !escaped;
        }
        if self.chunk().matches('/').count() > 1 {
            return Ok(None);
        }
        wrong(
            start,
            "unclosed expression",
            "close it with / or quote it to find the text itself",
        )
    }
}
