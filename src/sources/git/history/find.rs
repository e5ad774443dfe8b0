//! Looking through all commits that were walked, in their order.

use crate::domain::history::ask::Generation;
use crate::domain::history::query::CommitQuery;
use crate::domain::history::{CommitId, CommitText, Page, Told};

use super::Stop;
use super::objects::Objects;
use super::tree;

/// Commits looked at between two answers.
const STEP: usize = 4096;
const PATH_STEP: usize = 512;

/// Matches that are told at once the first time: a screenful.
const FIRST: usize = 64;

/// Paths of one commit that are looked at.
const PATHS: usize = 10_000;

/// Rows from `from` on; what cannot be read does not pass.
pub(super) fn find(
    objects: &mut Objects,
    pages: &[Page],
    (generation, query, from): (Generation, &CommitQuery, usize),
    stop: &Stop,
    tell: &mut dyn FnMut(Told),
) {
    let step = if query.asks_for_paths() {
        PATH_STEP
    } else {
        STEP
    };
    let mut rows = Vec::new();
    let all = pages.iter().flat_map(|page| page.0.iter());
    let mut looked_at = from;
    let mut first = true;
    for (place, row) in all.enumerate().skip(from) {
        if stop.is_set() {
            return;
        }
        let text = if query.asks_for_text() {
            objects.text(row.id).ok()
        } else {
            Some(CommitText::default())
        };
        let passes = text.is_some_and(|text| query.holds(row.id, &text))
            && (!query.asks_for_paths() || query.holds_for_paths(&paths(objects, row.id)));
        if passes && let Ok(place) = u32::try_from(place) {
            rows.push(place);
        }
        looked_at = place + 1;
        if looked_at.is_multiple_of(step) || (first && rows.len() == FIRST) {
            first = false;
            tell(Told::Found {
                generation,
                rows: std::mem::take(&mut rows),
                looked_at,
                done: false,
            });
        }
    }
    tell(Told::Found {
        generation,
        rows,
        looked_at,
        done: true,
    });
}

/// What a commit changed against its first parent; nothing where that cannot be read.
pub(super) fn paths(objects: &mut Objects, id: CommitId) -> Vec<String> {
    let mut paths = Vec::new();
    let Ok(head) = objects.head(id) else {
        return paths;
    };
    let before = head
        .parents
        .first()
        .and_then(|parent| objects.head(*parent).ok())
        .map(|parent| parent.tree);
    let _ = tree::differences(objects, before, Some(head.tree), &mut |differs| {
        paths.push(differs.path);
        paths.len() < PATHS
    });
    paths
}
