//! `flightdeck costs`

use std::io::{self, Write};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::cli::args::CostsArgs;
use crate::cli::exit::Exit;
use crate::cli::table::Table;
use crate::domain::cost::{Budget, Forecast, Money, MonthToDate};

use super::ask::{self, Got};
use super::print::Answered;
use super::{Desk, Io, finish, text};

/// What the month has cost, by service and by day, what it will cost, and the budgets over it.
pub async fn costs(args: &CostsArgs, desk: &Desk<'_>, io: &mut Io<'_>) -> Exit {
    let result = run(args, desk, io).await;
    finish(result, io)
}

async fn run(args: &CostsArgs, desk: &Desk<'_>, io: &mut Io<'_>) -> io::Result<Exit> {
    let mut answered = Answered {
        schema: "flightdeck.costs/1",
        items: Vec::new(),
        identity: None,
        partial: Vec::new(),
    };
    match ask::account(desk.sources) {
        Ok(account) => {
            let (who, month, budgets) = tokio::join!(
                ask::identity(account),
                account.costs.month_to_date(today(desk), args.refresh),
                account.costs.budgets(),
            );
            answered.identity = who.into_value(&mut answered.partial);
            let month = Got::from(month).into_value(&mut answered.partial);
            answered.items.extend(month.iter().flat_map(items_of));
            let budgets = Got::from(budgets).into_value(&mut answered.partial);
            answered
                .items
                .extend(budgets.into_iter().flatten().map(CostItem::of_budget));
        }
        Err(error) => answered.partial.push(error),
    }
    answered.print(args.json, desk, io, write_text)
}

/// Cost Explorer's days are UTC.
pub fn today(desk: &Desk<'_>) -> Date {
    desk.clock.now().to_zoned(TimeZone::UTC).date()
}

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum CostItem {
    Month {
        from: Date,
        /// Exclusive.
        to: Date,
        amount: f64,
        unit: String,
        estimated: bool,
        /// For the days that are left.
        forecast: Option<Forecast>,
        /// Spent and forecast together.
        forecast_total: Option<f64>,
        asked_at: Timestamp,
    },
    Service {
        service: String,
        amount: f64,
        unit: String,
        /// 0 to 1 of the month.
        share: Option<f64>,
        by_day: Vec<DayAmount>,
    },
    Day {
        day: Date,
        amount: f64,
        unit: String,
    },
    Budget {
        name: String,
        budget_type: String,
        time_unit: String,
        limit: Option<Money>,
        actual: Option<Money>,
        forecast: Option<Money>,
        /// 0.92 for 92 %.
        used: Option<f64>,
        forecast_used: Option<f64>,
    },
}

#[derive(Debug, Serialize)]
struct DayAmount {
    day: Date,
    amount: f64,
}

impl CostItem {
    fn of_budget(budget: Budget) -> Self {
        Self::Budget {
            used: budget.used(),
            forecast_used: budget.forecast_used(),
            name: budget.name,
            budget_type: budget.budget_type,
            time_unit: budget.time_unit,
            limit: budget.limit,
            actual: budget.actual,
            forecast: budget.forecast,
        }
    }
}

/// The month, then services (dearest first), then days.
fn items_of(month: &MonthToDate) -> Vec<CostItem> {
    let total = month.total();
    let mut items = vec![CostItem::Month {
        from: month.from,
        to: month.to,
        amount: total,
        unit: month.unit.clone(),
        estimated: month.estimated,
        forecast: month.forecast.clone(),
        forecast_total: month.forecast.as_ref().map(|f| total + f.mean),
        asked_at: month.asked_at,
    }];
    items.extend(
        month
            .by_service()
            .into_iter()
            .map(|(service, amount)| CostItem::Service {
                by_day: by_day(month, &service),
                service,
                amount,
                unit: month.unit.clone(),
                share: (total > 0.0).then_some(amount / total),
            }),
    );
    items.extend(
        month
            .by_day()
            .into_iter()
            .map(|(day, amount)| CostItem::Day {
                day,
                amount,
                unit: month.unit.clone(),
            }),
    );
    items
}

fn by_day(month: &MonthToDate, service: &str) -> Vec<DayAmount> {
    let mut days: Vec<DayAmount> = month
        .cells
        .iter()
        .filter(|cell| cell.service == service)
        .map(|cell| DayAmount {
            day: cell.day,
            amount: cell.amount,
        })
        .collect();
    days.sort_by_key(|cell| cell.day);
    days
}

fn write_text(items: &[CostItem], out: &mut dyn Write) -> io::Result<()> {
    let mut table = Table::new(&["what", "name", ">amount", "unit", ">share", ">forecast"]);
    for item in items {
        match item {
            CostItem::Month {
                from,
                amount,
                unit,
                forecast_total,
                ..
            } => table.row([
                "month".to_owned(),
                from.strftime("%Y-%m").to_string(),
                text::amount(Some(*amount)),
                unit.clone(),
                String::new(),
                text::amount(*forecast_total),
            ]),
            CostItem::Service {
                service,
                amount,
                unit,
                share,
                ..
            } => table.row([
                "service".to_owned(),
                service.clone(),
                text::amount(Some(*amount)),
                unit.clone(),
                text::percent(share.map(|s| 100.0 * s)),
            ]),
            CostItem::Day { day, amount, unit } => table.row([
                "day".to_owned(),
                day.to_string(),
                text::amount(Some(*amount)),
                unit.clone(),
            ]),
            CostItem::Budget {
                name,
                limit,
                actual,
                used,
                forecast_used,
                ..
            } => table.row([
                "budget".to_owned(),
                name.clone(),
                text::amount(actual.as_ref().map(|m| m.amount)),
                actual
                    .as_ref()
                    .or(limit.as_ref())
                    .map(|m| m.unit.clone())
                    .unwrap_or_default(),
                text::percent(used.map(|u| 100.0 * u)),
                text::percent(forecast_used.map(|u| 100.0 * u)),
            ]),
        }
    }
    table.write(out)
}
