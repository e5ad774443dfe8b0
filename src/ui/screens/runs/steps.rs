//! The steps of a run: a table whose rows go on as bars on one time axis.

use ratatui::layout::Rect;

use crate::domain::run::Run;
use crate::store::model::Model;
use crate::store::model::nav::Pane;
use crate::store::rows::step_rows;
use crate::store::table::{Align, Cell, Column, Row, visible_rows};
use crate::store::tables::steps::StepRow;
use crate::theme::Role;

use crate::ui::cx::Cx;
use crate::ui::layout::cut_top;
use crate::ui::screens::list::filter_line;
use crate::ui::text;
use crate::ui::widgets::cells::{run_glyph, run_role};
use crate::ui::widgets::gantt::{self, Axis};
use crate::ui::widgets::notes::{down, prose};
use crate::ui::widgets::table::Table;

/// Place of the selected step in the run.
pub fn selected_index(model: &Model, run: &Run) -> Option<usize> {
    let id = model.runs.steps.selected.as_ref()?;
    let (index, _) = id.split_once(':')?;
    index.parse().ok().filter(|i| *i < run.steps.len())
}

const fn column(
    key: &'static str,
    title: &'static str,
    align: Align,
    widths: (u16, u16),
    expendable: u8,
) -> Column {
    Column {
        key,
        title,
        align,
        min: widths.0,
        max: widths.1,
        expendable,
    }
}

/// The columns beside bars; the keys are those of the table of steps, so that filters mean the same.
const WITH_BARS: &[Column] = &[
    column("name", "step", Align::Left, (12, 26), 0),
    column("kind", "type", Align::Left, (10, 12), 2),
    column("status", "state", Align::Left, (10, 10), 1),
    column("took", "took", Align::Right, (6, 6), 0),
];

/// Least cells of a useful bar.
const LEAST_BAR: u16 = 10;

/// The line that a filter of steps is typed in; answers the room above it.
pub fn filter(cx: &mut Cx<'_, '_>, inner: Rect) -> Rect {
    let list = &cx.model.runs.steps;
    let columns = crate::store::tables::steps::COLUMNS;
    let left = visible_rows(&step_rows(cx.model), columns, list).len();
    filter_line(cx, inner, Pane::RunDetail, &list.filter, Some(left))
}

/// Draws the steps and an empty line, and takes their lines off `room`; `paper` is as wide as the pane.
pub fn steps(cx: &mut Cx<'_, '_>, room: &mut Rect, paper: Rect, run: &Run) {
    let model = cx.model;
    if run.steps.is_empty() {
        cx.rows(Rect { height: 0, ..*room }, Pane::RunDetail, 0);
        if !run.detailed && model.runs.describing.contains(&run.key()) {
            let line = format!("{} loading steps and logs", cx.glyphs().loading);
            down(room, |room| prose(cx, room, Role::Moving, &line, 1));
        }
        return;
    }
    let items = step_rows(model);
    let list = &model.runs.steps;
    let columns = crate::store::tables::steps::COLUMNS;
    let order = visible_rows(&items, columns, list);
    let height = order.len().max(1) as u16 + 1;
    // The rows use the pane's whole width: the selection reaches from border to border.
    let table = Rect {
        x: paper.x,
        width: paper.width,
        height,
        ..*room
    };
    *room = cut_top(*room, height + 1).1;
    if order.is_empty() {
        cx.rows(table, Pane::RunDetail, 0);
        let line = format!("No step matches `{}`.", list.filter);
        prose(cx, table, Role::Dim, &line, 1);
        return;
    }
    let axis = Axis::of(&run.steps, model.now);
    let cells_width = if table.width >= 84 {
        60
    } else {
        table.width * 5 / 8
    };
    let bars = axis.filter(|_| table.width.saturating_sub(cells_width) >= LEAST_BAR);
    let area = Rect {
        width: if bars.is_some() {
            cells_width
        } else {
            table.width
        },
        ..table
    };
    let drawn = Table {
        pane: Some(Pane::RunDetail),
        header: true,
        items: &items,
        order: &order,
        columns: if bars.is_some() { WITH_BARS } else { columns },
        list,
        sign: &|cx, row: &StepRow<'_>| {
            let status = row.step.status;
            (run_glyph(status, cx.glyphs()), run_role(status))
        },
        tint: &|_, column, _: &Cell| matches!(column, "kind" | "start").then_some(Role::Dim),
    }
    .draw(cx, area);
    let Some(axis) = bars else {
        return;
    };
    let x = drawn.right + 2;
    let width = table.right().saturating_sub(x + 2);
    axis_head(cx, x, table.y, width, run);
    for line in 0..drawn.shown {
        let row = &items[order[drawn.top + line]];
        let y = drawn.y + line as u16;
        if list.selected.as_deref() == Some(&row.id()) {
            let role = if cx.has_focus(Pane::RunDetail) {
                Role::Selected
            } else {
                Role::SelectedUnfocused
            };
            let style = cx.style(role);
            cx.pen.restyle(
                Rect {
                    y,
                    height: 1,
                    ..table
                },
                style,
            );
        }
        gantt::bar(cx, x, y, width, row.step, axis);
    }
}

/// First and last time over the bars.
fn axis_head(cx: &mut Cx<'_, '_>, x: u16, y: u16, width: u16, run: &Run) {
    let style = cx.style(Role::Dim);
    let start = run.steps.iter().filter_map(|s| s.started_at).min();
    let end = if run.status.is_moving() {
        Some(cx.model.now)
    } else {
        run.steps.iter().filter_map(|s| s.ended_at).max()
    };
    let start = start.map(|at| cx.time(at)).unwrap_or_default();
    let end = end.map(|at| cx.time(at)).unwrap_or_default();
    let (a, b) = (text::width(&start) as u16, text::width(&end) as u16);
    cx.pen.text(x, y, width, &start, style);
    if a + b + 2 <= width {
        cx.pen.text(x + width - b, y, b, &end, style);
    }
}
