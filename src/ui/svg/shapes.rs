//! Lines, blocks and braille dots as shapes that touch their neighbours.

use std::fmt::Write as _;

use super::{HEIGHT, WIDTH};

const W: f32 = WIDTH as f32;
const H: f32 = HEIGHT as f32;

/// The shape of a symbol in the cell at (x, y), or `None` for what a font draws better.
pub fn shape(symbol: &str, x: u16, y: u16, color: &str) -> Option<String> {
    let mut chars = symbol.chars();
    let (Some(c), None) = (chars.next(), chars.next()) else {
        return None;
    };
    let (x, y) = (f32::from(x), f32::from(y));
    block(c, x, y, color)
        .or_else(|| line(c, x, y, color))
        .or_else(|| braille(c, x, y, color))
}

fn rect(x: f32, y: f32, width: f32, height: f32, color: &str, opacity: f32) -> String {
    let opacity = if opacity < 1.0 {
        format!(r#" opacity="{opacity}""#)
    } else {
        String::new()
    };
    format!(r#"<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{color}"{opacity}/>"#)
}

fn block(c: char, x: f32, y: f32, color: &str) -> Option<String> {
    let eighths = |n: u32| n as f32 * H / 8.0;
    Some(match c {
        '█' => rect(x, y, W, H, color, 1.0),
        '▁'..='▇' => {
            let height = eighths(c as u32 - '▁' as u32 + 1);
            rect(x, y + H - height, W, height, color, 1.0)
        }
        '▉'..='▏' => {
            let width = (7 - (c as u32 - '▉' as u32)) as f32 * W / 8.0;
            rect(x, y, width, H, color, 1.0)
        }
        '░' => rect(x, y + 2.0, W, H - 4.0, color, 0.3),
        '▒' => rect(x, y + 2.0, W, H - 4.0, color, 0.55),
        '▓' => rect(x, y + 2.0, W, H - 4.0, color, 0.8),
        _ => return None,
    })
}

/// Lines from the middle of a cell to its sides: up, down, left, right, each thin (1) or thick (2).
fn sides(c: char) -> Option<[u8; 4]> {
    Some(match c {
        '─' => [0, 0, 1, 1],
        '│' => [1, 1, 0, 0],
        '┌' => [0, 1, 0, 1],
        '┐' => [0, 1, 1, 0],
        '└' => [1, 0, 0, 1],
        '┘' => [1, 0, 1, 0],
        '├' => [1, 1, 0, 1],
        '┤' => [1, 1, 1, 0],
        '┬' => [0, 1, 1, 1],
        '┴' => [1, 0, 1, 1],
        '┼' => [1, 1, 1, 1],
        '┃' => [2, 2, 0, 0],
        '━' => [0, 0, 2, 2],
        _ => return None,
    })
}

fn line(c: char, x: f32, y: f32, color: &str) -> Option<String> {
    let (middle_x, middle_y) = (x + W / 2.0, y + H / 2.0);
    let (right, bottom) = (x + W, y + H);
    // Rounded corners: from one side to another with a curve.
    let corner = match c {
        '╭' => Some(format!(
            "M{middle_x} {bottom}V{}Q{middle_x} {middle_y} {} {middle_y}H{right}",
            middle_y + 4.0,
            middle_x + 4.0
        )),
        '╮' => Some(format!(
            "M{middle_x} {bottom}V{}Q{middle_x} {middle_y} {} {middle_y}H{x}",
            middle_y + 4.0,
            middle_x - 4.0
        )),
        '╰' => Some(format!(
            "M{middle_x} {y}V{}Q{middle_x} {middle_y} {} {middle_y}H{right}",
            middle_y - 4.0,
            middle_x + 4.0
        )),
        '╯' => Some(format!(
            "M{middle_x} {y}V{}Q{middle_x} {middle_y} {} {middle_y}H{x}",
            middle_y - 4.0,
            middle_x - 4.0
        )),
        _ => None,
    };
    if let Some(path) = corner {
        return Some(format!(
            r#"<path d="{path}" fill="none" stroke="{color}"/>"#
        ));
    }
    let [up, down, left, to_right] = sides(c)?;
    let mut path = String::new();
    if up > 0 {
        let _ = write!(path, "M{middle_x} {y}V{middle_y}");
    }
    if down > 0 {
        let _ = write!(path, "M{middle_x} {middle_y}V{bottom}");
    }
    if left > 0 {
        let _ = write!(path, "M{x} {middle_y}H{middle_x}");
    }
    if to_right > 0 {
        let _ = write!(path, "M{middle_x} {middle_y}H{right}");
    }
    let width = if [up, down, left, to_right].contains(&2) {
        r#" stroke-width="3""#
    } else {
        ""
    };
    Some(format!(
        r#"<path d="{path}" fill="none" stroke="{color}"{width}/>"#
    ))
}

/// The bits of a braille character by column and row.
const DOTS: [[u32; 4]; 2] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];

fn braille(c: char, x: f32, y: f32, color: &str) -> Option<String> {
    let bits = (c as u32)
        .checked_sub(0x2800)
        .filter(|bits| *bits < 0x100)?;
    let mut out = String::new();
    for (column, rows) in DOTS.iter().enumerate() {
        for (row, bit) in rows.iter().enumerate() {
            if bits & bit != 0 {
                let cx = x + W * (0.25 + 0.5 * column as f32);
                let cy = y + H * (0.125 + 0.25 * row as f32);
                let _ = write!(
                    out,
                    r#"<circle cx="{cx}" cy="{cy}" r="1.4" fill="{color}"/>"#
                );
            }
        }
    }
    Some(out)
}
