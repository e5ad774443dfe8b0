//! Frames: each one is a single write inside a synchronized update, and none at all when nothing has changed.

use std::io::{self, Write};

use ratatui::Frame;
use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

use super::scroll::{Sent, Shown};
use super::tty::Tty;

/// The terminal shows nothing between these two.
const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";

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
            shown: Shown::default(),
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
    shown: Shown,
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

impl<W: Write> Backend for FrameBackend<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let content: Vec<_> = content.collect();
        if content.is_empty() {
            return Ok(());
        }
        self.cursor.at = None;
        match self.shown.take(content) {
            Sent::Plain(cells) => self.plain().draw(cells.into_iter()),
            Sent::Shifted(shift, cells) => {
                let mut plain = self.plain();
                shift.write(&mut plain)?;
                plain.draw(cells.iter().map(|(x, y, cell)| (*x, *y, cell)))
            }
        }
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

    /// Nothing but all of it is ever cleared.
    fn clear_region(&mut self, _region: ClearType) -> io::Result<()> {
        let Size { width, height } = (self.size)();
        self.shown.clear(width, height);
        self.plain().clear_region(ClearType::All)
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
mod tests {
    use std::cell::RefCell;
    use std::rc::Rc;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU16, Ordering};

    use ratatui::text::Line;

    use super::*;

    /// Remembers each write by itself.
    #[derive(Clone, Default)]
    struct Writes(Rc<RefCell<Vec<Vec<u8>>>>);

    impl Write for Writes {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().push(bytes.to_vec());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Writes {
        fn take(&self) -> Vec<String> {
            let taken = std::mem::take(&mut *self.0.borrow_mut());
            taken
                .into_iter()
                .map(|bytes| String::from_utf8(bytes).unwrap())
                .collect()
        }
    }

    fn screen() -> (Screen<Writes>, Writes, Arc<AtomicU16>) {
        let writes = Writes::default();
        let columns = Arc::new(AtomicU16::new(20));
        let width = Arc::clone(&columns);
        let size = move || Size::new(width.load(Ordering::Relaxed), 4);
        (Screen::new(writes.clone(), size).unwrap(), writes, columns)
    }

    fn say(screen: &mut Screen<Writes>, text: &str) {
        screen
            .draw(|frame| frame.render_widget(Line::raw(text), frame.area()))
            .unwrap();
    }

    #[test]
    fn a_frame_is_one_write_in_a_synchronized_update() {
        let (mut screen, writes, _) = screen();
        say(&mut screen, "hello");
        let sent = writes.take();
        assert_eq!(sent.len(), 1);
        assert!(sent[0].starts_with("\x1b[?2026h") && sent[0].ends_with("\x1b[?2026l"));
        assert!(sent[0].contains("hello"));
    }

    #[test]
    fn an_unchanged_frame_is_no_write() {
        let (mut screen, writes, _) = screen();
        say(&mut screen, "hello");
        writes.take();
        say(&mut screen, "hello");
        assert_eq!(writes.take(), [""; 0]);
        say(&mut screen, "hallo");
        let sent = writes.take();
        assert_eq!(sent.len(), 1);
        assert!(
            sent[0].contains('a') && !sent[0].contains("llo"),
            "{sent:?}"
        );
    }

    #[test]
    fn the_cursor_is_sent_when_it_moves() {
        let (mut screen, writes, _) = screen();
        let mut at = |column| {
            screen
                .draw(|frame| frame.set_cursor_position((column, 1)))
                .unwrap();
            writes.take().concat()
        };
        assert!(at(3).contains("\x1b[?25h\x1b[2;4H"));
        assert_eq!(at(3), "");
        assert_eq!(at(4), "\x1b[?2026h\x1b[2;5H\x1b[?2026l");
        say(&mut screen, "");
        assert_eq!(writes.take(), ["\x1b[?2026h\x1b[?25l\x1b[?2026l"]);
    }

    #[test]
    fn the_cursor_returns_after_cells_were_written() {
        let (mut screen, writes, _) = screen();
        let mut typed = |text: &str| {
            screen
                .draw(|frame| {
                    frame.render_widget(Line::raw(text), frame.area());
                    frame.set_cursor_position((9, 0));
                })
                .unwrap();
            writes.take().concat()
        };
        typed("a");
        assert!(typed("b").contains("\x1b[1;10H"));
    }

    #[test]
    fn resizing_clears_and_draws_in_the_same_write() {
        let (mut screen, writes, columns) = screen();
        say(&mut screen, "hello");
        writes.take();
        columns.store(30, Ordering::Relaxed);
        say(&mut screen, "hello");
        let sent = writes.take();
        assert_eq!(sent.len(), 1);
        assert!(sent[0].contains("\x1b[2J") && sent[0].contains("hello"));
    }

    #[test]
    fn an_invalidated_screen_is_sent_whole_and_nothing_is_asked() {
        let (mut screen, writes, _) = screen();
        say(&mut screen, "hello");
        writes.take();
        screen.invalidate().unwrap();
        assert_eq!(writes.take(), [""; 0]);
        say(&mut screen, "hello");
        let sent = writes.take();
        assert_eq!(sent.len(), 1);
        assert!(sent[0].contains("hello") && !sent[0].contains("\x1b[6n"));
    }
}
