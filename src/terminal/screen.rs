//! Frames: each one is a single write inside a synchronized update, and none at all when nothing has changed.

use std::io::{self, Write};

use ratatui::Frame;
use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect, Size};

use super::scroll;
use super::tty::Tty;

/// The terminal shows nothing between these two.
const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";

/// Where fewer cells change, nothing has moved that would be worth moving.
const MANY_CELLS: usize = 200;

/// Where there is a terminal that does not tell its size.
const USUAL: Size = Size::new(80, 24);

/// What is drawn on.
pub struct Screen<W: Write = Tty> {
    terminal: ratatui::Terminal<FrameBackend<W>>,
}

impl Screen<Tty> {
    /// The controlling terminal.
    pub fn open() -> io::Result<Self> {
        Self::new(Tty::open()?, || {
            let (columns, rows) = crossterm::terminal::size().unwrap_or_default();
            if columns == 0 || rows == 0 {
                USUAL
            } else {
                Size::new(columns, rows)
            }
        })
    }
}

impl<W: Write> Screen<W> {
    /// Any writer, with what tells its size.
    pub fn new(out: W, size: impl Fn() -> Size + Send + 'static) -> io::Result<Self> {
        let backend = FrameBackend {
            out,
            pending: Vec::new(),
            cursor: Cursor::default(),
            shown: Buffer::default(),
            size: Box::new(size),
        };
        let mut terminal = ratatui::Terminal::new(backend)?;
        // Not every terminal has an alternate screen: the first frame clears what is there.
        terminal.clear()?;
        Ok(Self { terminal })
    }

    /// Draws a frame; only what differs from the last one is sent.
    pub fn draw(&mut self, render: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        self.terminal.draw(render).map(|_| ())
    }

    /// Forgets what the terminal shows: the next frame is sent whole.
    pub fn invalidate(&mut self) -> io::Result<()> {
        self.terminal.backend_mut().cursor = Cursor::default();
        self.terminal.clear()
    }

    /// Columns and rows.
    pub fn size(&self) -> Size {
        (self.terminal.backend().size)()
    }

    /// Sends bytes that draw nothing (the clipboard's), between two frames.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.terminal.backend_mut().out.write_all(bytes)
    }
}

/// What the terminal's cursor is known to be; it starts hidden.
#[derive(Clone, Copy, Debug, Default)]
struct Cursor {
    visible: bool,
    /// `None` after cells were written: it stands behind the last of them.
    at: Option<Position>,
}

/// Collects what ratatui's own backend writes, and drops what changes nothing.
struct FrameBackend<W: Write> {
    out: W,
    /// The frame so far, opened by `BEGIN` when there is anything in it.
    pending: Vec<u8>,
    cursor: Cursor,
    /// What the terminal shows.
    shown: Buffer,
    size: Box<dyn Fn() -> Size + Send>,
}

impl<W: Write> FrameBackend<W> {
    fn plain(&mut self) -> CrosstermBackend<&mut Vec<u8>> {
        if self.pending.is_empty() {
            self.pending.extend_from_slice(BEGIN);
        }
        CrosstermBackend::new(&mut self.pending)
    }
}

/// Changes cells; those of another size than the buffer's make it unknown.
fn put(buffer: &mut Buffer, cells: &[(u16, u16, &Cell)]) {
    for (x, y, cell) in cells {
        let Some(place) = buffer.cell_mut((*x, *y)) else {
            *buffer = Buffer::default();
            return;
        };
        *place = Cell::clone(cell);
    }
}

impl<W: Write> Backend for FrameBackend<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let content: Vec<(u16, u16, &Cell)> = content.collect();
        if content.is_empty() {
            return Ok(());
        }
        self.cursor.at = None;
        if content.len() < MANY_CELLS {
            put(&mut self.shown, &content);
            return self.plain().draw(content.into_iter());
        }
        let mut wanted = self.shown.clone();
        put(&mut wanted, &content);
        let found = scroll::find(&self.shown, &wanted);
        let mut shown = std::mem::take(&mut self.shown);
        if let Some(found) = found {
            found.apply(&mut shown);
            let left = shown.diff(&wanted);
            if left.len() < content.len() / 2 {
                self.plain();
                found.write(&mut self.pending)?;
                self.plain().draw(left.into_iter())?;
                self.shown = wanted;
                return Ok(());
            }
        }
        self.shown = wanted;
        self.plain().draw(content.into_iter())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if self.cursor.visible {
            self.cursor.visible = false;
            self.plain().hide_cursor()?;
        }
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        if !self.cursor.visible {
            self.cursor.visible = true;
            self.plain().show_cursor()?;
        }
        Ok(())
    }

    /// From memory: asking the terminal could wait for an answer that never comes.
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.cursor.at.unwrap_or_default())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let position = position.into();
        if self.cursor.at != Some(position) {
            self.cursor.at = Some(position);
            self.plain().set_cursor_position(position)?;
        }
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        // Of a screen that is cleared in part nothing is known.
        self.shown = match region {
            ClearType::All => Buffer::empty(Rect::from((Position::ORIGIN, (self.size)()))),
            _ => Buffer::default(),
        };
        self.plain().clear_region(region)
    }

    fn size(&self) -> io::Result<Size> {
        Ok((self.size)())
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize {
            columns_rows: (self.size)(),
            pixels: Size::ZERO,
        })
    }

    /// The end of a frame.
    fn flush(&mut self) -> io::Result<()> {
        if self.pending.is_empty() {
            return Ok(());
        }
        self.pending.extend_from_slice(END);
        let sent = self.out.write_all(&self.pending);
        self.pending.clear();
        sent
    }
}

#[cfg(test)]
mod tests;
