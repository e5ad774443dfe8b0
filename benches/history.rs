//! The history of a repository beside `git log`, in one run: `cargo bench --no-default-features --bench history -- REPO`.
//!
//! Each row is measured several times, ours and Git's in turn; medians are told, because wall times of a busy machine
//! are not steady. Whether REPO has a commit-graph decides much: `git commit-graph write` makes one.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a benchmark measures time and may stop at anything unexpected"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use flightdeck::domain::history::diff::{Pair, Side};
use flightdeck::domain::history::query::CommitQuery;
use flightdeck::domain::history::{Ask, CommitId, Told};
use flightdeck::sources::git::GitVersions;
use flightdeck::sources::history::Stop;
use flightdeck::sources::{HistorySource, VersionSource};

const ROUNDS: usize = 5;

fn main() {
    // cargo passes --bench; whatever else begins with a dash is not for us either.
    let mut args = std::env::args().skip(1).filter(|arg| !arg.starts_with('-'));
    let Some(path) = args.next().map(PathBuf::from) else {
        println!("cargo bench --no-default-features --bench history -- REPO");
        return;
    };
    let history = GitVersions::open(&path).history().unwrap();
    let graph = path.join(".git/objects/info/commit-graph").exists()
        || path.join(".git/objects/info/commit-graphs").exists();
    println!(
        "{}, {} commit-graph, medians of {ROUNDS}",
        path.display(),
        if graph { "with a" } else { "without" }
    );
    println!("{:<40} {:>9} {:>9}  git", "", "ours ms", "git ms");
    let before = anonymous_kb();
    let (mut first, mut all, mut git_first, mut git_all) = (vec![], vec![], vec![], vec![]);
    let mut ids = Vec::new();
    for _ in 0..ROUNDS {
        let (one, whole, found) = walked(&*history);
        first.push(one);
        all.push(whole);
        ids = found;
        git_first.push(git(&path, &["log", "--oneline", "-n", "60"]));
        git_all.push(git(
            &path,
            &["rev-list", "--branches", "--tags", "--remotes", "HEAD"],
        ));
    }
    row("first page", first, git_first, "git log --oneline -n 60");
    row(
        &format!("all {} commits", ids.len()),
        all,
        git_all,
        "git rev-list, all of them",
    );
    println!(
        "{:<40} {:>9}",
        "anonymous memory since the start, kB",
        anonymous_kb() - before
    );

    let graph_log = ["log", "--oneline", "--graph", "--branches", "--tags"];
    let times = vec![git(&path, &graph_log)];
    println!(
        "{:<40} {:>9} {:>9.1}  git log --graph",
        "",
        "",
        median(times)
    );

    for (what, query, args) in [
        (
            "a word that is rare",
            "rare-needle",
            vec!["log", "--oneline", "-i", "--grep=rare-needle"],
        ),
        (
            "an author",
            "author:dev",
            vec!["log", "--oneline", "-i", "--author=dev"],
        ),
        (
            "commits that changed a path",
            "path:p3/dvc.lock",
            vec!["log", "--oneline", "--", "pipelines/p3/dvc.lock"],
        ),
    ] {
        let rounds = if query.starts_with("path") { 1 } else { ROUNDS };
        let ask = Ask::Find {
            generation: 1,
            query: CommitQuery::parse(query),
            from: 0,
        };
        let ours = (0..rounds).map(|_| asked(&*history, &ask)).collect();
        let git = (0..rounds).map(|_| git(&path, &args)).collect();
        row(what, ours, git, &format!("git {}", args.join(" ")));
    }
    let newest = ids[0];
    let short = newest.to_string();
    let screen = Ask::Texts(ids.iter().take(60).copied().collect());
    let ours = (0..ROUNDS).map(|_| asked(&*history, &screen)).collect();
    let shown = (0..ROUNDS)
        .map(|_| git(&path, &["log", "--name-only", "-n", "60"]))
        .collect();
    row(
        "texts and marks of 60 rows",
        ours,
        shown,
        "git log --name-only -n 60",
    );
    let own = Ask::Compare {
        generation: 1,
        pair: Pair::of(newest, None),
    };
    let ours = (0..ROUNDS).map(|_| asked(&*history, &own)).collect();
    let shown = (0..ROUNDS)
        .map(|_| git(&path, &["show", "--stat", &short]))
        .collect();
    row("the newest commit's files", ours, shown, "git show --stat");
    let far = ids[ids.len() - 1];
    let wide = Ask::Compare {
        generation: 1,
        pair: Pair::between(far, newest),
    };
    let ours = (0..ROUNDS).map(|_| asked(&*history, &wide)).collect();
    let args = ["diff", "--stat", "-M", &far.to_string(), &short];
    let shown = (0..ROUNDS).map(|_| git(&path, &args)).collect();
    row(
        "the oldest commit to the newest",
        ours,
        shown,
        "git diff --stat -M",
    );
    if let Some(file) = args_path(&path) {
        let blame = Ask::Blame {
            generation: 1,
            at: Side::Commit(newest),
            path: file.clone(),
        };
        let ours = (0..3).map(|_| asked(&*history, &blame)).collect();
        let shown = (0..3)
            .map(|_| git(&path, &["blame", &short, "--", &file]))
            .collect();
        row(&format!("blame of {file}"), ours, shown, "git blame");
    }
}

/// Some params file of the newest commit.
fn args_path(repository: &Path) -> Option<String> {
    let out = Command::new("git")
        .args(["-C", repository.to_str()?, "ls-files", "*params.yaml"])
        .output()
        .ok()?;
    String::from_utf8_lossy(&out.stdout)
        .lines()
        .next()
        .map(str::to_owned)
}

/// Until the first page, until the last one, and every id.
fn walked(history: &dyn HistorySource) -> (f64, f64, Vec<CommitId>) {
    let start = Instant::now();
    let mut first = None;
    let mut pages = Vec::new();
    let walked = history.walk(&Stop::default(), &mut |page| {
        first.get_or_insert_with(|| start.elapsed());
        pages.push(page);
    });
    let all = start.elapsed();
    assert_eq!(walked.unwrap().missing, []);
    let ids = pages
        .iter()
        .flat_map(|page| page.0.iter().map(|row| row.id));
    (ms(first.unwrap()), ms(all), ids.collect())
}

fn asked(history: &dyn HistorySource, ask: &Ask) -> f64 {
    let start = Instant::now();
    history.answer(ask, &Stop::default(), &mut |told| {
        if let Told::Compared { answer, .. } = told {
            answer.unwrap();
        }
    });
    ms(start.elapsed())
}

fn git(repository: &Path, args: &[&str]) -> f64 {
    let start = Instant::now();
    let status = Command::new("git")
        .arg("-C")
        .arg(repository)
        .args(args)
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
    ms(start.elapsed())
}

fn row(what: &str, ours: Vec<f64>, git: Vec<f64>, as_what: &str) {
    let (ours, git) = (median(ours), median(git));
    println!(
        "{what:<40} {ours:>9.1} {git:>9.1}  {:.2}x of {as_what}",
        ours / git
    );
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn anonymous_kb() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("RssAnon:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok())
        .unwrap_or_default()
}
