//! Month to date, and budgets.

use crate::domain::cost::{Budget, MonthToDate};
use crate::domain::freshness::Fetched;

use super::super::list::ListState;

#[derive(Clone, Debug, Default)]
pub struct CostsRoom {
    pub month: Fetched<MonthToDate>,
    pub budgets: Fetched<Vec<Budget>>,
    pub section: CostsSection,
    pub services: ListState,
    pub days: ListState,
    pub budget_list: ListState,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CostsSection {
    #[default]
    Services,
    Days,
    Budgets,
}

impl CostsSection {
    pub const ALL: [Self; 3] = [Self::Services, Self::Days, Self::Budgets];

    pub fn title(self) -> &'static str {
        match self {
            Self::Services => "Services",
            Self::Days => "Days",
            Self::Budgets => "Budgets",
        }
    }
}
