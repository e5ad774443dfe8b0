//! A list's selection, filter, order and scroll: kept by id, so that a refresh moves nothing.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ListState {
    /// `Row::id` of the selected row.
    pub selected: Option<String>,
    /// Where the selected row stood, for when it disappears.
    pub index: usize,
    /// The user chose the row. Until then the first row is the selected one, whatever comes in above.
    pub chosen: bool,
    /// First row shown.
    pub top: usize,
    /// As typed.
    pub filter: String,
    /// `None` is the table's own order.
    pub sort: Option<Sort>,
    /// Rows that came after the first answer, and when: marked for a few seconds.
    pub arrived: BTreeMap<String, Timestamp>,
    /// Every id seen, to tell what is new. Empty until the first answer.
    pub known: Option<std::collections::BTreeSet<String>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sort {
    /// `Column::key`.
    pub column: String,
    pub descending: bool,
}

/// How long a new row stays marked, in seconds.
pub const NEW_ROW_SECONDS: i64 = 5;

impl ListState {
    /// Keeps the selection on its id; where that is gone, on the row that took its place.
    pub fn settle(&mut self, ids: &[String]) {
        if ids.is_empty() {
            self.index = 0;
            self.top = 0;
            return;
        }
        if !self.chosen {
            self.index = 0;
            self.selected = Some(ids[0].clone());
            return;
        }
        let found = self
            .selected
            .as_ref()
            .and_then(|id| ids.iter().position(|other| other == id));
        self.index = found.unwrap_or_else(|| self.index.min(ids.len() - 1));
        if found.is_none() {
            self.selected = Some(ids[self.index].clone());
        }
    }

    /// Moves the selection by rows, stopping at the ends, and scrolls so that it stays in `height` rows.
    pub fn move_by(&mut self, ids: &[String], rows: i64, height: usize) {
        self.settle(ids);
        if ids.is_empty() {
            return;
        }
        self.chosen |= rows != 0;
        let last = ids.len() - 1;
        let target = (self.index as i64)
            .saturating_add(rows)
            .clamp(0, last as i64);
        self.index = target as usize;
        self.selected = Some(ids[self.index].clone());
        self.top = top_showing(self.index, self.top, height, ids.len());
    }

    pub fn select(&mut self, ids: &[String], index: usize) {
        if let Some(id) = ids.get(index) {
            self.chosen = true;
            self.selected = Some(id.clone());
            self.index = index;
        }
    }

    /// Notes which ids are new since the last answer.
    pub fn note_arrivals<'a>(&mut self, ids: impl Iterator<Item = &'a str>, now: Timestamp) {
        let ids: std::collections::BTreeSet<String> = ids.map(str::to_owned).collect();
        if let Some(known) = &self.known {
            for id in ids.difference(known) {
                self.arrived.insert(id.clone(), now);
            }
        }
        self.arrived
            .retain(|_, at| now.as_second() - at.as_second() < NEW_ROW_SECONDS);
        self.known = Some(ids);
    }

    pub fn is_new(&self, id: &str, now: Timestamp) -> bool {
        self.arrived
            .get(id)
            .is_some_and(|at| now.as_second() - at.as_second() < NEW_ROW_SECONDS)
    }
}

/// The first row to show so that `index` is among `height` rows, moving as little as possible.
pub fn top_showing(index: usize, top: usize, height: usize, rows: usize) -> usize {
    let height = height.max(1);
    let top = if index < top {
        index
    } else if index >= top + height {
        index + 1 - height
    } else {
        top
    };
    top.min(rows.saturating_sub(height))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(names: &[&str]) -> Vec<String> {
        names.iter().map(|n| (*n).to_owned()).collect()
    }

    #[test]
    fn a_refresh_keeps_the_selection_on_its_id() {
        let mut list = ListState::default();
        list.move_by(&ids(&["a", "b", "c"]), 1, 10);
        list.settle(&ids(&["new", "a", "b", "c"]));
        assert_eq!(list.selected.as_deref(), Some("b"));
        assert_eq!(list.index, 2);
    }

    #[test]
    fn until_a_row_is_chosen_the_first_one_is_selected() {
        let mut list = ListState::default();
        list.settle(&ids(&["b"]));
        list.settle(&ids(&["a", "b"]));
        assert_eq!(list.selected.as_deref(), Some("a"));
        list.move_by(&ids(&["a", "b"]), 1, 10);
        list.settle(&ids(&["new", "a", "b"]));
        assert_eq!(list.selected.as_deref(), Some("b"));
    }

    #[test]
    fn a_vanished_row_hands_the_selection_to_its_place() {
        let mut list = ListState::default();
        list.move_by(&ids(&["a", "b", "c"]), 1, 10);
        list.settle(&ids(&["a", "c"]));
        assert_eq!(list.selected.as_deref(), Some("c"));
    }

    #[test]
    fn scrolling_moves_as_little_as_possible() {
        assert_eq!(top_showing(5, 0, 5, 20), 1);
        assert_eq!(top_showing(5, 3, 5, 20), 3);
        assert_eq!(top_showing(2, 3, 5, 20), 2);
        assert_eq!(top_showing(0, 9, 5, 3), 0);
    }
}
