//! Python's literals: numbers, texts, `True`, `None`, lists, tuples and dictionaries of those.

use super::yaml::{Entry, Value};

const DEPTH_LIMIT: usize = 100;

/// The value of a whole expression; `None` for everything that is not a literal. A comment may follow.
pub fn parse(text: &str) -> Option<Value> {
    let mut reader = Reader { rest: text };
    let first = reader.value(0)?;
    // A tuple needs no brackets.
    let value = if reader.take(",") {
        let mut items = vec![first];
        while !reader.is_done() {
            items.push(reader.value(0)?);
            if !reader.take(",") {
                break;
            }
        }
        Value::Tuple(items)
    } else {
        first
    };
    reader.is_done().then_some(value)
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn space(&mut self) {
        loop {
            self.rest = self
                .rest
                .trim_start_matches(|c: char| c.is_whitespace() || c == '\\');
            if !self.rest.starts_with('#') {
                return;
            }
            let end = self.rest.find('\n').unwrap_or(self.rest.len());
            self.rest = self.rest.get(end..).unwrap_or_default();
        }
    }

    fn is_done(&mut self) -> bool {
        self.space();
        self.rest.is_empty()
    }

    fn take(&mut self, token: &str) -> bool {
        self.space();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > DEPTH_LIMIT {
            return None;
        }
        self.space();
        match self.rest.chars().next()? {
            '[' => {
                self.take("[");
                self.items("]", depth).map(|(items, _)| Value::Seq(items))
            }
            '(' => {
                self.take("(");
                let (mut items, commas) = self.items(")", depth)?;
                // Brackets around one value are only brackets.
                match (items.len(), commas) {
                    (1, false) => items.pop(),
                    _ => Some(Value::Tuple(items)),
                }
            }
            '{' => self.map(depth),
            '\'' | '"' => self.texts(),
            '-' | '+' | '.' | '0'..='9' => self.number(),
            _ => self.word(),
        }
    }

    /// Up to the closing bracket, and whether there was a comma.
    fn items(&mut self, end: &str, depth: usize) -> Option<(Vec<Value>, bool)> {
        let (mut items, mut commas) = (Vec::new(), false);
        loop {
            if self.take(end) {
                return Some((items, commas));
            }
            items.push(self.value(depth + 1)?);
            if self.take(",") {
                commas = true;
            } else {
                return self.take(end).then_some((items, commas));
            }
        }
    }

    fn map(&mut self, depth: usize) -> Option<Value> {
        self.take("{");
        let mut entries: Vec<Entry> = Vec::new();
        loop {
            if self.take("}") {
                return Some(Value::Map(entries));
            }
            let key = self.value(depth + 1)?;
            if !key.is_scalar() || !self.take(":") {
                return None;
            }
            let value = self.value(depth + 1)?;
            match entries.iter_mut().find(|entry| entry.key.same_key(&key)) {
                Some(known) => known.value = value,
                None => entries.push(Entry {
                    key,
                    value,
                    line: 0,
                }),
            }
            if !self.take(",") {
                return self.take("}").then_some(Value::Map(entries));
            }
        }
    }

    /// Texts side by side are one.
    fn texts(&mut self) -> Option<Value> {
        let mut text = String::new();
        while self.rest.starts_with(['\'', '"']) {
            self.text(&mut text)?;
            self.space();
        }
        Some(Value::Text(text))
    }

    fn text(&mut self, out: &mut String) -> Option<()> {
        let long = ["\"\"\"", "'''"]
            .into_iter()
            .find(|quote| self.rest.starts_with(quote));
        let quote = long.or_else(|| self.rest.get(..1))?.to_owned();
        self.rest = self.rest.get(quote.len()..)?;
        loop {
            if let Some(rest) = self.rest.strip_prefix(quote.as_str()) {
                self.rest = rest;
                return Some(());
            }
            match self.next()? {
                '\n' if long.is_none() => return None,
                '\\' => self.escape(out)?,
                c => out.push(c),
            }
        }
    }

    fn next(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = self.rest.get(c.len_utf8()..)?;
        Some(c)
    }

    fn escape(&mut self, out: &mut String) -> Option<()> {
        match self.next()? {
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'r' => out.push('\r'),
            '\n' => {}
            c @ ('\\' | '\'' | '"') => out.push(c),
            'x' => out.push(self.code(2)?),
            'u' => out.push(self.code(4)?),
            'U' => out.push(self.code(8)?),
            '0'..='7' | 'a' | 'b' | 'f' | 'v' | 'N' => return None,
            other => out.extend(['\\', other]),
        }
        Some(())
    }

    /// A character by its number.
    fn code(&mut self, digits: usize) -> Option<char> {
        let code = self.rest.get(..digits)?;
        self.rest = self.rest.get(digits..)?;
        char::from_u32(u32::from_str_radix(code, 16).ok()?)
    }

    fn number(&mut self) -> Option<Value> {
        let mut negative = false;
        while let Some(rest) = self.rest.strip_prefix(['-', '+']) {
            negative ^= self.rest.starts_with('-');
            self.rest = rest.trim_start();
        }
        let mut end = 0;
        for (at, c) in self.rest.char_indices() {
            let after_e = self
                .rest
                .get(..at)
                .is_some_and(|it| it.ends_with(['e', 'E']) && !it.starts_with("0x"));
            if !(c.is_ascii_alphanumeric()
                || c == '.'
                || c == '_'
                || (after_e && matches!(c, '-' | '+')))
            {
                break;
            }
            end = at + c.len_utf8();
        }
        let text = self.rest.get(..end)?.to_ascii_lowercase();
        self.rest = self.rest.get(end..)?;
        let digits = text.replace('_', "");
        let whole = match digits.get(..2) {
            Some("0x") => i128::from_str_radix(digits.get(2..)?, 16).ok(),
            Some("0o") => i128::from_str_radix(digits.get(2..)?, 8).ok(),
            Some("0b") => i128::from_str_radix(digits.get(2..)?, 2).ok(),
            _ => digits.parse().ok(),
        };
        if let Some(number) = whole {
            return Some(Value::Int(if negative { -number } else { number }));
        }
        let is_float = digits
            .bytes()
            .all(|b| b.is_ascii_digit() || b".e+-".contains(&b));
        let number: f64 = is_float.then(|| digits.parse().ok()).flatten()?;
        Some(Value::Float(if negative { -number } else { number }))
    }

    fn word(&mut self) -> Option<Value> {
        for (word, value) in [
            ("True", Value::Bool(true)),
            ("False", Value::Bool(false)),
            ("None", Value::Null),
        ] {
            if let Some(rest) = self.rest.strip_prefix(word)
                && !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_')
            {
                self.rest = rest;
                return Some(value);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::dvc::python_repr::python_repr;

    #[test]
    fn as_python_reads_them() {
        for (text, read) in [
            ("1", "1"),
            ("-1_000  # one", "-1000"),
            ("--2", "2"),
            ("0x1F", "31"),
            ("1e-3", "0.001"),
            (".5", "0.5"),
            ("'a' \"b\"", "'ab'"),
            ("'''x\ny'''", "'x\\ny'"),
            ("'it\\'s \\u00fc \\d'", "\"it's ü \\\\d\""),
            ("(1)", "1"),
            ("(1,)", "(1,)"),
            ("1, 2", "(1, 2)"),
            ("()", "()"),
            (
                "[1, (2, 3), {'k': None, 1: True},]",
                "[1, (2, 3), {'k': None, 1: True}]",
            ),
            ("{'a': 1, 'a': 2}", "{'a': 2}"),
        ] {
            assert_eq!(
                parse(text).map(|value| python_repr(&value)).as_deref(),
                Some(read),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_none() {
        for text in [
            "", "x", "1 + 2", "f()", "[1", "'a", "Truely", "{1, 2}", "{[1]: 2}", "a.b", "1 2",
            "f'x'",
        ] {
            assert!(parse(text).is_none(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_taken(text in "[\\[\\](){}'\",:0-9a-fxTrue_.#\\\\ \n-]{0,30}") {
            parse(&text);
        }
    }
}
