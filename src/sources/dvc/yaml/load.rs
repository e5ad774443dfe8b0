//! From the parser's events to a value.

use std::collections::HashMap;

use serde_saphyr::granit_parser::{Event, Parser, ScalarStyle, Span, Tag};

use super::{Entry, Value, scalar};

/// Values in one document, copies made by aliases among them.
const VALUE_LIMIT: usize = 2_000_000;
const DEPTH_LIMIT: usize = 200;
const CORE: &str = "tag:yaml.org,2002:";

/// What is wrong with a file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// From 1; 0 where no line can be named.
    pub line: usize,
    pub what: String,
}

impl Damage {
    pub fn new(line: usize, what: impl Into<String>) -> Self {
        Self {
            line,
            what: what.into(),
        }
    }
}

/// A file's one document; an empty file is an empty map.
pub fn parse_bytes(bytes: &[u8]) -> Result<Value, Damage> {
    match std::str::from_utf8(bytes) {
        Ok(text) => parse(text),
        Err(cause) => {
            let before = bytes.get(..cause.valid_up_to()).unwrap_or_default();
            let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
            Err(Damage::new(line, "not UTF-8"))
        }
    }
}

pub fn parse(text: &str) -> Result<Value, Damage> {
    if let Some(line) = conflict(text) {
        return Err(Damage::new(line, "merge conflict markers"));
    }
    let mut loader = Loader {
        parser: Parser::new_from_str(text.strip_prefix('\u{feff}').unwrap_or(text)),
        anchors: HashMap::new(),
        values: 0,
        old: false,
    };
    loader.document()
}

/// The line of the first conflict marker that Git left.
fn conflict(text: &str) -> Option<usize> {
    text.lines()
        .position(|line| line.starts_with("<<<<<<< "))
        .map(|at| at + 1)
}

struct Loader<'a> {
    parser: Parser<'a, serde_saphyr::granit_parser::StrInput<'a>>,
    anchors: HashMap<usize, (Value, usize)>,
    values: usize,
    old: bool,
}

type Item<'a> = (Event<'a>, Span);

impl<'a> Loader<'a> {
    fn next(&mut self) -> Result<Item<'a>, Damage> {
        match self.parser.next_event() {
            Some(Ok(item)) => Ok(item),
            Some(Err(cause)) => Err(Damage::new(cause.marker().line(), cause.info())),
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn document(&mut self) -> Result<Value, Damage> {
        let mut document = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => return Ok(document.unwrap_or(Value::Map(Vec::new()))),
                Event::DocumentStart(_, version) => {
                    if document.is_some() {
                        return Err(Damage::new(span.start.line(), "more than one document"));
                    }
                    self.old = version.is_some_and(|it| (it.major, it.minor) == (1, 1));
                }
                Event::StreamStart | Event::DocumentEnd => {}
                event => document = Some(self.node((event, span), 0)?),
            }
        }
    }

    fn node(&mut self, (event, span): Item<'a>, depth: usize) -> Result<Value, Damage> {
        let line = span.start.line();
        self.values += 1;
        if self.values > VALUE_LIMIT || depth > DEPTH_LIMIT {
            return Err(Damage::new(line, "too large or too deep"));
        }
        let before = self.values;
        let (value, anchor) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let tag = tag.as_deref();
                (self.scalar(&text, style, tag, line)?, anchor)
            }
            Event::SequenceStart(_, anchor, tag) => {
                collection_tag(tag.as_deref(), line)?;
                (self.sequence(depth)?, anchor)
            }
            Event::MappingStart(_, anchor, tag) => {
                collection_tag(tag.as_deref(), line)?;
                (self.mapping(depth)?, anchor)
            }
            Event::Alias(anchor) => {
                let (value, size) = self
                    .anchors
                    .get(&anchor)
                    .ok_or_else(|| Damage::new(line, "alias of an unfinished or unknown anchor"))?;
                self.values += size;
                if self.values > VALUE_LIMIT {
                    return Err(Damage::new(line, "too large or too deep"));
                }
                return Ok(value.clone());
            }
            _ => return Err(Damage::new(line, "not expected here")),
        };
        if anchor != 0 {
            let size = self.values - before + 1;
            self.anchors.insert(anchor, (value.clone(), size));
        }
        Ok(value)
    }

    fn sequence(&mut self, depth: usize) -> Result<Value, Damage> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(Value::Seq(items)),
                item => items.push(self.node(item, depth + 1)?),
            }
        }
    }

    fn mapping(&mut self, depth: usize) -> Result<Value, Damage> {
        let mut keys = Keys::default();
        let mut entries: Vec<Entry> = Vec::new();
        let mut merged: Vec<Entry> = Vec::new();
        loop {
            let item = self.next()?;
            if matches!(item.0, Event::MappingEnd) {
                break;
            }
            let line = item.1.start.line();
            let merges =
                matches!(&item.0, Event::Scalar(text, ScalarStyle::Plain, _, None) if text == "<<");
            let key = self.node(item, depth + 1)?;
            if !key.is_scalar() {
                return Err(Damage::new(line, "a list or map as a key"));
            }
            let item = self.next()?;
            let value = self.node(item, depth + 1)?;
            if merges {
                merge_into(&mut merged, value, line)?;
                continue;
            }
            if !keys.insert(&key) {
                let shown = key.as_str().unwrap_or("a number or boolean").to_owned();
                return Err(Damage::new(line, format!("key given twice: {shown}")));
            }
            entries.push(Entry { key, value, line });
        }
        merged.retain(|entry| !keys.contains(&entry.key));
        merged.append(&mut entries);
        Ok(Value::Map(merged))
    }

    fn scalar(
        &self,
        text: &str,
        style: ScalarStyle,
        tag: Option<&Tag>,
        line: usize,
    ) -> Result<Value, Damage> {
        let text_value = || Value::Text(text.to_owned());
        let Some(tag) = tag else {
            return Ok(match style {
                ScalarStyle::Plain => scalar::resolve(text, self.old),
                _ => text_value(),
            });
        };
        let wrong = || Damage::new(line, format!("{text:?} is not what its tag {tag} says"));
        match core_name(tag).as_deref() {
            Some("str" | "binary" | "") => Ok(text_value()),
            Some("timestamp") => Ok(Value::Date(text.to_owned())),
            Some("null") => Ok(Value::Null),
            Some("bool") => scalar::boolean(text, true)
                .map(Value::Bool)
                .ok_or_else(wrong),
            Some("int") => scalar::integer(text, self.old).ok_or_else(wrong),
            Some("float") => scalar::float(text)
                .or_else(|| text.parse().ok())
                .map(Value::Float)
                .ok_or_else(wrong),
            _ => Err(Damage::new(line, format!("unknown tag {tag}"))),
        }
    }
}

/// The name of a tag of the core schema; empty for `!`, which means text; `None` for any other.
fn core_name(tag: &Tag) -> Option<String> {
    let full = tag.to_string();
    if full == "!" {
        return Some(String::new());
    }
    full.strip_prefix(CORE)
        .or_else(|| full.strip_prefix("!!"))
        .map(str::to_owned)
}

fn collection_tag(tag: Option<&Tag>, line: usize) -> Result<(), Damage> {
    let Some(tag) = tag else {
        return Ok(());
    };
    match core_name(tag).as_deref() {
        Some("map" | "seq" | "omap" | "set" | "pairs" | "") => Ok(()),
        _ => Err(Damage::new(line, format!("unknown tag {tag}"))),
    }
}

/// Of several merged maps the first one wins.
fn merge_into(merged: &mut Vec<Entry>, value: Value, line: usize) -> Result<(), Damage> {
    let maps = match value {
        Value::Seq(items) => items,
        single => vec![single],
    };
    for map in maps {
        let Value::Map(entries) = map else {
            return Err(Damage::new(line, "<< merges maps only"));
        };
        for entry in entries {
            if !merged.iter().any(|known| known.key.same_key(&entry.key)) {
                merged.push(entry);
            }
        }
    }
    Ok(())
}

/// The keys of one map, text apart because there may be many.
#[derive(Default)]
struct Keys {
    text: std::collections::HashSet<String>,
    other: Vec<Value>,
}

impl Keys {
    fn insert(&mut self, key: &Value) -> bool {
        if self.contains(key) {
            return false;
        }
        match key {
            Value::Text(text) => {
                self.text.insert(text.clone());
            }
            other => self.other.push(other.clone()),
        }
        true
    }

    fn contains(&self, key: &Value) -> bool {
        match key {
            Value::Text(text) => self.text.contains(text),
            other => self.other.iter().any(|known| known.same_key(other)),
        }
    }
}
