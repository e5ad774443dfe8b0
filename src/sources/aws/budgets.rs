//! AWS Budgets.

use aws_sdk_budgets::Client;
use aws_sdk_budgets::types::Spend;

use super::api::Api;
use super::client::{Lazy, client};
use super::paging::{Page, read};
use super::session::Session;
use crate::domain::cost::{Budget, Money};
use crate::domain::source_error::{Answer, Partial};

const DESCRIBE_BUDGETS: Api = Api::new("budgets", "DescribeBudgets");
const BUDGETS: usize = 1000;

pub struct Budgets {
    session: Session,
    client: Lazy<Client>,
}

impl Budgets {
    pub fn new(session: Session) -> Self {
        Self {
            client: client!(aws_sdk_budgets, session),
            session,
        }
    }

    pub async fn budgets(&self) -> Answer<Vec<Budget>> {
        let account = self.session.account().await?;
        let listed = read(BUDGETS, |token| async move {
            let send = self
                .client
                .describe_budgets()
                .account_id(account)
                .max_results(100)
                .set_next_token(token)
                .send();
            let answer = self.session.call(DESCRIBE_BUDGETS, send).await?;
            let budgets = answer.budgets().iter().map(budget);
            Ok(Page::new(budgets.collect(), answer.next_token.clone()))
        })
        .await?;
        let mut partial: Partial<Vec<Budget>> = listed.into_partial(DESCRIBE_BUDGETS, BUDGETS);
        partial.value.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(partial)
    }
}

fn budget(budget: &aws_sdk_budgets::types::Budget) -> Budget {
    let spend = budget.calculated_spend();
    // A planned budget has a limit for each period; the newest one that has begun is in force.
    let planned = budget.planned_budget_limits().and_then(|limits| {
        limits
            .iter()
            .filter_map(|(start, limit)| Some((start.parse::<i64>().ok()?, limit)))
            .max_by_key(|(start, _)| *start)
            .map(|(_, limit)| limit)
    });
    Budget {
        name: budget.budget_name().to_owned(),
        budget_type: budget.budget_type().as_str().to_owned(),
        time_unit: budget.time_unit().as_str().to_owned(),
        limit: budget.budget_limit().or(planned).and_then(money),
        actual: spend.and_then(|s| s.actual_spend()).and_then(money),
        forecast: spend.and_then(|s| s.forecasted_spend()).and_then(money),
    }
}

fn money(spend: &Spend) -> Option<Money> {
    Some(Money {
        amount: spend.amount().parse().ok()?,
        unit: spend.unit().to_owned(),
    })
}
