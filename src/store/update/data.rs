//! Answers from the sources: kept with their age, and the derived rows and findings made anew.

use crate::domain::endpoint::Endpoint;
use crate::domain::freshness::Fetched;
use crate::domain::metric::VariantMetrics;
use crate::domain::run::{Run, RunKind};
use crate::domain::source_error::Answer;
use crate::findings;
use crate::findings::{EndpointFacts, Facts};

use super::super::effect::Effect;
use super::super::model::Model;
use super::super::model::endpoints::EndpointRow;
use super::super::model::nav::Pane;
use super::super::msg::{Data, Notice};
use super::super::rows;
use super::super::settled::settled;
use super::super::tables::runs::own_order;
use super::{asking, commits, lineage, lines, links, lists};

/// Runs described in the background after one answer, so that tables and findings can name the step.
const DESCRIBED_AT_ONCE: usize = 12;

/// A moving run with steps is described again in the background after so many seconds.
const MOVING_SECONDS: i64 = 60;

pub fn receive(model: &mut Model, data: Data) -> Vec<Effect> {
    let now = model.now;
    let mut effects = Vec::new();
    let changed = match data {
        Data::Connected { region } => {
            model.settings.region = Some(region);
            true
        }
        Data::Identity(answer) => model.account.identity.receive(now, answer),
        Data::Usage(usage) => {
            model.account.usage = usage;
            return effects;
        }
        Data::SourceDown(error) => {
            model.notices.push(now, Notice::error(error.to_string()));
            if !model.account.down.contains(&error) {
                model.account.down.push(error);
            }
            true
        }
        Data::Runs { kind, answer } => {
            let (changed, wanted) = runs(model, kind, answer);
            effects = wanted;
            changed
        }
        Data::RunDetail { key, answer } => {
            effects = run_detail(model, key, answer);
            true
        }
        Data::Endpoints(answer) => {
            let changed = model.endpoints.endpoints.receive(now, answer);
            effects.push(Effect::WatchVariants(variants(
                model.endpoints.endpoints.items(),
            )));
            rebuild_endpoints(model);
            effects.extend(lineage::keep_serving(model));
            changed
        }
        Data::Metrics(answer) => {
            let changed = model.endpoints.metrics.receive(now, answer);
            rebuild_endpoints(model);
            changed
        }
        Data::Alarms(answer) => {
            let changed = model.endpoints.alarms.receive(now, answer);
            rebuild_endpoints(model);
            changed
        }
        Data::LogGroups(answer) => {
            model.changed |= model.logs.groups.receive(now, answer);
            lists::settle(model, Pane::LogGroups);
            return effects;
        }
        Data::LogStreams { group, answer } => {
            let streams = model.logs.streams.entry(group).or_default();
            model.changed |= streams.receive(now, answer);
            lists::settle(model, Pane::LogGroups);
            return effects;
        }
        Data::LogLines {
            session,
            page,
            answer,
            news,
        } => {
            return asking::in_front(model, session, |model| {
                lines::receive(model, session, page, answer, news)
            });
        }
        Data::LogTold { session, told } => {
            return asking::in_front(model, session, |model| lines::told(model, session, told));
        }
        Data::Query { number, news } => return asking::receive(model, number, news),
        Data::SavedQueries(answer) => {
            model.changed |= model.logs.saved.receive(now, answer);
            return effects;
        }
        Data::Anomalies(answer) => {
            asking::receive_anomalies(model, answer);
            return effects;
        }
        Data::Costs(answer) => model.costs.month.receive(now, answer),
        Data::Budgets(answer) => model.costs.budgets.receive(now, answer),
        Data::ModelGroups(answer) => {
            let changed = model.versions.models.receive(now, answer);
            effects = lineage::keep_serving(model);
            changed
        }
        Data::Lineage {
            session,
            root,
            trace,
            done,
        } => return lineage::traced(model, session, root, *trace, done),
        Data::Code(answer) => return lineage::code(model, answer),
        Data::Between { from, to, answer } => return lineage::between(model, from, to, answer),
        Data::Images(answer) => model.versions.images.receive(now, answer),
        Data::Repository(answer) => {
            let before = model.versions.repository.value().cloned();
            let changed = model.versions.repository.receive(now, answer);
            model.versions.waits_for = None;
            commits::repository_changed(model, before.as_ref());
            if changed {
                lineage::forget_distances(model);
                effects = lineage::keep_serving(model);
            }
            changed
        }
        Data::History { walk, told } => return commits::told(model, walk, *told),
        Data::RepositoryUnchanged { waits_for } => {
            model.versions.repository.touch(now);
            model.changed |= model.versions.waits_for != waits_for;
            model.versions.waits_for = waits_for;
            return effects;
        }
    };
    model.changed |= changed;
    for pane in [Pane::CostList, Pane::VersionList] {
        lists::settle(model, pane);
    }
    refresh_findings(model);
    effects
}

fn runs(model: &mut Model, kind: RunKind, answer: Answer<Vec<Run>>) -> (bool, Vec<Effect>) {
    let now = model.now;
    let fetched = model.runs.by_kind.entry(kind).or_default();
    let first = fetched.at().is_none();
    let changed = fetched.receive(now, answer);
    rebuild_runs(model);
    if first {
        // What was there before we looked is not new.
        for run in model.runs.by_kind[&kind].items() {
            model.runs.list.arrived.remove(&run.key());
        }
    }
    let mut effects = describe_those_that_need_it(model, kind);
    effects.extend(describe_selected_run(model));
    (changed, effects)
}

/// Moving and freshly failed runs with steps: their step is what the tables and findings name.
fn describe_those_that_need_it(model: &mut Model, kind: RunKind) -> Vec<Effect> {
    let now = model.now;
    let failed_seconds = model.settings.thresholds.failed_hours * 3600;
    let due: Vec<Run> = model
        .runs
        .all
        .iter()
        .filter(|run| run.kind == kind && !model.runs.describing.contains(&run.key()))
        .filter(|run| {
            let described_at = model.runs.details.get(&run.key()).and_then(Fetched::at);
            let age = |at: jiff::Timestamp| now.as_second() - at.as_second();
            if run.status.is_moving() {
                // The step of a job is the job: once is enough until somebody opens it.
                described_at.is_none_or(|at| kind.has_steps() && age(at) >= MOVING_SECONDS)
            } else {
                // Lists of pipeline executions tell no end.
                run.status.is_failure()
                    && !run.detailed
                    && run
                        .ended_at
                        .or(run.started_at)
                        .is_some_and(|at| age(at) < failed_seconds)
            }
        })
        .take(DESCRIBED_AT_ONCE)
        .cloned()
        .collect();
    due.iter().flat_map(|run| describe(model, run)).collect()
}

fn run_detail(model: &mut Model, key: String, answer: Answer<Run>) -> Vec<Effect> {
    let now = model.now;
    model.runs.describing.remove(&key);
    let failed = answer.as_ref().err().cloned();
    model
        .runs
        .details
        .entry(key.clone())
        .or_default()
        .receive(now, answer);
    rebuild_runs(model);
    if model.nav.focus == Pane::RunDetail {
        lists::select_telling_step(model);
    }
    if let Some(error) = failed
        && rows::selected_run(model).is_some_and(|run| run.key() == key)
    {
        model.notices.push(now, Notice::warn(error.to_string()));
    }
    links::logs_described(model, &key)
}

/// Asks for the details of a run, unless they are on their way or known for good.
pub fn describe(model: &mut Model, run: &Run) -> Vec<Effect> {
    let key = run.key();
    let settled = model
        .runs
        .details
        .get(&key)
        .and_then(Fetched::value)
        .is_some_and(|known| known.status.is_terminal() && known.status == run.status);
    if settled || !model.runs.describing.insert(key.clone()) {
        return Vec::new();
    }
    model.runs.details.entry(key).or_default().expect();
    vec![Effect::DescribeRun(Box::new(run.clone()))]
}

/// The selected run, if its details are not there yet.
pub fn describe_selected_run(model: &mut Model) -> Vec<Effect> {
    match rows::selected_run(model).cloned() {
        Some(run) if !run.detailed => describe(model, &run),
        _ => Vec::new(),
    }
}

/// The selected run, whatever is known: it moves, or the user asks.
pub fn describe_again(model: &mut Model) -> Vec<Effect> {
    match rows::selected_run(model).cloned() {
        Some(run) => describe(model, &run),
        None => Vec::new(),
    }
}

/// One list of all kinds; what was described stays with its run.
fn rebuild_runs(model: &mut Model) {
    let now = model.now;
    let room = &mut model.runs;
    let mut all: Vec<Run> = Vec::new();
    for fetched in room.by_kind.values() {
        for run in fetched.items() {
            let detail = room.details.get(&run.key()).and_then(Fetched::value);
            all.push(match detail {
                Some(detail) => with_detail(run, detail),
                None => run.clone(),
            });
        }
    }
    all.sort_by(own_order);
    let keys: Vec<String> = all.iter().map(Run::key).collect();
    room.list
        .note_arrivals(keys.iter().map(String::as_str), now);
    room.all = all;
    lists::settle(model, Pane::RunList);
    lists::settle(model, Pane::RunDetail);
}

/// The described run; where the list is newer, its state counts.
fn with_detail(listed: &Run, detail: &Run) -> Run {
    let mut run = detail.clone();
    if listed.status != detail.status && !detail.status.is_terminal() {
        run.status = listed.status;
        run.raw_status.clone_from(&listed.raw_status);
        run.ended_at = listed.ended_at;
        // Its steps are behind: it is described again.
        run.detailed = listed.status.is_moving();
    }
    run
}

fn variants(endpoints: &[Endpoint]) -> Vec<(String, String)> {
    endpoints
        .iter()
        .flat_map(|e| e.variants.iter().map(|v| (e.name.clone(), v.name.clone())))
        .collect()
}

fn rebuild_endpoints(model: &mut Model) {
    let now = model.now;
    let thresholds = &model.settings.thresholds;
    let room = &mut model.endpoints;
    let metrics_of = |endpoint: &str, variant: &str| -> Option<VariantMetrics> {
        room.metrics
            .items()
            .iter()
            .find(|m| m.endpoint == endpoint && m.variant == variant)
            .cloned()
    };
    room.rows = room
        .endpoints
        .items()
        .iter()
        .map(|endpoint| {
            let metrics: Vec<_> = endpoint
                .variants
                .iter()
                .map(|v| metrics_of(&endpoint.name, &v.name))
                .collect();
            let alarms: Vec<_> = room
                .alarms
                .items()
                .iter()
                .filter(|a| a.dimension("EndpointName") == Some(&endpoint.name))
                .cloned()
                .collect();
            EndpointRow {
                health: findings::endpoint::health(endpoint, &metrics, &alarms, thresholds, now),
                endpoint: endpoint.clone(),
                metrics,
                alarms,
            }
        })
        .collect();
    if room.endpoints.at().is_some() {
        let names: Vec<String> = room.rows.iter().map(|r| r.endpoint.name.clone()).collect();
        room.list
            .note_arrivals(names.iter().map(String::as_str), now);
    }
    lists::settle(model, Pane::EndpointList);
    lists::settle(model, Pane::EndpointDetail);
}

/// Ranks what is wrong anew.
pub fn refresh_findings(model: &mut Model) {
    let endpoints: Vec<EndpointFacts<'_>> = model
        .endpoints
        .rows
        .iter()
        .map(|row| EndpointFacts {
            endpoint: &row.endpoint,
            metrics: &row.metrics,
            health: &row.health,
        })
        .collect();
    let found = findings::all(&Facts {
        runs: &model.runs.all,
        endpoints,
        alarms: model.endpoints.alarms.items(),
        budgets: model.costs.budgets.items(),
        month: model.costs.month.value(),
        identity: model.account.identity.value(),
        identity_failure: model.account.identity.failure(),
        repository: model.versions.repository.value(),
        models: model.versions.models.items(),
        ..Facts::new(model.now, &model.settings.thresholds)
    });
    let now = model.now;
    let ids: Vec<String> = found.iter().map(|f| f.id.clone()).collect();
    model
        .deck
        .list
        .note_arrivals(ids.iter().map(String::as_str), now);
    if !settled(model) {
        // The first answers bring what was wrong before we looked.
        model.deck.list.arrived.clear();
    }
    model.findings = found;
    lists::settle(model, Pane::Findings);
}
