//! A table: a quiet header, a sign before each row, and cells in their columns. Only visible rows are computed.

use ratatui::layout::Rect;

use crate::store::list::{ListState, top_showing};
use crate::store::model::nav::Pane;
use crate::store::table::{Align, Cell, Column, Row};
use crate::theme::Role;

use super::cells::{cell_text, run_word};
use super::columns::place;
use crate::ui::cx::Cx;
use crate::ui::text;

/// The sign before a row, with its role.
pub type Sign<'t, R> = &'t dyn Fn(&Cx<'_, '_>, &R) -> (&'static str, Role);

/// A role for a cell that its value alone does not give; `None` leaves it as it is.
pub type Tint<'t, R> = &'t dyn Fn(&R, &str, &Cell) -> Option<Role>;

pub struct Table<'t, R> {
    /// The pane whose rows these are; `None` for a small table that takes no keys.
    pub pane: Option<Pane>,
    pub header: bool,
    pub items: &'t [R],
    /// Indices into `items`: what the filter left, in order.
    pub order: &'t [usize],
    pub columns: &'t [Column],
    pub list: &'t ListState,
    pub sign: Sign<'t, R>,
    pub tint: Tint<'t, R>,
}

/// Where the rows went, for whatever stands beside them.
pub struct Drawn {
    /// The line of the first row.
    pub y: u16,
    /// Index into `order` of the first row.
    pub top: usize,
    /// Rows drawn.
    pub shown: usize,
    /// First free column to the right of the cells.
    pub right: u16,
}

/// Rows whose texts are measured.
const MEASURED: usize = 200;

/// Columns grow in steps of so many cells, so that a new row rarely moves them.
const STEP: u16 = 4;

/// Cells before the first column: the mark of new rows, the sign, a space.
const LEAD: u16 = 3;

impl<R: Row> Table<'_, R> {
    /// Draws into `area`, whose first line is the header.
    pub fn draw(&self, cx: &mut Cx<'_, '_>, area: Rect) -> Drawn {
        let mut drawn = Drawn {
            y: area.y,
            top: 0,
            shown: 0,
            right: area.x,
        };
        if area.is_empty() {
            self.note_rows(cx, area, 0);
            return drawn;
        }
        // One line shows a row rather than the header.
        let header = u16::from(self.header && area.height > 1);
        let body = Rect {
            y: area.y + header,
            height: area.height - header,
            ..area
        };
        let selected = self.selected();
        let height = usize::from(body.height);
        let top = top_showing(
            selected.unwrap_or(self.list.top),
            self.list.top,
            height,
            self.order.len(),
        );
        let shown = self.order.len().saturating_sub(top).min(height);
        self.note_rows(cx, body, shown as u16);
        let overflow = self.order.len() > height;
        let room = area.width.saturating_sub(LEAD + 1);
        let placed = place(self.columns, &self.wants(), room);
        let x0 = area.x + LEAD;
        if header == 1 {
            for column in &placed {
                self.head(
                    cx,
                    &self.columns[column.index],
                    x0 + column.x,
                    area.y,
                    column.width,
                    area.right(),
                );
            }
        }
        for line in 0..shown {
            let item = &self.items[self.order[top + line]];
            let y = body.y + line as u16;
            if !cx.pen.shows(y) {
                continue;
            }
            self.sign_of(cx, item, area, y);
            for column in &placed {
                let x = x0 + column.x;
                if x >= area.right() {
                    break;
                }
                let spec = &self.columns[column.index];
                let width = column.width.min(area.right() - x);
                let cell = item.cell(spec.key);
                let (content, role) = cell_text(cx, &cell, width);
                let role = (self.tint)(item, spec.key, &cell).unwrap_or(role);
                let style = cx.style(role);
                let indent = match spec.align {
                    Align::Left => 0,
                    Align::Right => width.saturating_sub(text::width(&content) as u16),
                };
                cx.pen.text(x + indent, y, width - indent, &content, style);
            }
            if selected == Some(top + line) {
                let role = if self.pane.is_some_and(|pane| cx.has_focus(pane)) {
                    Role::Selected
                } else {
                    Role::SelectedUnfocused
                };
                let style = cx.style(role);
                cx.pen.restyle(Rect::new(area.x, y, area.width, 1), style);
            }
        }
        if overflow {
            scroll_mark(cx, body, top, self.order.len());
        }
        drawn.y = body.y;
        drawn.top = top;
        drawn.shown = shown;
        drawn.right = placed
            .last()
            .map_or(x0, |column| x0 + column.x + column.width)
            .min(area.right());
        drawn
    }

    /// How wide each column wants to be, from the first rows in their own order: the same whatever is filtered,
    /// sorted or scrolled.
    fn wants(&self) -> Vec<u16> {
        self.columns
            .iter()
            .map(|column| {
                if column.max <= column.min {
                    return column.min;
                }
                let longest = self
                    .items
                    .iter()
                    .take(MEASURED)
                    .map(|item| match item.cell(column.key) {
                        Cell::Name(text) | Cell::Text(text) => text::width(&text::safe(&text)),
                        Cell::Run(status, raw) => text::width(&text::safe(run_word(status, &raw))),
                        Cell::Health(_, raw) => text::width(&text::safe(&raw)),
                        Cell::Spark(values) => values.len(),
                        _ => 0,
                    })
                    .max()
                    .unwrap_or(0);
                let longest = u16::try_from(longest).unwrap_or(u16::MAX);
                longest
                    .max(column.title.len() as u16)
                    .saturating_add(STEP - 1)
                    / STEP
                    * STEP
            })
            .collect()
    }

    fn note_rows(&self, cx: &mut Cx<'_, '_>, area: Rect, shown: u16) {
        if let Some(pane) = self.pane {
            cx.rows(area, pane, shown);
        }
    }

    /// Place of the selected row in `order`.
    fn selected(&self) -> Option<usize> {
        let id = self.list.selected.as_ref()?;
        let is = |place: usize| {
            self.order
                .get(place)
                .is_some_and(|&i| self.items[i].id() == *id)
        };
        // Where it last stood is nearly always where it stands.
        if is(self.list.index) {
            return Some(self.list.index);
        }
        (0..self.order.len()).find(|&place| is(place))
    }

    fn head(&self, cx: &mut Cx<'_, '_>, column: &Column, x: u16, y: u16, width: u16, end: u16) {
        let mut title = column.title.to_owned();
        let mut role = Role::Header;
        if let Some(sort) = &self.list.sort
            && sort.column == column.key
        {
            title.push_str(if sort.descending {
                cx.glyphs().sort_down
            } else {
                cx.glyphs().sort_up
            });
            role = Role::Text;
        }
        let width = width.min(end.saturating_sub(x));
        let indent = match column.align {
            Align::Left => 0,
            Align::Right => width.saturating_sub(text::width(&title) as u16),
        };
        let style = cx.style(role);
        cx.pen.text(x + indent, y, width - indent, &title, style);
    }

    fn sign_of(&self, cx: &mut Cx<'_, '_>, item: &R, area: Rect, y: u16) {
        if !self.list.arrived.is_empty() && self.list.is_new(&item.id(), cx.model.now) {
            let style = cx.style(Role::NewRow);
            cx.pen.text(area.x, y, 1, cx.glyphs().new_row, style);
        }
        let (glyph, role) = (self.sign)(cx, item);
        let style = cx.style(role);
        cx.pen.text(
            area.x + 1,
            y,
            1.min(area.width.saturating_sub(1)),
            glyph,
            style,
        );
    }
}

/// A thumb at the right edge: where in the whole the visible part lies.
pub fn scroll_mark(cx: &mut Cx<'_, '_>, area: Rect, top: usize, len: usize) {
    let height = usize::from(area.height);
    if height == 0 || len <= height || area.width == 0 {
        return;
    }
    let thumb = (height * height / len).clamp(1, height);
    let room = height - thumb;
    let start = (top * room).div_ceil(len - height).min(room);
    let style = cx.style(Role::BorderFocus);
    for line in start..start + thumb {
        cx.pen.text(
            area.right() - 1,
            area.y + line as u16,
            1,
            cx.glyphs().thumb,
            style,
        );
    }
}

/// For tables whose values say everything.
pub fn no_tint<R>(_: &R, _: &str, _: &Cell) -> Option<Role> {
    None
}
