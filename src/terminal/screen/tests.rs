use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use ratatui::text::Line;

use super::*;

const ROWS: u16 = 4;

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
    let size = move || Size::new(width.load(Ordering::Relaxed), ROWS);
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

/// However a screen changes, a terminal shows what was drawn, moved or not.
#[test]
fn a_terminal_shows_what_was_drawn_however_it_got_there() {
    let writes = Writes::default();
    let (columns, rows) = (40, 30);
    let mut screen = Screen::new(writes.clone(), move || Size::new(columns, rows)).unwrap();
    let cells = |n: u16| std::num::NonZeroU16::new(n).unwrap();
    let mut terminal = vt100::Parser::new(cells(rows), cells(columns), 0);
    let lines: Vec<String> = (0..400)
        .map(|n| match n % 7 {
            0 => String::new(),
            1 => format!("\u{4e2d}\u{6587} {n} wide"),
            _ => format!("line {n} with words {}", n * n),
        })
        .collect();
    let mut least = usize::MAX;
    for (turn, first) in [0, 1, 2, 5, 4, 40, 39, 30, 300, 301, 302, 290, 291]
        .into_iter()
        .enumerate()
    {
        screen
            .draw(|frame| {
                for row in 0..rows {
                    let text = match row {
                        0 => format!("title {turn}"),
                        _ => lines[first + usize::from(row)].clone(),
                    };
                    let area = Rect::new(0, row, columns, 1);
                    let style = ratatui::style::Style::new();
                    // The cursor's line.
                    let style = if row == 20 { style.reversed() } else { style };
                    frame.render_widget(Line::styled(text, style), area);
                }
            })
            .unwrap();
        let sent = writes.take().concat();
        least = least.min(sent.len());
        terminal.process(sent.as_bytes());
        for row in 0..rows {
            let text: String = terminal
                .screen()
                .rows(0, columns)
                .nth(usize::from(row))
                .unwrap();
            let expected = match row {
                0 => format!("title {turn}"),
                _ => lines[first + usize::from(row)].clone(),
            };
            assert_eq!(text.trim_end(), expected, "row {row} of turn {turn}");
        }
    }
    assert!(least < 500, "{least}");
}
