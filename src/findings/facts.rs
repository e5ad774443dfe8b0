//! What the rules look at: everything known of one account and one repository at one moment.

use jiff::Timestamp;

use crate::domain::alarm::Alarm;
use crate::domain::cost::{Budget, MonthToDate};
use crate::domain::endpoint::Endpoint;
use crate::domain::identity::Identity;
use crate::domain::metric::VariantMetrics;
use crate::domain::registry::ModelGroup;
use crate::domain::repository::Repository;
use crate::domain::run::Run;
use crate::domain::source_error::SourceError;

use super::endpoint::EndpointHealth;
use super::rules::Thresholds;

/// What is not known is empty or `None`, and brings no finding.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    pub now: Timestamp,
    pub thresholds: &'a Thresholds,
    /// Runs of all kinds in any order, with the details that were fetched.
    pub runs: &'a [Run],
    pub endpoints: Vec<EndpointFacts<'a>>,
    /// All alarms of the account, those of endpoints too.
    pub alarms: &'a [Alarm],
    pub budgets: &'a [Budget],
    pub month: Option<&'a MonthToDate>,
    pub identity: Option<&'a Identity>,
    /// Why the last question for the identity, or the account itself, failed.
    pub identity_failure: Option<&'a SourceError>,
    pub repository: Option<&'a Repository>,
    pub models: &'a [ModelGroup],
}

impl<'a> Facts<'a> {
    /// Knows nothing but the time.
    pub fn new(now: Timestamp, thresholds: &'a Thresholds) -> Self {
        Self {
            now,
            thresholds,
            runs: &[],
            endpoints: Vec::new(),
            alarms: &[],
            budgets: &[],
            month: None,
            identity: None,
            identity_failure: None,
            repository: None,
            models: &[],
        }
    }
}

/// One endpoint with its health, which `endpoint::health` made of the rest.
#[derive(Clone, Copy, Debug)]
pub struct EndpointFacts<'a> {
    pub endpoint: &'a Endpoint,
    pub health: &'a EndpointHealth,
    /// In the order of `endpoint.variants`.
    pub metrics: &'a [Option<VariantMetrics>],
}
