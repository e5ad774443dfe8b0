//! Queries of CloudWatch Logs Insights: what is asked, what it scans, and what comes back.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::log::LogGroup;

/// US dollars for a gigabyte scanned: list price of us-east-1, as of November 2026.
const USD_PER_GB: f64 = 0.005;
const GB: f64 = 1_073_741_824.0;

/// The most rows that a query answers.
pub const MOST_ROWS: usize = 10_000;

/// A query over log groups and a stretch of time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InsightsQuery {
    pub groups: Vec<String>,
    pub from: Timestamp,
    pub until: Timestamp,
    /// In the query language of Logs Insights: `fields @message | filter @message like /ERROR/`.
    pub text: String,
    /// Rows; what the query itself says comes first. At most [`MOST_ROWS`].
    pub limit: Option<usize>,
    /// What it is expected to scan, where that is known: past the spending cap it is refused before it starts.
    pub expected_bytes: Option<u64>,
}

/// A query to choose instead of writing it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedQuery {
    pub name: String,
    /// In the query language of Logs Insights.
    pub query: String,
}

/// Where a query stands, as CloudWatch says it; the list is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QueryState {
    Scheduled,
    Running,
    Complete,
    Failed,
    Cancelled,
    Timeout,
    Unknown(String),
}

impl QueryState {
    pub fn named(name: &str) -> Self {
        match name {
            "Scheduled" => Self::Scheduled,
            "Running" => Self::Running,
            "Complete" => Self::Complete,
            "Failed" => Self::Failed,
            "Cancelled" => Self::Cancelled,
            "Timeout" => Self::Timeout,
            other => Self::Unknown(other.to_owned()),
        }
    }

    /// Whether nothing more will come. A state of which nothing is known may still change.
    pub fn is_over(&self) -> bool {
        matches!(
            self,
            Self::Complete | Self::Failed | Self::Cancelled | Self::Timeout
        )
    }

    /// For a sentence: "the query failed".
    pub fn word(&self) -> &str {
        match self {
            Self::Scheduled => "is scheduled",
            Self::Running => "runs",
            Self::Complete => "is complete",
            Self::Failed => "failed",
            Self::Cancelled => "was stopped",
            Self::Timeout => "ran out of time",
            Self::Unknown(name) => name,
        }
    }
}

/// What a query has read so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scan {
    pub records_matched: u64,
    pub records_scanned: u64,
    pub bytes_scanned: u64,
}

impl Scan {
    /// US dollars, by list price.
    pub fn usd(self) -> f64 {
        scan_usd(self.bytes_scanned)
    }
}

/// US dollars for scanning so many bytes, by list price.
pub fn scan_usd(bytes: u64) -> f64 {
    bytes as f64 / GB * USD_PER_GB
}

/// Rows so far, and how far the query is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryResults {
    pub state: QueryState,
    /// Names in the order in which the rows bring them.
    pub columns: Vec<String>,
    /// A value for each column; `None` where the row has none.
    pub rows: Vec<Vec<Option<String>>>,
    pub scan: Scan,
}

/// Something that CloudWatch's anomaly detectors noticed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogAnomaly {
    pub id: String,
    pub groups: Vec<String>,
    /// The lines it is about, with `<*>` for what changes.
    pub pattern: String,
    pub description: String,
    /// `HIGH`, `MEDIUM`, `LOW`; open.
    pub priority: Option<String>,
    pub first_seen: Option<Timestamp>,
    pub last_seen: Option<Timestamp>,
    pub is_active: bool,
}

/// How many bytes a query over these groups and this time will scan at most, by what is stored and for how long.
///
/// A hint: groups fill unevenly, and what was written today is not counted yet. `None` where a group's size is not
/// known.
pub fn expected_bytes(
    groups: &[&LogGroup],
    from: Timestamp,
    until: Timestamp,
    now: Timestamp,
) -> Option<u64> {
    let window = until.min(now).duration_since(from).as_secs_f64().max(0.0);
    let mut sum = 0.0;
    for group in groups {
        let stored = group.stored_bytes?.max(0) as f64;
        let age = group
            .created_at
            .map(|at| now.duration_since(at).as_secs_f64());
        let kept = group.retention_days.map(|days| f64::from(days) * 86_400.0);
        // The shorter of the two: nothing older than either is stored.
        let span = match (age, kept) {
            (Some(age), Some(kept)) => age.min(kept),
            (Some(span), None) | (None, Some(span)) => span,
            (None, None) => window,
        };
        sum += stored * (window / span.max(1.0)).min(1.0);
    }
    Some(sum as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + hour * 3600).unwrap()
    }

    fn group(bytes: Option<i64>, days: Option<i32>, created: Option<i64>) -> LogGroup {
        LogGroup {
            name: "g".into(),
            stored_bytes: bytes,
            retention_days: days,
            created_at: created.map(at),
        }
    }

    #[test]
    fn the_share_of_what_is_stored() {
        let expected =
            |group: &LogGroup, from: i64| expected_bytes(&[group], at(from), at(0), at(0));
        let kept = group(Some(2_400), Some(10), Some(-24 * 300));
        assert_eq!(expected(&kept, -1), Some(10));
        assert_eq!(expected(&kept, -24 * 20), Some(2_400));
        let young = group(Some(1000), None, Some(-10));
        assert_eq!(expected(&young, -1), Some(100));
        assert_eq!(expected(&group(Some(1000), None, None), -1), Some(1000));
        assert_eq!(expected(&group(None, None, None), -1), None);
    }

    #[test]
    fn half_a_cent_a_gigabyte() {
        assert!((scan_usd(1 << 30) - 0.005).abs() < 1e-12);
        assert_eq!(scan_usd(0), 0.0);
    }

    #[test]
    fn states_are_an_open_list() {
        assert_eq!(QueryState::named("Complete"), QueryState::Complete);
        let new = QueryState::named("Paused");
        assert!(!new.is_over());
        assert_eq!(new.word(), "Paused");
    }
}
