//! ListAnomalies: what the containers of endpoints say when something goes wrong is new to a detector.

use std::collections::HashMap;

use super::super::call::{Call, Reply};
use super::of_group;
use crate::simulator::insights::pattern;
use crate::simulator::logs::groups;
use crate::simulator::moment::{HOUR, MINUTE, Moment};
use crate::simulator::wire::error::ApiError;
use crate::simulator::wire::value::{Value, map};

/// So far back detectors look.
const SPAN: i64 = HOUR;

/// Something quieter than this is no longer going on.
const ACTIVE: i64 = 15 * MINUTE;

/// Of one group.
const MOST: usize = 2;

/// Lines that say the same, and when.
struct Noticed {
    group: String,
    pattern: String,
    count: usize,
    first: Moment,
    last: Moment,
}

pub fn list(call: &Call<'_>) -> Reply {
    let limit = call.limit("limit", 50, 50)?;
    let mut noticed = Vec::new();
    for group in groups::groups(&call.view) {
        if group.contains("/Endpoints/") {
            noticed.extend(of(call, &group)?);
        }
    }
    let (page, token) = call.page(noticed, limit);
    let account = call.account();
    Ok(map! {
        "anomalies" => Value::list(page.into_iter().map(|noticed| {
            let id = account.dice.of("anomaly").of(&noticed.group).of(&noticed.pattern).uuid();
            let detector = account.dice.of("detector").of(&noticed.group).uuid();
            let active = noticed.last >= call.now().plus(-ACTIVE);
            map! {
                "anomalyId" => id.as_str(),
                "patternId" => id.replace('-', ""),
                "anomalyDetectorArn" => account.arn("logs", &format!("anomaly-detector:{detector}")),
                "patternString" => noticed.pattern.as_str(),
                "priority" => if noticed.count >= 50 { "HIGH" } else { "MEDIUM" },
                "firstSeen" => noticed.first.0,
                "lastSeen" => noticed.last.0,
                "description" => format!("{} times within an hour, and not before", noticed.count),
                "active" => active,
                "state" => if active { "Active" } else { "Baseline" },
                "histogram" => Value::texts::<String, String>([]),
                "logSamples" => Value::List(Vec::new()),
                "patternTokens" => Value::List(Vec::new()),
                "logGroupArnList" => Value::list([account.arn("logs", &format!("log-group:{}", noticed.group))]),
            }
        })),
        "nextToken" => token,
    })
}

fn of(call: &Call<'_>, group: &str) -> Result<Vec<Noticed>, ApiError> {
    let mut found: HashMap<String, Noticed> = HashMap::new();
    for stream in of_group(call, group)? {
        for event in stream.events(&call.view, call.now().plus(-SPAN), call.now()) {
            if !["Error", "Exception"]
                .iter()
                .any(|word| event.message.contains(word))
            {
                continue;
            }
            let pattern = pattern(event.message.lines().next_back().unwrap_or_default());
            let known = found.entry(pattern.clone()).or_insert_with(|| Noticed {
                group: group.to_owned(),
                pattern,
                count: 0,
                first: event.at,
                last: event.at,
            });
            known.count += 1;
            known.first = known.first.min(event.at);
            known.last = known.last.max(event.at);
        }
    }
    let mut found: Vec<Noticed> = found.into_values().collect();
    found.sort_by(|a, b| {
        b.count
            .cmp(&a.count)
            .then_with(|| a.pattern.cmp(&b.pattern))
    });
    found.truncate(MOST);
    Ok(found)
}
