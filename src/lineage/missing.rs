//! Links that should be there, and the line that creates each: next time, or now where a tag is enough.

use std::collections::HashMap;

use crate::domain::lineage::code::{Code, is_model};
use crate::domain::lineage::graph::{Direction, Graph, Missing};
use crate::domain::lineage::{Clue, Record, Thing};

use super::join::reachable;
use super::{Rules, images};

pub fn of(graph: &Graph, records: &[Record], code: &Code, rules: &Rules) -> Vec<Missing> {
    let whole: HashMap<&Thing, &Record> = records
        .iter()
        .filter(|record| record.whole)
        .map(|record| (&record.thing, record))
        .collect();
    let mut found = Vec::new();
    for (place, node) in graph.nodes.iter().enumerate() {
        let Some(record) = whole.get(&node.thing) else {
            continue;
        };
        let look = Look {
            graph,
            place,
            record,
            rules,
            told: graph.missing.iter().any(|m| m.product == place),
        };
        found.extend(look.origin());
        found.extend(look.commit());
        found.extend(look.data(code));
    }
    found
}

struct Look<'a> {
    graph: &'a Graph,
    place: usize,
    record: &'a Record,
    rules: &'a Rules,
    /// Its commit is written somewhere and means nothing here: that is told already.
    told: bool,
}

impl Look<'_> {
    fn say(&self, wants: &str, what: &str, mend: String) -> Option<Missing> {
        Some(Missing {
            product: self.place,
            wants: wants.to_owned(),
            what: what.to_owned(),
            mend,
        })
    }

    fn leads_to(&self, fits: impl Fn(&Thing) -> bool) -> bool {
        reachable(self.graph, self.place, Direction::Up)
            .into_iter()
            .any(|node| node != self.place && fits(&self.graph.nodes[node].thing))
    }

    /// Whether it, what it was made from, or what was made directly from it knows its commit.
    fn knows_commit(&self) -> bool {
        let is_commit = |node: usize| matches!(self.graph.nodes[node].thing, Thing::Commit { .. });
        self.leads_to(|thing| matches!(thing, Thing::Commit { .. }))
            || self.graph.products(self.place).any(|link| {
                self.graph
                    .origins(link.product)
                    .any(|l| is_commit(l.origin))
            })
    }

    /// A model without a package, a package without a job.
    fn origin(&self) -> Option<Missing> {
        match &self.record.thing {
            Thing::Model { name }
                if !self.leads_to(|t| {
                    matches!(t, Thing::ModelVersion { .. } | Thing::TrainingJob { .. })
                }) =>
            {
                self.say(
                    "model_version",
                    "the model was not made from a registered version",
                    format!(
                        "sm.create_model(ModelName=\"{name}\", Containers=[{{\"ModelPackageName\": model_package_arn}}], ExecutionRoleArn=role)"
                    ),
                )
            }
            Thing::ModelVersion { .. }
                if !self.leads_to(|t| {
                    matches!(t, Thing::TrainingJob { .. } | Thing::Execution { .. })
                }) =>
            {
                self.say(
                    "training_job",
                    "nothing says which job trained it",
                    "model.register(..., customer_metadata_properties={\"training_job\": estimator.latest_training_job.name})"
                        .to_owned(),
                )
            }
            _ => None,
        }
    }

    fn commit(&self) -> Option<Missing> {
        if self.told || self.knows_commit() {
            return None;
        }
        let tag = self.rules.commit_tag();
        let what = "no commit is recorded for it";
        match &self.record.thing {
            Thing::ModelVersion { .. } => self.say(
                "commit",
                what,
                "model.register(..., metadata_properties=MetadataProperties(commit_id=commit))"
                    .to_owned(),
            ),
            Thing::TrainingJob { .. } | Thing::ProcessingJob { .. }
                if !self.record.arn.is_empty() =>
            {
                // A tag can be added after the fact; the pipeline's code should do it from now on.
                self.say(
                    "commit",
                    what,
                    format!(
                        "Estimator(..., tags=[{{\"Key\": \"{tag}\", \"Value\": commit}}])  # now: aws sagemaker add-tags --resource-arn {} --tags Key={tag},Value=COMMIT",
                        self.record.arn
                    ),
                )
            }
            Thing::Execution { .. } => self.say(
                "commit",
                what,
                format!(
                    "pipeline.start(parameters={{\"{}\": commit}})",
                    parameter(tag)
                ),
            ),
            Thing::Image { uri } if images::registry(uri).is_some() => self.say(
                "commit",
                "no annotation says which commit it was built from",
                "docker buildx build --annotation org.opencontainers.image.revision=$(git rev-parse HEAD) --push ."
                    .to_owned(),
            ),
            _ => None,
        }
    }

    /// A training that reads from S3, and nothing says which version of the data that was.
    fn data(&self, code: &Code) -> Option<Missing> {
        if !matches!(self.record.thing, Thing::TrainingJob { .. }) {
            return None;
        }
        let channel = self.record.clues.iter().find_map(|clue| match clue {
            Clue::Reads { channel, .. } => Some(channel.as_str()),
            _ => None,
        })?;
        let linked = reachable(self.graph, self.place, Direction::Up)
            .into_iter()
            .any(|node| matches!(self.graph.nodes[node].thing, Thing::Data { .. }));
        if linked {
            return None;
        }
        let path = code
            .head
            .as_deref()
            .and_then(|head| code.commit(head))
            .and_then(|facts| {
                facts
                    .data
                    .iter()
                    .find(|data| data.role == "out" && !is_model(&data.path))
            })
            .map_or("data/features.parquet", |data| data.path.as_str());
        self.say(
            "data",
            "its inputs are S3 addresses without a version of DVC",
            format!("estimator.fit({{\"{channel}\": dvc.api.get_url(\"{path}\", rev=commit)}})"),
        )
    }
}

/// `GitCommit` of `git-commit`: parameters are letters and digits.
fn parameter(tag: &str) -> String {
    let words = tag
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    words
        .map(|word| {
            let mut letters = word.chars();
            letters
                .next()
                .map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
                .unwrap_or_default()
        })
        .collect()
}
