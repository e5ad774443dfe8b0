//! Services, days and budgets.

use jiff::civil::Date;

use crate::domain::cost::{Budget, MonthToDate};

use super::super::table::{Cell, Column, Row};
use super::{left, right};

pub const SERVICE_COLUMNS: &[Column] = &[
    left("name", "service", 16, 60, 0),
    right("amount", "month", 11, 0),
    right("share", "share", 7, 1),
    left("trend", "by day", 10, 31, 2),
];

pub const DAY_COLUMNS: &[Column] = &[
    left("name", "day", 10, 10, 0),
    right("amount", "amount", 11, 0),
    left("top", "most for", 12, 60, 1),
];

pub const BUDGET_COLUMNS: &[Column] = &[
    left("name", "budget", 12, 44, 0),
    right("used", "used", 8, 0),
    right("forecast", "forecast", 9, 0),
    right("actual", "actual", 11, 1),
    right("limit", "limit", 11, 2),
    left("period", "period", 9, 10, 3),
];

pub struct ServiceRow {
    pub service: String,
    pub amount: f64,
    /// 0 to 100 of the month's total.
    pub share: f64,
    pub by_day: Vec<f64>,
}

/// Dearest first.
pub fn service_rows(month: &MonthToDate) -> Vec<ServiceRow> {
    let total = month.total();
    let days: Vec<Date> = month.by_day().into_iter().map(|(day, _)| day).collect();
    month
        .by_service()
        .into_iter()
        .map(|(service, amount)| {
            let by_day = days
                .iter()
                .map(|day| {
                    month
                        .cells
                        .iter()
                        .filter(|c| c.day == *day && c.service == service)
                        .map(|c| c.amount)
                        .sum()
                })
                .collect();
            ServiceRow {
                share: if total > 0.0 {
                    100.0 * amount / total
                } else {
                    0.0
                },
                service,
                amount,
                by_day,
            }
        })
        .collect()
}

impl Row for ServiceRow {
    fn id(&self) -> String {
        self.service.clone()
    }

    fn cell(&self, column: &str) -> Cell {
        match column {
            "name" => Cell::text(&self.service),
            "amount" => Cell::Usd(self.amount),
            "share" => Cell::Percent(self.share),
            "trend" => Cell::Spark(self.by_day.clone()),
            _ => Cell::Empty,
        }
    }
}

pub struct DayRow {
    pub day: Date,
    pub amount: f64,
    /// The dearest service of the day.
    pub top: Option<(String, f64)>,
}

/// Newest first.
pub fn day_rows(month: &MonthToDate) -> Vec<DayRow> {
    month
        .by_day()
        .into_iter()
        .rev()
        .map(|(day, amount)| DayRow {
            day,
            amount,
            top: month
                .cells
                .iter()
                .filter(|c| c.day == day)
                .max_by(|a, b| a.amount.total_cmp(&b.amount))
                .map(|c| (c.service.clone(), c.amount)),
        })
        .collect()
}

impl Row for DayRow {
    fn id(&self) -> String {
        self.day.to_string()
    }

    fn cell(&self, column: &str) -> Cell {
        match column {
            "name" => Cell::text(self.day.to_string()),
            "amount" => Cell::Usd(self.amount),
            "top" => Cell::optional(self.top.as_ref(), |(service, amount)| {
                Cell::text(format!("{service} {amount:.2}"))
            }),
            _ => Cell::Empty,
        }
    }
}

impl Row for Budget {
    fn id(&self) -> String {
        self.name.clone()
    }

    fn cell(&self, column: &str) -> Cell {
        match column {
            "name" => Cell::name(&self.name),
            "used" => Cell::optional(self.used(), |r| Cell::Percent(100.0 * r)),
            "forecast" => Cell::optional(self.forecast_used(), |r| Cell::Percent(100.0 * r)),
            "actual" => Cell::optional(self.actual.as_ref(), |m| Cell::Usd(m.amount)),
            "limit" => Cell::optional(self.limit.as_ref(), |m| Cell::Usd(m.amount)),
            "period" => Cell::text(self.time_unit.to_lowercase()),
            _ => Cell::Empty,
        }
    }
}
