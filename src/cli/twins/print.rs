//! From what was gathered to standard output, standard error and the exit code.

use std::collections::HashSet;
use std::io::{self, Write};

use serde::Serialize;

use crate::cli::envelope::{Envelope, to_millis};
use crate::cli::exit::Exit;
use crate::domain::identity::Identity;
use crate::domain::safe_text;
use crate::domain::source_error::SourceError;

use super::{Desk, Io};

/// The answer to one command.
pub struct Answered<T> {
    /// `flightdeck.runs/1`
    pub schema: &'static str,
    pub items: Vec<T>,
    pub identity: Option<Identity>,
    pub partial: Vec<SourceError>,
}

impl<T: Serialize> Answered<T> {
    /// Writes JSON, or what `text` makes of the items; then says what is missing.
    pub fn print(
        self,
        json: bool,
        desk: &Desk<'_>,
        io: &mut Io<'_>,
        text: impl FnOnce(&[T], &mut dyn Write) -> io::Result<()>,
    ) -> io::Result<Exit> {
        if json {
            let envelope = Envelope {
                schema: self.schema,
                as_of: to_millis(desk.clock.now()),
                account: self.identity.as_ref().map(|i| i.account.as_str()),
                region: desk.sources.account.as_ref().map(|a| a.region.as_str()),
                partial: &self.partial,
                items: &self.items,
            };
            serde_json::to_writer_pretty(&mut *io.out, &envelope)?;
            writeln!(io.out)?;
        } else {
            text(&self.items, io.out)?;
        }
        io.out.flush()?;
        if !json && self.items.is_empty() && self.partial.is_empty() {
            writeln!(io.err, "flightdeck: there are none")?;
        }
        tell(&self.partial, io.err)?;
        Ok(Exit::of_answer(self.partial.is_empty()))
    }
}

/// Says what is missing, and how to mend it; the same cause at many sources is said once.
pub fn tell(partial: &[SourceError], err: &mut dyn Write) -> io::Result<()> {
    let mut told = HashSet::new();
    for error in partial {
        if !told.insert((error.kind, error.what.as_str())) {
            continue;
        }
        let line = match &error.hint {
            Some(hint) => format!("{}: {} ({hint})", error.source_name, error.what),
            None => format!("{}: {}", error.source_name, error.what),
        };
        writeln!(err, "flightdeck: {}", safe_text::visible_line(&line))?;
    }
    Ok(())
}
