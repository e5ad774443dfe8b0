//! Arguments of the drop-ins for `gto`: the same words, letters and meanings as GTO 1.10 has them.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

#[derive(Clone, Debug, Args)]
pub struct GtoArgs {
    #[command(subcommand)]
    pub command: GtoCommand,
}

#[derive(Clone, Debug, Subcommand)]
pub enum GtoCommand {
    /// The registry, the versions of an artifact, or what is in a stage
    Show(GtoShowArgs),
    /// A journal of what happened to artifacts
    History(GtoHistoryArgs),
    /// The stages of the registry
    Stages(GtoStagesArgs),
    /// What a tag registered, assigned or took back
    CheckRef(GtoCheckRefArgs),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum GtoSort {
    #[default]
    Timestamp,
    Semver,
}

/// The repository, as `gto` names it.
#[derive(Clone, Debug, Default, Args)]
pub struct GtoRepo {
    /// Local repository [default: the one around the working directory]
    #[arg(short = 'r', value_name = "DIR", id = "gto_repo")]
    pub dir: Option<PathBuf>,
}

#[derive(Clone, Debug, Default, Args)]
pub struct GtoShowArgs {
    /// An artifact, `model@latest`, `model@v1.0.0` or `model#prod` [default: the whole registry]
    pub name: Option<String>,

    #[command(flatten)]
    pub repo: GtoRepo,

    /// Answer in the JSON of `gto show --json`
    #[arg(long, group = "format")]
    pub json: bool,

    /// A table that is easy to search
    #[arg(long, group = "format")]
    pub plain: bool,

    /// Names only
    #[arg(long = "name", group = "format", id = "show_name")]
    pub show_name: bool,

    /// Versions only
    #[arg(long = "version", group = "format", id = "show_version")]
    pub show_version: bool,

    /// Stages only
    #[arg(long = "stage", group = "format", id = "show_stage")]
    pub show_stage: bool,

    /// Tags or commits only
    #[arg(long = "ref", group = "format", id = "show_ref")]
    pub show_ref: bool,

    /// Only registered versions
    #[arg(long, visible_alias = "ro")]
    pub registered_only: bool,

    /// Deprecated ones too
    #[arg(short, long)]
    pub deprecated: bool,

    /// The first N stages of each version, -1 for all
    #[arg(long, visible_alias = "av", value_name = "N", default_value_t = -1, allow_negative_numbers = true,
        value_parser = clap::value_parser!(i64).range(-1..))]
    pub assignments_per_version: i64,

    /// The newest N versions of each stage, -1 for all
    #[arg(long, visible_alias = "vs", value_name = "N", default_value_t = 1, allow_negative_numbers = true,
        value_parser = clap::value_parser!(i64).range(-1..))]
    pub versions_per_stage: i64,

    /// Order assignments by time or by version
    #[arg(long, value_enum, default_value_t)]
    pub sort: GtoSort,
}

#[derive(Clone, Debug, Default, Args)]
pub struct GtoHistoryArgs {
    /// Only this artifact
    pub name: Option<String>,

    #[command(flatten)]
    pub repo: GtoRepo,

    /// Answer in the JSON of `gto history --json`
    #[arg(long, group = "format")]
    pub json: bool,

    /// A table that is easy to search
    #[arg(long, group = "format")]
    pub plain: bool,

    /// The oldest first
    #[arg(long, visible_alias = "asc")]
    pub ascending: bool,
}

#[derive(Clone, Debug, Default, Args)]
pub struct GtoStagesArgs {
    #[command(flatten)]
    pub repo: GtoRepo,

    /// Stages that the settings allow
    #[arg(long, conflicts_with = "used")]
    pub allowed: bool,

    /// Stages that are in use
    #[arg(long)]
    pub used: bool,

    /// Answer in the JSON of `gto stages --json`
    #[arg(long)]
    pub json: bool,
}

#[derive(Clone, Debug, Default, Args)]
pub struct GtoCheckRefArgs {
    /// A tag
    #[arg(value_name = "REF")]
    pub reference: String,

    #[command(flatten)]
    pub repo: GtoRepo,

    /// Answer in the JSON of `gto check-ref --json`
    #[arg(long, group = "format")]
    pub json: bool,

    /// The artifact only
    #[arg(long = "name", group = "format", id = "show_name")]
    pub show_name: bool,

    /// The version only
    #[arg(long = "version", group = "format", id = "show_version")]
    pub show_version: bool,

    /// What happened only
    #[arg(long = "event", group = "format", id = "show_event")]
    pub show_event: bool,

    /// The stage only
    #[arg(long = "stage", group = "format", id = "show_stage")]
    pub show_stage: bool,
}
