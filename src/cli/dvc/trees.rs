//! The trees that data is compared between: the working tree, what it records, what a commit records.

use crate::sources::dvc::{
    Config, Data, Found, HashKind, Hasher, Index, Listings, Stage, Store, recorded, workspace,
};

use super::Refusal;
use super::session::{AtCommit, Session};

/// Reads trees of one project.
pub struct Trees<'a> {
    session: &'a Session,
    listings: Listings<'a>,
    pub granular: bool,
}

impl<'a> Trees<'a> {
    pub fn new(session: &'a Session, cache: &'a Store, granular: bool) -> Self {
        Self {
            session,
            listings: Listings::new(cache),
            granular,
        }
    }

    /// What the working tree's files record of cached outputs.
    pub fn recorded(&mut self, index: &Index) -> Data {
        let (config, granular) = (&self.session.project.config, self.granular);
        recorded(
            index,
            config,
            &|_| granular,
            &|_, _| true,
            &mut self.listings,
        )
    }

    /// What a commit records of them.
    pub fn committed(&mut self, at: &AtCommit) -> Data {
        let (index, config, granular) = (&at.index, &at.config, self.granular);
        recorded(
            index,
            config,
            &|_| granular,
            &|_, _| true,
            &mut self.listings,
        )
    }

    /// What the working tree's files record, without what is never pushed.
    pub fn pushable(&mut self, index: &Index) -> Data {
        let (config, granular) = (&self.session.project.config, self.granular);
        let wanted =
            |stage: &Stage, found: &Found| found.tracked.out.push && !stage.is_repository_import();
        recorded(index, config, &|_| granular, &wanted, &mut self.listings)
    }

    /// What lies at the cached outputs of an index, hashed as they were.
    pub fn on_disk(&self, index: &Index) -> Result<Data, Refusal> {
        let session = self.session;
        let outputs: Vec<(String, HashKind)> = cached_outputs(index)
            .map(|found| {
                let locked = found.tracked.locked.as_ref();
                let kind = locked.map_or(HashKind::Md5, |locked| locked.kind);
                (found.path.clone(), kind)
            })
            .collect();
        let mut hasher = Hasher::new(
            &session.project.root,
            &index.ignore,
            &*session.kept,
            session.now,
        )
        .lenient();
        Ok(workspace(&outputs, self.granular, &mut hasher)?)
    }
}

/// A remote that is named but nowhere described is an error of the config, also where it is not asked.
pub fn known_remotes(index: &Index, config: &Config) -> Result<(), Refusal> {
    for found in cached_outputs(index) {
        let name = config.remote_name(found.tracked.out.remote.as_deref());
        if let Some(name) = name.filter(|name| !config.has_remote(Some(name))) {
            let what =
                format!("configuration error - config file error: remote '{name}' doesn't exist");
            return Err(Refusal::failed(what).with_code(251));
        }
    }
    Ok(())
}

/// Outputs in the repository that the cache is meant to hold.
pub fn cached_outputs(index: &Index) -> impl Iterator<Item = &Found> {
    index
        .found
        .iter()
        .filter(|found| !found.outside && found.tracked.out.cached)
}
