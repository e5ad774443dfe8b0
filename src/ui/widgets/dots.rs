//! Braille dots, two by four in each cell: what curves are drawn with.

use ratatui::layout::Rect;

use crate::theme::Role;
use crate::ui::cx::Cx;
use crate::ui::signs;

/// A grid of dots that several curves share; of two curves in one cell the later one gives it its colour.
pub struct Dots {
    width: usize,
    height: usize,
    /// The dots of each cell, and the curve that touched it last.
    cells: Vec<(u8, usize)>,
}

impl Dots {
    /// For so many cells.
    pub fn new(width: u16, height: u16) -> Self {
        let (width, height) = (usize::from(width), usize::from(height));
        Self {
            width,
            height,
            cells: vec![(0, 0); width * height],
        }
    }

    /// The dot at a share of the width and of the height, the latter counted from below. What is too high or too low
    /// is at the edge, what is too far left or right is outside.
    pub fn place(&self, x: f64, y: f64) -> (i64, i64) {
        let at = |share: f64, dots: usize| {
            let last = dots.saturating_sub(1) as f64;
            (share * last).round() as i64
        };
        let x = at(x.clamp(-1.0, 2.0), self.width * 2);
        (x, at(1.0 - y.clamp(0.0, 1.0), self.height * 4))
    }

    pub fn set(&mut self, curve: usize, x: i64, y: i64) {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else {
            return;
        };
        if x < self.width * 2 && y < self.height * 4 {
            let cell = &mut self.cells[y / 4 * self.width + x / 2];
            cell.0 |= DOTS[y % 4][x % 2];
            cell.1 = curve;
        }
    }

    /// Every dot from one place to another.
    pub fn line(&mut self, curve: usize, from: (i64, i64), to: (i64, i64)) {
        stroke(from.0, from.1, to.0, to.1, &mut |x, y| {
            self.set(curve, x, y)
        });
    }

    pub fn draw(&self, cx: &mut Cx<'_, '_>, area: Rect, role: impl Fn(usize) -> Role) {
        for (i, &(dots, curve)) in self.cells.iter().enumerate() {
            if dots == 0 {
                continue;
            }
            let x = area.x + (i % self.width) as u16;
            let y = area.y + (i / self.width) as u16;
            let style = cx.style(role(curve));
            let mut utf8 = [0; 4];
            let symbol = match signs::points(cx.glyphs()) {
                // Letters and marks where braille cannot be shown: one for each curve.
                Some(marks) => marks[curve % marks.len()],
                None => char::from_u32(0x2800 + u32::from(dots))
                    .unwrap_or(' ')
                    .encode_utf8(&mut utf8),
            };
            cx.pen.text(x, y, 1, symbol, style);
        }
    }
}

/// The bit of each dot of a braille character, by row and column.
const DOTS: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

/// Every dot on the way from one point to the next.
fn stroke(x0: i64, y0: i64, x1: i64, y1: i64, set: &mut impl FnMut(i64, i64)) {
    let steps = (x1 - x0).abs().max((y1 - y0).abs()).clamp(1, 10_000);
    for step in 0..=steps {
        set(
            x0 + ((x1 - x0) * step + (x1 - x0).signum() * steps / 2) / steps,
            y0 + ((y1 - y0) * step + (y1 - y0).signum() * steps / 2) / steps,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strokes_have_no_holes() {
        let mut dots = Vec::new();
        stroke(0, 0, 3, 9, &mut |x, y| dots.push((x, y)));
        assert_eq!((dots[0], dots[dots.len() - 1]), ((0, 0), (3, 9)));
        assert!(dots.windows(2).all(|p| (p[1].1 - p[0].1).abs() <= 1));
    }

    #[test]
    fn places_are_shares_of_the_room() {
        let dots = Dots::new(3, 2);
        assert_eq!(dots.place(0.0, 0.0), (0, 7));
        assert_eq!(dots.place(1.0, 1.0), (5, 0));
        assert_eq!(dots.place(9.0, -9.0), (10, 7));
        assert_eq!(Dots::new(0, 0).place(f64::NAN, 1.0), (0, 0));
    }
}
