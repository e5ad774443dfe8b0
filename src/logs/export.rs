//! Lines taken away: as text, JSON lines or Markdown, with source and time, secrets masked unless told otherwise.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ansi;
use super::level;
use super::line::LineRef;
use super::mask::Masker;
use super::visit::{self, Visited};
use crate::domain::log::LogLevel;
use crate::domain::safe_text;

#[cfg(test)]
mod tests;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Format {
    /// What the lines say, without time and source.
    Message,
    Text,
    /// One object a line, named as those of `flightdeck logs --json`.
    JsonLines,
    /// A fenced block that nothing in the lines can close.
    Markdown,
}

impl Format {
    /// By the ending of a file's name.
    pub fn of_file(name: &str) -> Option<Self> {
        let (stem, ending) = name.rsplit_once('.')?;
        if stem.is_empty() || stem.ends_with('/') {
            return None;
        }
        match ending.to_ascii_lowercase().as_str() {
            "log" | "txt" => Some(Self::Text),
            "jsonl" | "json" | "ndjson" => Some(Self::JsonLines),
            "md" => Some(Self::Markdown),
            _ => None,
        }
    }
}

/// Writes lines one after the other: `begin`, each line, `end`.
#[derive(Clone, Debug)]
pub struct Exporter {
    format: Format,
    /// What the lines are.
    title: String,
    /// `None` when secrets were revealed on purpose.
    masker: Option<Arc<Masker>>,
}

#[derive(Debug, Serialize)]
struct LineItem<'a> {
    group: &'a str,
    stream: &'a str,
    at: Option<Timestamp>,
    message: &'a str,
    level: Option<LogLevel>,
}

impl Exporter {
    pub fn new(format: Format, title: impl Into<String>, masker: Arc<Masker>) -> Self {
        Self {
            masker: Some(masker),
            ..Self::revealed(format, title)
        }
    }

    /// With the secrets as they are.
    pub fn revealed(format: Format, title: impl Into<String>) -> Self {
        Self {
            format,
            title: title.into(),
            masker: None,
        }
    }

    /// What stands before the lines.
    pub fn begin(&self) -> String {
        match self.format {
            Format::Markdown => format!("**{}**\n\n```text\n", escaped(&self.title)),
            Format::Message | Format::Text | Format::JsonLines => String::new(),
        }
    }

    /// A line with its line end. Colours are left out, other control sequences made visible; JSON has the message
    /// as it was.
    pub fn line(&self, line: &LineRef<'_>) -> String {
        let raw = String::from_utf8_lossy(line.text);
        let message = match &self.masker {
            Some(masker) => masker.masked(&raw),
            None => raw,
        };
        match self.format {
            Format::Message => format!(
                "{}\n",
                ansi::interpret(&message).text.trim_end_matches('\n')
            ),
            Format::JsonLines => json(line, &message),
            Format::Text | Format::Markdown => text(line, &message, self.format),
        }
    }

    pub fn end(&self) -> &'static str {
        match self.format {
            Format::Markdown => "```\n",
            Format::Message | Format::Text | Format::JsonLines => "",
        }
    }
}

impl visit::Format for Exporter {
    fn head(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.begin().as_bytes());
    }

    fn line(&self, line: &Visited<'_>, out: &mut Vec<u8>) {
        out.extend_from_slice(self.line(&line.line).as_bytes());
    }

    fn foot(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.end().as_bytes());
    }
}

fn json(line: &LineRef<'_>, message: &str) -> String {
    let item = LineItem {
        group: line.group,
        stream: line.stream,
        at: line
            .at_ms
            .and_then(|ms| Timestamp::from_millisecond(ms).ok()),
        message,
        level: level::detect(message),
    };
    // Strings and numbers only: this does not fail.
    let written = serde_json::to_string(&item).unwrap_or_default();
    let mut out = String::with_capacity(written.len() + 1);
    for c in written.chars() {
        // JSON allows them as they are, a terminal obeys them. They stand in strings only.
        if c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') {
            out.push_str(&format!("\\u{:04x}", c as u32));
        } else {
            out.push(c);
        }
    }
    out.push('\n');
    out
}

fn text(line: &LineRef<'_>, message: &str, format: Format) -> String {
    let mut out = String::with_capacity(message.len() + 64);
    if let Some(at) = line
        .at_ms
        .and_then(|ms| Timestamp::from_millisecond(ms).ok())
    {
        out.push_str(&at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string());
        out.push(' ');
    }
    for source in [line.group, line.stream] {
        if !source.is_empty() {
            out.push_str(&safe_text::visible_line(source));
            out.push(' ');
        }
    }
    let shown = ansi::interpret(message).text;
    let mut rows = shown.trim_end_matches('\n').split('\n');
    let first = rows.next().unwrap_or_default();
    if out.is_empty() && format == Format::Markdown {
        out.push_str(&unfenced(first));
    } else {
        out.push_str(first);
    }
    out.push('\n');
    for row in rows {
        // Rows of one message stand below it; indented so far they close no fence.
        out.push_str("    ");
        out.push_str(row);
        out.push('\n');
    }
    out
}

/// A fence closes only with at most three spaces before it.
fn unfenced(row: &str) -> Cow<'_, str> {
    if row.trim_start().starts_with("```") {
        Cow::Owned(format!("    {row}"))
    } else {
        Cow::Borrowed(row)
    }
}

/// Text that Markdown leaves as it is.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in safe_text::visible_line(text).chars() {
        if c.is_ascii_punctuation() && !matches!(c, '-' | ':' | ',' | '.' | '/' | '=') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A text in pieces of at most `limit` bytes, cut at line ends: what terminals take from OSC 52 at once is bounded.
///
/// A line longer than the limit is cut between characters. Joined, the pieces are the text.
pub fn copy_pieces(text: &str, limit: usize) -> Vec<String> {
    let limit = limit.max(4);
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let most = rest.floor_char_boundary(limit);
        let end = if most == rest.len() {
            most
        } else {
            rest[..most].rfind('\n').map_or(most, |at| at + 1)
        };
        pieces.push(rest[..end].to_owned());
        rest = &rest[end..];
    }
    pieces
}
