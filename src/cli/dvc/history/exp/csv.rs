//! The CSV of `dvc exp show --csv`.

use std::collections::{BTreeSet, HashMap};

use crate::cli::args::DvcExpShowArgs;
use crate::sources::dvc::history::{FileValues, Values, flat};
use crate::sources::dvc::{Value, python_str};

use super::collect::{Baseline, Shown};
use super::json::time;

const FIRST: [&str; 7] = [
    "Experiment",
    "rev",
    "typ",
    "Created",
    "parent",
    "State",
    "Executor",
];

/// Names by file, in the order in which they were met.
type Names = Vec<(String, Vec<String>)>;

#[derive(Default)]
struct Columns {
    metrics: Names,
    params: Names,
    deps: BTreeSet<String>,
}

/// A column's name, and its cells from the top.
type Column = (String, Vec<String>);

pub fn show(args: &DvcExpShowArgs, baselines: &[Baseline]) -> String {
    let mut columns = Columns::default();
    for shown in all(baselines) {
        columns.add(shown);
    }
    let mut times: HashMap<&str, usize> = FIRST.iter().map(|name| (*name, 1)).collect();
    // The same file may have both; its names count once.
    let mut files: Vec<(&String, &Vec<String>)> = Vec::new();
    for (path, names) in &columns.metrics {
        if !columns.params.iter().any(|(known, _)| known == path) {
            files.push((path, names));
        }
    }
    files.extend(columns.params.iter().map(|(path, names)| (path, names)));
    for name in files.iter().flat_map(|(_, names)| names.iter()) {
        *times.entry(name).or_default() += 1;
    }
    let heading = |path: &str, name: &str| match times.get(name) {
        Some(1) => name.to_owned(),
        _ => format!("{path}:{name}"),
    };
    let mut table: Vec<Column> = FIRST
        .iter()
        .map(|name| ((*name).to_owned(), Vec::new()))
        .collect();
    for (path, names) in columns.metrics.iter().chain(&columns.params) {
        table.extend(names.iter().map(|name| (heading(path, name), Vec::new())));
    }
    table.extend(columns.deps.iter().map(|name| (name.clone(), Vec::new())));
    let mut fill = |row: HashMap<String, String>| {
        for (name, cells) in &mut table {
            cells.push(row.get(name.as_str()).cloned().unwrap_or_default());
        }
    };
    for baseline in baselines {
        let shown = &baseline.shown;
        let mut row = values(shown, &columns, &heading);
        row.insert(
            "rev".to_owned(),
            shown.name.clone().unwrap_or_else(|| short(&shown.rev)),
        );
        row.insert("typ".to_owned(), "baseline".to_owned());
        fill(row);
        let last = baseline.experiments.len().saturating_sub(1);
        for (at, experiment) in baseline.experiments.iter().enumerate() {
            let Some(shown) = experiment.revs.first() else {
                continue;
            };
            let mut row = values(shown, &columns, &heading);
            let kind = if at == last {
                "branch_base"
            } else {
                "branch_commit"
            };
            row.insert(
                "Experiment".to_owned(),
                shown.name.clone().unwrap_or_default(),
            );
            row.insert("rev".to_owned(), short(&shown.rev));
            row.insert("typ".to_owned(), kind.to_owned());
            if let Some(executor) = &experiment.executor {
                row.insert("State".to_owned(), capital(executor.state.key()));
                row.insert(
                    "Executor".to_owned(),
                    capital(executor.name.as_deref().unwrap_or_default()),
                );
            }
            fill(row);
        }
    }
    let is_empty = |cells: &[String]| cells.iter().all(String::is_empty);
    table.retain(|(name, cells)| {
        !(matches!(name.as_str(), "State" | "Executor") && is_empty(cells))
    });
    if args.only_changed {
        let changes = |cells: &[String]| cells.windows(2).any(|pair| pair.first() != pair.last());
        table.retain(|(_, cells)| cells.len() > 1 && changes(cells));
    }
    write(&table)
}

fn all(baselines: &[Baseline]) -> impl Iterator<Item = &Shown> {
    baselines.iter().flat_map(|baseline| {
        let experiments = baseline
            .experiments
            .iter()
            .flat_map(|experiment| &experiment.revs);
        std::iter::once(&baseline.shown).chain(experiments)
    })
}

impl Columns {
    fn add(&mut self, shown: &Shown) {
        let Some((_, record)) = &shown.data else {
            return;
        };
        if !shown.without_metrics {
            add(&mut self.metrics, &record.metrics);
        }
        add(&mut self.params, &record.params);
        self.deps
            .extend(record.deps.iter().map(|(path, _)| path.clone()));
    }
}

fn add(names: &mut Names, values: &Values) {
    for (path, read) in values {
        if !matches!(read.as_deref(), Ok(Value::Map(_)) | Err(_)) {
            continue;
        }
        let at = names.iter().position(|(known, _)| known == path);
        let at = at.unwrap_or_else(|| {
            names.push((path.clone(), Vec::new()));
            names.len() - 1
        });
        if let (Some((_, known)), Ok(value)) = (names.get_mut(at), read) {
            for (name, _) in flat(value) {
                if !known.contains(&name) {
                    known.push(name);
                }
            }
        }
    }
}

fn values(
    shown: &Shown,
    columns: &Columns,
    heading: &dyn Fn(&str, &str) -> String,
) -> HashMap<String, String> {
    let mut row = HashMap::new();
    let Some((at, record)) = &shown.data else {
        return row;
    };
    row.insert("Created".to_owned(), at.and_then(time).unwrap_or_default());
    let mut put = |names: &Names, values: &Values| {
        for (path, read) in values {
            let known = names.iter().find(|(known, _)| known == path);
            for name in known.map(|(_, names)| names.as_slice()).unwrap_or_default() {
                row.insert(heading(path, name), cell(read, name));
            }
        }
    };
    if !shown.without_metrics {
        put(&columns.metrics, &record.metrics);
    }
    put(&columns.params, &record.params);
    for (path, item) in &record.deps {
        row.insert(path.clone(), item.hash.clone().unwrap_or_default());
    }
    row
}

fn cell(read: &FileValues, name: &str) -> String {
    let Ok(value) = read else {
        return "!".to_owned();
    };
    let found = flat(value).into_iter().find(|(known, _)| known == name);
    match found {
        None | Some((_, Value::Null)) => String::new(),
        Some((_, value)) => python_str(&value),
    }
}

fn short(rev: &str) -> String {
    let is_id = rev.len() == 40 && rev.bytes().all(|b| b.is_ascii_hexdigit());
    if is_id {
        rev.get(..7).unwrap_or(rev)
    } else {
        rev
    }
    .to_owned()
}

/// As Python's `capitalize`.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string());
    first.map_or_else(String::new, |first| first + &chars.as_str().to_lowercase())
}

/// Lines end with a line feed, as on the systems that DVC's own writer is used on.
fn write(table: &[Column]) -> String {
    let mut out = String::new();
    let mut line = |cells: &mut dyn Iterator<Item = &str>| {
        for (at, cell) in cells.enumerate() {
            if at > 0 {
                out.push(',');
            }
            if cell.contains([',', '"', '\n', '\r']) {
                out.push_str(&format!("\"{}\"", cell.replace('"', "\"\"")));
            } else {
                out.push_str(cell);
            }
        }
        out.push('\n');
    };
    line(&mut table.iter().map(|(name, _)| name.as_str()));
    let rows = table.first().map_or(0, |(_, cells)| cells.len());
    for at in 0..rows {
        line(
            &mut table
                .iter()
                .map(|(_, cells)| cells.get(at).map_or("", String::as_str)),
        );
    }
    out
}
