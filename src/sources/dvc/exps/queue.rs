//! The queue of experiments, as its workers keep it in `.dvc/tmp/exps`.
//!
//! Messages wait in `celery/broker/in` and lie in `celery/broker/processed` once taken; `celery/result` has a file
//! for each that ended; `run/<id>` says where an experiment runs and what came of it.

use std::path::{Path, PathBuf};

use base64::Engine;
use serde_json::Value as Json;

/// Messages are small; a larger file is none.
const LIMIT: u64 = 1 << 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Success,
    Queued,
    Running,
    Failed,
}

impl State {
    pub fn key(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Failed => "failed",
        }
    }
}

/// Who carries an experiment out, or did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Executor {
    pub state: State,
    pub name: Option<String>,
    pub local: Option<Local>,
}

/// The process, and where it works.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Local {
    pub root: Option<String>,
    pub log: Option<String>,
    pub pid: Option<i64>,
    pub returncode: Option<i64>,
    pub task_id: Option<String>,
}

/// One experiment of the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// The commit that it was stashed in.
    pub stash: String,
    pub baseline: String,
    pub name: Option<String>,
    pub executor: Executor,
    /// Where a running one's files are: the root of its DVC repository.
    pub workspace: Option<PathBuf>,
    /// The reference that a successful one was saved as.
    pub result: Option<String>,
}

/// Everything that is queued, runs, failed or succeeded by way of the queue.
#[derive(Clone, Debug, Default)]
pub struct Queue {
    pub tasks: Vec<Task>,
}

impl Queue {
    /// Of the DVC repository in `root`. What cannot be read is left out.
    pub fn read(root: &Path) -> Self {
        let dir = root.join(".dvc/tmp/exps");
        let mut tasks: Vec<Task> = Vec::new();
        tasks.extend(in_workspace(&dir));
        tasks.extend(standalone(&dir));
        for message in messages(&dir.join("celery/broker/in")) {
            let local = Local {
                task_id: Some(message.stash.clone()),
                ..Local::default()
            };
            tasks.push(message.task(State::Queued, Some("dvc-task"), Some(local)));
        }
        for message in messages(&dir.join("celery/broker/processed")) {
            tasks.extend(taken(&dir, message));
        }
        Self { tasks }
    }

    pub fn of(&self, state: State, baseline: &str) -> impl Iterator<Item = &Task> {
        let tasks = self.tasks.iter();
        tasks.filter(move |task| task.executor.state == state && task.baseline == baseline)
    }
}

struct Message {
    id: String,
    stash: String,
    baseline: String,
    name: Option<String>,
}

impl Message {
    fn task(self, state: State, name: Option<&str>, local: Option<Local>) -> Task {
        Task {
            stash: self.stash,
            baseline: self.baseline,
            name: self.name,
            executor: Executor {
                state,
                name: name.map(str::to_owned),
                local,
            },
            workspace: None,
            result: None,
        }
    }
}

/// In the order of their file names.
fn messages(dir: &Path) -> Vec<Message> {
    let Ok(entries) = std::fs::read_dir(dir) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
        .iter()
        .filter_map(|path| message(&json(path)?))
        .collect()
}

fn message(json: &Json) -> Option<Message> {
    let headers = json.get("headers")?;
    if text(headers, "task")? != "dvc.repo.experiments.queue.tasks.run_exp" {
        return None;
    }
    let body = text(json, "body")?;
    let body = base64::engine::general_purpose::STANDARD
        .decode(body)
        .ok()?;
    let body: Json = serde_json::from_slice(&body).ok()?;
    let named = body.get(1).and_then(|named| named.get("entry_dict"));
    let entry = named.or_else(|| body.get(0)?.get(0))?;
    Some(Message {
        id: text(headers, "id")?,
        stash: text(entry, "stash_rev")?,
        baseline: text(entry, "baseline_rev")?,
        name: text(entry, "name"),
    })
}

/// One that a worker has taken: it runs, failed or succeeded.
fn taken(dir: &Path, message: Message) -> Option<Task> {
    let result = json(&dir.join(format!("celery/result/celery-task-meta-{}", message.id)));
    let status = result.as_ref().and_then(|result| text(result, "status"));
    let ended = matches!(status.as_deref(), Some("SUCCESS" | "FAILURE" | "REVOKED"));
    let run = dir.join("run").join(&message.stash);
    let info = json(&run.join(format!("{}.run", message.stash)));
    let process = json(&run.join(format!("{}.json", message.stash)));
    let mut local = process.map(|process| Local {
        root: None,
        log: text(&process, "stdout"),
        pid: process.get("pid").and_then(Json::as_i64),
        returncode: process.get("returncode").and_then(Json::as_i64),
        task_id: Some(message.stash.clone()),
    });
    if !ended {
        let info = info?;
        if let Some(local) = &mut local {
            local.root = text(&info, "root_dir");
            local.returncode = None;
        }
        let location = text(&info, "location");
        let mut task = message.task(State::Running, location.as_deref(), local);
        task.workspace = workspace(&info);
        return Some(task);
    }
    let hash = info.as_ref().and_then(|info| text(info, "result_hash"));
    let reference = info.as_ref().and_then(|info| text(info, "result_ref"));
    // The queue itself says SUCCESS of failed ones too: the result decides.
    match (hash, reference) {
        (None, _) => Some(message.task(State::Failed, None, local)),
        (Some(_), Some(reference)) => {
            let mut task = message.task(State::Success, Some("dvc-task"), local);
            task.result = Some(reference);
            Some(task)
        }
        (Some(_), None) => None,
    }
}

fn workspace(info: &Json) -> Option<PathBuf> {
    let root = PathBuf::from(text(info, "root_dir")?);
    let dvc = root.join(text(info, "dvc_dir")?);
    // `dvc_dir` is the `.dvc` in it.
    Some(match dvc.file_name() {
        Some(name) if name == ".dvc" => dvc.parent()?.to_owned(),
        _ => dvc,
    })
}

const RUNNING: std::ops::RangeInclusive<i64> = 0..=2;

/// The experiment that runs in the working tree.
fn in_workspace(dir: &Path) -> Option<Task> {
    let info = json(&dir.join("run/workspace/workspace.run"))?;
    if !RUNNING.contains(&info.get("status").and_then(Json::as_i64)?) {
        return None;
    }
    let lock = json(&dir.parent()?.join("rwlock"));
    let pid = lock.as_ref().and_then(writer)?;
    let local = Local {
        root: text(&info, "root_dir"),
        pid: Some(pid),
        ..Local::default()
    };
    Some(Task {
        stash: "workspace".to_owned(),
        baseline: text(&info, "baseline_rev")?,
        name: text(&info, "name"),
        executor: Executor {
            state: State::Running,
            name: Some("workspace".to_owned()),
            local: Some(local),
        },
        workspace: workspace(&info),
        result: None,
    })
}

/// Who writes to the working tree now.
fn writer(lock: &Json) -> Option<i64> {
    let writers = lock.get("write")?.as_object()?;
    writers.values().find_map(|it| it.get("pid")?.as_i64())
}

/// Experiments that run in a temporary directory without the queue.
fn standalone(dir: &Path) -> Vec<Task> {
    let pids = dir.join("standalone/run");
    let Ok(entries) = std::fs::read_dir(&pids) else {
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    let task = |stash: &String| {
        let info = json(&pids.join(stash).join(format!("{stash}.run")))?;
        let status = info.get("status").and_then(Json::as_i64)?;
        let root = text(&info, "root_dir")?;
        if status > 3 || !Path::new(&root).exists() {
            return None;
        }
        let process = json(&pids.join(stash).join(format!("{stash}.json")));
        let local = process.map(|process| Local {
            root: Some(root),
            log: text(&process, "stdout"),
            pid: process.get("pid").and_then(Json::as_i64),
            ..Local::default()
        });
        Some(Task {
            stash: stash.clone(),
            baseline: text(&info, "baseline_rev")?,
            name: text(&info, "name"),
            executor: Executor {
                state: State::Running,
                name: text(&info, "location"),
                local,
            },
            workspace: workspace(&info),
            result: None,
        })
    };
    names.iter().filter_map(task).collect()
}

fn text(json: &Json, key: &str) -> Option<String> {
    json.get(key)?.as_str().map(str::to_owned)
}

fn json(path: &Path) -> Option<Json> {
    let data = path.metadata().ok()?;
    if !data.is_file() || data.len() > LIMIT {
        return None;
    }
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn write(root: &Path, path: &str, content: &str) {
        let path = root.join(".dvc/tmp/exps").join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    fn put(root: &Path, folder: &str, id: &str) {
        let entry = format!(
            "[[{{\"stash_rev\": \"{id}\", \"baseline_rev\": \"base\", \"name\": \"exp-{id}\"}}], {{}}, {{}}]"
        );
        let body = base64::engine::general_purpose::STANDARD.encode(entry);
        let message = format!(
            "{{\"body\": \"{body}\", \"headers\": {{\"task\": \"dvc.repo.experiments.queue.tasks.run_exp\", \"id\": \"t-{id}\"}}}}"
        );
        write(
            root,
            &format!("celery/broker/{folder}/{id}.celery.msg"),
            &message,
        );
    }

    #[test]
    fn every_state_of_a_task() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        put(root, "in", "q");
        for id in ["r", "f", "s"] {
            put(root, "processed", id);
        }
        let info = |hash: &str, reference: &str| {
            format!(
                "{{\"root_dir\": \"/tmp/x\", \"dvc_dir\": \".dvc\", \"location\": \"dvc-task\", \"result_hash\": {hash}, \"result_ref\": {reference}}}"
            )
        };
        write(root, "run/r/r.run", &info("null", "null"));
        write(
            root,
            "run/r/r.json",
            "{\"pid\": 7, \"stdout\": \"/log\", \"returncode\": null}",
        );
        write(root, "run/f/f.run", &info("null", "null"));
        write(
            root,
            "run/f/f.json",
            "{\"pid\": 8, \"stdout\": \"/log\", \"returncode\": 255}",
        );
        write(
            root,
            "run/s/s.run",
            &info("\"h\"", "\"refs/exps/ba/se/exp-s\""),
        );
        for id in ["f", "s"] {
            write(
                root,
                &format!("celery/result/celery-task-meta-t-{id}"),
                "{\"status\": \"SUCCESS\"}",
            );
        }
        write(
            root,
            "celery/broker/in/x.celery.pidbox.msg",
            "{\"headers\": {}}",
        );
        write(root, "celery/broker/in/damaged", "{");
        let queue = Queue::read(root);
        let shown: Vec<_> = queue
            .tasks
            .iter()
            .map(|task| {
                let local = task.executor.local.as_ref();
                format!(
                    "{} {} {:?} {:?}",
                    task.stash,
                    task.executor.state.key(),
                    local.and_then(|local| local.pid),
                    local.and_then(|local| local.returncode)
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                "q queued None None",
                "f failed Some(8) Some(255)",
                "r running Some(7) None",
                "s success None None",
            ]
        );
        assert_eq!(
            queue.of(State::Running, "base").next().unwrap().workspace,
            Some("/tmp/x".into())
        );
    }
}
