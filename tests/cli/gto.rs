//! `flightdeck gto …` against the real `gto`, on a repository with every kind of tag.

use std::path::Path;
use std::process::Command;

use crate::support::{binary, venv};

/// Tags in the order in which they are made, a minute apart: the commit by its number, and the name.
const TAGS: [(usize, &str); 20] = [
    (0, "model@v0.1.0"),
    (0, "model#dev"),
    (1, "model@v1.0.0-rc.1"),
    (1, "model#prod#2"),
    (2, "model@v1.0.0"),
    (2, "model#prod#3"),
    (2, "model#dev#4"),
    (0, "model#dev!#5"),
    (1, "model@v1.0.0-rc.1!#6"),
    (3, "loose#prod"),
    (3, "loose#prod#2"),
    (3, "loose#dev#3"),
    (1, "old@v0.0.1"),
    (2, "old@deprecated"),
    (2, "sub/dir=nested@v10.2.0"),
    (3, "sub/dir=nested@v9.0.0"),
    (3, "sub/dir=nested#prod"),
    (1, "gone@v1.0.0"),
    (1, "gone@v1.0.0!"),
    (3, "v1.0"),
];

const QUESTIONS: [&str; 27] = [
    "show --json",
    "show",
    "show --plain",
    "show --json -d",
    "show --json --ro --sort semver",
    "show --json --vs -1 --av -1",
    "show --json --vs 2 --av 1",
    "show --name",
    "show --version",
    "show model --json",
    "show model",
    "show model --json -d --vs -1",
    "show model --version",
    "show model@latest --json",
    "show model@v0.1.0 --json",
    "show model#prod --json",
    "show loose --json",
    "show sub/dir:nested --json",
    "show nothing --json",
    "history --json",
    "history model --json --asc",
    "history",
    "stages --json",
    "stages --used",
    "check-ref model@v1.0.0 --json",
    "check-ref model#prod#3",
    "check-ref refs/tags/old@deprecated --json",
];

fn git(dir: &Path, at: i64, args: &[&str]) {
    let date = format!("{at} +0130");
    let done = Command::new("git")
        .args(args)
        .current_dir(dir)
        .env("HOME", dir)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_AUTHOR_DATE", &date)
        .env("GIT_COMMITTER_DATE", &date)
        .env("GIT_AUTHOR_NAME", "Ada Tester")
        .env("GIT_AUTHOR_EMAIL", "ada@example.com")
        .env("GIT_COMMITTER_NAME", "Ada Tester")
        .env("GIT_COMMITTER_EMAIL", "ada@example.com")
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "git {args:?}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
}

/// Four commits, the last one with an `artifacts.yaml`, and the tags.
fn repository(dir: &Path) {
    let mut at = 1_700_000_000;
    let mut now = || {
        at += 60;
        at
    };
    git(dir, now(), &["init", "-q", "-b", "main"]);
    for number in 0..4 {
        std::fs::write(dir.join("file"), number.to_string()).unwrap();
        if number == 3 {
            let described =
                "model: {type: net, path: model.bin}\nlisted: {description: only here}\n";
            std::fs::write(dir.join("artifacts.yaml"), described).unwrap();
        }
        git(dir, now(), &["add", "-A"]);
        git(
            dir,
            now(),
            &["commit", "-qm", &format!("commit {number}: größer")],
        );
        git(dir, now(), &["branch", &format!("c{number}")]);
    }
    for (commit, name) in TAGS {
        let message = format!("about {name} ü\n");
        git(
            dir,
            now(),
            &["tag", "-a", "-m", &message, name, &format!("c{commit}")],
        );
    }
    git(dir, now(), &["tag", "light@v1.0.0", "c0"]);
}

#[test]
fn answers_are_those_of_gto() {
    let gto = venv::python("dvc").unwrap().with_file_name("gto");
    let folder = tempfile::tempdir().unwrap();
    repository(folder.path());
    let mut wrong = Vec::new();
    for question in QUESTIONS {
        let ask = |program: &mut Command| {
            let done = program
                .args(question.split(' '))
                .current_dir(folder.path())
                .env("HOME", folder.path())
                .env("GTO_EMOJIS", "false")
                .env("TZ", "UTC")
                .env("LC_ALL", "C.UTF-8")
                .env("COLUMNS", "200")
                .output()
                .unwrap();
            (done.status.code(), String::from_utf8(done.stdout).unwrap())
        };
        let theirs = ask(&mut Command::new(&gto));
        let ours = ask(Command::new(binary()).arg("gto"));
        if theirs != ours {
            wrong.push(format!("gto {question}\n  gto {theirs:?}\n  ours {ours:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
