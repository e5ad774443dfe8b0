//! Damaged repositories: what is wrong is named, and what is whole is shown.

use flightdeck::sources::git::GitVersions;
use flightdeck::sources::{ErrorKind, VersionSource};

use super::repo::Repo;

fn sound() -> Repo {
    let repo = Repo::new();
    repo.write("a.txt", "a");
    repo.commit_all("one");
    repo.write("a.txt", "b");
    repo.commit_all("two");
    repo
}

#[test]
fn what_nothing_can_be_read_without() {
    type Harm = fn(&Repo);
    let harms: [(&str, Harm, &str); 3] = [
        (
            "no config",
            |repo| std::fs::write(repo.git.path().join("config"), "[core\n\0").unwrap(),
            "config",
        ),
        (
            "HEAD cut off",
            |repo| std::fs::write(repo.git.path().join("HEAD"), "").unwrap(),
            "HEAD",
        ),
        (
            "the commit lost",
            |repo| {
                let id = repo.head().unwrap().to_string();
                let object = repo
                    .git
                    .path()
                    .join("objects")
                    .join(&id[..2])
                    .join(&id[2..]);
                std::fs::remove_file(object).unwrap();
            },
            "HEAD",
        ),
    ];
    for (what, harm, named) in harms {
        let repo = sound();
        harm(&repo);
        let error = repo.versions().snapshot(10).unwrap_err();
        assert!(
            matches!(error.kind, ErrorKind::Malformed | ErrorKind::Missing),
            "{what}: {error:?}"
        );
        assert!(error.what.contains(named), "{what}: {error:?}");
        assert!(error.hint.is_some(), "{what}");
    }
}

#[test]
fn a_lost_parent_ends_the_log_and_is_named() {
    let repo = sound();
    let parent = repo
        .git
        .find_commit(repo.head().unwrap())
        .unwrap()
        .parent_id(0)
        .unwrap()
        .to_string();
    std::fs::remove_file(
        repo.git
            .path()
            .join("objects")
            .join(&parent[..2])
            .join(&parent[2..]),
    )
    .unwrap();
    let answer = repo.versions().snapshot(10).unwrap();
    assert_eq!(answer.value.log.len(), 1);
    assert!(!answer.value.log_complete);
    assert!(
        answer
            .missing
            .iter()
            .any(|error| error.what.contains(&parent)),
        "{:?}",
        answer.missing
    );
}

#[test]
fn a_broken_branch_and_a_broken_tag_leave_the_others() {
    let repo = sound();
    repo.branch("whole", repo.head().unwrap());
    let nothing = "1234567890123456789012345678901234567890\n";
    std::fs::write(repo.git.path().join("refs/heads/broken"), nothing).unwrap();
    std::fs::write(repo.git.path().join("refs/tags/lost"), nothing).unwrap();
    let answer = repo.versions().snapshot(10).unwrap();
    let names: Vec<_> = answer
        .value
        .branches
        .iter()
        .map(|branch| branch.name.as_str())
        .collect();
    assert_eq!(names, ["main", "whole"]);
    let told: Vec<_> = answer
        .missing
        .iter()
        .map(|error| error.what.as_str())
        .collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told[0].starts_with("branch broken: ") && told[1].starts_with("tag lost: "),
        "{told:?}"
    );
}

#[test]
fn a_damaged_index_leaves_the_log() {
    let repo = sound();
    std::fs::write(repo.git.path().join("index"), "DIRC but not an index").unwrap();
    let answer = repo.versions().snapshot(10).unwrap();
    assert_eq!(answer.value.log.len(), 2);
    assert!(
        answer
            .missing
            .iter()
            .any(|error| error.what.starts_with("index: ")),
        "{:?}",
        answer.missing
    );
}

#[test]
fn a_git_file_that_leads_nowhere_and_an_unknown_kind_of_repository() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join(".git"), "gitdir: /nowhere/at/all\n").unwrap();
    let error = GitVersions::open(dir.path()).snapshot(1).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Missing);
    assert!(
        error.what.ends_with(".git leads to no repository"),
        "{error:?}"
    );
    let repo = sound();
    let config = "[core]\nrepositoryformatversion = 1\n[extensions]\nrefStorage = reftable\n";
    std::fs::write(repo.git.path().join("config"), config).unwrap();
    let error = repo.versions().snapshot(1).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Malformed);
    assert!(error.hint.unwrap().contains("git refs migrate"));
}
