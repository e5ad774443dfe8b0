//! Tables as data: columns, cells that know how to be compared, and the rows left by filter and order.

use jiff::Timestamp;

use crate::domain::endpoint::Health;
use crate::domain::run::RunStatus;

use super::filter::Filter;
use super::list::ListState;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
}

/// A column of a table. `key` is what filters (`status:failed`) and sorting name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    pub key: &'static str,
    pub title: &'static str,
    pub align: Align,
    /// Cells it always gets.
    pub min: u16,
    /// Cells it gets at most; room left over goes to the columns that want it.
    pub max: u16,
    /// Left out in narrow panes, highest first; 0 is never left out.
    pub expendable: u8,
}

/// One value of a row: typed, so that order and alignment are right; text is made at the end.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Empty,
    /// Long text is cut in the middle: suffixes matter in AWS names.
    Name(String),
    /// Long text is cut at the end.
    Text(String),
    Run(RunStatus, String),
    Health(Health, String),
    Time(Timestamp),
    /// A length of time in seconds.
    Seconds(i64),
    Count(f64),
    /// 0 to 100.
    Percent(f64),
    Usd(f64),
    Millis(f64),
    Bytes(u64),
    /// Values for a small chart, oldest first.
    Spark(Vec<f64>),
}

impl Cell {
    pub fn name(text: impl Into<String>) -> Self {
        Self::Name(text.into())
    }

    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub fn optional<T>(value: Option<T>, cell: impl FnOnce(T) -> Self) -> Self {
        value.map_or(Self::Empty, cell)
    }

    /// What filters match; numbers as plain digits.
    pub fn filter_text(&self) -> String {
        match self {
            Self::Empty | Self::Spark(_) => String::new(),
            Self::Name(text) | Self::Text(text) => text.clone(),
            Self::Run(status, raw) => format!("{} {raw}", status.key()),
            Self::Health(health, raw) => format!("{} {raw}", health.key()),
            Self::Time(at) => at.to_string(),
            Self::Seconds(s) => s.to_string(),
            Self::Count(n) | Self::Percent(n) | Self::Usd(n) | Self::Millis(n) => n.to_string(),
            Self::Bytes(n) => n.to_string(),
        }
    }

    /// Ascending order; empty cells come last whatever the direction, so they are handled by the caller.
    fn compare(&self, other: &Self) -> std::cmp::Ordering {
        use std::cmp::Ordering::Equal;
        match (self, other) {
            (Self::Name(a) | Self::Text(a), Self::Name(b) | Self::Text(b)) => natural(a, b),
            (Self::Run(a, _), Self::Run(b, _)) => a.cmp(b),
            (Self::Health(a, _), Self::Health(b, _)) => a.cmp(b),
            (Self::Time(a), Self::Time(b)) => a.cmp(b),
            (Self::Seconds(a), Self::Seconds(b)) => a.cmp(b),
            (Self::Bytes(a), Self::Bytes(b)) => a.cmp(b),
            (
                Self::Count(a) | Self::Percent(a) | Self::Usd(a) | Self::Millis(a),
                Self::Count(b) | Self::Percent(b) | Self::Usd(b) | Self::Millis(b),
            ) => a.total_cmp(b),
            (Self::Spark(a), Self::Spark(b)) => a
                .last()
                .unwrap_or(&f64::MIN)
                .total_cmp(b.last().unwrap_or(&f64::MIN)),
            _ => Equal,
        }
    }
}

/// Compares text so that `#9` comes before `#10`.
fn natural(a: &str, b: &str) -> std::cmp::Ordering {
    use std::cmp::Ordering;
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    loop {
        match (a.first(), b.first()) {
            (None, None) => return Ordering::Equal,
            (None, _) => return Ordering::Less,
            (_, None) => return Ordering::Greater,
            (Some(x), Some(y)) if x.is_ascii_digit() && y.is_ascii_digit() => {
                let (na, ra) = split_digits(a);
                let (nb, rb) = split_digits(b);
                let order = na.len().cmp(&nb.len()).then_with(|| na.cmp(nb));
                if order != Ordering::Equal {
                    return order;
                }
                (a, b) = (ra, rb);
            }
            (Some(x), Some(y)) => {
                let order = x.to_ascii_lowercase().cmp(&y.to_ascii_lowercase());
                if order != Ordering::Equal {
                    return order;
                }
                (a, b) = (&a[1..], &b[1..]);
            }
        }
    }
}

/// The leading digits without leading zeros, and the rest.
fn split_digits(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text
        .iter()
        .position(|c| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let zeros = text[..end].iter().take_while(|c| **c == b'0').count();
    (&text[zeros..end], &text[end..])
}

/// Something that can stand in a table.
pub trait Row {
    /// Stays the same across refreshes.
    fn id(&self) -> String;
    fn cell(&self, column: &str) -> Cell;
}

/// The rows of `items` that the list's filter leaves, in the list's order, as indices.
///
/// The order of `items` is the table's own order, and breaks ties.
pub fn visible_rows<R: Row>(items: &[R], columns: &[Column], list: &ListState) -> Vec<usize> {
    let filter = Filter::parse(&list.filter);
    let mut matcher = filter.matcher();
    let mut rows: Vec<usize> = (0..items.len())
        .filter(|&i| {
            filter.is_empty() || matcher.matches(columns, |key| items[i].cell(key).filter_text())
        })
        .collect();
    if let Some(sort) = &list.sort
        && columns.iter().any(|c| c.key == sort.column)
    {
        let cells: Vec<Cell> = items.iter().map(|item| item.cell(&sort.column)).collect();
        rows.sort_by(|&a, &b| match (&cells[a], &cells[b]) {
            (Cell::Empty, Cell::Empty) => std::cmp::Ordering::Equal,
            (Cell::Empty, _) => std::cmp::Ordering::Greater,
            (_, Cell::Empty) => std::cmp::Ordering::Less,
            (x, y) if sort.descending => y.compare(x),
            (x, y) => x.compare(y),
        });
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_sort_as_numbers() {
        let mut names = vec!["run #10", "run #9", "run #009a", "Run #1"];
        names.sort_by(|a, b| natural(a, b));
        assert_eq!(names, ["Run #1", "run #9", "run #009a", "run #10"]);
    }

    struct R(&'static str, Option<f64>);
    impl Row for R {
        fn id(&self) -> String {
            self.0.into()
        }
        fn cell(&self, column: &str) -> Cell {
            match column {
                "name" => Cell::name(self.0),
                _ => Cell::optional(self.1, Cell::Usd),
            }
        }
    }

    const COLUMNS: &[Column] = &[
        Column {
            key: "name",
            title: "name",
            align: Align::Left,
            min: 5,
            max: 9,
            expendable: 0,
        },
        Column {
            key: "cost",
            title: "cost",
            align: Align::Right,
            min: 5,
            max: 9,
            expendable: 0,
        },
    ];

    #[test]
    fn empty_cells_stay_last_in_both_directions() {
        let items = [R("a", None), R("b", Some(2.0)), R("c", Some(1.0))];
        let mut list = ListState::default();
        for (descending, order) in [(false, [2, 1, 0]), (true, [1, 2, 0])] {
            list.sort = Some(super::super::list::Sort {
                column: "cost".into(),
                descending,
            });
            assert_eq!(visible_rows(&items, COLUMNS, &list), order);
        }
    }
}
