//! AWS Step Functions.

use super::call::{Call, Reply};
use super::history;
use crate::simulator::logs::groups::machine_group;
use crate::simulator::moment::{DAY, Moment};
use crate::simulator::scenario::spec::StateMachine;
use crate::simulator::wire::error::ApiError;
use crate::simulator::wire::value::{Members, Value, map};
use crate::simulator::world::machines::MachineRun;
use crate::simulator::world::plan::EndKind;

pub fn answer(call: &Call<'_>) -> Option<Reply> {
    Some(match call.operation {
        "ListStateMachines" => list(call),
        "DescribeStateMachine" => describe(call),
        "ListExecutions" => executions(call),
        "DescribeExecution" => describe_execution(call),
        "GetExecutionHistory" => get_history(call),
        _ => return None,
    })
}

fn created(call: &Call<'_>, machine: &StateMachine) -> Moment {
    let days = call
        .account()
        .dice
        .of("machine")
        .of(&machine.name)
        .between(60.0, 400.0);
    call.account().start.plus(-(days * DAY as f64) as i64)
}

fn arn(call: &Call<'_>, name: &str) -> String {
    call.account()
        .arn("states", &format!("stateMachine:{name}"))
}

/// A page of 0 means the default.
fn limit(call: &Call<'_>) -> Result<usize, ApiError> {
    match call.number("maxResults") {
        Some(0.0) => Ok(100),
        _ => call.limit("maxResults", 100, 1000),
    }
}

fn list(call: &Call<'_>) -> Reply {
    let (page, token) = call.page(
        call.view.spec().state_machines.iter().collect(),
        limit(call)?,
    );
    Ok(map! {
        "stateMachines" => Value::list(page.into_iter().map(|machine| map! {
            "stateMachineArn" => arn(call, &machine.name),
            "name" => machine.name.as_str(),
            "type" => "STANDARD",
            "creationDate" => created(call, machine),
        })),
        "nextToken" => token,
    })
}

fn find<'c>(call: &Call<'c>) -> Result<(usize, &'c StateMachine), ApiError> {
    let wanted = call.required("stateMachineArn")?;
    if !wanted.starts_with("arn:") {
        return Err(ApiError::new(
            "InvalidArn",
            format!("Invalid Arn: 'Invalid ARN prefix: {wanted}'"),
        ));
    }
    let machines = call.view.spec().state_machines.iter().enumerate();
    machines
        .into_iter()
        .find(|(_, m)| arn(call, &m.name) == wanted)
        .ok_or_else(|| {
            ApiError::new(
                "StateMachineDoesNotExist",
                format!("State Machine Does Not Exist: '{wanted}'"),
            )
        })
}

fn describe(call: &Call<'_>) -> Reply {
    let (_, machine) = find(call)?;
    let account = call.account();
    let group = account.arn(
        "logs",
        &format!("log-group:{}:*", machine_group(&machine.name)),
    );
    Ok(map! {
        "stateMachineArn" => arn(call, &machine.name),
        "name" => machine.name.as_str(),
        "status" => "ACTIVE",
        "definition" => definition(machine),
        "roleArn" => account.role(&format!("states-{}", machine.name)),
        "type" => "STANDARD",
        "creationDate" => created(call, machine),
        "loggingConfiguration" => map! {
            "level" => "ALL",
            "includeExecutionData" => true,
            "destinations" => Value::list([map! {
                "cloudWatchLogsLogGroup" => map! { "logGroupArn" => group },
            }]),
        },
        "tracingConfiguration" => map! { "enabled" => false },
        "revisionId" => account.dice.of(&machine.name).of("revision").uuid(),
        "description" => machine.description.as_str(),
    })
}

/// The Amazon States Language of the machine.
fn definition(machine: &StateMachine) -> String {
    let last = machine.states.last().map_or("", |s| s.name.as_str());
    let mut states = serde_json::Map::new();
    for (index, state) in machine.states.iter().enumerate() {
        let next = machine
            .states
            .get(index + 1)
            .map_or(last, |s| s.name.as_str());
        let mut body = serde_json::json!({ "Type": state.kind });
        match state.kind.as_str() {
            "Choice" => {
                body["Choices"] = serde_json::json!([{ "Variable": "$.drift", "BooleanEquals": true, "Next": next }]);
                body["Default"] = serde_json::json!(last);
            }
            "Succeed" => {}
            "Wait" => {
                body["Seconds"] = serde_json::json!((state.minutes * 60.0) as i64);
                body["Next"] = serde_json::json!(next);
            }
            _ => {
                let resource = state.resource.as_deref().unwrap_or("lambda:invoke");
                body["Resource"] = serde_json::json!(format!("arn:aws:states:::{resource}"));
                body["Parameters"] = serde_json::json!({ "Target": state.target });
                body["Next"] = serde_json::json!(next);
            }
        }
        states.insert(state.name.clone(), body);
    }
    serde_json::json!({
        "Comment": machine.description,
        "StartAt": machine.states.first().map(|s| &s.name),
        "States": states,
    })
    .to_string()
}

fn status(call: &Call<'_>, run: &MachineRun) -> &'static str {
    match run.span.outcome(call.now()) {
        None => "RUNNING",
        Some(EndKind::Succeeded) => "SUCCEEDED",
        Some(EndKind::Failed) => "FAILED",
        Some(EndKind::Stopped) => "ABORTED",
        Some(EndKind::TimedOut) => "TIMED_OUT",
    }
}

fn executions(call: &Call<'_>) -> Reply {
    let (index, machine) = find(call)?;
    let wanted = call.text("statusFilter");
    let mut runs: Vec<&MachineRun> = call
        .view
        .world
        .machines
        .iter()
        .filter(|r| r.machine == index && r.span.has_started(call.now()))
        .filter(|r| wanted.is_none_or(|w| status(call, r) == w))
        .collect();
    runs.reverse();
    let (page, token) = call.page(runs, limit(call)?);
    Ok(map! {
        "executions" => Value::list(page.into_iter().map(|run| map! {
            "executionArn" => history::execution_arn(&call.view, run),
            "stateMachineArn" => arn(call, &machine.name),
            "name" => run.name.as_str(),
            "status" => status(call, run),
            "startDate" => run.span.start,
            "stopDate" => run.span.ended(call.now()),
            "redriveCount" => 0_i64,
        })),
        "nextToken" => token,
    })
}

fn find_execution<'c>(call: &'c Call<'_>) -> Result<&'c MachineRun, ApiError> {
    let wanted = call.required("executionArn")?;
    let name = wanted.rsplit(':').next().unwrap_or(wanted);
    call.view
        .world
        .machines
        .iter()
        .find(|r| {
            r.name == name
                && r.span.has_started(call.now())
                && history::execution_arn(&call.view, r) == wanted
        })
        .ok_or_else(|| {
            ApiError::new(
                "ExecutionDoesNotExist",
                format!("Execution Does Not Exist: '{wanted}'"),
            )
        })
}

fn describe_execution(call: &Call<'_>) -> Reply {
    let run = find_execution(call)?;
    let machine = &call.view.spec().state_machines[run.machine];
    let status = status(call, run);
    let (error, cause) = match status {
        "RUNNING" | "SUCCEEDED" => (None, None),
        _ => history::failure(&call.view, run),
    };
    let output = (status == "SUCCEEDED").then_some(machine.input.as_str());
    Ok(map! {
        "executionArn" => history::execution_arn(&call.view, run),
        "stateMachineArn" => arn(call, &machine.name),
        "name" => run.name.as_str(),
        "status" => status,
        "startDate" => run.span.start,
        "stopDate" => run.span.ended(call.now()),
        "input" => machine.input.as_str(),
        "inputDetails" => map! { "included" => true },
        "output" => output,
        "outputDetails" => output.map(|_| map! { "included" => true }),
        "redriveCount" => 0_i64,
        "redriveStatus" => if matches!(status, "FAILED" | "TIMED_OUT" | "ABORTED") { "REDRIVABLE" } else { "NOT_REDRIVABLE" },
        "redriveStatusReason" => match status {
            "RUNNING" => Some("Execution is RUNNING and cannot be redriven"),
            "SUCCEEDED" => Some("Execution is SUCCEEDED and cannot be redriven"),
            _ => None,
        },
        "error" => error,
        "cause" => cause,
    })
}

fn get_history(call: &Call<'_>) -> Reply {
    let run = find_execution(call)?;
    let mut events = history::events(&call.view, run);
    if call.flag("reverseOrder") == Some(true) {
        events.reverse();
    }
    let with_data = call.flag("includeExecutionData") != Some(false);
    let (page, token) = call.page(events, limit(call)?);
    Ok(map! {
        "events" => Value::list(page.into_iter().map(|event| {
            let mut members = Members::default();
            members.put("timestamp", event.at);
            members.put("type", event.kind);
            members.put("id", event.id);
            members.put("previousEventId", event.previous);
            if let Some((name, details)) = event.details {
                members.put(name, if with_data { details } else { without_data(details) });
            }
            Value::Map(members)
        })),
        "nextToken" => token,
    })
}

/// Details without inputs and outputs, as `includeExecutionData: false` asks for.
fn without_data(details: Value) -> Value {
    match details {
        Value::Map(members) => Value::Map(Members(
            members
                .0
                .into_iter()
                .filter(|(name, _)| !matches!(name.as_ref(), "input" | "output" | "parameters"))
                .collect(),
        )),
        other => other,
    }
}
