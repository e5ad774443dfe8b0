//! `l` and `e`: the log streams of exactly what is selected.

use crate::domain::log::LogTarget;
use crate::domain::run::Run;

use super::super::super::effect::Effect;
use super::super::super::list::ListState;
use super::super::super::model::Model;
use super::super::super::model::nav::{Pane, Screen};
use super::super::super::rows;
use super::super::{data, lines, lists, navigate};
use super::{About, about, nothing};

fn endpoint_group(endpoint: &str) -> String {
    format!("/aws/sagemaker/Endpoints/{endpoint}")
}

/// `l`: exactly the streams of what is selected.
pub fn show_logs(model: &mut Model) -> Vec<Effect> {
    match about(model) {
        About::Run(run) => run_logs(model, &run, false),
        About::Step => step_logs(model, false),
        About::Endpoint(name) => {
            let target = LogTarget::group(endpoint_group(&name));
            to_lines(model, name, vec![target], false)
        }
        About::Variant(name, variant) => {
            let target = LogTarget::prefixed(endpoint_group(&name), format!("{variant}/"));
            to_lines(model, format!("{name} / {variant}"), vec![target], false)
        }
        About::Other => {
            if model.nav.focus == Pane::LogGroups {
                return navigate::open(model);
            }
            nothing(model, "this row has no logs of its own")
        }
    }
}

/// `e`: the same, at the first error.
pub fn show_error(model: &mut Model) -> Vec<Effect> {
    match about(model) {
        About::Run(run) => run_logs(model, &run, true),
        About::Step => step_logs(model, true),
        About::Endpoint(name) => {
            let target = LogTarget::group(endpoint_group(&name));
            to_lines(model, name, vec![target], true)
        }
        About::Variant(name, variant) => {
            let target = LogTarget::prefixed(endpoint_group(&name), format!("{variant}/"));
            to_lines(model, format!("{name} / {variant}"), vec![target], true)
        }
        About::Other if model.nav.focus == Pane::LogLines => lines::seek_error(model, false),
        About::Other => nothing(model, "this row has no logs of its own"),
    }
}

fn step_logs(model: &mut Model, seek_error: bool) -> Vec<Effect> {
    let Some((run, step)) = rows::selected_run(model).zip(rows::selected_step(model)) else {
        return Vec::new();
    };
    let title = format!("{} / {}", run.name, step.name);
    let targets = step.logs.clone();
    if targets.is_empty() {
        let text = format!("{}: this step writes no logs", step.name);
        return nothing(model, &text);
    }
    to_lines(model, title, targets, seek_error)
}

/// Logs of a run: of its failed step where an error is looked for, else of all its steps.
fn run_logs(model: &mut Model, run: &Run, seek_error: bool) -> Vec<Effect> {
    let failed = run
        .failed_step()
        .filter(|step| seek_error && !step.logs.is_empty());
    let targets = match failed {
        Some(step) => step.logs.clone(),
        None if !run.logs.is_empty() => run.logs.clone(),
        None => run.steps.iter().flat_map(|s| s.logs.clone()).collect(),
    };
    if !targets.is_empty() {
        let title = match failed {
            Some(step) => format!("{} / {}", run.name, step.name),
            None => run.name.clone(),
        };
        return to_lines(model, title, targets, seek_error);
    }
    if run.detailed {
        let text = format!("{} has no log streams", run.name);
        return nothing(model, &text);
    }
    // Its steps are not known yet: ask, and go there when the answer comes.
    model.runs.logs_wanted = Some((run.key(), seek_error));
    let mut effects = data::describe(model, run);
    effects.extend(nothing(model, "asking for its log streams ..."));
    effects
}

/// The description that `l` or `e` waited for has come.
pub fn logs_described(model: &mut Model, key: &str) -> Vec<Effect> {
    let wanted = model
        .runs
        .logs_wanted
        .take_if(|(wanted, _)| wanted.as_str() == key);
    let Some((_, seek_error)) = wanted else {
        return Vec::new();
    };
    match model.runs.find(key).cloned() {
        Some(run) if run.detailed => run_logs(model, &run, seek_error),
        _ => nothing(model, "its log streams could not be had"),
    }
}

fn to_lines(
    model: &mut Model,
    title: String,
    targets: Vec<LogTarget>,
    seek_error: bool,
) -> Vec<Effect> {
    let mut effects = Vec::new();
    if model.nav.screen != Screen::Logs {
        effects.extend(navigate::go(model, Screen::Logs));
    }
    // The list beside the lines stands on their group.
    let group = targets.first().map(|target| target.group.clone());
    if let Some(group) = group.filter(|_| model.logs.open_group.is_none())
        && rows::ids(model, Pane::LogGroups).contains(&group)
    {
        lists::select_id(model, Pane::LogGroups, &group);
    }
    model.nav.focus = Pane::LogLines;
    effects.extend(lines::start(model, title, targets, seek_error));
    effects
}

/// From the palette: the whole group.
pub fn tail_group(model: &mut Model, group: String) -> Vec<Effect> {
    let target = LogTarget::group(group);
    to_lines(model, target.label(), vec![target], false)
}

/// `]` on Logs: the streams of the selected group, or the groups again.
pub fn toggle_streams(model: &mut Model) -> Vec<Effect> {
    let group = match &model.logs.open_group {
        Some(_) => None,
        None => match rows::selected_group(model) {
            Some(group) => Some(group.name.clone()),
            None => return Vec::new(),
        },
    };
    model.nav.focus = Pane::LogGroups;
    let selected = model.logs.open_group.take();
    model.logs.list = ListState {
        chosen: selected.is_some(),
        selected,
        ..Default::default()
    };
    model.logs.open_group.clone_from(&group);
    lists::settle(model, Pane::LogGroups);
    match group {
        Some(group) => {
            model
                .logs
                .streams
                .entry(group.clone())
                .or_default()
                .expect();
            vec![Effect::LoadStreams {
                group,
                prefix: None,
            }]
        }
        None => Vec::new(),
    }
}
