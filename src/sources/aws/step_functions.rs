//! Step Functions executions of standard state machines; express ones keep no list of executions.

use aws_sdk_sfn::Client;
use aws_sdk_sfn::types::{ExecutionListItem, StateMachineType};

use super::api::Api;
use super::client::{Lazy, client};
use super::paging::{Listed, Page, each, read};
use super::run_status;
use super::runs::{Wanted, blank, fact, gather, settle_steps};
use super::session::Session;
use super::text::reason;
use super::time::{optional, timestamp};
use crate::domain::arn::name_of;
use crate::domain::run::{Run, RunKind};
use crate::domain::source_error::{Answer, Partial, SourceError};

mod history;

const LIST_MACHINES: Api = Api::new("states", "ListStateMachines");
const LIST_EXECUTIONS: Api = Api::new("states", "ListExecutions");
const DESCRIBE: Api = Api::new("states", "DescribeExecution");
const HISTORY: Api = Api::new("states", "GetExecutionHistory");
const MACHINES: usize = 1000;
/// Events read of one execution; AWS keeps up to 25,000.
const EVENTS: usize = 5000;
const WIDTH: usize = 6;

#[derive(Clone)]
pub struct StepFunctions {
    session: Session,
    client: Lazy<Client>,
}

impl StepFunctions {
    pub fn new(session: Session) -> Self {
        Self {
            client: client!(aws_sdk_sfn, session),
            session,
        }
    }

    pub async fn runs(&self, wanted: Wanted) -> Answer<Vec<Run>> {
        let machines = self.machines().await?;
        let answers = each(machines.value, WIDTH, |arn| {
            let this = self.clone();
            async move { this.executions(&arn, wanted).await }
        })
        .await;
        gather(LIST_EXECUTIONS, wanted, answers, machines.missing)
    }

    async fn machines(&self) -> Answer<Vec<String>> {
        let listed = read(MACHINES, |token| async move {
            let send = self
                .client
                .list_state_machines()
                .max_results(1000)
                .set_next_token(token)
                .send();
            let answer = self.session.call(LIST_MACHINES, send).await?;
            let arns = answer
                .state_machines()
                .iter()
                .filter(|machine| *machine.r#type() != StateMachineType::Express)
                .map(|machine| machine.state_machine_arn().to_owned());
            Ok(Page::new(arns.collect(), answer.next_token.clone()))
        })
        .await?;
        Ok(listed.into_partial(LIST_MACHINES, MACHINES))
    }

    async fn executions(&self, machine: &str, wanted: Wanted) -> Result<Listed<Run>, SourceError> {
        let page = i32::try_from(wanted.limit.clamp(1, 1000)).unwrap_or(1000);
        read(wanted.limit, |token| async move {
            let send = self
                .client
                .list_executions()
                .state_machine_arn(machine)
                .max_results(page)
                .set_next_token(token)
                .send();
            let answer = self.session.call(LIST_EXECUTIONS, send).await?;
            let runs: Vec<Run> = answer.executions().iter().map(listed_run).collect();
            let starts: Vec<_> = runs.iter().map(|run| run.started_at).collect();
            Ok(Page {
                enough: wanted.is_past(&starts),
                ..Page::new(runs, answer.next_token.clone())
            })
        })
        .await
    }

    pub async fn describe(&self, run: &Run) -> Answer<Run> {
        let send = self
            .client
            .describe_execution()
            .execution_arn(&run.arn)
            .send();
        let (execution, events) = tokio::join!(
            self.session.call(DESCRIBE, send),
            read(EVENTS, |token| async move {
                let send = self
                    .client
                    .get_execution_history()
                    .execution_arn(&run.arn)
                    .max_results(1000)
                    // The ARN of a started job stands in the data; nothing else of it is kept.
                    .include_execution_data(true)
                    .set_next_token(token)
                    .send();
                let answer = self.session.call(HISTORY, send).await?;
                Ok(Page::new(
                    answer.events().to_vec(),
                    answer.next_token.clone(),
                ))
            }),
        );
        let execution = execution?;
        let raw = execution.status().as_str();
        let mut described = run.clone();
        described.status = run_status::step_functions(raw);
        described.raw_status = raw.to_owned();
        described.started_at = timestamp(execution.start_date()).or(run.started_at);
        described.ended_at = optional(execution.stop_date());
        described.attempt = attempts(execution.redrive_count());
        described.detailed = true;
        described.logs.clear();
        described.facts.clear();
        fact(
            &mut described.facts,
            "version",
            execution.state_machine_version_arn().map(name_of),
        );
        fact(
            &mut described.facts,
            "redrive",
            execution.redrive_status_reason(),
        );
        let mut missing = Vec::new();
        match events {
            Ok(events) => {
                let events = events.into_partial(HISTORY, EVENTS);
                missing.extend(events.missing);
                described.steps = history::steps(events.value, described.status);
            }
            Err(error) => missing.push(error),
        }
        settle_steps(&mut described);
        if described.reason.is_none() {
            described.reason = history::words(execution.error(), execution.cause());
        }
        Ok(Partial {
            value: described,
            missing,
        })
    }
}

fn attempts(redrives: Option<i32>) -> u32 {
    redrives
        .and_then(|n| u32::try_from(n).ok())
        .unwrap_or_default()
        + 1
}

fn listed_run(execution: &ExecutionListItem) -> Run {
    let raw = execution.status().as_str();
    let machine = name_of(execution.state_machine_arn());
    let name = execution.name();
    Run {
        name: format!("{machine} #{name}"),
        family: machine.to_owned(),
        id: name.to_owned(),
        status: run_status::step_functions(raw),
        raw_status: raw.to_owned(),
        started_at: timestamp(execution.start_date()),
        ended_at: optional(execution.stop_date()),
        parent: reason(execution.map_run_arn()),
        attempt: attempts(execution.redrive_count()),
        ..blank(RunKind::StepFunctions, name, execution.execution_arn())
    }
}
