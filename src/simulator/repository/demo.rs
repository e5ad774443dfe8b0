//! The demo repository on disk: Git's objects and references, and DVC's workspace, cache and remote.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use git2::{ObjectType, Oid};
use jiff::Timestamp;

use super::data::{self, Data, dir_listing, dir_md5, md5};
use super::folder::Folder;
use super::timeline::Knobs;
use super::{History, files};
use crate::simulator::Simulator;

/// The repository in a temporary folder, which goes with this value.
#[derive(Debug)]
pub struct DemoRepository {
    /// Holds the repository and, beside it, the DVC remote.
    folder: Folder,
}

impl DemoRepository {
    /// Builds the repository that belongs to the simulated account whose minute 0 is `start`, and removes what
    /// demos left that were killed. Blocking, some 20 ms.
    pub fn build(simulator: &Simulator, start: Timestamp) -> io::Result<Self> {
        Folder::sweep(&std::env::temp_dir());
        if start == simulator.start() {
            Self::write(simulator.account.history())
        } else {
            Self::write(&History::new(start.into()))
        }
    }

    /// The working tree.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("churn")
    }

    fn write(history: &History) -> io::Result<Self> {
        let folder = Folder::create(&std::env::temp_dir())?;
        let remote = folder.path().join("dvc-remote");
        let demo = Self { folder };
        let path = demo.path();
        write_git(history, &path)
            .map_err(|error| io::Error::other(format!("demo repository: {error}")))?;
        write_data(history, &path, &remote)?;
        Ok(demo)
    }
}

fn write_git(history: &History, path: &Path) -> Result<(), git2::Error> {
    let mut options = git2::RepositoryInitOptions::new();
    // No templates of the machine's Git, and one name for the first branch.
    options.initial_head("main").external_template(false);
    let repository = git2::Repository::init_opts(path, &options)?;
    let odb = repository.odb()?;
    // All objects go into one pack: a few files instead of hundreds.
    let mempack = odb.add_new_mempack_backend(1000)?;
    for (kind, bytes) in &history.objects {
        odb.write(*kind, bytes)?;
    }
    let mut pack = git2::Buf::new();
    mempack.dump(&repository, &mut pack)?;
    let mut writer = odb.packwriter()?;
    writer
        .write_all(&pack)
        .map_err(|error| git2::Error::from_str(&error.to_string()))?;
    writer.commit()?;
    drop(writer);
    // Annotated tags are no part of the pack, which follows commits.
    let tag_objects = history
        .objects
        .iter()
        .filter(|(kind, _)| *kind == ObjectType::Tag);
    mempack.reset()?;
    drop(odb);
    let repository = git2::Repository::open(path)?;
    let odb = repository.odb()?;
    for (kind, bytes) in tag_objects {
        odb.write(*kind, bytes)?;
    }
    let reference = |name: &str, id: &str| -> Result<(), git2::Error> {
        repository.reference(name, Oid::from_str(id)?, true, "flightdeck demo")?;
        Ok(())
    };
    let head = &history.commit(0).id;
    reference("refs/heads/main", head)?;
    reference("refs/heads/feature/focal-loss", &history.focal)?;
    // Two commits are not pushed yet.
    reference("refs/remotes/origin/main", &history.commit(2).id)?;
    reference("refs/remotes/origin/feature/focal-loss", &history.focal)?;
    for (name, oid) in &history.tags {
        reference(&format!("refs/tags/{name}"), &oid.to_string())?;
    }
    // A lightweight one too, as people make them.
    reference("refs/tags/before-focal-loss", &history.commit(10).id)?;
    let mut config = repository.config()?;
    config.set_str("core.autocrlf", "false")?;
    config.set_str("remote.origin.url", "https://github.com/acme/churn.git")?;
    config.set_str("remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*")?;
    config.set_str("branch.main.remote", "origin")?;
    config.set_str("branch.main.merge", "refs/heads/main")?;
    let mut checkout = git2::build::CheckoutBuilder::new();
    repository.checkout_head(Some(checkout.force()))
}

/// The workspace, DVC's cache and its remote: the newest features are in no remote, and in the workspace
/// they have been made anew since.
fn write_data(history: &History, path: &Path, remote: &Path) -> io::Result<()> {
    let knobs = &history.knobs;
    let data = Data::of(knobs);
    let cache = path.join(".dvc/cache");
    fs::create_dir_all(path.join(".dvc/tmp"))?;
    fs::create_dir_all(path.join("data/prepared"))?;
    fs::create_dir_all(path.join("models"))?;
    let (dir, ..) = dir_md5(&data.prepared);
    let mut pushed: Vec<(String, Vec<u8>)> = vec![
        (md5(&data.raw), data.raw.clone()),
        (dir, dir_listing(&data.prepared).into_bytes()),
    ];
    pushed.extend(
        data.prepared
            .iter()
            .map(|(_, content)| (md5(content), content.clone())),
    );
    let local = [
        (md5(&data.features), &data.features),
        (md5(&data.model), &data.model),
    ];
    for (hash, content) in &pushed {
        store(&cache, hash, content)?;
        store(remote, hash, content)?;
    }
    for (hash, content) in local {
        store(&cache, &hash, content)?;
    }
    let previous = data::features(knobs.features - 1, knobs.raw);
    store(remote, &md5(&previous), &previous)?;
    fs::write(path.join("data/raw.csv"), &data.raw)?;
    for (name, content) in &data.prepared {
        fs::write(path.join("data/prepared").join(name), content)?;
    }
    fs::write(path.join("models/churn.pt"), &data.model)?;
    fs::write(
        path.join("data/features.parquet"),
        data::features(knobs.features + 1, knobs.raw),
    )?;
    let tried = Knobs {
        learning_rate: 0.0022,
        ..knobs.clone()
    };
    fs::write(path.join("params.yaml"), files::params(&tried))?;
    fs::create_dir_all(path.join("notebooks"))?;
    fs::write(
        path.join("notebooks/drift.ipynb"),
        "{\"cells\": [], \"metadata\": {}, \"nbformat\": 4, \"nbformat_minor\": 5}\n",
    )
}

/// Writes an object where DVC's cache and its local remotes have it, read-only as DVC does.
fn store(root: &Path, hash: &str, content: &[u8]) -> io::Result<()> {
    let (folder, name) = hash.split_at(2);
    let folder = root.join("files/md5").join(folder);
    fs::create_dir_all(&folder)?;
    let file = folder.join(name);
    fs::write(&file, content)?;
    let mut permissions = fs::metadata(&file)?.permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&file, permissions)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn start() -> Timestamp {
        "2025-11-23T14:00:00Z".parse().unwrap()
    }

    #[test]
    fn ids_are_what_git_makes_of_the_objects() {
        let history = History::new(start().into());
        let demo = DemoRepository::write(&History::new(start().into())).unwrap();
        let repository = git2::Repository::open(demo.path()).unwrap();
        let head = repository.head().unwrap().peel_to_commit().unwrap();
        assert_eq!(head.id().to_string(), history.commit(0).id);
        let mut walk = repository.revwalk().unwrap();
        walk.push_head().unwrap();
        let walked: Vec<String> = walk.map(|oid| oid.unwrap().to_string()).collect();
        let listed: Vec<String> = history.commits.iter().map(|c| c.id.clone()).collect();
        assert_eq!(walked, listed);
        assert_eq!(
            head.tree()
                .unwrap()
                .get_path(Path::new("src/train.py"))
                .unwrap()
                .kind(),
            Some(ObjectType::Blob)
        );
    }

    #[test]
    fn the_history_depends_on_minute_0_alone() {
        let ids = |at: Timestamp| History::new(at.into()).commits[0].id.clone();
        assert_eq!(ids(start()), ids(start()));
        let later: Timestamp = "2025-11-23T14:00:01Z".parse().unwrap();
        assert_ne!(ids(start()), ids(later));
    }

    #[test]
    fn branches_tags_and_the_working_tree_are_as_told() {
        let demo = DemoRepository::write(&History::new(start().into())).unwrap();
        let repository = git2::Repository::open(demo.path()).unwrap();
        let tag = repository
            .find_reference("refs/tags/churn@v14.0.0")
            .unwrap();
        assert!(tag.peel_to_tag().is_ok());
        let (main, upstream) = (
            repository.refname_to_id("refs/heads/main").unwrap(),
            repository
                .refname_to_id("refs/remotes/origin/main")
                .unwrap(),
        );
        assert_eq!(
            repository.graph_ahead_behind(main, upstream).unwrap(),
            (2, 0)
        );
        let mut changes: Vec<String> = repository
            .statuses(Some(git2::StatusOptions::new().include_untracked(true)))
            .unwrap()
            .iter()
            .map(|s| s.path().unwrap().to_owned())
            .collect();
        changes.sort();
        assert_eq!(changes, ["notebooks/", "params.yaml"]);
    }

    #[test]
    fn the_newest_features_are_cached_but_not_pushed_and_changed_since() {
        let demo = DemoRepository::write(&History::new(start().into())).unwrap();
        let lock = fs::read_to_string(demo.path().join("dvc.lock")).unwrap();
        let features = Data::of(&History::new(start().into()).knobs).features;
        let hash = md5(&features);
        assert!(lock.contains(&hash));
        let place = format!("files/md5/{}/{}", &hash[..2], &hash[2..]);
        assert!(demo.path().join(".dvc/cache").join(&place).exists());
        assert!(!demo.folder.path().join("dvc-remote").join(&place).exists());
        assert_ne!(
            fs::read(demo.path().join("data/features.parquet")).unwrap(),
            features
        );
    }
}
