//! Arguments of the drop-ins for `dvc`: the same words, letters and meanings as DVC 3.67 has them.

use std::path::PathBuf;

use super::dvc_history::{DvcDagArgs, DvcExpArgs, DvcMetricsArgs, DvcParamsArgs, DvcPlotsGroup};
use clap::{Args, Subcommand, ValueEnum};

#[derive(Clone, Debug, Args)]
pub struct DvcArgs {
    /// Start in this directory instead of the working directory
    #[arg(long, global = true, value_name = "DIR")]
    pub cd: Option<PathBuf>,

    #[command(subcommand)]
    pub command: DvcCommand,
}

#[derive(Clone, Debug, Subcommand)]
pub enum DvcCommand {
    /// Stages and .dvc files whose data, dependencies, parameters or command changed
    Status(DvcStatusArgs),
    /// What the data tracked by DVC is like
    Data(DvcDataArgs),
    /// Data added, deleted, modified and renamed between two commits, or a commit and the working tree
    Diff(DvcDiffArgs),
    /// Files of a repository, those in DVC and those in Git
    #[command(alias = "ls")]
    List(DvcListArgs),
    /// Metrics of revisions
    Metrics(DvcMetricsArgs),
    /// Parameters of revisions
    Params(DvcParamsArgs),
    /// Experiments
    #[command(alias = "experiments")]
    Exp(DvcExpArgs),
    /// Plots of revisions, as Vega-Lite
    Plots(DvcPlotsGroup),
    /// What depends on what
    Dag(DvcDagArgs),
}

#[derive(Clone, Debug, Default, Args)]
pub struct DvcStatusArgs {
    /// Outputs, .dvc files, stages, dvc.yaml files; with -R directories too [default: all]
    pub targets: Vec<String>,

    /// Compare the cache with the remote
    #[arg(short, long)]
    pub cloud: bool,

    /// The remote to compare with
    #[arg(short, long, value_name = "NAME")]
    pub remote: Option<String>,

    /// With -c: what any branch needs
    #[arg(short, long)]
    pub all_branches: bool,

    /// With -c: what any tag needs
    #[arg(short = 'T', long)]
    pub all_tags: bool,

    /// With -c: what any commit needs
    #[arg(short = 'A', long)]
    pub all_commits: bool,

    /// The stages that the targets depend on, too
    #[arg(short = 'd', long)]
    pub with_deps: bool,

    /// All stages in directories that are targets
    #[arg(short = 'R', long)]
    pub recursive: bool,

    /// Answer in the JSON of `dvc status --json`
    #[arg(long)]
    pub json: bool,

    /// No output; code 1 if something changed
    #[arg(short, long)]
    pub quiet: bool,

    /// Do not look for updates of imported data
    #[arg(long)]
    pub no_updates: bool,

    /// Taken for the sake of scripts: all cores are used
    #[arg(short, long, value_name = "N")]
    pub jobs: Option<u32>,
}

#[derive(Clone, Debug, Args)]
pub struct DvcDataArgs {
    #[command(subcommand)]
    pub command: DvcDataCommand,
}

#[derive(Clone, Debug, Subcommand)]
pub enum DvcDataCommand {
    /// The working tree against .dvc files and dvc.lock, and those against HEAD
    Status(DvcDataStatusArgs),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Untracked {
    No,
    All,
}

#[derive(Clone, Debug, Default, Args)]
pub struct DvcDataStatusArgs {
    /// Only these paths
    pub targets: Vec<String>,

    /// Answer in the JSON of `dvc data status --json`
    #[arg(long)]
    pub json: bool,

    /// Every file of directories
    #[arg(long)]
    pub granular: bool,

    /// What did not change, too
    #[arg(long)]
    pub unchanged: bool,

    /// Files that neither Git nor DVC tracks [default: no; without a value: all]
    #[arg(long, value_name = "no|all", num_args = 0..=1, require_equals = true, default_missing_value = "all")]
    pub untracked_files: Option<Untracked>,

    /// What the remote lacks
    #[arg(long)]
    pub not_in_remote: bool,

    /// Taken for the sake of scripts: a remote on this machine is always looked at
    #[arg(long)]
    pub no_remote_refresh: bool,

    /// The remote that --not-in-remote is about
    #[arg(short, long, value_name = "NAME")]
    pub remote: Option<String>,

    /// No output
    #[arg(short, long)]
    pub quiet: bool,
}

#[derive(Clone, Debug, Default, Args)]
pub struct DvcDiffArgs {
    /// The older revision [default: HEAD]
    pub a_rev: Option<String>,

    /// The newer revision [default: the working tree]
    pub b_rev: Option<String>,

    /// Only these paths
    #[arg(long, value_name = "PATH", num_args = 0..)]
    pub targets: Vec<String>,

    /// Answer in the JSON of `dvc diff --json`
    #[arg(long)]
    pub json: bool,

    /// Hashes as well
    #[arg(long)]
    pub show_hash: bool,

    /// A Markdown table
    #[arg(long)]
    pub md: bool,

    /// Without what is not in the cache
    #[arg(long)]
    pub hide_missing: bool,

    /// No output
    #[arg(short, long)]
    pub quiet: bool,
}

#[derive(Clone, Debug, Default, Args)]
pub struct DvcListArgs {
    /// A repository on this machine, such as `.`
    pub url: String,

    /// A directory or file in it
    pub path: Option<String>,

    /// Directories too, down to their last file
    #[arg(short = 'R', long)]
    pub recursive: bool,

    /// Only what DVC tracks
    #[arg(long)]
    pub dvc_only: bool,

    /// Answer in the JSON of `dvc list --json`
    #[arg(long)]
    pub json: bool,

    /// A commit, branch or tag
    #[arg(long, value_name = "REV", num_args = 0..=1)]
    pub rev: Option<String>,

    /// Sizes, in the table
    #[arg(long)]
    pub size: bool,

    /// Hashes, in the table
    #[arg(long)]
    pub show_hash: bool,

    /// No output
    #[arg(short, long)]
    pub quiet: bool,
}
