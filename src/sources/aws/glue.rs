//! Glue jobs and their runs.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::api::Api;
use super::json_call::{JsonClient, JsonService};
use super::paging::{Listed, Page, each, read};
use super::run_status;
use super::runs::{Wanted, blank, ended, fact, gather};
use super::sagemaker::{settings, span};
use super::session::Session;
use super::text::reason;
use crate::domain::log::LogTarget;
use crate::domain::run::{Run, RunKind};
use crate::domain::source_error::{Answer, Partial, SourceError};

const GLUE: JsonService = JsonService {
    id: "Glue",
    name: "glue",
    target: "AWSGlue",
};
const GET_JOBS: Api = Api::new("glue", "GetJobs");
const GET_JOB_RUNS: Api = Api::new("glue", "GetJobRuns");
const GET_JOB_RUN: Api = Api::new("glue", "GetJobRun");
const JOBS: usize = 1000;
const WIDTH: usize = 6;

#[derive(Clone)]
pub struct Glue {
    session: Session,
    client: JsonClient,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Jobs {
    #[serde(default)]
    jobs: Vec<Job>,
    next_token: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Job {
    #[serde(default)]
    name: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct JobRuns {
    #[serde(default)]
    job_runs: Vec<JobRun>,
    next_token: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OneJobRun {
    job_run: JobRun,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct JobRun {
    #[serde(default)]
    id: String,
    attempt: Option<u32>,
    job_name: Option<String>,
    /// Seconds since 1970, with a fraction.
    started_on: Option<f64>,
    last_modified_on: Option<f64>,
    completed_on: Option<f64>,
    #[serde(default)]
    job_run_state: String,
    state_detail: Option<String>,
    error_message: Option<String>,
    trigger_name: Option<String>,
    /// Seconds.
    execution_time: Option<i32>,
    worker_type: Option<String>,
    number_of_workers: Option<i32>,
    max_capacity: Option<f64>,
    glue_version: Option<String>,
    execution_class: Option<String>,
    #[serde(rename = "DPUSeconds")]
    dpu_seconds: Option<f64>,
    log_group_name: Option<String>,
    arguments: Option<std::collections::HashMap<String, String>>,
}

impl Glue {
    pub fn new(session: Session) -> Self {
        Self {
            client: JsonClient::new(GLUE, session.clone()),
            session,
        }
    }

    pub async fn runs(&self, wanted: Wanted) -> Answer<Vec<Run>> {
        let jobs = self.jobs().await?;
        let answers = each(jobs.value, WIDTH, |name| {
            let this = self.clone();
            async move { this.job_runs(&name, wanted).await }
        })
        .await;
        gather(GET_JOB_RUNS, wanted, answers, jobs.missing)
    }

    pub async fn describe(&self, run: &Run) -> Answer<Run> {
        let input = json!({"JobName": run.family, "RunId": run.id});
        let send = self.client.send::<OneJobRun>("GetJobRun", input);
        let answer = self.session.call(GET_JOB_RUN, send).await?;
        Ok(Partial::whole(as_run(&run.family, &answer.job_run)))
    }

    async fn jobs(&self) -> Answer<Vec<String>> {
        let listed = read(JOBS, |token| async move {
            let mut input = json!({"MaxResults": 200});
            if let Some(token) = token {
                input["NextToken"] = token.into();
            }
            let send = self.client.send::<Jobs>("GetJobs", input);
            let answer = self.session.call(GET_JOBS, send).await?;
            let names = answer.jobs.into_iter().map(|job| job.name);
            Ok(Page::new(names.collect(), answer.next_token))
        })
        .await?;
        Ok(listed.into_partial(GET_JOBS, JOBS))
    }

    async fn job_runs(&self, job: &str, wanted: Wanted) -> Result<Listed<Run>, SourceError> {
        read(wanted.limit, |token| async move {
            let mut input = json!({"JobName": job, "MaxResults": 200});
            if let Some(token) = token {
                input["NextToken"] = token.into();
            }
            let send = self.client.send::<JobRuns>("GetJobRuns", input);
            let answer = self.session.call(GET_JOB_RUNS, send).await?;
            let runs: Vec<Run> = answer.job_runs.iter().map(|r| as_run(job, r)).collect();
            let starts: Vec<_> = runs.iter().map(|run| run.started_at).collect();
            Ok(Page {
                enough: wanted.is_past(&starts),
                ..Page::new(runs, answer.next_token)
            })
        })
        .await
    }
}

fn seconds(at: Option<f64>) -> Option<Timestamp> {
    // Whole milliseconds: the fraction of a double is noise below them.
    #[expect(clippy::cast_possible_truncation, reason = "far within 64 bits")]
    let millis = (at? * 1000.0).round() as i64;
    Timestamp::from_millisecond(millis).ok()
}

fn as_run(job: &str, glue: &JobRun) -> Run {
    let status = run_status::glue(&glue.job_run_state);
    let family = glue.job_name.as_deref().unwrap_or(job);
    let mut facts = Vec::new();
    fact(&mut facts, "Glue", glue.glue_version.as_ref());
    let workers = match (&glue.worker_type, glue.number_of_workers) {
        (Some(kind), Some(count)) => Some(format!("{kind} × {count}")),
        _ => glue.max_capacity.map(|dpu| format!("{dpu} DPU")),
    };
    fact(&mut facts, "workers", workers);
    fact(&mut facts, "class", glue.execution_class.as_ref());
    fact(&mut facts, "execution time", glue.execution_time.map(span));
    fact(
        &mut facts,
        "DPU hours",
        glue.dpu_seconds.map(|s| format!("{:.2}", s / 3600.0)),
    );
    fact(&mut facts, "trigger", glue.trigger_name.as_ref());
    settings(&mut facts, "", glue.arguments.as_ref());
    let short = glue.id.get(..11).unwrap_or(&glue.id);
    Run {
        name: format!("{family} #{short}"),
        family: family.to_owned(),
        id: glue.id.clone(),
        status,
        raw_status: glue.job_run_state.clone(),
        started_at: seconds(glue.started_on),
        ended_at: seconds(glue.completed_on)
            .or_else(|| ended(status, seconds(glue.last_modified_on))),
        reason: reason(glue.error_message.as_deref())
            .or_else(|| reason(glue.state_detail.as_deref())),
        attempt: glue.attempt.unwrap_or_default() + 1,
        logs: logs(glue),
        facts,
        detailed: true,
        ..blank(RunKind::Glue, family, "")
    }
}

/// Where a run writes: the arguments of the job may move both group and streams.
fn logs(run: &JobRun) -> Vec<LogTarget> {
    let argument = |name: &str| run.arguments.as_ref()?.get(name).map(String::as_str);
    let stream = argument("--custom-logStream-prefix").unwrap_or(&run.id);
    let target = |group: String| LogTarget::prefixed(group, stream);
    if let Some(prefix) = argument("--custom-logGroup-prefix") {
        return vec![
            target(format!("{prefix}/output")),
            target(format!("{prefix}/error")),
        ];
    }
    let major: Option<u32> = run
        .glue_version
        .as_deref()
        .and_then(|version| version.split('.').next()?.parse().ok());
    let continuous = argument("--enable-continuous-cloudwatch-log") == Some("true");
    if major.is_some_and(|major| major < 5) && continuous {
        return vec![target("/aws-glue/jobs/logs-v2".into())];
    }
    let base = run.log_group_name.as_deref().unwrap_or("/aws-glue/jobs");
    vec![
        target(format!("{base}/output")),
        target(format!("{base}/error")),
    ]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn run(json: &str) -> JobRun {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_run_of_the_wire_is_a_run_of_the_domain() {
        let run = as_run(
            "features",
            &run(
                r#"{"Id": "jr_0123456789abcdef", "Attempt": 1, "JobName": "features", "StartedOn": 1795000000.123,
                "CompletedOn": 1795000060.5, "JobRunState": "TIMEOUT", "ErrorMessage": "timed out", "WorkerType": "G.1X",
                "NumberOfWorkers": 10, "GlueVersion": "5.0", "DPUSeconds": 7200.0, "Invented": [1]}"#,
            ),
        );
        assert_eq!(run.key(), "glue:features:jr_0123456789abcdef");
        assert_eq!(run.status, crate::domain::run::RunStatus::TimedOut);
        assert_eq!(run.attempt, 2);
        assert_eq!(run.started_at.unwrap().as_millisecond(), 1_795_000_000_123);
        assert_eq!(run.logs[1].group, "/aws-glue/jobs/error");
        assert!(run.facts.contains(&("workers".into(), "G.1X × 10".into())));
        assert!(run.facts.contains(&("DPU hours".into(), "2.00".into())));
    }

    #[test]
    fn the_version_and_the_arguments_decide_on_the_group() {
        let groups =
            |json: &str| -> Vec<String> { logs(&run(json)).iter().map(LogTarget::label).collect() };
        assert_eq!(
            groups(
                r#"{"Id": "jr_1", "GlueVersion": "4.0", "Arguments": {"--enable-continuous-cloudwatch-log": "true"}}"#
            ),
            ["/aws-glue/jobs/logs-v2:jr_1"]
        );
        assert_eq!(
            groups(r#"{"Id": "jr_1", "Arguments": {"--custom-logGroup-prefix": "/ml"}}"#),
            ["/ml/output:jr_1", "/ml/error:jr_1"]
        );
    }
}
