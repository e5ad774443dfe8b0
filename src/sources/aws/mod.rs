//! The AWS account through the official SDK: adapters of the ports, one file per service.
//!
//! Every call goes through [`session::Session::call`]: paced by the governor, priced by the ledger, its failure
//! classified in one place.

mod api;
mod budgets;
mod client;
mod cloudwatch;
mod codebuild;
mod codepipeline;
mod costs;
mod credentials;
mod ecr;
mod error;
mod glue;
mod governor;
mod http_client;
mod identity;
mod json_call;
pub mod ledger;
mod lineage;
mod log_targets;
mod logs;
mod paging;
mod registry;
mod retry;
mod run_status;
mod runs;
mod sagemaker;
mod sdk_config;
mod service_urls;
mod session;
mod step_functions;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod text;
mod time;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use aws_smithy_runtime_api::client::http::SharedHttpClient;

pub use ledger::Caps;

use crate::domain::clock::Clock;
use crate::domain::source_error::SourceError;
use crate::sources::AccountSources;
use session::Session;

/// Which account to speak to, and how.
#[derive(Clone, Debug)]
pub struct ConnectOptions {
    /// A profile of the AWS config; `None` for what the environment says.
    pub profile: Option<String>,
    pub region: Option<String>,
    /// For all services, before any endpoint URL of the environment or the profile.
    pub endpoint_url: Option<String>,
    /// An account that is not there: answers come from this process, nothing of the machine's AWS config is read.
    pub simulated: Option<Simulated>,
    pub clock: Arc<dyn Clock>,
    /// Where the ledger keeps its sums.
    pub state_dir: PathBuf,
    /// Where answers of Cost Explorer are kept.
    pub cache_dir: PathBuf,
    pub caps: Caps,
    /// For how long an answer of Cost Explorer is good.
    pub cost_cache_ttl: Duration,
    pub timeouts: Timeouts,
}

/// The simulated account's way in.
#[derive(Clone, Debug)]
pub struct Simulated {
    pub http_client: SharedHttpClient,
    pub region: String,
}

/// How long to wait for AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    pub connect: Duration,
    /// One attempt, from sending to the last byte.
    pub attempt: Duration,
    /// All attempts together.
    pub operation: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_millis(3100),
            attempt: Duration::from_secs(10),
            operation: Duration::from_secs(30),
        }
    }
}

/// Prepares the sources of one account and Region. Nothing is asked of the account yet.
///
/// # Errors
/// A damaged AWS config, a profile that does not exist, or no Region anywhere. That there are no credentials shows
/// in the first call of each source instead, so that it can be mended while the program runs.
pub async fn connect(options: ConnectOptions) -> Result<AccountSources, SourceError> {
    let session = Session::open(options).await?;
    let sagemaker = sagemaker::Sagemaker::new(session.clone());
    let cloudwatch = cloudwatch::Cloudwatch::new(session.clone());
    let logs = logs::Logs::new(session.clone());
    let ecr = ecr::Ecr::new(session.clone());
    Ok(AccountSources {
        region: session.region().to_owned(),
        runs: Arc::new(runs::Runs::new(&session, sagemaker.clone())),
        endpoints: Arc::new(sagemaker.clone()),
        identity: Arc::new(identity::Identities::new(session.clone())),
        usage: session.ledger().clone(),
        metrics: Arc::new(cloudwatch.clone()),
        alarms: Arc::new(cloudwatch),
        logs: Arc::new(logs.clone()),
        insights: Arc::new(logs),
        costs: Arc::new(costs::Costs::new(session.clone())),
        lineage: Arc::new(lineage::Lineage::new(sagemaker.clone(), ecr.clone())),
        registry: Arc::new(registry::Registry { ecr, sagemaker }),
    })
}
