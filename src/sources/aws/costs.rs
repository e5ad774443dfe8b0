//! Cost Explorer, where every request is paid, and budgets, which are free.

mod cache;

use async_trait::async_trait;
use aws_sdk_costexplorer::types::{
    DateInterval, Granularity, GroupDefinition, GroupDefinitionType, Metric, ResultByTime,
};
use jiff::civil::Date;

use super::api::Api;
use super::budgets::Budgets;
use super::client::{Lazy, client};
use super::paging::{Page, read};
use super::session::Session;
use crate::domain::cost::{Budget, CostCell, Forecast, MonthToDate};
use crate::domain::source_error::{Answer, ErrorKind, Partial, SourceError};
use crate::sources::CostSource;
use cache::Cache;

const GET_COST_AND_USAGE: Api = Api::new("ce", "GetCostAndUsage");
const GET_COST_FORECAST: Api = Api::new("ce", "GetCostForecast");
/// The metric of the bill before credits and amortisation.
const METRIC: &str = "UnblendedCost";

pub struct Costs {
    session: Session,
    client: Lazy<aws_sdk_costexplorer::Client>,
    budgets: Budgets,
    cache: Cache,
    /// Two panes that ask at once must not pay twice.
    asking: tokio::sync::Mutex<()>,
}

impl Costs {
    pub fn new(session: Session) -> Self {
        Self {
            client: client!(aws_sdk_costexplorer, session),
            budgets: Budgets::new(session.clone()),
            cache: Cache::new(session.cache_dir().cloned()),
            session,
            asking: tokio::sync::Mutex::default(),
        }
    }
}

#[async_trait]
impl CostSource for Costs {
    async fn month_to_date(&self, today: Date, refresh: bool) -> Answer<MonthToDate> {
        let account = self.session.payer().await?.to_owned();
        let _turn = self.asking.lock().await;
        let kept = self
            .cache
            .get(&account)
            .filter(|kept| kept.value.from == today.first_of_month());
        if let Some(kept) = &kept
            && !refresh
        {
            let age = self
                .session
                .clock()
                .now()
                .duration_since(kept.value.asked_at);
            if age.unsigned_abs() < self.session.cost_cache_ttl() {
                return Ok(kept.clone());
            }
        }
        match self.ask(today).await {
            Ok(answer) => {
                self.cache.put(&account, &answer);
                Ok(answer)
            }
            // Old figures with their age say more than none.
            Err(error) => match kept {
                Some(mut kept) => {
                    kept.missing = vec![error];
                    Ok(kept)
                }
                None => Err(error),
            },
        }
    }

    async fn budgets(&self) -> Answer<Vec<Budget>> {
        self.budgets.budgets().await
    }
}

impl Costs {
    async fn ask(&self, today: Date) -> Answer<MonthToDate> {
        let from = today.first_of_month();
        // Exclusive, and past today: on the first of a month the period must not be empty.
        let to = today.tomorrow().unwrap_or(today);
        let (spent, forecast) = tokio::join!(self.spent(from, to), self.forecast(today));
        let spent = spent?;
        let mut missing = spent.missing;
        let forecast = forecast.unwrap_or_else(|error| {
            missing.push(error);
            None
        });
        let mut cells = Vec::new();
        let mut unit = None;
        for result in &spent.value {
            cells.extend(day(result, &mut unit));
        }
        Ok(Partial {
            value: MonthToDate {
                from,
                to,
                unit: unit.unwrap_or_else(|| "USD".to_owned()),
                cells,
                estimated: spent.value.iter().any(ResultByTime::estimated),
                forecast,
                asked_at: self.session.clock().now(),
            },
            missing,
        })
    }

    async fn spent(&self, from: Date, to: Date) -> Answer<Vec<ResultByTime>> {
        let period = interval(GET_COST_AND_USAGE, from, to)?;
        let period = &period;
        // Each page is a paid request, so a list without end must not be read without end.
        let most = 31 * 500;
        let listed = read(most, |token| async move {
            let send = self
                .client
                .get_cost_and_usage()
                .time_period(period.clone())
                .granularity(Granularity::Daily)
                .metrics(METRIC)
                .group_by(
                    GroupDefinition::builder()
                        .r#type(GroupDefinitionType::Dimension)
                        .key("SERVICE")
                        .build(),
                )
                .set_next_page_token(token)
                .send();
            let answer = self.session.call(GET_COST_AND_USAGE, send).await?;
            Ok(Page::new(
                answer.results_by_time().to_vec(),
                answer.next_page_token.clone(),
            ))
        })
        .await?;
        Ok(listed.into_partial(GET_COST_AND_USAGE, most))
    }

    /// The rest of the month; nothing where the account is too young for one.
    async fn forecast(&self, today: Date) -> Result<Option<Forecast>, SourceError> {
        let Ok(next_month) = today.last_of_month().tomorrow() else {
            return Ok(None);
        };
        let send = self
            .client
            .get_cost_forecast()
            .time_period(interval(GET_COST_FORECAST, today, next_month)?)
            .metric(Metric::UnblendedCost)
            .granularity(Granularity::Monthly)
            .prediction_interval_level(80)
            .send();
        let answer = match self.session.call(GET_COST_FORECAST, send).await {
            Ok(answer) => answer,
            // Too little history: AWS has no forecast.
            Err(error) if error.kind == ErrorKind::Missing => return Ok(None),
            Err(error) => return Err(error),
        };
        let amount = |text: Option<&str>| text.and_then(|text| text.parse::<f64>().ok());
        let results = answer.forecast_results_by_time();
        let sum = |pick: fn(&aws_sdk_costexplorer::types::ForecastResult) -> Option<&str>| {
            let values: Option<Vec<f64>> = results.iter().map(|r| amount(pick(r))).collect();
            values
                .filter(|values| !values.is_empty())
                .map(|values| values.iter().sum::<f64>())
        };
        let total = amount(answer.total().and_then(|total| total.amount()));
        Ok(total
            .or_else(|| sum(|r| r.mean_value()))
            .map(|mean| Forecast {
                mean,
                low: sum(|r| r.prediction_interval_lower_bound()),
                high: sum(|r| r.prediction_interval_upper_bound()),
            }))
    }
}

fn interval(api: Api, start: Date, end: Date) -> Result<DateInterval, SourceError> {
    DateInterval::builder()
        .start(start.to_string())
        .end(end.to_string())
        .build()
        .map_err(|error| SourceError::new(api.to_string(), ErrorKind::Malformed, error.to_string()))
}

/// The services of one day; a day without groups has a total only.
fn day(result: &ResultByTime, unit: &mut Option<String>) -> Vec<CostCell> {
    let Some(day) = result
        .time_period()
        .and_then(|period| period.start().get(..10)?.parse::<Date>().ok())
    else {
        return Vec::new();
    };
    let groups = result.groups().iter().filter_map(|group| {
        let cost = group.metrics()?.get(METRIC)?;
        Some((group.keys().first()?.as_str(), cost))
    });
    let total = result
        .total()
        .and_then(|total| total.get(METRIC))
        .filter(|_| result.groups().is_empty())
        .map(|cost| ("All services", cost));
    groups
        .chain(total)
        .filter_map(|(service, cost)| {
            if unit.is_none() {
                *unit = cost.unit().filter(|u| *u != "N/A").map(str::to_owned);
            }
            Some(CostCell {
                day,
                service: service.to_owned(),
                amount: cost.amount()?.parse().ok()?,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use aws_sdk_costexplorer::types::{Group, MetricValue};

    fn cost(amount: &str) -> MetricValue {
        MetricValue::builder().amount(amount).unit("CNY").build()
    }

    #[test]
    fn a_day_is_split_by_service_in_the_currency_of_the_answer() {
        let group = |service: &str, amount: &str| {
            Group::builder()
                .keys(service)
                .metrics(METRIC, cost(amount))
                .build()
        };
        let result = ResultByTime::builder()
            .time_period(
                DateInterval::builder()
                    .start("2026-11-22")
                    .end("2026-11-23")
                    .build()
                    .unwrap(),
            )
            .groups(group("Amazon SageMaker", "12.5"))
            .groups(group("AWS Glue", "not a number"))
            .build();
        let mut unit = None;
        let cells = day(&result, &mut unit);
        assert_eq!(cells.len(), 1);
        assert_eq!(cells[0].service, "Amazon SageMaker");
        assert_eq!(cells[0].day.to_string(), "2026-11-22");
        assert_eq!(unit.as_deref(), Some("CNY"));
    }

    #[test]
    fn a_day_without_groups_keeps_its_total() {
        let result = ResultByTime::builder()
            .time_period(
                DateInterval::builder()
                    .start("2026-11-22T00:00:00Z")
                    .end("2026-11-23T00:00:00Z")
                    .build()
                    .unwrap(),
            )
            .total(METRIC, cost("3"))
            .build();
        let cells = day(&result, &mut None);
        assert_eq!(cells[0].service, "All services");
    }
}
