//! From a row to what belongs to it: logs, costs, versions, console, clipboard.

use crate::domain::arn::name_of;
use crate::domain::console;
use crate::domain::log::LogTarget;
use crate::domain::run::{Run, RunKind};
use crate::findings::Subject;

use super::super::effect::Effect;
use super::super::model::Model;
use super::super::model::costs::CostsSection;
use super::super::model::nav::{Pane, Screen};
use super::super::model::versions::VersionsSection;
use super::super::msg::Notice;
use super::super::rows;
use super::{lines, lists, navigate};

/// What a row is about.
enum About {
    Run(Box<Run>),
    Step,
    Endpoint(String),
    Variant(String, String),
    Other,
}

fn about(model: &Model) -> About {
    match model.nav.focus {
        Pane::Findings => match rows::selected_finding(model).map(|f| &f.subject) {
            Some(Subject::Run { key }) => match model.runs.find(key) {
                Some(run) => About::Run(Box::new(run.clone())),
                None => About::Other,
            },
            Some(Subject::Endpoint { name, variant }) => match variant {
                Some(variant) => About::Variant(name.clone(), variant.clone()),
                None => About::Endpoint(name.clone()),
            },
            Some(Subject::Alarm { name }) => model
                .endpoints
                .alarms
                .items()
                .iter()
                .find(|a| a.name == *name)
                .and_then(|a| a.dimension("EndpointName"))
                .map_or(About::Other, |e| About::Endpoint(e.to_owned())),
            _ => About::Other,
        },
        Pane::RunDetail if rows::selected_step(model).is_some() => About::Step,
        Pane::RunList | Pane::RunDetail => match rows::selected_run(model) {
            Some(run) => About::Run(Box::new(run.clone())),
            None => About::Other,
        },
        Pane::EndpointDetail if rows::selected_variant(model).is_some() => {
            match (
                rows::selected_endpoint(model),
                rows::selected_variant(model),
            ) {
                (Some(row), Some(variant)) => {
                    About::Variant(row.endpoint.name.clone(), variant.name.clone())
                }
                _ => About::Other,
            }
        }
        Pane::EndpointList | Pane::EndpointDetail => rows::selected_endpoint(model)
            .map_or(About::Other, |row| {
                About::Endpoint(row.endpoint.name.clone())
            }),
        _ => About::Other,
    }
}

/// `l`: exactly the streams of what is selected.
pub fn show_logs(model: &mut Model) -> Vec<Effect> {
    match about(model) {
        About::Run(run) => run_logs(model, &run, false),
        About::Step => step_logs(model, false),
        About::Endpoint(name) => {
            let target = LogTarget::of_endpoint(&name);
            to_lines(model, name, vec![target], false)
        }
        About::Variant(name, variant) => {
            let target = LogTarget::of_variant(&name, &variant);
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
            let target = LogTarget::of_endpoint(&name);
            to_lines(model, name, vec![target], true)
        }
        About::Variant(name, variant) => {
            let target = LogTarget::of_variant(&name, &variant);
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
        None => run.log_targets(),
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
    let mut effects = super::data::describe(model, run);
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
    model.logs.list = super::super::list::ListState {
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

/// `c`: the costs of the service behind the row.
pub fn show_costs(model: &mut Model) -> Vec<Effect> {
    let service = match about(model) {
        About::Run(run) => service_of(run.kind),
        About::Step | About::Endpoint(_) | About::Variant(..) => "Amazon SageMaker",
        About::Other => match rows::selected_finding(model).map(|f| f.subject.clone()) {
            Some(subject @ (Subject::Budget { .. } | Subject::Costs))
                if model.nav.focus == Pane::Findings =>
            {
                return navigate::go_to_subject(model, &subject);
            }
            _ => "",
        },
    };
    model.costs.section = CostsSection::Services;
    let effects = navigate::go(model, Screen::Costs);
    let found = model
        .costs
        .month
        .value()
        .and_then(|month| {
            month
                .cells
                .iter()
                .find(|c| !service.is_empty() && c.service.starts_with(service))
        })
        .map(|cell| cell.service.clone());
    if let Some(service) = found {
        lists::select_id(model, Pane::CostList, &service);
    }
    effects
}

/// The name that Cost Explorer gives the service.
fn service_of(kind: RunKind) -> &'static str {
    match kind {
        RunKind::StepFunctions => "AWS Step Functions",
        RunKind::Codepipeline => "AWS CodePipeline",
        RunKind::Codebuild => "CodeBuild",
        RunKind::Glue => "AWS Glue",
        RunKind::SagemakerPipeline
        | RunKind::TrainingJob
        | RunKind::ProcessingJob
        | RunKind::TransformJob
        | RunKind::TuningJob => "Amazon SageMaker",
    }
}

/// `v`: the commit of a run, the model version of a variant.
pub fn show_versions(model: &mut Model) -> Vec<Effect> {
    match about(model) {
        About::Run(run) => match run.commit.clone() {
            Some(commit) => to_commit(model, &commit),
            None => {
                let effects = navigate::go(model, Screen::Versions);
                let _ = nothing(
                    model,
                    "no commit is recorded for this run: tag it with git-commit",
                );
                effects
            }
        },
        About::Endpoint(name) => to_model_of(model, &name, None),
        About::Variant(name, variant) => to_model_of(model, &name, Some(&variant)),
        About::Step | About::Other => {
            match rows::selected_finding(model).map(|f| f.subject.clone()) {
                Some(subject @ (Subject::Data { .. } | Subject::ModelVersion { .. }))
                    if model.nav.focus == Pane::Findings =>
                {
                    navigate::go_to_subject(model, &subject)
                }
                _ if model.nav.screen == Screen::Versions => {
                    let commit = rows::selected_model_version(model)
                        .filter(|_| model.versions.section == VersionsSection::Models)
                        .and_then(|v| v.commit.clone())
                        .or_else(|| {
                            rows::selected_ref(model)
                                .filter(|_| model.versions.section == VersionsSection::Refs)
                                .map(|r| r.commit.to_owned())
                        });
                    match commit {
                        Some(commit) => to_commit(model, &commit),
                        None => nothing(model, "no commit is recorded for this row"),
                    }
                }
                _ => navigate::go(model, Screen::Versions),
            }
        }
    }
}

fn to_commit(model: &mut Model, commit: &str) -> Vec<Effect> {
    let full = model.versions.repository.value().and_then(|repo| {
        repo.log
            .iter()
            .find(|c| c.id.starts_with(commit))
            .map(|c| c.id.clone())
    });
    let effects = if model.nav.screen == Screen::Versions {
        navigate::remember(model);
        Vec::new()
    } else {
        navigate::go(model, Screen::Versions)
    };
    model.versions.section = VersionsSection::Commits;
    model.nav.focus = Pane::VersionList;
    match full {
        Some(id) => {
            lists::select_id(model, Pane::VersionList, &id);
            model.nav.focus = Pane::VersionDetail;
        }
        None => {
            let text = format!("commit {commit} is not in this repository's log");
            let _ = nothing(model, &text);
        }
    }
    effects
}

fn to_model_of(model: &mut Model, endpoint: &str, variant: Option<&str>) -> Vec<Effect> {
    let arn = model.endpoints.find(endpoint).and_then(|row| {
        row.endpoint
            .variants
            .iter()
            .filter(|v| variant.is_none_or(|name| v.name == name))
            .find_map(|v| v.model_package_arn.clone())
    });
    match arn {
        Some(arn) => navigate::go_to_subject(model, &Subject::ModelVersion { arn }),
        None => {
            let effects = navigate::go(model, Screen::Versions);
            let _ = nothing(
                model,
                "its model is not from the registry: no model package is recorded",
            );
            effects
        }
    }
}

/// `o`
pub fn open_console(model: &mut Model) -> Vec<Effect> {
    let region = model.settings.region.clone().unwrap_or_default();
    let url = match model.nav.screen {
        Screen::Costs => Some(console::costs_url().to_owned()),
        Screen::Versions => match model.versions.section {
            VersionsSection::Models => rows::selected_model_version(model)
                .map(|v| console::model_group_url(&v.group, &region)),
            _ => None,
        },
        Screen::Logs => log_group(model).map(|group| console::log_group_url(&group, &region)),
        Screen::Deck | Screen::Runs | Screen::Endpoints => match about(model) {
            About::Run(run) => Some(console::run_url(&run, &region)),
            About::Step => rows::selected_run(model).map(|run| console::run_url(run, &region)),
            About::Endpoint(name) | About::Variant(name, _) => model
                .endpoints
                .find(&name)
                .map(|row| console::endpoint_url(&row.endpoint, &region)),
            About::Other => None,
        },
    };
    match url {
        Some(url) => vec![Effect::OpenUrl(url)],
        None => nothing(model, "this row has no page in the console"),
    }
}

fn log_group(model: &Model) -> Option<String> {
    if model.nav.focus == Pane::LogLines {
        let tail = model.logs.tail.as_ref()?;
        return Some(tail.origin.targets().first()?.group.clone());
    }
    match &model.logs.open_group {
        Some(group) => Some(group.clone()),
        None => rows::selected_group(model).map(|g| g.name.clone()),
    }
}

/// `y` the name, `Y` the ARN or full id.
pub fn copy(model: &mut Model, whole: bool) -> Vec<Effect> {
    let found = copied(model, whole).filter(|(text, _)| !text.is_empty());
    match found {
        Some((text, what)) => vec![Effect::Copy {
            text,
            what: what.to_owned(),
        }],
        None => nothing(model, "nothing to copy here"),
    }
}

fn copied(model: &Model, whole: bool) -> Option<(String, &'static str)> {
    match model.nav.focus {
        Pane::Findings => {
            let finding = rows::selected_finding(model)?;
            Some(match (&finding.subject, whole) {
                (Subject::Run { key }, true) => (key.clone(), "ARN"),
                (Subject::ModelVersion { arn }, true) => (arn.clone(), "ARN"),
                (Subject::Endpoint { name, .. }, true) => {
                    (model.endpoints.find(name)?.endpoint.arn.clone(), "ARN")
                }
                _ => (finding.name.clone(), "name"),
            })
        }
        Pane::RunList => rows::selected_run(model).map(|run| run_text(run, whole)),
        Pane::RunDetail => match rows::selected_step(model) {
            Some(step) => Some(match (&step.resource_arn, whole) {
                (Some(arn), true) => (arn.clone(), "ARN"),
                (Some(arn), false) => (name_of(arn).to_owned(), "name"),
                (None, _) => (step.name.clone(), "name"),
            }),
            None => rows::selected_run(model).map(|run| run_text(run, whole)),
        },
        Pane::EndpointList | Pane::EndpointDetail => {
            let endpoint = &rows::selected_endpoint(model)?.endpoint;
            Some(if whole {
                (endpoint.arn.clone(), "ARN")
            } else {
                (endpoint.name.clone(), "name")
            })
        }
        Pane::LogGroups => match rows::selected_stream(model) {
            Some(stream) => Some((stream.name.clone(), "stream")),
            None => Some((rows::selected_group(model)?.name.clone(), "log group")),
        },
        Pane::LogLines => {
            let tail = model.logs.tail.as_ref()?;
            let line = tail.window.lines.get(tail.cursor_index()?)?;
            let at = line
                .at_ms
                .and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
            Some(if whole {
                let at = at.map(|at| format!("{at} ")).unwrap_or_default();
                let (group, stream) = (&line.source.group, &line.source.stream);
                (format!("{at}{group} {stream} {}", line.text), "line")
            } else {
                (line.text.to_string(), "line")
            })
        }
        Pane::CostList | Pane::CostDetail => {
            let list = rows::list(model, Pane::CostList)?;
            Some((list.selected.clone()?, "name"))
        }
        Pane::VersionList | Pane::VersionDetail => match model.versions.section {
            VersionsSection::Commits => {
                let commit = rows::selected_commit(model)?;
                Some(if whole {
                    (commit.id.clone(), "commit id")
                } else {
                    (commit.short().to_owned(), "commit id")
                })
            }
            VersionsSection::Data => {
                let output = rows::selected_output(model)?;
                Some(match (whole, &output.lock_hash) {
                    (true, Some(hash)) => (hash.clone(), "hash"),
                    _ => (output.path.clone(), "path"),
                })
            }
            VersionsSection::Models => {
                let version = rows::selected_model_version(model)?;
                Some(if whole {
                    (version.arn.clone(), "ARN")
                } else {
                    (version.group.clone(), "name")
                })
            }
            VersionsSection::Images => {
                let image = rows::selected_image(model)?;
                Some(if whole {
                    (format!("{}@{}", image.repository, image.digest), "image")
                } else {
                    (image.repository.clone(), "name")
                })
            }
            VersionsSection::Refs => {
                let found = rows::selected_ref(model)?;
                Some(if whole {
                    (found.commit.to_owned(), "commit id")
                } else {
                    (found.name.to_owned(), "name")
                })
            }
        },
    }
}

fn run_text(run: &Run, whole: bool) -> (String, &'static str) {
    if whole {
        (run.key(), "ARN")
    } else {
        (run.name.clone(), "name")
    }
}

fn nothing(model: &mut Model, text: &str) -> Vec<Effect> {
    model.notices.push(model.now, Notice::info(text));
    Vec::new()
}
