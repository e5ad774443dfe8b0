//! The list of commits: walked, moved in, looked through, compared.

use super::*;
use crate::domain::history::ask::{Ask, Told, Walked};
use crate::domain::history::blame::{Blame, BlamedCommit, BlamedLine};
use crate::domain::history::diff::{Change, Comparison, FileDelta, FileDiff, Kind, Pair, Side};
use crate::domain::history::{CommitId, CommitText, Lanes, Marks, Page, Row};
use crate::domain::repository::{Branch, FileChange, Repository};
use crate::store::model::versions::history::{Open, WalkState};

fn id(n: u32) -> CommitId {
    let mut bytes = [7; 20];
    bytes[..4].copy_from_slice(&n.to_be_bytes());
    CommitId(bytes)
}

fn page(from: u32, to: u32) -> Told {
    let rows: Vec<Row> = (from..to)
        .map(|n| Row {
            id: id(n),
            at: 1_700_000_000 - i64::from(n),
            lanes: Lanes::default(),
        })
        .collect();
    Told::Rows(Page(rows.into()))
}

fn repository(head: u32) -> Repository {
    let mut repository = Repository::default();
    repository.head.commit = Some(id(head).to_string());
    repository
}

fn told(bench: &mut Bench, walk: u64, told: Told) -> Vec<Effect> {
    bench.send(Msg::Data(Box::new(Data::History {
        walk,
        told: Box::new(told),
    })))
}

fn receive(bench: &mut Bench, repository: Repository) -> Vec<Effect> {
    let answer = Ok(Partial::whole(repository));
    bench.send(Msg::Data(Box::new(Data::Repository(answer))))
}

fn asks(effects: &[Effect]) -> Vec<&Ask> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::History(ask) => Some(&**ask),
            _ => None,
        })
        .collect()
}

fn selected(bench: &Bench) -> Option<CommitId> {
    rows::selected_commit(&bench.model)
}

/// On Versions with 100,000 commits known.
fn walked() -> Bench {
    let mut bench = Bench::new();
    bench.model.size = (120, 40);
    let effects = bench.press(&[Command::GoVersions]);
    assert!(effects.contains(&Effect::WalkHistory(1)), "{effects:?}");
    receive(&mut bench, repository(0));
    told(&mut bench, 1, page(0, 100));
    told(&mut bench, 1, page(100, 100_000));
    told(&mut bench, 1, Told::Walked(Ok(Walked::default())));
    bench
}

#[test]
fn nothing_is_walked_before_the_commits_are_shown() {
    let mut bench = Bench::new();
    let effects = receive(&mut bench, repository(0));
    assert!(!effects.iter().any(|e| matches!(e, Effect::WalkHistory(_))));
    assert_eq!(bench.model.versions.history.state, WalkState::Never);
    bench.press(&[Command::GoVersions]);
    assert_eq!(bench.model.versions.history.state, WalkState::Walking);
    let again = bench.press(&[Command::GoDeck, Command::GoVersions]);
    assert!(!again.iter().any(|e| matches!(e, Effect::WalkHistory(_))));
}

#[test]
fn rows_on_screen_are_asked_for_once() {
    let mut bench = Bench::new();
    bench.model.size = (120, 40);
    bench.press(&[Command::GoVersions]);
    let effects = told(&mut bench, 1, page(0, 1000));
    let wanted = asks(&effects).into_iter().find_map(|ask| match ask {
        Ask::Texts(ids) => Some(ids.clone()),
        _ => None,
    });
    // A screen of 20 rows, and one below.
    let wanted = wanted.unwrap();
    assert_eq!(wanted.first(), Some(&id(0)));
    assert_eq!(wanted.len(), 40);
    assert!(
        asks(&bench.press(&[Command::Down]))
            .iter()
            .all(|ask| !matches!(ask, Ask::Texts(_)))
    );
    let texts = wanted
        .iter()
        .map(|id| (*id, CommitText::default()))
        .collect();
    let marks = wanted.iter().map(|id| (*id, Marks::default())).collect();
    told(&mut bench, 1, Told::Texts(texts));
    told(&mut bench, 1, Told::Marks(marks));
    assert!(bench.model.versions.history.asked.is_empty());
    let effects = bench.press(&[Command::Bottom]);
    assert!(
        asks(&effects)
            .iter()
            .any(|ask| matches!(ask, Ask::Texts(ids) if ids[0] == id(980)))
    );
}

#[test]
fn to_the_oldest_and_back() {
    let mut bench = walked();
    bench.press(&[Command::Bottom]);
    assert_eq!(selected(&bench), Some(id(99_999)));
    bench.press(&[Command::PageUp]);
    assert_eq!(selected(&bench), Some(id(99_980)));
    bench.press(&[Command::Top, Command::Down, Command::Down]);
    assert_eq!(selected(&bench), Some(id(2)));
    bench.press(&[Command::SortNext]);
    assert_eq!(selected(&bench), Some(id(2)));
}

#[test]
fn a_newer_walk_replaces_the_rows_at_its_end_and_moves_no_selection() {
    let mut bench = walked();
    bench.press(&[Command::Down, Command::Down]);
    let effects = receive(&mut bench, repository(500_000));
    assert!(effects.contains(&Effect::WalkHistory(2)));
    told(&mut bench, 1, page(0, 9));
    told(&mut bench, 2, page(500_000, 500_005));
    assert_eq!(bench.model.versions.history.rows.len(), 100_000);
    told(&mut bench, 2, page(0, 50));
    told(&mut bench, 2, Told::Walked(Ok(Walked::default())));
    assert_eq!(bench.model.versions.history.rows.len(), 55);
    assert_eq!(selected(&bench), Some(id(2)));
    assert_eq!(bench.model.versions.commits.index, 7);
    // The same again is nothing new.
    let effects = receive(&mut bench, repository(500_000));
    assert!(!effects.iter().any(|e| matches!(e, Effect::WalkHistory(_))));
    let mut moved = repository(500_000);
    moved.branches.push(Branch {
        name: "topic".into(),
        commit: id(3).to_string(),
        remote: false,
        upstream: None,
        ahead: None,
        behind: None,
        is_head: false,
    });
    assert!(receive(&mut bench, moved).contains(&Effect::WalkHistory(3)));
}

#[test]
fn a_filter_is_looked_for_among_all_and_goes_on_after_the_walk() {
    let mut bench = Bench::new();
    bench.press(&[Command::GoVersions]);
    told(&mut bench, 1, page(0, 100));
    bench.press(&[Command::Filter]);
    let effects = bench.send(Msg::Text('x'));
    let Some(Ask::Find {
        generation, from, ..
    }) = asks(&effects).first().copied().cloned()
    else {
        panic!("{effects:?}");
    };
    assert_eq!(from, 0);
    let found = |rows: &[u32], looked_at, generation| Told::Found {
        generation,
        rows: rows.to_vec(),
        looked_at,
        done: true,
    };
    told(&mut bench, 1, found(&[5, 70], 100, generation));
    assert_eq!(bench.model.versions.commit_view().len(), 2);
    assert_eq!(selected(&bench), Some(id(5)));
    told(&mut bench, 1, page(100, 300));
    let effects = told(&mut bench, 1, Told::Walked(Ok(Walked::default())));
    assert!(
        asks(&effects)
            .iter()
            .any(|ask| matches!(ask, Ask::Find { from: 100, .. }))
    );
    told(&mut bench, 1, found(&[250], 300, generation));
    bench.press(&[Command::Submit, Command::Bottom]);
    assert_eq!(selected(&bench), Some(id(250)));
    // Without the filter the commit that was found stays selected.
    let effects = bench.press(&[Command::Back]);
    assert!(asks(&effects).contains(&&Ask::FindNoMore));
    assert_eq!(selected(&bench), Some(id(250)));
    assert_eq!(bench.model.versions.commits.index, 250);
    told(&mut bench, 1, found(&[9], 300, generation));
    assert!(bench.model.versions.history.found.is_none());
}

#[test]
fn a_commit_that_has_not_come_yet_is_selected_when_it_does() {
    let mut bench = Bench::new();
    bench.press(&[Command::GoVersions]);
    told(&mut bench, 1, page(0, 100));
    super::lists::select_id(
        &mut bench.model,
        Pane::VersionList,
        &id(150).to_string()[..12],
    );
    assert_eq!(selected(&bench), Some(id(0)));
    told(&mut bench, 1, page(100, 200));
    assert_eq!(selected(&bench), Some(id(150)));
    told(&mut bench, 1, Told::Walked(Ok(Walked::default())));
    super::lists::select_id(&mut bench.model, Pane::VersionList, "ffff");
    let notice = bench.model.notices.current(bench.model.now);
    assert!(notice.unwrap().text.contains("ffff"));
}

fn file(path: &str) -> FileDelta {
    FileDelta {
        path: path.into(),
        old_path: None,
        change: Change::Modified,
        kind: Kind::Text,
        added: Some(1),
        removed: Some(1),
    }
}

fn compared(effects: &[Effect]) -> Option<(u64, Pair)> {
    asks(effects).into_iter().rev().find_map(|ask| match ask {
        Ask::Compare { generation, pair } => Some((*generation, *pair)),
        _ => None,
    })
}

fn answer(bench: &mut Bench, generation: u64, paths: &[&str]) {
    let comparison = Comparison {
        files: paths.iter().map(|path| file(path)).collect(),
        total: paths.len(),
        ..Comparison::default()
    };
    let answer = Ok(comparison);
    told(bench, 1, Told::Compared { generation, answer });
}

#[test]
fn the_selected_commit_is_compared_and_a_marked_one_with_it() {
    let mut bench = walked();
    let (_, own) = compared(&bench.press(&[Command::Down])).unwrap();
    assert_eq!(own, Pair::of(id(1), None));
    assert_eq!(compared(&bench.press(&[Command::Mark])), None);
    let (generation, both) = compared(&bench.press(&[Command::Bottom])).unwrap();
    // From the older one to the newer one.
    assert_eq!(both, Pair::between(id(99_999), id(1)));
    answer(&mut bench, generation - 1, &["late"]);
    assert!(bench.model.versions.history.detail.answer.is_none());
    answer(&mut bench, generation, &["a", "b"]);
    bench.press(&[Command::Open, Command::Down]);
    assert_eq!(
        bench
            .model
            .versions
            .history
            .detail
            .selected_file()
            .map(|f| f.path.as_str()),
        Some("b")
    );
    bench.press(&[Command::Back]);
    let (_, own) = compared(&bench.press(&[Command::Top, Command::Down, Command::Mark])).unwrap();
    assert_eq!(own, Pair::of(id(1), None));
    assert_eq!(bench.model.versions.history.marked, None);
}

#[test]
fn into_a_file_and_back() {
    let mut bench = walked();
    let (generation, pair) = compared(&bench.press(&[Command::Down])).unwrap();
    answer(&mut bench, generation, &["params.yaml"]);
    bench.press(&[Command::Open]);
    assert_eq!(bench.model.nav.focus, Pane::VersionDetail);
    let effects = bench.press(&[Command::Open]);
    let Some(Ask::File {
        generation,
        pair: asked,
        ..
    }) = asks(&effects).first().copied()
    else {
        panic!("{effects:?}");
    };
    assert_eq!(*asked, pair);
    let generation = *generation;
    told(
        &mut bench,
        1,
        Told::File {
            generation,
            answer: Ok(FileDiff::default()),
        },
    );
    let open = bench.model.versions.history.detail.open.last();
    assert!(matches!(
        open,
        Some(Open::Lines {
            answer: Some(Ok(_)),
            ..
        })
    ));
    bench.press(&[Command::Back]);
    assert!(bench.model.versions.history.detail.open.is_empty());
    assert_eq!(bench.model.nav.focus, Pane::VersionDetail);
    bench.press(&[Command::Back]);
    assert_eq!(bench.model.nav.focus, Pane::VersionList);
}

#[test]
fn a_line_is_walked_back() {
    let mut bench = walked();
    let effects = bench.press(&[Command::Blame]);
    let found = asks(&effects).into_iter().find_map(|ask| match ask {
        Ask::Blame {
            generation,
            at,
            path,
        } => Some((*generation, *at, path.clone())),
        _ => None,
    });
    let (generation, at, path) = found.unwrap();
    assert_eq!((at, path.as_str()), (Side::Commit(id(0)), "params.yaml"));
    let blame = Blame {
        lines: vec![BlamedLine {
            text: "lr: 0.2".into(),
            commit: Some(0),
            there: 1,
            before: Some((1, "lr: 0.1".into())),
        }],
        commits: vec![BlamedCommit {
            id: id(40),
            author: "Ada".into(),
            at: 0,
            summary: "double lr".into(),
            path: "params.yaml".into(),
            parent: Some((id(41), "old.yaml".into())),
        }],
        done: true,
        ..Blame::default()
    };
    told(
        &mut bench,
        1,
        Told::Blame {
            generation,
            answer: Ok(blame),
        },
    );
    let effects = bench.press(&[Command::Open]);
    let file = asks(&effects).into_iter().find_map(|ask| match ask {
        Ask::File { pair, file, .. } => Some((*pair, file.clone())),
        _ => None,
    });
    let (pair, file) = file.unwrap();
    assert_eq!(pair, Pair::of(id(40), None));
    assert_eq!(file.old_path.as_deref(), Some("old.yaml"));
    let effects = bench.press(&[Command::Back, Command::Blame]);
    assert!(asks(&effects).iter().any(|ask| matches!(ask,
        Ask::Blame { at: Side::Commit(at), path, .. } if *at == id(41) && path == "old.yaml")));
    bench.press(&[Command::Back, Command::Back]);
    assert!(bench.model.versions.history.detail.open.is_empty());
}

#[test]
fn the_working_tree_has_a_row_while_it_differs() {
    let mut bench = walked();
    bench.press(&[Command::Down]);
    let mut dirty = repository(0);
    dirty.worktree.unstaged.push(FileChange {
        path: "a".into(),
        change: "modified".into(),
    });
    receive(&mut bench, dirty.clone());
    assert_eq!(selected(&bench), Some(id(1)));
    let (_, pair) = compared(&bench.press(&[Command::Top])).unwrap();
    assert_eq!(selected(&bench), Some(CommitId::WORKTREE));
    assert_eq!(
        pair,
        Pair {
            from: Side::Commit(id(0)),
            to: Side::Worktree
        }
    );
    // Another change of it is compared again.
    dirty.worktree.untracked.push("b".into());
    assert!(compared(&receive(&mut bench, dirty)).is_some());
    receive(&mut bench, repository(0));
    assert_eq!(selected(&bench), Some(id(0)));
}

#[test]
fn a_walk_that_failed_is_tried_again_when_there_is_something_to_walk() {
    let mut bench = Bench::new();
    bench.press(&[Command::GoVersions]);
    let error = SourceError::new("git", ErrorKind::Missing, "no repository here");
    told(&mut bench, 1, Told::Walked(Err(error)));
    assert_eq!(bench.press(&[Command::Down]), []);
    assert!(receive(&mut bench, repository(0)).contains(&Effect::WalkHistory(2)));
    told(&mut bench, 2, page(0, 3));
    told(&mut bench, 2, Told::Walked(Ok(Walked::default())));
    assert!(bench.model.versions.history.failure.is_none());
    assert_eq!(bench.model.versions.history.rows.len(), 3);
    // Asked for on purpose, it is walked anew.
    assert!(
        bench
            .press(&[Command::Refresh])
            .contains(&Effect::WalkHistory(3))
    );
}
