//! Which streams the arguments mean: those of groups, of a run, of an endpoint.

use std::io;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use crate::cli::args::LogsArgs;
use crate::cli::twins::{Desk, ask};
use crate::domain::log::LogTarget;
use crate::domain::run::{Run, RunKind};
use crate::domain::source_error::{ErrorKind, SourceError};
use crate::sources::AccountSources;

/// How far back a run is looked for by its name: as far as the screens look.
const HISTORY: SignedDuration = SignedDuration::from_hours(24 * 14);
/// Runs of each kind that are looked through.
const RUNS: usize = 2_000;
/// A container writes before the service notes that it started.
const BEFORE_START: SignedDuration = SignedDuration::from_mins(1);

/// What a positional argument of `logs` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Group,
    /// Something on this machine, or what can only be meant so: taken for a log group it would only be said to be
    /// missing there.
    Path,
    /// `-`
    StandardInput,
}

/// How the names of logs end on a disk; those of groups do not.
const ENDINGS: [&str; 11] = [
    "log", "txt", "out", "err", "json", "jsonl", "ndjson", "gz", "zst", "bz2", "xz",
];

pub fn kind_of(argument: &str) -> Kind {
    if argument == "-" {
        return Kind::StandardInput;
    }
    let path = Path::new(argument);
    let begins_like_one = ["./", "../", "~/"]
        .iter()
        .any(|start| argument.starts_with(start));
    let is_path = match path.metadata() {
        // A group may be called as a folder that is here by chance.
        Ok(found) => !found.is_dir() || argument.contains('/') || matches!(argument, "." | ".."),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let ending = path.extension().and_then(|ending| ending.to_str());
            let ends_like_one = ending.is_some_and(|ending| ENDINGS.contains(&ending));
            let has_folder = path.parent().is_some_and(Path::is_dir);
            begins_like_one || (ends_like_one && (path.is_relative() || has_folder))
        }
        Err(error) => error.kind() == io::ErrorKind::PermissionDenied,
    };
    if is_path { Kind::Path } else { Kind::Group }
}

/// Streams to read, and from when on where nobody says.
#[derive(Debug, Default)]
pub struct Targets {
    pub targets: Vec<LogTarget>,
    pub since: Option<Timestamp>,
}

/// Resolves the arguments; a run takes a few questions.
pub async fn targets(
    args: &LogsArgs,
    account: &AccountSources,
    desk: &Desk<'_>,
) -> Result<Targets, Vec<SourceError>> {
    let mut found = Targets::default();
    for group in &args.groups {
        found.targets.push(match &args.stream_prefix {
            Some(prefix) => LogTarget::prefixed(group, prefix),
            None => LogTarget::group(group),
        });
    }
    if let Some(endpoint) = &args.endpoint {
        found.targets.push(match endpoint.split_once('/') {
            Some((name, variant)) => LogTarget::of_variant(name, variant),
            None => LogTarget::of_endpoint(endpoint),
        });
    }
    if let Some(name) = &args.run {
        let run = run(name, account, desk).await?;
        let targets = run.log_targets();
        if targets.is_empty() {
            let what = format!("{} has no log streams", run.name);
            return Err(vec![missing(what)]);
        }
        let known = found.targets.clone();
        found
            .targets
            .extend(targets.into_iter().filter(|target| !known.contains(target)));
        found.since = run
            .started_at
            .and_then(|at| at.checked_sub(BEFORE_START).ok());
    }
    Ok(found)
}

/// The newest run of this name, or the one with this id or ARN; described where its streams need that.
async fn run(
    name: &str,
    account: &AccountSources,
    desk: &Desk<'_>,
) -> Result<Run, Vec<SourceError>> {
    let since = desk.clock.now().checked_sub(HISTORY).ok();
    let listed = ask::runs(account, &RunKind::ALL, since, RUNS, true).await;
    let mut runs = listed.value.unwrap_or_default();
    let is_it = |run: &Run| run.name == name || run.id == name || run.key() == name;
    // The newest first.
    let Some(place) = runs.iter().position(is_it) else {
        let what = format!("there is no run {name} in the last 14 days");
        let mut errors = vec![missing(what).with_hint("flightdeck runs lists names, ids and ARNs")];
        errors.extend(listed.missing);
        return Err(errors);
    };
    let mut run = runs.swap_remove(place);
    if run.log_targets().is_empty() && !run.detailed {
        let described = account.runs.describe_run(&run).await;
        run = described.map_err(|error| vec![error])?.value;
    }
    Ok(run)
}

fn missing(what: String) -> SourceError {
    SourceError::new("logs", ErrorKind::Missing, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_on_this_machine_is_not_taken_for_a_group() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name).to_string_lossy().into_owned();
        std::fs::write(at("train"), "x").unwrap();
        for path in [
            &at("train"),
            &at("missing.log"),
            &at(""),
            "./missing",
            "gone/missing.jsonl",
        ] {
            assert_eq!(kind_of(path), Kind::Path, "{path}");
        }
        for group in [
            "/aws/sagemaker/TrainingJobs",
            "/my/app.log",
            &at("missing"),
            "src",
            "train",
        ] {
            assert_eq!(kind_of(group), Kind::Group, "{group}");
        }
        assert_eq!(kind_of("-"), Kind::StandardInput);
    }
}
