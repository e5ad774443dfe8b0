//! `flightdeck dvc exp show`, `diff` and `list`

mod collect;
mod csv;
mod diff;
mod json;
mod list;
mod sorted;

use crate::cli::args::DvcExpShowArgs;
use crate::cli::dvc::session::Session;
use crate::cli::dvc::{Answered, Io, Refusal, broken};
use crate::cli::exit::Exit;

pub use diff::diff;
pub use list::list;

pub fn show(args: &DvcExpShowArgs, session: &Session, io: &mut Io<'_>) -> Answered {
    let fail = |refusal: Refusal| match refusal.code {
        255 => Refusal {
            code: 1,
            what: format!("failed to show experiments - {}", refusal.what),
        },
        _ => refusal,
    };
    let answer = if args.json {
        json::show(&collect::baselines(args, session).map_err(fail)?)
    } else if args.csv {
        let mut baselines = collect::baselines(args, session).map_err(fail)?;
        sorted::sort(args, &mut baselines)?;
        csv::show(args, &baselines)
    } else {
        return Err(Refusal::usage(
            "only the JSON and the CSV of this command are answered: --json, --csv",
        ));
    };
    io.out.write_all(answer.as_bytes()).map_err(broken)?;
    Ok(Exit::Fine)
}
