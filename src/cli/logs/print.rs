//! A log line as JSON or as text.

use std::borrow::Cow;
use std::io::{self, Write};

use jiff::Timestamp;
use serde::Serialize;

use crate::cli::args::LogsArgs;
use crate::domain::log::{LogLevel, LogLine, LogTarget};
use crate::domain::safe_text;
use crate::logs::level;
use crate::logs::mask::Masker;

#[derive(Debug, Serialize)]
struct LineItem<'a> {
    group: &'a str,
    stream: &'a str,
    at: Timestamp,
    ingested_at: Option<Timestamp>,
    message: &'a str,
    level: Option<LogLevel>,
    event_id: Option<&'a str>,
    /// Only while following.
    #[serde(skip_serializing_if = "is_false")]
    late: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "so serde wants it")]
fn is_false(flag: &bool) -> bool {
    !flag
}

/// How lines are written.
#[derive(Clone, Copy, Debug)]
pub struct Style<'m> {
    json: bool,
    /// Hides secrets.
    masker: Option<&'m Masker>,
    /// Several groups: each line names its own.
    group: bool,
}

impl<'m> Style<'m> {
    pub fn of(args: &LogsArgs, targets: &[LogTarget], masker: &'m Masker) -> Self {
        let first = targets.first().map(|target| &target.group);
        Self {
            json: args.json,
            masker: args.masker(masker),
            group: targets.iter().any(|target| Some(&target.group) != first),
        }
    }

    /// `late`: younger lines were written before it.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(self, line: &LogLine, late: bool, out: &mut dyn Write) -> io::Result<()> {
        let message = match self.masker {
            Some(masker) => masker.masked(&line.message),
            None => Cow::Borrowed(line.message.as_str()),
        };
        if self.json {
            let item = LineItem {
                group: &line.group,
                stream: &line.stream,
                at: line.at,
                ingested_at: line.ingested_at,
                message: &message,
                level: level::detect(&message),
                event_id: line.event_id.as_deref(),
                late,
            };
            serde_json::to_writer(&mut *out, &item)?;
            return writeln!(out);
        }
        let time = line.at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ");
        let group = if self.group {
            format!("{} ", safe_text::visible_line(&line.group))
        } else {
            String::new()
        };
        let stream = safe_text::visible_line(&line.stream);
        let mut rows = message.trim_end_matches(['\n', '\r']).split('\n');
        let first = rows.next().unwrap_or_default();
        writeln!(
            out,
            "{time} {group}{stream} {}",
            safe_text::visible_line(first.trim_end_matches('\r'))
        )?;
        for row in rows {
            // Indented: the text of a message cannot pass for the next one.
            writeln!(
                out,
                "  {}",
                safe_text::visible_line(row.trim_end_matches('\r'))
            )?;
        }
        Ok(())
    }
}
