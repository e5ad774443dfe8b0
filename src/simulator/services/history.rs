//! The history of a Step Functions execution: which events there were, when, in which order.

use crate::simulator::account::View;
use crate::simulator::dice::Dice;
use crate::simulator::logs::event::Event;
use crate::simulator::moment::{Moment, SECOND};
use crate::simulator::scenario::spec::State;
use crate::simulator::wire::json;
use crate::simulator::wire::value::{Members, Value, map};
use crate::simulator::world::machines::{MachineRun, Visit};
use crate::simulator::world::plan::EndKind;

/// One event of an execution's history.
pub struct HistoryEvent {
    pub id: i64,
    pub previous: i64,
    pub at: Moment,
    pub kind: String,
    /// The member that holds the details, and they themselves.
    pub details: Option<(&'static str, Value)>,
}

/// The events up to the view's moment, oldest first.
pub fn events(view: &View<'_>, run: &MachineRun) -> Vec<HistoryEvent> {
    let account = view.account;
    let spec = view.spec();
    let plan = &spec.state_machines[run.machine];
    let mut events = Events(Vec::new());
    let not_cut = || map! { "truncated" => false };
    events.push(
        run.span.start,
        "ExecutionStarted",
        Some((
            "executionStartedEventDetails",
            map! {
                "input" => plan.input.as_str(),
                "inputDetails" => not_cut(),
                "roleArn" => account.role(&format!("states-{}", plan.name)),
            },
        )),
    );
    for visit in &run.visits {
        let state = &plan.states[visit.state];
        events.push(
            visit.span.start,
            &format!("{}StateEntered", state.kind),
            Some((
                "stateEnteredEventDetails",
                map! { "name" => state.name.as_str(), "input" => plan.input.as_str(), "inputDetails" => not_cut() },
            )),
        );
        if let Some(resource) = &state.resource {
            task(view, visit, state, resource, &mut events);
        }
        let Some(end) = visit.span.end else {
            continue;
        };
        if visit.span.ending.kind == EndKind::Succeeded {
            events.push(
                end,
                &format!("{}StateExited", state.kind),
                Some((
                    "stateExitedEventDetails",
                    map! { "name" => state.name.as_str(), "output" => plan.input.as_str(), "outputDetails" => not_cut() },
                )),
            );
        }
    }
    if let Some(end) = run.span.end {
        let (error, cause) = failure(view, run);
        let (kind, details) = match run.span.ending.kind {
            EndKind::Succeeded => (
                "ExecutionSucceeded",
                (
                    "executionSucceededEventDetails",
                    map! { "output" => plan.input.as_str(), "outputDetails" => not_cut() },
                ),
            ),
            EndKind::Stopped => (
                "ExecutionAborted",
                (
                    "executionAbortedEventDetails",
                    map! { "error" => error, "cause" => cause },
                ),
            ),
            EndKind::TimedOut => (
                "ExecutionTimedOut",
                (
                    "executionTimedOutEventDetails",
                    map! { "error" => error, "cause" => cause },
                ),
            ),
            EndKind::Failed => (
                "ExecutionFailed",
                (
                    "executionFailedEventDetails",
                    map! { "error" => error, "cause" => cause },
                ),
            ),
        };
        events.push(end, kind, Some(details));
    }
    let mut events = events.0;
    events.retain(|e| e.at <= view.now);
    events
}

fn task(view: &View<'_>, visit: &Visit, state: &State, resource: &str, events: &mut Events) {
    let account = view.account;
    let (kind, name) = resource.rsplit_once(':').unwrap_or(("lambda", resource));
    let both = |members: &mut Members| {
        members.put("resourceType", kind);
        members.put("resource", name);
    };
    let parameters = parameters(visit, state, kind);
    let mut scheduled = Members::default();
    both(&mut scheduled);
    scheduled.put("region", account.spec.account.region.as_str());
    scheduled.put("parameters", parameters.as_str());
    events.push(
        visit.span.start.plus(20),
        "TaskScheduled",
        Some(("taskScheduledEventDetails", scheduled.into())),
    );
    let mut started = Members::default();
    both(&mut started);
    events.push(
        visit.span.start.plus(120),
        "TaskStarted",
        Some(("taskStartedEventDetails", started.into())),
    );
    let output = output(view, visit, state, kind);
    if name.ends_with(".sync") {
        let mut submitted = Members::default();
        both(&mut submitted);
        submitted.put("output", output.as_str());
        submitted.put("outputDetails", map! { "truncated" => false });
        events.push(
            visit.span.start.plus(SECOND * 4 / 5),
            "TaskSubmitted",
            Some(("taskSubmittedEventDetails", submitted.into())),
        );
    }
    let Some(end) = visit.span.end else {
        return;
    };
    let mut ended = Members::default();
    both(&mut ended);
    if visit.span.ending.kind == EndKind::Succeeded {
        ended.put("output", output);
        ended.put("outputDetails", map! { "truncated" => false });
        events.push(
            end.plus(-10),
            "TaskSucceeded",
            Some(("taskSucceededEventDetails", ended.into())),
        );
    } else {
        let failure = visit
            .span
            .ending
            .failure
            .as_ref()
            .and_then(|n| view.spec().failures.get(n));
        ended.put(
            "error",
            failure
                .and_then(|f| f.error.as_deref())
                .unwrap_or("States.TaskFailed"),
        );
        ended.put("cause", failure.map(|f| f.reason.as_str()));
        events.push(
            end.plus(-10),
            "TaskFailed",
            Some(("taskFailedEventDetails", ended.into())),
        );
    }
}

fn parameters(visit: &Visit, state: &State, kind: &str) -> String {
    let target = state.target.as_deref().unwrap_or_default();
    match kind {
        "sagemaker" => serde_json::json!({ "TrainingJobName": visit.work }),
        "glue" => serde_json::json!({ "JobName": target }),
        "lambda" => serde_json::json!({ "FunctionName": target, "Payload": {} }),
        _ => serde_json::json!({ "Target": target }),
    }
    .to_string()
}

/// What the task answers: it holds the ARN or id of what was started.
fn output(view: &View<'_>, visit: &Visit, state: &State, kind: &str) -> String {
    let account = view.account;
    let work = visit.work.as_deref().unwrap_or_default();
    match kind {
        "sagemaker" => serde_json::json!({
            "TrainingJobArn": account.arn("sagemaker", &format!("training-job/{work}")),
            "TrainingJobName": work,
        }),
        "glue" => serde_json::json!({ "JobName": state.target, "JobRunId": work }),
        "lambda" => serde_json::json!({ "StatusCode": 200, "ExecutedVersion": "$LATEST", "Payload": {}, "RequestId": work }),
        _ => serde_json::json!({}),
    }
    .to_string()
}

/// The error and cause of an execution that did not succeed.
pub fn failure(view: &View<'_>, run: &MachineRun) -> (Option<String>, Option<String>) {
    let failure = run
        .span
        .ending
        .failure
        .as_ref()
        .and_then(|n| view.spec().failures.get(n));
    failure.map_or((None, None), |f| {
        let error = f
            .error
            .clone()
            .unwrap_or_else(|| "States.TaskFailed".into());
        (Some(error), Some(f.reason.clone()))
    })
}

/// The same events as its log group gets them: JSON lines.
pub fn log_events(
    view: &View<'_>,
    run: &MachineRun,
    from: Moment,
    until: Moment,
    out: &mut Vec<Event>,
) {
    let plan = &view.spec().state_machines[run.machine];
    let arn = execution_arn(view, run);
    let dice = Dice::new(run.span.start.0 as u64).of(&plan.name);
    for event in events(view, run) {
        if event.at < from || event.at >= until {
            continue;
        }
        let line = map! {
            "id" => event.id.to_string(),
            "type" => event.kind.as_str(),
            "details" => event.details.map_or_else(|| map! {}, |(_, details)| details),
            "redrive_count" => "0",
            "previous_event_id" => event.previous.to_string(),
            "event_timestamp" => event.at.0.to_string(),
            "execution_arn" => arn.as_str(),
        };
        let number = u64::from(run.number) * 1000 + event.id as u64;
        out.push(Event::new(
            event.at,
            number,
            json::encode(&line),
            dice.at(event.id),
        ));
    }
}

pub fn execution_arn(view: &View<'_>, run: &MachineRun) -> String {
    let plan = &view.spec().state_machines[run.machine];
    view.account
        .arn("states", &format!("execution:{}:{}", plan.name, run.name))
}

struct Events(Vec<HistoryEvent>);

impl Events {
    fn push(&mut self, at: Moment, kind: &str, details: Option<(&'static str, Value)>) {
        let id = self.0.len() as i64 + 1;
        self.0.push(HistoryEvent {
            id,
            previous: id - 1,
            at,
            kind: kind.to_owned(),
            details,
        });
    }
}
