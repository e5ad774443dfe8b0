//! Which versions and stages are shown, and in which order.

use super::semver::SemVer;
use super::state::{Artifact, Registry, StageOfVersion, Version};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    #[default]
    Timestamp,
    Semver,
}

/// How much of each stage is shown; `None` is everything.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub assignments_per_version: Option<usize>,
    pub versions_per_stage: Option<usize>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            assignments_per_version: None,
            versions_per_stage: Some(1),
        }
    }
}

/// Which versions count.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    pub active_only: bool,
    pub not_registered: bool,
    pub discovered: bool,
}

/// By SemVer, the greatest first; then those that have none, by name, the last first.
fn by_semver(versions: &mut [&Version]) {
    versions.sort_by(
        |a, b| match (SemVer::parse(&a.name), SemVer::parse(&b.name)) {
            (Some(a), Some(b)) => a.cmp(&b),
            (Some(_), None) => std::cmp::Ordering::Greater,
            (None, Some(_)) => std::cmp::Ordering::Less,
            (None, None) => a.name.cmp(&b.name),
        },
    );
    versions.reverse();
}

fn by_time(versions: &mut [&Version]) {
    versions.sort_by_key(|version| version.authoring().map(|event| event.at.seconds));
    versions.reverse();
}

impl Artifact {
    pub fn versions(&self, wanted: Wanted, sort: Sort) -> Vec<&Version> {
        let mut versions: Vec<&Version> = self
            .versions
            .iter()
            .filter(|version| {
                let shown = (version.is_registered() && !version.is_discovered())
                    || (wanted.discovered && version.is_discovered())
                    || (wanted.not_registered && !version.is_registered());
                !wanted.active_only || (version.is_active() && shown)
            })
            .collect();
        match sort {
            Sort::Semver => by_semver(&mut versions),
            Sort::Timestamp => by_time(&mut versions),
        }
        versions
    }

    /// The greatest of the registered versions in force.
    pub fn latest(&self) -> Option<&Version> {
        let wanted = Wanted {
            active_only: true,
            not_registered: false,
            discovered: false,
        };
        self.versions(wanted, Sort::Semver).first().copied()
    }

    /// The stages in force with their versions, in the order in which they are met.
    pub fn stages(
        &self,
        registered_only: bool,
        limits: Limits,
        sort: Sort,
    ) -> Vec<(&str, Vec<&StageOfVersion>)> {
        let wanted = Wanted {
            active_only: true,
            not_registered: !registered_only,
            discovered: false,
        };
        let mut assigned: Vec<&StageOfVersion> = Vec::new();
        for version in self.versions(wanted, sort) {
            let mut active: Vec<_> = version.stages.iter().filter(|it| it.is_active()).collect();
            active.sort_by_key(|it| it.activated_at().map(|at| at.seconds));
            active.truncate(limits.assignments_per_version.unwrap_or(usize::MAX));
            assigned.append(&mut active);
        }
        if sort == Sort::Timestamp {
            assigned.sort_by_key(|it| it.authoring().map(|event| event.at.seconds));
            assigned.reverse();
        }
        let mut stages: Vec<(&str, Vec<&StageOfVersion>)> = Vec::new();
        for one in assigned {
            let at = stages.iter().position(|(stage, _)| *stage == one.stage);
            let at = at.unwrap_or_else(|| {
                stages.push((&one.stage, Vec::new()));
                stages.len() - 1
            });
            let Some((_, versions)) = stages.get_mut(at) else {
                continue;
            };
            let full = limits
                .versions_per_stage
                .is_some_and(|most| versions.len() >= most);
            if !full && versions.iter().all(|known| known.version != one.version) {
                versions.push(one);
            }
        }
        stages
    }
}

impl Registry {
    /// Stages that are in use, by name.
    pub fn used_stages(&self) -> Vec<String> {
        let mut used: Vec<String> = self
            .artifacts
            .iter()
            .flat_map(|artifact| artifact.stages(false, Limits::default(), Sort::Semver))
            .map(|(stage, _)| stage.to_owned())
            .collect();
        used.sort();
        used.dedup();
        used
    }

    /// Those that the settings allow, or else those in use.
    pub fn stages(&self) -> Vec<String> {
        self.allowed.clone().unwrap_or_else(|| self.used_stages())
    }
}
