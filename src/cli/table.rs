//! Aligned text for people: columns by display width, so that wide letters stay in line.

use std::borrow::Cow;
use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use crate::domain::safe_text;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Left,
    Right,
}

/// A header and rows of text; everything in it is made safe to show.
#[derive(Debug)]
pub struct Table {
    columns: Vec<(Cow<'static, str>, Side)>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Columns whose title starts with `>` are numbers: aligned to the right.
    pub fn new(titles: &[&'static str]) -> Self {
        Self {
            columns: titles
                .iter()
                .map(|title| match title.strip_prefix('>') {
                    Some(title) => (Cow::Borrowed(title), Side::Right),
                    None => (Cow::Borrowed(*title), Side::Left),
                })
                .collect(),
            rows: Vec::new(),
        }
    }

    /// Columns whose titles come from outside.
    pub fn of(titles: &[String]) -> Self {
        let title = |title: &String| Cow::Owned(safe_text::visible_line(title).into_owned());
        Self {
            columns: titles.iter().map(|t| (title(t), Side::Left)).collect(),
            rows: Vec::new(),
        }
    }

    pub fn row<I, S>(&mut self, cells: I)
    where
        I: IntoIterator<Item = S>,
        S: AsRef<str>,
    {
        let mut row: Vec<String> = cells
            .into_iter()
            .map(|cell| safe_text::visible_line(cell.as_ref()).into_owned())
            .collect();
        row.resize(self.columns.len(), String::new());
        self.rows.push(row);
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Without rows nothing at all is written.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let widths: Vec<usize> = self
            .columns
            .iter()
            .enumerate()
            .map(|(i, (title, _))| {
                let cells = self.rows.iter().map(|row| row[i].width());
                cells.chain([title.width()]).max().unwrap_or(0)
            })
            .collect();
        let header: Vec<Cow<'_, str>> = self
            .columns
            .iter()
            .map(|(title, _)| Cow::Owned(title.to_uppercase()))
            .collect();
        self.line(&header, &widths, out)?;
        for row in &self.rows {
            let cells: Vec<Cow<'_, str>> = row.iter().map(|c| Cow::Borrowed(c.as_str())).collect();
            self.line(&cells, &widths, out)?;
        }
        Ok(())
    }

    fn line(
        &self,
        cells: &[Cow<'_, str>],
        widths: &[usize],
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let mut line = String::new();
        for (i, ((_, side), cell)) in self.columns.iter().zip(cells).enumerate() {
            if i > 0 {
                line.push_str("  ");
            }
            let pad = " ".repeat(widths[i].saturating_sub(cell.width()));
            match side {
                Side::Left => {
                    line.push_str(cell);
                    line.push_str(&pad);
                }
                Side::Right => {
                    line.push_str(&pad);
                    line.push_str(cell);
                }
            }
        }
        writeln!(out, "{}", line.trim_end())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn wide_letters_stay_in_line() {
        let mut table = Table::new(&["name", ">n", "why"]);
        table.row(["churn", "1", "x"]);
        table.row(["解約予測", "22", "a\nb\x1b[2J"]);
        let mut out = Vec::new();
        table.write(&mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "NAME       N  WHY\n\
             churn      1  x\n\
             解約予測  22  a⏎b␛[2J\n"
        );
    }

    #[test]
    fn nothing_to_say_is_no_header_either() {
        let mut out = Vec::new();
        Table::new(&["name"]).write(&mut out).unwrap();
        assert!(out.is_empty());
    }
}
