//! Where each curve stands.

use ratatui::layout::Rect;

use crate::ui::layout::margin;

use super::{LEAST_HEIGHT, LEAST_WIDTH};

/// Cells for as many curves as there is room for, in rows and columns of one size; the last row is for the axis.
pub struct Grid {
    inner: Rect,
    pub columns: u16,
    rows: u16,
    pub count: usize,
}

impl Grid {
    pub fn of(area: Rect, wanted: usize) -> Self {
        let inside = Rect {
            x: area.x + 1,
            y: area.y + 1,
            width: area.width.saturating_sub(2),
            height: area.height.saturating_sub(2),
        };
        let inner = margin(inside, 1);
        let wanted = u16::try_from(wanted).unwrap_or(u16::MAX);
        let height = inner.height.saturating_sub(1);
        let deep = height / LEAST_HEIGHT;
        let wide = if wanted > 1 && inner.width >= 2 * LEAST_WIDTH + 2 && deep < 4 {
            2
        } else {
            1
        };
        let rows = wanted.div_ceil(wide).min(deep);
        Self {
            inner,
            columns: wide,
            rows,
            count: usize::from(wanted.min(rows * wide)),
        }
    }

    pub fn cell(&self, index: usize) -> Rect {
        let index = u16::try_from(index).unwrap_or(u16::MAX);
        let (row, column) = (index / self.columns, index % self.columns);
        let x = self.column(column);
        let height = self.inner.height.saturating_sub(1);
        let at = |row: u16| row * height / self.rows.max(1);
        Rect {
            y: self.inner.y + at(row),
            height: at(row + 1) - at(row),
            ..x
        }
    }

    /// The room of a column, over all rows.
    pub fn column(&self, column: u16) -> Rect {
        // Two cells of air between columns.
        let width = (self.inner.width + 2) / self.columns - 2;
        Rect {
            x: self.inner.x + column * (width + 2),
            width,
            ..self.inner
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_lie_apart_and_inside() {
        for (width, height) in [(80, 9), (50, 40), (86, 16), (144, 50), (36, 7), (90, 7)] {
            let area = Rect::new(3, 2, width, height);
            for wanted in 0..=4 {
                let grid = Grid::of(area, wanted);
                assert!(grid.count <= wanted);
                assert!(wanted == 0 || grid.count > 0, "{width}x{height}");
                let cells: Vec<Rect> = (0..grid.count).map(|i| grid.cell(i)).collect();
                for (i, cell) in cells.iter().enumerate() {
                    assert_eq!(cell.intersection(grid.inner), *cell);
                    assert!(cell.height >= LEAST_HEIGHT && cell.bottom() < area.bottom() - 1);
                    assert!(cells[..i].iter().all(|other| !other.intersects(*cell)));
                }
            }
        }
    }
}
