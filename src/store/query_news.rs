//! What a query of Logs Insights has to tell while it runs.

use serde::{Deserialize, Serialize};

use crate::domain::insights::{QueryState, Scan};
use crate::domain::log::LogLine;
use crate::domain::source_error::SourceError;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum QueryNews {
    /// AWS has taken it; it costs from now on.
    Started,
    Progress {
        state: QueryState,
        scan: Scan,
        rows: NewRows,
    },
    /// The last look failed, or the attempt to stop it. The query goes on and is looked at again.
    Trouble(SourceError),
    /// It was refused, or nobody looks at it any more. What it found stays.
    Failed(SourceError),
}

/// What has come since the last time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum NewRows {
    #[default]
    None,
    /// Rows that are log lines.
    Lines {
        lines: Vec<LogLine>,
        /// In place of all that came before: an answer may change while it is being found.
        anew: bool,
    },
    /// Figures, patterns, chosen fields: all rows so far.
    Table {
        columns: Vec<String>,
        rows: Vec<Vec<Option<String>>>,
    },
}
