//! A lineage in JSON: nodes, links, what is missing, and what serves.

use jiff::Timestamp;
use serde::Serialize;

use super::Found;
use crate::domain::lineage::Thing;
use crate::domain::lineage::code::CommitFacts;
use crate::domain::lineage::graph::How;
use crate::lineage::serving::{self, Serving};

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum LineageItem {
    /// What was asked for.
    Root { id: String },
    Node {
        id: String,
        kind: &'static str,
        name: String,
        note: Option<String>,
        arn: Option<String>,
        at: Option<Timestamp>,
        /// Only of commits that the repository has.
        commit: Option<CommitItem>,
    },
    Link {
        product: String,
        origin: String,
        how: &'static str,
        /// How well it fits, 0 to 1; `null` unless it is inferred.
        confidence: Option<f64>,
        why: String,
    },
    Missing {
        product: String,
        wants: String,
        what: String,
        mend: Option<String>,
    },
    Serving {
        #[serde(flatten)]
        serving: Serving,
        sentence: String,
    },
}

#[derive(Debug, Serialize)]
pub struct CommitItem {
    id: String,
    summary: String,
    author: String,
    branch: Option<String>,
    behind: Option<usize>,
    ahead: Option<usize>,
    data_versions_behind: Option<usize>,
    params: std::collections::BTreeMap<String, String>,
    metrics: std::collections::BTreeMap<String, f64>,
}

impl CommitItem {
    fn of(facts: &CommitFacts) -> Self {
        let distance = facts.distance.as_ref();
        Self {
            id: facts.id.clone(),
            summary: facts.summary.clone(),
            author: facts.author.clone(),
            branch: distance.map(|d| d.of.clone()),
            behind: distance.map(|d| d.behind),
            ahead: distance.map(|d| d.ahead),
            data_versions_behind: distance.and_then(|d| d.data_versions),
            params: facts.params.clone(),
            metrics: facts.metrics.clone(),
        }
    }
}

fn given(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

pub fn items(found: &Found) -> Vec<LineageItem> {
    let graph = &found.graph;
    let places = found.places();
    let id = |place: usize| graph.nodes[place].thing.id();
    let mut items = vec![LineageItem::Root { id: id(found.root) }];
    for &place in &places {
        let node = &graph.nodes[place];
        items.push(LineageItem::Node {
            id: node.thing.id(),
            kind: node.thing.kind(),
            name: node.name.clone(),
            note: given(&node.note),
            arn: given(&node.arn),
            at: node.at,
            commit: match &node.thing {
                Thing::Commit { id } => found.code.commits.get(id).map(CommitItem::of),
                _ => None,
            },
        });
    }
    let is_shown = |place: usize| places.contains(&place);
    for link in &graph.links {
        if is_shown(link.product) && is_shown(link.origin) {
            items.push(LineageItem::Link {
                product: id(link.product),
                origin: id(link.origin),
                how: link.evidence.how.key(),
                confidence: match link.evidence.how {
                    How::Inferred { percent } => Some(f64::from(percent) / 100.0),
                    How::Declared | How::Hash => None,
                },
                why: link.evidence.why.clone(),
            });
        }
    }
    for missing in &graph.missing {
        if is_shown(missing.product) {
            items.push(LineageItem::Missing {
                product: id(missing.product),
                wants: missing.wants.clone(),
                what: missing.what.clone(),
                mend: given(&missing.mend),
            });
        }
    }
    for &place in &places {
        if let Some(serving) = serving::of(graph, place, &found.code) {
            let sentence = serving.sentence();
            items.push(LineageItem::Serving { serving, sentence });
        }
    }
    items
}
