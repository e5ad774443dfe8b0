//! The twins of the screens: the same questions, answered in text or JSON.
//!
//! Standard output holds the answer and nothing else; what went wrong on the way goes to standard error, and into
//! the exit code.

pub(super) mod ask;
mod costs;
mod endpoints;
mod everything;
mod findings;
mod lineage;
mod print;
mod runs;
mod status;
pub(super) mod text;
mod versions;

use std::io::{self, Write};

use crate::domain::clock::Clock;
use crate::findings::rules::Thresholds;
use crate::lineage::Rules;
use crate::logs::mask::Masker;
use crate::sources::Sources;

use super::args::TwinCommand;
use super::exit::Exit;
use super::logs;

pub(super) use ask::account;
pub use costs::costs;
pub use endpoints::endpoints;
pub use findings::findings;
pub use lineage::lineage;
pub(super) use print::tell;
pub use runs::runs;
pub use status::status;
pub use versions::versions;

/// What is asked, and by which clock and rules the answers are judged.
pub struct Desk<'a> {
    pub sources: &'a Sources,
    pub clock: &'a dyn Clock,
    pub thresholds: &'a Thresholds,
    /// Finds secrets in log lines.
    pub masker: &'a Masker,
    pub lineage: &'a Rules,
}

/// Where the answer goes, and where the rest goes.
pub struct Io<'a> {
    pub out: &'a mut dyn Write,
    pub err: &'a mut dyn Write,
}

/// Answers a command: the answer to `out`, the rest to standard error.
pub async fn run(command: &TwinCommand, desk: &Desk<'_>, out: &mut dyn Write) -> Exit {
    // A terminal's own buffer ends at every line: slow for ten thousand of them.
    let mut out = io::BufWriter::new(out);
    let mut io = Io {
        out: &mut out,
        err: &mut io::stderr(),
    };
    answer(command, desk, &mut io).await
}

/// The same with everything given.
pub async fn answer(command: &TwinCommand, desk: &Desk<'_>, io: &mut Io<'_>) -> Exit {
    match command {
        TwinCommand::Status(args) => status(args, desk, io).await,
        TwinCommand::Runs(args) => runs(args, desk, io).await,
        TwinCommand::Endpoints(args) => endpoints(args, desk, io).await,
        TwinCommand::Logs(args) => logs::logs(args, desk, io, logs::interrupted()).await,
        TwinCommand::Costs(args) => costs(args, desk, io).await,
        TwinCommand::Versions(args) => versions(args, desk, io).await,
        TwinCommand::Lineage(args) => lineage(args, desk, io).await,
        TwinCommand::Findings(args) => findings(args, desk, io).await,
    }
}

/// A reader that has seen enough (`| head`) is no failure.
pub(super) fn finish(result: io::Result<Exit>, io: &mut Io<'_>) -> Exit {
    match result {
        Ok(exit) => exit,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Fine,
        Err(error) => {
            // Nothing is left to tell it to when this fails as well.
            let _ = writeln!(io.err, "flightdeck: {error}");
            Exit::Failed
        }
    }
}
