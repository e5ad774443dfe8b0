//! Small panes of the other screens.

use ratatui::layout::Rect;

use super::versions;
use crate::domain::endpoint::Health;
use crate::domain::run::Run;
use crate::findings::reason::short;
use crate::store::list::ListState;
use crate::store::model::Model;
use crate::store::model::endpoints::EndpointRow;
use crate::store::model::nav::Screen;
use crate::store::rows;
use crate::store::table::{Align, Cell, Column, Row};
use crate::store::tables::runs::RunRow;
use crate::theme::Role;
use crate::ui::condition::Condition;
use crate::ui::cx::Cx;
use crate::ui::layout::{cut_bottom, margin};
use crate::ui::screens::costs::month_lines;
use crate::ui::screens::runs;
use crate::ui::widgets::cells::{health_glyph, health_role, run_glyph, run_role};
use crate::ui::widgets::daybars::DayBars;
use crate::ui::widgets::notes::{Empty, down, empty, without_data};
use crate::ui::widgets::pane::pane;
use crate::ui::widgets::table::Table;

/// Higher than this bars say no more.
const MOST_BARS: u16 = 12;

/// Runs and Endpoints over Costs and Versions.
pub fn panes(cx: &mut Cx<'_, '_>, area: Rect) {
    let (upper, lower) = if area.height >= 12 {
        cut_bottom(area, area.height / 2)
    } else {
        (area, Rect { height: 0, ..area })
    };
    for (row, draw) in [
        (
            upper,
            [runs_pane as fn(&mut Cx<'_, '_>, Rect), endpoints_pane],
        ),
        (lower, [costs_pane, versions::versions_pane]),
    ] {
        if row.height < 3 {
            continue;
        }
        let width = row.width * 46 / 100;
        draw[0](cx, Rect { width, ..row });
        draw[1](
            cx,
            Rect {
                x: row.x + width,
                width: row.width - width,
                ..row
            },
        );
    }
}

/// A pane that leads to its screen when clicked.
pub fn mini(
    cx: &mut Cx<'_, '_>,
    area: Rect,
    screen: Screen,
    note: String,
    condition: &Condition<'_>,
) -> Rect {
    let title = cx
        .say(Role::Title, screen.title())
        .join(cx.say(Role::Dim, note));
    let badge = condition.badge(cx);
    let inner = pane(cx, area, None, &title, &badge);
    cx.seen.screen(area, screen);
    inner
}

const fn column(key: &'static str, align: Align, min: u16, max: u16, expendable: u8) -> Column {
    Column {
        key,
        title: "",
        align,
        min,
        max,
        expendable,
    }
}

const RUN_COLUMNS: &[Column] = &[
    column("name", Align::Left, 16, 40, 0),
    // Grows with the name: half a step's name says little.
    column("step", Align::Left, 8, 16, 0),
    column("status", Align::Left, 11, 11, 4),
    column("took", Align::Right, 6, 6, 0),
    column("reason", Align::Left, 20, 60, 3),
];

const ENDPOINT_COLUMNS: &[Column] = &[
    column("name", Align::Left, 14, 36, 0),
    column("rpm", Align::Right, 6, 6, 4),
    column("p99", Align::Right, 8, 8, 1),
    column("errors", Align::Right, 6, 6, 0),
    column("trend", Align::Left, 10, 16, 2),
    column("reason", Align::Left, 16, 40, 3),
];

/// Moving ones first, then failed ones, then what is over, each newest first; how many move, and failed.
/// A pipeline stands for its jobs: they are not counted twice.
pub fn ranked(model: &Model) -> (Vec<RunRow<'_>>, usize, usize) {
    let since = model.now.as_second() - model.settings.thresholds.failed_hours * 3600;
    let lately = |run: &Run| {
        run.ended_at
            .or(run.started_at)
            .is_some_and(|at| at.as_second() >= since)
    };
    let rank = |row: &RunRow<'_>| match row.run.status {
        status if status.is_moving() => 0,
        status if status.is_failure() && lately(row.run) => 1,
        _ => 2,
    };
    let mut rows: Vec<RunRow<'_>> = rows::run_rows(model)
        .into_iter()
        .filter(|row| row.parent.is_none())
        .collect();
    let count = |wanted: u8| rows.iter().filter(|row| rank(row) == wanted).count();
    let (moving, failed) = (count(0), count(1));
    // A stable sort: within a rank the newest stay first.
    rows.sort_by_key(rank);
    (rows, moving, failed)
}

fn runs_note(moving: usize, failed: usize) -> String {
    format!(" · {moving} moving · {failed} failed")
}

fn runs_pane(cx: &mut Cx<'_, '_>, area: Rect) {
    let model = cx.model;
    let condition = runs::condition(model);
    let (mut items, moving, failed) = ranked(model);
    let note = if condition.has_data() {
        runs_note(moving, failed)
    } else {
        String::new()
    };
    let inner = mini(cx, area, Screen::Runs, note, &condition);
    if !condition.has_data() {
        return without_data(cx, inner, &condition, "runs");
    }
    if model.runs.all.is_empty() {
        return empty(
            cx,
            inner,
            &Empty::new("No runs in this account and Region."),
        );
    }
    items.truncate(usize::from(inner.height));
    let items: Vec<Told<'_>> = items.into_iter().map(Told).collect();
    small_table(
        cx,
        inner,
        &items,
        RUN_COLUMNS,
        &|cx, row| {
            let status = row.0.run.status;
            (run_glyph(status, cx.glyphs()), run_role(status))
        },
        &|_, column, _| matches!(column, "step" | "reason").then_some(Role::Dim),
    );
}

/// A run whose reason is told in a few words.
struct Told<'a>(RunRow<'a>);

impl Row for Told<'_> {
    fn id(&self) -> String {
        self.0.id()
    }

    fn cell(&self, column: &str) -> Cell {
        match (column, &self.0.run.reason) {
            ("reason", Some(reason)) => Cell::text(short(reason)),
            _ => self.0.cell(column),
        }
    }
}

fn endpoints_pane(cx: &mut Cx<'_, '_>, area: Rect) {
    let model = cx.model;
    let condition = Condition::of(&model.endpoints.endpoints);
    let count = model.endpoints.rows.len();
    let note = if condition.has_data() {
        format!(" · {count}")
    } else {
        String::new()
    };
    let inner = mini(cx, area, Screen::Endpoints, note, &condition);
    if !condition.has_data() {
        return without_data(cx, inner, &condition, "endpoints");
    }
    if count == 0 {
        return empty(
            cx,
            inner,
            &Empty::new("No endpoints in this account and Region."),
        );
    }
    let mut rows: Vec<&EndpointRow> = model.endpoints.rows.iter().collect();
    rows.sort_by_key(|row| row.health.health);
    rows.truncate(usize::from(inner.height));
    let items: Vec<Borrowed<'_>> = rows.into_iter().map(Borrowed).collect();
    let warn = model.settings.thresholds.error_warn_percent;
    let critical = model.settings.thresholds.error_critical_percent;
    small_table(
        cx,
        inner,
        &items,
        ENDPOINT_COLUMNS,
        &|cx, row| {
            let health = row.0.health.health;
            let role = if health == Health::Ok {
                Role::Dim
            } else {
                health_role(health)
            };
            (health_glyph(health, cx.glyphs()), role)
        },
        &|row, column, cell| match (column, cell) {
            ("errors", Cell::Percent(p)) if *p >= critical => Some(Role::Act),
            ("errors", Cell::Percent(p)) if *p >= warn => Some(Role::Look),
            ("reason", _) => Some(Role::Dim),
            ("trend", _) if row.0.health.health == Health::Critical => Some(Role::Act),
            _ => None,
        },
    );
}

/// A row that is not owned.
struct Borrowed<'a>(&'a EndpointRow);

impl Row for Borrowed<'_> {
    fn id(&self) -> String {
        self.0.id()
    }

    fn cell(&self, column: &str) -> Cell {
        self.0.cell(column)
    }
}

fn small_table<R: Row>(
    cx: &mut Cx<'_, '_>,
    area: Rect,
    items: &[R],
    columns: &[Column],
    sign: &dyn Fn(&Cx<'_, '_>, &R) -> (&'static str, Role),
    tint: &dyn Fn(&R, &str, &Cell) -> Option<Role>,
) {
    let order: Vec<usize> = (0..items.len()).collect();
    Table {
        pane: None,
        header: false,
        items,
        order: &order,
        columns,
        list: &ListState::default(),
        sign,
        tint,
    }
    .draw(cx, area);
}

fn costs_pane(cx: &mut Cx<'_, '_>, area: Rect) {
    let model = cx.model;
    let condition = Condition::all([
        (Some("costs"), model.costs.month.freshness()),
        (Some("budgets"), model.costs.budgets.freshness()),
    ]);
    let inner = mini(cx, area, Screen::Costs, String::new(), &condition);
    if !condition.has_data() {
        return without_data(cx, inner, &condition, "costs");
    }
    let mut room = margin(inner, 1);
    down(&mut room, |room| month_lines(cx, room) + 1);
    if let Some(month) = model.costs.month.value()
        && room.height >= 5
    {
        let days = month.by_day();
        DayBars {
            month: month.from,
            days: &days,
            unit: &month.unit,
            selected: None,
            estimated_from: days.last().filter(|_| month.estimated).map(|(day, _)| *day),
        }
        .draw(
            cx,
            Rect {
                height: room.height.min(MOST_BARS),
                ..room
            },
        );
    }
}
