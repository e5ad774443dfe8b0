//! What SageMaker's own lineage tracking notes by itself: models and inputs as artifacts, and the jobs that made them.

use super::super::call::{Call, Reply};
use super::not_found;
use crate::simulator::moment::Moment;
use crate::simulator::scenario::spec::StepKind;
use crate::simulator::wire::value::{Value, map};
use crate::simulator::world::jobs::JobRun;

struct Artifact {
    uri: String,
    kind: &'static str,
    created: Moment,
    /// Of an input that DVC keeps: its ETag is its md5.
    etag: Option<String>,
    /// The training job that wrote it.
    job: Option<String>,
}

impl Artifact {
    fn arn(&self, call: &Call<'_>) -> String {
        let account = call.account();
        let id = account.dice.of("artifact").of(&self.uri).hex(32);
        account.arn("sagemaker", &format!("artifact/{id}"))
    }
}

/// Models of finished training jobs, and the versions of data that jobs read.
fn all(call: &Call<'_>) -> Vec<Artifact> {
    let now = call.now();
    let account = call.account();
    let jobs = call.view.world.jobs.iter();
    let mut artifacts: Vec<Artifact> = Vec::new();
    for job in jobs.filter(|job| job.kind == StepKind::Training && job.span.has_started(now)) {
        if let Some(hash) = features_of(call, job) {
            artifacts.push(Artifact {
                uri: address(call, &hash),
                kind: "DataSet",
                created: job.span.start,
                etag: Some(hash),
                job: None,
            });
        }
        if let Some(ended) = job.span.ended(now) {
            let output = account.s3(job.job.output.as_deref().unwrap_or("models"));
            artifacts.push(Artifact {
                uri: format!("{output}/{}/output/model.tar.gz", job.name),
                kind: "Model",
                created: ended,
                etag: None,
                job: Some(job.name.clone()),
            });
        }
    }
    artifacts.sort_by(|a, b| (a.created, &a.uri).cmp(&(b.created, &b.uri)));
    let mut seen = std::collections::HashSet::new();
    artifacts.retain(|artifact| seen.insert(artifact.uri.clone()));
    artifacts
}

/// The version of the features that a training job of the demo repository's pipeline was given: that of the commit it
/// was started from.
pub fn features_of(call: &Call<'_>, job: &JobRun) -> Option<String> {
    let (_, id) = job.execution.as_ref()?;
    let world = &call.view.world;
    let (index, run) = world
        .pipelines
        .iter()
        .enumerate()
        .find(|(_, run)| run.id == *id)?;
    let spec = call.view.spec();
    let package = world
        .packages
        .iter()
        .find(|package| package.run == Some(index));
    let of_demo = match package {
        Some(package) => spec.model_groups[package.group].repository == "churn",
        None => run.plan(spec).name.starts_with("churn"),
    };
    let commit = package.map(|package| package.commit).or(run.commit)?;
    of_demo.then(|| call.account().history().features(commit))
}

/// Where the team's remote keeps an object.
pub fn address(call: &Call<'_>, hash: &str) -> String {
    let (head, tail) = hash.split_at(2);
    call.account().s3(&format!("dvc/files/md5/{head}/{tail}"))
}

pub fn artifacts(call: &Call<'_>) -> Reply {
    let limit = call.limit("MaxResults", 10, 100)?;
    let wanted = call.text("SourceUri");
    let kind = call.text("ArtifactType");
    let mut found = all(call);
    found.retain(|artifact| {
        wanted.is_none_or(|uri| uri == artifact.uri)
            && kind.is_none_or(|kind| kind == artifact.kind)
    });
    let (page, token) = call.page(found, limit);
    Ok(map! {
        "ArtifactSummaries" => Value::list(page.into_iter().map(|artifact| map! {
            "ArtifactArn" => artifact.arn(call),
            "ArtifactName" => artifact.job.as_deref().map(|job| format!("{job}-model")),
            "Source" => map! {
                "SourceUri" => artifact.uri.as_str(),
                "SourceTypes" => artifact.etag.as_deref().map(|etag| Value::list([map! {
                    "SourceIdType" => "S3ETag",
                    "Value" => etag,
                }])),
            },
            "ArtifactType" => artifact.kind,
            "CreationTime" => artifact.created,
            "LastModifiedTime" => artifact.created,
        })),
        "NextToken" => token,
    })
}

pub fn associations(call: &Call<'_>) -> Reply {
    let limit = call.limit("MaxResults", 10, 100)?;
    let (source, destination) = (call.text("SourceArn"), call.text("DestinationArn"));
    let all = all(call);
    let known = |arn: &str| all.iter().any(|artifact| artifact.arn(call) == arn);
    if destination.is_some_and(|arn| arn.contains(":artifact/") && !known(arn)) {
        return Err(not_found());
    }
    let account = call.account();
    let found: Vec<Value> = all
        .iter()
        .filter_map(|artifact| {
            let job = artifact.job.as_deref()?;
            let name = format!("{job}-aws-training-job");
            let maker = account.arn("sagemaker", &format!("experiment-trial-component/{name}"));
            let arn = artifact.arn(call);
            let fits = destination.is_none_or(|wanted| wanted == arn)
                && source.is_none_or(|wanted| wanted == maker);
            fits.then(|| {
                map! {
                    "SourceArn" => maker,
                    "DestinationArn" => arn,
                    "SourceType" => "SageMakerTrainingJob",
                    "DestinationType" => artifact.kind,
                    "AssociationType" => "Produced",
                    "SourceName" => name,
                    "DestinationName" => format!("{job}-model"),
                    "CreationTime" => artifact.created,
                }
            })
        })
        .collect();
    let (page, token) = call.page(found, limit);
    Ok(map! {
        "AssociationSummaries" => page,
        "NextToken" => token,
    })
}
