//! Lines of files and pipes in print: filtered, masked, several files merged by time.

#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::channel;

use jiff::Timestamp;
use serde::Serialize;

use crate::cli::args::LogsArgs;
use crate::cli::exit::Exit;
use crate::domain::log::LogLevel;
use crate::domain::safe_text;
use crate::logs::clock::{self, Assumed};
use crate::logs::condition::Test;
use crate::logs::document::{Bound, Document};
use crate::logs::files::{Files, How, Opened, open};
use crate::logs::level;
use crate::logs::mask::Masker;
use crate::logs::sift::{Piece, Sift, stretches};
use crate::logs::told::{Source, Trouble};
use crate::logs::visit::{Format, Visited};
use crate::store::log_ask::LogOrigin;

/// Where pipes among several files are kept, and what hides secrets.
#[derive(Clone, Debug, Default)]
pub struct Means {
    pub masker: Arc<Masker>,
    pub folder: Option<PathBuf>,
}

/// Writes the lines that pass.
///
/// # Errors
/// Those of `out`.
pub fn print(
    args: &LogsArgs,
    origin: &LogOrigin,
    means: &Means,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> anyhow::Result<Exit> {
    let filter = match args.expression() {
        Ok(filter) => filter,
        Err(error) => {
            let told = safe_text::visible_line(&error.to_string()).into_owned();
            writeln!(err, "flightdeck: --filter: {told}")?;
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
    let print = Print {
        test: filter.map(Test::new),
        written: Written {
            json: args.json,
            named: false,
            masker: (!args.reveal).then(|| Arc::clone(&means.masker)),
        },
        limit: args.limit.unwrap_or(usize::MAX),
    };
    let troubles = match origin {
        LogOrigin::Pipe => print.one(io::stdin(), Path::new(""), out)?,
        LogOrigin::Files(paths) => match paths.as_slice() {
            [path] => match open(path) {
                Ok(Opened::File(file, _)) => print.one(file, path, out)?,
                Ok(Opened::Stream) => match File::open(path) {
                    Ok(file) => print.one(file, path, out)?,
                    Err(error) => vec![trouble(path, &error)],
                },
                Err(error) => vec![error.into()],
            },
            many => print.many(many, means.folder.clone(), out)?,
        },
        LogOrigin::Targets(_) | LogOrigin::Answer => Vec::new(),
    };
    for Trouble { what, hint } in &troubles {
        let hint = hint
            .as_ref()
            .map_or(String::new(), |hint| format!(" ({hint})"));
        let told = format!("{what}{hint}");
        writeln!(err, "flightdeck: {}", safe_text::visible_line(&told))?;
    }
    Ok(Exit::of_answer(troubles.is_empty()))
}

struct Print {
    test: Option<Test>,
    written: Written,
    limit: usize,
}

impl Print {
    /// Answers what of the input could not be read.
    fn one(
        self,
        from: impl io::Read + Send + 'static,
        path: &Path,
        out: &mut dyn Write,
    ) -> io::Result<Vec<Trouble>> {
        let source = Source {
            group: Arc::from(path.to_string_lossy()),
            stream: Arc::default(),
        };
        let limit = self.limit;
        let sift = self.sift(Arc::new(vec![source]));
        let path = path.to_owned();
        let (tell, told) = channel();
        sift.run(
            move |spare, give| {
                if let Err(error) = stretches::supply(from, 0, spare, give) {
                    // Whoever waits for the lines also waits for this.
                    let _ = tell.send(trouble(&path, &error));
                }
                Ok(())
            },
            limit,
            out,
        )?;
        Ok(told.try_iter().collect())
    }

    /// In the order of time.
    fn many(
        mut self,
        paths: &[PathBuf],
        folder: Option<PathBuf>,
        out: &mut dyn Write,
    ) -> io::Result<Vec<Trouble>> {
        let mut document = Document::new(Bound::new(0, None));
        let (grown, news) = channel();
        let how = How {
            time_of: |line| clock::time_of(line, &Assumed::default()),
            folder,
            grown: Arc::new(move || {
                // Nobody waits any more when all is copied.
                let _ = grown.send(());
            }),
        };
        let mut files = match Files::open(paths, &mut document, &how) {
            Ok(files) => files,
            Err(error) => return Ok(vec![error.into()]),
        };
        while files.is_copying() && news.recv().is_ok() {}
        files.check(&mut document);
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        files.work(&mut document, cores)?;
        self.written.named = true;
        let limit = self.limit;
        let sift = self.sift(Arc::clone(document.sources()));
        let segments = document.segments().to_vec();
        let supply = move |_: &_, give: &mut dyn FnMut(Piece) -> bool| {
            segments
                .into_iter()
                .all(|segment| give(Piece::Segment(segment)));
            Ok(())
        };
        sift.run(supply, limit, out)?;
        Ok(document.take_troubles())
    }

    fn sift(self, sources: Arc<Vec<Source>>) -> Sift {
        Sift {
            test: self.test,
            format: Arc::new(self.written),
            sources,
            threads: 0,
        }
    }
}

fn trouble(path: &Path, error: &io::Error) -> Trouble {
    let path = match path.to_string_lossy() {
        name if name.is_empty() => "standard input".into(),
        name => name,
    };
    Trouble {
        what: format!("{path}: {error}"),
        hint: None,
    }
}

/// How a line is written.
#[derive(Clone, Debug)]
struct Written {
    json: bool,
    /// With the name of its file before it.
    named: bool,
    masker: Option<Arc<Masker>>,
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

impl Format for Written {
    fn line(&self, visited: &Visited<'_>, out: &mut Vec<u8>) {
        let line = visited.line;
        let raw = String::from_utf8_lossy(line.text);
        let message = match &self.masker {
            Some(masker) => masker.masked(&raw),
            None => raw,
        };
        if self.json {
            let at = clock::time_of(line.text, &Assumed::default());
            let item = Item {
                group: line.group,
                stream: line.stream,
                at: at.and_then(|ms| Timestamp::from_millisecond(ms).ok()),
                message: &message,
                level: level::detect(&message),
            };
            // Text into memory: there is nothing that could fail.
            let _ = serde_json::to_writer(&mut *out, &item);
        } else {
            if self.named {
                out.extend_from_slice(safe_text::visible_line(line.group).as_bytes());
                out.extend_from_slice(b": ");
            }
            out.extend_from_slice(safe_text::visible_line(&message).as_bytes());
        }
        out.push(b'\n');
    }
}
