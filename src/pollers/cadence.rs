//! How often each source is asked, by how much it matters.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::domain::run::RunKind;
use crate::store::effect::{Interest, SourceId};

/// The time between two questions to one source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cadence {
    shown: Duration,
    /// As one of many on the Deck.
    glanced: Duration,
    /// `None`: not asked at all while hidden.
    hidden: Option<Duration>,
}

impl Cadence {
    /// Every `seconds` while on screen, so many times more slowly while hidden.
    pub const fn slower_hidden(seconds: u64, times: u64) -> Self {
        Self {
            shown: Duration::from_secs(seconds),
            glanced: Duration::from_secs(seconds),
            hidden: Some(Duration::from_secs(seconds.saturating_mul(times))),
        }
    }

    /// Every `seconds` while on screen, never while hidden.
    pub const fn only_shown(seconds: u64) -> Self {
        Self {
            shown: Duration::from_secs(seconds),
            glanced: Duration::from_secs(seconds),
            hidden: None,
        }
    }

    /// On the Deck no more often than every `seconds`: what takes many calls is not asked for a small pane alone.
    pub const fn on_the_deck(self, seconds: u64) -> Self {
        let least = Duration::from_secs(seconds);
        let glanced = if self.shown.as_nanos() < least.as_nanos() {
            least
        } else {
            self.shown
        };
        Self { glanced, ..self }
    }

    pub fn shown(self) -> Duration {
        self.shown
    }

    pub fn period(self, interest: Interest) -> Option<Duration> {
        match interest {
            Interest::Focused => Some(self.shown),
            Interest::Visible => Some(self.glanced),
            Interest::Hidden => self.hidden,
        }
    }
}

/// One cadence per source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cadences {
    /// A kind that is not named is asked once a minute.
    pub runs: BTreeMap<RunKind, Cadence>,
    pub endpoints: Cadence,
    pub metrics: Cadence,
    pub alarms: Cadence,
    pub log_groups: Cadence,
    pub costs: Cadence,
    pub budgets: Cadence,
    pub models: Cadence,
    pub images: Cadence,
    pub identity: Cadence,
    pub repository: Cadence,
    /// A followed log.
    pub log_tail: Cadence,
}

const RUNS: Cadence = Cadence::slower_hidden(60, 3);

impl Default for Cadences {
    fn default() -> Self {
        Self {
            runs: BTreeMap::new(),
            endpoints: Cadence::slower_hidden(30, 4).on_the_deck(60),
            // Every metric costs money, and a new point comes once a minute.
            metrics: Cadence::slower_hidden(60, 5),
            alarms: Cadence::slower_hidden(30, 2),
            log_groups: Cadence::only_shown(300),
            // Answers come from the cache until they are hours old.
            costs: Cadence::slower_hidden(600, 6),
            budgets: Cadence::slower_hidden(3600, 1),
            models: Cadence::slower_hidden(120, 5),
            images: Cadence::only_shown(300),
            identity: Cadence::slower_hidden(300, 1),
            repository: Cadence::slower_hidden(3, 5),
            log_tail: Cadence::slower_hidden(2, 5),
        }
    }
}

impl Cadences {
    pub fn of(&self, source: SourceId) -> Cadence {
        match source {
            SourceId::Runs(kind) => self.runs.get(&kind).copied().unwrap_or(RUNS),
            SourceId::Endpoints => self.endpoints,
            SourceId::Metrics => self.metrics,
            SourceId::Alarms => self.alarms,
            SourceId::LogGroups => self.log_groups,
            SourceId::Costs => self.costs,
            SourceId::Budgets => self.budgets,
            SourceId::ModelGroups => self.models,
            SourceId::Images => self.images,
            SourceId::Identity => self.identity,
            SourceId::Repository => self.repository,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deck_asks_less_often_where_lists_take_many_calls() {
        let seconds = |cadence: Cadence, interest| cadence.period(interest).map(|d| d.as_secs());
        let often = Cadence::slower_hidden(20, 3).on_the_deck(60);
        assert_eq!(seconds(often, Interest::Focused), Some(20));
        assert_eq!(seconds(often, Interest::Visible), Some(60));
        assert_eq!(seconds(often, Interest::Hidden), Some(60));
        let rarely = Cadence::slower_hidden(120, 3).on_the_deck(60);
        assert_eq!(seconds(rarely, Interest::Visible), Some(120));
    }
}
