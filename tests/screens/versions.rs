//! Code, data, models, images, and refs.

use flightdeck::domain::history::CommitId;
use flightdeck::domain::history::blame::{Blame, BlamedCommit, BlamedLine};
use flightdeck::domain::history::diff::{
    Change, FileDelta, FileDiff, Hunk, Kind, Line, Origin, Pair, Side,
};
use flightdeck::domain::source_error::{ErrorKind, SourceError};
use flightdeck::store::list::ListState;
use flightdeck::store::model::Model;
use flightdeck::store::model::nav::{Pane, Screen};
use flightdeck::store::model::versions::VersionsSection;
use flightdeck::store::model::versions::history::{Found, Open};
use flightdeck::theme::{ColorSupport, Theme};

use super::fixtures::day;
use super::render::{buffer_with, lines, text, text_and_styles};

fn versions(section: VersionsSection) -> Model {
    let mut model = day();
    model.nav.screen = Screen::Versions;
    model.nav.focus = Pane::VersionList;
    model.versions.section = section;
    model
}

#[test]
fn versions_120x40_commits() {
    insta::assert_snapshot!(text_and_styles(
        &versions(VersionsSection::Commits),
        (120, 40)
    ));
}

#[test]
fn versions_120x40_data() {
    insta::assert_snapshot!(text_and_styles(&versions(VersionsSection::Data), (120, 30)));
}

#[test]
fn versions_120x40_models() {
    insta::assert_snapshot!(text(&versions(VersionsSection::Models), (120, 30)));
}

#[test]
fn versions_120x40_images() {
    insta::assert_snapshot!(text(&versions(VersionsSection::Images), (120, 30)));
}

#[test]
fn versions_120x40_refs() {
    insta::assert_snapshot!(text(&versions(VersionsSection::Refs), (120, 30)));
}

#[test]
fn versions_80x24() {
    insta::assert_snapshot!(text(&versions(VersionsSection::Commits), (80, 24)));
}

fn opened(open: Open) -> Model {
    let mut model = versions(VersionsSection::Commits);
    model.nav.focus = Pane::VersionDetail;
    model.versions.history.detail.open.push(open);
    model
}

fn params() -> FileDelta {
    FileDelta {
        path: "params.yaml".into(),
        old_path: None,
        change: Change::Modified,
        kind: Kind::Text,
        added: Some(1),
        removed: Some(1),
    }
}

#[test]
fn the_lines_of_a_file_that_differ() {
    let line = |origin, old, new, text: &str| Line {
        origin,
        old,
        new,
        text: text.into(),
    };
    let diff = FileDiff {
        hunks: vec![Hunk {
            header: "@@ -1,3 +1,4 @@".into(),
            lines: vec![
                line(Origin::Same, Some(1), Some(1), "train:"),
                line(Origin::Removed, Some(2), None, "  lr: 0.05"),
                line(Origin::Added, None, Some(2), "  lr: 0.03"),
                line(Origin::Added, None, Some(3), "  bins: \x1b[31m五\x1b[0m"),
                line(Origin::Same, Some(3), Some(4), "  epochs: 30"),
            ],
        }],
        ..FileDiff::default()
    };
    let id = CommitId::from_hex("a1b2c3d4e5f60718293a4b5c6d7e8f9012345678").unwrap();
    let model = opened(Open::Lines {
        pair: Pair::of(id, None),
        file: params(),
        generation: 1,
        answer: Some(Ok(diff)),
    });
    insta::assert_snapshot!(text_and_styles(&model, (80, 16)));
}

#[test]
fn who_wrote_each_line() {
    let line = |text: &str, commit, before: Option<&str>| BlamedLine {
        text: text.into(),
        commit,
        there: 2,
        before: before.map(|text| (2, text.into())),
    };
    let commit = |id: &str, author: &str, summary: &str| BlamedCommit {
        id: CommitId::from_hex(&format!("{id:0<40}")).unwrap(),
        author: author.into(),
        at: 1_795_300_000,
        summary: summary.into(),
        path: "params.yaml".into(),
        parent: Some((CommitId([1; 20]), "params.yaml".into())),
    };
    let blame = Blame {
        lines: vec![
            line("train:", Some(0), None),
            line("  lr: 0.03", Some(1), Some("  lr: 0.05")),
            line("  epochs: 30", Some(0), None),
            line("  bins: 5", None, None),
        ],
        commits: vec![
            commit("1234abc", "Bob Okafor", "first pipeline"),
            commit("a1b2c3d", "Alice Meyer", "tune lr, new features"),
        ],
        walked: 8192,
        ..Blame::default()
    };
    let lines = ListState {
        index: 1,
        selected: Some("1".into()),
        ..ListState::default()
    };
    let model = opened(Open::Blame {
        at: Side::Worktree,
        path: "params.yaml".into(),
        generation: 1,
        answer: Some(Ok(blame)),
        lines,
    });
    insta::assert_snapshot!(text_and_styles(&model, (80, 26)));
}

#[test]
fn two_commits_compared_in_ascii_while_commits_are_looked_through() {
    let mut model = versions(VersionsSection::Commits);
    let older = model.versions.history.rows.get(4).unwrap().id;
    let newer = model.versions.history.rows.get(0).unwrap().id;
    let history = &mut model.versions.history;
    history.marked = Some(older);
    history.detail.pair = Some(Pair::between(older, newer));
    history.found = Some(Found {
        rows: vec![0, 4],
        looked_at: 3,
        ..Found::default()
    });
    model.versions.commits.filter = "author:alice".into();
    model.versions.commits.index = 0;
    let theme = Theme::load("mono", None, ColorSupport::None, true).0;
    insta::assert_snapshot!(lines(&buffer_with(&model, (120, 18), &theme).0));
}

#[test]
fn a_broken_history_is_said_and_the_rest_is_shown() {
    let mut model = versions(VersionsSection::Commits);
    let what = "commit 77aa001100000000000000000000000000000000: object not found";
    let error = SourceError::new("git", ErrorKind::Malformed, what)
        .with_hint("git fsck names what is damaged");
    model.versions.history.missing.push(error);
    model.versions.waits_for = Some("rebase in progress".into());
    insta::assert_snapshot!(text(&model, (100, 18)));
}
