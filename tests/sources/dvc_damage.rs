//! Damaged files of DVC: a problem with its place, and everything else shown.

use flightdeck::domain::repository::OutputState::{Clean, Unknown};

use super::repo::{Repo, md5};

const PIPELINE: &str =
    "stages:\n  a:\n    cmd: x\n    outs: [a.txt]\n  b:\n    cmd: x\n    metrics: [b.json]\n";

fn lock() -> String {
    let hash = md5(b"a");
    format!(
        "schema: '2.0'\nstages:\n  a:\n    cmd: x\n    outs:\n    - path: a.txt\n      hash: md5\n      md5: {hash}\n      size: 1\n"
    )
}

/// Sound, with an output of a stage and one of its own.
fn sound() -> Repo {
    let repo = Repo::with_dvc("");
    repo.write("dvc.yaml", PIPELINE);
    repo.write("dvc.lock", lock());
    repo.write("a.txt", "a");
    repo.ignore("a.txt");
    repo.track("own.csv", "o");
    repo.commit_all("sound");
    assert_eq!(repo.data().problems, []);
    repo
}

#[test]
fn the_place_is_named_and_the_rest_is_shown() {
    let cut = lock().split_at(33).0.to_owned();
    let torn = format!("<<<<<<< HEAD\n{}=======\n>>>>>>> other\n", lock());
    let short = lock().split_at(100).0.to_owned();
    let cases: [(&str, &str, &str, &str); 10] = [
        ("dvc.lock", &cut, "dvc.lock:3", "text where a map"),
        ("dvc.lock", &short, "dvc.lock", "a.txt: not an md5"),
        ("dvc.lock", &torn, "dvc.lock:1", "merge conflict"),
        ("dvc.lock", "stages: 1\nstages: 2\n", "dvc.lock:2", "twice"),
        ("dvc.lock", "- a\n", "dvc.lock:1", "a list"),
        ("dvc.yaml", "stages:\n  a: [", "dvc.yaml:", ""),
        ("dvc.yaml", "stages: []\n", "dvc.yaml", "a list"),
        ("own.csv.dvc", "outs:\n- md5: \"ab", "own.csv.dvc:", ""),
        (
            "own.csv.dvc",
            "outs:\n- md5: ab\n",
            "own.csv.dvc:1",
            "without a path",
        ),
        (".dvc/config", "[core\n", ".dvc/config:1", "bracket"),
    ];
    for (file, content, place, what) in cases {
        let repo = sound();
        repo.write(file, content);
        let data = repo.data();
        assert_eq!(data.problems.len(), 1, "{file}: {:?}", data.problems);
        let (at, why) = &data.problems[0];
        assert!(
            at.starts_with(place) && why.contains(what),
            "{file}: {at}: {why}"
        );
        let shown: Vec<_> = data.outputs.iter().map(|out| out.path.as_str()).collect();
        assert!(
            shown.contains(&"a.txt") && shown.contains(&"own.csv"),
            "{file}: {shown:?}"
        );
        let other = if file == "own.csv.dvc" {
            "a.txt"
        } else {
            "own.csv"
        };
        assert_eq!(repo.output(other).state, Clean, "{file}");
    }
}

#[test]
fn what_cannot_be_read_is_unknown_and_not_missing() {
    let repo = sound();
    repo.write("dvc.lock", "<<<<<<< HEAD\n");
    assert_eq!(repo.output("a.txt").state, Unknown);
    repo.write("own.csv.dvc", "\u{0}");
    let own = repo.output("own.csv");
    assert_eq!((own.state, own.head_hash), (Unknown, Some(md5(b"o"))));
}

#[test]
fn the_lock_tells_what_a_broken_pipeline_produced() {
    let repo = sound();
    repo.write("dvc.yaml", "stages: {a: ");
    let output = repo.output("a.txt");
    assert_eq!((output.state, output.stage.as_str()), (Clean, "a"));
    // The metric that was never produced is only in HEAD's declaration.
    assert_eq!(repo.output("b.json").state, Unknown);
}

#[test]
fn damage_that_is_committed_is_told_of_once() {
    let repo = sound();
    repo.write("dvc.lock", "stages: [");
    repo.commit_all("broken");
    assert_eq!(repo.data().problems.len(), 1);
    repo.write("dvc.lock", lock());
    let data = repo.data();
    assert_eq!(data.problems.len(), 1);
    assert!(
        data.problems[0].0.starts_with("HEAD:dvc.lock:"),
        "{:?}",
        data.problems
    );
}

#[test]
fn a_template_that_nothing_fills_names_stage_and_key() {
    let repo = Repo::with_dvc("");
    repo.write("params.yaml", "known: k\n");
    repo.write(
        "dvc.yaml",
        "stages:\n  part:\n    cmd: x\n    outs:\n    - ${known}.txt\n    - ${unknown.key}.txt\n  \
         group:\n    foreach: ${nothing}\n    do:\n      cmd: x\n      outs: ['${item}']\n  \
         whole:\n    cmd: echo ${absent}\n    outs: [w.txt]\n",
    );
    let hash = md5(b"u");
    repo.write(
        "dvc.lock",
        format!(
            "schema: '2.0'\nstages:\n  part:\n    outs:\n    - {{path: u.txt, hash: md5, md5: {hash}}}\n    \
             - {{path: k.txt, hash: md5, md5: {hash}}}\n  group@x:\n    outs:\n    - {{path: g.txt, hash: md5, md5: {hash}}}\n"
        ),
    );
    repo.commit_all("one");
    let data = repo.data();
    let told: Vec<_> = data
        .problems
        .iter()
        .map(|(at, what)| format!("{at}: {what}"))
        .collect();
    assert_eq!(
        told,
        [
            "dvc.yaml:2: stage part: outs: unknown.key is not in the parameters or vars",
            "dvc.yaml:7: stage group: foreach: nothing is not in the parameters or vars",
            "dvc.yaml:12: stage whole: cmd: absent is not in the parameters or vars",
        ]
    );
    let shown: Vec<_> = data
        .outputs
        .iter()
        .map(|out| (out.path.as_str(), out.stage.as_str()))
        .collect();
    let expected = [
        ("g.txt", "group@x"),
        ("k.txt", "part"),
        ("u.txt", "part"),
        ("w.txt", "whole"),
    ];
    assert_eq!(shown, expected);
}

#[test]
fn parameters_that_cannot_be_read_are_named() {
    let repo = Repo::with_dvc("");
    repo.write("params.yaml", "a: 1\na: 2\n");
    repo.write(
        "dvc.yaml",
        "vars: [nowhere.yaml]\nstages:\n  s: {cmd: x, outs: [plain.txt]}\n",
    );
    repo.commit_all("one");
    let data = repo.data();
    assert_eq!(
        data.problems,
        [(
            "dvc.yaml".to_owned(),
            "params.yaml: line 2: key given twice: a".to_owned()
        )]
    );
    assert_eq!(data.outputs[0].path, "plain.txt");
    repo.write("params.yaml", "a: 1\n");
    assert_eq!(
        repo.data().problems[0].1,
        "vars: nowhere.yaml does not exist"
    );
}

#[cfg(unix)]
#[test]
fn a_link_to_itself_and_a_pipe_hold_nothing_up() {
    let repo = sound();
    std::os::unix::fs::symlink("loop.dvc", repo.at("loop.dvc")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", repo.at("zero.dvc")).unwrap();
    let data = repo.data();
    assert_eq!(data.outputs.len(), 3, "{:?}", data.outputs);
}

#[test]
fn an_alias_bomb_is_a_problem_and_nothing_more() {
    let repo = sound();
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for at in 1..12 {
        let before = format!("*a{}", at - 1);
        bomb += &format!("a{at}: &a{at} [{}]\n", [before.as_str(); 10].join(", "));
    }
    repo.write("bomb.dvc", bomb);
    repo.write("deep.dvc", "[".repeat(100_000));
    let told = repo.data().problems;
    let files: Vec<_> = told
        .iter()
        .map(|(at, _)| at.split(':').next().unwrap())
        .collect();
    assert_eq!(files, ["bomb.dvc", "deep.dvc"], "{told:?}");
    assert_eq!(repo.output("own.csv").state, Clean);
}
