//! `flightdeck dvc …` beside the real `dvc`, on the same repository, in one run:
//! `cargo bench --no-default-features --bench dvc -- [REPOSITORY]`.
//!
//! Without REPOSITORY one with a directory of 50,000 files and 100 stages is made in the target folder, the same one
//! every time. `dvc` is that on PATH, or what `DVC` names; without it only our own times are told. Each command runs once
//! before it is measured, so that both sides know their hashes and read from the page cache.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a benchmark measures time and may stop at anything unexpected"
)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use md5::{Digest, Md5};

const FILES: usize = 50_000;
const STAGES: usize = 100;
const ROUNDS: usize = 5;

const COMMANDS: [&str; 6] = [
    "status --json",
    "data status --json",
    "data status --granular --json",
    "data status --granular --unchanged --json",
    "diff --json",
    "list . -R --dvc-only --json",
];

/// Of the whole history. On one of thousands of commits the real tools take minutes to hours, so only ours is measured.
const HISTORY: [&str; 5] = [
    "dvc metrics show -A --json",
    "dvc exp show -n 20 --json",
    "dvc params diff --json",
    "dvc dag --mermaid",
    "gto show --json",
];

fn main() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("dvc-bench");
    // cargo passes --bench; whatever else begins with a dash is not for us either.
    let given = std::env::args().skip(1).find(|arg| !arg.starts_with('-'));
    let repository = given.map_or_else(|| made(&folder), PathBuf::from);
    let dvc = std::env::var("DVC").unwrap_or_else(|_| "dvc".to_owned());
    let has_dvc = Command::new(&dvc)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    println!("{}, medians of {ROUNDS}; dvc once", repository.display());
    for line in COMMANDS {
        let args: Vec<&str> = line.split_whitespace().collect();
        let ours = |round: &str| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_flightdeck"));
            command.arg("dvc").args(&args);
            timed(&mut command, &repository, &folder, round)
        };
        ours("first");
        let mut times: Vec<Duration> = (0..ROUNDS).map(|_| ours("again")).collect();
        times.sort();
        let ours = times[ROUNDS / 2];
        if !has_dvc {
            println!("{line:<44} {:>8.0} ms", ours.as_secs_f64() * 1000.0);
            continue;
        }
        let theirs = || timed(Command::new(&dvc).args(&args), &repository, &folder, "dvc");
        theirs();
        let theirs = theirs();
        println!(
            "{line:<44} {:>8.0} ms   dvc {:>8.2} s   {:>4.0} times",
            ours.as_secs_f64() * 1000.0,
            theirs.as_secs_f64(),
            theirs.as_secs_f64() / ours.as_secs_f64()
        );
    }
    for line in HISTORY {
        let ours = |round: &str| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_flightdeck"));
            command.args(line.split_whitespace());
            timed(&mut command, &repository, &folder, round)
        };
        ours("first");
        let mut times: Vec<Duration> = (0..ROUNDS).map(|_| ours("again")).collect();
        times.sort();
        println!(
            "{line:<44} {:>8.0} ms",
            times[ROUNDS / 2].as_secs_f64() * 1000.0
        );
    }
}

fn timed(command: &mut Command, repository: &Path, folder: &Path, round: &str) -> Duration {
    let start = Instant::now();
    let status = command
        .current_dir(repository)
        .env("FLIGHTDECK_CACHE_DIR", folder.join("cache"))
        .env("DVC_NO_ANALYTICS", "1")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    let time = start.elapsed();
    assert!(status.success(), "{command:?} ({round}): {status}");
    time
}

/// A repository as `dvc add` and `dvc repro` leave it.
fn made(folder: &Path) -> PathBuf {
    let root = folder.join("repo");
    if root.join("made").exists() {
        return root;
    }
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(root.join(".dvc")).unwrap();
    write(&root, ".dvc/config", "");
    write(&root, ".dvc/.gitignore", "/config.local\n/tmp\n/cache\n");
    let mut listing = Vec::new();
    for at in 0..FILES {
        let name = format!("{:02}/{at:05}.txt", at % 50);
        let hash = stored(&root, &format!("images/{name}"), &format!("file {at}\n"));
        listing.push(format!("{{\"md5\": \"{hash}\", \"relpath\": \"{name}\"}}"));
    }
    listing.sort_by_key(|line| line.rsplit_once("relpath").unwrap().1.to_owned());
    let listing = format!("[{}]", listing.join(", "));
    let directory = format!("{}.dir", md5(&listing));
    object(&root, &directory, &listing);
    write(
        &root,
        "images.dvc",
        &format!("outs:\n- md5: {directory}\n  nfiles: {FILES}\n  hash: md5\n  path: images\n"),
    );
    let (mut pipeline, mut lock) = (
        String::from("stages:\n"),
        String::from("schema: '2.0'\nstages:\n"),
    );
    let mut ignored = String::from("/images\n/made\n/out\n");
    for at in 0..STAGES {
        let out = format!("out/{at}.txt");
        let hash = stored(&root, &out, &format!("output {at}\n"));
        pipeline.push_str(&format!(
            "  s{at}:\n    cmd: run {at}\n    deps: [images]\n    outs: [{out}]\n"
        ));
        lock.push_str(&format!(
            "  s{at}:\n    cmd: run {at}\n    deps:\n    - path: images\n      hash: md5\n      md5: {directory}\n    outs:\n    - path: {out}\n      hash: md5\n      md5: {hash}\n"
        ));
        ignored.push_str(&format!("/{out}\n"));
    }
    write(&root, "dvc.yaml", &pipeline);
    write(&root, "dvc.lock", &lock);
    write(&root, ".gitignore", &ignored);
    for args in [
        &["init", "-q"][..],
        &["add", "-A"],
        &[
            "-c",
            "user.name=Ada",
            "-c",
            "user.email=ada@example.com",
            "commit",
            "-qm",
            "one",
        ],
    ] {
        let status = Command::new("git").args(args).current_dir(&root).status();
        assert!(status.unwrap().success());
    }
    write(&root, "made", "");
    root
}

fn md5(content: &str) -> String {
    let digest = Md5::digest(content.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A file and its object.
fn stored(root: &Path, path: &str, content: &str) -> String {
    write(root, path, content);
    let hash = md5(content);
    object(root, &hash, content);
    hash
}

fn object(root: &Path, hash: &str, content: &str) {
    let path = format!(".dvc/cache/files/md5/{}/{}", &hash[..2], &hash[2..]);
    write(root, &path, content);
    fs::set_permissions(root.join(path), fs::Permissions::from_mode(0o444)).unwrap();
}

fn write(root: &Path, path: &str, content: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}
