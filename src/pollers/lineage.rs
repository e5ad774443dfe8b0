//! Traces one thing: asks for it, for what it names, and so on, until nothing on the way up can say more.
//!
//! Nothing is asked before somebody opens a lineage, nothing twice, and no more than `asks::MOST_ASKED` things.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::domain::lineage::code::{Code, Revision};
use crate::domain::lineage::graph::Graph;
use crate::domain::lineage::{Record, Thing, Trace};
use crate::domain::source_error::{Answer, ErrorKind, Partial, SourceError};
use crate::lineage::{Rules, asks, join};
use crate::sources::{LineageSource, Sources, VersionSource};

use super::together::together;

/// Things asked for at a time; the governor below decides how many calls leave in a second.
const AT_ONCE: usize = 6;

pub struct Tracer {
    account: Option<Arc<dyn LineageSource>>,
    versions: Arc<dyn VersionSource>,
    rules: Rules,
    root: Thing,
    trace: Trace,
    asked: BTreeSet<Thing>,
    missing: Vec<SourceError>,
    /// The repository said that it cannot be read: not asked again.
    without_code: bool,
    /// That there is none is a failure: somebody named one, or asks for a commit.
    code_wanted: bool,
}

impl Tracer {
    /// `known` is what lists told already. Without an account the repository alone is asked.
    pub fn new(sources: &Sources, root: Thing, known: Vec<Record>, rules: Rules) -> Self {
        let mut trace = Trace {
            records: known,
            code: Code::default(),
        };
        trace.records.push(Record::bare(root.clone()));
        let code_wanted =
            sources.versions_named || matches!(root, Thing::Commit { .. } | Thing::Data { .. });
        Self {
            account: sources.account.as_ref().map(|a| Arc::clone(&a.lineage)),
            versions: Arc::clone(&sources.versions),
            rules,
            root,
            trace,
            asked: BTreeSet::new(),
            missing: Vec::new(),
            without_code: false,
            code_wanted,
        }
    }

    /// What is traced: a commit by its full id as soon as the repository resolved it.
    pub fn root(&self) -> &Thing {
        &self.root
    }

    pub fn answer(&self) -> Partial<Trace> {
        Partial {
            value: self.trace.clone(),
            missing: self.missing.clone(),
        }
    }

    pub fn graph(&self) -> Graph {
        join(&self.trace.records, &self.trace.code, &self.rules)
    }

    pub fn into_parts(self) -> (Thing, Trace, Vec<SourceError>) {
        (self.root, self.trace, self.missing)
    }

    /// One step on; `false` when there is nothing left to ask.
    pub async fn step(&mut self) -> bool {
        if self.resolve().await {
            return true;
        }
        let graph = self.graph();
        let read = self.read_commits(&graph).await;
        let asked = self.ask(&graph).await;
        read || asked
    }

    /// Finds out what written revisions mean.
    async fn resolve(&mut self) -> bool {
        if self.without_code {
            return false;
        }
        let known = &self.trace.code;
        let mut written = asks::revisions(&self.trace.records, known, &self.rules);
        if let Thing::Commit { id } = &self.root
            && !known.revisions.contains_key(id)
        {
            written.push(id.clone());
        }
        if written.is_empty() && (known.has_repository || self.without_code) {
            return false;
        }
        self.code(written, Vec::new()).await;
        if let Thing::Commit { id } = &self.root
            && let Some(Revision::Commit(full)) = self.trace.code.revisions.get(id)
        {
            let full = full.clone();
            self.trace
                .records
                .retain(|record| record.thing != self.root || record.whole);
            self.root = Thing::Commit { id: full.clone() };
            self.trace.records.push(Record::bare(self.root.clone()));
            self.trace
                .code
                .revisions
                .insert(full.clone(), Revision::Commit(full));
        }
        true
    }

    /// Reads the commits on the way: their data, parameters and metrics.
    async fn read_commits(&mut self, graph: &Graph) -> bool {
        if self.without_code {
            return false;
        }
        let commits = asks::commits(graph, &self.root, &self.trace.code);
        if commits.is_empty() {
            return false;
        }
        let before = self.trace.code.commits.len();
        self.code(Vec::new(), commits).await;
        // A commit that cannot be read would be asked for for ever.
        self.trace.code.commits.len() > before
    }

    async fn code(&mut self, revisions: Vec<String>, commits: Vec<String>) {
        let versions = Arc::clone(&self.versions);
        // What is not answered is not asked again.
        for written in &revisions {
            let revisions = &mut self.trace.code.revisions;
            revisions
                .entry(written.clone())
                .or_insert(Revision::Unknown);
        }
        let answer = tokio::task::spawn_blocking(move || versions.code(&revisions, &commits)).await;
        let answer = answer.unwrap_or_else(|_| {
            let what = "the repository could not be read";
            Err(SourceError::new("git", ErrorKind::Malformed, what))
        });
        match answer {
            Ok(partial) => {
                self.note(partial.missing);
                self.trace.code.extend(partial.value);
                self.without_code = !self.trace.code.has_repository;
            }
            Err(error) => {
                self.without_code = true;
                if self.code_wanted || error.kind != ErrorKind::Missing {
                    self.note([error]);
                }
            }
        }
    }

    /// Describes the next things.
    async fn ask(&mut self, graph: &Graph) -> bool {
        let Some(account) = self.account.clone() else {
            return false;
        };
        let things = asks::things(graph, &self.trace.records, &self.root, &self.asked);
        let things: Vec<Thing> = things.into_iter().take(AT_ONCE).collect();
        if things.is_empty() {
            return false;
        }
        self.asked.extend(things.iter().cloned());
        let answers = together(things.iter().map(|thing| account.record(thing))).await;
        for (thing, answer) in things.into_iter().zip(answers) {
            self.take(thing, answer);
        }
        true
    }

    fn take(&mut self, thing: Thing, answer: Answer<Vec<Record>>) {
        match answer {
            Ok(partial) => {
                self.note(partial.missing);
                self.trace.records.extend(partial.value);
            }
            // It was deleted, or it is of another account: that is something to know of it, and no failure.
            Err(error) if error.kind == ErrorKind::Missing => self.trace.records.push(Record {
                note: "not there, or of another account".to_owned(),
                ..Record::bare(thing)
            }),
            Err(error) => self.note([error]),
        }
    }

    /// The same failure of the same source is told once.
    fn note(&mut self, failures: impl IntoIterator<Item = SourceError>) {
        for failure in failures {
            let known = self.missing.iter().any(|other| {
                other.source_name == failure.source_name
                    && other.kind == failure.kind
                    && (other.kind != ErrorKind::Malformed || other.what == failure.what)
            });
            if !known {
                self.missing.push(failure);
            }
        }
    }
}
