//! The history on real repositories: walked, looked through, compared, blamed.

use flightdeck::domain::history::ask::Walked;
use flightdeck::domain::history::blame::{Blame, BlamedCommit};
use flightdeck::domain::history::diff::{
    Change, Comparison, FileDelta, FileDiff, Kind, Origin, Pair, Side,
};
use flightdeck::domain::history::query::CommitQuery;
use flightdeck::domain::history::{Ask, CommitId, Marks, Row, Told};
use flightdeck::sources::git::GitVersions;
use flightdeck::sources::history::Stop;
use flightdeck::sources::{SourceError, VersionSource};
use git2::Oid;

use super::repo::{Repo, settle_config};

pub fn id(oid: Oid) -> CommitId {
    CommitId::from_hex(&oid.to_string()).unwrap()
}

struct History(std::sync::Arc<dyn flightdeck::sources::HistorySource>);

impl History {
    fn of(dir: &std::path::Path) -> Self {
        Self(GitVersions::open(dir).history().unwrap())
    }

    fn try_walk(&self) -> (Vec<Row>, Result<Walked, SourceError>) {
        let mut rows = Vec::new();
        let walked = self.0.walk(&Stop::default(), &mut |page| {
            rows.extend(page.0.iter().copied());
        });
        (rows, walked)
    }

    fn walk(&self) -> Vec<Row> {
        let (rows, walked) = self.try_walk();
        assert_eq!(walked.unwrap().missing, []);
        rows
    }

    fn told(&self, ask: &Ask) -> Vec<Told> {
        let mut told = Vec::new();
        self.0
            .answer(ask, &Stop::default(), &mut |one| told.push(one));
        told
    }

    fn compare(&self, pair: Pair) -> Comparison {
        let told = self.told(&Ask::Compare {
            generation: 1,
            pair,
        });
        match told.into_iter().last() {
            Some(Told::Compared { answer, .. }) => answer.unwrap(),
            other => panic!("{other:?}"),
        }
    }

    fn file(&self, pair: Pair, file: &FileDelta) -> FileDiff {
        let ask = Ask::File {
            generation: 1,
            pair,
            file: file.clone(),
        };
        match self.told(&ask).pop() {
            Some(Told::File { answer, .. }) => answer.unwrap(),
            other => panic!("{other:?}"),
        }
    }

    fn blame(&self, at: Side, path: &str) -> Blame {
        let ask = Ask::Blame {
            generation: 1,
            at,
            path: path.into(),
        };
        match self.told(&ask).pop() {
            Some(Told::Blame { answer, .. }) => answer.unwrap(),
            other => panic!("{other:?}"),
        }
    }

    fn find(&self, query: &str) -> Vec<u32> {
        let ask = Ask::Find {
            generation: 1,
            query: CommitQuery::parse(query),
            from: 0,
        };
        let mut found = Vec::new();
        let mut ended = false;
        for told in self.told(&ask) {
            match told {
                Told::Found { rows, done, .. } => {
                    found.extend(rows);
                    ended |= done;
                }
                other => panic!("{other:?}"),
            }
        }
        assert!(ended);
        found
    }
}

fn history(repo: &Repo) -> History {
    History::of(repo.path())
}

fn ids(rows: &[Row]) -> Vec<CommitId> {
    rows.iter().map(|row| row.id).collect()
}

type Shown<'f> = (&'f str, Change, Kind, Option<usize>, Option<usize>);

fn shown(files: &[FileDelta]) -> Vec<Shown<'_>> {
    files
        .iter()
        .map(|file| {
            (
                file.path.as_str(),
                file.change,
                file.kind,
                file.added,
                file.removed,
            )
        })
        .collect()
}

/// Base, a branch of one commit and one beside it, merged; and a branch that nobody merged.
fn forked() -> (Repo, [Oid; 5]) {
    let repo = Repo::new();
    repo.write("a.txt", "a\n");
    let base = repo.commit_all("base");
    repo.branch("topic", base);
    repo.checkout("topic");
    repo.write("params.yaml", "lr: 0.1\n");
    let topic = repo.commit_all("on topic");
    repo.checkout("main");
    repo.write("b.txt", "b\n");
    let main = repo.commit_all("on main");
    repo.write("params.yaml", "lr: 0.1\n");
    repo.stage_all();
    let merge = repo.commit_index("Merge topic", &[main, topic]);
    repo.branch("other", base);
    repo.checkout("other");
    repo.write("c.txt", "c\n");
    let other = repo.commit_all("never merged");
    repo.checkout("main");
    (repo, [base, topic, main, merge, other])
}

#[test]
fn all_branches_newest_first_with_their_lanes() {
    let (repo, [base, topic, main, merge, other]) = forked();
    let rows = history(&repo).walk();
    assert_eq!(ids(&rows), [other, merge, main, topic, base].map(id));
    let lanes: Vec<_> = rows
        .iter()
        .map(|row| (row.lanes.node, row.lanes.through, row.lanes.joins))
        .collect();
    // HEAD has the first lane, though a commit of another branch is newer.
    assert_eq!(
        lanes,
        [(1, 0, 0), (0, 2, 4), (0, 6, 2), (2, 1, 1), (0, 0, 0)]
    );
    assert!(rows[1].lanes.merge && !rows[2].lanes.merge);
}

#[test]
fn an_unborn_head_has_no_rows_and_a_detached_one_has() {
    let repo = Repo::new();
    assert_eq!(history(&repo).walk(), []);
    repo.write("a.txt", "a");
    let first = repo.commit_all("first");
    repo.git.set_head_detached(first).unwrap();
    repo.write("a.txt", "b");
    let second = repo.commit_all("on no branch");
    assert_eq!(ids(&history(&repo).walk()), [second, first].map(id));
}

#[test]
fn a_shallow_clone_ends_at_its_boundary() {
    let (repo, [base, topic, ..]) = forked();
    let shallow = format!("{topic}\n");
    std::fs::write(repo.git.path().join("shallow"), shallow).unwrap();
    let (rows, walked) = history(&repo).try_walk();
    assert!(walked.unwrap().shallow);
    let cut: Vec<_> = rows.iter().filter(|row| row.lanes.cut).collect();
    assert_eq!(cut.len(), 1);
    assert_eq!(cut[0].id, id(topic));
    assert_eq!(rows.last().unwrap().id, id(base));
}

#[test]
fn a_lost_commit_is_named_and_the_rest_is_shown() {
    let (repo, [base, topic, main, merge, other]) = forked();
    let hex = topic.to_string();
    let objects = repo.git.path().join("objects");
    std::fs::remove_file(objects.join(&hex[..2]).join(&hex[2..])).unwrap();
    let (rows, walked) = history(&repo).try_walk();
    assert_eq!(ids(&rows), [other, merge, main, base].map(id));
    let missing = walked.unwrap().missing;
    for named in ["refs/heads/topic", hex.as_str()] {
        let names = missing.iter().any(|it| it.what.contains(named));
        assert!(names, "{missing:?}");
    }
    assert!(rows[1].lanes.cut);
}

#[test]
fn a_broken_ref_is_named_and_the_rest_is_shown() {
    let (repo, _) = forked();
    std::fs::write(repo.git.path().join("refs/heads/broken"), "nonsense\n").unwrap();
    let (rows, walked) = history(&repo).try_walk();
    assert_eq!(rows.len(), 5);
    assert_eq!(walked.unwrap().missing.len(), 1);
}

#[test]
fn clocks_that_ran_ahead_do_no_harm() {
    let repo = Repo::new();
    repo.write("a.txt", "1");
    repo.tick(100_000);
    let ahead = repo.commit_all("from the future");
    repo.tick(-100_000);
    repo.write("a.txt", "2");
    let now = repo.commit_all("now");
    repo.branch("old", ahead);
    let rows = history(&repo).walk();
    assert_eq!(ids(&rows), [ahead, now].map(id));
    assert!(!rows[1].lanes.down && rows[1].lanes.joins == 0);
}

#[test]
fn a_linked_worktree_and_a_bare_clone_have_the_same_history() {
    let (repo, _) = forked();
    let beside = tempfile::tempdir().unwrap();
    let path = beside.path().join("linked");
    repo.git.worktree("linked", &path, None).unwrap();
    assert!(path.join(".git").is_file());
    assert_eq!(History::of(&path).walk().len(), 5);
    let bare = beside.path().join("bare.git");
    let url = repo.path().to_str().unwrap();
    git2::build::RepoBuilder::new()
        .bare(true)
        .clone(url, &bare)
        .unwrap();
    assert_eq!(History::of(&bare).walk().len(), 5);
    let pair = Pair {
        from: Side::Empty,
        to: Side::Worktree,
    };
    let ask = Ask::Compare {
        generation: 1,
        pair,
    };
    match History::of(&bare).told(&ask).pop() {
        Some(Told::Compared { answer, .. }) => {
            assert!(answer.unwrap_err().what.contains("bare"));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn texts_come_before_what_of_dvc_was_changed() {
    let repo = Repo::new();
    repo.write("dvc.lock", "a: 1\n");
    repo.write("eval/metrics.json", "{}");
    let one = repo.commit_all("  First\n\nbody");
    repo.write("params.yaml", "lr: 1\n");
    let two = repo.commit_all("Second\x1b[31m line");
    let told = history(&repo).told(&Ask::Texts(vec![id(two), id(one)]));
    let [Told::Texts(texts), Told::Marks(marks)] = told.as_slice() else {
        panic!("{told:?}");
    };
    assert_eq!(texts[0].1.summary, "Second\x1b[31m line");
    assert_eq!(texts[1].1.summary, "First");
    assert_eq!(texts[1].1.author, "Ada Tester");
    let of = |data, params, metrics| Marks {
        data,
        params,
        metrics,
        stages: false,
    };
    assert_eq!(marks[0].1, of(false, true, false));
    assert_eq!(marks[1].1, of(true, false, true));
}

#[test]
fn commits_are_found_by_word_author_id_and_path() {
    let (repo, [_, topic, ..]) = forked();
    let history = history(&repo);
    history.walk();
    assert_eq!(history.find("MERGE topic"), [1]);
    assert_eq!(history.find("on !merge"), [2, 3]);
    assert_eq!(history.find("author:ada"), [0, 1, 2, 3, 4]);
    assert_eq!(history.find(&topic.to_string()[..8]), [3]);
    assert_eq!(history.find("path:params"), [1, 3]);
    assert_eq!(history.find("path:params on"), [3]);
    assert_eq!(history.find("nowhere"), [] as [u32; 0]);
}

const LFS: &str = "version https://git-lfs.github.com/spec/v1\n\
    oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";

#[test]
fn the_files_of_a_commit_with_renames_binaries_and_pointers() {
    let repo = Repo::new();
    let body: String = (0..30).map(|n| format!("line {n}\n")).collect();
    repo.write("src/train.py", &body);
    repo.write("gone.txt", "x\n");
    repo.write("edited.txt", "1\n2\n3\n");
    let first = repo.commit_all("first");
    repo.remove("src/train.py");
    repo.remove("gone.txt");
    repo.write("src/model/train.py", format!("{body}and more\n"));
    repo.write("edited.txt", "1\ntwo\n3\n4\n");
    repo.write("model.bin", [0u8, 1, 2, 3]);
    repo.write("weights.pt", LFS);
    repo.write("large.csv", "x\n".repeat(3 << 20));
    let second = repo.commit_all("second\n\nWhy.");
    let history = history(&repo);
    let pair = Pair::of(id(second), None);
    let found = history.compare(pair);
    assert_eq!(
        shown(&found.files),
        [
            ("edited.txt", Change::Modified, Kind::Text, Some(2), Some(1)),
            ("gone.txt", Change::Deleted, Kind::Text, Some(0), Some(1)),
            ("large.csv", Change::Added, Kind::Large, None, None),
            ("model.bin", Change::Added, Kind::Binary, None, None),
            (
                "src/model/train.py",
                Change::Renamed,
                Kind::Text,
                Some(1),
                Some(0)
            ),
            ("weights.pt", Change::Added, Kind::Lfs, Some(3), Some(0)),
        ]
    );
    assert_eq!(found.files[4].old_path.as_deref(), Some("src/train.py"));
    let about = found.about.unwrap();
    assert_eq!(about.author, "Ada Tester <ada@example.com>");
    assert_eq!(about.message, "second\n\nWhy.");
    assert_eq!(about.parents, [id(first)]);
    assert_eq!((about.behind_head, about.beside_head), (Some(0), Some(0)));

    let edited = history.file(pair, &found.files[0]);
    let lines: Vec<_> = edited.hunks[0]
        .lines
        .iter()
        .map(|line| (line.origin, line.old, line.new, line.text.as_str()))
        .collect();
    assert_eq!(
        lines,
        [
            (Origin::Same, Some(1), Some(1), "1"),
            (Origin::Removed, Some(2), None, "2"),
            (Origin::Added, None, Some(2), "two"),
            (Origin::Same, Some(3), Some(3), "3"),
            (Origin::Added, None, Some(4), "4"),
        ]
    );
    let renamed = history.file(pair, &found.files[4]);
    assert_eq!(renamed.hunks.len(), 1);
    for (at, kind) in [(2, Kind::Large), (3, Kind::Binary)] {
        let file = history.file(pair, &found.files[at]);
        assert_eq!((file.kind, file.hunks.len()), (kind, 0));
        assert!(file.note.is_some());
    }
    let pointer = history.file(pair, &found.files[5]);
    assert_eq!((pointer.kind, pointer.hunks.len()), (Kind::Lfs, 1));

    let root = history.compare(Pair::of(id(first), None));
    assert_eq!(root.total, 3);
    assert!(root.files.iter().all(|file| file.change == Change::Added));
    assert_eq!(root.about.unwrap().behind_head, Some(1));
    let back = history.compare(Pair::between(id(second), id(first)));
    assert_eq!(back.total, 6);
    assert_eq!(back.about, None);
}

#[test]
fn the_working_tree_against_head() {
    let repo = Repo::new();
    repo.write("a.txt", "1\n");
    repo.write("b.txt", "1\n");
    let head = repo.commit_all("first");
    repo.write("a.txt", "2\n");
    repo.stage_all();
    repo.write("b.txt", "1\n2\n");
    repo.write("new/c.txt", "c\n");
    let history = history(&repo);
    let pair = Pair::of(CommitId::WORKTREE, Some(id(head)));
    let found = history.compare(pair);
    assert_eq!(
        shown(&found.files),
        [
            ("a.txt", Change::Modified, Kind::Text, Some(1), Some(1)),
            ("b.txt", Change::Modified, Kind::Text, Some(1), Some(0)),
            ("new/", Change::Untracked, Kind::Text, None, None),
        ]
    );
    let file = history.file(pair, &found.files[1]);
    assert_eq!(file.hunks[0].lines.len(), 2);
    let tree = match history
        .told(&Ask::Tree {
            generation: 1,
            at: Side::Commit(id(head)),
        })
        .pop()
    {
        Some(Told::Tree { answer, .. }) => answer.unwrap(),
        other => panic!("{other:?}"),
    };
    let paths: Vec<&str> = tree.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["a.txt", "b.txt"]);
}

#[test]
fn many_files_are_counted_and_the_first_listed() {
    let repo = Repo::new();
    for n in 0..2100 {
        repo.write(&format!("data/{n:04}.txt"), "x\n");
    }
    let first = repo.commit_all("many");
    let found = history(&repo).compare(Pair::of(id(first), None));
    assert_eq!((found.total, found.files.len()), (2100, 2000));
    assert!(found.note.is_some());
    assert_eq!(found.files[0].added, None);
}

/// Text, commit, and what was before, of each line.
fn written(blame: &Blame) -> Vec<(&str, &str, Option<&str>)> {
    blame
        .lines
        .iter()
        .map(|line| {
            let commit = &blame.commits[line.commit.unwrap() as usize];
            let before = line.before.as_ref().map(|(_, text)| text.as_str());
            (line.text.as_str(), commit.summary.as_str(), before)
        })
        .collect()
}

fn commit_of(blame: &Blame, line: usize) -> &BlamedCommit {
    &blame.commits[blame.lines[line].commit.unwrap() as usize]
}

#[test]
fn who_changed_a_param_and_what_it_was_before() {
    let repo = Repo::new();
    repo.write("params.yaml", "train:\n  lr: 0.1\n  epochs: 3\n");
    let first = repo.commit_all("begin");
    repo.write("params.yaml", "train:\n  lr: 0.2\n  epochs: 3\n");
    let second = repo.commit_all("double lr");
    std::fs::create_dir(repo.at("conf")).unwrap();
    std::fs::rename(repo.at("params.yaml"), repo.at("conf/params.yaml")).unwrap();
    repo.commit_all("move");
    repo.write(
        "conf/params.yaml",
        "train:\n  batch: 8\n  epochs: 5\n  lr: 0.2\n",
    );
    let last = repo.commit_all("longer");
    let history = history(&repo);
    let blame = history.blame(Side::Commit(id(last)), "conf/params.yaml");
    assert!(blame.done);
    assert_eq!(blame.lines[2].before, Some((3, "  epochs: 3".into())));
    assert_eq!(
        written(&blame),
        [
            ("train:", "begin", None),
            ("  batch: 8", "longer", None),
            ("  epochs: 5", "longer", Some("  epochs: 3")),
            ("  lr: 0.2", "double lr", Some("  lr: 0.1")),
        ]
    );
    let lr = commit_of(&blame, 3);
    assert_eq!((lr.id, lr.path.as_str()), (id(second), "params.yaml"));
    let (before, path) = lr.parent.clone().unwrap();
    assert_eq!(before, id(first));
    let older = history.blame(Side::Commit(before), &path);
    assert_eq!(older.lines[1].text, "  lr: 0.1");
    assert_eq!(commit_of(&older, 1).parent, None);
}

#[test]
fn lines_that_are_not_committed_are_nobodys() {
    let repo = Repo::new();
    repo.write("params.yaml", "lr: 0.1\nepochs: 3\n");
    repo.commit_all("begin");
    repo.write("params.yaml", "lr: 0.3\nepochs: 3\n");
    let blame = history(&repo).blame(Side::Worktree, "params.yaml");
    assert_eq!(
        written(&blame),
        [
            ("lr: 0.3", "in the working tree", Some("lr: 0.1")),
            ("epochs: 3", "begin", None),
        ]
    );
    assert_eq!(commit_of(&blame, 0).id, CommitId::WORKTREE);
}

#[test]
fn both_sides_of_a_merge_keep_what_they_wrote() {
    let repo = Repo::new();
    repo.write("p.yaml", "a: 1\nb: 1\nc: 1\nd: 1\ne: 1\n");
    let base = repo.commit_all("base");
    repo.branch("topic", base);
    repo.checkout("topic");
    repo.write("p.yaml", "a: 2\nb: 1\nc: 1\nd: 1\ne: 1\n");
    let topic = repo.commit_all("topic");
    repo.checkout("main");
    repo.write("p.yaml", "a: 1\nb: 1\nc: 1\nd: 1\ne: 2\n");
    let main = repo.commit_all("main");
    repo.write("p.yaml", "a: 2\nb: 1\nc: 1\nd: 1\ne: 2\n");
    repo.stage_all();
    let merge = repo.commit_index("merge", &[main, topic]);
    let blame = history(&repo).blame(Side::Commit(id(merge)), "p.yaml");
    let who: Vec<&str> = (0..5)
        .map(|line| commit_of(&blame, line).summary.as_str())
        .collect();
    assert_eq!(who, ["topic", "base", "base", "base", "main"]);
}

#[test]
fn what_is_not_there_or_has_no_lines_is_said() {
    let repo = Repo::new();
    settle_config(&repo.git);
    repo.write("model.bin", [0u8, 1, 2]);
    let first = repo.commit_all("first");
    let history = history(&repo);
    let blame = history.blame(Side::Commit(id(first)), "model.bin");
    assert!(blame.lines.is_empty() && blame.done && blame.note.is_some());
    let ask = Ask::Blame {
        generation: 1,
        at: Side::Commit(id(first)),
        path: "params.yaml".into(),
    };
    match history.told(&ask).pop() {
        Some(Told::Blame { answer, .. }) => {
            assert!(answer.unwrap_err().what.contains("params.yaml"));
        }
        other => panic!("{other:?}"),
    }
    let nobody = CommitId([7; 20]);
    let ask = Ask::Compare {
        generation: 1,
        pair: Pair::of(nobody, None),
    };
    match history.told(&ask).pop() {
        Some(Told::Compared { answer, .. }) => {
            assert!(answer.unwrap_err().what.contains("0707070"));
        }
        other => panic!("{other:?}"),
    }
}
