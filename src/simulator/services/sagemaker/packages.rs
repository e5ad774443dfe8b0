//! The model registry: groups and their versions.

use super::super::call::{Call, Reply};
use super::listing::{NEWEST_FIRST, OLDEST_FIRST, Row, reply};
use crate::simulator::moment::{DAY, HOUR, Moment};
use crate::simulator::scenario::spec::ModelGroup;
use crate::simulator::wire::error::ApiError;
use crate::simulator::wire::value::{Members, Value, map};
use crate::simulator::world::packages::Package;

pub fn groups(call: &Call<'_>) -> Reply {
    let rows = call
        .view
        .spec()
        .model_groups
        .iter()
        .map(|group| Row {
            name: &group.name,
            created: group_created(call, group),
            modified: group_created(call, group),
            status: "Completed",
            item: group,
        })
        .collect();
    reply(
        call,
        "ModelPackageGroupSummaryList",
        OLDEST_FIRST,
        rows,
        |group: &ModelGroup| {
            map! {
                "ModelPackageGroupName" => group.name.as_str(),
                "ModelPackageGroupArn" => group_arn(call, &group.name),
                "ModelPackageGroupDescription" => group.description.as_str(),
                "CreationTime" => group_created(call, group),
                "ModelPackageGroupStatus" => "Completed",
            }
        },
    )
}

fn group_created(call: &Call<'_>, group: &ModelGroup) -> Moment {
    let days =
        f64::from(group.last) * 5.0 + 30.0 + call.account().dice.of(&group.name).between(0.0, 20.0);
    call.account().start.plus(-(days * DAY as f64) as i64)
}

pub fn list(call: &Call<'_>) -> Reply {
    let spec = call.view.spec();
    let wanted = call
        .text("ModelPackageGroupName")
        .map(|n| n.rsplit('/').next().unwrap_or(n));
    if let Some(name) = wanted
        && !spec.model_groups.iter().any(|g| g.name == name)
    {
        return Err(ApiError::new(
            "ValidationException",
            format!(
                "ModelPackageGroup {} does not exist.",
                group_arn(call, name)
            ),
        ));
    }
    let approval_wanted = call.text("ModelApprovalStatus");
    let rows = call
        .view
        .world
        .packages
        .iter()
        .filter(|p| p.created <= call.now())
        .filter(|p| wanted.is_none_or(|name| spec.model_groups[p.group].name == name))
        .filter(|p| approval_wanted.is_none_or(|a| approval(call, p) == a))
        .map(|package| Row {
            name: &spec.model_groups[package.group].name,
            created: package.created,
            modified: package.created,
            status: "Completed",
            item: package,
        })
        .collect();
    reply(
        call,
        "ModelPackageSummaryList",
        NEWEST_FIRST,
        rows,
        |package: &Package| {
            let group = &spec.model_groups[package.group];
            map! {
                "ModelPackageGroupName" => group.name.as_str(),
                "ModelPackageVersion" => package.version,
                "ModelPackageArn" => arn(call, &group.name, package.version),
                "ModelPackageDescription" => description(call, package),
                "CreationTime" => package.created,
                "ModelPackageStatus" => "Completed",
                "ModelApprovalStatus" => approval(call, package),
                "ModelPackageRegistrationType" => "Registered",
            }
        },
    )
}

pub fn describe(call: &Call<'_>) -> Reply {
    let wanted = call.required("ModelPackageName")?;
    let package = find(call, wanted).ok_or_else(|| missing(wanted))?;
    let account = call.account();
    let group = &call.view.spec().model_groups[package.group];
    let commit = account.commit(&group.repository, package.commit).id;
    let auc = metric(call, package);
    let run = package.run.map(|index| &call.view.world.pipelines[index]);
    let decided = approval(call, package) != "PendingManualApproval";
    let modified = package
        .created
        .plus((package.dice.of("decided").between(0.3, 6.0) * HOUR as f64) as i64);
    let by = |name: &str| {
        map! { "IamIdentity" => map! {
            "Arn" => format!("arn:aws:sts::{}:assumed-role/ml-engineer/{name}", account.spec.account.id),
            "PrincipalId" => format!("AROA{}:{name}", account.dice.of(name).mixed_case(17).to_ascii_uppercase()),
        } }
    };
    let mut custom = vec![
        (
            "commit".to_owned(),
            commit.chars().take(12).collect::<String>(),
        ),
        (group.metric.replace(':', "_"), format!("{auc:.4}")),
        ("framework".to_owned(), group.model_format.clone()),
    ];
    if let Some(job) = &package.training_job {
        custom.push(("training_job".to_owned(), job.clone()));
    }
    let report = account.s3(&format!(
        "{}/evaluation/v{}/evaluation.json",
        group.name, package.version
    ));
    Ok(map! {
        // Of a version, the service gives the name of its group.
        "ModelPackageName" => group.name.as_str(),
        "ModelPackageGroupName" => group.name.as_str(),
        "ModelPackageVersion" => package.version,
        "ModelPackageRegistrationType" => "Registered",
        "ModelPackageArn" => arn(call, &group.name, package.version),
        "ModelPackageDescription" => description(call, package),
        "CreationTime" => package.created,
        "InferenceSpecification" => inference(call, package),
        "ModelPackageStatus" => "Completed",
        "ModelPackageStatusDetails" => map! {
            "ValidationStatuses" => Value::List(Vec::new()),
            "ImageScanStatuses" => Value::List(Vec::new()),
        },
        "CertifyForMarketplace" => false,
        "ModelApprovalStatus" => approval(call, package),
        "CreatedBy" => by(run.map_or("alice", |r| r.by.as_str())),
        "MetadataProperties" => map! {
            "CommitId" => commit,
            "Repository" => format!("https://github.com/acme/{}", group.repository),
            "GeneratedBy" => run.map(|r| account.arn(
                "sagemaker",
                &format!("pipeline/{}/execution/{}", r.plan(call.view.spec()).name, r.id),
            )),
        },
        "ModelMetrics" => map! { "ModelQuality" => map! { "Statistics" => map! {
            "ContentType" => "application/json",
            "S3Uri" => report,
        } } },
        "LastModifiedTime" => if decided { modified.min(call.now()) } else { package.created },
        "LastModifiedBy" => decided.then(|| by("alice")),
        "ApprovalDescription" => decided.then(|| group.notes.get(&package.version.to_string()).map(String::as_str)).flatten(),
        "CustomerMetadataProperties" => Value::texts(custom),
        "SkipModelValidation" => "None",
    })
}

pub fn batch_describe(call: &Call<'_>) -> Reply {
    let spec = call.view.spec();
    let mut found = Members::default();
    let mut errors = Members::default();
    for wanted in call.texts("ModelPackageArnList") {
        match find(call, wanted) {
            Some(package) => {
                let group = &spec.model_groups[package.group];
                found.put(
                    wanted.to_owned(),
                    map! {
                        "ModelPackageGroupName" => group.name.as_str(),
                        "ModelPackageVersion" => package.version,
                        "ModelPackageArn" => wanted,
                        "ModelPackageDescription" => description(call, package),
                        "CreationTime" => package.created,
                        "InferenceSpecification" => inference(call, package),
                        "ModelPackageStatus" => "Completed",
                        "ModelApprovalStatus" => approval(call, package),
                        "ModelPackageRegistrationType" => "Registered",
                    },
                );
            }
            None => errors.put(
                wanted.to_owned(),
                map! { "ErrorCode" => "ValidationException", "ErrorResponse" => missing(wanted).message },
            ),
        }
    }
    Ok(map! {
        "ModelPackageSummaries" => found,
        "BatchDescribeModelPackageErrorMap" => errors,
    })
}

fn inference(call: &Call<'_>, package: &Package) -> Value {
    let account = call.account();
    let group = &call.view.spec().model_groups[package.group];
    let uri = account.image(&group.image);
    let (repository, tag) = uri.rsplit_once(':').unwrap_or((uri.as_str(), "latest"));
    let short = repository.rsplit('/').next().unwrap_or(repository);
    let data = match &package.training_job {
        Some(job) => account.s3(&format!("{}/models/{job}/output/model.tar.gz", group.name)),
        None => account.s3(&format!(
            "{}/models/v{}/model.tar.gz",
            group.name, package.version
        )),
    };
    let texts = |all: &[&str]| Value::list(all.iter().copied());
    map! {
        "Containers" => Value::list([map! {
            "Image" => uri.as_str(),
            "ImageDigest" => account.digest(short, tag),
            "ModelDataUrl" => data,
            "Framework" => group.model_format.to_ascii_uppercase(),
        }]),
        "SupportedTransformInstanceTypes" => texts(&["ml.m5.4xlarge", "ml.g4dn.xlarge"]),
        "SupportedRealtimeInferenceInstanceTypes" => texts(&["ml.m5.xlarge", "ml.g4dn.xlarge"]),
        "SupportedContentTypes" => texts(&["application/json", "text/csv"]),
        "SupportedResponseMIMETypes" => texts(&["application/json"]),
    }
}

/// A package by ARN or by `group/version`.
fn find<'c>(call: &'c Call<'_>, wanted: &str) -> Option<&'c Package> {
    let mut parts = wanted.rsplit('/');
    let version: u32 = parts.next()?.parse().ok()?;
    let group = parts.next()?;
    let group = group.rsplit(':').next()?;
    let spec = call.view.spec();
    call.view.world.packages.iter().find(|p| {
        p.version == version && spec.model_groups[p.group].name == group && p.created <= call.now()
    })
}

fn missing(wanted: &str) -> ApiError {
    ApiError::new(
        "ValidationException",
        format!("ModelPackage {wanted} does not exist."),
    )
}

fn approval(call: &Call<'_>, package: &Package) -> &'static str {
    let group = &call.view.spec().model_groups[package.group];
    if group.rejected.contains(&package.version) {
        "Rejected"
    } else if package.version <= group.approved {
        "Approved"
    } else {
        "PendingManualApproval"
    }
}

fn metric(call: &Call<'_>, package: &Package) -> f64 {
    let group = &call.view.spec().model_groups[package.group];
    let run = package
        .training_job
        .as_ref()
        .and_then(|name| call.view.world.job(name));
    let of_job = run.and_then(|job| {
        let mut metrics = job.metrics().into_iter();
        metrics
            .find(|(name, _)| name.ends_with(&group.metric))
            .map(|(_, value)| value)
    });
    of_job.unwrap_or_else(|| {
        let behind = f64::from(group.last.saturating_sub(package.version));
        let noise = 0.002 * package.dice.of("metric").normal();
        (group.metric_value - 0.0028 * behind + noise).max(0.05)
    })
}

fn description(call: &Call<'_>, package: &Package) -> String {
    let group = &call.view.spec().model_groups[package.group];
    let run = package.run.map(|index| &call.view.world.pipelines[index]);
    let source = run.map_or_else(String::new, |r| {
        format!(", {} #{}", r.plan(call.view.spec()).name, r.number)
    });
    format!("{} {:.4}{source}", group.metric, metric(call, package))
}

fn group_arn(call: &Call<'_>, name: &str) -> String {
    call.account()
        .arn("sagemaker", &format!("model-package-group/{name}"))
}

pub fn arn(call: &Call<'_>, group: &str, version: u32) -> String {
    call.account()
        .arn("sagemaker", &format!("model-package/{group}/{version}"))
}
