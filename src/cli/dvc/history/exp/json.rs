//! The JSON of `dvc exp show --json`.

use crate::cli::dvc::history::shown::files;
use crate::cli::python_json::Json;
use crate::sources::dvc::exps::Executor;
use crate::sources::dvc::history::Item;

use super::collect::{Baseline, Experiment, Shown};

pub fn show(baselines: &[Baseline]) -> String {
    let mut text = Json::Seq(baselines.iter().map(baseline).collect()).compact();
    text.push('\n');
    text
}

fn baseline(baseline: &Baseline) -> Json {
    let experiments = &baseline.experiments;
    let experiments =
        (!experiments.is_empty()).then(|| experiments.iter().map(experiment).collect());
    state(&baseline.shown, Json::or_null(experiments, Json::Seq))
}

fn experiment(experiment: &Experiment) -> Json {
    let revs = experiment.revs.iter().map(|shown| state(shown, Json::Null));
    Json::from([
        ("revs", Json::Seq(revs.collect())),
        (
            "executor",
            Json::or_null(experiment.executor.as_ref(), executor),
        ),
        ("name", Json::or_null(experiment.name.as_ref(), Json::text)),
    ])
}

fn state(shown: &Shown, experiments: Json) -> Json {
    let error = shown.error.as_ref().map(|why| {
        Json::from([
            ("msg", Json::text(&why.what)),
            ("type", Json::text(why.kind)),
        ])
    });
    Json::from([
        ("rev", Json::text(&shown.rev)),
        ("name", Json::or_null(shown.name.as_ref(), Json::text)),
        ("data", data(shown)),
        ("error", error.unwrap_or(Json::Null)),
        ("experiments", experiments),
    ])
}

fn data(shown: &Shown) -> Json {
    let Some((at, record)) = &shown.data else {
        return Json::Null;
    };
    let items = |items: &[(String, Item)], write: fn(&Item) -> Json| {
        Json::Map(
            items
                .iter()
                .map(|(path, item)| (path.clone(), write(item)))
                .collect(),
        )
    };
    let metrics = if shown.without_metrics {
        Json::Map(Vec::new())
    } else {
        files(&record.metrics, str::to_owned)
    };
    // A running experiment's own commit is not known yet: DVC calls the revision what it calls the state.
    let rev = match at {
        Some(_) => Json::text(&shown.rev),
        None => Json::text("workspace"),
    };
    Json::from([
        ("rev", rev),
        ("timestamp", Json::or_null(at.and_then(time), Json::Text)),
        ("params", files(&record.params, str::to_owned)),
        ("metrics", metrics),
        ("deps", items(&record.deps, |item| Json::Map(hashed(item)))),
        ("outs", items(&record.outs, out)),
        ("meta", Json::Map(Vec::new())),
    ])
}

/// As the machine's own clock shows it, without its zone.
pub fn time(at: i64) -> Option<String> {
    let at = jiff::Timestamp::from_second(at).ok()?;
    let at = at.to_zoned(jiff::tz::TimeZone::system());
    Some(at.strftime("%Y-%m-%dT%H:%M:%S").to_string())
}

fn hashed(item: &Item) -> Vec<(String, Json)> {
    let number = |number: Option<u64>| Json::or_null(number, |it| Json::Int(it.into()));
    vec![
        (
            "hash".to_owned(),
            Json::or_null(item.hash.as_ref(), Json::text),
        ),
        ("size".to_owned(), number(item.size_bytes)),
        ("nfiles".to_owned(), number(item.files)),
    ]
}

fn out(item: &Item) -> Json {
    let mut fields = hashed(item);
    fields.push(("use_cache".to_owned(), Json::Bool(item.cached)));
    fields.push(("is_data_source".to_owned(), Json::Bool(item.is_data_source)));
    Json::Map(fields)
}

fn executor(executor: &Executor) -> Json {
    let text = |text: &Option<String>| Json::or_null(text.as_ref(), Json::text);
    let number = |number: Option<i64>| Json::or_null(number, |it| Json::Int(it.into()));
    let local = executor.local.as_ref().map(|local| {
        Json::from([
            ("root", text(&local.root)),
            ("log", text(&local.log)),
            ("pid", number(local.pid)),
            ("returncode", number(local.returncode)),
            ("task_id", text(&local.task_id)),
        ])
    });
    Json::from([
        ("state", Json::text(executor.state.key())),
        ("name", text(&executor.name)),
        ("local", local.unwrap_or(Json::Null)),
    ])
}
