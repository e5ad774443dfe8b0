//! What is new among the rows of a query: each look brings all of them again.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::domain::insights::InsightsQuery;
use crate::domain::log::LogLine;
use crate::store::query_news::NewRows;

/// The columns that a log line is made of. A row with others is a row of a table.
const OF_LINES: [&str; 5] = [
    "@timestamp",
    "@message",
    "@logStream",
    "@log",
    "@ingestionTime",
];

type Values = Vec<Option<String>>;

/// The rows told of so far.
#[derive(Debug)]
pub struct Rows {
    /// For rows that do not tell: the only group that is asked.
    group: String,
    /// How often each line was there; the same text may well come twice in a millisecond.
    lines: HashMap<u64, u32>,
    table: Option<(Vec<String>, Vec<Values>)>,
}

impl Rows {
    pub fn of(query: &InsightsQuery) -> Self {
        let group = match query.groups.as_slice() {
            [one] => one.clone(),
            _ => String::new(),
        };
        Self {
            group,
            lines: HashMap::new(),
            table: None,
        }
    }

    /// Takes an answer, and tells what was not in the one before.
    pub fn take(&mut self, columns: Vec<String>, rows: Vec<Values>) -> NewRows {
        if rows.is_empty() && self.lines.is_empty() && self.table.is_none() {
            return NewRows::None;
        }
        match self.lines_of(&columns, &rows) {
            Some(lines) if self.table.is_none() => self.new_lines(lines),
            _ => {
                let table = Some((columns, rows));
                if self.table == table {
                    return NewRows::None;
                }
                self.table.clone_from(&table);
                table.map_or(NewRows::None, |(columns, rows)| NewRows::Table {
                    columns,
                    rows,
                })
            }
        }
    }

    fn new_lines(&mut self, mut lines: Vec<LogLine>) -> NewRows {
        let mut counts: HashMap<u64, u32> = HashMap::with_capacity(lines.len());
        for line in &mut lines {
            let key = key(line);
            let count = counts.entry(key).or_default();
            *count += 1;
            // Those that are the same are told apart by their number.
            line.event_id = Some(format!("{key:x}.{count}"));
        }
        let of = |counts: &HashMap<u64, u32>, key: &u64| counts.get(key).copied().unwrap_or(0);
        let anew = self.lines.iter().any(|(key, n)| of(&counts, key) < *n);
        if !anew {
            let mut seen: HashMap<u64, u32> = HashMap::new();
            lines.retain(|line| {
                let key = key(line);
                let number = seen.entry(key).or_default();
                *number += 1;
                *number > of(&self.lines, &key)
            });
        }
        self.lines = counts;
        if lines.is_empty() && !anew {
            NewRows::None
        } else {
            NewRows::Lines { lines, anew }
        }
    }

    /// Rows as log lines, if that is what they are.
    fn lines_of(&self, columns: &[String], rows: &[Values]) -> Option<Vec<LogLine>> {
        if rows.is_empty() && columns.is_empty() {
            return Some(Vec::new());
        }
        let place = |name: &str| columns.iter().position(|column| column == name);
        let (at, message) = (place("@timestamp")?, place("@message")?);
        let (stream, group) = (place("@logStream"), place("@log"));
        let ingested = place("@ingestionTime");
        let known = |column: &String| OF_LINES.contains(&column.as_str());
        if !columns.iter().all(known) {
            return None;
        }
        let line = |row: &Values| {
            let value = |at: usize| row.get(at)?.as_deref();
            Some(LogLine {
                group: match group.and_then(value) {
                    // `123456789012:/aws/lambda/f`
                    Some(log) => log
                        .split_once(':')
                        .map_or(log, |(_, group)| group)
                        .to_owned(),
                    None => self.group.clone(),
                },
                stream: stream.and_then(value).unwrap_or_default().to_owned(),
                at: time(value(at)?)?,
                ingested_at: ingested.and_then(value).and_then(time),
                message: value(message).unwrap_or_default().to_owned(),
                event_id: None,
            })
        };
        rows.iter().map(line).collect()
    }
}

/// `2026-11-22 13:15:00.000`, in UTC; or milliseconds since 1970.
fn time(text: &str) -> Option<Timestamp> {
    if let Ok(at) = text.parse::<DateTime>() {
        return Some(at.to_zoned(TimeZone::UTC).ok()?.timestamp());
    }
    Timestamp::from_millisecond(text.parse().ok()?).ok()
}

fn key(line: &LogLine) -> u64 {
    let mut hasher = DefaultHasher::new();
    (line.at, &line.group, &line.stream, &line.message).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Rows {
        Rows::of(&InsightsQuery {
            groups: vec!["/g".into()],
            from: Timestamp::UNIX_EPOCH,
            until: Timestamp::UNIX_EPOCH,
            text: String::new(),
            limit: None,
            expected_bytes: None,
        })
    }

    fn take(rows: &mut Rows, columns: &[&str], values: &[&[&str]]) -> NewRows {
        rows.take(
            columns.iter().map(|name| (*name).to_owned()).collect(),
            values
                .iter()
                .map(|row| row.iter().map(|v| Some((*v).to_owned())).collect())
                .collect(),
        )
    }

    fn texts(rows: &NewRows) -> (Vec<&str>, bool) {
        match rows {
            NewRows::Lines { lines, anew } => (
                lines.iter().map(|line| line.message.as_str()).collect(),
                *anew,
            ),
            NewRows::None => (Vec::new(), false),
            NewRows::Table { .. } => panic!("{rows:?}"),
        }
    }

    const LINE: [&str; 2] = ["@timestamp", "@message"];
    const T1: &str = "2026-11-22 13:15:00.250";

    #[test]
    fn only_what_is_new_is_told() {
        let mut rows = rows();
        assert_eq!(rows.take(Vec::new(), Vec::new()), NewRows::None);
        let first = take(&mut rows, &LINE, &[&[T1, "a"], &[T1, "b"]]);
        assert_eq!(texts(&first), (vec!["a", "b"], false));
        let NewRows::Lines { lines, .. } = &first else {
            panic!()
        };
        assert_eq!(lines[0].at.to_string(), "2026-11-22T13:15:00.25Z");
        assert_eq!(lines[0].group, "/g");
        let again = take(&mut rows, &LINE, &[&[T1, "b"], &[T1, "a"]]);
        assert_eq!(again, NewRows::None);
        // The same text a second time is a second line.
        let twice = take(&mut rows, &LINE, &[&[T1, "b"], &[T1, "a"], &[T1, "a"]]);
        assert_eq!(texts(&twice), (vec!["a"], false));
        // One of them has gone: it begins anew with what is left.
        let other = take(&mut rows, &LINE, &[&[T1, "c"], &[T1, "a"]]);
        assert_eq!(texts(&other), (vec!["c", "a"], true));
        let gone = take(&mut rows, &[], &[]);
        assert_eq!(texts(&gone), (vec![], true));
    }

    #[test]
    fn other_columns_make_a_table() {
        let mut rows = rows();
        let table = take(
            &mut rows,
            &["@timestamp", "@message", "ms"],
            &[&[T1, "a", "3"]],
        );
        assert!(matches!(table, NewRows::Table { .. }));
        let same = take(
            &mut rows,
            &["@timestamp", "@message", "ms"],
            &[&[T1, "a", "3"]],
        );
        assert_eq!(same, NewRows::None);
        let mut unread = self::rows();
        let table = take(&mut unread, &LINE, &[&["yesterday", "a"]]);
        assert!(matches!(table, NewRows::Table { .. }), "no time, no line");
    }

    #[test]
    fn rows_tell_their_group_where_there_are_several() {
        let mut rows = rows();
        let columns = ["@timestamp", "@message", "@log", "@logStream"];
        let row: &[&str] = &["1700000000000", "a", "123456789012:/aws/x:y", "s"];
        let NewRows::Lines { lines, .. } = take(&mut rows, &columns, &[row]) else {
            panic!()
        };
        assert_eq!((&*lines[0].group, &*lines[0].stream), ("/aws/x:y", "s"));
        assert_eq!(lines[0].at.as_second(), 1_700_000_000);
    }
}
