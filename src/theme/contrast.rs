//! Themes are for eyes: what must be read differs enough from what it is written on.

use ratatui::style::Color;

use super::{ColorSupport, Role, Theme};

/// Relative luminance after WCAG 2.
fn luminance(rgb: [u8; 3]) -> f64 {
    let linear = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    };
    let [r, g, b] = rgb.map(linear);
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn rgb(color: Option<Color>, own: [u8; 3]) -> [u8; 3] {
    match color {
        Some(Color::Rgb(r, g, b)) => [r, g, b],
        Some(Color::White) => [255; 3],
        Some(Color::Black) => [0; 3],
        _ => own,
    }
}

const BLACK: [u8; 3] = [0; 3];
const WHITE: [u8; 3] = [255; 3];
/// Common dark backgrounds are not quite black.
const SOFT_BLACK: [u8; 3] = [0x1e, 0x1e, 0x2e];

/// Everything but borders, which are there to be overlooked, and what has its own background.
fn read() -> impl Iterator<Item = Role> {
    let skip = [Role::Border, Role::Selected, Role::SelectedUnfocused];
    Role::ALL.iter().copied().filter(move |r| !skip.contains(r))
}

#[test]
fn everything_can_be_read_on_the_terminal_it_is_for() {
    for (name, ground, own) in [
        ("dark", BLACK, WHITE),
        ("dark", SOFT_BLACK, WHITE),
        ("colorblind", BLACK, WHITE),
        ("contrast", BLACK, WHITE),
        ("light", WHITE, BLACK),
    ] {
        let theme = Theme::builtin(name, ColorSupport::TrueColor, false).unwrap();
        let least = if name == "contrast" { 7.0 } else { 4.5 };
        for role in read() {
            let style = theme.style(role);
            // Labels may be a little fainter.
            let least = match role {
                Role::Dim | Role::Header | Role::LogDebug if name != "contrast" => 3.5,
                _ => least,
            };
            let (fg, bg) = (rgb(style.fg, own), rgb(style.bg, ground));
            let found = contrast(fg, bg);
            assert!(found >= least, "{name}: {} has {found:.1}", role.name());
        }
    }
}

#[test]
fn the_selected_row_can_be_read_too() {
    for (name, own) in [("dark", WHITE), ("colorblind", WHITE), ("light", BLACK)] {
        let theme = Theme::builtin(name, ColorSupport::TrueColor, false).unwrap();
        for selected in [Role::Selected, Role::SelectedUnfocused] {
            let ground = rgb(theme.style(selected).bg, own);
            for role in [
                Role::Text,
                Role::Strong,
                Role::Act,
                Role::Look,
                Role::Moving,
            ] {
                let found = contrast(rgb(theme.style(role).fg, own), ground);
                assert!(found >= 4.5, "{name}: {} has {found:.1}", role.name());
            }
        }
    }
}
