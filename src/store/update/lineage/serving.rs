//! What every variant serves, from what the lists tell: kept up as they change.

use std::collections::BTreeSet;

use crate::domain::lineage::code::Revision;
use crate::domain::lineage::{Clue, Record, Thing};
use crate::lineage::{asks, join, known, serving};

use super::super::super::effect::Effect;
use super::super::super::model::Model;

/// Works the sentences out anew, and asks the repository what is not known of the commits in them.
pub fn keep_serving(model: &mut Model) -> Vec<Effect> {
    let records = records(model);
    if records.is_empty() {
        return Vec::new();
    }
    let rules = &model.settings.lineage;
    let graph = join(&records, &model.lineage.code, rules);
    let serving = serving::all(&graph, &model.lineage.code);
    model.changed |= model.lineage.serving != serving;
    model.lineage.serving = serving;
    // Without a repository there is nobody to ask.
    if model.lineage.asking_code || model.versions.repository.value().is_none() {
        return Vec::new();
    }
    let room = &model.lineage;
    let mut revisions = asks::revisions(&records, &room.code, rules);
    let served = room.serving.iter();
    let served = served.filter(|serving| serving.known == Some(true));
    let mut commits: BTreeSet<String> = served.filter_map(|s| s.commit.clone()).collect();
    if let Some((from, to)) = room.compare.pairs.get(room.compare.at) {
        commits.extend(
            [from, to]
                .into_iter()
                .filter_map(|side| side.commit.clone()),
        );
    }
    commits.retain(|id| !room.code.commits.contains_key(id) && is_full(id));
    commits.retain(|id| !room.asked.contains(id));
    revisions.retain(|written| !room.asked.contains(written));
    if revisions.is_empty() && commits.is_empty() {
        return Vec::new();
    }
    let asked = revisions.iter().filter(|r| !is_full(r)).chain(&commits);
    let asked: Vec<String> = asked.cloned().collect();
    model.lineage.asked.extend(asked);
    model.lineage.asking_code = true;
    vec![Effect::AskCode {
        revisions,
        commits: commits.into_iter().collect(),
    }]
}

/// The repository is another one than before: what was found out of its commits holds, but not how far they are from
/// its branches, nor what it did not know.
pub fn forget_distances(model: &mut Model) {
    let code = &mut model.lineage.code;
    code.commits.clear();
    code.revisions
        .retain(|_, revision| matches!(revision, Revision::Commit(_)));
    model.lineage.asked.clear();
}

fn is_full(id: &str) -> bool {
    id.len() == 40
}

/// Endpoints, and the registry's versions that they serve.
fn records(model: &Model) -> Vec<Record> {
    let endpoints = model.endpoints.endpoints.items();
    let mut records: Vec<Record> = endpoints.iter().flat_map(known::of_endpoint).collect();
    let served: BTreeSet<Thing> = records
        .iter()
        .flat_map(|record| &record.clues)
        .filter_map(|clue| match clue {
            Clue::From { origin, .. } => Some(origin.clone()),
            _ => None,
        })
        .collect();
    let versions = known::of_groups(model.versions.models.items());
    records.extend(
        versions
            .into_iter()
            .filter(|record| served.contains(&record.thing)),
    );
    // What a lineage found out by asking counts as well.
    let traced = model.lineage.trace.value().map(|trace| &trace.records);
    records.extend(
        traced
            .into_iter()
            .flatten()
            .filter(|record| record.whole)
            .cloned(),
    );
    records
}
