//! JSON as Python's `json` module reads it: `NaN`, `Infinity`, whole numbers of any size, and of a key given twice
//! the last one.

use super::yaml::{Entry, Value};

const DEPTH_LIMIT: usize = 200;

/// The value of a whole file. The error is a sentence.
pub fn parse(bytes: &[u8]) -> Result<Value, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "not UTF-8".to_owned())?;
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0)?;
    reader.space();
    if reader.at < text.len() {
        return Err(reader.wrong("more than one value"));
    }
    Ok(value)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn wrong(&self, what: &str) -> String {
        let before = self.text.get(..self.at).unwrap_or(self.text);
        format!("line {}: {what}", 1 + before.matches('\n').count())
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
    }

    fn take(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    fn value(&mut self, depth: usize) -> Result<Value, String> {
        if depth > DEPTH_LIMIT {
            return Err(self.wrong("too deep"));
        }
        self.space();
        for (token, value) in [
            ("null", Value::Null),
            ("true", Value::Bool(true)),
            ("false", Value::Bool(false)),
            ("NaN", Value::Float(f64::NAN)),
            ("Infinity", Value::Float(f64::INFINITY)),
            ("-Infinity", Value::Float(f64::NEG_INFINITY)),
        ] {
            if self.take(token) {
                return Ok(value);
            }
        }
        match self.rest().bytes().next() {
            Some(b'{') => self.map(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => self.string().map(Value::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => Err(self.wrong("a value belongs here")),
        }
    }

    fn map(&mut self, depth: usize) -> Result<Value, String> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut places = std::collections::HashMap::new();
        self.at += 1;
        self.space();
        if self.take("}") {
            return Ok(Value::Map(entries));
        }
        loop {
            self.space();
            if !self.rest().starts_with('"') {
                return Err(self.wrong("a key in quotes belongs here"));
            }
            let key = self.string()?;
            self.space();
            if !self.take(":") {
                return Err(self.wrong("a colon belongs here"));
            }
            let value = self.value(depth + 1)?;
            let known = places.get(&key).and_then(|at: &usize| entries.get_mut(*at));
            match known {
                Some(known) => known.value = value,
                None => {
                    places.insert(key.clone(), entries.len());
                    entries.push(Entry {
                        key: Value::Text(key),
                        value,
                        line: 0,
                    });
                }
            }
            self.space();
            if self.take("}") {
                return Ok(Value::Map(entries));
            }
            if !self.take(",") {
                return Err(self.wrong("a comma belongs here"));
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Value, String> {
        let mut items = Vec::new();
        self.at += 1;
        self.space();
        if self.take("]") {
            return Ok(Value::Seq(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.space();
            if self.take("]") {
                return Ok(Value::Seq(items));
            }
            if !self.take(",") {
                return Err(self.wrong("a comma belongs here"));
            }
        }
    }

    fn number(&mut self) -> Result<Value, String> {
        let bytes = self.rest().as_bytes();
        let digits = |from: usize| {
            bytes
                .iter()
                .skip(from)
                .take_while(|b| b.is_ascii_digit())
                .count()
        };
        let mut end = usize::from(bytes.first() == Some(&b'-'));
        let whole = digits(end);
        let zero = bytes.get(end) == Some(&b'0');
        if whole == 0 {
            return Err(self.wrong("a number belongs here"));
        }
        // As Python: `01` is the number 0 and then something else.
        end += if zero { 1 } else { whole };
        let mut is_float = false;
        if bytes.get(end) == Some(&b'.') && digits(end + 1) > 0 {
            is_float = true;
            end += 1 + digits(end + 1);
        }
        if matches!(bytes.get(end), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
            if digits(end + 1 + sign) > 0 {
                is_float = true;
                end += 1 + sign + digits(end + 1 + sign);
            }
        }
        let text = self.rest().get(..end).unwrap_or_default();
        let value = match text.parse() {
            Ok(number) if !is_float => Value::Int(number),
            _ => Value::Float(text.parse().unwrap_or(f64::NAN)),
        };
        self.at += end;
        Ok(value)
    }

    fn string(&mut self) -> Result<String, String> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let rest = self.rest();
            let Some(end) = rest.find(['"', '\\', '\n', '\r', '\t']) else {
                return Err(self.wrong("text without its closing quote"));
            };
            out.push_str(rest.get(..end).unwrap_or_default());
            let found = rest.as_bytes().get(end).copied();
            self.at += end + 1;
            match found {
                Some(b'"') => return Ok(out),
                Some(b'\\') => self.escape(&mut out)?,
                _ => return Err(self.wrong("a control character in text")),
            }
        }
    }

    fn escape(&mut self, out: &mut String) -> Result<(), String> {
        let c = self.rest().chars().next();
        self.at += c.map_or(0, char::len_utf8);
        out.push(match c {
            Some('n') => '\n',
            Some('t') => '\t',
            Some('r') => '\r',
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some(c @ ('"' | '\\' | '/')) => c,
            Some('u') => {
                let first = self.unit()?;
                let second = (0xd800..0xdc00).contains(&first) && self.take("\\u");
                let units = [first, if second { self.unit()? } else { 0 }];
                let units = units.get(..1 + usize::from(second)).unwrap_or_default();
                // Half a character stays one in Python; no text here can hold it.
                out.push_str(&String::from_utf16_lossy(units));
                return Ok(());
            }
            _ => return Err(self.wrong("an unknown escape")),
        });
        Ok(())
    }

    fn unit(&mut self) -> Result<u16, String> {
        let digits = self.rest().get(..4);
        let digits = digits.filter(|it| it.bytes().all(|b| b.is_ascii_hexdigit()));
        let unit = digits.and_then(|digits| u16::from_str_radix(digits, 16).ok());
        let unit = unit.ok_or_else(|| self.wrong("four digits belong after \\u"))?;
        self.at += 4;
        Ok(unit)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::sources::dvc::json::dumps;

    fn again(text: &str) -> String {
        parse(text.as_bytes()).map_or_else(|what| what, |value| dumps(&value))
    }

    #[test]
    fn as_python_reads_it() {
        for (text, read) in [
            (
                r#"{"a": NaN, "b": [-Infinity, 1E5, 1.0]}"#,
                r#"{"a": NaN, "b": [-Infinity, 100000.0, 1.0]}"#,
            ),
            (r#"{"a": 1, "b": 2, "a": 3}"#, r#"{"a": 3, "b": 2}"#),
            (
                "123456789012345678901234567890",
                "123456789012345678901234567890",
            ),
            (r#""\u00fc\ud83d\ude00\n\/""#, r#""\u00fc\ud83d\ude00\n/""#),
            (" [ ] ", "[]"),
            ("-0", "0"),
            ("1e400", "Infinity"),
        ] {
            assert_eq!(again(text), read);
        }
    }

    #[test]
    fn what_is_none() {
        for text in [
            "",
            "{",
            "{a: 1}",
            "[1,]",
            "01",
            "1 2",
            "\"a",
            "\"\\x\"",
            "\"a\nb\"",
            "+1",
            ".5",
            "{\"a\" 1}",
            "nul",
        ] {
            assert!(parse(text.as_bytes()).is_err(), "{text}");
        }
        assert_eq!(
            again("{\n\"a\": 1,\n}"),
            "line 3: a key in quotes belongs here"
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "[\\[\\]{}\":,a-f0-9eEIN\\\\u.+\n -]{0,40}") {
            let _ = parse(text.as_bytes());
        }
    }
}
