//! The month in a few lines: so far, forecast, each budget as a bar, and how old that is.

use ratatui::layout::Rect;

use crate::domain::cost::{Budget, MonthToDate};
use crate::theme::Role;
use crate::ui::cx::Cx;
use crate::ui::widgets::bar::bar;
use crate::ui::widgets::notes::down;
use crate::ui::{format, text};

/// Over the limit, to be looked at, or fine.
pub fn budget_role(cx: &Cx<'_, '_>, budget: &Budget) -> Role {
    let warn = cx.model.settings.thresholds.budget_warn_percent / 100.0;
    let used = budget.used().unwrap_or(0.0);
    let forecast = budget.forecast_used().unwrap_or(0.0);
    if used >= 1.0 {
        Role::MoneyOver
    } else if used >= warn || forecast >= 1.0 {
        Role::Look
    } else {
        Role::Text
    }
}

/// Draws as many of the lines as fit; answers how many.
pub fn month_lines(cx: &mut Cx<'_, '_>, area: Rect) -> u16 {
    let mut room = area;
    if let Some(month) = cx.model.costs.month.value() {
        down(&mut room, |room| so_far(cx, room, month));
    }
    for budget in cx.model.costs.budgets.items() {
        // The age of it all keeps the last line.
        if room.height < 2 {
            break;
        }
        down(&mut room, |room| budget_line(cx, room, budget));
    }
    if let Some(month) = cx.model.costs.month.value() {
        down(&mut room, |room| as_of(cx, room, month));
    }
    room.y - area.y
}

/// `November  $6,412 so far   forecast $8,260 (7,950 to 8,570)`
fn so_far(cx: &mut Cx<'_, '_>, room: Rect, month: &MonthToDate) -> u16 {
    let total = month.total();
    let unit = &month.unit;
    let mut words = cx
        .say(Role::Dim, format!("{} ", month_name(month)))
        .join(cx.say(Role::Strong, format::money_whole(total, unit)))
        .join(cx.say(Role::Dim, " so far"));
    if let Some(forecast) = &month.forecast {
        words.push(" · forecast ", cx.style(Role::Dim));
        let whole = format::money_whole(total + forecast.mean, unit);
        words.push(whole, cx.style(Role::Strong));
        if let (Some(low), Some(high)) = (forecast.low, forecast.high) {
            let low = format::money_whole(total + low, unit);
            let high = format::money_whole(total + high, unit);
            let range = format!(" ({low} to {high})");
            if words.width() + text::width(&range) as u16 <= room.width {
                words.push(range, cx.style(Role::Dim));
            }
        }
    }
    cx.pen.words(room.x, room.y, room.width, &words);
    1
}

fn month_name(month: &MonthToDate) -> &'static str {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    usize::try_from(month.from.month() - 1)
        .ok()
        .and_then(|m| NAMES.get(m))
        .copied()
        .unwrap_or("")
}

/// `ml-platform   ████████▒▒┃▒  92 % of $7,000   forecast 118 %`
fn budget_line(cx: &mut Cx<'_, '_>, room: Rect, budget: &Budget) -> u16 {
    let role = budget_role(cx, budget);
    let used = budget.used();
    let mut right = cx.say(
        role,
        used.map_or("-".to_owned(), |u| format::percent_whole(u * 100.0)),
    );
    if let Some(limit) = &budget.limit {
        let limit = format::money_whole(limit.amount, &limit.unit);
        right.push(format!(" of {limit}"), cx.style(Role::Dim));
    }
    if let Some(forecast) = budget.forecast_used() {
        let role = if forecast >= 1.0 {
            Role::Look
        } else {
            Role::Dim
        };
        let mark = if forecast >= 1.0 {
            cx.glyphs().look
        } else {
            cx.glyphs().arrow
        };
        right.push(
            format!("  {mark} {}", format::percent_whole(forecast * 100.0)),
            cx.style(role),
        );
    }
    let name_width = (room.width / 4).clamp(8, 20);
    let name = text::cut_middle(&budget.name, usize::from(name_width), cx.glyphs().ellipsis);
    let style = cx.style(Role::Text);
    cx.pen.text(room.x, room.y, name_width, &name, style);
    // Numbers of all budgets begin in one column.
    let numbers = 30
        .min(room.width / 2)
        .max(right.width().min(room.width / 2));
    let bar_x = room.x + name_width + 2;
    let bar_end = room.right().saturating_sub(numbers + 2);
    if bar_end > bar_x + 5 {
        let expected = if role == Role::Text {
            Role::Dim
        } else {
            Role::Look
        };
        let fill = if role == Role::Text {
            Role::Series1
        } else {
            role
        };
        bar(
            cx,
            bar_x,
            room.y,
            bar_end - bar_x,
            used.unwrap_or(0.0),
            budget.forecast_used(),
            (fill, expected),
        );
    }
    let x = room.right().saturating_sub(numbers).max(bar_x);
    let width = room.right().saturating_sub(x);
    cx.pen.words(x, room.y, width, &right);
    1
}

fn as_of(cx: &mut Cx<'_, '_>, room: Rect, month: &MonthToDate) -> u16 {
    let mut line = format!("as of {}", cx.time_and_age(month.asked_at));
    let estimated = " · the last days are estimates";
    if month.estimated && text::width(&line) + text::width(estimated) <= usize::from(room.width) {
        line.push_str(estimated);
    }
    let style = cx.style(Role::Dim);
    cx.pen.text(room.x, room.y, room.width, &line, style);
    1
}
