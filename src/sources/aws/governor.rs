//! One token bucket per operation, shared by everything that asks the same account and Region.
//!
//! AWS publishes few of these limits, so the rates are cautious (quota tables, SDK polling intervals, reports of
//! throttling). It also remembers which operations an endpoint does not have, so that they are not asked in vain.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::api::Api;
use crate::domain::source_error::{ErrorKind, SourceError};

/// For how long an operation that the endpoint does not have is not asked again.
const UNSUPPORTED_FOR: Duration = Duration::from_secs(600);

/// For how long a service counts as throttled after it said so.
const THROTTLE_LASTS: Duration = Duration::from_secs(60);

/// How many calls a second, and how many at once after a pause.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    pub per_second: f64,
    pub burst: f64,
}

impl Pace {
    const fn new(per_second: f64, burst: f64) -> Self {
        Self { per_second, burst }
    }

    /// The pace of an operation at AWS itself.
    pub fn of(api: Api) -> Self {
        match (api.service, api.operation) {
            // Reported quota 2/s per account, not adjustable.
            ("sagemaker", "ListTrainingJobs") => Self::new(0.5, 4.0),
            ("sagemaker", "ListPipelineExecutions") => Self::new(2.0, 20.0),
            ("sagemaker", op) if op.starts_with("Describe") => Self::new(3.0, 20.0),
            ("sagemaker", op) if op.starts_with("List") => Self::new(1.0, 8.0),
            // Quota: 5/s (2/s in small Regions), bucket 100.
            ("states", "ListExecutions") => Self::new(2.0, 20.0),
            ("states", _) => Self::new(5.0, 10.0),
            // Quota: 25/s.
            ("logs", "DescribeLogStreams") => Self::new(10.0, 20.0),
            // Quotas: 9/s for DescribeAlarms, 50/s for GetMetricData.
            ("cloudwatch", _) => Self::new(4.0, 10.0),
            ("ce", _) => Self::new(0.2, 3.0),
            ("sts", _) => Self::new(1.0, 3.0),
            _ => Self::new(2.0, 20.0),
        }
    }

    /// Behind an endpoint URL of one's own nothing but the machine is at stake.
    fn local(self) -> Self {
        Self {
            per_second: self.per_second * 100.0,
            burst: self.burst * 10.0,
        }
    }
}

struct Bucket {
    /// May be negative: calls that wait have taken theirs already.
    tokens: f64,
    at: Instant,
}

/// Paces calls and remembers what is not supported.
pub struct Governor {
    local: bool,
    buckets: Mutex<HashMap<Api, Bucket>>,
    unsupported: Mutex<HashMap<Api, (Instant, SourceError)>>,
    answered: Mutex<HashSet<Api>>,
    /// When a service last asked to slow down.
    throttled: Mutex<HashMap<&'static str, Instant>>,
}

impl Governor {
    /// `local`: the account is behind an endpoint URL or simulated, not AWS itself.
    pub fn new(local: bool) -> Self {
        Self {
            local,
            buckets: Mutex::default(),
            unsupported: Mutex::default(),
            answered: Mutex::default(),
            throttled: Mutex::default(),
        }
    }

    /// Waits for this operation's turn; first come, first served.
    pub async fn acquire(&self, api: Api) {
        let wait = self.take(api, Instant::now());
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
    }

    fn take(&self, api: Api, now: Instant) -> Duration {
        let pace = if self.local {
            Pace::of(api).local()
        } else {
            Pace::of(api)
        };
        let mut buckets = held(&self.buckets);
        let bucket = buckets.entry(api).or_insert(Bucket {
            tokens: pace.burst,
            at: now,
        });
        let gained = now.duration_since(bucket.at).as_secs_f64() * pace.per_second;
        bucket.tokens = (bucket.tokens + gained).min(pace.burst) - 1.0;
        bucket.at = now;
        if bucket.tokens >= 0.0 {
            Duration::ZERO
        } else {
            Duration::from_secs_f64(-bucket.tokens / pace.per_second)
        }
    }

    /// The answer of last time, where the endpoint has said that it does not have the operation.
    pub fn refusal(&self, api: Api) -> Option<SourceError> {
        let mut unsupported = held(&self.unsupported);
        match unsupported.get(&api) {
            Some((at, error)) if at.elapsed() < UNSUPPORTED_FOR => Some(error.clone()),
            Some(_) => {
                unsupported.remove(&api);
                None
            }
            None => None,
        }
    }

    /// Takes note of what came back.
    ///
    /// An operation that has answered before is not marked, nor is any while nothing has answered at all:
    /// then it is the whole endpoint that fails, and it may recover.
    pub fn note(&self, api: Api, failure: Option<&SourceError>) {
        match failure {
            None => {
                held(&self.answered).insert(api);
            }
            Some(error) if error.kind == ErrorKind::NotInRegion => {
                let answered = held(&self.answered);
                if !answered.is_empty() && !answered.contains(&api) {
                    held(&self.unsupported).insert(api, (Instant::now(), error.clone()));
                }
            }
            Some(error) if error.kind == ErrorKind::Throttled => {
                held(&self.throttled).insert(api.service, Instant::now());
            }
            Some(_) => {}
        }
    }

    /// Whether a service asked to slow down a moment ago: then a call that runs out of time was held back by the
    /// SDK's own pace and is no sign of a dead network.
    pub fn is_throttled(&self, service: &'static str) -> bool {
        held(&self.throttled)
            .get(service)
            .is_some_and(|at| at.elapsed() < THROTTLE_LASTS)
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const LIST: Api = Api::new("sagemaker", "ListTrainingJobs");
    const DESCRIBE: Api = Api::new("sagemaker", "DescribeEndpoint");

    #[tokio::test(start_paused = true)]
    async fn the_burst_is_free_and_then_calls_are_paced() {
        let governor = Governor::new(false);
        let start = Instant::now();
        for _ in 0..4 {
            governor.acquire(LIST).await;
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
        governor.acquire(LIST).await;
        assert_eq!(start.elapsed().as_secs(), 2);
        governor.acquire(LIST).await;
        assert_eq!(start.elapsed().as_secs(), 4);
    }

    #[tokio::test(start_paused = true)]
    async fn operations_do_not_hold_each_other_up() {
        let governor = Governor::new(false);
        for _ in 0..4 {
            governor.acquire(LIST).await;
        }
        let start = Instant::now();
        governor.acquire(DESCRIBE).await;
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn waiting_calls_queue_up_behind_each_other() {
        let governor = std::sync::Arc::new(Governor::new(false));
        for _ in 0..4 {
            governor.acquire(LIST).await;
        }
        let start = Instant::now();
        let (a, b) = tokio::join!(governor.acquire(LIST), governor.acquire(LIST));
        let ((), ()) = (a, b);
        assert_eq!(start.elapsed().as_secs(), 4);
    }

    #[tokio::test(start_paused = true)]
    async fn an_unsupported_operation_is_left_alone_for_ten_minutes() {
        let governor = Governor::new(true);
        let error = SourceError::new(LIST.to_string(), ErrorKind::NotInRegion, "no such thing");
        governor.note(LIST, Some(&error));
        assert_eq!(governor.refusal(LIST), None, "nothing has answered yet");
        governor.note(DESCRIBE, None);
        governor.note(LIST, Some(&error));
        assert_eq!(governor.refusal(LIST), Some(error));
        tokio::time::advance(Duration::from_secs(601)).await;
        assert_eq!(governor.refusal(LIST), None);
    }

    #[tokio::test(start_paused = true)]
    async fn an_operation_that_once_answered_is_always_asked() {
        let governor = Governor::new(true);
        governor.note(LIST, None);
        let error = SourceError::new(LIST.to_string(), ErrorKind::NotInRegion, "no such thing");
        governor.note(LIST, Some(&error));
        assert_eq!(governor.refusal(LIST), None);
    }
}
