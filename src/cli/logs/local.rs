//! Lines of files and of standard input: the same filters and the same output as for log groups.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Serialize;

use crate::cli::args::LogsArgs;
use crate::cli::exit::Exit;
use crate::domain::log::LogLevel;
use crate::domain::safe_text;
use crate::logs::clock::{self, Assumed};
use crate::logs::expression::Expression;
use crate::logs::level;
use crate::logs::line::LineRef;
use crate::store::log_ask::LogOrigin;

use super::targets::{What, what_is};

/// A line longer than this is cut, and says so.
const MOST_BYTES: usize = 16 << 20;

/// What the arguments name on this machine; `None` where they name something else, or mix both.
pub fn local(args: &LogsArgs) -> Option<LogOrigin> {
    let mut kinds = args.groups.iter().map(|argument| what_is(argument));
    match kinds.next()? {
        What::StandardInput if args.groups.len() == 1 => Some(LogOrigin::Pipe),
        What::File if kinds.all(|kind| kind == What::File) => Some(LogOrigin::Files(
            args.groups.iter().map(PathBuf::from).collect(),
        )),
        _ => None,
    }
}

/// What stands in the border.
pub fn title(origin: &LogOrigin) -> String {
    match origin {
        LogOrigin::Files(paths) => match paths.as_slice() {
            [one] => one.display().to_string(),
            many => format!("{} files", many.len()),
        },
        LogOrigin::Pipe => "standard input".to_owned(),
        LogOrigin::Targets(_) | LogOrigin::Answer => String::new(),
    }
}

/// Writes the lines that pass, one file after another.
///
/// # Errors
/// Those of `out`.
pub fn print(
    args: &LogsArgs,
    origin: &LogOrigin,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> anyhow::Result<Exit> {
    let filter = match Expression::parse(args.filter.as_deref().unwrap_or_default()) {
        Ok(filter) => filter,
        Err(error) => {
            writeln!(err, "flightdeck: --filter: {error}")?;
            return Ok(Exit::Usage);
        }
    };
    let refused = [
        (args.follow, "--follow"),
        (args.live, "--live"),
        (args.since.is_some(), "--since"),
        (args.until.is_some(), "--until"),
        (args.pattern.is_some(), "--pattern"),
        (args.insights.is_some(), "--insights"),
        (args.stream_prefix.is_some(), "--stream-prefix"),
    ];
    if let Some((_, name)) = refused.iter().find(|(given, _)| *given) {
        writeln!(
            err,
            "flightdeck: {name} is for log groups, not for files: leave it out"
        )?;
        return Ok(Exit::Usage);
    }
    let mut writer = Lines {
        filter,
        json: args.json,
        left: args.limit.unwrap_or(usize::MAX),
        out,
    };
    let mut exit = Exit::Fine;
    match origin {
        LogOrigin::Pipe => writer.copy(&mut io::stdin().lock(), "")?,
        LogOrigin::Files(paths) => {
            for path in paths {
                if let Err(error) = writer.file(path) {
                    if error.kind() == io::ErrorKind::BrokenPipe {
                        return Err(error.into());
                    }
                    let name = path.display().to_string();
                    let name = safe_text::visible_line(&name);
                    writeln!(err, "flightdeck: {name}: {error}")?;
                    exit = Exit::Partial;
                }
            }
        }
        LogOrigin::Targets(_) | LogOrigin::Answer => {}
    }
    writer.out.flush()?;
    Ok(exit)
}

struct Lines<'o> {
    filter: Expression,
    json: bool,
    left: usize,
    out: &'o mut dyn Write,
}

#[derive(Serialize)]
struct Item<'a> {
    group: &'a str,
    stream: &'a str,
    /// As far as the line tells it.
    at: Option<Timestamp>,
    message: &'a str,
    level: Option<LogLevel>,
}

impl Lines<'_> {
    fn file(&mut self, path: &Path) -> io::Result<()> {
        let name = path.to_string_lossy().into_owned();
        self.copy(
            &mut BufReader::with_capacity(1 << 18, File::open(path)?),
            &name,
        )
    }

    fn copy(&mut self, from: &mut dyn BufRead, name: &str) -> io::Result<()> {
        let mut line = Vec::new();
        while self.left > 0 && next_line(from, &mut line)? {
            let text = line.strip_suffix(b"\n").unwrap_or(&line);
            let text = text.strip_suffix(b"\r").unwrap_or(text);
            let looked_at = LineRef {
                text,
                group: name,
                ..LineRef::default()
            };
            if self.filter.passes(&looked_at) {
                self.left -= 1;
                self.write(text, name)?;
            }
        }
        Ok(())
    }

    fn write(&mut self, text: &[u8], name: &str) -> io::Result<()> {
        let message = String::from_utf8_lossy(text);
        if !self.json {
            return writeln!(self.out, "{}", safe_text::visible_line(&message));
        }
        let at = clock::time_of(text, &Assumed::default());
        let item = Item {
            group: name,
            stream: "",
            at: at.and_then(|ms| Timestamp::from_millisecond(ms).ok()),
            message: &message,
            level: level::detect(&message),
        };
        serde_json::to_writer(&mut *self.out, &item)?;
        writeln!(self.out)
    }
}

/// The next line with its end; of an endless one the beginning.
fn next_line(from: &mut dyn BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    loop {
        let buffer = match from.fill_buf() {
            Ok(buffer) => buffer,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if buffer.is_empty() {
            return Ok(!line.is_empty());
        }
        let end = memchr::memchr(b'\n', buffer);
        let taken = end.map_or(buffer.len(), |end| end + 1);
        let room = MOST_BYTES.saturating_sub(line.len());
        line.extend_from_slice(&buffer[..taken.min(room)]);
        from.consume(taken);
        if end.is_some() {
            return Ok(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(text: &str, filter: &str, json: bool) -> String {
        let mut out = Vec::new();
        let mut lines = Lines {
            filter: Expression::parse(filter).unwrap(),
            json,
            left: usize::MAX,
            out: &mut out,
        };
        lines.copy(&mut text.as_bytes(), "train.log").unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn lines_that_pass_are_written_without_what_steers_a_terminal() {
        let text = "INFO loss=0.4\r\nERROR \x1b[2Jboom\nlast loss=0.1";
        assert_eq!(printed(text, "level>=error", false), "ERROR ␛[2Jboom\n");
        assert_eq!(printed(text, "loss<0.2", false), "last loss=0.1\n");
        assert_eq!(printed(text, "", false).lines().count(), 3);
    }

    #[test]
    fn json_tells_file_time_and_level() {
        let out = printed("2026-11-22T13:00:00Z WARN x\n", "", true);
        let item: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(item["group"], "train.log");
        assert_eq!(item["at"], "2026-11-22T13:00:00Z");
        assert_eq!(item["level"], "warn");
    }

    #[test]
    fn an_endless_line_is_held_to_its_bound() {
        let mut line = Vec::new();
        let text = "x".repeat(MOST_BYTES + 10) + "\nnext";
        let mut from = text.as_bytes();
        assert!(next_line(&mut from, &mut line).unwrap());
        assert_eq!(line.len(), MOST_BYTES);
        assert!(next_line(&mut from, &mut line).unwrap());
        assert_eq!(line, b"next");
    }
}
