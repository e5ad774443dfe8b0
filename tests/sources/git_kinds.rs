//! All kinds of repositories: other working trees, submodules, and what lies between two revisions.

use flightdeck::domain::history::diff::Change;
use flightdeck::sources::git::GitVersions;
use flightdeck::sources::{ErrorKind, VersionSource};

use super::repo::{Repo, settle_config, whole};

#[test]
fn other_working_trees_are_listed_and_may_be_gone() {
    let repo = Repo::new();
    repo.write("a.txt", "a");
    let first = repo.commit_all("first");
    let beside = tempfile::tempdir().unwrap();
    let path = beside.path().join("exp");
    let linked = repo.git.worktree("exp", &path, None).unwrap();
    linked.lock(None).unwrap();
    let seen = repo.snapshot();
    assert_eq!(seen.worktrees.len(), 1);
    let tree = &seen.worktrees[0];
    assert_eq!(
        (tree.name.as_str(), tree.branch.as_deref()),
        ("exp", Some("exp"))
    );
    assert_eq!(tree.commit, Some(first.to_string()));
    assert!(tree.locked && !tree.gone);
    std::fs::remove_dir_all(&path).unwrap();
    assert!(repo.snapshot().worktrees[0].gone);
}

#[test]
fn a_submodule_says_which_commit_it_is_at() {
    let inner = Repo::new();
    inner.write("b.txt", "b");
    let recorded = inner.commit_all("inner");
    let repo = Repo::new();
    repo.write("a.txt", "a");
    repo.commit_all("first");
    let url = inner.path().to_str().unwrap();
    let mut module = repo
        .git
        .submodule(url, "vendor/inner".as_ref(), true)
        .unwrap();
    let cloned = module.clone(None).unwrap();
    settle_config(&cloned);
    module.add_finalize().unwrap();
    let parents: Vec<_> = repo.head().into_iter().collect();
    repo.commit_index("with a submodule", &parents);
    let state = || repo.snapshot().submodules[0].clone();
    let seen = state();
    assert_eq!(seen.path, "vendor/inner");
    assert_eq!(seen.recorded, Some(recorded.to_string()));
    assert_eq!(seen.state, "clean");
    let parent = cloned.head().unwrap().peel_to_commit().unwrap();
    let who = repo.signature();
    let tree = parent.tree().unwrap();
    cloned
        .commit(Some("HEAD"), &who, &who, "newer", &tree, &[&parent])
        .unwrap();
    assert_eq!(state().state, "another commit");
    std::fs::remove_dir_all(repo.at("vendor/inner")).unwrap();
    std::fs::create_dir(repo.at("vendor/inner")).unwrap();
    assert_eq!(state().state, "not checked out");
}

#[test]
fn what_lies_between_two_revisions() {
    let repo = Repo::new();
    repo.write("params.yaml", "lr: 1\n");
    let first = repo.commit_all("first");
    repo.branch("v1", first);
    for lr in 2..5 {
        repo.write("params.yaml", format!("lr: {lr}\n"));
        repo.commit_all(&format!("lr {lr}"));
    }
    let versions = GitVersions::open(repo.path());
    let range = |rev: &str, limit| versions.range(rev, limit).unwrap().value;
    let seen = range("v1..main", 2);
    let summaries: Vec<&str> = seen.commits.iter().map(|c| c.summary.as_str()).collect();
    assert_eq!((seen.count, summaries), (3, vec!["lr 4", "lr 3"]));
    let file = &seen.comparison.files[0];
    assert_eq!(
        (file.path.as_str(), file.change),
        ("params.yaml", Change::Modified)
    );
    assert_eq!((file.added, file.removed), (Some(1), Some(1)));
    assert_eq!(range("v1", 10), range("v1..", 10));
    assert_eq!(range("main..v1", 10).count, 0);
    assert_eq!(range("HEAD~1..HEAD", 10).count, 1);
    for wrong in ["nothing..main", "v1...main", "main..nothing"] {
        let error = versions.range(wrong, 10).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Missing, "{wrong}");
        assert!(error.hint.is_some());
    }
}

#[test]
fn what_is_watched_is_never_the_data() {
    let repo = Repo::with_dvc("");
    repo.write("data/raw.csv", "1,2\n");
    repo.write(
        "data/raw.csv.dvc",
        super::repo::dvc_file("data/raw.csv", "1,2\n"),
    );
    repo.ignore("data/raw.csv");
    repo.commit_all("data");
    let versions = repo.versions();
    whole(&versions, 10);
    let root = std::fs::canonicalize(repo.path()).unwrap();
    let watched: Vec<String> = versions
        .watched()
        .into_iter()
        .map(|it| {
            let path = std::fs::canonicalize(it.path).unwrap();
            path.strip_prefix(&root).unwrap().display().to_string()
        })
        .collect();
    for path in [".git", ".git/refs", "data/raw.csv.dvc"] {
        assert!(watched.iter().any(|it| it == path), "{path}: {watched:?}");
    }
    assert!(
        !watched
            .iter()
            .any(|it| it == "data" || it == "data/raw.csv")
    );
}
