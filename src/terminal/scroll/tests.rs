use std::cell::RefCell;
use std::num::NonZero;
use std::rc::Rc;

use proptest::prelude::*;
use ratatui::layout::Size;
use ratatui::style::{Color, Style};

use crate::terminal::Screen;

const COLUMNS: u16 = 24;
const ROWS: u16 = 12;

/// A terminal that shows what it is sent.
#[derive(Clone)]
struct Terminal {
    parser: Rc<RefCell<vt100::Parser>>,
    bytes: Rc<RefCell<usize>>,
}

impl std::io::Write for Terminal {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.parser.borrow_mut().process(bytes);
        *self.bytes.borrow_mut() += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn size(cells: u16) -> NonZero<u16> {
    NonZero::new(cells).unwrap()
}

fn open() -> (Screen<Terminal>, Terminal) {
    let terminal = Terminal {
        parser: Rc::new(RefCell::new(vt100::Parser::new(
            size(ROWS),
            size(COLUMNS),
            0,
        ))),
        bytes: Rc::default(),
    };
    let size = || Size::new(COLUMNS, ROWS);
    (Screen::new(terminal.clone(), size).unwrap(), terminal)
}

/// A row: its text, and which of some styles it has.
type Row = (String, u8);

fn draw(screen: &mut Screen<Terminal>, rows: &[Row]) {
    screen
        .draw(|frame| {
            for (y, (text, style)) in (0..ROWS).zip(rows) {
                let style = match style {
                    0 => Style::new(),
                    1 => Style::new().fg(Color::Indexed(3)).bold(),
                    _ => Style::new().bg(Color::Rgb(1, 2, 3)),
                };
                let width = usize::from(COLUMNS);
                frame.buffer_mut().set_stringn(0, y, text, width, style);
            }
        })
        .unwrap();
}

type Looks = (String, vt100::Color, vt100::Color, bool);

fn cells(terminal: &Terminal) -> Vec<Looks> {
    let parser = terminal.parser.borrow();
    let places = (0..ROWS).flat_map(|y| (0..COLUMNS).map(move |x| (y, x)));
    places
        .map(|(y, x)| {
            let cell = parser.screen().cell(y, x).unwrap();
            // Of a blank, written or not, one sees its ground alone.
            match cell.contents() {
                "" | " " => (" ".to_owned(), vt100::Color::Default, cell.bgcolor(), false),
                text => (text.to_owned(), cell.fgcolor(), cell.bgcolor(), cell.bold()),
            }
        })
        .collect()
}

/// Bytes of the second frame.
fn bytes_from(first: &[Row], second: &[Row]) -> usize {
    let (mut screen, terminal) = open();
    draw(&mut screen, first);
    *terminal.bytes.borrow_mut() = 0;
    draw(&mut screen, second);
    let (mut afresh, expected) = open();
    draw(&mut afresh, second);
    assert_eq!(cells(&terminal), cells(&expected));
    *terminal.bytes.borrow()
}

fn lines(from: u8, count: u8) -> Vec<Row> {
    let line = |n: u8| {
        let letter = char::from(b'a' + n % 26);
        (letter.to_string().repeat(usize::from(COLUMNS)), 0)
    };
    (from..from + count).map(line).collect()
}

#[test]
fn a_step_sends_the_new_row_and_little_else() {
    let most = usize::from(COLUMNS) + 60;
    let (old, new) = (lines(5, 12), lines(6, 12));
    assert!(bytes_from(&old, &new) <= most, "{}", bytes_from(&old, &new));
    assert!(bytes_from(&new, &old) <= most, "{}", bytes_from(&new, &old));
    // Between rows that stay, with a cursor that is somewhere else.
    let framed = |from: u8, cursor: usize| {
        let mut rows = lines(20, 2);
        rows.extend(lines(from, 8));
        rows.extend(lines(22, 2));
        rows[cursor].1 = 2;
        rows
    };
    let step = bytes_from(&framed(3, 9), &framed(4, 9));
    assert!(step <= 3 * most, "{step}");
    let page = bytes_from(&framed(3, 9), &framed(11, 9));
    assert!(page > step, "nothing of a page is there to be moved");
}

fn row() -> impl Strategy<Value = Row> {
    // What is left of half a wide character has the ground of what overwrote the other half, moved or not.
    prop_oneof![
        ("[ab検]{0,13}", 0..2_u8),
        ("[ab ]{0,24}", 0..2_u8),
        ("[ab]{24}", 0..3_u8),
    ]
}

#[derive(Clone, Debug)]
enum Turn {
    Up(usize, usize, Row),
    Down(usize, usize, Row),
    Set(usize, Row),
    Clear,
}

fn turn() -> impl Strategy<Value = Turn> {
    let place = || 0..usize::from(ROWS);
    prop_oneof![
        4 => (place(), place(), row()).prop_map(|(a, b, row)| Turn::Up(a, b, row)),
        4 => (place(), place(), row()).prop_map(|(a, b, row)| Turn::Down(a, b, row)),
        2 => (place(), row()).prop_map(|(a, row)| Turn::Set(a, row)),
        1 => Just(Turn::Clear),
    ]
}

proptest! {
    /// However rows move and change: the terminal shows what it would show if each frame were drawn afresh.
    #[test]
    fn what_is_shown_is_what_was_drawn(
        first in proptest::collection::vec(row(), usize::from(ROWS)),
        frames in proptest::collection::vec(proptest::collection::vec(turn(), 1..4), 1..8),
    ) {
        let (mut screen, terminal) = open();
        let mut rows = first;
        draw(&mut screen, &rows);
        for turns in frames {
            for turn in turns {
                match turn {
                    Turn::Up(from, to, row) => {
                        let row_there = rows.remove(from.min(to));
                        rows.insert(from.max(to), if from == to { row_there } else { row });
                    }
                    Turn::Down(from, to, row) => {
                        let row_there = rows.remove(from.max(to));
                        rows.insert(from.min(to), if from == to { row_there } else { row });
                    }
                    Turn::Set(at, row) => rows[at] = row,
                    Turn::Clear => screen.invalidate().unwrap(),
                }
            }
            draw(&mut screen, &rows);
            let (mut afresh, expected) = open();
            draw(&mut afresh, &rows);
            for (at, (shown, drawn)) in cells(&terminal).iter().zip(cells(&expected)).enumerate() {
                let place = (at / usize::from(COLUMNS), at % usize::from(COLUMNS));
                prop_assert_eq!(shown, &drawn, "at {:?} of {:?}", place, rows);
            }
        }
    }
}
