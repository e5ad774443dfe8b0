//! CodeBuild builds; their steps are the build phases.

use aws_sdk_codebuild::Client;
use aws_sdk_codebuild::types::{Build, BuildPhase, SortOrderType};

use super::api::Api;
use super::client::{Lazy, client};
use super::paging::{Page, each, read};
use super::run_status;
use super::runs::{Wanted, blank, blank_step, fact, settle_steps};
use super::session::Session;
use super::text::reason;
use super::time::optional;
use crate::domain::log::LogTarget;
use crate::domain::run::{Run, RunKind, RunStatus, Step};
use crate::domain::source_error::{Answer, ErrorKind, Partial, SourceError};

const LIST_BUILDS: Api = Api::new("codebuild", "ListBuilds");
const BATCH_GET_BUILDS: Api = Api::new("codebuild", "BatchGetBuilds");
/// Largest batch of BatchGetBuilds.
const BATCH: usize = 100;

#[derive(Clone)]
pub struct Codebuild {
    session: Session,
    client: Lazy<Client>,
}

impl Codebuild {
    pub fn new(session: Session) -> Self {
        Self {
            client: client!(aws_sdk_codebuild, session),
            session,
        }
    }

    /// The list gives ids only, so each page of it is described at once.
    pub async fn runs(&self, wanted: Wanted) -> Answer<Vec<Run>> {
        let listed = read(wanted.limit, |token| async move {
            let send = self
                .client
                .list_builds()
                .sort_order(SortOrderType::Descending)
                .set_next_token(token)
                .send();
            let answer = self.session.call(LIST_BUILDS, send).await?;
            let ids = answer.ids().to_vec();
            let mut runs = Vec::new();
            let batches: Vec<Vec<String>> = ids.chunks(BATCH).map(<[String]>::to_vec).collect();
            for batch in each(batches, 4, |ids| {
                let this = self.clone();
                async move { this.builds(ids).await }
            })
            .await
            {
                runs.extend(batch?);
            }
            let starts: Vec<_> = runs.iter().map(|run| run.started_at).collect();
            Ok(Page {
                enough: wanted.is_past(&starts),
                ..Page::new(runs, answer.next_token.clone())
            })
        })
        .await?;
        Ok(wanted.finish(LIST_BUILDS, listed, Vec::new()))
    }

    pub async fn describe(&self, run: &Run) -> Answer<Run> {
        self.builds(vec![run.id.clone()])
            .await?
            .into_iter()
            .next()
            .map(Partial::whole)
            .ok_or_else(|| {
                SourceError::new(
                    BATCH_GET_BUILDS.to_string(),
                    ErrorKind::Missing,
                    format!("there is no build {}", run.id),
                )
            })
    }

    async fn builds(&self, ids: Vec<String>) -> Result<Vec<Run>, SourceError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let send = self.client.batch_get_builds().set_ids(Some(ids)).send();
        let answer = self.session.call(BATCH_GET_BUILDS, send).await?;
        let mut runs: Vec<Run> = answer.builds().iter().map(as_run).collect();
        runs.sort_by_key(|run| std::cmp::Reverse(run.started_at));
        Ok(runs)
    }
}

fn as_run(build: &Build) -> Run {
    let raw = build.build_status().map_or("", |s| s.as_str());
    let status = match run_status::codebuild(raw) {
        RunStatus::Running if matches!(build.current_phase(), Some("QUEUED" | "SUBMITTED")) => {
            RunStatus::Queued
        }
        status => status,
    };
    let id = build.id().unwrap_or_default();
    let project = build
        .project_name()
        .or_else(|| id.split(':').next())
        .unwrap_or_default();
    let mut facts = Vec::new();
    if let Some(environment) = build.environment() {
        fact(
            &mut facts,
            "compute",
            Some(environment.compute_type().as_str()),
        );
        fact(&mut facts, "image", Some(environment.image()));
    }
    fact(&mut facts, "started by", build.initiator());
    fact(
        &mut facts,
        "source",
        build.source().and_then(|s| s.location()),
    );
    fact(&mut facts, "source version", build.source_version());
    let number = build.build_number().map_or_else(
        || {
            id.rsplit(':')
                .next()
                .unwrap_or(id)
                .chars()
                .take(8)
                .collect()
        },
        |number| number.to_string(),
    );
    let mut run = Run {
        name: format!("{project} #{number}"),
        family: project.to_owned(),
        id: id.to_owned(),
        status,
        raw_status: raw.to_owned(),
        started_at: optional(build.start_time()),
        ended_at: optional(build.end_time()).filter(|_| status.is_terminal()),
        steps: build.phases().iter().map(phase).collect(),
        detailed: true,
        facts,
        commit: build.resolved_source_version().map(str::to_owned),
        ..blank(RunKind::Codebuild, project, build.arn().unwrap_or_default())
    };
    settle_steps(&mut run);
    if run.current_step.is_none() && status.is_moving() {
        run.current_step = build.current_phase().map(str::to_owned);
    }
    run.logs.extend(logs(build, project, id));
    run
}

/// The build says where it writes; before it does, the default place.
fn logs(build: &Build, project: &str, id: &str) -> Option<LogTarget> {
    let told = build
        .logs()
        .and_then(|logs| logs.group_name().zip(logs.stream_name()));
    let (group, stream) = match told {
        Some((group, stream)) => (group.to_owned(), stream),
        None => (format!("/aws/codebuild/{project}"), id.split(':').nth(1)?),
    };
    Some(LogTarget::streams(group, vec![stream.to_owned()]))
}

fn phase(phase: &BuildPhase) -> Step {
    let name = phase.phase_type().map_or("", |t| t.as_str());
    let raw = phase.phase_status().map_or("", |s| s.as_str());
    let status = match (name, raw) {
        // The last phase has no status of its own.
        ("COMPLETED", "") => RunStatus::Succeeded,
        (_, "") => RunStatus::Running,
        (_, raw) => run_status::codebuild(raw),
    };
    let words = phase.contexts().iter().find_map(|context| {
        let message = reason(context.message())?;
        Some(match reason(context.status_code()) {
            Some(code) => format!("{code}: {message}"),
            None => message,
        })
    });
    Step {
        status,
        raw_status: raw.to_owned(),
        started_at: optional(phase.start_time()),
        ended_at: optional(phase.end_time()),
        reason: words,
        ..blank_step(name, "Phase")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use aws_sdk_codebuild::types::{BuildPhaseType, PhaseContext, StatusType};

    #[test]
    fn a_failed_phase_gives_the_reason_and_the_commit_is_known() {
        let phase = |kind, status, message: Option<&str>| {
            BuildPhase::builder()
                .phase_type(kind)
                .set_phase_status(status)
                .contexts(
                    PhaseContext::builder()
                        .set_message(message.map(str::to_owned))
                        .build(),
                )
                .build()
        };
        let build = Build::builder()
            .id("images:1b2c3d")
            .arn("arn:aws:codebuild:eu-west-1:123456789012:build/images:1b2c3d")
            .project_name("images")
            .build_number(12)
            .build_status(StatusType::Failed)
            .resolved_source_version("0a1b2c")
            .phases(phase(
                BuildPhaseType::Install,
                Some(StatusType::Succeeded),
                None,
            ))
            .phases(phase(
                BuildPhaseType::Build,
                Some(StatusType::Failed),
                Some("exit status 2"),
            ))
            .phases(phase(BuildPhaseType::Completed, None, None))
            .build();
        let run = as_run(&build);
        assert_eq!(run.name, "images #12");
        assert_eq!(run.current_step.as_deref(), Some("BUILD"));
        assert_eq!(run.reason.as_deref(), Some("exit status 2"));
        assert_eq!(run.commit.as_deref(), Some("0a1b2c"));
        assert_eq!(run.logs[0].label(), "/aws/codebuild/images:1b2c3d");
    }
}
