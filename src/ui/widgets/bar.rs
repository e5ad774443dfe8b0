//! A bar for a share of a limit, with what is expected and the limit itself marked.

use crate::theme::Role;

use crate::ui::cx::Cx;

/// Draws `used` (and `expected`, if it is more) of a limit of 1.0 into `width` cells.
///
/// The scale ends at the limit, or at the largest value where that is more (up to twice the limit); then the
/// limit is a line in the bar.
pub fn bar(
    cx: &mut Cx<'_, '_>,
    x: u16,
    y: u16,
    width: u16,
    used: f64,
    expected: Option<f64>,
    roles: (Role, Role),
) {
    if width == 0 {
        return;
    }
    let used = if used.is_finite() { used.max(0.0) } else { 0.0 };
    let expected = expected.filter(|e| e.is_finite()).unwrap_or(0.0).max(used);
    let scale = expected.clamp(1.0, 2.0);
    let cells = |share: f64| ((share / scale * f64::from(width)).round() as u16).min(width);
    let glyphs = cx.glyphs();
    let filled = cells(used).max(u16::from(used > 0.0));
    let hatched = cells(expected).max(filled);
    let limit = cells(1.0).min(width - 1);
    for cell in 0..width {
        let (symbol, role) = if cell < filled {
            (glyphs.bar_full, roles.0)
        } else if cell < hatched {
            (glyphs.bar_half, roles.1)
        } else {
            (glyphs.bar_empty, Role::Border)
        };
        let style = cx.style(role);
        cx.pen.text(x + cell, y, 1, symbol, style);
    }
    if scale > 1.0 {
        let style = cx.style(Role::Strong);
        cx.pen.text(x + limit, y, 1, glyphs.limit, style);
    }
}
