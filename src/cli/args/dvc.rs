//! Arguments of the drop-ins for `dvc`: the same words, letters and meanings as DVC 3.67 has them.

use std::path::PathBuf;

use super::dvc_history::{DvcDagArgs, DvcExpArgs, DvcMetricsArgs, DvcParamsArgs, DvcPlotsGroup};
use clap::{Args, Subcommand};

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
