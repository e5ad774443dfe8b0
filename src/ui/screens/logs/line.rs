//! One log line as rows of cells: coloured, marked, wrapped or scrolled sideways.

use std::ops::Range;

use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;

use crate::ui::text;

use super::styled::Styled;

/// A row on screen: pieces of text with their styles.
pub type Pieces = Vec<(String, Style)>;

/// A line with what a filter found in it.
pub struct Marked<'l> {
    pub line: &'l Styled,
    /// Byte ranges, ascending.
    pub marks: Vec<Range<usize>>,
    pub mark: Style,
}

impl Marked<'_> {
    /// The rows of the line, `width` cells wide, at most `most` of them; never empty.
    pub fn wrapped(&self, width: usize, most: usize) -> Vec<Pieces> {
        let mut rows: Vec<Pieces> = vec![Vec::new()];
        let mut used = 0;
        for (at, grapheme) in self.line.text.grapheme_indices(true) {
            let cells = text::cells(grapheme);
            let ends = grapheme == "\n";
            if ends || (used + cells > width && used > 0) {
                if rows.len() >= most {
                    return rows;
                }
                rows.push(Vec::new());
                used = 0;
            }
            if ends {
                continue;
            }
            used += cells;
            if let Some(row) = rows.last_mut() {
                append(row, grapheme, self.style(at));
            }
        }
        rows
    }

    /// A row for each line of text, at most `most`, from cell `left` on; and whether text goes on behind it.
    pub fn sideways(&self, left: usize, width: usize, most: usize) -> Vec<(Pieces, bool)> {
        let mut from = 0;
        let lines = self.line.text.split('\n').take(most.max(1)).map(|line| {
            let at = from;
            from += line.len() + 1;
            self.row_from(at, line, left, width)
        });
        lines.collect()
    }

    /// A line of the text, which begins at byte `from`.
    fn row_from(&self, from: usize, line: &str, left: usize, width: usize) -> (Pieces, bool) {
        let mut row = Pieces::new();
        let mut at_cell = 0;
        for (at, grapheme) in line.grapheme_indices(true) {
            let style = || self.style(from + at);
            let start = at_cell;
            at_cell += text::cells(grapheme);
            if at_cell > left.saturating_add(width) {
                return (row, true);
            }
            if at_cell <= left {
                continue;
            }
            if start < left {
                // Half a wide character stands at the left edge.
                append(&mut row, " ", style());
            } else {
                append(&mut row, grapheme, style());
            }
        }
        (row, false)
    }

    fn style(&self, at: usize) -> Style {
        let style = self.line.style_at(at);
        if self.marks.iter().any(|range| range.contains(&at)) {
            style.patch(self.mark)
        } else {
            style
        }
    }
}

fn append(row: &mut Pieces, text: &str, style: Style) {
    match row.last_mut() {
        Some((last, same)) if *same == style => last.push_str(text),
        _ => row.push((text.to_owned(), style)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::styled::styled;
    use super::*;

    fn plain(rows: Vec<Pieces>) -> Vec<String> {
        rows.into_iter()
            .map(|row| row.into_iter().map(|(t, _)| t).collect())
            .collect()
    }

    fn wrapped(text: &str, width: usize, most: usize) -> Vec<String> {
        let line = styled(text, Style::new(), true, None);
        let marked = Marked {
            line: &line,
            marks: Vec::new(),
            mark: Style::new(),
        };
        plain(marked.wrapped(width, most))
    }

    fn sideways(text: &str, left: usize, width: usize) -> (String, bool) {
        let line = styled(text, Style::new(), true, None);
        let marked = Marked {
            line: &line,
            marks: Vec::new(),
            mark: Style::new(),
        };
        let rows = marked.sideways(left, width, 1);
        let (row, more) = rows.into_iter().next().unwrap();
        (plain(vec![row]).concat(), more)
    }

    #[test]
    fn each_line_of_text_has_a_row_and_its_own_marks() {
        let line = styled("one\ntwo three\nfour", Style::new(), true, None);
        let mark = Style::new().bold();
        let marked = Marked {
            line: &line,
            marks: std::iter::once(8..13).collect(),
            mark,
        };
        let rows = marked.sideways(2, 6, 2);
        assert_eq!(
            rows,
            [
                (vec![("e".to_owned(), Style::new())], false),
                (
                    vec![("o ".to_owned(), Style::new()), ("thre".to_owned(), mark)],
                    true
                ),
            ]
        );
    }

    #[test]
    fn lines_wrap_by_cells() {
        assert_eq!(wrapped("日本語ab\nc", 5, 9), ["日本", "語ab", "c"]);
        assert_eq!(wrapped("abcdef", 2, 2), ["ab", "cd"]);
        assert_eq!(wrapped("", 2, 2), [""]);
    }

    #[test]
    fn sideways_scrolls_by_cells() {
        assert_eq!(sideways("日本語ab", 1, 4), (" 本".to_owned(), true));
        assert_eq!(sideways("abc", 1, 4), ("bc".to_owned(), false));
        assert_eq!(sideways("abc", 9, 4), (String::new(), false));
    }
}
