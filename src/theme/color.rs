//! Colours as theme files write them, and what is left of them on simpler terminals.

use ratatui::style::Color;

use super::support::ColorSupport;

/// A colour, and the one that stands for it where there are only sixteen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tint {
    pub full: Color,
    pub ansi: Color,
}

/// The sixteen with their names, and the values most terminals give them.
const ANSI: [(&str, Color, [u8; 3]); 16] = [
    ("black", Color::Black, [0, 0, 0]),
    ("red", Color::Red, [205, 0, 0]),
    ("green", Color::Green, [0, 205, 0]),
    ("yellow", Color::Yellow, [205, 205, 0]),
    ("blue", Color::Blue, [0, 0, 238]),
    ("magenta", Color::Magenta, [205, 0, 205]),
    ("cyan", Color::Cyan, [0, 205, 205]),
    ("white", Color::Gray, [229, 229, 229]),
    ("bright-black", Color::DarkGray, [127, 127, 127]),
    ("bright-red", Color::LightRed, [255, 0, 0]),
    ("bright-green", Color::LightGreen, [0, 255, 0]),
    ("bright-yellow", Color::LightYellow, [255, 255, 0]),
    ("bright-blue", Color::LightBlue, [92, 92, 255]),
    ("bright-magenta", Color::LightMagenta, [255, 0, 255]),
    ("bright-cyan", Color::LightCyan, [0, 255, 255]),
    ("bright-white", Color::White, [255, 255, 255]),
];

/// The names a colour can have, for suggestions.
pub fn names() -> impl Iterator<Item = &'static str> {
    ANSI.iter().map(|(name, ..)| *name).chain(["default"])
}

/// Reads `#5fafff`, one of the sixteen (`bright-blue`), or `default`, the terminal's own.
pub fn parse(text: &str) -> Option<Color> {
    if text == "default" {
        return Some(Color::Reset);
    }
    if let Some(hex) = text.strip_prefix('#') {
        if hex.len() != 6 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let value = u32::from_str_radix(hex, 16).ok()?;
        let [_, r, g, b] = value.to_be_bytes();
        return Some(Color::Rgb(r, g, b));
    }
    let found = ANSI.iter().find(|(name, ..)| *name == text);
    found.map(|(_, color, _)| *color)
}

impl From<Color> for Tint {
    fn from(full: Color) -> Self {
        Self {
            full,
            ansi: match full {
                Color::Rgb(r, g, b) => nearest_of_sixteen([r, g, b]),
                named => named,
            },
        }
    }
}

impl Tint {
    /// What a terminal can show of it.
    pub fn shown(self, support: ColorSupport) -> Option<Color> {
        match (support, self.full) {
            (ColorSupport::None, _) => None,
            (ColorSupport::Ansi16, _) => Some(self.ansi),
            (ColorSupport::Ansi256, Color::Rgb(r, g, b)) => {
                Some(Color::Indexed(nearest_of_256([r, g, b])))
            }
            (_, full) => Some(full),
        }
    }
}

fn distance(a: [u8; 3], b: [u8; 3]) -> u32 {
    // Eyes tell greens apart best and blues worst.
    let weights = [3, 6, 1];
    let mut sum = 0;
    for ((a, b), weight) in a.into_iter().zip(b).zip(weights) {
        sum += u32::from(a.abs_diff(b)).pow(2) * weight;
    }
    sum
}

fn nearest_of_sixteen(rgb: [u8; 3]) -> Color {
    ANSI.iter()
        .min_by_key(|(_, _, other)| distance(rgb, *other))
        .map_or(Color::Reset, |(_, color, _)| *color)
}

/// The nearest of the colour cube (16 to 231) and the greys (232 to 255); the first sixteen belong to the user.
fn nearest_of_256(rgb: [u8; 3]) -> u8 {
    const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    let cube = (0..216u8).map(|i| {
        let at = |n: u8| STEPS[usize::from(n % 6)];
        (16 + i, [at(i / 36), at(i / 6), at(i)])
    });
    let greys = (0..24u8).map(|i| (232 + i, [8 + 10 * i; 3]));
    cube.chain(greys)
        .min_by_key(|(_, other)| distance(rgb, *other))
        .map_or(15, |(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_or_refused() {
        assert_eq!(parse("#5fafff"), Some(Color::Rgb(0x5f, 0xaf, 0xff)));
        assert_eq!(parse("bright-black"), Some(Color::DarkGray));
        assert_eq!(parse("default"), Some(Color::Reset));
        for bad in ["", "#fff", "#gggggg", "#+12345", "blueish", "#é1234"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn simpler_terminals_get_the_nearest() {
        let blue = Tint::from(Color::Rgb(0x5f, 0xaf, 0xff));
        assert_eq!(blue.shown(ColorSupport::TrueColor), Some(blue.full));
        assert_eq!(blue.shown(ColorSupport::Ansi256), Some(Color::Indexed(75)));
        assert_eq!(blue.shown(ColorSupport::None), None);
        let grey = Tint::from(Color::Rgb(8, 8, 8));
        assert_eq!(grey.shown(ColorSupport::Ansi256), Some(Color::Indexed(232)));
        let red = Tint::from(Color::Rgb(250, 10, 10));
        assert_eq!(red.shown(ColorSupport::Ansi16), Some(Color::LightRed));
        let own = Tint::from(Color::Reset);
        assert_eq!(own.shown(ColorSupport::Ansi16), Some(Color::Reset));
    }
}
