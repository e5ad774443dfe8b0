//! Prices every attempt before it leaves the machine, and refuses it past the cap.
//!
//! What is asked of AWS itself is added up on disk, for all processes together. What is asked of a simulated account
//! or an endpoint URL of one's own costs nothing: it is metered in memory only, so that the caps can be seen at work.

mod file;
mod interceptor;
mod prices;

use std::collections::VecDeque;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::time::Instant;

pub use interceptor::{LedgerInterceptor, is_aws};
pub use prices::Price;

use crate::domain::clock::Clock;
use crate::domain::usage::ApiUsage;
use crate::sources::UsageMeter;
use file::{LedgerFile, Spend};

/// What the tool may spend by itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Caps {
    /// US dollars a day (UTC).
    pub daily_usd: f64,
    /// US dollars a calendar month (UTC).
    pub monthly_usd: f64,
    /// Cost Explorer requests a day (UTC); each page is one.
    pub cost_explorer_requests_per_day: u32,
}

impl Default for Caps {
    fn default() -> Self {
        Self {
            daily_usd: 0.25,
            monthly_usd: 3.0,
            cost_explorer_requests_per_day: 20,
        }
    }
}

/// The ledger's own refusal; found again in the error chain of the SDK.
#[derive(Clone, Debug, PartialEq)]
pub struct OverBudget(pub String);

impl fmt::Display for OverBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for OverBudget {}

/// The meter of one account, shared by all its clients.
pub struct Ledger {
    clock: Arc<dyn Clock>,
    caps: Caps,
    file: Option<LedgerFile>,
    state: Mutex<State>,
    /// For the task that writes: it must not keep the ledger alive.
    me: Weak<Ledger>,
}

#[derive(Default)]
struct State {
    account: Option<String>,
    calls: VecDeque<Instant>,
    /// On disk as far as known, by all processes.
    stored: Spend,
    /// Not yet on disk.
    pending: Spend,
    /// Of simulated and local endpoints.
    local: Spend,
    writing: bool,
}

impl Ledger {
    /// `state_dir`: where the sum is kept; `None` keeps it in memory.
    pub fn new(clock: Arc<dyn Clock>, caps: Caps, state_dir: Option<PathBuf>) -> Arc<Self> {
        Arc::new_cyclic(|me| Self {
            clock,
            caps,
            file: state_dir.map(LedgerFile::new),
            state: Mutex::default(),
            me: me.clone(),
        })
    }

    /// Says whose account this is: until then the sum on disk is not known.
    pub fn set_account(&self, account: &str) {
        let stored = self.file.as_ref().map(|file| file.read(account));
        let mut state = self.state();
        state.account = Some(account.to_owned());
        if let Some(stored) = stored {
            state.stored = stored;
        }
        drop(state);
        self.write_soon();
    }

    /// Books one attempt, or refuses it. `real`: it goes to AWS itself.
    pub fn charge(&self, price: Price, real: bool) -> Result<(), OverBudget> {
        let today = Spend::starting(self.clock.now());
        let mut state = self.state();
        state.stored.roll_over(&today);
        state.pending.roll_over(&today);
        state.local.roll_over(&today);
        if price.usd > 0.0 {
            let spent = if real {
                state.stored.plus(&state.pending)
            } else {
                state.local.clone()
            };
            self.check(&spent, price)?;
        }
        state.calls.push_back(Instant::now());
        while state.calls.len() > 100_000 {
            state.calls.pop_front();
        }
        let to_disk = real && self.file.is_some();
        let meter = if to_disk {
            &mut state.pending
        } else {
            &mut state.local
        };
        meter.add(price);
        drop(state);
        if to_disk && price.usd > 0.0 {
            self.write_soon();
        }
        Ok(())
    }

    /// Whether something that will be billed later would pass the caps. Nothing is booked.
    pub fn afford(&self, usd: f64, real: bool) -> Result<(), OverBudget> {
        self.check(&self.spent(real), Price::usd(usd))
    }

    /// Books what AWS has billed already, without asking.
    ///
    /// # Errors
    /// When the sum is past the caps now: it is booked all the same.
    pub fn book(&self, usd: f64, real: bool) -> Result<(), OverBudget> {
        let spent = self.spent(real);
        let to_disk = real && self.file.is_some();
        let mut state = self.state();
        let meter = if to_disk {
            &mut state.pending
        } else {
            &mut state.local
        };
        meter.add(Price::usd(usd));
        drop(state);
        if to_disk && usd > 0.0 {
            self.write_soon();
        }
        self.check(&spent, Price::usd(usd))
    }

    /// What was spent until now, of real or of simulated money.
    fn spent(&self, real: bool) -> Spend {
        let today = Spend::starting(self.clock.now());
        let mut state = self.state();
        state.stored.roll_over(&today);
        state.pending.roll_over(&today);
        state.local.roll_over(&today);
        if real {
            state.stored.plus(&state.pending)
        } else {
            state.local.clone()
        }
    }

    fn check(&self, spent: &Spend, price: Price) -> Result<(), OverBudget> {
        let caps = self.caps;
        if spent.day_usd + price.usd > caps.daily_usd + 1e-9 {
            return Err(OverBudget(format!(
                "the daily cap of ${:.2} for paid AWS calls is reached",
                caps.daily_usd
            )));
        }
        if spent.month_usd + price.usd > caps.monthly_usd + 1e-9 {
            return Err(OverBudget(format!(
                "the monthly cap of ${:.2} for paid AWS calls is reached",
                caps.monthly_usd
            )));
        }
        if price.cost_explorer
            && spent.cost_explorer_requests >= caps.cost_explorer_requests_per_day
        {
            return Err(OverBudget(format!(
                "the cap of {} Cost Explorer requests a day is reached",
                caps.cost_explorer_requests_per_day
            )));
        }
        Ok(())
    }

    /// Hands the pending sum to a blocking thread, at most once a second.
    fn write_soon(&self) {
        if self.file.is_none() || !self.start_writing() {
            return;
        }
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            self.write();
            self.state().writing = false;
            return;
        };
        let me = self.me.clone();
        runtime.spawn(async move {
            loop {
                let Some(ledger) = me.upgrade() else { return };
                // Blocking work that has begun is finished before the runtime ends, so a short process books it too.
                let _ = tokio::task::spawn_blocking(move || ledger.write()).await;
                tokio::time::sleep(Duration::from_secs(1)).await;
                let Some(ledger) = me.upgrade() else { return };
                ledger.state().writing = false;
                if !ledger.start_writing() {
                    return;
                }
            }
        });
    }

    fn start_writing(&self) -> bool {
        let mut state = self.state();
        if state.writing || state.account.is_none() || state.pending.is_zero() {
            return false;
        }
        state.writing = true;
        true
    }

    fn write(&self) {
        let Some(file) = &self.file else { return };
        let (account, pending) = {
            let mut state = self.state();
            let Some(account) = state.account.clone() else {
                return;
            };
            (account, std::mem::take(&mut state.pending))
        };
        if pending.is_zero() {
            return;
        }
        match file.add(&account, &pending) {
            Ok(stored) => self.state().stored = stored,
            Err(error) => {
                tracing::warn!(%error, "the spending ledger could not be written");
                // Counted on, so that the cap holds within this process.
                let mut state = self.state();
                state.stored = state.stored.plus(&pending);
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl UsageMeter for Ledger {
    fn usage(&self) -> ApiUsage {
        let today = Spend::starting(self.clock.now());
        let mut state = self.state();
        state.stored.roll_over(&today);
        state.pending.roll_over(&today);
        state.local.roll_over(&today);
        while state
            .calls
            .front()
            .is_some_and(|at| at.elapsed() >= Duration::from_secs(60))
        {
            state.calls.pop_front();
        }
        let spent_today_usd = state.stored.day_usd + state.pending.day_usd + state.local.day_usd;
        let spent_this_month_usd =
            state.stored.month_usd + state.pending.month_usd + state.local.month_usd;
        let left_today = self.caps.daily_usd - spent_today_usd;
        let left_this_month = self.caps.monthly_usd - spent_this_month_usd;
        ApiUsage {
            calls_last_minute: u32::try_from(state.calls.len()).unwrap_or(u32::MAX),
            spent_today_usd,
            cap_today_usd: self.caps.daily_usd,
            left_usd: left_today.min(left_this_month).max(0.0),
        }
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        self.write();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::domain::clock::FixedClock;

    fn clock(text: &str) -> Arc<dyn Clock> {
        Arc::new(FixedClock(text.parse().unwrap()))
    }

    fn cent() -> Price {
        Price {
            usd: 0.01,
            cost_explorer: true,
        }
    }

    #[test]
    fn processes_share_the_sum_on_disk() {
        let dir = tempfile::tempdir().unwrap();
        let open = || {
            let ledger = Ledger::new(
                clock("2026-11-22T12:00:00Z"),
                Caps::default(),
                Some(dir.path().to_owned()),
            );
            ledger.set_account("123456789012");
            ledger
        };
        let first = open();
        first.charge(cent(), true).unwrap();
        let second = open();
        assert!((second.usage().spent_today_usd - 0.01).abs() < 1e-9);
        second.charge(cent(), true).unwrap();
        first.charge(cent(), true).unwrap();
        drop((first, second));
        assert!((open().usage().spent_today_usd - 0.03).abs() < 1e-9);
    }

    #[test]
    fn a_new_day_and_a_new_month_start_at_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let spent_on = |day: &str| {
            let ledger = Ledger::new(clock(day), Caps::default(), Some(dir.path().to_owned()));
            ledger.set_account("123456789012");
            ledger.charge(cent(), true).unwrap();
            ledger.usage().spent_today_usd
        };
        assert!((spent_on("2026-11-29T23:59:00Z") - 0.01).abs() < 1e-9);
        assert!((spent_on("2026-11-30T00:01:00Z") - 0.01).abs() < 1e-9);
        let ledger = Ledger::new(
            clock("2026-12-01T00:01:00Z"),
            Caps {
                monthly_usd: 0.01,
                ..Caps::default()
            },
            Some(dir.path().to_owned()),
        );
        ledger.set_account("123456789012");
        ledger.charge(cent(), true).unwrap();
    }

    #[test]
    fn each_cap_refuses_with_its_own_words() {
        let refuse = |caps: Caps| {
            let ledger = Ledger::new(clock("2026-11-22T12:00:00Z"), caps, None);
            ledger.charge(cent(), false).unwrap();
            ledger.charge(cent(), false).unwrap_err().0
        };
        let caps = Caps::default();
        assert!(
            refuse(Caps {
                daily_usd: 0.015,
                ..caps
            })
            .contains("daily")
        );
        assert!(
            refuse(Caps {
                monthly_usd: 0.015,
                ..caps
            })
            .contains("monthly")
        );
        assert!(
            refuse(Caps {
                cost_explorer_requests_per_day: 1,
                ..caps
            })
            .contains("Cost Explorer")
        );
    }

    #[test]
    fn what_is_billed_already_is_booked_past_the_cap_and_told() {
        let ledger = Ledger::new(clock("2026-11-22T12:00:00Z"), Caps::default(), None);
        ledger.afford(0.2, false).unwrap();
        assert!(ledger.usage().spent_today_usd < 1e-9, "only asked");
        ledger.book(0.2, false).unwrap();
        assert!(ledger.afford(0.1, false).is_err());
        assert!(ledger.book(0.1, false).is_err());
        assert!((ledger.usage().spent_today_usd - 0.3).abs() < 1e-9);
    }

    #[test]
    fn free_calls_pass_any_cap() {
        let caps = Caps {
            daily_usd: 0.0,
            monthly_usd: 0.0,
            cost_explorer_requests_per_day: 0,
        };
        let ledger = Ledger::new(clock("2026-11-22T12:00:00Z"), caps, None);
        ledger.charge(Price::FREE, true).unwrap();
        assert_eq!(ledger.usage().calls_last_minute, 1);
    }

    #[tokio::test(start_paused = true)]
    async fn only_the_last_minute_counts() {
        let ledger = Ledger::new(clock("2026-11-22T12:00:00Z"), Caps::default(), None);
        ledger.charge(Price::FREE, false).unwrap();
        tokio::time::advance(Duration::from_secs(59)).await;
        ledger.charge(Price::FREE, false).unwrap();
        assert_eq!(ledger.usage().calls_last_minute, 2);
        tokio::time::advance(Duration::from_secs(2)).await;
        assert_eq!(ledger.usage().calls_last_minute, 1);
    }

    #[tokio::test]
    async fn what_is_local_never_reaches_the_disk() {
        let dir = tempfile::tempdir().unwrap();
        let ledger = Ledger::new(
            clock("2026-11-22T12:00:00Z"),
            Caps::default(),
            Some(dir.path().to_owned()),
        );
        ledger.set_account("123456789012");
        ledger.charge(cent(), false).unwrap();
        assert!((ledger.usage().spent_today_usd - 0.01).abs() < 1e-9);
        drop(ledger);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
