//! What is in production, a sentence for each variant.

use std::collections::{BTreeSet, VecDeque};

use serde::Serialize;

use crate::domain::lineage::Thing;
use crate::domain::lineage::code::{Code, Distance, Revision};
use crate::domain::lineage::difference::Side;
use crate::domain::lineage::graph::Graph;
use crate::domain::repository::short_id;

/// What one variant of an endpoint serves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Serving {
    pub endpoint: String,
    pub variant: String,
    /// `churn v14`, or the model's own name where it is not from the registry.
    pub model: Option<String>,
    /// ARN of the model package.
    pub model_package: Option<String>,
    /// Where it was trained: full hex where the repository knows it, else as it was written.
    pub commit: Option<String>,
    /// Whether the repository has that commit; `None` where there is none to ask.
    pub known: Option<bool>,
    pub distance: Option<Distance>,
    /// With its digest, where the service resolved it.
    pub image: Option<String>,
}

/// All variants in the graph, by name.
pub fn all(graph: &Graph, code: &Code) -> Vec<Serving> {
    let mut found: Vec<Serving> = graph
        .nodes
        .iter()
        .enumerate()
        .filter_map(|(place, _)| of(graph, place, code))
        .collect();
    found.sort_by(|a, b| (&a.endpoint, &a.variant).cmp(&(&b.endpoint, &b.variant)));
    found
}

/// What the variant at this place serves; `None` for what is no variant.
pub fn of(graph: &Graph, place: usize, code: &Code) -> Option<Serving> {
    let Thing::Variant { endpoint, name } = &graph.nodes.get(place)?.thing else {
        return None;
    };
    let near = way_up(graph, place);
    let first = |fits: &dyn Fn(&Thing) -> bool| {
        near.iter()
            .map(|place| &graph.nodes[*place])
            .find(|node| fits(&node.thing))
    };
    let version = first(&|thing| matches!(thing, Thing::ModelVersion { .. }));
    let model = version.or_else(|| first(&|thing| matches!(thing, Thing::Model { .. })));
    let commit =
        first(&|thing| matches!(thing, Thing::Commit { .. })).and_then(|node| match &node.thing {
            Thing::Commit { id } => Some(id.clone()),
            _ => None,
        });
    let known = commit.as_ref().filter(|_| code.has_repository).map(|id| {
        code.revisions
            .values()
            .any(|revision| matches!(revision, Revision::Commit(known) if known == id))
    });
    let image = graph
        .origins(place)
        .find_map(|link| match &graph.nodes[link.origin].thing {
            Thing::Image { uri } => Some(uri.clone()),
            _ => None,
        });
    Some(Serving {
        endpoint: endpoint.clone(),
        variant: name.clone(),
        model: model.map(|node| node.name.clone()),
        model_package: version.and_then(|node| match &node.thing {
            Thing::ModelVersion { arn } => Some(arn.clone()),
            _ => None,
        }),
        distance: commit
            .as_ref()
            .and_then(|id| code.commits.get(id)?.distance.clone()),
        commit,
        known,
        image,
    })
}

/// Nodes in the order of distance, but not through images: an image's commit is that of the serving code, and not
/// where the model was trained.
fn way_up(graph: &Graph, from: usize) -> Vec<usize> {
    let mut seen = BTreeSet::from([from]);
    let mut order = Vec::new();
    let mut queue = VecDeque::from([from]);
    while let Some(node) = queue.pop_front() {
        order.push(node);
        if matches!(graph.nodes[node].thing, Thing::Commit { .. }) {
            continue;
        }
        let mut links: Vec<_> = graph.origins(node).collect();
        links.sort_by_key(|link| std::cmp::Reverse(link.evidence.how.strength()));
        for link in links {
            let through = !matches!(
                graph.nodes[link.origin].thing,
                Thing::Image { .. } | Thing::Object { .. } | Thing::Data { .. }
            );
            if through && seen.insert(link.origin) {
                queue.push_back(link.origin);
            }
        }
    }
    order
}

impl Serving {
    /// `variant blue of churn-prod serves model churn v14, trained at a1b2c3d (14 commits, 2 data versions behind main)`
    pub fn sentence(&self) -> String {
        format!(
            "variant {} of {} serves {}",
            self.variant,
            self.endpoint,
            self.what()
        )
    }

    /// The same without naming the variant: `model churn v14, trained at …`.
    pub fn what(&self) -> String {
        let Some(model) = &self.model else {
            return "a model that is not known yet".to_owned();
        };
        let Some(commit) = &self.commit else {
            return format!("model {model}; no commit is recorded for it");
        };
        let at = format!("model {model}, trained at {}", short_id(commit));
        match (&self.distance, self.known) {
            (Some(distance), _) => format!("{at} ({})", distance_words(distance)),
            (None, Some(false)) => format!("{at} (not in this repository)"),
            (None, _) => at,
        }
    }

    /// One end of a comparison.
    pub fn side(&self) -> Side {
        Side {
            label: format!("{} / {}", self.endpoint, self.variant),
            commit: self.commit.clone(),
            image: self.image.clone(),
            model: self.model.clone(),
        }
    }
}

/// `14 commits, 2 data versions behind main`.
pub fn distance_words(distance: &Distance) -> String {
    let of = &distance.of;
    let count = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
    let data = match distance.data_versions {
        Some(n) if n > 0 => format!(", {}", count(n, "data version")),
        _ => String::new(),
    };
    match (distance.behind, distance.ahead) {
        (0, 0) => format!("level with {of}"),
        (behind, 0) => format!("{}{data} behind {of}", count(behind, "commit")),
        (0, ahead) => format!("{} ahead of {of}", count(ahead, "commit")),
        (behind, ahead) => format!(
            "{}{data} behind and {ahead} ahead of {of}",
            count(behind, "commit")
        ),
    }
}
