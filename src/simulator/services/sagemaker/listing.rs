//! Filters, order and pages, which SageMaker's lists have in common.

use super::super::call::{Call, Reply};
use super::not_found;
use super::training::status;
use crate::simulator::moment::Moment;
use crate::simulator::wire::error::ApiError;
use crate::simulator::wire::value::{Members, Value};
use crate::simulator::world::jobs::JobRun;

/// What a list is filtered and sorted by, and the item itself.
pub struct Row<'a, T: ?Sized> {
    pub name: &'a str,
    pub created: Moment,
    pub modified: Moment,
    pub status: &'static str,
    pub item: &'a T,
}

/// How a list is sorted when nothing is said.
#[derive(Clone, Copy)]
pub struct Order {
    pub by_name: bool,
    pub descending: bool,
}

pub const NEWEST_FIRST: Order = Order {
    by_name: false,
    descending: true,
};
pub const OLDEST_FIRST: Order = Order {
    by_name: false,
    descending: false,
};
pub const BY_NAME: Order = Order {
    by_name: true,
    descending: false,
};

/// The jobs of a kind that exist by now.
pub fn jobs<'c>(call: &'c Call<'_>, is_kind: impl Fn(&JobRun) -> bool) -> Vec<Row<'c, JobRun>> {
    let now = call.now();
    let world = &call.view.world;
    world
        .jobs
        .iter()
        .filter(|job| is_kind(job) && job.span.has_started(now))
        .map(|job| Row {
            name: &job.name,
            created: job.span.start,
            modified: job.span.changed(now),
            status: status(job, now),
            item: job,
        })
        .collect()
}

/// The job of a kind that the call names in `member`.
pub fn job<'c>(
    call: &'c Call<'_>,
    member: &str,
    is_kind: impl Fn(&JobRun) -> bool,
) -> Result<&'c JobRun, ApiError> {
    let name = call.required(member)?;
    let job = call.view.world.job(name);
    job.filter(|job| is_kind(job) && job.span.has_started(call.now()))
        .ok_or_else(not_found)
}

/// Answers a list call: filters `rows`, sorts them, and writes one page under `member`.
pub fn reply<T: ?Sized>(
    call: &Call<'_>,
    member: &'static str,
    default: Order,
    mut rows: Vec<Row<'_, T>>,
    write: impl Fn(&T) -> Value,
) -> Reply {
    let limit = call.limit("MaxResults", 10, 100)?;
    let after = call
        .time("CreationTimeAfter")
        .or_else(|| call.time("CreatedAfter"));
    let before = call
        .time("CreationTimeBefore")
        .or_else(|| call.time("CreatedBefore"));
    let changed_after = call.time("LastModifiedTimeAfter");
    let changed_before = call.time("LastModifiedTimeBefore");
    let contains = call.text("NameContains").map(str::to_lowercase);
    let status = call.text("StatusEquals");
    rows.retain(|row| {
        after.is_none_or(|t| row.created > t)
            && before.is_none_or(|t| row.created < t)
            && changed_after.is_none_or(|t| row.modified > t)
            && changed_before.is_none_or(|t| row.modified < t)
            && contains
                .as_ref()
                .is_none_or(|c| row.name.to_lowercase().contains(c))
            && status.is_none_or(|s| row.status == s)
    });
    sort(call, default, &mut rows)?;
    let (page, token) = call.page(rows, limit);
    let mut members = Members::default();
    members.put(member, Value::list(page.iter().map(|row| write(row.item))));
    members.put("NextToken", token);
    Ok(Value::Map(members))
}

fn sort<T: ?Sized>(
    call: &Call<'_>,
    default: Order,
    rows: &mut [Row<'_, T>],
) -> Result<(), ApiError> {
    let descending = match call.text("SortOrder") {
        None => default.descending,
        Some("Ascending") => false,
        Some("Descending") => true,
        Some(other) => {
            return Err(call.invalid(format!(
                "1 validation error detected: Value '{other}' at 'sortOrder' failed to satisfy constraint: Member must satisfy enum value set: [Ascending, Descending]"
            )));
        }
    };
    match call.text("SortBy") {
        Some("Name") => rows.sort_by(|a, b| a.name.cmp(b.name)),
        Some("Status") => rows.sort_by(|a, b| (a.status, a.created).cmp(&(b.status, b.created))),
        None if default.by_name => rows.sort_by(|a, b| a.name.cmp(b.name)),
        _ => rows.sort_by(|a, b| (a.created, a.name).cmp(&(b.created, b.name))),
    }
    if descending {
        rows.reverse();
    }
    Ok(())
}
