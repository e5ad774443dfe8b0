//! Arguments of the commands that answer in text or JSON.

use clap::{Args, Subcommand};

use crate::domain::run::{RunKind, RunStatus};

use super::logs::LogsArgs;
use super::parse::{self, Since};

#[derive(Clone, Debug, Subcommand)]
pub enum TwinCommand {
    /// What every screen has to say, in a line
    Status(StatusArgs),
    /// Runs of every kind: pipelines, jobs, executions, builds
    Runs(RunsArgs),
    /// Endpoints with health, variants, metrics and alarms
    Endpoints(EndpointsArgs),
    /// Lines of log groups, of a run or of an endpoint: once, followed, or asked by a query
    Logs(LogsArgs),
    /// Month to date by service and by day, forecast, budgets
    Costs(CostsArgs),
    /// Commits, branches, data versions, model versions, images
    Versions(VersionsArgs),
    /// What something was made from, and what was made from it: variant, model, job, image, commit, data
    Lineage(LineageArgs),
    /// What is wrong, worst first
    Findings(FindingsArgs),
}

#[derive(Clone, Debug, Default, Args)]
pub struct StatusArgs {
    /// Answer in JSON (docs/json.md)
    #[arg(long)]
    pub json: bool,

    /// End with code 4 when there is a critical finding
    #[arg(long)]
    pub check: bool,
}

#[derive(Clone, Debug, Default, Args)]
pub struct RunsArgs {
    /// Answer in JSON (docs/json.md)
    #[arg(long)]
    pub json: bool,

    /// Only runs of these kinds: sagemaker_pipeline, training_job, processing_job, transform_job, tuning_job,
    /// step_functions, codepipeline, codebuild, glue [default: all]
    #[arg(long, value_name = "KIND", num_args = 1.., value_delimiter = ',', value_parser = parse::kind)]
    pub kind: Vec<RunKind>,

    /// Only runs in these states: queued, running, stopping, succeeded, succeeded_with_issues, failed, stopped,
    /// timed_out, skipped, cached, unknown
    #[arg(long, value_name = "STATUS", num_args = 1.., value_delimiter = ',', value_parser = parse::status)]
    pub status: Vec<RunStatus>,

    /// Only runs started since then: 7d, 12h, or RFC 3339
    #[arg(long, value_name = "TIME", value_parser = parse::since)]
    pub since: Option<Since>,

    /// The newest N only [default: 10000; reaching that makes the answer partial]
    #[arg(long, value_name = "N", value_parser = parse::limit)]
    pub limit: Option<usize>,

    /// Describe every run that moves or failed: cause, cost, logs
    #[arg(long)]
    pub describe: bool,

    /// Describe every run of the answer, with its steps
    #[arg(long)]
    pub steps: bool,
}

#[derive(Clone, Debug, Default, Args)]
pub struct EndpointsArgs {
    /// Answer in JSON (docs/json.md)
    #[arg(long)]
    pub json: bool,

    /// Only this endpoint; may be given more than once
    #[arg(long, value_name = "NAME", num_args = 1.., value_delimiter = ',')]
    pub name: Vec<String>,
}

#[derive(Clone, Debug, Default, Args)]
pub struct CostsArgs {
    /// Answer in JSON (docs/json.md)
    #[arg(long)]
    pub json: bool,

    /// Ask Cost Explorer again even if its last answer is young ($0.01 to $0.02)
    #[arg(long)]
    pub refresh: bool,
}

#[derive(Clone, Debug, Default, Args)]
pub struct VersionsArgs {
    /// Answer in JSON (docs/json.md)
    #[arg(long)]
    pub json: bool,

    /// The newest N commits only [default: 200]
    #[arg(long, value_name = "N", value_parser = parse::limit)]
    pub log_limit: Option<usize>,

    /// Only the commits between two revisions and the files that differ: v1.2.0..main (one alone: up to HEAD)
    #[arg(long, value_name = "A..B")]
    pub rev: Option<String>,
}

#[derive(Clone, Debug, Default, Args)]
pub struct FindingsArgs {
    /// Answer in JSON (docs/json.md)
    #[arg(long)]
    pub json: bool,
}

#[derive(Clone, Debug, Default, Args)]
pub struct LineageArgs {
    /// An ARN, an endpoint or ENDPOINT/VARIANT, `MODEL v14`, a run, an image, the path of data, or a revision
    #[arg(value_name = "ARN|NAME|REV")]
    pub thing: String,

    /// Answer in JSON (docs/json.md)
    #[arg(long, conflicts_with = "dot")]
    pub json: bool,

    /// Answer as a graph for Graphviz
    #[arg(long)]
    pub dot: bool,

    /// Only what it was made from
    #[arg(long, conflicts_with = "down")]
    pub up: bool,

    /// Only what was made from it
    #[arg(long)]
    pub down: bool,
}
