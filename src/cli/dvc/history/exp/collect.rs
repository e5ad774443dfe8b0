//! Experiments under the commits that they began from.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::cli::args::DvcExpShowArgs;
use crate::cli::dvc::Refusal;
use crate::cli::dvc::history::revisions::{Asked, failed, revisions};
use crate::cli::dvc::session::Session;
use crate::sources::dvc::exps::{Executor, Queue, State, Task};
use crate::sources::dvc::history::{Fault, Reader, Record, Tree, Wanted, WorkspaceTree};
use crate::sources::dvc::{Project, each};
use crate::sources::git::{ExperimentRef, ProjectGit, Revisions, Sha, Trees};

/// Experiments that one thread reads at a time.
const SHARE: usize = 16;

/// One revision, and what is in it.
pub struct Shown {
    /// An id, or `workspace`.
    pub rev: String,
    pub name: Option<String>,
    pub data: Option<(Option<i64>, Record)>,
    pub error: Option<Fault>,
    /// Whether its metrics are none because it has not run.
    pub without_metrics: bool,
}

/// One experiment: its commits from the newest on.
pub struct Experiment {
    pub revs: Vec<Shown>,
    pub executor: Option<Executor>,
    pub name: Option<String>,
}

/// A commit with what began from it.
pub struct Baseline {
    pub shown: Shown,
    pub experiments: Vec<Experiment>,
}

/// A revision to be read.
enum Wish {
    Commit(Sha),
    Workspace(PathBuf),
}

/// What is to become of a revision that was read.
struct Draft {
    name: Option<String>,
    executor: Option<Executor>,
    error: Option<Fault>,
    without_metrics: bool,
    revs: Vec<(String, Wish)>,
}

pub fn baselines(args: &DvcExpShowArgs, session: &Session) -> Result<Vec<Baseline>, Refusal> {
    let git = session.revisions()?;
    if git.head().is_none() {
        return Ok(Vec::new());
    }
    let many = args.all_branches || args.all_tags || args.baselines.all_commits;
    let mut revs = args.baselines.rev.clone();
    if revs.is_empty() && !many {
        revs.push("HEAD".to_owned());
    }
    let asked = Asked {
        revs,
        num: args.baselines.num,
        all_branches: args.all_branches,
        all_tags: args.all_tags,
        all_commits: args.baselines.all_commits,
    };
    let commits = revisions(&git, &asked)?;
    let names = if args.sha {
        Names::default()
    } else {
        Names::of(&git)?
    };
    let mut drafts: Vec<(usize, Draft)> = Vec::new();
    if !args.hide_workspace {
        drafts.push((
            0,
            Draft::baseline(
                "workspace",
                Wish::Workspace(session.project.root.clone()),
                None,
            ),
        ));
    }
    let queue = Queue::read(&session.project.root);
    let experiments = git.experiments().map_err(failed)?;
    let mut by_baseline: HashMap<&str, Vec<&ExperimentRef>> = HashMap::new();
    for experiment in &experiments {
        by_baseline
            .entry(&experiment.baseline)
            .or_default()
            .push(experiment);
    }
    for (id, _) in &commits {
        let own = Draft::baseline(id, Wish::Commit(id.clone()), names.name(id));
        drafts.push((0, own));
        let own = by_baseline
            .get(id.as_str())
            .map(Vec::as_slice)
            .unwrap_or_default();
        let kinds: [(usize, Vec<Draft>); 4] = [
            (
                1,
                queue
                    .of(State::Running, id)
                    .map(|task| running(task, &git))
                    .collect(),
            ),
            (
                2,
                own.iter().map(|it| successful(it, &queue, &git)).collect(),
            ),
            (
                3,
                queue
                    .of(State::Queued, id)
                    .filter(|_| !args.hide_queued)
                    .map(queued)
                    .collect(),
            ),
            (
                4,
                queue
                    .of(State::Failed, id)
                    .filter(|_| !args.hide_failed)
                    .map(failed_task)
                    .collect(),
            ),
        ];
        for (kind, found) in kinds {
            drafts.extend(found.into_iter().map(|draft| (kind, draft)));
        }
    }
    let wanted = Wanted {
        deps_only: args.param_deps,
        ..Wanted::default()
    };
    let read = read_all(session, &git, &drafts, &wanted);
    Ok(under_baselines(drafts, read))
}

impl Draft {
    fn baseline(rev: &str, wish: Wish, name: Option<String>) -> Self {
        Self {
            name,
            executor: None,
            error: None,
            without_metrics: false,
            revs: vec![(rev.to_owned(), wish)],
        }
    }

    fn task(task: &Task, revs: Vec<(String, Wish)>) -> Self {
        Self {
            name: task.name.clone(),
            executor: Some(task.executor.clone()),
            error: None,
            without_metrics: false,
            revs,
        }
    }
}

fn stashed(task: &Task) -> Vec<(String, Wish)> {
    vec![(task.stash.clone(), Wish::Commit(task.stash.clone()))]
}

fn running(task: &Task, git: &Revisions) -> Draft {
    let wish = match &task.workspace {
        Some(dir) => Wish::Workspace(dir.clone()),
        None => Wish::Commit(task.stash.clone()),
    };
    let mut revs = vec![(task.stash.clone(), wish)];
    if task.stash == "workspace"
        && let Some(head) = git.head().filter(|head| *head != task.baseline)
    {
        let line = git.line(&head, &task.baseline).into_iter();
        revs.extend(line.map(|commit| (commit.id.clone(), Wish::Commit(commit.id))));
    }
    Draft::task(task, revs)
}

fn queued(task: &Task) -> Draft {
    Draft {
        without_metrics: true,
        ..Draft::task(task, stashed(task))
    }
}

fn failed_task(task: &Task) -> Draft {
    Draft {
        error: Some(Fault::new("", "Experiment run failed")),
        ..Draft::task(task, stashed(task))
    }
}

fn successful(experiment: &ExperimentRef, queue: &Queue, git: &Revisions) -> Draft {
    let ran = queue.of(State::Success, &experiment.baseline);
    let ran = ran
        .filter(|task| task.result.as_ref() == Some(&experiment.reference))
        .last();
    let line = git.line(&experiment.tip, &experiment.baseline).into_iter();
    Draft {
        name: Some(experiment.name.clone()),
        executor: ran.map(|task| task.executor.clone()),
        error: None,
        without_metrics: false,
        revs: line
            .map(|commit| (commit.id.clone(), Wish::Commit(commit.id)))
            .collect(),
    }
}

type Read = Result<(Option<i64>, Record), Fault>;

fn read_all(
    session: &Session,
    git: &Revisions,
    drafts: &[(usize, Draft)],
    wanted: &Wanted,
) -> Vec<Read> {
    let mut times: HashMap<&str, i64> = HashMap::new();
    let wishes: Vec<&Wish> = drafts
        .iter()
        .flat_map(|(_, it)| it.revs.iter().map(|(_, wish)| wish))
        .collect();
    for wish in &wishes {
        if let Wish::Commit(id) = wish
            && let Ok(commit) = git.commit(id)
        {
            times.insert(id, commit.at);
        }
    }
    let below = git.below();
    let workspace = |root: &Path| {
        if root != session.project.root {
            return elsewhere(root, wanted);
        }
        let index = session.index();
        let tree = session.workspace(&index);
        Reader::default().record(&session.project, &tree, &below, wanted)
    };
    let ids: Vec<&str> = wishes.iter().filter_map(|wish| wish.commit()).collect();
    let (project, shared) = (&session.project, git.shared());
    let make = || (shared.trees(), Reader::default());
    let mut commits = each(&ids, SHARE, make, |id, (trees, reader)| {
        commit(project, trees, reader, id, &below, wanted)
    })
    .into_iter();
    let read = wishes.iter().map(|wish| match wish {
        Wish::Workspace(root) => workspace(root).map(|record| (None, record)),
        Wish::Commit(id) => {
            let record = commits
                .next()
                .unwrap_or_else(|| Err(Fault::other("not read")));
            record.map(|record| (times.get(id.as_str()).copied(), record))
        }
    });
    read.collect()
}

impl Wish {
    fn commit(&self) -> Option<&str> {
        match self {
            Self::Commit(id) => Some(id),
            Self::Workspace(_) => None,
        }
    }
}

fn commit(
    project: &Project,
    trees: &Trees,
    reader: &mut Reader,
    id: &str,
    below: &str,
    wanted: &Wanted,
) -> Result<Record, Fault> {
    let tree = trees.of(id).map_err(Fault::other)?;
    let missing = || {
        let short = id.get(..7).unwrap_or(id);
        Fault::new(
            "NotDvcRepoError",
            format!("Commit '{short}' does not contain a DVC repo"),
        )
    };
    let tree: &dyn Tree = &tree.ok_or_else(missing)?;
    reader.record(project, tree, below, wanted)
}

/// The working tree of an experiment that runs in a directory of its own.
fn elsewhere(root: &Path, wanted: &Wanted) -> Result<Record, Fault> {
    let gone = || {
        Fault::new(
            "NotDvcRepoError",
            format!("'{}' is not a DVC repository", root.display()),
        )
    };
    let project = Project::open(root).map_err(|_| gone())?;
    let git = ProjectGit::open(&project.root);
    let ignored = |path: &str, is_dir| git.as_ref().is_ok_and(|git| git.is_ignored(path, is_dir));
    let index = project.index(&ignored);
    let tree = WorkspaceTree::new(&project, &index);
    Reader::default().record(&project, &tree, "", wanted)
}

/// The newest experiment of each kind first.
fn under_baselines(drafts: Vec<(usize, Draft)>, read: Vec<Read>) -> Vec<Baseline> {
    let mut read = read.into_iter();
    let mut baselines: Vec<Baseline> = Vec::new();
    let mut pending: Vec<(usize, Experiment)> = Vec::new();
    for (kind, draft) in drafts {
        let without_metrics = draft.without_metrics;
        let mut revs: Vec<Shown> = Vec::new();
        for ((rev, _), read) in draft.revs.into_iter().zip(&mut read) {
            let (data, error) = match read {
                Ok(data) => (Some(data), None),
                Err(fault) => (None, Some(fault)),
            };
            revs.push(Shown {
                rev,
                name: None,
                data,
                error,
                without_metrics,
            });
        }
        if let Some(first) = revs.first_mut() {
            first.name.clone_from(&draft.name);
            if draft.error.is_some() {
                first.error = draft.error;
            }
        }
        if kind == 0 {
            settle(&mut baselines, &mut pending);
            let shown = revs.into_iter().next();
            baselines.extend(shown.map(|shown| Baseline {
                shown,
                experiments: Vec::new(),
            }));
        } else if !revs.is_empty() {
            let experiment = Experiment {
                revs,
                executor: draft.executor,
                name: draft.name,
            };
            pending.push((kind, experiment));
        }
    }
    settle(&mut baselines, &mut pending);
    baselines
}

fn settle(baselines: &mut [Baseline], pending: &mut Vec<(usize, Experiment)>) {
    let Some(last) = baselines.last_mut() else {
        return;
    };
    let age = |experiment: &Experiment| {
        let first = experiment.revs.first();
        let at = first.and_then(|shown| shown.data.as_ref()?.0);
        let rev = first
            .filter(|_| at.is_some())
            .map_or("", |shown| shown.rev.as_str());
        (at.unwrap_or(0), rev.to_owned())
    };
    pending
        .sort_by(|(a_kind, a), (b_kind, b)| a_kind.cmp(b_kind).then_with(|| age(b).cmp(&age(a))));
    last.experiments = std::mem::take(pending)
        .into_iter()
        .map(|(_, it)| it)
        .collect();
}

/// What commits are called: the branch that is checked out, else a tag, else a branch.
#[derive(Default)]
pub struct Names {
    head: Option<(Sha, String)>,
    tags: HashMap<Sha, String>,
    branches: HashMap<Sha, String>,
}

impl Names {
    pub fn of(git: &Revisions) -> Result<Self, Refusal> {
        let first = |base: &str| -> Result<HashMap<Sha, String>, Refusal> {
            let mut found = HashMap::new();
            for (name, id) in git.references(base).map_err(failed)? {
                let name = name.strip_prefix(base).unwrap_or(&name).to_owned();
                found.entry(id).or_insert(name);
            }
            Ok(found)
        };
        Ok(Self {
            head: git.head().zip(git.head_branch()),
            tags: first("refs/tags/")?,
            branches: first("refs/heads/")?,
        })
    }

    pub fn name(&self, id: &str) -> Option<String> {
        match &self.head {
            Some((head, branch)) if head == id => Some(branch.clone()),
            _ => self.tags.get(id).or_else(|| self.branches.get(id)).cloned(),
        }
    }
}
