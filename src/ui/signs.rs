//! Signs that only drawing needs, in the theme's character set.

use crate::theme::{Glyphs, Role};

fn ascii(glyphs: &Glyphs) -> bool {
    glyphs.ellipsis.is_ascii()
}

/// A remark: nothing is wrong.
pub fn info(glyphs: &Glyphs) -> &'static str {
    if ascii(glyphs) { "i" } else { "·" }
}

/// Where the next typed character goes.
pub fn caret(glyphs: &Glyphs) -> &'static str {
    if ascii(glyphs) { "_" } else { "▏" }
}

/// Before the name of a curve, in its colour.
pub fn series(glyphs: &Glyphs) -> &'static str {
    if ascii(glyphs) { "*" } else { "■" }
}

/// The time before a bar.
pub fn axis(glyphs: &Glyphs) -> &'static str {
    if ascii(glyphs) { "." } else { "·" }
}

/// A stretch of time: with air above, so that bars of two lines stay apart.
pub fn stretch(glyphs: &Glyphs) -> &'static str {
    if ascii(glyphs) { "#" } else { "▆" }
}

/// Marks of curves where braille cannot be shown, one for each.
pub fn points(glyphs: &Glyphs) -> Option<&'static [&'static str]> {
    ascii(glyphs).then_some(&["*", "o", "x", "+", "=", "%"])
}

/// The line that joins the sides named.
pub fn joint(glyphs: &Glyphs, up: bool, down: bool, left: bool, right: bool) -> &'static str {
    let set = glyphs.border;
    match (up, down, left, right) {
        (true, true, true, true) => set.cross,
        (true, true, true, false) => set.vertical_left,
        (true, true, false, true) => set.vertical_right,
        (true, true, false, false) | (true, false, false, false) | (false, true, false, false) => {
            set.vertical
        }
        (false, true, true, true) => set.horizontal_down,
        (true, false, true, true) => set.horizontal_up,
        (false, true, false, true) => set.top_left,
        (false, true, true, false) => set.top_right,
        (true, false, false, true) => set.bottom_left,
        (true, false, true, false) => set.bottom_right,
        (false, false, ..) => set.horizontal,
    }
}

const SERIES: [Role; 6] = [
    Role::Series1,
    Role::Series2,
    Role::Series3,
    Role::Series4,
    Role::Series5,
    Role::Series6,
];

/// The colour of the n-th of several curves, streams or variants.
pub fn series_role(n: usize) -> Role {
    SERIES[n % SERIES.len()]
}
