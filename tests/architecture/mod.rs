//! The arrows between the rooms, checked on the source itself.

mod rules;
mod scan;

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

fn files_of(folder: &str) -> Vec<(String, String)> {
    let folder = root().join(folder);
    let mut found = Vec::new();
    rust_files(&folder, &mut found);
    found.sort();
    let place = |path: &Path| {
        path.strip_prefix(&folder)
            .unwrap()
            .to_string_lossy()
            .into_owned()
    };
    found
        .iter()
        .map(|path| (place(path), fs::read_to_string(path).unwrap()))
        .collect()
}

/// `sources/aws/mod.rs` is the module `sources::aws`.
fn module(place: &str) -> Vec<String> {
    let mut parts: Vec<String> = place
        .trim_end_matches(".rs")
        .split('/')
        .map(str::to_owned)
        .collect();
    if matches!(
        parts.last().map(String::as_str),
        Some("mod" | "lib" | "main")
    ) {
        parts.pop();
    }
    parts
}

/// A file that exists for tests only may reach anywhere.
fn is_test_code(place: &str) -> bool {
    let mut parts = place.trim_end_matches(".rs").split('/');
    parts.any(|part| part == "tests" || part.ends_with("_tests") || part == "testing")
}

fn check(place: &str, code: &str) -> Vec<String> {
    rules::broken(place, &scan::named_paths(code, &module(place)))
}

#[test]
fn every_arrow_points_the_right_way() {
    let wrong: Vec<String> = files_of("src")
        .iter()
        .filter(|(place, _)| !is_test_code(place))
        .flat_map(|(place, code)| check(place, code))
        .collect();
    assert!(wrong.is_empty(), "wrong arrows:\n{}", wrong.join("\n"));
}

#[test]
fn no_file_holds_two_ideas() {
    let long: Vec<String> = ["src", "tests"]
        .iter()
        .flat_map(|folder| files_of(folder).into_iter().map(move |file| (folder, file)))
        .map(|(folder, (place, code))| (format!("{folder}/{place}"), code.lines().count()))
        .filter(|(_, lines)| *lines > rules::LONGEST_FILE)
        .map(|(place, lines)| format!("{place}: {lines} lines"))
        .collect();
    assert!(long.is_empty(), "split these: {}", long.join(", "));
}

#[test]
fn a_wrong_arrow_is_found_however_it_is_written() {
    let samples = [
        (
            "domain/run.rs",
            "use crate::store::Model;",
            "domain must not name store",
        ),
        (
            "domain/run.rs",
            "use crate::{domain::arn::Arn, sources::aws};",
            "domain must not name sources",
        ),
        (
            "domain/run.rs",
            "fn f() { crate::ui::draw() }",
            "domain must not name ui",
        ),
        (
            "domain/run.rs",
            "use super::super::store::Model;",
            "domain must not name store",
        ),
        (
            "domain/run.rs",
            "use tokio::sync::mpsc;",
            "domain must not name tokio",
        ),
        (
            "domain/run.rs",
            "use ratatui::style::Style;",
            "ratatui is named only in",
        ),
        (
            "store/msg.rs",
            "use crate::sources::SourceError;",
            "store must not name sources",
        ),
        (
            "store/update/runs.rs",
            "use crate::{domain::{run::Run, arn}, pollers::Poller as P};",
            "store must not name pollers",
        ),
        (
            "ui/root.rs",
            "use crate::pollers::Handle;",
            "ui must not name pollers",
        ),
        (
            "ui/root.rs",
            "async fn f() { tokio::spawn(x); }",
            "ui must not name tokio",
        ),
        (
            "ui/root.rs",
            "use ratatui::crossterm::event::KeyEvent;",
            "crossterm is named only in terminal",
        ),
        (
            "cli/mod.rs",
            "use aws_sdk_sts::Client;",
            "aws_sdk_sts is named only in",
        ),
        (
            "sources/git/mod.rs",
            "use aws_config::Region;",
            "aws_config is named only in",
        ),
        (
            "sources/dvc/mod.rs",
            "let r = git2::Repository::open(p);",
            "git2 is named only in",
        ),
        (
            "simulator/router.rs",
            "use git2::Oid;",
            "git2 is named only in",
        ),
        (
            "runtime.rs",
            "use crossterm::event::Event;",
            "crossterm is named only in terminal",
        ),
        (
            "runtime.rs",
            "let t = std::time::SystemTime::now();",
            "wall clock",
        ),
        (
            "pollers/mod.rs",
            "use std::time::Instant;\nlet t = Instant::now();",
            "wall clock",
        ),
        ("main.rs", "let t = jiff::Timestamp::now();", "wall clock"),
        (
            "sources/mod.rs",
            "use crate::pollers;",
            "sources must not name pollers",
        ),
        (
            "attic/mod.rs",
            "use crate::domain::run::Run;",
            "has no arrows yet",
        ),
    ];
    for (place, code, why) in samples {
        let wrong = check(place, code);
        assert!(
            wrong.len() == 1 && wrong[0].contains(why),
            "{place}: {code}\nfound: {wrong:?}"
        );
    }
}

#[test]
fn a_right_arrow_passes() {
    let samples = [
        (
            "domain/run.rs",
            "use super::log::LogTarget;\nuse jiff::Timestamp;",
        ),
        (
            "domain/clock.rs",
            "fn now() -> Timestamp { Timestamp::now() }",
        ),
        (
            "sources/aws/session.rs",
            "use aws_config::Region;\nuse crate::domain::run::{Run, self};",
        ),
        ("simulator/repository.rs", "use git2::Oid;"),
        ("simulator/repository/files.rs", "use git2::Oid;"),
        (
            "pollers/mod.rs",
            "use tokio::time::Instant;\nfn f() { Instant::now(); }",
        ),
        ("terminal/guard.rs", "use crossterm::event::Event;"),
        (
            "ui/root.rs",
            "use crate::store::Model;\nuse ratatui::Frame;",
        ),
        (
            "ui/root.rs",
            "// use crate::pollers;\n/* tokio::spawn */ const A: &str = \"git2::x\";",
        ),
        (
            "ui/root.rs",
            "const A: &str = r#\"use crate::pollers::X;\"#; fn f<'a>(c: char) -> bool { c == '\"' }",
        ),
        (
            "store/mod.rs",
            "#[cfg(test)]\nmod tests {\n use crate::sources::X; mod m { use tokio::y; }\n}",
        ),
        ("cli/mod.rs", "use crate::{simulator, sources, ui};"),
        ("main.rs", "use flightdeck::{cli, runtime};"),
        ("store/mod.rs", "let sources = model.sources::<u8>();"),
    ];
    for (place, code) in samples {
        assert_eq!(check(place, code), Vec::<String>::new(), "{place}: {code}");
    }
}

#[test]
fn lines_are_counted_through_strings_and_comments() {
    let code = "/* a\nb */\nconst A: &str = \"x\ny\";\nuse tokio::sync;\n";
    let wrong = check("domain/run.rs", code);
    assert_eq!(wrong.len(), 1);
    assert!(
        wrong[0].starts_with("src/domain/run.rs:5: tokio::sync"),
        "{wrong:?}"
    );
}
