//! A small chart in one line of text.

use crate::theme::Glyphs;

/// `width` signs for the values, oldest first; where there are more values than signs, each sign is the highest of
/// its values. The scale starts at zero.
pub fn spark(values: &[f64], width: usize, glyphs: &Glyphs) -> String {
    if width == 0 || values.is_empty() {
        return String::new();
    }
    // The highest sign would touch the row above.
    let levels = &glyphs.spark[..glyphs.spark.len() - 1];
    let top = values
        .iter()
        .copied()
        .filter(|v| v.is_finite())
        .fold(0.0, f64::max);
    let signs = width.min(values.len());
    let mut out = String::with_capacity(signs * 3);
    for sign in 0..signs {
        let from = sign * values.len() / signs;
        let to = ((sign + 1) * values.len() / signs).max(from + 1);
        let value = values[from..to]
            .iter()
            .copied()
            .filter(|v| v.is_finite())
            .fold(0.0, f64::max);
        let level = if top > 0.0 && value > 0.0 {
            // Anything above zero is visible.
            ((value / top * (levels.len() - 1) as f64).round() as usize).clamp(1, levels.len() - 1)
        } else {
            0
        };
        out.push_str(levels[level]);
    }
    out
}
