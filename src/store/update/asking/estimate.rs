//! What a query will scan and cost, before it is asked.

use jiff::{SignedDuration, Timestamp};

use crate::domain::insights::{expected_bytes, scan_usd};
use crate::domain::log::LogGroup;

use super::super::super::model::Model;
use super::super::super::model::logs::QueryForm;
use super::range;

/// What is known of a query before it is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    pub from: Timestamp,
    pub until: Timestamp,
    pub groups: Vec<String>,
    /// Stored in the groups, whatever the time; of those whose size is known.
    pub stored_bytes: u64,
    /// `None` where the size of a group is not known.
    pub scans: Option<Scans>,
    /// US dollars that may still be spent today; `None` until that is known.
    pub left_usd: Option<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scans {
    pub bytes: u64,
    pub usd: f64,
    /// All that is stored is scanned: it cannot be more. Otherwise it is the range's share of what is stored, and
    /// fuller hours hold more.
    pub at_most: bool,
}

impl Estimate {
    /// Whether the ledger would refuse it.
    pub fn is_over_cap(&self) -> bool {
        let usd = self.scans.map_or(0.0, |scans| scans.usd);
        self.left_usd.is_some_and(|left| usd > left + 1e-9)
    }
}

/// # Errors
/// What is wrong with the time, and what to type instead.
pub fn estimate(model: &Model, form: &QueryForm) -> Result<Estimate, String> {
    let now = model.now;
    let (from, until) = range::parse(form.range.text(), now, &model.settings.time_zone)?;
    let mut groups: Vec<String> = form.targets.iter().map(|t| t.group.clone()).collect();
    groups.sort();
    groups.dedup();
    let listed = model.logs.groups.items();
    let known: Vec<&LogGroup> = listed.iter().filter(|g| groups.contains(&g.name)).collect();
    let bytes = (known.len() == groups.len())
        .then(|| expected_bytes(&known, from, until, now))
        .flatten();
    let stored = known.iter().filter_map(|group| group.stored_bytes);
    let usage = model.account.usage;
    Ok(Estimate {
        scans: bytes.map(|bytes| Scans {
            bytes,
            usd: scan_usd(bytes),
            at_most: until >= now
                && known
                    .iter()
                    .all(|group| holds_nothing_older(group, from, now)),
        }),
        stored_bytes: stored.map(|bytes| u64::try_from(bytes).unwrap_or(0)).sum(),
        from,
        until,
        groups,
        left_usd: (usage.cap_today_usd > 0.0).then_some(usage.left_usd),
    })
}

fn holds_nothing_older(group: &LogGroup, from: Timestamp, now: Timestamp) -> bool {
    let kept = group.retention_days.map(|days| {
        now.checked_sub(SignedDuration::from_hours(24 * i64::from(days)))
            .unwrap_or(Timestamp::MIN)
    });
    let oldest = group.created_at.max(kept);
    oldest.is_some_and(|oldest| from <= oldest)
}
