//! Terminal colours as numbers.

use ratatui::style::Color;

/// The sixteen named colours as a terminal with a dark ground shows them.
const NAMED: [(u8, u8, u8); 16] = [
    (0x48, 0x4f, 0x58),
    (0xff, 0x7b, 0x72),
    (0x6b, 0xc4, 0x6d),
    (0xe3, 0xb3, 0x41),
    (0x6c, 0xb6, 0xff),
    (0xc2, 0x97, 0xff),
    (0x56, 0xd4, 0xbc),
    (0xc8, 0xcd, 0xd4),
    (0x7d, 0x85, 0x90),
    (0xff, 0xa1, 0x98),
    (0x8d, 0xdb, 0x8c),
    (0xf0, 0xc9, 0x6b),
    (0x96, 0xd0, 0xff),
    (0xdc, 0xbd, 0xfb),
    (0x8a, 0xe6, 0xd3),
    (0xff, 0xff, 0xff),
];

/// Red, green and blue; `None` for the terminal's own colour.
pub fn rgb(color: Color) -> Option<(u8, u8, u8)> {
    let named = |n: usize| NAMED.get(n).copied();
    match color {
        Color::Reset => None,
        Color::Rgb(r, g, b) => Some((r, g, b)),
        Color::Indexed(n) => Some(indexed(n)),
        Color::Black => named(0),
        Color::Red => named(1),
        Color::Green => named(2),
        Color::Yellow => named(3),
        Color::Blue => named(4),
        Color::Magenta => named(5),
        Color::Cyan => named(6),
        Color::Gray => named(7),
        Color::DarkGray => named(8),
        Color::LightRed => named(9),
        Color::LightGreen => named(10),
        Color::LightYellow => named(11),
        Color::LightBlue => named(12),
        Color::LightMagenta => named(13),
        Color::LightCyan => named(14),
        Color::White => named(15),
    }
}

/// The 256 colours of xterm: sixteen named ones, a cube of 6 x 6 x 6, and 24 greys.
fn indexed(n: u8) -> (u8, u8, u8) {
    const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    match n {
        0..16 => NAMED[usize::from(n)],
        16..232 => {
            let n = usize::from(n - 16);
            (STEPS[n / 36], STEPS[n / 6 % 6], STEPS[n % 6])
        }
        _ => {
            let grey = 8 + (n - 232) * 10;
            (grey, grey, grey)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cube_and_the_greys() {
        assert_eq!(indexed(16), (0, 0, 0));
        assert_eq!(indexed(208), (255, 135, 0));
        assert_eq!(indexed(231), (255, 255, 255));
        assert_eq!(indexed(255), (238, 238, 238));
    }
}
