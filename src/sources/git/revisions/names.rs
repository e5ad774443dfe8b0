//! Names of commits, as DVC resolves them.

use git2::{ErrorCode, ObjectType, Reference};

use super::{Revisions, Sha, is_missing};
use crate::sources::SourceError;
use crate::sources::git::changes::lossy;
use crate::sources::git::error;

const EXPERIMENTS: &str = "refs/exps/";
/// Below `EXPERIMENTS`, but no experiments.
const RESERVED: [&str; 4] = ["apply/", "celery/", "exec/", "temp/"];

/// An experiment, by its reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExperimentRef {
    pub reference: String,
    pub baseline: Sha,
    pub name: String,
    /// Its last commit.
    pub tip: Sha,
}

impl Revisions {
    /// The commit that HEAD leads to; `None` before the first one.
    pub fn head(&self) -> Option<Sha> {
        let commit = self.git.head().ok()?.peel_to_commit().ok()?;
        Some(commit.id().to_string())
    }

    /// The branch that is checked out; `None` when HEAD is detached.
    pub fn head_branch(&self) -> Option<String> {
        let head = self.git.find_reference("HEAD").ok()?;
        let target = lossy(head.symbolic_target_bytes()?);
        target.strip_prefix("refs/heads/").map(str::to_owned)
    }

    /// By name.
    pub fn branches(&self) -> Result<Vec<String>, SourceError> {
        self.short_names("refs/heads/")
    }

    /// By name.
    pub fn tags(&self) -> Result<Vec<String>, SourceError> {
        self.short_names("refs/tags/")
    }

    fn short_names(&self, base: &str) -> Result<Vec<String>, SourceError> {
        let found = self.references(base)?.into_iter();
        let names = found.filter_map(|(name, _)| name.strip_prefix(base).map(str::to_owned));
        Ok(names.collect())
    }

    /// References that begin with `base` and the commits behind them, by name. Others are left out.
    pub fn references(&self, base: &str) -> Result<Vec<(String, Sha)>, SourceError> {
        let found = self
            .git
            .references_glob(&format!("{base}*"))
            .map_err(|cause| error::malformed("references", &cause))?;
        let mut references: Vec<(String, Sha)> = found
            .flatten()
            .filter_map(|reference| Some((lossy(reference.name_bytes()), peeled(&reference)?)))
            .collect();
        references.sort();
        Ok(references)
    }

    pub fn experiments(&self) -> Result<Vec<ExperimentRef>, SourceError> {
        let found = self.references(EXPERIMENTS)?.into_iter();
        Ok(found
            .filter_map(|(name, tip)| experiment(name, tip))
            .collect())
    }

    /// The commit that a reference leads to.
    pub fn reference(&self, name: &str) -> Option<Sha> {
        peeled(&self.git.find_reference(name).ok()?)
    }

    /// The commit that `name` means: a revision of Git's, or the name of an experiment.
    ///
    /// # Errors
    /// A sentence, as DVC has it.
    pub fn resolve(&self, name: &str) -> Result<Sha, String> {
        // While an experiment runs in the working tree, HEAD means what it began from.
        let started = match name.strip_prefix("HEAD") {
            Some(tail) if tail.is_empty() || tail.starts_with(['~', '^', '@']) => self
                .reference("refs/exps/exec/EXEC_BASELINE")
                .map(|id| format!("{id}{tail}")),
            _ => None,
        };
        let asked = started.as_deref().unwrap_or(name);
        match self.git.revparse_single(asked) {
            Ok(object) => {
                if let Ok(commit) = object.peel_to_commit() {
                    return Ok(commit.id().to_string());
                }
            }
            Err(cause) if !is_missing(&cause) && cause.code() != ErrorCode::GenericError => {
                return Err(error::sentence(&cause));
            }
            Err(_) => {}
        }
        if let Some(id) = self.at_remotes(name)? {
            return Ok(id);
        }
        self.experiment_named(name)?
            .ok_or_else(|| format!("unknown Git revision '{name}'"))
    }

    /// A branch that only remotes have.
    fn at_remotes(&self, name: &str) -> Result<Option<Sha>, String> {
        let Ok(remotes) = self.git.remotes() else {
            return Ok(None);
        };
        let mut found: Vec<Sha> = remotes
            .iter()
            .flatten()
            .flatten()
            .filter_map(|remote| self.reference(&format!("refs/remotes/{remote}/{name}")))
            .collect();
        found.sort();
        found.dedup();
        match found.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(one.clone())),
            _ => Err(format!("ambiguous Git revision '{name}'")),
        }
    }

    fn experiment_named(&self, name: &str) -> Result<Option<Sha>, String> {
        if name == "HEAD" || name.starts_with("refs/") {
            return Ok(None);
        }
        let all = self.experiments().unwrap_or_default();
        let found: Vec<_> = all.into_iter().filter(|it| it.name == name).collect();
        let head = self.head();
        match found.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(one.tip.clone())),
            several => several
                .iter()
                .find(|it| Some(&it.baseline) == head.as_ref())
                .map(|it| Some(it.tip.clone()))
                .ok_or_else(|| format!("ambiguous Git revision '{name}'")),
        }
    }
}

fn peeled(reference: &Reference<'_>) -> Option<Sha> {
    let object = reference.peel(ObjectType::Any).ok()?;
    Some(object.peel_to_commit().ok()?.id().to_string())
}

fn experiment(reference: String, tip: Sha) -> Option<ExperimentRef> {
    let rest = reference.strip_prefix(EXPERIMENTS)?;
    if RESERVED.iter().any(|reserved| rest.starts_with(reserved)) || rest == "stash" {
        return None;
    }
    let mut parts = rest.split('/');
    let (first, second, name) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    Some(ExperimentRef {
        baseline: format!("{first}{second}"),
        name: name.to_owned(),
        tip,
        reference,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_experiments_are_experiments() {
        let id = "fd59ac20e215d8728a5e099a76ce09b457f453";
        let found = experiment(format!("refs/exps/36/{id}/lr05"), "tip".to_owned());
        let found = found.map(|it| (it.baseline, it.name));
        assert_eq!(found, Some((format!("36{id}"), "lr05".to_owned())));
        for other in [
            "stash",
            "celery/stash",
            "exec/EXEC_HEAD",
            "ab/cd",
            "ab/cd/x/y",
        ] {
            assert_eq!(
                experiment(format!("refs/exps/{other}"), String::new()),
                None,
                "{other}"
            );
        }
    }
}
