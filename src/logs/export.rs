//! Lines taken away: as text, JSON lines or Markdown, with source and time, secrets masked unless told otherwise.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::Serialize;

use super::ansi;
use super::level;
use super::line::LineRef;
use super::mask::Masker;
use crate::domain::log::LogLevel;
use crate::domain::safe_text;

#[cfg(test)]
mod tests;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    Text,
    /// One object a line, named as those of `flightdeck logs --json`.
    JsonLines,
    /// A fenced block that nothing in the lines can close.
    Markdown,
}

/// Writes lines one after the other: `begin`, each line, `end`.
#[derive(Clone, Copy, Debug)]
pub struct Exporter<'m> {
    format: Format,
    /// `None` when secrets were revealed on purpose.
    masker: Option<&'m Masker>,
}

#[derive(Debug, Serialize)]
struct LineItem<'a> {
    group: &'a str,
    stream: &'a str,
    at: Option<Timestamp>,
    message: &'a str,
    level: Option<LogLevel>,
}

impl<'m> Exporter<'m> {
    pub fn new(format: Format, masker: &'m Masker) -> Self {
        Self {
            format,
            masker: Some(masker),
        }
    }

    /// With the secrets as they are.
    pub fn revealed(format: Format) -> Self {
        Self {
            format,
            masker: None,
        }
    }

    /// What stands before the lines; `title` says what they are.
    pub fn begin(&self, title: &str) -> String {
        match self.format {
            Format::Markdown => format!("**{}**\n\n```text\n", escaped(title)),
            Format::Text | Format::JsonLines => String::new(),
        }
    }

    /// A line with its line end. Colours are left out, other control sequences made visible; JSON has the message
    /// as it was.
    pub fn line(&self, line: &LineRef<'_>) -> String {
        let raw = String::from_utf8_lossy(line.text);
        let message = match self.masker {
            Some(masker) => masker.masked(&raw),
            None => raw,
        };
        match self.format {
            Format::JsonLines => json(line, &message),
            Format::Text | Format::Markdown => text(line, &message, self.format),
        }
    }

    pub fn end(&self) -> &'static str {
        match self.format {
            Format::Markdown => "```\n",
            Format::Text | Format::JsonLines => "",
        }
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
