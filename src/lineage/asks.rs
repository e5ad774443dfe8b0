//! What to ask next, so that a lineage becomes whole without describing the account.

use std::collections::BTreeSet;

use crate::domain::lineage::code::{Code, Revision};
use crate::domain::lineage::graph::{Direction, Graph};
use crate::domain::lineage::{Record, Thing};

use super::join::reachable;
use super::{Rules, revisions};

/// Things described for one lineage at most.
pub const MOST_ASKED: usize = 60;

/// Model versions made from the root that are described.
const MOST_PRODUCTS: usize = 12;

/// Things on the way up from `root` that could say more, nearest first. `asked` are not asked again.
pub fn things(
    graph: &Graph,
    records: &[Record],
    root: &Thing,
    asked: &BTreeSet<Thing>,
) -> Vec<Thing> {
    let whole: BTreeSet<&Thing> = records
        .iter()
        .filter(|record| record.whole)
        .map(|record| &record.thing)
        .collect();
    let Some(root) = graph.find(root) else {
        return if asked.contains(root) || !can_be_asked(root) {
            Vec::new()
        } else {
            vec![root.clone()]
        };
    };
    let left = MOST_ASKED.saturating_sub(asked.len());
    let mut places = reachable(graph, root, Direction::Up);
    // What was made from it shows in the lists; which job did so, and what it read, does not.
    let versions = reachable(graph, root, Direction::Down).into_iter();
    let versions = versions.filter(|place| {
        *place != root && matches!(graph.nodes[*place].thing, Thing::ModelVersion { .. })
    });
    for version in versions.take(MOST_PRODUCTS) {
        places.push(version);
        let origins = reachable(graph, version, Direction::Up).into_iter();
        places.extend(
            origins.filter(|at| matches!(graph.nodes[*at].thing, Thing::TrainingJob { .. })),
        );
    }
    places
        .into_iter()
        .map(|place| &graph.nodes[place].thing)
        .filter(|thing| can_be_asked(thing) && !whole.contains(thing) && !asked.contains(*thing))
        .take(left)
        .cloned()
        .collect()
}

/// Whether a call of its own describes it.
fn can_be_asked(thing: &Thing) -> bool {
    match thing {
        Thing::Model { .. }
        | Thing::ModelVersion { .. }
        | Thing::Execution { .. }
        | Thing::TrainingJob { .. }
        | Thing::ProcessingJob { .. } => true,
        // Public images have no labels that could be read without pulling them.
        Thing::Image { uri } => super::images::registry(uri).is_some(),
        Thing::Object { uri } => uri.starts_with("s3://"),
        Thing::Endpoint { .. }
        | Thing::Variant { .. }
        | Thing::Config { .. }
        | Thing::Delivery { .. }
        | Thing::Commit { .. }
        | Thing::Data { .. } => false,
    }
}

/// Revisions that somebody wrote down and the repository was not asked about.
pub fn revisions(records: &[Record], code: &Code, rules: &Rules) -> Vec<String> {
    let written: BTreeSet<String> = records
        .iter()
        .flat_map(|record| revisions::candidates(record, rules))
        .map(|candidate| candidate.written)
        .filter(|written| !code.revisions.contains_key(written))
        .collect();
    written.into_iter().collect()
}

/// Commits on the way up from `root` (or down, for data and commits) whose content is not known yet.
pub fn commits(graph: &Graph, root: &Thing, code: &Code) -> Vec<String> {
    let Some(root) = graph.find(root) else {
        return Vec::new();
    };
    let mut found: Vec<String> = Vec::new();
    // Which commits have some data shows only in the commits: those that anybody recorded, and HEAD.
    let is_data = matches!(graph.nodes[root].thing, Thing::Data { .. });
    let recorded = code
        .revisions
        .values()
        .filter_map(|revision| match revision {
            Revision::Commit(id) if is_data => Some(id),
            _ => None,
        });
    for id in recorded.chain(code.head.as_ref().filter(|_| is_data)) {
        if !code.commits.contains_key(id) && !found.contains(id) {
            found.push(id.clone());
        }
    }
    for place in reachable(graph, root, Direction::Up) {
        let Thing::Commit { id } = &graph.nodes[place].thing else {
            continue;
        };
        let resolved = code
            .revisions
            .values()
            .any(|revision| matches!(revision, Revision::Commit(known) if known == id));
        if resolved && !code.commits.contains_key(id) && !found.contains(id) {
            found.push(id.clone());
        }
    }
    found.truncate(MOST_ASKED);
    found
}
