//! Runs of every orchestrator in one vocabulary.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::log::LogTarget;
use super::metric_definition::MetricDefinition;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunKind {
    SagemakerPipeline,
    TrainingJob,
    ProcessingJob,
    TransformJob,
    TuningJob,
    StepFunctions,
    Codepipeline,
    Codebuild,
    Glue,
}

impl RunKind {
    pub const ALL: [Self; 9] = [
        Self::SagemakerPipeline,
        Self::TrainingJob,
        Self::ProcessingJob,
        Self::TransformJob,
        Self::TuningJob,
        Self::StepFunctions,
        Self::Codepipeline,
        Self::Codebuild,
        Self::Glue,
    ];

    /// Whether it goes through steps that its list does not tell.
    pub fn has_steps(self) -> bool {
        matches!(
            self,
            Self::SagemakerPipeline | Self::StepFunctions | Self::Codepipeline | Self::TuningJob
        )
    }

    /// The name used in JSON, filters and config (`training_job`).
    pub fn key(self) -> &'static str {
        match self {
            Self::SagemakerPipeline => "sagemaker_pipeline",
            Self::TrainingJob => "training_job",
            Self::ProcessingJob => "processing_job",
            Self::TransformJob => "transform_job",
            Self::TuningJob => "tuning_job",
            Self::StepFunctions => "step_functions",
            Self::Codepipeline => "codepipeline",
            Self::Codebuild => "codebuild",
            Self::Glue => "glue",
        }
    }

    /// At most ten columns, for the table.
    pub fn short(self) -> &'static str {
        match self {
            Self::SagemakerPipeline => "pipeline",
            Self::TrainingJob => "training",
            Self::ProcessingJob => "processing",
            Self::TransformJob => "transform",
            Self::TuningJob => "tuning",
            Self::StepFunctions => "stepfn",
            Self::Codepipeline => "codepipe",
            Self::Codebuild => "codebuild",
            Self::Glue => "glue",
        }
    }
}

/// The one vocabulary of states. `Run::raw_status` keeps the service's own word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    Failed,
    TimedOut,
    SucceededWithIssues,
    Unknown,
    Stopping,
    Running,
    Queued,
    Stopped,
    Skipped,
    Cached,
    Succeeded,
}

impl RunStatus {
    pub fn key(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Stopping => "stopping",
            Self::Succeeded => "succeeded",
            Self::SucceededWithIssues => "succeeded_with_issues",
            Self::Failed => "failed",
            Self::Stopped => "stopped",
            Self::TimedOut => "timed_out",
            Self::Skipped => "skipped",
            Self::Cached => "cached",
            Self::Unknown => "unknown",
        }
    }

    /// Whether it is over for good: a terminal run is immutable.
    pub fn is_terminal(self) -> bool {
        !matches!(
            self,
            Self::Queued | Self::Running | Self::Stopping | Self::Unknown
        )
    }

    pub fn is_moving(self) -> bool {
        matches!(self, Self::Queued | Self::Running | Self::Stopping)
    }

    pub fn is_failure(self) -> bool {
        matches!(self, Self::Failed | Self::TimedOut)
    }
}

/// One execution: a pipeline execution, a job, a build.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    pub kind: RunKind,
    /// What people call it: the job's name, or `pipeline #display-name`.
    pub name: String,
    /// The pipeline, state machine, project or Glue job it is a run of; a job's own name where there is none.
    pub family: String,
    /// Unique within the kind: the last part of the ARN, a build id, a Glue run id.
    pub id: String,
    /// Empty where the service gives none (Glue, CodePipeline executions): then `kind:family:id` identifies it.
    pub arn: String,
    pub status: RunStatus,
    pub raw_status: String,
    pub started_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    /// The service's own words on why it failed or what it waits for.
    pub reason: Option<String>,
    /// ARN of the run that started this one, where it is known.
    pub parent: Option<String>,
    /// 1 for the first try.
    pub attempt: u32,
    /// US dollars of compute so far, where price and billed time are known.
    pub cost_usd: Option<f64>,
    /// The step it is in, or failed in.
    pub current_step: Option<String>,
    /// Steps in their order of start; empty until described, or where the kind has none.
    pub steps: Vec<Step>,
    /// Whether `steps`, `logs` and `facts` come from a describe call rather than the list.
    pub detailed: bool,
    /// Where its log lines are.
    pub logs: Vec<LogTarget>,
    /// Further facts in the order to show them: label and value (instance type, image, parameters ...).
    pub facts: Vec<(String, String)>,
    /// The Git commit it was started from, where tags, parameters or the source revision tell.
    pub commit: Option<String>,
    /// Where a training job's metrics stand in its log lines.
    #[serde(default)]
    pub metrics: Vec<MetricDefinition>,
}

impl Run {
    /// A run of which nothing is known but what it is.
    pub fn blank(kind: RunKind, name: &str, arn: &str) -> Self {
        Self {
            kind,
            name: name.to_owned(),
            family: name.to_owned(),
            id: name.to_owned(),
            arn: arn.to_owned(),
            status: RunStatus::Unknown,
            raw_status: String::new(),
            started_at: None,
            ended_at: None,
            reason: None,
            parent: None,
            attempt: 1,
            cost_usd: None,
            current_step: None,
            steps: Vec::new(),
            detailed: false,
            logs: Vec::new(),
            facts: Vec::new(),
            commit: None,
            metrics: Vec::new(),
        }
    }

    /// Identifies the run across refreshes.
    pub fn key(&self) -> String {
        if self.arn.is_empty() {
            format!("{}:{}:{}", self.kind.key(), self.family, self.id)
        } else {
            self.arn.clone()
        }
    }

    /// For a job that a SageMaker pipeline started: the execution's id and the step, from the name that the
    /// service gives such jobs (`pipelines-<execution>-<step>-<random>`).
    pub fn pipeline_step(&self) -> Option<(&str, &str)> {
        let rest = self.id.strip_prefix("pipelines-")?;
        let (execution, rest) = rest.split_once('-')?;
        let (step, _) = rest.rsplit_once('-')?;
        (!step.is_empty()).then_some((execution, step))
    }

    /// Seconds from start to end, or to `now` while it moves.
    pub fn duration_s(&self, now: Timestamp) -> Option<i64> {
        span_s(self.started_at, self.ended_at, self.status, now)
    }

    /// The step that failed first.
    pub fn failed_step(&self) -> Option<&Step> {
        self.steps.iter().find(|s| s.status.is_failure())
    }

    /// Where its lines are: its own streams, or those of all its steps. Empty until it is described where the list
    /// does not tell.
    pub fn log_targets(&self) -> Vec<LogTarget> {
        let of_steps = self.steps.iter().flat_map(|step| &step.logs);
        let own = self.logs.iter();
        let mut targets: Vec<LogTarget> = Vec::new();
        for target in own.chain(of_steps.filter(|_| self.logs.is_empty())) {
            // Steps may share one.
            if !targets.contains(target) {
                targets.push(target.clone());
            }
        }
        targets
    }

    /// Steps over, and steps in all.
    pub fn progress(&self) -> Option<(usize, usize)> {
        if self.steps.is_empty() {
            return None;
        }
        let over = self.steps.iter().filter(|s| s.status.is_terminal()).count();
        Some((over, self.steps.len()))
    }
}

/// One step of a pipeline execution, phase of a build, action of a CodePipeline run, state of a state machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    pub name: String,
    /// `Training`, `Processing`, `Condition`, `Build` ...: the service's own word.
    pub kind: String,
    pub status: RunStatus,
    pub raw_status: String,
    pub started_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub reason: Option<String>,
    /// The job, execution or build that does the work.
    pub resource_arn: Option<String>,
    pub attempt: u32,
    pub logs: Vec<LogTarget>,
    /// Names of the steps this one waits for.
    pub depends_on: Vec<String>,
}

impl Step {
    pub fn duration_s(&self, now: Timestamp) -> Option<i64> {
        span_s(self.started_at, self.ended_at, self.status, now)
    }
}

fn span_s(
    start: Option<Timestamp>,
    end: Option<Timestamp>,
    status: RunStatus,
    now: Timestamp,
) -> Option<i64> {
    let start = start?;
    let end = match end {
        Some(end) => end,
        None if status.is_moving() => now,
        None => return None,
    };
    Some((end.as_second() - start.as_second()).max(0))
}
