//! `flightdeck findings`

use std::io;

use crate::cli::args::FindingsArgs;
use crate::cli::exit::Exit;
use crate::cli::table::Table;
use crate::findings::Finding;

use super::everything::Everything;
use super::print::{Answered, tell};
use super::{Desk, Io, finish, text};

/// What is wrong, worst first.
pub async fn findings(args: &FindingsArgs, desk: &Desk<'_>, io: &mut Io<'_>) -> Exit {
    let result = run(args, desk, io).await;
    finish(result, io)
}

async fn run(args: &FindingsArgs, desk: &Desk<'_>, io: &mut Io<'_>) -> io::Result<Exit> {
    let everything = Everything::gather(desk).await;
    let answered = Answered {
        schema: "flightdeck.findings/1",
        items: everything.findings(desk),
        partial: everything.missing(),
        identity: everything.identity.value,
    };
    let exit = answered.print(args.json, desk, io, |items, out| table(items).write(out))?;
    tell(&everything.no_repository, io.err)?;
    Ok(exit)
}

fn table(items: &[Finding]) -> Table {
    let mut table = Table::new(&["severity", "what", "name", "why", "since", "next"]);
    for item in items {
        table.row([
            item.severity.key(),
            &item.category,
            &item.name,
            &item.reason,
            &text::time(item.since),
            item.next_steps.first().map_or("", String::as_str),
        ]);
    }
    table
}
