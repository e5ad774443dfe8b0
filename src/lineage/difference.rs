//! What lies between two versions, as rows.

use std::collections::BTreeMap;

use crate::domain::lineage::code::{Code, CommitFacts, DataAt};
use crate::domain::lineage::difference::{Area, Between, Change, Difference, Side};
use crate::domain::repository::{FileChange, short_id};

/// Compares two sides as far as they are known; what could not be compared is told in `gaps`.
pub fn difference(from: Side, to: Side, code: &Code, between: Option<&Between>) -> Difference {
    let mut changes = Vec::new();
    let mut gaps = Vec::new();
    if from.model != to.model && from.model.is_some() && to.model.is_some() {
        changes.push(plain(Area::Model, "model", &from.model, &to.model));
    }
    if from.image != to.image && from.image.is_some() && to.image.is_some() {
        changes.push(plain(Area::Image, "image", &from.image, &to.image));
    }
    let (mut then, mut now) = (None, None);
    for (side, facts) in [(&from, &mut then), (&to, &mut now)] {
        *facts = side.commit.as_deref().and_then(|id| code.commit(id));
        if facts.is_none() {
            gaps.push(match &side.commit {
                None => format!("{}: no commit is recorded for it", side.label),
                Some(id) => format!(
                    "{}: commit {} is not in this repository",
                    side.label,
                    short_id(id)
                ),
            });
        }
    }
    if let (Some(then), Some(now)) = (then, now) {
        match between {
            Some(between) => changes.extend(code_files(between, then, now).map(|file| Change {
                area: Area::Code,
                what: file.path.clone(),
                from: String::new(),
                to: file.change.clone(),
                delta: String::new(),
            })),
            None => gaps.push("the files that differ are not known yet".to_owned()),
        }
        changes.extend(params(&then.params, &now.params));
        changes.extend(data(then, now));
        changes.extend(metrics(&then.metrics, &now.metrics));
    }
    changes.sort_by_key(|change| change.area);
    Difference {
        from,
        to,
        changes,
        gaps,
    }
}

/// Files that differ, but for those that the rows on data and metrics tell of.
fn code_files<'b>(
    between: &'b Between,
    then: &'b CommitFacts,
    now: &'b CommitFacts,
) -> impl Iterator<Item = &'b FileChange> {
    between.files.iter().filter(|file| {
        let name = file.path.rsplit('/').next().unwrap_or(&file.path);
        let is_output = |facts: &CommitFacts| facts.data.iter().any(|d| d.path == file.path);
        name != "dvc.lock" && !name.ends_with(".dvc") && !is_output(then) && !is_output(now)
    })
}

fn plain(area: Area, what: &str, from: &Option<String>, to: &Option<String>) -> Change {
    Change {
        area,
        what: what.to_owned(),
        from: from.clone().unwrap_or_default(),
        to: to.clone().unwrap_or_default(),
        delta: String::new(),
    }
}

/// Keys of both, in order, whose values are not the same.
fn unequal<'m, V: PartialEq>(
    then: &'m BTreeMap<String, V>,
    now: &'m BTreeMap<String, V>,
) -> Vec<(&'m str, Option<&'m V>, Option<&'m V>)> {
    let mut keys: Vec<&String> = then.keys().chain(now.keys()).collect();
    keys.sort();
    keys.dedup();
    keys.into_iter()
        .map(|key| (key.as_str(), then.get(key), now.get(key)))
        .filter(|(_, then, now)| then != now)
        .collect()
}

fn params(then: &BTreeMap<String, String>, now: &BTreeMap<String, String>) -> Vec<Change> {
    let change = |(key, then, now): (&str, Option<&String>, Option<&String>)| {
        plain(Area::Params, key, &then.cloned(), &now.cloned())
    };
    unequal(then, now).into_iter().map(change).collect()
}

fn metrics(then: &BTreeMap<String, f64>, now: &BTreeMap<String, f64>) -> Vec<Change> {
    unequal(then, now)
        .into_iter()
        .map(|(key, then, now)| Change {
            area: Area::Metrics,
            what: key.to_owned(),
            from: then.map(|v| figure(*v)).unwrap_or_default(),
            to: now.map(|v| figure(*v)).unwrap_or_default(),
            delta: match (then, now) {
                (Some(then), Some(now)) => {
                    let delta = now - then;
                    format!("{}{}", if delta > 0.0 { "+" } else { "" }, figure(delta))
                }
                _ => String::new(),
            },
        })
        .collect()
}

/// Four digits after the point at most: `0.9085`.
fn figure(value: f64) -> String {
    let text = format!("{value:.4}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

fn data(then: &CommitFacts, now: &CommitFacts) -> Vec<Change> {
    let by_path = |facts: &'_ CommitFacts| -> BTreeMap<String, DataAt> {
        facts
            .data
            .iter()
            .filter(|data| data.role == "out")
            .map(|data| (data.path.clone(), data.clone()))
            .collect()
    };
    let (then, now) = (by_path(then), by_path(now));
    let hash = |data: Option<&DataAt>| data.map(|data| data.hash.clone());
    unequal(&then, &now)
        .into_iter()
        .filter(|(_, then, now)| hash(*then) != hash(*now))
        .map(|(path, then, now)| {
            let short = |data: Option<&DataAt>| {
                data.map(|data| data.hash.get(..8).unwrap_or(&data.hash).to_owned())
                    .unwrap_or_default()
            };
            let size = |data: Option<&DataAt>| data.and_then(|data| data.size_bytes);
            Change {
                area: Area::Data,
                what: path.to_owned(),
                from: short(then),
                to: short(now),
                delta: match (size(then), size(now)) {
                    (Some(then), Some(now)) => growth(then, now),
                    (None, Some(size)) | (Some(size), None) => format!("{size} B"),
                    (None, None) => String::new(),
                },
            }
        })
        .collect()
}

fn growth(then: u64, now: u64) -> String {
    match now.cmp(&then) {
        std::cmp::Ordering::Equal => "same size".to_owned(),
        std::cmp::Ordering::Greater => format!("+{} B", now - then),
        std::cmp::Ordering::Less => format!("-{} B", then - now),
    }
}
