//! Tables as `gto` prints them.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use crate::domain::safe_text::visible_line;

/// Columns are at least that much wider than their titles.
const MIN_PADDING: usize = 2;

/// Rows under a heading; what is missing is a dash.
pub struct Table {
    pub heading: Vec<String>,
    pub rows: Vec<Vec<Option<String>>>,
}

impl Table {
    /// With lines around, or `plain`; a sentence if there is nothing.
    pub fn print(&self, plain: bool, out: &mut dyn Write) -> io::Result<()> {
        if self.rows.is_empty() {
            return writeln!(out, "Nothing found in the current workspace");
        }
        let heading: Vec<String> = self
            .heading
            .iter()
            .map(|it| visible_line(it).into_owned())
            .collect();
        let rows: Vec<Vec<String>> = self
            .rows
            .iter()
            .map(|row| row.iter().map(cell).collect())
            .collect();
        let width = |at: usize| {
            let title = heading
                .get(at)
                .map_or(0, |title| title.width() + MIN_PADDING);
            let cells = rows.iter().filter_map(|row| row.get(at));
            cells.map(|cell| cell.width()).fold(title, usize::max)
        };
        let widths: Vec<usize> = (0..heading.len()).map(width).collect();
        let line = |cells: &[String]| {
            let padded = cells.iter().zip(&widths).map(|(cell, width)| {
                format!("{cell}{}", " ".repeat(width.saturating_sub(cell.width())))
            });
            padded.collect::<Vec<_>>()
        };
        if plain {
            for row in [&heading].into_iter().chain(&rows) {
                writeln!(out, "{}", line(row).join("  ").trim_end())?;
            }
            return Ok(());
        }
        let rule = |left: &str, middle: &str, right: &str| {
            let parts: Vec<_> = widths.iter().map(|width| "═".repeat(width + 2)).collect();
            format!("{left}{}{right}", parts.join(middle))
        };
        writeln!(out, "{}", rule("╒", "╤", "╕"))?;
        writeln!(out, "│ {} │", line(&heading).join(" │ "))?;
        writeln!(out, "{}", rule("╞", "╪", "╡"))?;
        for row in &rows {
            writeln!(out, "│ {} │", line(row).join(" │ "))?;
        }
        writeln!(out, "{}", rule("╘", "╧", "╛"))
    }
}

fn cell(text: &Option<String>) -> String {
    match text.as_deref() {
        None => "-".to_owned(),
        Some(text) => visible_line(text).into_owned(),
    }
}
