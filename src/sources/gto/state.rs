//! The events of all tags, replayed.

use std::fmt;

use super::annotations::{Annotations, allowed_stages};
use super::event::{Event, Kind, Moment, newest_first};
use super::tag::{Action, TagName};
use super::{Commit, Source, Tag};

/// Why there is no answer, in GTO's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    NoArtifact(String),
    ManyVersions(String, Vec<String>),
    NoCommit(String),
    Annotations,
    Config,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoArtifact(name) => write!(f, "Cannot find artifact '{name}'"),
            Self::ManyVersions(name, versions) => {
                let shown: Vec<_> = versions.iter().map(|it| format!("'{it}'")).collect();
                write!(
                    f,
                    "Multiple versions are not allowed on the same Git commit. Violation detected for artifact \
                     '{name}', versions '[{}]'.",
                    shown.join(", ")
                )
            }
            Self::NoCommit(id) => write!(f, "Unexpected error: Invalid commit '{id}'"),
            Self::Annotations => f.write_str("artifacts.yaml file doesn't conform to GTO format"),
            Self::Config => f.write_str("Wrong config file '.gto'"),
        }
    }
}

/// One version in one stage, now or once.
#[derive(Clone, Debug, Default)]
pub struct StageOfVersion {
    pub stage: String,
    pub version: String,
    pub commit: String,
    pub assignments: Vec<Event>,
    pub unassignments: Vec<Event>,
}

impl StageOfVersion {
    pub fn events(&self) -> Vec<&Event> {
        let mut events: Vec<_> = self.assignments.iter().chain(&self.unassignments).collect();
        newest_first(&mut events);
        events
    }

    pub fn is_active(&self) -> bool {
        self.activated_at().is_some()
    }

    /// When it was assigned; `None` if it was taken out since.
    pub fn activated_at(&self) -> Option<Moment> {
        let newest = *self.events().first()?;
        (newest.kind == Kind::Assignment).then_some(newest.at)
    }

    /// The newest assignment, or else the newest event.
    pub fn authoring(&self) -> Option<&Event> {
        let events = self.events();
        events
            .iter()
            .find(|event| event.kind.adds())
            .or(events.first())
            .copied()
    }
}

#[derive(Clone, Debug, Default)]
pub struct Version {
    /// `v1.0.0`; the commit's id for one that was never registered.
    pub name: String,
    pub commit: String,
    pub commits: Vec<Event>,
    pub registrations: Vec<Event>,
    pub deregistrations: Vec<Event>,
    /// In the order in which they first occurred.
    pub stages: Vec<StageOfVersion>,
}

impl Version {
    pub fn direct_events(&self) -> Vec<&Event> {
        let mut events: Vec<_> = self
            .registrations
            .iter()
            .chain(&self.deregistrations)
            .collect();
        newest_first(&mut events);
        events
    }

    fn unsorted_indirect(&self) -> impl Iterator<Item = &Event> {
        self.commits
            .iter()
            .chain(self.stages.iter().flat_map(StageOfVersion::events))
    }

    fn indirect_events(&self) -> Vec<&Event> {
        let mut events: Vec<_> = self.unsorted_indirect().collect();
        newest_first(&mut events);
        events
    }

    pub fn events(&self) -> Vec<&Event> {
        let direct = self.registrations.iter().chain(&self.deregistrations);
        let mut events: Vec<_> = direct.chain(self.unsorted_indirect()).collect();
        newest_first(&mut events);
        events
    }

    pub fn is_active(&self) -> bool {
        match self.direct_events().first() {
            Some(newest) => newest.kind == Kind::Registration,
            None => !self.events().is_empty(),
        }
    }

    pub fn is_registered(&self) -> bool {
        !self.registrations.is_empty()
    }

    /// Whether only its stages, or its commit, tell of it.
    pub fn is_discovered(&self) -> bool {
        self.registrations.is_empty() && self.deregistrations.is_empty()
    }

    pub fn activated_at(&self) -> Option<Moment> {
        let first = self.registrations.first();
        first
            .or(self.events().last().copied())
            .map(|event| event.at)
    }

    pub fn authoring(&self) -> Option<&Event> {
        let direct = self.direct_events();
        let adding = direct.iter().find(|event| event.kind.adds()).copied();
        adding.or_else(|| self.indirect_events().first().copied())
    }

    fn stage(&mut self, stage: &str) -> Option<&mut StageOfVersion> {
        let at = self.stages.iter().position(|it| it.stage == stage);
        let at = at.unwrap_or_else(|| {
            self.stages.push(StageOfVersion {
                stage: stage.to_owned(),
                version: self.name.clone(),
                commit: self.commit.clone(),
                ..StageOfVersion::default()
            });
            self.stages.len() - 1
        });
        self.stages.get_mut(at)
    }

    fn add(&mut self, event: Event) {
        let stage = event.stage.clone().unwrap_or_default();
        let list = match event.kind {
            Kind::Commit => &mut self.commits,
            Kind::Registration => &mut self.registrations,
            Kind::Deregistration | Kind::Deprecation => &mut self.deregistrations,
            Kind::Assignment | Kind::Unassignment => match self.stage(&stage) {
                Some(stage) if event.kind == Kind::Assignment => &mut stage.assignments,
                Some(stage) => &mut stage.unassignments,
                None => return,
            },
        };
        if !list.contains(&event) {
            list.push(event);
            list.sort_by_key(|event| event.at.seconds);
        }
    }
}

#[derive(Clone, Debug, Default)]
pub struct Artifact {
    pub name: String,
    pub versions: Vec<Version>,
    pub deprecations: Vec<Event>,
}

impl Artifact {
    pub fn events(&self) -> Vec<&Event> {
        let of_versions = self.versions.iter().flat_map(Version::events);
        let mut events: Vec<_> = self.deprecations.iter().chain(of_versions).collect();
        newest_first(&mut events);
        events
    }

    pub fn is_active(&self) -> bool {
        self.events()
            .first()
            .is_some_and(|newest| newest.kind != Kind::Deprecation)
    }

    /// Whether a tag tells of it, and not only `artifacts.yaml`.
    pub fn is_registered(&self) -> bool {
        self.events().iter().any(|event| event.kind != Kind::Commit)
    }

    /// The one registered version at a commit (and of a name), made if there is none.
    fn version(&mut self, name: Option<&str>, commit: &str) -> Result<usize, Problem> {
        let fits = |version: &Version| {
            !version.is_discovered()
                && version.commit == commit
                && name.is_none_or(|name| version.name == name)
        };
        let found: Vec<usize> = (0..self.versions.len())
            .filter(|at| self.versions.get(*at).is_some_and(fits))
            .collect();
        match found.as_slice() {
            [] => {
                self.versions.push(Version {
                    name: name.unwrap_or(commit).to_owned(),
                    commit: commit.to_owned(),
                    ..Version::default()
                });
                Ok(self.versions.len() - 1)
            }
            [one] => Ok(*one),
            several => {
                let names = several.iter().filter_map(|at| self.versions.get(*at));
                let names = names.map(|version| version.name.clone()).collect();
                Err(Problem::ManyVersions(self.name.clone(), names))
            }
        }
    }

    fn add(&mut self, event: Event) -> Result<(), Problem> {
        if event.kind == Kind::Deprecation {
            self.deprecations.push(event);
            self.deprecations.sort_by_key(|event| event.at.seconds);
            return Ok(());
        }
        let at = self.version(event.version.as_deref(), &event.commit)?;
        if let Some(version) = self.versions.get_mut(at) {
            version.add(event);
        }
        Ok(())
    }
}

/// All artifacts, in the order in which the replay met them.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    pub artifacts: Vec<Artifact>,
    /// The stages that the settings allow; `None` where they name none.
    pub allowed: Option<Vec<String>>,
}

impl Registry {
    /// Replays all tags.
    ///
    /// # Errors
    /// Where GTO itself refuses: two registered versions at one commit, damaged `artifacts.yaml` or `.gto`.
    pub fn replay(source: &Source) -> Result<Self, Problem> {
        let mut registry = Self::default();
        if let Some(config) = &source.config {
            registry.allowed = allowed_stages(config).map_err(|_| Problem::Config)?;
        }
        let mut tags: Vec<(&Tag, TagName)> = source
            .tags
            .iter()
            .filter_map(|tag| Some((tag, TagName::parse(&tag.name)?)))
            .collect();
        tags.sort_by(|(a, _), (b, _)| (a.at.seconds, &a.name).cmp(&(b.at.seconds, &b.name)));
        type Turn = fn(Action) -> bool;
        let turns: [Turn; 3] = [
            |action| action == Action::Deprecate,
            |action| matches!(action, Action::Register | Action::Deregister),
            |action| matches!(action, Action::Assign | Action::Unassign),
        ];
        for turn in turns {
            for (tag, name) in tags.iter().filter(|(_, name)| turn(name.action)) {
                registry.apply(tag, name)?;
            }
        }
        registry.add_commits(source)?;
        Ok(registry)
    }

    pub fn find(&self, name: &str) -> Result<&Artifact, Problem> {
        let found = self.artifacts.iter().find(|artifact| artifact.name == name);
        found.ok_or_else(|| Problem::NoArtifact(name.to_owned()))
    }

    fn artifact(&mut self, name: &str) -> usize {
        let known = self.artifacts.iter().position(|it| it.name == name);
        known.unwrap_or_else(|| {
            self.artifacts.push(Artifact {
                name: name.to_owned(),
                ..Artifact::default()
            });
            self.artifacts.len() - 1
        })
    }

    fn apply(&mut self, tag: &Tag, name: &TagName) -> Result<(), Problem> {
        let at = self.artifact(&name.artifact);
        let Some(artifact) = self.artifacts.get_mut(at) else {
            return Ok(());
        };
        let (kind, version) = match name.action {
            Action::Deprecate => (Kind::Deprecation, None),
            Action::Register => (Kind::Registration, name.version.clone()),
            Action::Deregister => (Kind::Deregistration, name.version.clone()),
            Action::Assign | Action::Unassign => {
                let kind = if name.action == Action::Assign {
                    Kind::Assignment
                } else {
                    Kind::Unassignment
                };
                // A stage belongs to the version registered at its commit; GTO makes one of no content if there is none.
                let at = artifact.version(None, &tag.target)?;
                let version = artifact
                    .versions
                    .get(at)
                    .map(|version| version.name.clone());
                (kind, version)
            }
        };
        artifact.add(Event {
            kind,
            artifact: name.artifact.clone(),
            at: tag.at,
            author: tag.tagger.clone(),
            email: tag.email.clone(),
            message: tag.message.trim().to_owned(),
            commit: tag.target.clone(),
            tag: Some(tag.name.clone()),
            version,
            stage: name.stage.clone(),
            committer: None,
            annotation: None,
        })
    }

    /// Every version's commit is an event too, as is each artifact that HEAD's `artifacts.yaml` describes.
    fn add_commits(&mut self, source: &Source) -> Result<(), Problem> {
        let described = |commit: &Commit| match &commit.annotations {
            Some(bytes) => Annotations::parse(bytes).ok_or(Problem::Annotations),
            None => Ok(Annotations::default()),
        };
        for artifact in &mut self.artifacts {
            for version in &mut artifact.versions {
                let commit = source.commits.get(&version.commit);
                let commit = commit.ok_or_else(|| Problem::NoCommit(version.commit.clone()))?;
                let annotation = described(commit)?.get(&artifact.name).cloned();
                let name = version.name.clone();
                version.add(committed(commit, &artifact.name, &name, annotation));
            }
        }
        let Some(head) = source.head.as_ref().and_then(|id| source.commits.get(id)) else {
            return Ok(());
        };
        for (name, annotation) in described(head)?.0 {
            let at = self.artifact(&name);
            if let Some(artifact) = self.artifacts.get_mut(at) {
                let at = artifact.version(None, &head.id)?;
                if let Some(version) = artifact.versions.get_mut(at) {
                    let known = version.name.clone();
                    version.add(committed(head, &name, &known, Some(annotation)));
                }
            }
        }
        Ok(())
    }
}

fn committed(
    commit: &Commit,
    artifact: &str,
    version: &str,
    annotation: Option<super::annotations::Annotation>,
) -> Event {
    Event {
        kind: Kind::Commit,
        artifact: artifact.to_owned(),
        at: commit.at,
        author: commit.author.clone(),
        email: commit.author_email.clone(),
        message: commit.message.clone(),
        commit: commit.id.clone(),
        tag: None,
        version: Some(version.to_owned()),
        stage: None,
        committer: Some((commit.committer.clone(), commit.committer_email.clone())),
        annotation,
    }
}
