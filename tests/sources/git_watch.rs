//! The fingerprint: what changes it, and what it waits for.

use flightdeck::sources::VersionSource;

use super::repo::{Repo, whole};

fn watched() -> (Repo, flightdeck::sources::git::GitVersions, u64) {
    let repo = Repo::new();
    repo.write("tracked.txt", "one");
    repo.write("dir/other.txt", "one");
    repo.commit_all("one");
    let versions = repo.versions();
    whole(&versions, 10);
    let before = versions.fingerprint().unwrap();
    (repo, versions, before)
}

#[test]
fn nothing_changed_and_a_snapshot_changes_nothing() {
    let (_repo, versions, before) = watched();
    assert_eq!(versions.fingerprint().unwrap(), before);
    whole(&versions, 10);
    whole(&versions, 1);
    assert_eq!(versions.fingerprint().unwrap(), before);
}

#[test]
fn the_first_snapshot_does_not_look_like_a_change() {
    let repo = Repo::new();
    repo.write("a", "a");
    repo.commit_all("one");
    let versions = repo.versions();
    let before = versions.fingerprint().unwrap();
    whole(&versions, 10);
    assert_eq!(versions.fingerprint().unwrap(), before);
}

#[test]
fn every_kind_of_change_is_noticed() {
    type Act = fn(&Repo);
    let acts: [(&str, Act); 9] = [
        ("an edit", |repo| repo.write("tracked.txt", "edited")),
        ("an edit below", |repo| {
            repo.write("dir/other.txt", "edited")
        }),
        ("a new file", |repo| repo.write("dir/new.txt", "n")),
        ("a deletion", |repo| repo.remove("tracked.txt")),
        ("staging", |repo| {
            repo.write("dir/new.txt", "n");
            repo.stage_all();
        }),
        ("a commit", |repo| {
            repo.commit_index("two", &[repo.head().unwrap()]);
        }),
        ("a branch", |repo| {
            repo.branch("a/b/c", repo.head().unwrap())
        }),
        ("a tag", |repo| {
            let head = repo
                .git
                .head()
                .unwrap()
                .peel(git2::ObjectType::Commit)
                .unwrap();
            repo.git.tag_lightweight("v1", &head, false).unwrap();
        }),
        ("a checkout", |repo| {
            repo.git.set_head_detached(repo.head().unwrap()).unwrap()
        }),
    ];
    for (what, act) in acts {
        let (repo, versions, before) = watched();
        act(&repo);
        let after = versions.fingerprint().unwrap();
        assert_ne!(after, before, "{what}");
        assert_eq!(versions.fingerprint().unwrap(), after, "{what} counts once");
    }
}

#[test]
fn a_snapshot_taken_by_another_does_not_hide_a_change() {
    let (repo, versions, before) = watched();
    repo.write("tracked.txt", "edited");
    whole(&versions, 10);
    assert_ne!(versions.fingerprint().unwrap(), before);
}

#[test]
fn while_git_writes_the_old_state_stands() {
    let (repo, versions, before) = watched();
    let lock = repo.git.path().join("index.lock");
    std::fs::write(&lock, "").unwrap();
    repo.write("tracked.txt", "edited");
    repo.branch("new", repo.head().unwrap());
    assert_eq!(versions.fingerprint().unwrap(), before);
    std::fs::remove_file(&lock).unwrap();
    assert_ne!(versions.fingerprint().unwrap(), before);
}

#[test]
fn a_lock_left_by_a_crash_does_not_hold_for_ever() {
    let (repo, versions, before) = watched();
    std::fs::write(repo.git.path().join("index.lock"), "").unwrap();
    repo.write("tracked.txt", "edited");
    let polls = (0..100)
        .take_while(|_| versions.fingerprint().unwrap() == before)
        .count();
    assert!((10..50).contains(&polls), "{polls}");
}

#[test]
fn in_the_middle_of_a_rebase_only_a_state_that_stays_is_shown() {
    let (repo, versions, _) = watched();
    std::fs::create_dir(repo.git.path().join("rebase-merge")).unwrap();
    versions.fingerprint().unwrap();
    let paused = versions.fingerprint().unwrap();
    repo.commit_index("picked", &[repo.head().unwrap()]);
    assert_eq!(versions.fingerprint().unwrap(), paused, "still moving");
    repo.commit_index("picked too", &[repo.head().unwrap()]);
    assert_eq!(versions.fingerprint().unwrap(), paused, "still moving");
    assert_ne!(versions.fingerprint().unwrap(), paused, "at rest");
}

#[test]
fn a_repository_that_comes_back_is_a_change() {
    let (repo, versions, before) = watched();
    let away = repo.path().join("away");
    std::fs::rename(repo.git.path(), &away).unwrap();
    assert!(versions.fingerprint().is_err());
    std::fs::rename(&away, repo.path().join(".git")).unwrap();
    assert_ne!(versions.fingerprint().unwrap(), before);
}

#[test]
fn many_files_are_looked_at_over_several_polls() {
    let repo = Repo::new();
    for at in 0..700 {
        repo.write(&format!("f{at:04}"), "x");
    }
    repo.commit_all("many");
    let versions = repo.versions();
    whole(&versions, 1);
    let before = versions.fingerprint().unwrap();
    repo.write("f0690", "longer");
    let polls = (0..10)
        .take_while(|_| versions.fingerprint().unwrap() == before)
        .count();
    assert!(polls < 6, "{polls}");
}
