//! What was spent this month by service and by day, and the budgets over it.

mod detail;
mod month;

use ratatui::layout::Rect;

use crate::domain::cost::Budget;
use crate::keys::command::Command;
use crate::store::model::costs::CostsSection;
use crate::store::model::nav::Pane;
use crate::store::table::Cell;
use crate::store::tables::costs::{
    BUDGET_COLUMNS, DAY_COLUMNS, SERVICE_COLUMNS, day_rows, service_rows,
};
use crate::theme::Role;
use crate::ui::condition::Condition;
use crate::ui::cx::Cx;
use crate::ui::layout;
use crate::ui::paint::Words;
use crate::ui::widgets::notes::Empty;

use super::list::{ListPane, sections};

pub use month::{budget_role, month_lines};

pub fn draw(cx: &mut Cx<'_, '_>, body: Rect) {
    let panes = layout::panes(&cx.model.nav, body, 50, false);
    if let Some(area) = panes.list {
        list(cx, area);
    }
    if let Some(area) = panes.detail {
        detail::draw(cx, area);
    }
}

fn title<'t>(cx: &Cx<'_, '_>) -> (Words<'t>, Words<'t>) {
    let open = cx.model.costs.section;
    sections(cx, CostsSection::ALL.map(|s| (s.title(), s == open)))
}

fn list(cx: &mut Cx<'_, '_>, area: Rect) {
    let (title, after) = title(cx);
    let room = &cx.model.costs;
    match room.section {
        CostsSection::Services => {
            let rows = room.month.value().map(service_rows).unwrap_or_default();
            ListPane {
                pane: Pane::CostList,
                title,
                after,
                noun: "service",
                what: "costs",
                items: &rows,
                columns: SERVICE_COLUMNS,
                list: &room.services,
                own_order: "dearest first",
                condition: &Condition::of(&room.month),
                empty: nothing_spent(),
                sign: &|_, _| (" ", Role::Dim),
                tint: &|_, column, _| (column == "share").then_some(Role::Dim),
            }
            .draw(cx, area);
        }
        CostsSection::Days => {
            let rows = room.month.value().map(day_rows).unwrap_or_default();
            ListPane {
                pane: Pane::CostList,
                title,
                after,
                noun: "day",
                what: "costs",
                items: &rows,
                columns: DAY_COLUMNS,
                list: &room.days,
                own_order: "newest first",
                condition: &Condition::of(&room.month),
                empty: nothing_spent(),
                sign: &|_, _| (" ", Role::Dim),
                tint: &|_, column, _| (column == "top").then_some(Role::Dim),
            }
            .draw(cx, area);
        }
        CostsSection::Budgets => {
            ListPane {
                pane: Pane::CostList,
                title,
                after,
                noun: "budget",
                what: "budgets",
                items: room.budgets.items(),
                columns: BUDGET_COLUMNS,
                list: &room.budget_list,
                own_order: "",
                condition: &Condition::of(&room.budgets),
                empty: Empty::new(
                    "No budgets in this account. A budget warns before money is gone.",
                ),
                sign: &|cx, budget: &Budget| match budget_role(cx, budget) {
                    Role::MoneyOver => (cx.glyphs().act, Role::MoneyOver),
                    Role::Look => (cx.glyphs().look, Role::Look),
                    _ => (cx.glyphs().good, Role::Dim),
                },
                tint: &budget_tint(cx.model.settings.thresholds.budget_warn_percent),
            }
            .draw(cx, area);
        }
    }
}

fn nothing_spent() -> Empty {
    Empty::new("Cost Explorer knows of no costs this month yet; it is up to a day behind.")
        .key(Command::RefreshCosts, "asks again ($0.01 to $0.02)")
}

fn budget_tint(warn: f64) -> impl Fn(&Budget, &str, &Cell) -> Option<Role> {
    move |_, column, cell| match (column, cell) {
        ("used", Cell::Percent(p)) if *p >= 100.0 => Some(Role::MoneyOver),
        ("used" | "forecast", Cell::Percent(p)) if *p >= warn => Some(Role::Look),
        ("period", _) => Some(Role::Dim),
        _ => None,
    }
}
