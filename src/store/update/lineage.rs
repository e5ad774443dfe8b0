//! Opening a lineage, taking in what its questions bring, and keeping up what serves.

mod compare;
mod open;
mod serving;

use crate::domain::freshness::Fetched;
use crate::domain::lineage::code::Code;
use crate::domain::lineage::{Thing, Trace};
use crate::domain::source_error::{Answer, Partial};
use crate::lineage::join;

use super::super::effect::Effect;
use super::super::model::Model;
use super::super::model::nav::Pane;
use super::lists;

pub use compare::{between, show_difference};
pub use open::{go_to_selected, open_lineage, toggle_fold};
pub use serving::{forget_distances, keep_serving};

/// An answer to the lineage that is open.
pub fn traced(
    model: &mut Model,
    session: u64,
    root: Thing,
    answer: Partial<Trace>,
    done: bool,
) -> Vec<Effect> {
    let now = model.now;
    let room = &mut model.lineage;
    if room.session != session {
        return Vec::new();
    }
    model.changed = true;
    room.root = Some(root);
    room.tracing = !done;
    room.trace.receive(now, Ok(answer));
    rejoin(model);
    lists::settle(model, Pane::VersionList);
    // What was found out about commits serves the sentences, too.
    if let Some(trace) = model.lineage.trace.value() {
        let code = trace.code.clone();
        model.lineage.code.extend(code);
    }
    keep_serving(model)
}

fn rejoin(model: &mut Model) {
    let room = &mut model.lineage;
    if let Some(trace) = room.trace.value() {
        room.graph = join(&trace.records, &trace.code, &model.settings.lineage);
    }
}

/// What the repository says of commits that variants serve or that are compared.
pub fn code(model: &mut Model, answer: Answer<Code>) -> Vec<Effect> {
    model.lineage.asking_code = false;
    match answer {
        Ok(partial) => {
            model.changed = true;
            model.lineage.code.extend(partial.value);
        }
        // The repository's own pane says why.
        Err(_) => return Vec::new(),
    }
    let mut effects = keep_serving(model);
    effects.extend(compare::again(model));
    effects
}

/// A value that waits for its first answer.
fn awaited<T>() -> Fetched<T> {
    let mut fetched = Fetched::default();
    fetched.expect();
    fetched
}
