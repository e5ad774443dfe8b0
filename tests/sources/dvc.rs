//! What DVC tracks, in repositories written by hand to its formats.

use flightdeck::domain::repository::OutputState::{
    self, Clean, Deleted, Modified, NotProduced, Uncommitted, Unknown,
};
use flightdeck::sources::VersionSource;
use flightdeck::sources::git::GitVersions;

use super::repo::{Repo, dvc_file, md5, object, whole};

/// `dvc.yaml` with one stage, and the lock of its outputs.
fn lock(stage: &str, outs: &[(&str, &str)]) -> String {
    let mut lock =
        format!("schema: '2.0'\nstages:\n  {stage}:\n    cmd: python {stage}.py\n    outs:\n");
    for (path, content) in outs {
        let (hash, size) = (md5(content.as_bytes()), content.len());
        lock += &format!(
            "    - path: {path}\n      hash: md5\n      md5: {hash}\n      size: {size}\n"
        );
    }
    lock
}

fn listing(files: &[(&str, &str)]) -> String {
    let entry = |(path, content): &(&str, &str)| {
        format!(
            "{{\"md5\": \"{}\", \"relpath\": \"{path}\"}}",
            md5(content.as_bytes())
        )
    };
    format!(
        "[{}]",
        files.iter().map(entry).collect::<Vec<_>>().join(", ")
    )
}

#[test]
fn without_dvc_there_is_no_data() {
    let repo = Repo::new();
    repo.write("dvc.yaml", "stages:\n  a: {cmd: x, outs: [y]}\n");
    repo.commit_all("not a DVC repository");
    assert!(repo.snapshot().data.is_none());
}

#[test]
fn a_pipelines_outputs_with_roles_and_hashes() {
    let repo = Repo::with_dvc("");
    repo.write(
        "dvc.yaml",
        "stages:\n  train:\n    cmd: python train.py\n    outs:\n    - m.pkl\n    - push.bin: {push: false}\n    \
         metrics:\n    - metrics.json: {cache: false}\n    plots:\n    - roc.csv: {x: fpr}\n",
    );
    let outs = [
        ("m.pkl", "model"),
        ("push.bin", "p"),
        ("metrics.json", "{}"),
        ("roc.csv", "x,y"),
    ];
    repo.write("dvc.lock", lock("train", &outs));
    for (path, content) in outs {
        repo.write(path, content);
        repo.ignore(path);
    }
    repo.cache(&md5(b"model"), "model");
    repo.commit_all("trained");
    let data = repo.data();
    assert_eq!((data.dvc_root.as_str(), data.problems), ("", vec![]));
    let seen: Vec<_> = data
        .outputs
        .iter()
        .map(|out| {
            (
                out.path.as_str(),
                out.role.as_str(),
                out.state,
                out.in_cache,
            )
        })
        .collect();
    let expected = [
        ("m.pkl", "out", Clean, Some(true)),
        ("metrics.json", "metric", Clean, None),
        ("push.bin", "out", Clean, Some(false)),
        ("roc.csv", "plot", Clean, Some(false)),
    ];
    assert_eq!(seen, expected);
    let model = &data.outputs[0];
    let hash = Some(md5(b"model"));
    assert_eq!((&model.head_hash, &model.lock_hash), (&hash, &hash));
    assert_eq!(
        (model.stage.as_str(), model.size_bytes, model.files),
        ("train", Some(5), None)
    );
}

#[test]
fn every_state_of_a_tracked_file() {
    type Act = fn(&Repo);
    let acts: [(&str, Act, OutputState); 7] = [
        ("as committed", |_| {}, Clean),
        (
            "edited, another size",
            |repo| repo.write("data.csv", "longer than before"),
            Modified,
        ),
        (
            "edited, the same size",
            |repo| repo.write("data.csv", "v2\n"),
            Modified,
        ),
        ("deleted", |repo| repo.remove("data.csv"), Deleted),
        (
            "a directory now",
            |repo| {
                repo.remove("data.csv");
                repo.write("data.csv/inside", "x");
            },
            Modified,
        ),
        (
            "added again, not committed",
            |repo| repo.track("data.csv", "v2\n"),
            Uncommitted,
        ),
        (
            "recorded anew, but not there",
            |repo| {
                repo.track("data.csv", "v2\n");
                repo.remove("data.csv");
            },
            Deleted,
        ),
    ];
    for (what, act, state) in acts {
        let repo = Repo::with_dvc("");
        repo.track("data.csv", "v1\n");
        repo.commit_all("v1");
        act(&repo);
        let output = repo.output("data.csv");
        assert_eq!(output.state, state, "{what}");
        assert_eq!(output.head_hash, Some(md5(b"v1\n")), "{what}");
        assert_eq!(output.stage, "data.csv.dvc");
    }
}

#[test]
fn declared_produced_and_taken_out() {
    let repo = Repo::with_dvc("");
    repo.write(
        "dvc.yaml",
        "stages:\n  a:\n    cmd: x\n    outs: [never.txt, unlocked.txt]\n",
    );
    repo.track("gone.csv", "g");
    repo.write(
        "partial.csv.dvc",
        "outs:\n- hash: md5\n  path: partial.csv\n",
    );
    repo.commit_all("one");
    assert_eq!(repo.output("never.txt").state, NotProduced);
    assert_eq!(repo.output("partial.csv").state, NotProduced);
    // DVC calls what is there without a record modified.
    repo.write("unlocked.txt", "u");
    assert_eq!(repo.output("unlocked.txt").state, Modified);
    repo.remove("gone.csv.dvc");
    let gone = repo.output("gone.csv");
    assert_eq!((gone.state, gone.lock_hash), (Uncommitted, None));
    assert_eq!(gone.head_hash, Some(md5(b"g")));
    // An untracked file counts as well as a tracked one.
    repo.track("fresh/new.csv", "n");
    let fresh = repo.output("fresh/new.csv");
    assert_eq!((fresh.state, fresh.head_hash), (Uncommitted, None));
}

/// A directory output in `d`, with a listing in the cache.
fn directory(repo: &Repo, files: &[(&str, &str)]) -> String {
    let listing = listing(files);
    let hash = format!("{}.dir", md5(listing.as_bytes()));
    repo.cache(&hash, &listing);
    for (path, content) in files {
        repo.write(&format!("d/{path}"), content);
        repo.cache(&md5(content.as_bytes()), content);
    }
    let size: usize = files.iter().map(|(_, content)| content.len()).sum();
    let record = format!(
        "outs:\n- md5: {hash}\n  size: {size}\n  nfiles: {}\n  hash: md5\n  path: d\n",
        files.len()
    );
    repo.write("d.dvc", record);
    repo.ignore("d");
    hash
}

#[test]
fn a_directory_is_compared_file_by_file() {
    type Act = fn(&Repo);
    let acts: [(&str, Act, OutputState); 7] = [
        ("as recorded", |_| {}, Clean),
        (
            "edited, the same size",
            |repo| repo.write("d/a", "z"),
            Modified,
        ),
        ("added", |repo| repo.write("d/s/new", "n"), Modified),
        ("removed", |repo| repo.remove("d/a"), Modified),
        (
            "renamed",
            |repo| std::fs::rename(repo.at("d/a"), repo.at("d/c")).unwrap(),
            Modified,
        ),
        (
            "an ignored file more",
            |repo| repo.write("d/x.tmp", "t"),
            Clean,
        ),
        (
            "an empty directory more",
            |repo| std::fs::create_dir(repo.at("d/empty")).unwrap(),
            Clean,
        ),
    ];
    for (what, act, state) in acts {
        let repo = Repo::with_dvc("");
        repo.write(".dvcignore", "*.tmp\n");
        directory(&repo, &[("a", "x"), ("s/b", "yy")]);
        repo.commit_all("one");
        act(&repo);
        let output = repo.output("d");
        assert_eq!(
            (output.state, output.files, output.size_bytes),
            (state, Some(2), Some(3)),
            "{what}"
        );
    }
}

#[cfg(unix)]
#[test]
fn links_in_a_directory_neither_loop_nor_break() {
    let repo = Repo::with_dvc("");
    directory(&repo, &[("a", "x"), ("s/b", "yy")]);
    repo.commit_all("one");
    std::os::unix::fs::symlink("..", repo.at("d/s/up")).unwrap();
    std::os::unix::fs::symlink("nowhere", repo.at("d/dangling")).unwrap();
    std::os::unix::fs::symlink("itself", repo.at("d/itself")).unwrap();
    // A directory seen once more through a link upwards is more files than recorded, or as many: never endless.
    assert!([Clean, Modified].contains(&repo.output("d").state));
    repo.remove("d/s/up");
    assert_eq!(repo.output("d").state, Clean);
    std::fs::remove_dir_all(repo.at("d")).unwrap();
    std::os::unix::fs::symlink("d", repo.at("d")).unwrap();
    assert_eq!(repo.output("d").state, Unknown);
}

#[cfg(unix)]
#[test]
fn a_link_to_a_protected_object_is_not_read() {
    let repo = Repo::with_dvc("");
    repo.track("data.csv", "v1\n");
    repo.commit_all("one");
    let cached = repo.at(&object(".dvc/cache/files/md5", &md5(b"v1\n")));
    // Only what the object's name says counts, so that content that differs shows whether it was read.
    std::fs::write(&cached, "xx\n").unwrap();
    let mut rights = cached.metadata().unwrap().permissions();
    rights.set_readonly(true);
    std::fs::set_permissions(&cached, rights).unwrap();
    for link in [
        |a: &_, b: &_| std::fs::hard_link(a, b),
        |a: &_, b: &_| std::os::unix::fs::symlink(a, b),
    ] {
        repo.remove("data.csv");
        link(&cached, &repo.at("data.csv")).unwrap();
        assert_eq!(repo.output("data.csv").state, Clean);
    }
}

#[test]
fn a_file_of_many_gigabytes_is_not_read() {
    let repo = Repo::with_dvc("");
    let size: u64 = 5 << 30;
    let record = format!(
        "outs:\n- {{md5: {}, size: {size}, hash: md5, path: big.bin}}\n",
        md5(b"x")
    );
    repo.write("big.bin.dvc", record);
    repo.ignore("big.bin");
    repo.commit_all("one");
    let file = std::fs::File::create(repo.at("big.bin")).unwrap();
    file.set_len(size).unwrap();
    assert_eq!(repo.output("big.bin").state, Unknown);
    file.set_len(size - 1).unwrap();
    assert_eq!(repo.output("big.bin").state, Modified);
}

#[test]
fn hashes_of_dvc_2_ignore_windows_line_ends() {
    let repo = Repo::with_dvc("");
    let hash = md5(b"line1\nline2\n");
    repo.write(
        "old.txt.dvc",
        format!("outs:\n- md5: {hash}\n  size: 12\n  path: old.txt\n"),
    );
    repo.ignore("old.txt");
    repo.write("old.txt", "line1\r\nline2\r\n");
    repo.commit_all("one");
    let output = repo.output("old.txt");
    assert_eq!((output.state, output.in_cache), (Clean, Some(false)));
    repo.write(&object(".dvc/cache", &hash), "line1\nline2\n");
    assert_eq!(repo.output("old.txt").in_cache, Some(true));
}

#[test]
fn cache_and_remote_are_asked_for_every_object() {
    let repo = Repo::with_dvc("");
    repo.write(".dvc/config", "[core]\n    remote = Store\n['remote \"store\"']\n    url = ../store\n['remote \"far\"']\n    url = s3://bucket/x\n");
    let hash = directory(&repo, &[("a", "x"), ("s/b", "yy")]);
    repo.track("there.csv", "t");
    repo.write(
        "far.csv.dvc",
        format!("{}  remote: far\n", dvc_file("far.csv", "f")),
    );
    repo.write(
        "own.csv.dvc",
        format!("{}  push: false\n", dvc_file("own.csv", "o")),
    );
    repo.write(".gitignore", "/d\n/there.csv\n/store\n");
    repo.write(&object("store/files/md5", &md5(b"t")), "t");
    repo.write(
        &object("store/files/md5", &hash),
        listing(&[("a", "x"), ("s/b", "yy")]),
    );
    repo.write(&object("store/files/md5", &md5(b"x")), "x");
    repo.commit_all("one");
    let asked = |path: &str| {
        let output = repo.output(path);
        (output.in_cache, output.in_remote)
    };
    assert_eq!(asked("there.csv"), (Some(true), Some(true)));
    assert_eq!(
        asked("d"),
        (Some(true), Some(false)),
        "one file of it is not pushed"
    );
    assert_eq!(
        asked("far.csv"),
        (Some(false), None),
        "a remote elsewhere is not asked"
    );
    assert_eq!(asked("own.csv"), (Some(false), None), "never pushed");
    repo.write(&object("store/files/md5", &md5(b"yy")), "yy");
    repo.remove(&object(".dvc/cache/files/md5", &md5(b"yy")));
    assert_eq!(asked("d"), (Some(false), Some(true)));
}

#[test]
fn a_push_and_an_edit_of_an_ignored_output_change_the_fingerprint() {
    let repo = Repo::with_dvc("");
    repo.write(
        ".dvc/config",
        "[core]\nremote = s\n['remote \"s\"']\nurl = ../store\n",
    );
    repo.track("data.csv", "v1\n");
    repo.ignore("store");
    repo.commit_all("one");
    let versions = repo.versions();
    whole(&versions, 1);
    let before = versions.fingerprint().unwrap();
    assert_eq!(versions.fingerprint().unwrap(), before);
    repo.write(&object("store/files/md5", &md5(b"v1\n")), "v1\n");
    let pushed = versions.fingerprint().unwrap();
    assert_ne!(pushed, before);
    repo.write("data.csv", "edited");
    assert_ne!(versions.fingerprint().unwrap(), pushed);
}

#[test]
fn the_cache_may_lie_elsewhere_and_local_settings_win() {
    let repo = Repo::with_dvc("");
    repo.track("data.csv", "v1\n");
    repo.write(".dvc/config", "[cache]\n    dir = ../wrong\n");
    repo.write(".dvc/config.local", "[cache]\n    dir = ../moved\n");
    repo.commit_all("one");
    assert_eq!(repo.output("data.csv").in_cache, Some(false));
    repo.write(&object("moved/files/md5", &md5(b"v1\n")), "v1\n");
    assert_eq!(repo.output("data.csv").in_cache, Some(true));
}

#[test]
fn templates_are_resolved_from_parameters_and_vars() {
    let repo = Repo::with_dvc("");
    repo.write(
        "params.yaml",
        "out: built\nmodels: [us, uk]\nflags: [true]\nsizes: {low: 1, high: 2}\n",
    );
    repo.write("extra.json", r#"{"depth": 3, "ext": "bin"}"#);
    repo.write(
        "dvc.yaml",
        "vars:\n- extra.json:ext\n- inline: {k: [p, q]}\nstages:\n  \
         one:\n    cmd: x ${out}\n    outs:\n    - ${out}/${inline.k[1]}.${ext}\n  \
         each:\n    foreach: ${models}\n    do:\n      cmd: x\n      outs: ['${out}/${item}.csv']\n  \
         by:\n    foreach: ${sizes}\n    do:\n      cmd: x ${item}\n      outs: ['${key}.csv']\n  \
         grid:\n    matrix:\n      f: ${flags}\n      c: [{n: 1}, {n: 2}]\n    cmd: x\n    wdir: sub\n    \
         outs: ['../g${item.c.n}-${item.f}.txt']\n",
    );
    repo.commit_all("one");
    let data = repo.data();
    assert_eq!(data.problems, []);
    let seen: Vec<_> = data
        .outputs
        .iter()
        .map(|out| (out.path.as_str(), out.stage.as_str()))
        .collect();
    let expected = [
        ("built/q.bin", "one"),
        ("built/uk.csv", "each@uk"),
        ("built/us.csv", "each@us"),
        ("g1-true.txt", "grid@True-c0"),
        ("g2-true.txt", "grid@True-c1"),
        ("high.csv", "by@high"),
        ("low.csv", "by@low"),
    ];
    assert_eq!(seen, expected);
}

#[test]
fn repositories_below_the_git_root_and_inside_each_other() {
    let repo = Repo::with_dvc("ml");
    repo.write("ml/.dvcignore", "skipped/\n");
    repo.write("ml/data/a.csv.dvc", dvc_file("a.csv", "a"));
    repo.write("ml/skipped/b.csv.dvc", dvc_file("b.csv", "b"));
    repo.write(
        "ml/p/dvc.yaml",
        "stages:\n  s:\n    cmd: x\n    wdir: ..\n    outs: [out.txt]\n",
    );
    repo.write("outside.csv.dvc", dvc_file("outside.csv", "o"));
    repo.write("ml/inner/.dvc/config", "");
    repo.write("ml/inner/c.csv.dvc", dvc_file("c.csv", "c"));
    repo.write("ml/inner/.dvc/cache/files/md5/0c/c", "");
    repo.write(".gitignore", "ignored/\n.dvc/cache\n");
    repo.write("ml/ignored/x.dvc", "outs: 1");
    repo.commit_all("one");
    repo.write(&object("ml/inner/.dvc/cache/files/md5", &md5(b"c")), "c");
    let data = repo.data();
    assert_eq!((data.dvc_root.as_str(), &data.problems), ("ml", &vec![]));
    let seen: Vec<_> = data
        .outputs
        .iter()
        .map(|out| (out.path.as_str(), out.stage.as_str(), out.in_cache))
        .collect();
    let expected = [
        ("ml/data/a.csv", "ml/data/a.csv.dvc", Some(false)),
        ("ml/inner/c.csv", "ml/inner/c.csv.dvc", Some(true)),
        ("ml/out.txt", "ml/p/dvc.yaml:s", None),
    ];
    assert_eq!(seen, expected);
}

#[test]
fn outputs_outside_of_the_repository_are_named_and_not_compared() {
    let repo = Repo::with_dvc("");
    let record = "outs:\n- {etag: abc, size: 3, path: 's3://bucket/x'}\n- {etag: aa, path: /data/y}\n- {etag: aa, path: ../z}\n";
    repo.write("far.dvc", record);
    repo.commit_all("one");
    for path in ["s3://bucket/x", "/data/y", "../z"] {
        assert_eq!(repo.output(path).state, Unknown, "{path}");
    }
}

#[test]
fn a_bare_repository_tells_what_head_records() {
    let repo = Repo::with_dvc("");
    repo.track("data.csv", "v1\n");
    repo.commit_all("one");
    let dir = tempfile::tempdir().unwrap();
    git2::build::RepoBuilder::new()
        .bare(true)
        .clone(repo.path().to_str().unwrap(), dir.path())
        .unwrap();
    let data = whole(&GitVersions::open(dir.path()), 1).data.unwrap();
    let output = &data.outputs[0];
    assert_eq!((output.state, &output.lock_hash), (Unknown, &None));
    assert_eq!(output.head_hash, Some(md5(b"v1\n")));
}

#[test]
fn names_in_any_script() {
    let repo = Repo::with_dvc("");
    repo.track("данные/数据 🚀.csv", "v1\n");
    repo.commit_all("one");
    let output = repo.output("данные/数据 🚀.csv");
    assert_eq!((output.state, output.in_cache), (Clean, Some(true)));
    repo.write("данные/数据 🚀.csv", "v2\n");
    assert_eq!(repo.output("данные/数据 🚀.csv").state, Modified);
}
