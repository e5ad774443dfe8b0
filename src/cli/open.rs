//! Opens the sources: a real account or the simulated one, and the repository beside it.

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;

use crate::cli::kept::KeptHashes;
use crate::config::{Config, Dirs};
use crate::domain::clock::{Clock, WallClock};
use crate::sources::Sources;
use crate::sources::git::GitVersions;

/// What decides which account, Region and repository are looked at.
#[derive(Clone, Debug)]
pub struct Opening {
    pub profile: Option<String>,
    pub region: Option<String>,
    pub endpoint_url: Option<String>,
    /// `None`: the one around the working directory.
    pub repo: Option<PathBuf>,
    pub demo: Option<Demo>,
    pub config: Config,
    pub dirs: Dirs,
}

/// The simulated account.
#[derive(Clone, Debug)]
pub struct Demo {
    /// Simulated seconds in a second.
    pub speed: f64,
    pub seed: u64,
    /// A built-in name or a file; `None` for a working day.
    pub scenario: Option<String>,
    /// Minutes that are over at the start.
    pub at_minutes: f64,
    /// Time stands still, from a fixed day: for pictures.
    pub frozen: bool,
}

/// Ready to be connected; nothing has been asked yet.
pub struct Opened {
    pub clock: Arc<dyn Clock>,
    /// Known before connecting: from the arguments or the scenario.
    pub region: Option<String>,
    pub connect: Pin<Box<dyn Future<Output = Sources> + Send>>,
    /// Kept until the end: the simulated repository goes with it.
    pub keep: Kept,
}

/// What must outlive the pollers.
#[derive(Clone, Default)]
pub struct Kept {
    #[cfg(feature = "aws")]
    state: Arc<std::sync::Mutex<KeptState>>,
}

#[cfg(feature = "aws")]
#[derive(Default)]
struct KeptState {
    repository: Option<crate::simulator::DemoRepository>,
    /// The program is ending: nothing is made any more.
    ending: bool,
}

impl Kept {
    /// Removes what was made for this run, and waits for what is being made: some 20 ms. Called at the very end,
    /// since the pollers read it.
    pub fn remove(self) {
        #[cfg(feature = "aws")]
        {
            let mut state = self.state();
            state.ending = true;
            drop(state.repository.take());
        }
    }

    #[cfg(feature = "aws")]
    fn state(&self) -> std::sync::MutexGuard<'_, KeptState> {
        self.state
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Where to find a repository, and where AWS is.
pub fn open(opening: Opening) -> anyhow::Result<Opened> {
    match opening.demo.clone() {
        Some(demo) => open_demo(opening, &demo),
        None => Ok(open_account(opening)),
    }
}

/// No account and no repository: for files and pipes.
pub fn open_nothing() -> Opened {
    Opened {
        clock: Arc::new(WallClock),
        region: None,
        // Nothing is asked, so nothing need ever be connected.
        connect: Box::pin(std::future::pending()),
        keep: Kept::default(),
    }
}

fn open_account(opening: Opening) -> Opened {
    let clock: Arc<dyn Clock> = Arc::new(WallClock);
    let region = opening.region.clone().or(opening.config.aws.region.clone());
    let named = opening.repo.clone();
    let named = named.or_else(|| opening.config.versions.repo.clone());
    let versions_named = named.is_some();
    let repo = named.unwrap_or_else(|| PathBuf::from("."));
    let hashes = Box::new(KeptHashes::new(&opening.dirs.cache));
    let versions = Arc::new(GitVersions::with_hashes(&repo, hashes));
    let connect = {
        let clock = clock.clone();
        async move {
            let (account, account_error) = account(&opening, &clock).await;
            Sources {
                account,
                account_error,
                versions,
                versions_named,
            }
        }
    };
    Opened {
        clock,
        region,
        connect: Box::pin(connect),
        keep: Kept::default(),
    }
}

#[cfg(not(feature = "aws"))]
mod without_aws {
    use super::{Arc, Clock, Demo, Opened, Opening};
    use crate::sources::{AccountSources, ErrorKind, SourceError};

    pub async fn account(
        _: &Opening,
        _: &Arc<dyn Clock>,
    ) -> (Option<AccountSources>, Option<SourceError>) {
        let error = SourceError::new("aws", ErrorKind::NotInRegion, "this build has no AWS in it")
            .with_hint("build with the default features");
        (None, Some(error))
    }

    pub fn open_demo(_: Opening, _: &Demo) -> anyhow::Result<Opened> {
        anyhow::bail!("this build has no simulated account: build with the default features")
    }
}

#[cfg(not(feature = "aws"))]
use without_aws::{account, open_demo};

#[cfg(feature = "aws")]
pub use with_aws::simulator;
#[cfg(feature = "aws")]
use with_aws::{account, open_demo};

#[cfg(feature = "aws")]
mod with_aws {
    use std::io;
    use std::path::Path;
    use std::sync::OnceLock;
    use std::time::Duration;

    use anyhow::Context as _;
    use jiff::{SignedDuration, Timestamp};

    use super::{Arc, Clock, Demo, Kept, Opened, Opening, Sources, WallClock};
    use crate::domain::lineage::code::Code;
    use crate::domain::lineage::difference::Between;
    use crate::domain::repository::{Repository, RevRange};
    use crate::simulator::{DemoRepository, Scenario, SimClock, Simulator};
    use crate::sources::aws::{Caps, ConnectOptions, Simulated, Timeouts, connect};
    use crate::sources::git::GitVersions;
    use crate::sources::{
        AccountSources, Answer, ErrorKind, HistorySource, SourceError, VersionSource, Watched,
    };

    /// The moment that pictures are taken at, minute 0: a Tuesday afternoon.
    const PICTURE_START: &str = "2026-11-24T13:00:00Z";

    pub async fn account(
        opening: &Opening,
        clock: &Arc<dyn Clock>,
    ) -> (Option<AccountSources>, Option<SourceError>) {
        connected(connect(options(opening, clock.clone(), None)).await)
    }

    fn connected(
        answer: Result<AccountSources, SourceError>,
    ) -> (Option<AccountSources>, Option<SourceError>) {
        match answer {
            Ok(account) => (Some(account), None),
            Err(error) => (None, Some(error)),
        }
    }

    fn options(
        opening: &Opening,
        clock: Arc<dyn Clock>,
        simulated: Option<Simulated>,
    ) -> ConnectOptions {
        let config = &opening.config;
        ConnectOptions {
            profile: opening.profile.clone().or(config.aws.profile.clone()),
            region: opening.region.clone().or(config.aws.region.clone()),
            endpoint_url: opening
                .endpoint_url
                .clone()
                .or(config.aws.endpoint_url.clone()),
            simulated,
            clock,
            state_dir: opening.dirs.state.clone(),
            cache_dir: opening.dirs.cache.clone(),
            caps: Caps {
                daily_usd: config.caps.daily_usd,
                monthly_usd: config.caps.monthly_usd,
                cost_explorer_requests_per_day: u32::try_from(
                    config.caps.cost_explorer_requests_per_day,
                )
                .unwrap_or(u32::MAX),
            },
            cost_cache_ttl: Duration::from_secs(config.caps.cost_cache_hours * 3600),
            timeouts: Timeouts::default(),
        }
    }

    /// The simulated account by itself.
    pub fn simulator(opening: &Opening) -> anyhow::Result<Arc<Simulator>> {
        let demo = opening.demo.as_ref().context("no simulated account")?;
        Ok(simulated(demo)?.0)
    }

    /// The account, its clock, and its minute 0.
    fn simulated(demo: &Demo) -> anyhow::Result<(Arc<Simulator>, Arc<dyn Clock>, Timestamp)> {
        let wall: Arc<dyn Clock> = Arc::new(WallClock);
        let scenario = scenario(demo.scenario.as_deref())?;
        let over = SignedDuration::try_from_secs_f64(demo.at_minutes * 60.0)
            .context("the minutes that are over")?;
        let (start, clock) = if demo.frozen {
            let start: Timestamp = PICTURE_START.parse().context("the start of pictures")?;
            (start, SimClock::fixed(start.checked_add(over)?))
        } else {
            let now = wall.now();
            let clock = SimClock::running(wall, now, demo.speed);
            (now.checked_sub(over)?, clock)
        };
        let clock: Arc<dyn Clock> = Arc::new(clock);
        let simulator = Simulator::new(scenario, demo.seed, clock.clone(), start);
        Ok((simulator, clock, start))
    }

    pub fn open_demo(opening: Opening, demo: &Demo) -> anyhow::Result<Opened> {
        let (simulator, clock, start) = simulated(demo)?;
        let region = simulator.region().to_owned();
        let keep = Kept::default();
        let connect = {
            let (clock, keep, region) = (clock.clone(), keep.clone(), region.clone());
            async move {
                let simulated = Simulated {
                    http_client: simulator.http_client(),
                    region,
                };
                let (account, account_error) =
                    connected(connect(options(&opening, clock, Some(simulated))).await);
                Sources {
                    account,
                    account_error,
                    versions: repository(&opening, simulator, start, keep),
                    // The demo brings one: without it something failed.
                    versions_named: true,
                }
            }
        };
        Ok(Opened {
            clock,
            region: Some(region),
            connect: Box::pin(connect),
            keep,
        })
    }

    fn scenario(name: Option<&str>) -> anyhow::Result<Scenario> {
        let name = name.unwrap_or("working-day");
        if let Some(found) = Scenario::builtin(name) {
            return Ok(found);
        }
        let path = Path::new(name);
        anyhow::ensure!(
            path.exists(),
            "no scenario named {name}: it is neither a file nor one of {}",
            Scenario::names().join(", ")
        );
        Ok(Scenario::load(path)?)
    }

    /// The repository asked for, or the one that belongs to the scenario.
    fn repository(
        opening: &Opening,
        simulator: Arc<Simulator>,
        start: Timestamp,
        keep: Kept,
    ) -> Arc<dyn VersionSource> {
        match &opening.repo {
            Some(repo) => Arc::new(GitVersions::open(repo)),
            None => Arc::new(Built {
                simulator,
                start,
                keep,
                versions: OnceLock::new(),
            }),
        }
    }

    /// The scenario's repository, built when it is first asked: the account need not wait for it.
    struct Built {
        simulator: Arc<Simulator>,
        start: Timestamp,
        keep: Kept,
        versions: OnceLock<Result<GitVersions, SourceError>>,
    }

    impl Built {
        fn versions(&self) -> Result<&GitVersions, SourceError> {
            self.versions
                .get_or_init(|| self.build())
                .as_ref()
                .map_err(SourceError::clone)
        }

        fn build(&self) -> Result<GitVersions, SourceError> {
            // Held while building: who quits meanwhile removes the whole folder, not half of it.
            let mut kept = self.keep.state();
            let built = if kept.ending {
                Err(io::Error::other("the program is ending"))
            } else {
                DemoRepository::build(&self.simulator, self.start)
            };
            let repository = built.map_err(|error| {
                let what = format!("the simulated repository could not be built: {error}");
                SourceError::new("git", ErrorKind::Missing, what)
            })?;
            let versions = GitVersions::open(&repository.path());
            kept.repository = Some(repository);
            Ok(versions)
        }
    }

    impl VersionSource for Built {
        fn fingerprint(&self) -> Result<u64, SourceError> {
            self.versions()?.fingerprint()
        }

        fn snapshot(&self, log_limit: usize) -> Answer<Repository> {
            self.versions()?.snapshot(log_limit)
        }

        fn range(&self, rev: &str, limit: usize) -> Answer<RevRange> {
            self.versions()?.range(rev, limit)
        }

        fn watched(&self) -> Vec<Watched> {
            self.versions()
                .map(VersionSource::watched)
                .unwrap_or_default()
        }

        fn waits_for(&self) -> Option<String> {
            self.versions().ok()?.waits_for()
        }

        fn history(&self) -> Option<Arc<dyn HistorySource>> {
            self.versions().ok()?.history()
        }

        fn code(&self, revisions: &[String], commits: &[String]) -> Answer<Code> {
            self.versions()?.code(revisions, commits)
        }

        fn between(&self, from: &str, to: &str) -> Answer<Between> {
            self.versions()?.between(from, to)
        }
    }
}
