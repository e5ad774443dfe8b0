//! The days of the month as bars, of everything or of the selected service; then the month in a few lines.

use jiff::civil::Date;
use ratatui::layout::Rect;

use crate::domain::cost::{Budget, MonthToDate};
use crate::keys::command::Command;
use crate::store::model::costs::CostsSection;
use crate::store::model::nav::Pane;
use crate::store::rows::selected_service;
use crate::theme::Role;
use crate::ui::condition::Condition;
use crate::ui::cx::Cx;
use crate::ui::layout::{cut_top, margin};
use crate::ui::paint::Words;
use crate::ui::widgets::daybars::DayBars;
use crate::ui::widgets::facts::{Fact, facts, facts_after, heading};
use crate::ui::widgets::notes::{self, down};
use crate::ui::widgets::page::page;
use crate::ui::widgets::pane::pane;
use crate::ui::{format, text};

use super::month::month_lines;

/// Lower than this they say nothing.
const LEAST_BARS: u16 = 5;

/// Cells of the name of a service.
const LONGEST_SERVICE: usize = 40;

/// Higher than this bars say no more.
const MOST_BARS: u16 = 13;

pub fn draw(cx: &mut Cx<'_, '_>, area: Rect) {
    let room = &cx.model.costs;
    let condition = Condition::of(&room.month);
    let service = match (room.section, room.month.value()) {
        (CostsSection::Services, Some(month)) => selected_service(month, &room.services),
        _ => None,
    };
    let title = cx.say(
        Role::Title,
        match &service {
            Some(service) => text::cut_end(service, 50, cx.glyphs().ellipsis),
            None => "All services".to_owned(),
        },
    );
    let badge = condition.badge(cx);
    let inner = pane(cx, area, Some(Pane::CostDetail), &title, &badge);
    let Some(month) = room.month.value() else {
        let mut inside = margin(inner, 1);
        if !room.budgets.items().is_empty() && inside.height > 8 {
            let budgets = room.budgets.items().len() as u16 + 2;
            down(&mut inside, |here| {
                month_lines(
                    cx,
                    Rect {
                        height: here.height.min(budgets),
                        ..here
                    },
                ) + 1
            });
        }
        return notes::without_data(cx, inside, &condition, "costs");
    };
    let days = days_of(month, service.as_deref());
    let budgets = room.budgets.items().len() as u16;
    let below = budgets
        + 8
        + if room.section == CostsSection::Services {
            0
        } else {
            7
        };
    let bars = inner
        .height
        .saturating_sub(below)
        .clamp(LEAST_BARS, MOST_BARS);
    page(cx, area, inner, Pane::CostDetail, &|cx, paper| {
        let mut inside = margin(paper, 1);
        down(&mut inside, |room| {
            summary(cx, room, month, &days, service.is_some())
        });
        let (here, rest) = cut_top(inside, bars);
        DayBars {
            month: month.from,
            days: &days,
            unit: &month.unit,
            selected: selected_day(cx),
            estimated_from: month
                .estimated
                .then(|| days.last().map(|(day, _)| *day))
                .flatten(),
        }
        .draw(cx, here);
        inside = cut_top(rest, 1).1;
        down(&mut inside, |room| {
            heading(cx, room, "Month", &Words::new())
        });
        down(&mut inside, |room| month_lines(cx, room) + 1);
        down(&mut inside, |room| match cx.model.costs.section {
            CostsSection::Days => day_facts(cx, room, month),
            CostsSection::Budgets => budget_facts(cx, room),
            CostsSection::Services => refresh_hint(cx, room),
        });
        inside.y - paper.y
    });
}

fn days_of(month: &MonthToDate, service: Option<&str>) -> Vec<(Date, f64)> {
    match service {
        None => month.by_day(),
        Some(service) => month
            .by_day()
            .into_iter()
            .map(|(day, _)| {
                let amount = month
                    .cells
                    .iter()
                    .filter(|c| c.day == day && c.service == service)
                    .map(|c| c.amount)
                    .sum();
                (day, amount)
            })
            .collect(),
    }
}

/// `$1,204 this month · $57 a day · 19 % of all`
fn summary(
    cx: &mut Cx<'_, '_>,
    room: Rect,
    month: &MonthToDate,
    days: &[(Date, f64)],
    of_all: bool,
) -> u16 {
    let sum: f64 = days.iter().map(|(_, amount)| amount).sum();
    let mut words = cx
        .say(Role::Strong, format::money(sum, &month.unit))
        .join(cx.say(Role::Dim, " this month"));
    if !days.is_empty() {
        let mean = format::money(sum / days.len() as f64, &month.unit);
        words.push(format!(" · {mean} a day"), cx.style(Role::Text));
    }
    let total = month.total();
    if of_all && total > 0.0 {
        let share = format::percent_whole(100.0 * sum / total);
        words.push(format!(" · {share} of all"), cx.style(Role::Text));
    }
    cx.pen.words(room.x, room.y, room.width, &words);
    2
}

fn selected_day(cx: &Cx<'_, '_>) -> Option<Date> {
    let room = &cx.model.costs;
    if room.section != CostsSection::Days {
        return None;
    }
    room.days.selected.as_ref()?.parse().ok()
}

/// The services of the selected day, dearest first.
fn day_facts(cx: &mut Cx<'_, '_>, mut room: Rect, month: &MonthToDate) -> u16 {
    let start = room.y;
    let Some(day) = selected_day(cx) else {
        return 0;
    };
    let mut cells: Vec<_> = month.cells.iter().filter(|c| c.day == day).collect();
    cells.sort_by(|a, b| b.amount.total_cmp(&a.amount));
    let list: Vec<Fact<'_>> = cells
        .iter()
        .map(|c| {
            let amount = format::money(c.amount, &month.unit);
            Fact::new(&c.service, format!("{amount:>12}"))
        })
        .collect();
    down(&mut room, |room| {
        heading(cx, room, &day.to_string(), &Words::new())
    });
    down(&mut room, |room| {
        facts_after(cx, room, &list, LONGEST_SERVICE)
    });
    room.y - start
}

fn budget_facts(cx: &mut Cx<'_, '_>, mut room: Rect) -> u16 {
    let start = room.y;
    let costs = &cx.model.costs;
    let selected = costs.budget_list.selected.as_deref();
    let Some(budget) = costs
        .budgets
        .items()
        .iter()
        .find(|b: &&Budget| Some(b.name.as_str()) == selected)
    else {
        return 0;
    };
    let money = |m: &Option<crate::domain::cost::Money>| {
        m.as_ref()
            .map(|m| format::money(m.amount, &m.unit))
            .unwrap_or_default()
    };
    let list = [
        Fact::new("type", budget.budget_type.to_lowercase()),
        Fact::new("period", budget.time_unit.to_lowercase()),
        Fact::new("limit", money(&budget.limit)),
        Fact::new("actual", money(&budget.actual)),
        Fact::new("forecast", money(&budget.forecast)),
    ];
    down(&mut room, |room| {
        heading(cx, room, &budget.name, &Words::new())
    });
    down(&mut room, |room| facts(cx, room, &list));
    room.y - start
}

/// What asking again costs: the answer is kept for hours on purpose.
fn refresh_hint(cx: &mut Cx<'_, '_>, room: Rect) -> u16 {
    let how = cx.key(Command::RefreshCosts).unwrap_or_else(|| {
        format!(
            "{} refresh-costs",
            cx.key(Command::Palette).unwrap_or_default()
        )
    });
    let words = cx
        .say(Role::Key, how)
        .join(cx.say(Role::Dim, "  asks again, for $0.01 to $0.02"));
    cx.pen.words(room.x, room.y, room.width, &words);
    1
}
