//! Records of what the screens know already: lists tell much of a lineage before anything is asked.

use crate::domain::arn::Arn;
use crate::domain::endpoint::Endpoint;
use crate::domain::lineage::{Clue, Place, Record, Setting, Thing};
use crate::domain::registry::{Image, ModelGroup, ModelVersion};
use crate::domain::repository::Repository;
use crate::domain::run::{Run, RunKind};

/// An endpoint, its config and variants, and the models that they serve.
pub fn of_endpoint(endpoint: &Endpoint) -> Vec<Record> {
    let mut records = Vec::new();
    let config = (!endpoint.config.is_empty()).then(|| Thing::Config {
        name: endpoint.config.clone(),
    });
    let mut whole = Record {
        note: endpoint.status.clone(),
        at: endpoint.changed_at,
        arn: endpoint.arn.clone(),
        ..Record::bare(Thing::Endpoint {
            name: endpoint.name.clone(),
        })
    };
    if let Some(origin) = config.as_ref().filter(|_| endpoint.variants.is_empty()) {
        whole.clues.push(from(origin, "DescribeEndpoint names it"));
    }
    for variant in &endpoint.variants {
        let thing = Thing::Variant {
            endpoint: endpoint.name.clone(),
            name: variant.name.clone(),
        };
        whole.clues.push(from(&thing, "one of its variants"));
        let mut record = Record {
            note: variant
                .weight
                .map(|weight| format!("weight {weight}"))
                .unwrap_or_default(),
            ..Record::bare(thing)
        };
        if let Some(origin) = &config {
            record.clues.push(from(origin, "the endpoint's config"));
        }
        if let Some(name) = &variant.model {
            let model = Thing::Model { name: name.clone() };
            let why = format!("endpoint config {} names it", endpoint.config);
            record.clues.push(from(&model, &why));
            let mut record = Record::bare(model);
            record
                .clues
                .extend(variant.model_package_arn.as_ref().map(|arn| {
                    let arn = arn.clone();
                    from(
                        &Thing::ModelVersion { arn },
                        "ModelPackageName of the model",
                    )
                }));
            records.push(record);
        }
        if let Some(uri) = &variant.image {
            record.clues.push(Clue::Image {
                uri: uri.clone(),
                digest: None,
            });
        }
        records.push(record);
    }
    records.push(whole);
    records
}

fn from(origin: &Thing, why: &str) -> Clue {
    Clue::From {
        origin: origin.clone(),
        why: why.to_owned(),
    }
}

pub fn of_groups(groups: &[ModelGroup]) -> Vec<Record> {
    let versions = groups.iter().flat_map(|group| &group.versions);
    versions.map(of_version).collect()
}

fn of_version(version: &ModelVersion) -> Record {
    let mut clues = Vec::new();
    if let Some(commit) = &version.commit {
        clues.push(setting(Place::MetadataProperties, "CommitId", commit));
    }
    for (name, value) in &version.metadata {
        clues.push(setting(Place::Metadata, name, value));
    }
    for uri in &version.images {
        clues.push(Clue::Image {
            uri: uri.clone(),
            digest: None,
        });
    }
    Record {
        note: version
            .approval
            .clone()
            .unwrap_or_else(|| version.status.clone()),
        at: version.created_at,
        arn: version.arn.clone(),
        clues,
        ..Record::bare(Thing::ModelVersion {
            arn: version.arn.clone(),
        })
    }
}

fn setting(place: Place, name: &str, value: &str) -> Clue {
    Clue::Setting(Setting {
        place,
        name: name.to_owned(),
        value: value.to_owned(),
    })
}

/// Images of the account's registry; `host` is what stands before their names in a URI.
pub fn of_images(images: &[Image], host: &str) -> Vec<Record> {
    let record = |image: &Image| Record {
        name: image
            .tags
            .first()
            .map(|tag| format!("{}:{tag}", image.repository)),
        note: image.digest.get(..19).unwrap_or(&image.digest).to_owned(),
        at: image.pushed_at,
        clues: image
            .tags
            .iter()
            .map(|tag| setting(Place::ImageTag, "tag", tag))
            .collect(),
        ..Record::bare(Thing::Image {
            uri: format!("{host}/{}@{}", image.repository, image.digest),
        })
    };
    images.iter().map(record).collect()
}

/// The private registry of an account in a Region.
pub fn registry_host(account: &str, region: &str) -> String {
    let suffix = if region.starts_with("cn-") {
        "amazonaws.com.cn"
    } else {
        "amazonaws.com"
    };
    format!("{account}.dkr.ecr.{region}.{suffix}")
}

/// The thing that a run is, where lineage knows such things.
pub fn thing_of_run(run: &Run) -> Option<Thing> {
    match run.kind {
        RunKind::SagemakerPipeline => Some(Thing::Execution {
            arn: run.arn.clone(),
        }),
        RunKind::TrainingJob => Some(Thing::TrainingJob {
            name: run.id.clone(),
        }),
        RunKind::ProcessingJob => Some(Thing::ProcessingJob {
            name: run.id.clone(),
        }),
        RunKind::Codepipeline | RunKind::Codebuild => Some(Thing::Delivery { key: run.key() }),
        RunKind::TransformJob | RunKind::TuningJob | RunKind::StepFunctions | RunKind::Glue => None,
    }
}

/// The step of an execution or the job that a run's ARN names.
pub fn of_runs<'r>(runs: impl IntoIterator<Item = &'r Run>) -> Vec<Record> {
    runs.into_iter().filter_map(of_run).collect()
}

fn of_run(run: &Run) -> Option<Record> {
    let thing = thing_of_run(run)?;
    let mut clues = Vec::new();
    if let Some(commit) = &run.commit {
        clues.push(match &thing {
            Thing::Delivery { .. } => setting(Place::SourceRevision, &run.family, commit),
            _ => setting(Place::Tag, "git-commit", commit),
        });
    }
    if let Some(product) = run.parent.as_deref().and_then(Thing::of_arn) {
        let why = "the execution that started it".to_owned();
        clues.push(Clue::Into { product, why });
    }
    for step in &run.steps {
        let job = step.resource_arn.as_deref().and_then(Thing::of_arn);
        if let Some(origin) = job.filter(|job| *job != thing) {
            clues.push(from(&origin, &format!("step {}", step.name)));
        }
    }
    Some(Record {
        name: Some(run.name.clone()),
        note: run.status.key().replace('_', " "),
        at: run.started_at,
        arn: run.arn.clone(),
        clues,
        ..Record::bare(thing)
    })
}

/// The data that the workspace's lock files name.
pub fn of_repository(repository: &Repository) -> Vec<Record> {
    let outputs = repository.data.iter().flat_map(|data| &data.outputs);
    outputs
        .filter_map(|output| {
            let hash = output.lock_hash.clone().or(output.head_hash.clone())?;
            Some(Record {
                name: Some(format!(
                    "{} {}",
                    output.path,
                    hash.get(..8).unwrap_or(&hash)
                )),
                ..Record::bare(Thing::Data { hash })
            })
        })
        .collect()
}

/// The account and Region of an ARN, where it names both.
pub fn host_of_arn(arn: &str) -> Option<String> {
    let arn = Arn::parse(arn)?;
    (!arn.account.is_empty() && !arn.region.is_empty())
        .then(|| registry_host(arn.account, arn.region))
}
