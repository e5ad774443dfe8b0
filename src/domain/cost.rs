//! Money: what was spent, by service and by day, and the budgets over it.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// An amount in the currency the service answered in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Money {
    pub amount: f64,
    /// `USD`; `CNY` in China.
    pub unit: String,
}

impl Money {
    pub fn usd(amount: f64) -> Self {
        Self {
            amount,
            unit: "USD".into(),
        }
    }
}

/// One day of one service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CostCell {
    pub day: Date,
    pub service: String,
    pub amount: f64,
}

/// Month to date from Cost Explorer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MonthToDate {
    /// First day of the period.
    pub from: Date,
    /// Exclusive, as in Cost Explorer.
    pub to: Date,
    pub unit: String,
    pub cells: Vec<CostCell>,
    /// The answer says that some days are estimates.
    pub estimated: bool,
    /// The end-of-month forecast, where the service has one.
    pub forecast: Option<Forecast>,
    /// When Cost Explorer was really asked (answers are cached for hours).
    pub asked_at: Timestamp,
}

impl MonthToDate {
    pub fn total(&self) -> f64 {
        // An empty `sum` of floats is -0.0.
        self.cells.iter().fold(0.0, |sum, cell| sum + cell.amount)
    }

    /// Totals by service, dearest first.
    pub fn by_service(&self) -> Vec<(String, f64)> {
        let mut totals = std::collections::BTreeMap::<&str, f64>::new();
        for cell in &self.cells {
            *totals.entry(&cell.service).or_default() += cell.amount;
        }
        let mut totals: Vec<_> = totals.into_iter().map(|(s, a)| (s.to_owned(), a)).collect();
        totals.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        totals
    }

    /// Totals by day, ascending.
    pub fn by_day(&self) -> Vec<(Date, f64)> {
        let mut totals = std::collections::BTreeMap::<Date, f64>::new();
        for cell in &self.cells {
            *totals.entry(cell.day).or_default() += cell.amount;
        }
        totals.into_iter().collect()
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Forecast {
    /// For the rest of the month, without what is spent already.
    pub mean: f64,
    pub low: Option<f64>,
    pub high: Option<f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Budget {
    pub name: String,
    /// `COST`, `USAGE` ...
    pub budget_type: String,
    /// `MONTHLY`, `CUSTOM` ...
    pub time_unit: String,
    pub limit: Option<Money>,
    pub actual: Option<Money>,
    pub forecast: Option<Money>,
}

impl Budget {
    /// 0.92 for 92 %.
    pub fn used(&self) -> Option<f64> {
        ratio(self.actual.as_ref()?, self.limit.as_ref()?)
    }

    /// 1.18 for 118 %.
    pub fn forecast_used(&self) -> Option<f64> {
        ratio(self.forecast.as_ref()?, self.limit.as_ref()?)
    }
}

fn ratio(part: &Money, whole: &Money) -> Option<f64> {
    (whole.amount > 0.0 && part.unit == whole.unit).then(|| part.amount / whole.amount)
}
