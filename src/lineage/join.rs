//! The graph of all records: every clue becomes a link, with how it was found.

use std::collections::{BTreeSet, HashMap, VecDeque};

use crate::domain::lineage::code::{Code, CommitFacts, Revision};
use crate::domain::lineage::graph::{Direction, Evidence, Graph, How, Link, Missing, Node};
use crate::domain::lineage::{Clue, Place, Record, Thing};
use crate::domain::repository::short_id;

use super::images::Images;
use super::{Rules, content, missing, revisions};

/// Joins everything that is known.
pub fn join(records: &[Record], code: &Code, rules: &Rules) -> Graph {
    let mut joiner = Joiner {
        graph: Graph::default(),
        places: HashMap::new(),
        links: HashMap::new(),
        images: Images::of(records),
        writers: writers(records),
        code,
        rules,
    };
    for record in records {
        joiner.record(record);
    }
    for facts in code.commits.values() {
        joiner.commit(facts);
    }
    for record in records {
        joiner.clues(record);
    }
    let mut graph = joiner.graph;
    graph
        .missing
        .extend(missing::of(&graph, records, code, rules));
    graph
}

/// Who wrote exactly this address; a place that many jobs write to tells nothing.
fn writers(records: &[Record]) -> HashMap<String, &Thing> {
    let mut writers: HashMap<String, Option<&Thing>> = HashMap::new();
    for record in records {
        for clue in &record.clues {
            if let Clue::Writes { uri } = clue {
                let known = writers
                    .entry(content::tidy(uri))
                    .or_insert(Some(&record.thing));
                if known.is_some_and(|thing| *thing != record.thing) {
                    *known = None;
                }
            }
        }
    }
    writers
        .into_iter()
        .filter_map(|(uri, thing)| Some((uri, thing?)))
        .collect()
}

struct Joiner<'a> {
    graph: Graph,
    places: HashMap<Thing, usize>,
    /// Place of the link in `graph.links`, by product and origin.
    links: HashMap<(usize, usize), usize>,
    images: Images,
    writers: HashMap<String, &'a Thing>,
    code: &'a Code,
    rules: &'a Rules,
}

impl Joiner<'_> {
    fn node(&mut self, thing: &Thing) -> usize {
        if let Some(place) = self.places.get(thing) {
            return *place;
        }
        let place = self.graph.nodes.len();
        self.places.insert(thing.clone(), place);
        self.graph.nodes.push(Node {
            name: thing.name(),
            thing: thing.clone(),
            note: String::new(),
            at: None,
            arn: String::new(),
        });
        place
    }

    /// The better way to the same link stays.
    fn link(&mut self, product: usize, origin: usize, evidence: Evidence) {
        if product == origin {
            return;
        }
        if let Some(&known) = self.links.get(&(product, origin)) {
            let known = &mut self.graph.links[known].evidence;
            if known.how.strength() < evidence.how.strength() {
                *known = evidence;
            }
            return;
        }
        self.links.insert((product, origin), self.graph.links.len());
        self.graph.links.push(Link {
            product,
            origin,
            evidence,
        });
    }

    fn record(&mut self, record: &Record) {
        let place = self.node(&record.thing);
        let node = &mut self.graph.nodes[place];
        if let Some(name) = &record.name {
            node.name.clone_from(name);
        }
        if !record.note.is_empty() {
            node.note.clone_from(&record.note);
        }
        node.at = record.at.or(node.at);
        if !record.arn.is_empty() {
            node.arn.clone_from(&record.arn);
        }
    }

    /// A commit, and the data that it names.
    fn commit(&mut self, facts: &CommitFacts) {
        let id = facts.id.clone();
        let commit = self.node(&Thing::Commit { id });
        let node = &mut self.graph.nodes[commit];
        node.note = match facts.distance.as_ref().filter(|d| d.behind + d.ahead > 0) {
            Some(distance) => format!(
                "{} ({})",
                facts.summary,
                super::serving::distance_words(distance)
            ),
            None => facts.summary.clone(),
        };
        node.at = facts.at;
        // Metrics and plots are what came of it.
        for data in facts.data.iter().filter(|data| data.role == "out") {
            let place = self.node(&Thing::Data {
                hash: data.hash.clone(),
            });
            let node = &mut self.graph.nodes[place];
            node.name = format!("{} {}", data.path, data.hash.get(..8).unwrap_or(&data.hash));
            let why = match data.stage.ends_with(".dvc") {
                true => format!("{} at {}", data.stage, short_id(&facts.id)),
                false => format!(
                    "dvc.lock at {}: stage {} wrote {}",
                    short_id(&facts.id),
                    data.stage,
                    data.path
                ),
            };
            let how = How::Declared;
            self.link(commit, place, Evidence { how, why });
            if let Some(uri) = &data.remote_uri {
                let object = self.node(&Thing::Object { uri: uri.clone() });
                let why = "where DVC's remote keeps this hash".to_owned();
                let how = How::Hash;
                self.link(place, object, Evidence { how, why });
            }
        }
    }

    fn clues(&mut self, record: &Record) {
        let here = self.node(&record.thing);
        for clue in &record.clues {
            match clue {
                Clue::From { origin, why } => {
                    let origin = self.node(origin);
                    self.link(here, origin, declared(why));
                }
                Clue::Into { product, why } => {
                    let product = self.node(product);
                    self.link(product, here, declared(why));
                }
                Clue::Image { uri, digest } => self.image(here, uri, digest.as_deref()),
                Clue::Reads { channel, uri } => self.reads(here, channel, uri),
                Clue::ModelData { uri } => self.model_data(here, uri),
                Clue::ContentHash { hash } => self.same_content(here, hash),
                Clue::Setting(setting)
                    if matches!(setting.place, Place::Metadata | Place::MetadataProperties) =>
                {
                    if let Some((origin, why)) = origin_in(&setting.name, &setting.value) {
                        let origin = self.node(&origin);
                        self.link(here, origin, declared(&why));
                    }
                }
                Clue::Writes { .. } | Clue::Setting(_) | Clue::Metric { .. } => {}
            }
        }
        self.commits_of(here, record);
    }

    fn image(&mut self, here: usize, uri: &str, digest: Option<&str>) {
        let named = self.images.name(uri, digest);
        let image = self.node(&named.thing);
        let ran = self.graph.nodes[here].at;
        let pushed = self.graph.nodes[image].at;
        let evidence = match named.by_tag {
            Some(tag) if ran.zip(pushed).is_some_and(|(ran, pushed)| pushed > ran) => Evidence {
                how: How::Inferred { percent: 10 },
                why: format!("tag {tag} was moved: this digest was pushed after it ran"),
            },
            Some(tag) => Evidence {
                how: How::Inferred { percent: 80 },
                why: format!("tag {tag} is at this digest today; tags can be moved"),
            },
            None if uri.contains('@') || digest.is_some() => declared("the digest it runs"),
            None => declared("the image it names"),
        };
        self.link(here, image, evidence);
    }

    fn reads(&mut self, here: usize, channel: &str, uri: &str) {
        let uri = content::tidy(uri);
        if let Some((hash, sure)) = content::hash_of(&uri) {
            let data = self.node(&Thing::Data { hash });
            let evidence = match sure {
                true => Evidence {
                    how: How::Hash,
                    why: format!("channel {channel} reads DVC's object of this hash"),
                },
                false => Evidence {
                    how: How::Inferred { percent: 85 },
                    why: format!("channel {channel} reads an address as DVC 2 laid them out"),
                },
            };
            self.link(here, data, evidence);
            let object = self.node(&Thing::Object { uri });
            let why = "the address holds the hash".to_owned();
            let how = How::Hash;
            self.link(data, object, Evidence { how, why });
            return;
        }
        if let Some(writer) = self.writers.get(&uri).copied() {
            let writer = self.node(writer);
            self.link(
                here,
                writer,
                Evidence {
                    how: How::Inferred { percent: 70 },
                    why: format!("channel {channel} reads what it wrote to {uri}"),
                },
            );
        }
        let object = self.node(&Thing::Object { uri });
        self.link(here, object, declared(&format!("channel {channel}")));
    }

    /// The job that wrote a model's archive; its name stands in the address that SageMaker chose.
    fn model_data(&mut self, here: usize, uri: &str) {
        let uri = content::tidy(uri);
        if let Some(writer) = self.writers.get(&uri).copied() {
            let writer = self.node(writer);
            let why = "its ModelDataUrl is what the job wrote";
            self.link(here, writer, declared(why));
            return;
        }
        let archive = self.node(&Thing::Object { uri: uri.clone() });
        self.link(here, archive, declared("ModelDataUrl"));
        if let Some(name) = job_in(&uri) {
            let job = self.node(&Thing::TrainingJob { name });
            let evidence = Evidence {
                how: How::Inferred { percent: 90 },
                why: "SageMaker names the folder of an archive after its training job".to_owned(),
            };
            self.link(archive, job, evidence);
        }
    }

    fn same_content(&mut self, here: usize, hash: &str) {
        let hash = hash.trim_matches('"').to_ascii_lowercase();
        let named = self.places.get(&Thing::Data { hash }).copied();
        // Where its address holds the hash, that says it already.
        let named = named.filter(|data| !self.links.contains_key(&(*data, here)));
        if let Some(data) = named {
            let evidence = Evidence {
                how: How::Hash,
                why: "its ETag is the md5 that DVC recorded".to_owned(),
            };
            self.link(here, data, evidence);
        }
    }

    fn commits_of(&mut self, here: usize, record: &Record) {
        let candidates = revisions::candidates(record, self.rules);
        let mut unresolved: Vec<(String, String, bool)> = Vec::new();
        let mut found = BTreeSet::new();
        for candidate in candidates {
            let written = &candidate.written;
            let revision = self.code.revisions.get(written);
            let id = match revision {
                Some(Revision::Commit(id)) => id.clone(),
                _ if candidate.only_if_known => continue,
                Some(Revision::Ambiguous) => {
                    unresolved.push((written.clone(), candidate.evidence.why, true));
                    continue;
                }
                Some(Revision::Unknown) | None => {
                    if revision.is_some() && self.code.has_repository {
                        unresolved.push((written.clone(), candidate.evidence.why.clone(), false));
                    }
                    written.clone()
                }
            };
            if !found.insert(id.clone()) {
                continue;
            }
            let commit = self.node(&Thing::Commit { id: id.clone() });
            let mut evidence = candidate.evidence;
            if found.len() > 1 {
                evidence.why = format!("{}: contradicts the others", evidence.why);
            }
            self.link(here, commit, evidence);
        }
        for (written, place, ambiguous) in unresolved {
            let (what, mend) = if ambiguous {
                (
                    format!("{place} says {written}: more than one commit begins like that"),
                    "write the id in full: $(git rev-parse HEAD)".to_owned(),
                )
            } else {
                (
                    format!("{place} says {written}: not in this repository"),
                    "git fetch --all --tags, or --repo for the repository it is from".to_owned(),
                )
            };
            self.graph.missing.push(Missing {
                product: here,
                wants: "commit".to_owned(),
                what,
                mend,
            });
        }
    }
}

fn declared(why: &str) -> Evidence {
    Evidence {
        how: How::Declared,
        why: why.to_owned(),
    }
}

/// Metadata that names where the model came from: an ARN in any value, a job under one of the usual names.
fn origin_in(name: &str, value: &str) -> Option<(Thing, String)> {
    let value = value.trim();
    if let Some(origin) = Thing::of_arn(value) {
        return matches!(
            origin,
            Thing::Execution { .. } | Thing::TrainingJob { .. } | Thing::ProcessingJob { .. }
        )
        .then(|| (origin, format!("{name} holds its ARN")));
    }
    let plain: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_lowercase();
    let names_job = matches!(
        plain.as_str(),
        "trainingjob" | "trainingjobname" | "sagemakertrainingjob"
    );
    let fits = !value.is_empty()
        && value.len() <= 63
        && value
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-');
    (names_job && fits).then(|| {
        let job = Thing::TrainingJob {
            name: value.to_owned(),
        };
        (job, format!("customer metadata {name} names it"))
    })
}

/// `job` of `s3://…/job/output/model.tar.gz`.
pub fn job_in(uri: &str) -> Option<String> {
    let rest = uri.strip_suffix("/output/model.tar.gz")?;
    let name = rest.rsplit('/').next()?;
    let fits = !name.is_empty()
        && name.len() <= 63
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    (fits && rest.starts_with("s3://") && rest.len() > "s3://".len() + name.len())
        .then(|| name.to_owned())
}

/// Nodes that can be walked to from one, itself among them, in the order of distance.
pub fn reachable(graph: &Graph, from: usize, direction: Direction) -> Vec<usize> {
    let mut next: HashMap<usize, Vec<usize>> = HashMap::new();
    for link in &graph.links {
        let (here, there) = match direction {
            Direction::Up => (link.product, link.origin),
            Direction::Down => (link.origin, link.product),
        };
        next.entry(here).or_default().push(there);
    }
    let mut seen = BTreeSet::from([from]);
    let mut order = Vec::new();
    let mut queue = VecDeque::from([from]);
    while let Some(node) = queue.pop_front() {
        order.push(node);
        for &other in next.get(&node).into_iter().flatten() {
            if seen.insert(other) {
                queue.push_back(other);
            }
        }
    }
    order
}
