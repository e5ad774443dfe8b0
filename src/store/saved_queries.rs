//! Queries of Logs Insights to choose from: the user's, the account's, and some to begin with.

use crate::domain::insights::SavedQuery;

use super::model::Model;

/// What one asks first, by name.
const FIRST: [(&str, &str); 8] = [
    (
        "errors",
        r"fields @timestamp, @logStream, @message | filter @message like /(?i)\b(error|exception|traceback|critical|fatal)\b/ | sort @timestamp desc | limit 1000",
    ),
    (
        "errors over time",
        r"filter @message like /(?i)\b(error|exception|traceback|critical|fatal)\b/ | stats count(*) as errors by bin(15m) as time | sort time asc",
    ),
    (
        "levels over time",
        r"parse @message /(?<lvl>DEBUG|INFO|WARN|ERROR|CRITICAL|FATAL)/ | stats count(*) as lines by bin(1h) as time, lvl | sort time asc",
    ),
    (
        "slowest",
        r"parse @message /(?<ms>\d+(\.\d+)?) ?ms\b/ | filter ispresent(ms) | fields @timestamp, ms, @logStream, @message | sort ms desc | limit 100",
    ),
    (
        "restarts",
        r"fields @timestamp, @logStream, @message | filter @message like /(?i)(restart|out of memory|oom-?kill|killed|sigterm|sigkill|shutting down|exit code)/ | sort @timestamp desc | limit 500",
    ),
    ("patterns", "pattern @message"),
    (
        "busiest streams",
        "stats count(*) as lines by @logStream | sort lines desc | limit 100",
    ),
    (
        "functions by the hour",
        r#"filter @type = "REPORT" | stats count(*) as calls, avg(@duration) as mean_ms, max(@duration) as longest_ms by bin(1h) as time | sort time asc"#,
    ),
];

/// All of them, the user's own first; of the same name the first counts.
pub fn all(model: &Model) -> Vec<SavedQuery> {
    let own = model.settings.saved_queries.iter().cloned();
    let first = FIRST.iter().map(|(name, query)| SavedQuery {
        name: (*name).to_owned(),
        query: (*query).to_owned(),
    });
    let of_account = model.logs.saved.items().iter().cloned();
    let mut all: Vec<SavedQuery> = Vec::new();
    for saved in own.chain(first).chain(of_account) {
        if !all.iter().any(|known| known.name == saved.name) {
            all.push(saved);
        }
    }
    all
}
