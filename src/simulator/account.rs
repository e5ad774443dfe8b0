//! The account itself: its plan, its names, and the moment at which it is looked at.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::dice::Dice;
use super::insights::Queries;
use super::moment::{DAY, Moment};
use super::repository::{Commit, History};
use super::scenario::spec::Spec;
use super::serving::alarms::{AlarmState, Follower, metric_of};
use super::serving::metrics::Metrics;
use super::serving::traffic::Served;
use super::world::World;
use super::world::plan::Horizon;

/// What does not depend on the moment.
pub struct Account {
    pub spec: Arc<Spec>,
    pub start: Moment,
    pub dice: Dice,
    world: Mutex<Arc<World>>,
    alarms: Mutex<Vec<Option<Follower>>>,
    history: OnceLock<History>,
    queries: Mutex<Queries>,
}

impl Account {
    pub fn new(spec: Arc<Spec>, seed: u64, start: Moment) -> Self {
        let dice = Dice::new(seed);
        let horizon = Horizon {
            start,
            from: start.plus(-i64::from(spec.account.history_days) * DAY),
            until: start.day().plus(2 * DAY),
        };
        let alarms = vec![None; spec.alarms.len()];
        Self {
            world: Mutex::new(Arc::new(World::plan(&spec, dice, horizon))),
            alarms: Mutex::new(alarms),
            history: OnceLock::new(),
            queries: Mutex::default(),
            spec,
            start,
            dice,
        }
    }

    /// The queries of Logs Insights that somebody started.
    pub fn queries(&self) -> MutexGuard<'_, Queries> {
        self.queries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The account as it is at `now`.
    pub fn at(&self, now: Moment) -> View<'_> {
        View {
            account: self,
            world: self.world(now),
            now,
        }
    }

    /// The plan, far enough for `now`.
    fn world(&self, now: Moment) -> Arc<World> {
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        if now >= world.horizon.until {
            let horizon = Horizon {
                until: now.day().plus(2 * DAY),
                ..world.horizon
            };
            *world = Arc::new(World::plan(&self.spec, self.dice, horizon));
        }
        Arc::clone(&world)
    }

    /// The history of the demo repository, which the registry refers to.
    pub fn history(&self) -> &History {
        self.history.get_or_init(|| History::new(self.start))
    }

    /// A commit by its place from the newest; of other repositories than the demo's, one that looks like it.
    pub fn commit(&self, repository: &str, from_newest: usize) -> Commit {
        if repository == "churn" {
            return self.history().commit(from_newest).clone();
        }
        let dice = self.dice.of("commit").of(repository).at(from_newest as i64);
        let messages = [
            "Sample negatives by popularity",
            "Two towers share the item embedding",
            "Markets as a feature, not as models",
            "Serve from one process per core",
            "Temperature 0.07",
        ];
        let at = self.start.plus_minutes(-90.0 - from_newest as f64 * 610.0);
        Commit::new(dice.hex(40), at, messages[dice.index(messages.len())])
    }

    pub fn arn(&self, service: &str, resource: &str) -> String {
        let account = &self.spec.account;
        format!(
            "arn:aws:{service}:{}:{}:{resource}",
            account.region, account.id
        )
    }

    pub fn role(&self, name: &str) -> String {
        format!("arn:aws:iam::{}:role/{name}", self.spec.account.id)
    }

    /// The caller, as STS tells it.
    pub fn caller_arn(&self) -> String {
        let account = &self.spec.account;
        format!(
            "arn:aws:sts::{}:assumed-role/{}/{}",
            account.id, account.role, account.session
        )
    }

    /// `repository:tag` as a whole URI in the account's ECR.
    pub fn image(&self, image: &str) -> String {
        if image.contains(".amazonaws.com/") {
            return image.to_owned();
        }
        let account = &self.spec.account;
        format!(
            "{}.dkr.ecr.{}.amazonaws.com/{image}",
            account.id, account.region
        )
    }

    /// The digest of an image of the account; of another registry's, one that looks like it.
    pub fn digest(&self, repository: &str, tag: &str) -> String {
        let images = self.spec.images.iter().find(|r| r.name == repository);
        let index = images.and_then(|r| {
            r.images
                .iter()
                .position(|i| i.tags.iter().any(|t| t == tag))
        });
        let dice = self.dice.of("image").of(repository);
        let dice = index.map_or_else(|| dice.of(tag), |index| dice.at(index as i64));
        format!("sha256:{}", dice.hex(64))
    }

    pub fn s3(&self, key: &str) -> String {
        format!("s3://{}/{key}", self.spec.account.bucket)
    }
}

/// The account at one moment.
pub struct View<'a> {
    pub account: &'a Account,
    pub world: Arc<World>,
    pub now: Moment,
}

impl<'a> View<'a> {
    pub fn spec(&self) -> &'a Spec {
        &self.account.spec
    }

    pub fn metrics(&self) -> Metrics<'_> {
        Metrics {
            spec: &self.account.spec,
            world: &self.world,
            start: self.account.start,
            dice: self.account.dice,
        }
    }

    pub fn served(&self, endpoint: usize, variant: usize) -> Served<'a> {
        let endpoint = &self.account.spec.endpoints[endpoint];
        Served {
            endpoint,
            variant: &endpoint.variants[variant],
            start: self.account.start,
            dice: self.account.dice,
        }
    }

    /// When an alarm was last changed by somebody.
    pub fn alarm_configured(&self, index: usize) -> Moment {
        let alarm = &self.account.spec.alarms[index];
        let dice = self.account.dice.of("alarm").of(&alarm.name);
        let minutes = -dice.between(3.0, 60.0) * 1440.0;
        let endpoint = self
            .spec()
            .endpoints
            .iter()
            .find(|e| e.name == alarm.endpoint);
        let earliest = endpoint.map_or(minutes, |e| e.created + 60.0);
        self.account
            .start
            .plus_minutes(minutes.max(earliest.min(-120.0)))
    }

    /// The state of an alarm now.
    pub fn alarm(&self, index: usize) -> AlarmState {
        let alarm = &self.account.spec.alarms[index];
        let metrics = self.metrics();
        let mut book = self
            .account
            .alarms
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let begin = || Follower::new(alarm, &metrics, self.alarm_configured(index));
        let follower = book[index].get_or_insert_with(begin);
        if follower.can_tell(self.now) {
            follower.at(alarm, &metrics, self.now).clone()
        } else {
            // A page of an earlier moment: followed again, beside the book.
            begin().at(alarm, &metrics, self.now).clone()
        }
    }

    pub fn alarm_metric(&self, index: usize) -> super::serving::metrics::MetricName {
        metric_of(&self.account.spec.alarms[index])
    }
}
