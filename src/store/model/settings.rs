//! What the user chose at start.

use jiff::tz::TimeZone;

use crate::domain::insights::SavedQuery;
use crate::findings::rules::Thresholds;
use crate::lineage::Rules;

#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Shown in the first line: the profile's name, or `demo`.
    pub profile: Option<String>,
    /// As resolved, or as asked for until then.
    pub region: Option<String>,
    /// Where another endpoint than AWS is spoken to.
    pub endpoint_url: Option<String>,
    /// The simulated account.
    pub demo: bool,
    /// Files or a pipe are looked at, and no account.
    pub local: bool,
    /// A repository was asked for by name: that there is none is a failure then.
    pub repository_named: bool,
    /// For times on screen.
    pub time_zone: TimeZone,
    pub thresholds: Thresholds,
    /// How things are joined to commits.
    pub lineage: Rules,
    /// Seconds between two descriptions of the open run while it moves.
    pub open_run_seconds: i64,
    /// Lines on the first screen of a tail.
    pub log_first_lines: usize,
    /// Bytes of log text kept in memory.
    pub log_max_bytes: usize,
    /// Queries of Logs Insights that the config has.
    pub saved_queries: Vec<SavedQuery>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            profile: None,
            region: None,
            endpoint_url: None,
            demo: false,
            local: false,
            repository_named: false,
            time_zone: TimeZone::UTC,
            thresholds: Thresholds::default(),
            lineage: Rules::default(),
            open_run_seconds: 15,
            log_first_lines: 500,
            log_max_bytes: 64 << 20,
            saved_queries: Vec::new(),
        }
    }
}
