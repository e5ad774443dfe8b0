//! One stage after the other.

use super::super::Files;
use super::super::data::lies_in;
use super::super::hasher::Hasher;
use super::super::index::{Dep, DepKind, Found, Index, Stage};
use super::super::kept::Kept;
use super::super::lock::{HashKind, Locked};
use super::super::objects::Store;
use super::super::project::Project;
use super::super::targets::Chosen;
use super::{Change, Changed, NoStatus, StageStatus, checksum, params};

/// Compares stages with what lies in the working tree.
pub struct Status<'a> {
    project: &'a Project,
    index: &'a Index,
    hasher: Hasher<'a>,
    cache: Store,
    /// Whether imports are asked for newer versions of what they brought.
    updates: Option<&'a Updates<'a>>,
}

/// The commit that a revision (the default branch if `None`) of a repository at a URL means now.
pub type Updates<'a> = dyn Fn(&str, Option<&str>) -> Result<String, String> + 'a;

impl<'a> Status<'a> {
    /// `now` in seconds since 1970; without `updates` imports are taken as they are.
    pub fn new(
        project: &'a Project,
        index: &'a Index,
        kept: &'a dyn Kept,
        now: i64,
        updates: Option<&'a Updates<'a>>,
    ) -> Self {
        Self {
            project,
            index,
            hasher: Hasher::new(&project.root, &index.ignore, kept, now),
            cache: project.cache(),
            updates,
        }
    }

    /// What changed about each of the stages.
    pub fn of(&mut self, chosen: &[Chosen<'_>]) -> Result<Vec<StageStatus>, NoStatus> {
        self.prepare(chosen)?;
        chosen.iter().map(|choice| self.stage(choice)).collect()
    }

    fn prepare(&mut self, chosen: &[Chosen<'_>]) -> Result<(), NoStatus> {
        let mut wanted = Vec::new();
        for Chosen { stage, .. } in chosen {
            let deps = stage.deps.iter().filter(|_| !stage.frozen);
            let deps = deps.filter(|dep| matches!(dep.kind, DepKind::Plain) && !is_url(&dep.path));
            wanted
                .extend(deps.filter_map(|dep| Some((dep.path.clone(), dep.locked.as_ref()?.kind))));
            let outs = self.outs(stage).iter().filter(|out| !is_url(&out.path));
            wanted.extend(
                outs.filter_map(|out| Some((out.path.clone(), out.tracked.locked.as_ref()?.kind))),
            );
        }
        self.hasher.prepare(&wanted).map_err(NoStatus::Broken)
    }

    fn outs(&self, stage: &Stage) -> &'a [Found] {
        self.index.found.get(stage.outs.clone()).unwrap_or_default()
    }

    fn stage(&mut self, choice: &Chosen<'_>) -> Result<StageStatus, NoStatus> {
        let stage = choice.stage;
        let mut status = StageStatus::default();
        let asks = stage.is_repository_import() && self.updates.is_some();
        if !stage.frozen || asks {
            for dep in &stage.deps {
                status.deps.extend(self.dep(dep)?);
            }
        }
        for out in self.outs(stage) {
            let within = choice.within.as_ref();
            if within.is_some_and(|path| !lies_in(path, &out.path)) {
                continue;
            }
            if let Some(change) = self.out(out)? {
                let shown = self.shown(&out.path, &out.tracked.out.path, out.outside);
                status.outs.push(Changed::Whole(shown, change));
            }
        }
        status.always_changed = stage.always_changed || stage.is_callback();
        match &stage.single {
            Some(single) => {
                status.checksum_changed = stage.is_import()
                    && checksum::of(stage, single, self.outs(stage)) != single.md5;
            }
            None => {
                let recorded = stage.locked_cmd.as_ref();
                status.command_changed = recorded.is_some_and(|cmd| !cmd.equals(&stage.cmd));
            }
        }
        Ok(status)
    }

    fn shown(&self, path: &str, written: &str, outside: bool) -> String {
        if !outside {
            return self.project.shown(path);
        }
        if written.starts_with('/') || is_url(written) {
            return written.to_owned();
        }
        let mut root = self.project.root.clone();
        for part in path.split('/') {
            match part {
                ".." => drop(root.pop()),
                part => root.push(part),
            }
        }
        root.to_string_lossy().into_owned()
    }

    fn dep(&mut self, dep: &Dep) -> Result<Option<Changed>, NoStatus> {
        let shown = self.shown(&dep.path, &dep.written, dep.outside);
        match &dep.kind {
            DepKind::Plain => {
                let change = self.content(&dep.path, dep.locked.as_ref())?;
                Ok(change.map(|change| Changed::Whole(shown, change)))
            }
            DepKind::Params { keys, recorded } => {
                let path = self.project.root.join(&dep.path);
                match path.metadata() {
                    Err(_) => return Ok(Some(Changed::Whole(shown, Change::Deleted))),
                    Ok(data) if data.is_dir() => {
                        return Err(NoStatus::Refused(format!(
                            "'{shown}' is a directory, expected a parameters file"
                        )));
                    }
                    Ok(_) => {}
                }
                let Some(recorded) = recorded else {
                    return Ok(Some(Changed::Whole(shown, Change::New)));
                };
                let bytes = self.project.disk().read(&dep.path);
                let bytes = bytes.map_err(|what| format!("{shown}: {what}"))?;
                let changed =
                    params::changed(&dep.path, &bytes.unwrap_or_default(), keys, recorded)
                        .map_err(|what| {
                            format!("Unable to read parameters from '{shown}': {what}")
                        })?;
                Ok((!changed.is_empty()).then_some(Changed::Params(shown, changed)))
            }
            DepKind::Repository { url, rev, rev_lock } => {
                let Some(updates) = self.updates else {
                    return Ok(None);
                };
                let now = updates(url, rev.as_deref())?;
                let shown = format!("{} ({url})", dep.written);
                let differs = rev_lock.as_ref().is_some_and(|locked| *locked != now);
                Ok(differs.then_some(Changed::Whole(shown, Change::UpdateAvailable)))
            }
            DepKind::Database => Ok(None),
            DepKind::Dataset => {
                let what = format!("{}: datasets are not supported", dep.written);
                Err(NoStatus::Refused(what))
            }
        }
    }

    fn out(&mut self, out: &Found) -> Result<Option<Change>, NoStatus> {
        let locked = out.tracked.locked.as_ref();
        if out.tracked.out.cached
            && let Some(locked) = locked
            && !self.is_cached(locked)
        {
            return Ok(Some(Change::NotInCache));
        }
        let path = self.project.root.join(&out.path);
        if !out.outside && self.index.ignore.matches("", &out.path, path.is_dir()) {
            return Ok(Some(Change::Deleted));
        }
        self.content(&out.path, locked)
    }

    /// Whether the cache has everything of an output.
    fn is_cached(&mut self, locked: &Locked) -> bool {
        let whole = [(locked.hash.as_str(), locked.kind)];
        if self.cache.sound(&whole, &mut self.hasher) != [true] {
            return false;
        }
        if !locked.is_dir() {
            return true;
        }
        let Some(listing) = self.cache.listing(locked) else {
            return false;
        };
        let mut objects: Vec<(&str, HashKind)> = listing
            .iter()
            .map(|(_, hash)| (hash.as_str(), locked.kind))
            .collect();
        objects.sort_unstable_by_key(|(hash, _)| *hash);
        objects.dedup();
        let sound = self.cache.sound(&objects, &mut self.hasher);
        sound.into_iter().all(|it| it)
    }

    fn content(&mut self, path: &str, locked: Option<&Locked>) -> Result<Option<Change>, NoStatus> {
        if is_url(path) {
            return Err(NoStatus::Refused(format!(
                "{path} is not on this machine, and is not asked for"
            )));
        }
        let kind = locked.map_or(HashKind::Md5, |locked| locked.kind);
        if locked.is_none() {
            // Nothing to compare with: whether it is there is all that counts.
            let is_there = self.project.root.join(path).exists();
            let change = if is_there {
                Change::Modified
            } else {
                Change::Deleted
            };
            return Ok(Some(change));
        }
        let content = self.hasher.content(path, kind).map_err(NoStatus::Broken)?;
        Ok(match content.hash() {
            None => Some(Change::Deleted),
            Some(hash) if locked.is_some_and(|locked| locked.hash == hash) => None,
            Some(_) => Some(Change::Modified),
        })
    }
}

fn is_url(path: &str) -> bool {
    path.contains("://")
}
