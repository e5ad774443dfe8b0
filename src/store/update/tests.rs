//! The store as a table: a model, messages, what is left and what is asked for.

mod anything;
mod commits;
mod data;
mod endpoints;
mod filters;
mod lineage;
mod logs;
mod nav;
mod pages;
mod reading;
mod runs;
mod take;

use jiff::Timestamp;

use super::*;
use crate::domain::endpoint::{Endpoint, EndpointKind, Variant};
use crate::domain::log::{LogLine, LogTarget};
use crate::domain::run::{Run, RunKind, RunStatus, Step};
use crate::domain::source_error::{ErrorKind, Partial, SourceError};
use crate::keys::command::Command;
use crate::store::effect::{Interest, SourceId};
use crate::store::model::Settings;
use crate::store::model::nav::Screen;
use crate::store::msg::{Data, LogPage, TailNews};
use crate::store::rows;

fn t(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}

fn run(name: &str, status: RunStatus, started: i64) -> Run {
    Run {
        kind: RunKind::TrainingJob,
        name: name.into(),
        family: name.into(),
        id: name.into(),
        arn: format!("arn:aws:sagemaker:eu-west-1:123456789012:training-job/{name}"),
        status,
        raw_status: "raw".into(),
        started_at: Some(t(started)),
        ended_at: None,
        reason: None,
        parent: None,
        attempt: 1,
        cost_usd: None,
        current_step: None,
        steps: Vec::new(),
        detailed: true,
        logs: vec![LogTarget::prefixed(
            "/aws/sagemaker/TrainingJobs",
            format!("{name}/"),
        )],
        facts: Vec::new(),
        commit: None,
        metrics: Vec::new(),
    }
}

fn step(name: &str, status: RunStatus) -> Step {
    Step {
        name: name.into(),
        kind: "Training".into(),
        status,
        raw_status: "raw".into(),
        started_at: None,
        ended_at: None,
        reason: None,
        resource_arn: None,
        attempt: 1,
        logs: vec![LogTarget::prefixed("group", format!("{name}/"))],
        depends_on: Vec::new(),
    }
}

struct Bench {
    model: Model,
    second: i64,
}

impl Bench {
    fn new() -> Self {
        Self {
            model: Model::new(t(0), Settings::default()),
            second: 0,
        }
    }

    fn send(&mut self, msg: Msg) -> Vec<Effect> {
        self.second += 1;
        update(&mut self.model, t(self.second), msg)
    }

    fn data(&mut self, data: Data) -> Vec<Effect> {
        self.send(Msg::Data(Box::new(data)))
    }

    fn press(&mut self, commands: &[Command]) -> Vec<Effect> {
        commands
            .iter()
            .flat_map(|c| self.send(Msg::Command(*c)))
            .collect()
    }

    fn type_text(&mut self, text: &str) {
        for c in text.chars() {
            self.send(Msg::Text(c));
        }
    }

    fn runs(&mut self, runs: &[Run]) -> Vec<Effect> {
        self.data(Data::Runs {
            kind: RunKind::TrainingJob,
            answer: Ok(Partial::whole(runs.to_vec())),
        })
    }

    fn shown_runs(&self) -> Vec<String> {
        rows::ids(&self.model, Pane::RunList)
            .into_iter()
            .map(|id| id.rsplit('/').next().unwrap().to_owned())
            .collect()
    }

    fn selected_run(&self) -> Option<&str> {
        rows::selected_run(&self.model).map(|r| r.name.as_str())
    }
}

fn three_runs() -> Vec<Run> {
    vec![
        run("a", RunStatus::Succeeded, 10),
        run("b", RunStatus::Failed, 20),
        run("c", RunStatus::Running, 30),
    ]
}
