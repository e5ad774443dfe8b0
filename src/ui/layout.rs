//! How the body is shared among panes.

use ratatui::layout::Rect;

use crate::store::model::Navigation;
use crate::store::model::nav::ONE_PANE_COLUMNS;

/// The room of a list, its detail, and a third pane; those not on screen are `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Panes {
    pub list: Option<Rect>,
    pub detail: Option<Rect>,
    pub third: Option<Rect>,
}

/// Columns from which a third pane stands beside list and detail.
pub const THREE_PANE_COLUMNS: u16 = 170;

/// `list_percent` of the width for the list; a third of what the others leave for the third pane, if there is one.
pub fn panes(nav: &Navigation, body: Rect, list_percent: u16, wants_third: bool) -> Panes {
    if body.width < ONE_PANE_COLUMNS || nav.zoom {
        let detail = nav.focus.is_detail();
        return Panes {
            list: (!detail).then_some(body),
            detail: detail.then_some(body),
            third: None,
        };
    }
    if wants_third && body.width >= THREE_PANE_COLUMNS {
        let list = body.width * 43 / 100;
        let detail = body.width * 30 / 100;
        return Panes {
            list: Some(left(body, 0, list)),
            detail: Some(left(body, list, detail)),
            third: Some(left(body, list + detail, body.width - list - detail)),
        };
    }
    let list = body.width * list_percent / 100;
    Panes {
        list: Some(left(body, 0, list)),
        detail: Some(left(body, list, body.width - list)),
        third: None,
    }
}

fn left(body: Rect, offset: u16, width: u16) -> Rect {
    Rect {
        x: body.x + offset,
        width,
        ..body
    }
}

/// Cuts `lines` off the top; the rest comes second.
pub fn cut_top(area: Rect, lines: u16) -> (Rect, Rect) {
    let lines = lines.min(area.height);
    (
        Rect {
            height: lines,
            ..area
        },
        Rect {
            y: area.y + lines,
            height: area.height - lines,
            ..area
        },
    )
}

/// Cuts `lines` off the bottom; the rest comes first.
pub fn cut_bottom(area: Rect, lines: u16) -> (Rect, Rect) {
    let lines = lines.min(area.height);
    cut_top(area, area.height - lines)
}

/// A margin of `cells` at both sides, where there is room for it.
pub fn margin(area: Rect, cells: u16) -> Rect {
    if area.width <= cells * 4 {
        return area;
    }
    Rect {
        x: area.x + cells,
        width: area.width - 2 * cells,
        ..area
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::model::nav::{Pane, Screen};

    fn nav(focus: Pane, zoom: bool) -> Navigation {
        Navigation {
            screen: Screen::Runs,
            focus,
            zoom,
            ..Navigation::default()
        }
    }

    #[test]
    fn one_two_or_three_panes() {
        let body = |width| Rect::new(0, 2, width, 20);
        let narrow = panes(&nav(Pane::RunDetail, false), body(80), 50, true);
        assert_eq!((narrow.list, narrow.detail), (None, Some(body(80))));
        let zoomed = panes(&nav(Pane::RunList, true), body(120), 50, true);
        assert_eq!((zoomed.list, zoomed.detail), (Some(body(120)), None));
        let two = panes(&nav(Pane::RunList, false), body(120), 50, true);
        assert_eq!(two.list.map(|r| r.width), Some(60));
        assert_eq!(two.detail.map(|r| (r.x, r.width)), Some((60, 60)));
        let three = panes(&nav(Pane::RunList, false), body(200), 50, true);
        assert_eq!(three.third.map(|r| r.right()), Some(200));
    }

    #[test]
    fn cutting_more_than_there_is_leaves_nothing() {
        let area = Rect::new(0, 0, 10, 3);
        let (top, rest) = cut_top(area, 9);
        assert_eq!((top.height, rest.height), (3, 0));
    }
}
