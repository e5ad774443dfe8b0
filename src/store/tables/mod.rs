//! The tables of every screen: their columns, rows and own order.

pub mod commits;
pub mod costs;
pub mod endpoints;
pub mod findings;
pub mod lineage;
pub mod logs;
pub mod runs;
pub mod steps;
pub mod variants;
pub mod versions;

use super::table::{Align, Column};

/// A column of text.
const fn left(
    key: &'static str,
    title: &'static str,
    min: u16,
    max: u16,
    expendable: u8,
) -> Column {
    Column {
        key,
        title,
        align: Align::Left,
        min,
        max,
        expendable,
    }
}

/// A column of numbers, times or amounts.
const fn right(key: &'static str, title: &'static str, width: u16, expendable: u8) -> Column {
    Column {
        key,
        title,
        align: Align::Right,
        min: width,
        max: width,
        expendable,
    }
}
