//! What lists tell, and the thing that the words on the command line mean.

use crate::cli::twins::Desk;
use crate::cli::twins::ask::{self, Got};
use crate::domain::identity::Identity;
use crate::domain::lineage::{Record, Thing};
use crate::domain::run::RunKind;
use crate::domain::source_error::SourceError;
use crate::lineage::{known, name, revisions};

/// Runs of one kind that are looked at.
const RUNS: usize = 500;
/// Orchestrators whose runs are part of lineages.
const KINDS: [RunKind; 5] = [
    RunKind::SagemakerPipeline,
    RunKind::TrainingJob,
    RunKind::ProcessingJob,
    RunKind::Codepipeline,
    RunKind::Codebuild,
];

pub struct Gathered {
    pub root: Option<Thing>,
    pub known: Vec<Record>,
    pub identity: Option<Identity>,
}

/// Asks the lists, the runs only where nothing else has that name or a commit or data is asked for.
pub async fn gather(wanted: &str, desk: &Desk<'_>, partial: &mut Vec<SourceError>) -> Gathered {
    let from_account = async {
        let account = ask::account(desk.sources)?;
        Ok(tokio::join!(
            ask::identity(account),
            account.endpoints.endpoints(),
            account.registry.model_groups(),
            account.registry.images(),
        ))
    };
    let mut records = Vec::new();
    let mut identity = None;
    match from_account.await {
        Ok((who, endpoints, groups, images)) => {
            identity = who.into_value(partial);
            for endpoint in Got::from(endpoints).into_value(partial).iter().flatten() {
                records.extend(known::of_endpoint(endpoint));
            }
            let groups = Got::from(groups).into_value(partial).unwrap_or_default();
            records.extend(known::of_groups(&groups));
            let images = Got::from(images).into_value(partial).unwrap_or_default();
            if let Some(host) = host(desk, identity.as_ref()) {
                records.extend(known::of_images(&images, &host));
            }
        }
        Err(error) => partial.push(error),
    }
    let mut things = name::things(wanted, &records, None);
    let is_code = |thing: &Thing| matches!(thing, Thing::Commit { .. } | Thing::Data { .. });
    if things.first().is_none_or(is_code)
        && let Some(account) = &desk.sources.account
    {
        let runs = ask::runs(account, &KINDS, None, RUNS, true).await;
        let runs = runs.into_value(partial).unwrap_or_default();
        records.extend(known::of_runs(&runs));
        things = name::things(wanted, &records, None);
    }
    // The path of data is looked for where nothing else has that name: comparing a working tree takes its time.
    if things.first().is_none_or(is_code) && !revisions::is_sha(wanted) {
        let repository = ask::repository(desk.sources, 1).await.value;
        things = name::things(wanted, &records, repository.as_ref());
    }
    Gathered {
        root: things.into_iter().next(),
        known: records,
        identity,
    }
}

/// What stands before the names of the account's images.
fn host(desk: &Desk<'_>, identity: Option<&Identity>) -> Option<String> {
    let region = &desk.sources.account.as_ref()?.region;
    Some(known::registry_host(&identity?.account, region))
}
