//! Branches, tags, log and working tree of many kinds of repositories.

use flightdeck::domain::repository::{Branch, FileChange};
use flightdeck::sources::git::GitVersions;
use flightdeck::sources::{ErrorKind, VersionSource};

use super::repo::{Repo, START, settle_config, whole};

fn change(path: &str, change: &str) -> FileChange {
    FileChange {
        path: path.to_owned(),
        change: change.to_owned(),
    }
}

#[test]
fn no_repository_is_missing_and_says_how_to_name_one() {
    let dir = tempfile::tempdir().unwrap();
    for path in [dir.path().to_owned(), dir.path().join("nowhere")] {
        let versions = GitVersions::open(&path);
        let error = versions.snapshot(10).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Missing, "{error:?}");
        assert!(error.hint.unwrap().contains("--repo DIR"));
        assert_eq!(versions.fingerprint().unwrap_err().kind, ErrorKind::Missing);
    }
}

#[test]
fn before_the_first_commit() {
    let repo = Repo::new();
    repo.write("a.txt", "a");
    let seen = repo.snapshot();
    assert_eq!(seen.head.branch.as_deref(), Some("main"));
    assert_eq!(seen.head.commit, None);
    assert!(seen.log.is_empty() && seen.log_complete && seen.branches.is_empty());
    assert_eq!(seen.worktree.untracked, ["a.txt"]);
    assert!(seen.data.is_none());
}

#[test]
fn found_from_a_directory_inside() {
    let repo = Repo::new();
    repo.write("deep/er/a.txt", "a");
    repo.commit_all("one");
    let seen = whole(&GitVersions::open(&repo.at("deep/er")), 10);
    let root = repo.path().canonicalize().unwrap();
    assert_eq!(
        std::path::Path::new(&seen.path).canonicalize().unwrap(),
        root
    );
    assert_eq!(seen.log.len(), 1);
}

#[test]
fn the_log_is_cut_at_the_limit_and_says_so() {
    let repo = Repo::new();
    let ids: Vec<String> = (0..5)
        .map(|at| repo.commit_all(&format!("commit {at}\n\nbody")).to_string())
        .collect();
    let versions = repo.versions();
    let cut = whole(&versions, 3);
    let newest: Vec<_> = ids.iter().rev().take(3).cloned().collect();
    assert_eq!(
        cut.log.iter().map(|c| c.id.clone()).collect::<Vec<_>>(),
        newest
    );
    assert!(!cut.log_complete);
    assert!(whole(&versions, 5).log_complete);
    let newest = &cut.log[0];
    assert_eq!(
        (newest.summary.as_str(), newest.author.as_str()),
        ("commit 4", "Ada Tester")
    );
    assert_eq!(newest.at.unwrap().as_second(), START + 5 * 60);
    assert_eq!(newest.parents, [ids[3].clone()]);
}

#[test]
fn branches_are_interleaved_by_time_and_a_child_precedes_its_parent() {
    let repo = Repo::new();
    let base = repo.commit_all("base");
    let left = repo.commit_index("left", &[base]);
    repo.branch("side", base);
    repo.git.set_head("refs/heads/side").unwrap();
    let right = repo.commit_index("right", &[base]);
    // A clock that runs backwards: the merge looks older than everything.
    repo.tick(-10_000);
    let merge = repo.commit_index("merge", &[right, left]);
    let log = repo.snapshot().log;
    let order: Vec<_> = log.iter().map(|c| c.id.clone()).collect();
    assert_eq!(order, [merge, right, left, base].map(|id| id.to_string()));
    assert_eq!(log[0].parents, [right, left].map(|id| id.to_string()));
}

#[test]
fn a_detached_head_has_no_branch() {
    let repo = Repo::new();
    let first = repo.commit_all("one");
    repo.commit_all("two");
    repo.git.set_head_detached(first).unwrap();
    let seen = repo.snapshot();
    assert_eq!(
        (seen.head.branch, seen.head.commit),
        (None, Some(first.to_string()))
    );
    assert_eq!(seen.log.len(), 1);
    assert!(!seen.branches[0].is_head);
}

#[test]
fn a_bare_repository_has_a_log_and_no_working_tree() {
    let repo = Repo::new();
    repo.write("a.txt", "a");
    repo.commit_all("one");
    let dir = tempfile::tempdir().unwrap();
    git2::build::RepoBuilder::new()
        .bare(true)
        .clone(repo.path().to_str().unwrap(), dir.path())
        .unwrap();
    let versions = GitVersions::open(dir.path());
    let seen = whole(&versions, 10);
    assert!(seen.worktree.bare && seen.worktree.is_clean());
    assert_eq!(seen.log.len(), 1);
    assert!(versions.fingerprint().is_ok());
}

#[test]
fn branches_know_their_distance_from_upstream() {
    let repo = Repo::new();
    let base = repo.commit_all("base");
    let theirs = repo.commit_index("theirs", &[base]);
    repo.git
        .reference("refs/remotes/origin/main", theirs, true, "")
        .unwrap();
    repo.git
        .reference_symbolic(
            "refs/remotes/origin/HEAD",
            "refs/remotes/origin/main",
            true,
            "",
        )
        .unwrap();
    repo.git
        .remote("origin", "https://example.com/x.git")
        .unwrap();
    let base_commit = repo.git.find_commit(base).unwrap();
    repo.git
        .reset(base_commit.as_object(), git2::ResetType::Soft, None)
        .unwrap();
    let one = repo.commit_index("one", &[base]);
    let two = repo.commit_index("two", &[one]);
    repo.git
        .find_branch("main", git2::BranchType::Local)
        .unwrap()
        .set_upstream(Some("origin/main"))
        .unwrap();
    repo.branch("топик/分支", base);
    let seen = repo.snapshot();
    let expected = [
        Branch {
            name: "main".into(),
            commit: two.to_string(),
            remote: false,
            upstream: Some("origin/main".into()),
            ahead: Some(2),
            behind: Some(1),
            is_head: true,
        },
        Branch {
            name: "топик/分支".into(),
            commit: base.to_string(),
            remote: false,
            upstream: None,
            ahead: None,
            behind: None,
            is_head: false,
        },
        Branch {
            name: "origin/main".into(),
            commit: theirs.to_string(),
            remote: true,
            upstream: None,
            ahead: None,
            behind: None,
            is_head: false,
        },
    ];
    assert_eq!(seen.branches, expected);
}

#[test]
fn tags_are_peeled_to_their_commits() {
    let repo = Repo::new();
    let id = repo.commit_all("one");
    let commit = repo.git.find_commit(id).unwrap().into_object();
    let tag = repo
        .git
        .tag(
            "model@v1.0.0",
            &commit,
            &repo.signature(),
            "first\n\n",
            false,
        )
        .unwrap();
    let inner = repo.git.find_object(tag, None).unwrap();
    repo.git
        .tag("again", &inner, &repo.signature(), "tag of a tag", false)
        .unwrap();
    repo.git.tag_lightweight("light", &commit, false).unwrap();
    let tree = repo
        .git
        .find_commit(id)
        .unwrap()
        .tree()
        .unwrap()
        .into_object();
    repo.git.tag_lightweight("of-a-tree", &tree, false).unwrap();
    let tags: Vec<_> = repo
        .snapshot()
        .tags
        .into_iter()
        .map(|tag| {
            (
                tag.name,
                tag.commit == id.to_string(),
                tag.annotated,
                tag.message,
            )
        })
        .collect();
    let expected = [
        (
            "again".to_owned(),
            true,
            true,
            Some("tag of a tag".to_owned()),
        ),
        ("light".to_owned(), true, false, None),
        (
            "model@v1.0.0".to_owned(),
            true,
            true,
            Some("first".to_owned()),
        ),
    ];
    assert_eq!(tags, expected);
}

#[test]
fn every_kind_of_change_in_the_working_tree() {
    let repo = Repo::new();
    for name in [
        "edited",
        "gone",
        "staged",
        "unstaged-after",
        "дом/数据 🚀.csv",
    ] {
        repo.write(name, name.repeat(20));
    }
    repo.write(
        "old name",
        "a long enough text to be known again\n".repeat(10),
    );
    repo.write(".gitignore", "*.log\n");
    repo.commit_all("one");
    repo.write("staged", "changed");
    repo.write("unstaged-after", "staged");
    repo.write("new", "new");
    std::fs::rename(repo.at("old name"), repo.at("new name")).unwrap();
    repo.stage_all();
    repo.write("unstaged-after", "and changed again");
    repo.write("edited", "changed");
    repo.write("дом/数据 🚀.csv", "changed");
    repo.remove("gone");
    repo.write("untracked/deep/file", "u");
    repo.write("ignored.log", "i");
    let seen = repo.snapshot().worktree;
    let expected = [
        change("new", "added"),
        change("new name", "renamed"),
        change("staged", "modified"),
        change("unstaged-after", "modified"),
    ];
    let mut staged = seen.staged;
    staged.sort_by(|a, b| a.path.cmp(&b.path));
    assert_eq!(staged, expected);
    let expected = [
        change("edited", "modified"),
        change("gone", "deleted"),
        change("unstaged-after", "modified"),
        change("дом/数据 🚀.csv", "modified"),
    ];
    assert_eq!(seen.unstaged, expected);
    assert_eq!(seen.untracked, ["untracked/"]);
    assert_eq!(seen.conflicted, [""; 0]);
}

#[test]
fn a_merge_that_stopped_at_a_conflict() {
    let repo = Repo::new();
    repo.write("both", "base\n");
    let base = repo.commit_all("base");
    repo.branch("side", base);
    repo.write("both", "ours\n");
    repo.commit_all("ours");
    repo.checkout("side");
    repo.write("both", "theirs\n");
    let theirs = repo.commit_all("theirs");
    repo.checkout("main");
    let theirs = repo.git.find_annotated_commit(theirs).unwrap();
    repo.git.merge(&[&theirs], None, None).unwrap();
    let seen = repo.snapshot();
    assert_eq!(seen.head.operation.as_deref(), Some("merge"));
    assert_eq!(seen.worktree.conflicted, ["both"]);
}

#[cfg(unix)]
#[test]
fn a_path_that_is_not_unicode_is_shown_all_the_same() {
    use std::os::unix::ffi::OsStrExt;
    let repo = Repo::new();
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.csv");
    if std::fs::write(repo.path().join(name), "x").is_err() {
        return; // A file system that takes only Unicode has no such paths.
    }
    assert_eq!(repo.snapshot().worktree.untracked, ["caf\u{fffd}.csv"]);
    repo.commit_all("one");
    let versions = repo.versions();
    assert!(whole(&versions, 1).worktree.is_clean());
    let before = versions.fingerprint().unwrap();
    std::fs::write(repo.path().join(name), "longer").unwrap();
    assert_ne!(versions.fingerprint().unwrap(), before);
}

#[test]
fn a_message_of_a_megabyte_is_cut() {
    let repo = Repo::new();
    repo.commit_all(&"é".repeat(500_000));
    let summary = repo.snapshot().log.remove(0).summary;
    assert!(
        summary.starts_with("ééé") && summary.ends_with("é…"),
        "{summary:.20}"
    );
    assert!(summary.len() < 5_000);
}

#[test]
fn a_message_in_latin_1_is_read() {
    let repo = Repo::new();
    let tree = repo.git.index().unwrap().write_tree().unwrap();
    let mut raw = format!(
        "tree {tree}\nauthor R <r@x> {START} +0000\ncommitter R <r@x> {START} +0000\nencoding ISO-8859-1\n\ncaf"
    )
    .into_bytes();
    raw.push(0xe9);
    let id = repo
        .git
        .odb()
        .unwrap()
        .write(git2::ObjectType::Commit, &raw)
        .unwrap();
    repo.git.reference("refs/heads/main", id, true, "").unwrap();
    assert_eq!(repo.snapshot().log[0].summary, "café");
}

#[test]
fn a_shallow_clone_ends_before_the_first_commit() {
    let repo = Repo::new();
    repo.commit_all("one");
    let second = repo.commit_all("two");
    repo.commit_all("three");
    std::fs::write(repo.git.path().join("shallow"), format!("{second}\n")).unwrap();
    let seen = repo.snapshot();
    assert_eq!(seen.log.len(), 2);
    assert!(!seen.log_complete);
}

#[test]
fn a_linked_worktree_has_its_own_head() {
    let repo = Repo::new();
    repo.write("a.txt", "a");
    let id = repo.commit_all("one");
    let dir = tempfile::tempdir().unwrap();
    let linked = dir.path().join("linked");
    repo.git.worktree("linked", &linked, None).unwrap();
    let versions = GitVersions::open(&linked);
    let seen = whole(&versions, 10);
    assert_eq!(seen.head.branch.as_deref(), Some("linked"));
    assert_eq!(seen.head.commit, Some(id.to_string()));
    let before = versions.fingerprint().unwrap();
    // A tag made in the main working tree is seen through the linked one.
    let commit = repo.git.find_commit(id).unwrap().into_object();
    repo.git.tag_lightweight("t", &commit, false).unwrap();
    assert_ne!(versions.fingerprint().unwrap(), before);
}

#[test]
fn a_submodule_is_not_entered() {
    let repo = Repo::new();
    let inner = git2::Repository::init(repo.at("sub")).unwrap();
    settle_config(&inner);
    repo.write("sub/dvc.yaml", "stages: [");
    let mut index = repo.git.index().unwrap();
    index
        .add(&git2::IndexEntry {
            ctime: git2::IndexTime::new(0, 0),
            mtime: git2::IndexTime::new(0, 0),
            dev: 0,
            ino: 0,
            mode: 0o160_000,
            uid: 0,
            gid: 0,
            file_size: 0,
            id: git2::Oid::from_str("1234567890123456789012345678901234567890").unwrap(),
            flags: 0,
            flags_extended: 0,
            path: b"sub".to_vec(),
        })
        .unwrap();
    index.write().unwrap();
    repo.commit_index("with a submodule", &[]);
    let seen = repo.snapshot();
    assert!(seen.worktree.is_clean(), "{:?}", seen.worktree);
    assert!(seen.data.is_none());
}

#[test]
fn an_id_from_elsewhere_is_found_in_the_history() {
    let repo = Repo::new();
    let first = repo.commit_all("one");
    repo.commit_all("two");
    repo.commit_all("three");
    let versions = repo.versions();
    let id = first.to_string();
    assert_eq!(versions.resolve(&id[..8]), Some(id.clone()));
    assert_eq!(versions.resolve("HEAD~2"), Some(id.clone()));
    assert_eq!(versions.resolve("0000000"), None);
    assert_eq!(versions.resolve(""), None);
    assert_eq!(versions.behind(&id[..8]), Some(2));
    assert_eq!(versions.behind("main"), Some(0));
    assert_eq!(versions.behind("no such thing"), None);
}
