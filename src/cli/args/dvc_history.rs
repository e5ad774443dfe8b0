//! Arguments of the drop-ins that look at many revisions: metrics, params, exp, plots, dag.

use clap::{Args, Subcommand, ValueEnum};

#[derive(Clone, Debug, Args)]
pub struct DvcMetricsArgs {
    #[command(subcommand)]
    pub command: DvcMetricsCommand,
}

#[derive(Clone, Debug, Subcommand)]
pub enum DvcMetricsCommand {
    /// Metrics of the working tree, or of every branch, tag or commit
    Show(DvcMetricsShowArgs),
    /// Metrics that differ between two revisions
    Diff(DvcMetricsDiffArgs),
}

#[derive(Clone, Debug, Default, Args)]
pub struct DvcMetricsShowArgs {
    /// Only these files [default: all metrics]
    pub targets: Vec<String>,

    /// Of every branch
    #[arg(short, long)]
    pub all_branches: bool,

    /// Of every tag
    #[arg(short = 'T', long)]
    pub all_tags: bool,

    /// Of every commit
    #[arg(short = 'A', long)]
    pub all_commits: bool,

    /// Answer in the JSON of `dvc metrics show --json`
    #[arg(long)]
    pub json: bool,

    /// Directories that are targets are searched: they are anyway
    #[arg(short = 'R', long)]
    pub recursive: bool,
}

#[derive(Clone, Debug, Default, Args)]
pub struct DvcMetricsDiffArgs {
    /// The older revision [default: HEAD]
    pub a_rev: Option<String>,

    /// The newer revision [default: the working tree]
    pub b_rev: Option<String>,

    /// Only these files [default: all metrics]
    #[arg(long, value_name = "PATH", num_args = 0..)]
    pub targets: Vec<String>,

    /// Directories that are targets are searched: they are anyway
    #[arg(short = 'R', long)]
    pub recursive: bool,

    /// Equal values too
    #[arg(long)]
    pub all: bool,

    /// Answer in the JSON of `dvc metrics diff --json`
    #[arg(long)]
    pub json: bool,
}

#[derive(Clone, Debug, Args)]
pub struct DvcParamsArgs {
    #[command(subcommand)]
    pub command: DvcParamsCommand,
}

#[derive(Clone, Debug, Subcommand)]
pub enum DvcParamsCommand {
    /// Parameters that differ between two revisions
    Diff(DvcParamsDiffArgs),
}

#[derive(Clone, Debug, Default, Args)]
pub struct DvcParamsDiffArgs {
    /// The older revision [default: HEAD]
    pub a_rev: Option<String>,

    /// The newer revision [default: the working tree]
    pub b_rev: Option<String>,

    /// Only these files [default: all parameters]
    #[arg(long, value_name = "PATH", num_args = 0..)]
    pub targets: Vec<String>,

    /// Equal values too
    #[arg(long)]
    pub all: bool,

    /// Only parameters that stages depend on
    #[arg(long)]
    pub deps: bool,

    /// Answer in the JSON of `dvc params diff --json`
    #[arg(long)]
    pub json: bool,
}

#[derive(Clone, Debug, Args)]
pub struct DvcExpArgs {
    #[command(subcommand)]
    pub command: DvcExpCommand,
}

#[derive(Clone, Debug, Subcommand)]
pub enum DvcExpCommand {
    /// Experiments under the commits that they began from
    Show(DvcExpShowArgs),
    /// Metrics and parameters that differ between two experiments
    Diff(DvcExpDiffArgs),
    /// The names of experiments
    #[command(alias = "ls")]
    List(DvcExpListArgs),
}

/// Which commits experiments began from.
#[derive(Clone, Debug, Default, Args)]
pub struct DvcBaselines {
    /// Every commit
    #[arg(short = 'A', long)]
    pub all_commits: bool,

    /// This commit; may be given more than once [default: HEAD]
    #[arg(long, value_name = "COMMIT")]
    pub rev: Vec<String>,

    /// The last N commits, first parents; all of them if negative
    #[arg(
        short,
        long,
        value_name = "N",
        default_value_t = 1,
        allow_negative_numbers = true
    )]
    pub num: i64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum DvcSortOrder {
    #[default]
    Asc,
    Desc,
}

#[derive(Clone, Debug, Default, Args)]
pub struct DvcExpShowArgs {
    #[command(flatten)]
    pub baselines: DvcBaselines,

    /// The tip of every branch
    #[arg(short, long)]
    pub all_branches: bool,

    /// Every tag
    #[arg(short = 'T', long)]
    pub all_tags: bool,

    /// Only columns whose values differ
    #[arg(long)]
    pub only_changed: bool,

    /// Only parameters that stages depend on
    #[arg(long)]
    pub param_deps: bool,

    /// Sort experiments by this metric or parameter
    #[arg(long, value_name = "NAME")]
    pub sort_by: Option<String>,

    /// In which order
    #[arg(long, value_enum, default_value_t)]
    pub sort_order: DvcSortOrder,

    /// Ids instead of branches and tags
    #[arg(long)]
    pub sha: bool,

    /// Without failed ones
    #[arg(long)]
    pub hide_failed: bool,

    /// Without queued ones
    #[arg(long)]
    pub hide_queued: bool,

    /// Without the working tree
    #[arg(long)]
    pub hide_workspace: bool,

    /// Answer in the JSON of `dvc exp show --json`
    #[arg(long, group = "format")]
    pub json: bool,

    /// Answer in the CSV of `dvc exp show --csv`
    #[arg(long, group = "format")]
    pub csv: bool,

    /// Taken for the sake of scripts: there is no pager
    #[arg(long)]
    pub no_pager: bool,

    /// Taken for the sake of scripts: everything is read anew
    #[arg(short, long)]
    pub force: bool,

    /// Taken for the sake of scripts: nothing is fetched
    #[arg(long)]
    pub no_fetch: bool,
}

#[derive(Clone, Debug, Default, Args)]
pub struct DvcExpDiffArgs {
    /// The older experiment or revision [default: HEAD]
    pub a_rev: Option<String>,

    /// The newer one [default: the working tree]
    pub b_rev: Option<String>,

    /// Equal values too
    #[arg(long)]
    pub all: bool,

    /// Only parameters that stages depend on
    #[arg(long)]
    pub param_deps: bool,

    /// Answer in the JSON of `dvc exp diff --json`
    #[arg(long)]
    pub json: bool,
}

#[derive(Clone, Debug, Default, Args)]
pub struct DvcExpListArgs {
    #[command(flatten)]
    pub baselines: DvcBaselines,

    /// Names only
    #[arg(long, alias = "names-only", group = "what")]
    pub name_only: bool,

    /// Ids only
    #[arg(long, alias = "shas-only", group = "what")]
    pub sha_only: bool,
}

#[derive(Clone, Debug, Default, Args)]
pub struct DvcDagArgs {
    /// Only what this stage or output depends on
    pub target: Option<String>,

    /// For Graphviz
    #[arg(long, group = "format")]
    pub dot: bool,

    /// For Mermaid
    #[arg(long, group = "format")]
    pub mermaid: bool,

    /// For Mermaid, in Markdown
    #[arg(long, group = "format")]
    pub md: bool,

    /// Outputs instead of stages
    #[arg(short, long)]
    pub outs: bool,

    /// What depends on the target too
    #[arg(long)]
    pub full: bool,

    /// The stages of one foreach or matrix as one
    #[arg(long)]
    pub collapse_foreach_matrix: bool,
}

#[derive(Clone, Debug, Args)]
pub struct DvcPlotsGroup {
    #[command(subcommand)]
    pub command: DvcPlotsCommand,
}

#[derive(Clone, Debug, Subcommand)]
pub enum DvcPlotsCommand {
    /// Plots of the working tree
    Show(DvcPlotsShowArgs),
    /// Plots of several revisions, laid over each other
    Diff(DvcPlotsDiffArgs),
}

#[derive(Clone, Debug, Default, Args)]
pub struct DvcPlotsShowArgs {
    /// Only these plots [default: all]
    pub targets: Vec<String>,

    #[command(flatten)]
    pub plots: DvcPlotsArgs,
}

#[derive(Clone, Debug, Default, Args)]
pub struct DvcPlotsDiffArgs {
    /// Revisions [default: HEAD and the working tree, where they differ]
    pub revisions: Vec<String>,

    /// Only these plots [default: all]
    #[arg(long, value_name = "PATH", num_args = 0..)]
    pub targets: Vec<String>,

    #[command(flatten)]
    pub plots: DvcPlotsArgs,
}

/// How plots are drawn.
#[derive(Clone, Debug, Default, Args)]
pub struct DvcPlotsArgs {
    /// Answer in the JSON of `dvc plots show --json`
    #[arg(long)]
    pub json: bool,

    /// A template instead of the plot's own
    #[arg(short, long, value_name = "NAME")]
    pub template: Option<String>,

    /// The field of the x axis
    #[arg(short, value_name = "FIELD")]
    pub x: Option<String>,

    /// The field of the y axis
    #[arg(short, value_name = "FIELD")]
    pub y: Option<String>,

    /// What stands at the x axis
    #[arg(long, value_name = "TEXT")]
    pub x_label: Option<String>,

    /// What stands at the y axis
    #[arg(long, value_name = "TEXT")]
    pub y_label: Option<String>,

    /// What stands above
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
}

impl DvcPlotsArgs {
    /// What was given, by DVC's names.
    pub fn given(&self) -> Vec<(&'static str, &str)> {
        let all = [
            ("template", &self.template),
            ("x", &self.x),
            ("y", &self.y),
            ("x_label", &self.x_label),
            ("y_label", &self.y_label),
            ("title", &self.title),
        ];
        all.into_iter()
            .filter_map(|(key, value)| Some((key, value.as_deref()?)))
            .collect()
    }
}
