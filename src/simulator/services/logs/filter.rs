//! FilterLogEvents: many streams by time, page by page.

use super::super::call::{Call, Reply};
use super::{EVENTS, group, of_group};
use crate::simulator::logs::event::Event;
use crate::simulator::logs::pattern::Pattern;
use crate::simulator::logs::streams::Stream;
use crate::simulator::moment::{MINUTE, Moment};
use crate::simulator::wire::error::ApiError;
use crate::simulator::wire::value::{Value, map};

/// The most bytes of a page.
const BYTES: usize = 1_048_576;
/// What an event takes in an answer beside its message.
const ENVELOPE: usize = 200;

/// A page of FilterLogEvents looks at so much time at once, and at most at so many of these.
const SLICE: i64 = 10 * MINUTE;
const SLICES: usize = 72;

/// Where a page of FilterLogEvents begins: the moment it was first asked, how far it came, and its direction.
struct Cursor {
    snapshot: Moment,
    at: Moment,
    skip: usize,
    ascending: bool,
}

impl Cursor {
    fn write(&self) -> String {
        let direction = if self.ascending { 'a' } else { 'd' };
        format!(
            "e/{direction}/{}/{}/{}",
            self.snapshot.0, self.at.0, self.skip
        )
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.strip_prefix("e/")?.split('/');
        let ascending = parts.next()? == "a";
        Some(Self {
            snapshot: Moment(parts.next()?.parse().ok()?),
            at: Moment(parts.next()?.parse().ok()?),
            skip: parts.next()?.parse().ok()?,
            ascending,
        })
    }
}

pub fn filter(call: &Call<'_>) -> Reply {
    let group = group(call)?;
    let limit = call.limit("limit", EVENTS, EVENTS)?;
    let pattern = Pattern::parse(call.text("filterPattern").unwrap_or_default())
        .map_err(|e| call.invalid(e))?;
    let names = call.texts("logStreamNames");
    let prefix = call.text("logStreamNamePrefix");
    if !names.is_empty() && prefix.is_some() {
        return Err(call
            .invalid("logStreamNames and logStreamNamePrefix are mutually exclusive parameters."));
    }
    let mut streams = of_group(call, &group)?;
    streams.retain(|s| {
        (names.is_empty() || names.contains(&s.name.as_str()))
            && prefix.is_none_or(|p| s.name.starts_with(p))
    });
    if !names.is_empty() && streams.is_empty() {
        return Err(ApiError::new(
            "ResourceNotFoundException",
            "The specified log stream does not exist.",
        ));
    }
    let token = call.text("nextToken");
    let resumed = token.map(|t| {
        Cursor::read(t).ok_or_else(|| call.invalid("The specified nextToken is invalid."))
    });
    let resumed = resumed.transpose()?;
    let snapshot = resumed.as_ref().map_or(call.now(), |c| c.snapshot);
    let ascending = resumed
        .as_ref()
        .map_or(call.flag("startFromHead") != Some(false), |c| c.ascending);
    // Nothing lies before the first stream nor after the page's snapshot.
    let first = streams.iter().map(|s| s.first).min().unwrap_or(snapshot);
    let start = call
        .number("startTime")
        .map_or(first, |t| Moment(t as i64))
        .max(first);
    let end = call
        .number("endTime")
        .map_or(snapshot.plus(1), |t| Moment(t as i64 + 1))
        .min(snapshot.plus(1));
    let mut search = Search {
        call,
        streams: &streams,
        pattern: &pattern,
        start,
        end,
        limit,
    };
    let cursor = resumed.unwrap_or(Cursor {
        snapshot,
        at: if ascending { start } else { end },
        skip: 0,
        ascending,
    });
    let (events, next) = search.page(cursor);
    Ok(map! {
        "events" => Value::list(events.into_iter().map(|(stream, event)| {
            let stream = &streams[stream];
            map! {
                "logStreamName" => stream.name.as_str(),
                "timestamp" => event.at.0,
                "message" => event.message.as_str(),
                "ingestionTime" => event.ingested.0,
                "eventId" => event.id(stream.dice),
            }
        })),
        "searchedLogStreams" => Value::List(Vec::new()),
        "nextToken" => next.map(|c| c.write()),
    })
}

struct Search<'s> {
    call: &'s Call<'s>,
    streams: &'s [Stream<'s>],
    pattern: &'s Pattern,
    start: Moment,
    end: Moment,
    limit: usize,
}

impl Search<'_> {
    /// One page from the cursor on, and where the next begins.
    fn page(&mut self, mut cursor: Cursor) -> (Vec<(usize, Event)>, Option<Cursor>) {
        let mut page = Vec::new();
        let mut bytes = 0;
        for _ in 0..SLICES {
            let (from, until) = if cursor.ascending {
                (
                    cursor.at,
                    self.skip_gap(cursor.at).plus(SLICE).min(self.end),
                )
            } else {
                (cursor.at.plus(-SLICE).max(self.start), cursor.at)
            };
            if from >= until {
                return (page, None);
            }
            let mut found = self.slice(from, until);
            if !cursor.ascending {
                found.reverse();
            }
            let total = found.len();
            for (index, item) in found.into_iter().enumerate().skip(cursor.skip) {
                bytes += item.1.message.len() + ENVELOPE;
                page.push(item);
                if page.len() == self.limit || bytes >= BYTES {
                    cursor.skip = index + 1;
                    let finished = cursor.skip == total
                        && (if cursor.ascending {
                            until >= self.end
                        } else {
                            from <= self.start
                        });
                    return (page, (!finished).then_some(cursor));
                }
            }
            cursor.skip = 0;
            cursor.at = if cursor.ascending { until } else { from };
        }
        let finished = if cursor.ascending {
            cursor.at >= self.end
        } else {
            cursor.at <= self.start
        };
        (page, (!finished).then_some(cursor))
    }

    /// Where the next stream that was written to after `at` begins, so that silence is not searched.
    fn skip_gap(&self, at: Moment) -> Moment {
        let open = |s: &&Stream<'_>| s.last.is_none_or(|last| last >= at);
        let next = self.streams.iter().filter(open).map(|s| s.first).min();
        next.map_or(self.end, |first| first.max(at))
    }

    fn slice(&self, from: Moment, until: Moment) -> Vec<(usize, Event)> {
        let mut found: Vec<(usize, Event)> = Vec::new();
        for (index, stream) in self.streams.iter().enumerate() {
            let outside = stream.first >= until || stream.last.is_some_and(|last| last < from);
            if !outside {
                let events = stream.events(&self.call.view, from, until);
                found.extend(
                    events
                        .into_iter()
                        .filter(|e| self.pattern.matches(&e.message))
                        .map(|e| (index, e)),
                );
            }
        }
        found.sort_by_key(|(index, e)| (e.at, e.ingested, *index, e.number));
        found
    }
}
