//! Small panes of the other screens, or one line for each where it is narrow.

use ratatui::layout::Rect;

use crate::domain::endpoint::Health;
use crate::domain::repository::{OutputState, Repository, short_id};
use crate::domain::run::Run;
use crate::store::list::ListState;
use crate::store::model::Model;
use crate::store::model::endpoints::EndpointRow;
use crate::store::model::nav::Screen;
use crate::store::rows;
use crate::store::table::{Align, Cell, Column};
use crate::store::tables::runs::RunRow;
use crate::store::tables::versions::model_rows;
use crate::theme::Role;
use crate::ui::condition::Condition;
use crate::ui::cx::Cx;
use crate::ui::layout::{cut_bottom, cut_top, margin};
use crate::ui::paint::Words;
use crate::ui::screens::costs::month_lines;
use crate::ui::screens::runs;
use crate::ui::widgets::cells::{health_glyph, health_role, run_glyph, run_role};
use crate::ui::widgets::daybars::DayBars;
use crate::ui::widgets::notes::{Empty, down, empty, without_data};
use crate::ui::widgets::pane::pane;
use crate::ui::widgets::table::Table;
use crate::ui::{format, text};

/// Lines of the narrow form: a border around four.
pub const LINES: u16 = 6;

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
        (lower, [costs_pane, versions_pane]),
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
fn mini(
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
    column("step", Align::Left, 8, 16, 1),
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
fn ranked(model: &Model) -> (Vec<RunRow<'_>>, usize, usize) {
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
    small_table(
        cx,
        inner,
        &items,
        RUN_COLUMNS,
        &|cx, row| {
            (
                run_glyph(row.run.status, cx.glyphs()),
                run_role(row.run.status),
            )
        },
        &|_, column, _| matches!(column, "step" | "reason").then_some(Role::Dim),
    );
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

impl crate::store::table::Row for Borrowed<'_> {
    fn id(&self) -> String {
        self.0.id()
    }

    fn cell(&self, column: &str) -> Cell {
        self.0.cell(column)
    }
}

fn small_table<R: crate::store::table::Row>(
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

fn versions_pane(cx: &mut Cx<'_, '_>, area: Rect) {
    let model = cx.model;
    let condition = Condition::all([
        (Some("git"), model.versions.repository.freshness()),
        (Some("models"), model.versions.models.freshness()),
    ]);
    let note = model
        .versions
        .repository
        .value()
        .map(|repository| format!(" · {}", head_words(repository)))
        .unwrap_or_default();
    let inner = mini(cx, area, Screen::Versions, note, &condition);
    if !condition.has_data() {
        return without_data(cx, inner, &condition, "versions");
    }
    let mut room = margin(inner, 1);
    for (role, line) in version_lines(cx, usize::from(room.height)) {
        let style = cx.style(role);
        let line = text::cut_end(&line, usize::from(room.width), cx.glyphs().ellipsis);
        down(&mut room, |room| {
            cx.pen.text(room.x, room.y, room.width, &line, style);
            1
        });
    }
}

/// `main @ a1b2c3d`, or what is under way.
fn head_words(repository: &Repository) -> String {
    let head = &repository.head;
    let commit = head.commit.as_deref().map_or("no commit yet", short_id);
    let name = head.branch.as_deref().unwrap_or("detached");
    match &head.operation {
        Some(operation) => format!("{name} @ {commit} ({operation} under way)"),
        None => format!("{name} @ {commit}"),
    }
}

/// What differs from what is committed and pushed, then the newest commits and models.
fn version_lines(cx: &Cx<'_, '_>, most: usize) -> Vec<(Role, String)> {
    let mut lines = Vec::new();
    if let Some(repository) = cx.model.versions.repository.value() {
        lines.push(worktree_line(cx, repository));
        if let Some(line) = data_line(cx, repository) {
            lines.push(line);
        }
    }
    if let Some(row) = model_rows(cx.model.versions.models.items()).first() {
        let version = row.version;
        let number = version
            .version
            .map(|n| format!(" v{n}"))
            .unwrap_or_default();
        let approval = version.approval.as_deref().unwrap_or(&version.status);
        let commit = version.commit.as_deref().map_or("no commit", short_id);
        lines.push((
            Role::Text,
            format!(
                "newest model {}{number} · {approval} · {commit}",
                version.group
            ),
        ));
    }
    if let Some(repository) = cx.model.versions.repository.value() {
        let room = most.saturating_sub(lines.len());
        lines.extend(
            repository
                .log
                .iter()
                .take(room)
                .map(|commit| (Role::Dim, format!("{}  {}", commit.short(), commit.summary))),
        );
    }
    lines
}

fn worktree_line(cx: &Cx<'_, '_>, repository: &Repository) -> (Role, String) {
    let tree = &repository.worktree;
    let mut parts: Vec<String> = [
        (tree.conflicted.len(), "conflict"),
        (tree.staged.len(), "staged"),
        (tree.unstaged.len(), "changed"),
        (tree.untracked.len(), "untracked"),
    ]
    .into_iter()
    .filter(|(n, _)| *n > 0)
    .map(|(n, word)| format!("{n} {word}"))
    .collect();
    let dirty = !parts.is_empty();
    if parts.is_empty() {
        parts.push("working tree clean".to_owned());
    }
    if let Some(branch) = repository.branches.iter().find(|b| b.is_head)
        && let (Some(upstream), Some(ahead), Some(behind)) =
            (&branch.upstream, branch.ahead, branch.behind)
    {
        parts.push(match (ahead, behind) {
            (0, 0) => format!("level with {upstream}"),
            (ahead, 0) => format!("{ahead} ahead of {upstream}"),
            (0, behind) => format!("{behind} behind {upstream}"),
            (ahead, behind) => format!("{ahead} ahead of and {behind} behind {upstream}"),
        });
    }
    let glyph = if dirty {
        cx.glyphs().moving
    } else {
        cx.glyphs().good
    };
    (Role::Text, format!("{glyph} {}", parts.join(" · ")))
}

fn data_line(cx: &Cx<'_, '_>, repository: &Repository) -> Option<(Role, String)> {
    let outputs = &repository.data.as_ref()?.outputs;
    let changed = outputs
        .iter()
        .filter(|o| !matches!(o.state, OutputState::Clean | OutputState::Unknown))
        .count();
    let unpushed = outputs
        .iter()
        .filter(|o| o.in_remote == Some(false))
        .count();
    Some(if changed + unpushed == 0 {
        let all = format::counted(outputs.len(), "data output");
        (
            Role::Text,
            format!("{} {all}, nothing changed", cx.glyphs().good),
        )
    } else {
        let of = outputs.len();
        (
            Role::Look,
            format!(
                "{} data: {changed} of {of} changed, {unpushed} not pushed",
                cx.glyphs().look
            ),
        )
    })
}

/// One line for each screen.
pub fn lines(cx: &mut Cx<'_, '_>, area: Rect) {
    let title = cx.say(Role::Title, "Everything else");
    let inner = pane(cx, area, None, &title, &Words::new());
    let room = margin(inner, 1);
    let lines = [
        (Screen::Runs, runs_line(cx.model)),
        (Screen::Endpoints, endpoints_line(cx.model)),
        (Screen::Costs, costs_line(cx.model)),
        (Screen::Versions, versions_line(cx.model)),
    ];
    let mut rest = room;
    for (screen, line) in lines {
        if rest.is_empty() {
            break;
        }
        let (here, below) = cut_top(rest, 1);
        let words = cx
            .say(Role::Dim, format!("{:<10} ", screen.title()))
            .join(cx.say(Role::Text, line));
        cx.pen.words(here.x, here.y, here.width, &words);
        cx.seen.screen(here, screen);
        rest = below;
    }
}

/// What a line says of data that is not there.
fn not_known(condition: &Condition<'_>) -> String {
    match condition.first() {
        Some(error) => error.kind.word().to_owned(),
        None => "not known yet".to_owned(),
    }
}

fn runs_line(model: &Model) -> String {
    let condition = runs::condition(model);
    if !condition.has_data() {
        return not_known(&condition);
    }
    let (_, moving, failed) = ranked(model);
    format!(
        "{moving} moving · {failed} failed · {} in all",
        format::thousands(model.runs.all.len() as u64)
    )
}

fn endpoints_line(model: &Model) -> String {
    let condition = Condition::of(&model.endpoints.endpoints);
    if !condition.has_data() {
        return not_known(&condition);
    }
    let rows = &model.endpoints.rows;
    let sick = rows
        .iter()
        .filter(|r| r.health.health < Health::Unknown)
        .count();
    match sick {
        0 => format!("{} serving", rows.len()),
        n => format!("{n} of {} need a look", rows.len()),
    }
}

fn costs_line(model: &Model) -> String {
    match model.costs.month.value() {
        Some(month) => format!(
            "{} this month",
            format::money_whole(month.total(), &month.unit)
        ),
        None => not_known(&Condition::of(&model.costs.month)),
    }
}

fn versions_line(model: &Model) -> String {
    match model.versions.repository.value() {
        Some(repository) => head_words(repository),
        None => not_known(&Condition::of(&model.versions.repository)),
    }
}
