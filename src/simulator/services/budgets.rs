//! AWS Budgets.

use super::call::{Call, Reply};
use crate::simulator::moment::{HOUR, Moment};
use crate::simulator::scenario::spec::Budget;
use crate::simulator::wire::error::ApiError;
use crate::simulator::wire::value::{Value, map};

pub fn answer(call: &Call<'_>) -> Option<Reply> {
    Some(match call.operation {
        "DescribeBudgets" => list(call),
        _ => return None,
    })
}

fn list(call: &Call<'_>) -> Reply {
    let wanted = call.required("AccountId")?;
    if wanted != call.view.spec().account.id {
        return Err(ApiError::new(
            "AccessDeniedException",
            format!(
                "Account {} is not authorized to access budgets of account {wanted}",
                call.view.spec().account.id
            ),
        ));
    }
    let limit = call.limit("MaxResults", 100, 1000)?;
    let (page, token) = call.page(call.view.spec().budgets.iter().collect(), limit);
    Ok(map! {
        "Budgets" => Value::list(page.into_iter().map(|b| describe(call, b))),
        "NextToken" => token,
    })
}

fn describe(call: &Call<'_>, budget: &Budget) -> Value {
    let dollars = |amount: f64| map! { "Amount" => format!("{amount:.2}"), "Unit" => "USD" };
    // Budgets look at the bill a few times a day.
    let updated = Moment(call.now().0.div_euclid(8 * HOUR) * 8 * HOUR);
    let month = Moment::midnight(call.account().start.date().first_of_month());
    map! {
        "BudgetName" => budget.name.as_str(),
        "BudgetLimit" => dollars(budget.limit),
        "CostTypes" => map! {
            "IncludeTax" => true,
            "IncludeSubscription" => true,
            "UseBlended" => false,
            "IncludeRefund" => false,
            "IncludeCredit" => false,
            "IncludeUpfront" => true,
            "IncludeRecurring" => true,
            "IncludeOtherSubscription" => true,
            "IncludeSupport" => true,
            "IncludeDiscount" => true,
            "UseAmortized" => false,
        },
        "TimeUnit" => budget.time_unit.as_str(),
        "TimePeriod" => map! { "Start" => month, "End" => Moment(3_706_473_600_000) },
        "CalculatedSpend" => map! {
            "ActualSpend" => dollars(budget.actual),
            "ForecastedSpend" => dollars(budget.forecast),
        },
        "BudgetType" => "COST",
        "LastUpdatedTime" => updated,
        "HealthStatus" => map! { "Status" => "HEALTHY", "LastUpdatedTime" => updated },
    }
}
