//! How often each source is asked, by how much it matters (reference: AWS's own limits and delays).

use std::time::Duration;

use crate::domain::run::RunKind;
use crate::store::effect::{Interest, SourceId};

/// Seconds between two questions to one source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cadence {
    pub focused: u64,
    pub visible: u64,
    /// `None`: not asked at all while hidden.
    pub hidden: Option<u64>,
}

impl Cadence {
    const fn new(focused: u64, visible: u64, hidden: Option<u64>) -> Self {
        Self {
            focused,
            visible,
            hidden,
        }
    }

    pub fn period(self, interest: Interest) -> Option<Duration> {
        match interest {
            Interest::Focused => Some(self.focused),
            Interest::Visible => Some(self.visible),
            Interest::Hidden => self.hidden,
        }
        .map(Duration::from_secs)
    }
}

/// One cadence per source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cadences {
    pub sagemaker_jobs: Cadence,
    pub sagemaker_pipelines: Cadence,
    pub step_functions: Cadence,
    pub codepipeline: Cadence,
    pub codebuild: Cadence,
    pub glue: Cadence,
    pub endpoints: Cadence,
    pub metrics: Cadence,
    pub alarms: Cadence,
    pub log_groups: Cadence,
    pub costs: Cadence,
    pub budgets: Cadence,
    pub models: Cadence,
    pub images: Cadence,
    pub identity: Cadence,
    pub repository: Cadence,
    /// A followed log.
    pub log_tail: Cadence,
}

impl Default for Cadences {
    fn default() -> Self {
        Self {
            // ListTrainingJobs allows 2 requests a second for a whole account.
            sagemaker_jobs: Cadence::new(30, 60, Some(300)),
            sagemaker_pipelines: Cadence::new(20, 60, Some(180)),
            step_functions: Cadence::new(20, 30, Some(180)),
            codepipeline: Cadence::new(20, 30, Some(180)),
            codebuild: Cadence::new(20, 30, Some(180)),
            glue: Cadence::new(20, 30, Some(180)),
            endpoints: Cadence::new(30, 60, Some(120)),
            // Every metric costs money, and a new point comes once a minute.
            metrics: Cadence::new(60, 60, Some(300)),
            alarms: Cadence::new(30, 30, Some(60)),
            log_groups: Cadence::new(60, 120, None),
            // Answers come from the cache until they are hours old.
            costs: Cadence::new(600, 600, Some(3600)),
            budgets: Cadence::new(600, 3600, Some(3600)),
            models: Cadence::new(120, 120, Some(600)),
            images: Cadence::new(300, 300, None),
            identity: Cadence::new(60, 60, Some(60)),
            repository: Cadence::new(3, 5, Some(15)),
            log_tail: Cadence::new(2, 2, Some(10)),
        }
    }
}

impl Cadences {
    pub fn of(&self, source: SourceId) -> Cadence {
        match source {
            SourceId::Runs(RunKind::SagemakerPipeline) => self.sagemaker_pipelines,
            SourceId::Runs(
                RunKind::TrainingJob
                | RunKind::ProcessingJob
                | RunKind::TransformJob
                | RunKind::TuningJob,
            ) => self.sagemaker_jobs,
            SourceId::Runs(RunKind::StepFunctions) => self.step_functions,
            SourceId::Runs(RunKind::Codepipeline) => self.codepipeline,
            SourceId::Runs(RunKind::Codebuild) => self.codebuild,
            SourceId::Runs(RunKind::Glue) => self.glue,
            SourceId::Endpoints => self.endpoints,
            SourceId::Metrics => self.metrics,
            SourceId::Alarms => self.alarms,
            SourceId::LogGroups => self.log_groups,
            SourceId::Costs => self.costs,
            SourceId::Budgets => self.budgets,
            SourceId::ModelGroups => self.models,
            SourceId::Images => self.images,
            SourceId::Identity => self.identity,
            SourceId::Repository => self.repository,
        }
    }
}
