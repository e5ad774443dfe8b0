//! The pen: the only code that writes into the frame. Whatever text it is given comes out harmless and in place.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;

use super::text;

/// Text in pieces, each with its style.
#[derive(Clone, Debug, Default)]
pub struct Words<'t> {
    pieces: Vec<(Cow<'t, str>, Style)>,
}

impl<'t> Words<'t> {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn add(mut self, text: impl Into<Cow<'t, str>>, style: Style) -> Self {
        self.push(text, style);
        self
    }

    pub fn push(&mut self, text: impl Into<Cow<'t, str>>, style: Style) {
        let text = text.into();
        if !text.is_empty() {
            self.pieces.push((text, style));
        }
    }

    pub fn join(mut self, other: Words<'t>) -> Self {
        self.pieces.extend(other.pieces);
        self
    }

    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The same words with texts of their own.
    pub fn to_owned_words<'o>(&self) -> Words<'o> {
        Words {
            pieces: self
                .pieces
                .iter()
                .map(|(text, style)| (Cow::Owned(text.clone().into_owned()), *style))
                .collect(),
        }
    }

    /// In cells, as painted.
    pub fn width(&self) -> u16 {
        let cells: usize = self
            .pieces
            .iter()
            .map(|(text, _)| text::width(&text::safe(text)))
            .sum();
        u16::try_from(cells).unwrap_or(u16::MAX)
    }
}

/// What stands in the cells behind a wide character. It differs from a space, so that the cell counts as changed
/// when the wide character goes.
const COVERED: &str = "";

/// A part of the screen that shows a page from some line on. The page begins where the area begins; what is written
/// on it comes out as many lines higher, or not at all.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    pub area: Rect,
    /// First line of the page that is shown.
    pub top: u16,
}

impl Window {
    /// The line of the screen on which a line of the page is seen.
    fn line(self, y: u16) -> Option<u16> {
        let y = y.checked_sub(self.top)?;
        (self.area.top()..self.area.bottom())
            .contains(&y)
            .then_some(y)
    }

    /// What is seen of an area of the page.
    pub fn visible(self, area: Rect) -> Rect {
        let end = area.bottom().saturating_sub(self.top);
        let y = area.y.saturating_sub(self.top).max(self.area.y);
        Rect {
            y,
            height: end.min(self.area.bottom()).saturating_sub(y),
            ..area
        }
    }
}

pub struct Pen<'b> {
    buffer: &'b mut Buffer,
    window: Option<Window>,
}

impl<'b> Pen<'b> {
    pub fn new(buffer: &'b mut Buffer) -> Self {
        Self {
            buffer,
            window: None,
        }
    }

    /// From now on writes on a page seen through this window, or on the screen itself again.
    pub fn look_through(&mut self, window: Option<Window>) {
        self.window = window;
    }

    pub fn window(&self) -> Option<Window> {
        self.window
    }

    /// Whether anything written on this line is seen.
    pub fn shows(&self, y: u16) -> bool {
        self.line(y).is_some()
    }

    fn line(&self, y: u16) -> Option<u16> {
        match self.window {
            Some(window) => window.line(y),
            None => Some(y),
        }
    }

    /// Writes one line of text into at most `width` cells; answers how many it took.
    ///
    /// Foreign text may be given as it is: controls, escapes and format characters come out visible.
    pub fn text(&mut self, x: u16, y: u16, width: u16, text: &str, style: Style) -> u16 {
        let area = self.buffer.area;
        let Some(y) = self.line(y) else {
            return 0;
        };
        if y < area.y || y >= area.bottom() || x < area.x || x >= area.right() {
            return 0;
        }
        let room = usize::from(width.min(area.right() - x));
        if room == 0 {
            return 0;
        }
        let clean = text::safe(text);
        let mut used = 0usize;
        for grapheme in clean.graphemes(true) {
            let cells = text::cells(grapheme);
            if cells == 0 {
                continue;
            }
            if used + cells > room {
                break;
            }
            self.put(x + used as u16, y, grapheme, cells as u16, style);
            used += cells;
        }
        used as u16
    }

    fn put(&mut self, x: u16, y: u16, grapheme: &str, cells: u16, style: Style) {
        for taken in 0..cells {
            self.free(x + taken, y);
        }
        if let Some(cell) = self.buffer.cell_mut((x, y)) {
            cell.set_symbol(grapheme).set_style(style);
        }
        for covered in 1..cells {
            if let Some(cell) = self.buffer.cell_mut((x + covered, y)) {
                cell.reset();
                cell.set_symbol(COVERED).set_style(style);
            }
        }
    }

    /// Dissolves the wide character that a cell is part of, before something else is written there: half a
    /// character cannot be shown, and what stands behind one would not be sent to the terminal.
    fn free(&mut self, x: u16, y: u16) {
        let mut start = x;
        while start > 0 && self.is_covered(start, y) {
            start -= 1;
        }
        let mut end = x + 1;
        while self.is_covered(end, y) {
            end += 1;
        }
        if end - start < 2 {
            return;
        }
        for part in start..end {
            if let Some(cell) = self.buffer.cell_mut((part, y)) {
                cell.set_symbol(" ");
            }
        }
    }

    fn is_covered(&self, x: u16, y: u16) -> bool {
        self.buffer
            .cell((x, y))
            .is_some_and(|cell| cell.symbol() == COVERED)
    }

    /// Writes pieces one after the other; answers how many cells they took.
    pub fn words(&mut self, x: u16, y: u16, width: u16, words: &Words<'_>) -> u16 {
        let mut used = 0;
        for (text, style) in &words.pieces {
            if used >= width {
                break;
            }
            used += self.text(x + used, y, width - used, text, *style);
        }
        used
    }

    /// The same with its end at the right edge of `area`'s first line; what does not fit is cut at the end.
    pub fn words_right(&mut self, area: Rect, words: &Words<'_>) -> u16 {
        let width = words.width().min(area.width);
        self.words(area.right() - width, area.y, width, words)
    }

    /// Changes the style of an area and leaves its text.
    pub fn restyle(&mut self, area: Rect, style: Style) {
        let area = self.window.map_or(area, |window| window.visible(area));
        self.buffer
            .set_style(area.intersection(self.buffer.area), style);
    }

    /// Empties an area.
    pub fn clear(&mut self, area: Rect, style: Style) {
        let area = self.window.map_or(area, |window| window.visible(area));
        let area = area.intersection(self.buffer.area);
        for y in area.top()..area.bottom() {
            for x in area.left()..area.right() {
                self.free(x, y);
                if let Some(cell) = self.buffer.cell_mut((x, y)) {
                    cell.reset();
                    cell.set_style(style);
                }
            }
        }
    }

    /// Repeats one symbol of one cell along a line.
    pub fn run(&mut self, x: u16, y: u16, width: u16, symbol: &str, style: Style) {
        for offset in 0..width {
            if self.text(x + offset, y, 1, symbol, style) == 0 {
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_clipped_at_every_edge_and_wide_characters_stay_whole() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 4, 1));
        let mut pen = Pen::new(&mut buffer);
        assert_eq!(pen.text(1, 0, 9, "日本", Style::new()), 2);
        assert_eq!(pen.text(0, 1, 9, "below", Style::new()), 0);
        assert_eq!(pen.text(9, 0, 9, "right", Style::new()), 0);
        let symbols: Vec<&str> = buffer.content().iter().map(|c| c.symbol()).collect();
        assert_eq!(symbols, [" ", "日", COVERED, " "]);
    }

    #[test]
    fn half_a_wide_character_never_stays() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 6, 1));
        let mut pen = Pen::new(&mut buffer);
        pen.text(0, 0, 6, "日本語", Style::new());
        pen.text(1, 0, 2, "│", Style::new());
        pen.clear(Rect::new(5, 0, 1, 1), Style::new());
        let symbols: Vec<&str> = buffer.content().iter().map(|c| c.symbol()).collect();
        assert_eq!(symbols, [" ", "│", "本", COVERED, " ", " "]);
    }

    #[test]
    fn a_window_shows_its_part_of_the_page() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 3, 4));
        let mut pen = Pen::new(&mut buffer);
        let area = Rect::new(0, 1, 3, 2);
        pen.look_through(Some(Window { area, top: 1 }));
        for (line, text) in ["a", "b", "c", "d"].into_iter().enumerate() {
            pen.text(0, 1 + line as u16, 3, text, Style::new());
        }
        let window = pen.window().unwrap();
        assert_eq!(window.visible(Rect::new(0, 1, 3, 9)), area);
        assert!(window.visible(Rect::new(0, 1, 3, 1)).is_empty());
        assert_eq!(buffer, Buffer::with_lines(["   ", "b  ", "c  ", "   "]));
    }

    #[test]
    fn escapes_become_visible() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 6, 1));
        Pen::new(&mut buffer).text(0, 0, 6, "\x1b[2J\n", Style::new());
        assert_eq!(buffer, Buffer::with_lines(["␛[2J⏎ "]));
    }
}
