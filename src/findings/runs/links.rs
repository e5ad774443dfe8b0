//! Which run started which: a pipeline and its jobs are one story, told once.

use std::collections::HashMap;

use crate::domain::run::{Run, RunKind};

/// Deeper than anybody nests; also ends a circle.
const MOST_LEVELS: usize = 8;

pub struct Links {
    /// Index of the run that started the run at this index.
    parents: Vec<Option<usize>>,
}

impl Links {
    pub fn of(runs: &[Run]) -> Self {
        let mut by_arn = HashMap::with_capacity(runs.len());
        let mut pipelines = HashMap::new();
        let mut starter = HashMap::new();
        for (index, run) in runs.iter().enumerate() {
            if !run.arn.is_empty() {
                by_arn.insert(run.arn.as_str(), index);
            }
            if run.kind == RunKind::SagemakerPipeline {
                pipelines.insert(run.id.as_str(), index);
            }
            for arn in run.steps.iter().filter_map(|s| s.resource_arn.as_deref()) {
                starter.insert(arn, index);
            }
        }
        let parents = runs
            .iter()
            .enumerate()
            .map(|(index, run)| {
                let parent = run
                    .parent
                    .as_deref()
                    .and_then(|arn| by_arn.get(arn))
                    .or_else(|| starter.get(run.arn.as_str()))
                    .or_else(|| pipelines.get(pipeline_job(&run.name)?.0))
                    .copied();
                parent.filter(|parent| *parent != index)
            })
            .collect();
        Self { parents }
    }

    /// The run that nobody started: the index itself where there is none above.
    pub fn root(&self, index: usize) -> usize {
        let mut at = index;
        for _ in 0..MOST_LEVELS {
            match self.parents[at] {
                Some(parent) => at = parent,
                None => return at,
            }
        }
        at
    }
}

/// SageMaker names the jobs of a pipeline `pipelines-<execution>-<step>-<random>`: execution and step.
pub fn pipeline_job(name: &str) -> Option<(&str, &str)> {
    let (execution, rest) = name.strip_prefix("pipelines-")?.split_once('-')?;
    let (step, _) = rest.rsplit_once('-')?;
    Some((execution, step))
}
