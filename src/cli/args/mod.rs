//! Everything that may stand on the command line.

mod dvc;
mod dvc_history;
mod gto;
mod logs;
mod parse;
mod tools;
mod twins;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};

pub use dvc::{
    DvcArgs, DvcCommand, DvcDataArgs, DvcDataCommand, DvcDataStatusArgs, DvcDiffArgs, DvcListArgs,
    DvcStatusArgs, Untracked,
};
pub use dvc_history::{
    DvcBaselines, DvcDagArgs, DvcExpArgs, DvcExpCommand, DvcExpDiffArgs, DvcExpListArgs,
    DvcExpShowArgs, DvcMetricsArgs, DvcMetricsCommand, DvcMetricsDiffArgs, DvcMetricsShowArgs,
    DvcParamsArgs, DvcParamsCommand, DvcParamsDiffArgs, DvcPlotsArgs, DvcPlotsCommand,
    DvcPlotsDiffArgs, DvcPlotsGroup, DvcPlotsShowArgs, DvcSortOrder,
};
pub use gto::{
    GtoArgs, GtoCheckRefArgs, GtoCommand, GtoHistoryArgs, GtoRepo, GtoShowArgs, GtoSort,
    GtoStagesArgs,
};
pub use logs::LogsArgs;
pub use parse::{Place, Since, Size};
pub use tools::{
    ConfigArgs, ConfigCommand, DemoArgs, HelpArgs, KeysArgs, SimulateArgs, ThemesArgs,
};
pub use twins::{
    CostsArgs, EndpointsArgs, FindingsArgs, LineageArgs, RunsArgs, StatusArgs, TwinCommand,
    VersionsArgs,
};

/// The terminal workbench for machine learning on AWS.
///
/// Without a command the screens open. `flightdeck demo` opens them on a simulated account.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "flightdeck",
    version,
    disable_help_subcommand = true,
    max_term_width = 100
)]
pub struct Cli {
    #[command(flatten)]
    pub global: GlobalArgs,

    /// Where to start: a screen, or `endpoint NAME`, `run NAME`, `logs GROUP`
    #[arg(long, global = true, value_name = "PLACE", value_parser = parse::place, help_heading = "Screens")]
    pub go: Option<Place>,

    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Which account, and which repository.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Account and repository")]
pub struct GlobalArgs {
    /// Profile of the AWS config [env: AWS_PROFILE]
    #[arg(long, global = true, value_name = "NAME")]
    pub profile: Option<String>,

    /// Region, such as eu-west-1 [env: AWS_REGION]
    #[arg(long, global = true, value_name = "REGION")]
    pub region: Option<String>,

    /// Git and DVC repository [default: the one around the working directory]
    #[arg(long, global = true, value_name = "DIR")]
    pub repo: Option<PathBuf>,

    /// Endpoint for every AWS service [env: AWS_ENDPOINT_URL]
    #[arg(long, global = true, value_name = "URL")]
    pub endpoint_url: Option<String>,

    /// Config file [default: config.toml in the platform's config folder]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Ask the embedded simulated account instead of AWS
    #[arg(long, global = true, conflicts_with_all = ["profile", "endpoint_url"])]
    pub demo: bool,

    #[command(flatten)]
    pub simulation: SimulationArgs,
}

/// How the simulated account behaves.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Simulated account")]
pub struct SimulationArgs {
    /// Simulated seconds in a second
    #[arg(long, global = true, value_name = "N", value_parser = parse::speed)]
    pub speed: Option<f64>,

    /// The same seed gives the same account
    #[arg(long, global = true, value_name = "S")]
    pub seed: Option<u64>,

    /// Scenario: a name, or a file
    #[arg(long, global = true, value_name = "FILE|NAME")]
    pub scenario: Option<String>,

    /// Minutes of the simulated day that are over at the start
    #[arg(long, global = true, value_name = "MINUTES", value_parser = parse::minutes)]
    pub at: Option<f64>,
}

impl SimulationArgs {
    fn first_given(&self) -> Option<&'static str> {
        [
            (self.speed.is_some(), "--speed"),
            (self.seed.is_some(), "--seed"),
            (self.scenario.is_some(), "--scenario"),
            (self.at.is_some(), "--at"),
        ]
        .into_iter()
        .find_map(|(given, name)| given.then_some(name))
    }
}

#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    #[command(flatten)]
    Twin(TwinCommand),
    /// What `dvc` would say, in its own words and JSON, without Python (docs/dvc.md)
    Dvc(DvcArgs),
    /// The registry of models in Git tags, as `gto` shows it
    Gto(GtoArgs),
    /// Open the screens on the embedded simulated account, or draw one of them into a picture
    Demo(DemoArgs),
    /// Serve the simulated account over HTTP, for any AWS client
    Simulate(SimulateArgs),
    /// The keys in force
    Keys(KeysArgs),
    /// The themes there are, and the colours of the one in force
    Themes(ThemesArgs),
    /// Write or check the config file
    Config(ConfigArgs),
    /// Help on a command, and the keys
    Help(HelpArgs),
}

impl Cli {
    /// Reads the command line; `keys` is the list of keys that the long help ends with.
    ///
    /// # Errors
    /// Usage errors, and requests for help or the version: `clap::Error::exit` prints each where it belongs and
    /// ends with the right code.
    pub fn read<I>(arguments: I, keys: &str) -> Result<Self, clap::Error>
    where
        I: IntoIterator<Item = OsString>,
    {
        let mut command = Self::full_command(keys);
        let mut matches = command.try_get_matches_from_mut(arguments)?;
        let cli =
            Self::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command))?;
        cli.check()
            .map_err(|(kind, text)| command.error(kind, text))?;
        Ok(cli)
    }

    /// The whole command with the list of keys at the end of the long help.
    pub fn full_command(keys: &str) -> clap::Command {
        let command = Self::command().after_help("`flightdeck help` lists the keys as well.");
        if keys.is_empty() {
            command
        } else {
            command.after_long_help(format!("Keys:\n{keys}"))
        }
    }

    /// The text of `flightdeck help [COMMAND]`.
    ///
    /// # Errors
    /// When there is no such command.
    pub fn help_text(topic: Option<&str>, keys: &str) -> Result<String, clap::Error> {
        let mut command = Self::full_command(keys);
        command.build();
        let Some(topic) = topic else {
            return Ok(command.render_long_help().to_string());
        };
        match command.find_subcommand_mut(topic) {
            Some(sub) => Ok(sub.render_long_help().to_string()),
            None => Err(command.error(
                clap::error::ErrorKind::InvalidSubcommand,
                format!("there is no command '{}'", topic.escape_debug()),
            )),
        }
    }

    /// Whether the simulated account is asked.
    pub fn is_simulated(&self) -> bool {
        self.global.demo || matches!(self.command, Some(Command::Demo(_) | Command::Simulate(_)))
    }

    /// What clap cannot say by itself.
    fn check(&self) -> Result<(), (clap::error::ErrorKind, String)> {
        use clap::error::ErrorKind;
        if let Some(name) = self.global.simulation.first_given()
            && !self.is_simulated()
        {
            return Err((
                ErrorKind::MissingRequiredArgument,
                format!("{name} needs --demo, or the command demo or simulate"),
            ));
        }
        if self.go.is_some() && !matches!(self.command, None | Some(Command::Demo(_))) {
            return Err((
                ErrorKind::ArgumentConflict,
                "--go is for the screens, this command opens none".into(),
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
