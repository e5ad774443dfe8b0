//! What every command needs before it does its own: config, folders, and who is looked at.

use std::path::PathBuf;
use std::sync::Arc;

use crate::config::{Config, ConfigProblem, Dirs, Env};
use crate::domain::run::RunKind;
use crate::keys::Keymap;
use crate::logs::mask::Masker;
use crate::pollers::cadence::Cadence;
use crate::pollers::{self, Cadences, Outlet};
use crate::store::model::{Model, Settings};
use crate::theme::{ColorSupport, Theme, needs_ascii};

use super::Cli;
use super::open::{Demo, Opened, Opening};

/// Lists that take a call for each pipeline, machine, job or endpoint are made for the Deck once a minute.
const DECK_SECONDS: u64 = 60;

/// The environment, the folders and the config, read once.
pub struct Start {
    pub env: Env,
    pub dirs: Dirs,
    pub config: Config,
    /// Finds secrets in log lines, by the config's patterns too.
    pub masker: Arc<Masker>,
}

impl Start {
    /// # Errors
    /// Everything that is wrong with the config file, or why there is no home folder.
    pub fn new(cli: &Cli, env: Env) -> Result<Self, Vec<ConfigProblem>> {
        let dirs = Dirs::resolve(&env).map_err(|error| {
            vec![ConfigProblem::of_file(
                &PathBuf::from("~"),
                error.to_string(),
            )]
        })?;
        let config = Config::load(cli.global.config.as_deref(), &dirs)?;
        // Each pattern is right; all of them together may be too much.
        let masker = Masker::new(&config.logs.mask).map_err(|error| {
            let file = cli.global.config.clone();
            let file = file.unwrap_or_else(|| dirs.config_file());
            vec![ConfigProblem::of_file(&file, error.to_string())]
        })?;
        Ok(Self {
            env,
            dirs,
            config,
            masker: Arc::new(masker),
        })
    }

    /// Which account and repository the arguments name; `frozen` stands still for a picture.
    pub fn opening(&self, cli: &Cli, frozen: bool) -> Opening {
        let simulation = &cli.global.simulation;
        let demo = cli.is_simulated().then(|| Demo {
            speed: simulation.speed.unwrap_or(self.config.demo.speed),
            seed: simulation.seed.unwrap_or(self.config.demo.seed),
            scenario: simulation.scenario.clone(),
            at_minutes: simulation.at.unwrap_or(0.0),
            frozen,
        });
        Opening {
            profile: cli.global.profile.clone(),
            region: cli.global.region.clone(),
            endpoint_url: cli.global.endpoint_url.clone(),
            repo: cli.global.repo.clone(),
            demo,
            config: self.config.clone(),
            dirs: self.dirs.clone(),
        }
    }

    /// The keymap in force, and what is wrong with the user's file.
    pub fn keymap(&self) -> (Keymap, Vec<ConfigProblem>) {
        let name = &self.config.ui.keymap;
        Keymap::load(name, self.dirs.keymap_file(name).as_deref())
    }

    /// The theme in force, and what is wrong with the user's file.
    pub fn theme(&self) -> (Theme, Vec<ConfigProblem>) {
        Theme::load(
            &self.config.ui.theme,
            Some(&self.dirs.themes()),
            ColorSupport::detect(&self.env),
            self.config.ui.ascii || needs_ascii(&self.env),
        )
    }

    /// The model before anything is known.
    pub fn model(&self, opening: &Opening, opened: &Opened) -> Model {
        let config = &self.config;
        let demo = opening.demo.is_some();
        let profile = opening
            .profile
            .clone()
            .or_else(|| config.aws.profile.clone())
            .or_else(|| self.env.get("AWS_PROFILE").map(str::to_owned));
        let endpoint_url = opening
            .endpoint_url
            .clone()
            .or_else(|| config.aws.endpoint_url.clone())
            .or_else(|| self.env.get("AWS_ENDPOINT_URL").map(str::to_owned));
        let settings = Settings {
            profile: if demo { None } else { profile },
            region: opened.region.clone(),
            endpoint_url: if demo { None } else { endpoint_url },
            demo,
            local: false,
            repository_named: demo || opening.repo.is_some() || config.versions.repo.is_some(),
            time_zone: config.ui.time.zone(),
            thresholds: config.findings.thresholds(),
            lineage: config.lineage.rules(),
            open_run_seconds: i64::try_from(config.poll.open_run.0).unwrap_or(i64::MAX),
            log_first_lines: usize::try_from(config.logs.initial_lines).unwrap_or(usize::MAX),
            log_max_bytes: usize::try_from(config.logs.max_mb << 20).unwrap_or(usize::MAX),
            saved_queries: config.logs.queries.clone(),
        };
        let mut model = Model::new(opened.clock.now(), settings);
        model.logs.masker = Arc::clone(&self.masker);
        model.logs.metrics.clone_from(&config.logs.metrics);
        model
    }

    pub fn poller_settings(&self, opened: &Opened, seed: u64) -> pollers::Settings {
        let config = &self.config;
        pollers::Settings {
            cadences: self.cadences(),
            history_days: i64::try_from(config.runs.history_days).unwrap_or(i64::MAX),
            run_limit: usize::try_from(config.runs.limit).unwrap_or(usize::MAX),
            log_limit: usize::try_from(config.versions.log_limit).unwrap_or(usize::MAX),
            spool_folder: Some(self.dirs.cache.join("logs")),
            outlet: Outlet {
                masker: Arc::clone(&self.masker),
                home: self.env.path("HOME"),
            },
            seed,
            clock: opened.clock.clone(),
        }
    }

    fn cadences(&self) -> Cadences {
        let poll = &self.config.poll;
        Cadences {
            runs: RunKind::ALL
                .into_iter()
                .map(|kind| {
                    let cadence = Cadence::slower_hidden(poll.runs(kind).0, 3);
                    (kind, cadence.on_the_deck(DECK_SECONDS))
                })
                .collect(),
            endpoints: Cadence::slower_hidden(poll.endpoints.0, 4).on_the_deck(DECK_SECONDS),
            metrics: Cadence::slower_hidden(poll.metrics.0, 5),
            alarms: Cadence::slower_hidden(poll.alarms.0, 2),
            log_groups: Cadence::only_shown(poll.log_groups.0),
            costs: Cadences::default().costs,
            budgets: Cadence::slower_hidden(poll.budgets.0, 1),
            models: Cadence::slower_hidden(poll.registry.0, 5),
            images: Cadence::only_shown(poll.images.0),
            identity: Cadence::slower_hidden(poll.identity.0, 1),
            repository: Cadence::slower_hidden(poll.versions.0, 5),
            log_tail: Cadence::slower_hidden(poll.log_lines.0, 5),
        }
    }
}
