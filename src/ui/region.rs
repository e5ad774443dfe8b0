//! What was drawn where: heights for the model, and places for the mouse.

use std::collections::BTreeMap;

use ratatui::layout::{Position, Rect};

use crate::store::model::nav::{Page, Pane, Screen};
use crate::store::msg::Hit;

use super::paint::Window;

/// What a frame showed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Viewports {
    /// Rows of each list or text pane on screen: belongs into `model.nav.heights`.
    pub heights: BTreeMap<Pane, u16>,
    /// Columns of those rows: belongs into `model.nav.widths`.
    pub widths: BTreeMap<Pane, u16>,
    /// The detail panes on screen: belongs into `model.nav.pages`.
    pub pages: BTreeMap<Pane, Page>,
    /// In the order of drawing: the last one that contains a place is what one sees there.
    regions: Vec<(Rect, Region)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Region {
    Screen(Screen),
    Pane(Pane),
    /// Rows of a pane, the one with this number at the top of the area.
    Rows(Pane, usize),
    /// Covered by something that takes no clicks.
    Nothing,
}

impl Viewports {
    pub(super) fn screen(&mut self, area: Rect, screen: Screen) {
        self.regions.push((area, Region::Screen(screen)));
    }

    pub(super) fn pane(&mut self, area: Rect, pane: Pane) {
        self.regions.push((area, Region::Pane(pane)));
    }

    /// Notes how many rows a pane has room for, and where the `shown` ones of them are.
    pub(super) fn rows(&mut self, area: Rect, pane: Pane, shown: u16) {
        self.heights.insert(pane, area.height);
        self.widths.insert(pane, area.width);
        let rows = Rect {
            height: shown.min(area.height),
            ..area
        };
        self.regions.push((rows, Region::Rows(pane, 0)));
    }

    /// The same in a window onto a page: all rows are on the page, and the window shows some of them.
    pub(super) fn page_rows(&mut self, area: Rect, pane: Pane, shown: u16, window: Window) {
        self.heights.insert(pane, area.height);
        self.widths.insert(pane, area.width);
        let page = self.pages.entry(pane).or_default();
        page.rows = area.y - window.area.y;
        let rows = Rect {
            height: shown.min(area.height),
            ..area
        };
        let visible = window.visible(rows);
        let above = window.top.saturating_sub(page.rows);
        self.regions
            .push((visible, Region::Rows(pane, usize::from(above))));
    }

    pub(super) fn page(&mut self, pane: Pane, height: u16, length: u16) {
        let page = self.pages.entry(pane).or_default();
        (page.height, page.length) = (height, length);
    }

    pub(super) fn cover(&mut self, area: Rect) {
        self.regions.push((area, Region::Nothing));
    }
}

/// What lies under a cell of the screen.
pub fn hit(viewports: &Viewports, column: u16, row: u16) -> Option<Hit> {
    let place = Position::new(column, row);
    let (area, region) = viewports
        .regions
        .iter()
        .rev()
        .find(|(area, _)| area.contains(place))?;
    match *region {
        Region::Screen(screen) => Some(Hit::Screen(screen)),
        Region::Pane(pane) => Some(Hit::Pane(pane)),
        Region::Rows(pane, first) => Some(Hit::Row {
            pane,
            row: first + usize::from(row - area.y),
        }),
        Region::Nothing => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_one_drawn_is_hit() {
        let mut seen = Viewports::default();
        seen.pane(Rect::new(0, 0, 20, 10), Pane::RunList);
        seen.rows(Rect::new(1, 1, 18, 8), Pane::RunList, 3);
        assert_eq!(seen.heights[&Pane::RunList], 8);
        let row = |row| Hit::Row {
            pane: Pane::RunList,
            row,
        };
        assert_eq!(hit(&seen, 5, 1), Some(row(0)));
        assert_eq!(hit(&seen, 5, 3), Some(row(2)));
        assert_eq!(hit(&seen, 5, 4), Some(Hit::Pane(Pane::RunList)));
        assert_eq!(hit(&seen, 50, 4), None);
        seen.cover(Rect::new(4, 2, 4, 4));
        assert_eq!(hit(&seen, 5, 3), None);
    }
}
