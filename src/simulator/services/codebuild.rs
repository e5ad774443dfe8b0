//! AWS CodeBuild.

use super::call::{Call, Reply};
use crate::simulator::logs::groups::build_group;
use crate::simulator::moment::{Moment, SECOND};
use crate::simulator::wire::error::ApiError;
use crate::simulator::wire::value::{Value, map};
use crate::simulator::world::plan::EndKind;
use crate::simulator::world::work::BuildRun;

pub fn answer(call: &Call<'_>) -> Option<Reply> {
    Some(match call.operation {
        "ListProjects" => projects(call),
        "ListBuildsForProject" => builds_for_project(call),
        "ListBuilds" => builds(call, None),
        "BatchGetBuilds" => batch_get(call),
        _ => return None,
    })
}

/// Every list here has pages of 100, which callers cannot change.
const PAGE: usize = 100;

fn projects(call: &Call<'_>) -> Reply {
    let mut names: Vec<&str> = call
        .view
        .spec()
        .builds
        .iter()
        .map(|b| b.name.as_str())
        .collect();
    names.sort_unstable();
    if call.text("sortOrder") == Some("DESCENDING") {
        names.reverse();
    }
    let (page, token) = call.page(names, PAGE);
    Ok(map! { "nextToken" => token, "projects" => Value::list(page) })
}

fn builds_for_project(call: &Call<'_>) -> Reply {
    let name = call.required("projectName")?;
    let index = call
        .view
        .spec()
        .builds
        .iter()
        .position(|b| b.name == name)
        .ok_or_else(|| {
            let arn = call.account().arn("codebuild", &format!("project/{name}"));
            ApiError::new(
                "ResourceNotFoundException",
                format!("The provided project {arn} does not exist"),
            )
        })?;
    builds(call, Some(index))
}

fn builds(call: &Call<'_>, project: Option<usize>) -> Reply {
    let mut ids: Vec<String> = call
        .view
        .world
        .builds
        .iter()
        .filter(|b| b.span.has_started(call.now()) && project.is_none_or(|p| b.project == p))
        .map(|b| id(call, b))
        .collect();
    if call.text("sortOrder") != Some("ASCENDING") {
        ids.reverse();
    }
    let (page, token) = call.page(ids, PAGE);
    Ok(map! { "ids" => Value::list(page), "nextToken" => token })
}

fn id(call: &Call<'_>, build: &BuildRun) -> String {
    format!(
        "{}:{}",
        call.view.spec().builds[build.project].name,
        build.uuid
    )
}

fn batch_get(call: &Call<'_>) -> Reply {
    let wanted = call.texts("ids");
    if wanted.is_empty() || wanted.len() > 100 {
        return Err(call.invalid("ids: between 1 and 100 are needed"));
    }
    let find = |wanted: &str| {
        call.view.world.builds.iter().find(|b| {
            wanted.ends_with(&b.uuid) && b.span.has_started(call.now()) && id(call, b) == wanted
        })
    };
    let missing: Vec<&str> = wanted
        .iter()
        .copied()
        .filter(|w| find(w).is_none())
        .collect();
    Ok(map! {
        "builds" => Value::list(wanted.iter().filter_map(|w| find(w)).map(|b| describe(call, b))),
        "buildsNotFound" => Value::list(missing),
    })
}

/// Every phase, with its share of the time.
const PHASES: [(&str, f64); 9] = [
    ("SUBMITTED", 0.0),
    ("QUEUED", 0.01),
    ("PROVISIONING", 0.06),
    ("DOWNLOAD_SOURCE", 0.02),
    ("INSTALL", 0.09),
    ("PRE_BUILD", 0.05),
    ("BUILD", 0.68),
    ("POST_BUILD", 0.07),
    ("FINALIZING", 0.02),
];

fn describe(call: &Call<'_>, build: &BuildRun) -> Value {
    let account = call.account();
    let plan = &call.view.spec().builds[build.project];
    let now = call.now();
    let group = build_group(&plan.name);
    let region = &account.spec.account.region;
    let commit = account.commit(&plan.repository, build.commit);
    let outcome = build.span.outcome(now);
    let phases = phases(build);
    let current = phases
        .iter()
        .rfind(|p| p.1 <= now)
        .map_or("SUBMITTED", |p| p.0);
    let from_pipeline = build.initiator.starts_with("codepipeline/");
    map! {
        "id" => id(call, build),
        "arn" => account.arn("codebuild", &format!("build/{}", id(call, build))),
        "buildNumber" => build.number,
        "startTime" => build.span.start,
        "endTime" => build.span.ended(now),
        "currentPhase" => if outcome.is_some() { "COMPLETED" } else { current },
        "buildStatus" => status(outcome),
        "sourceVersion" => if from_pipeline { format!("arn:aws:s3:::{}/deploy/source.zip", account.spec.account.bucket) } else { "refs/heads/main".to_owned() },
        "resolvedSourceVersion" => commit.id.as_str(),
        "projectName" => plan.name.as_str(),
        "phases" => Value::list(phases.iter().filter(|p| p.1 <= now).map(|p| phase(call, build, p))),
        "source" => map! {
            "type" => if from_pipeline { "CODEPIPELINE" } else { "GITHUB" },
            "location" => (!from_pipeline).then(|| format!("https://github.com/acme/{}.git", plan.repository)),
            "gitCloneDepth" => (!from_pipeline).then_some(1_i64),
            "reportBuildStatus" => true,
            "insecureSsl" => false,
        },
        "artifacts" => map! { "location" => "" },
        "cache" => map! { "type" => "LOCAL", "modes" => Value::list(["LOCAL_DOCKER_LAYER_CACHE"]) },
        "environment" => map! {
            "type" => "LINUX_CONTAINER",
            "image" => plan.image.as_str(),
            "computeType" => plan.compute.as_str(),
            "environmentVariables" => Value::List(Vec::new()),
            "privilegedMode" => true,
            "imagePullCredentialsType" => "CODEBUILD",
        },
        "serviceRole" => account.role(&format!("codebuild-{}", plan.name)),
        "logs" => map! {
            "groupName" => group.as_str(),
            "streamName" => build.uuid.as_str(),
            "deepLink" => format!("https://console.aws.amazon.com/cloudwatch/home?region={region}#logsV2:log-groups/log-group/{}/log-events/{}", group.replace('/', "$252F"), build.uuid),
            "cloudWatchLogsArn" => account.arn("logs", &format!("log-group:{group}:log-stream:{}", build.uuid)),
            "cloudWatchLogs" => map! { "status" => "ENABLED" },
        },
        "timeoutInMinutes" => 60_i64,
        "queuedTimeoutInMinutes" => 480_i64,
        "buildComplete" => outcome.is_some(),
        "initiator" => build.initiator.as_str(),
        "encryptionKey" => account.arn("kms", "alias/aws/s3"),
    }
}

fn status(outcome: Option<EndKind>) -> &'static str {
    match outcome {
        None => "IN_PROGRESS",
        Some(EndKind::Succeeded) => "SUCCEEDED",
        Some(EndKind::Failed) => "FAILED",
        Some(EndKind::Stopped) => "STOPPED",
        Some(EndKind::TimedOut) => "TIMED_OUT",
    }
}

/// Name, start and end of each phase; a failing build ends in BUILD, and then finishes.
fn phases(build: &BuildRun) -> Vec<(&'static str, Moment, Moment)> {
    let start = build.span.start;
    let end = build.span.end.unwrap_or(start.plus(60 * SECOND));
    let failing = build.span.ending.kind != EndKind::Succeeded;
    let shown: Vec<(&str, f64)> = PHASES
        .into_iter()
        .filter(|(name, _)| !failing || *name != "POST_BUILD")
        .collect();
    let all: f64 = shown.iter().map(|(_, share)| share).sum();
    let length = end.since(start) as f64;
    let mut at = start;
    let mut phases: Vec<(&'static str, Moment, Moment)> = shown
        .into_iter()
        .map(|(name, share)| {
            let from = at;
            at = at.plus((length * share / all) as i64);
            (name, from, at)
        })
        .collect();
    phases.push(("COMPLETED", end, end));
    phases
}

fn phase(
    call: &Call<'_>,
    build: &BuildRun,
    (name, start, end): &(&'static str, Moment, Moment),
) -> Value {
    let now = call.now();
    let ended = Some(*end).filter(|end| *end <= now && *name != "COMPLETED");
    let failed = *name == "BUILD" && build.span.ending.kind != EndKind::Succeeded;
    let reason = build.span.ending.reason(call.view.spec());
    let context = ended.filter(|_| failed).map(|_| {
        Value::list([map! { "statusCode" => "COMMAND_EXECUTION_ERROR", "message" => reason }])
    });
    map! {
        "phaseType" => *name,
        "phaseStatus" => ended.map(|_| if failed { status(Some(build.span.ending.kind)) } else { "SUCCEEDED" }),
        "startTime" => *start,
        "endTime" => ended,
        "durationInSeconds" => ended.map(|end| end.since(*start) / SECOND),
        "contexts" => context,
    }
}
