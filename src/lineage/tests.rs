#![allow(clippy::unwrap_used)]
use std::collections::{BTreeMap, BTreeSet};

use super::tree::{What, rows};
use super::*;
use crate::domain::lineage::code::{Code, CommitFacts, DataAt, Distance, Revision};
use crate::domain::lineage::graph::{Direction, Graph, How};
use crate::domain::lineage::{Clue, Place, Record, Setting, Thing};

const UP: &[Direction] = &[Direction::Up];
const FULL: &str = "a1b2c3d4e5f60718293a4b5c6d7e8f9012345678";
const HASH: &str = "900150983cd24fb0d6963f7d28e17f72";

fn package() -> Thing {
    Thing::ModelVersion {
        arn: "arn:aws:sagemaker:eu-west-1:1:model-package/churn/14".into(),
    }
}

fn variant() -> Thing {
    Thing::Variant {
        endpoint: "churn-prod".into(),
        name: "blue".into(),
    }
}

fn job() -> Thing {
    Thing::TrainingJob {
        name: "train-7".into(),
    }
}

fn model() -> Thing {
    Thing::Model {
        name: "churn-v14".into(),
    }
}

fn from(origin: Thing) -> Clue {
    Clue::From {
        origin,
        why: "told".into(),
    }
}

fn setting(place: Place, name: &str, value: &str) -> Clue {
    Clue::Setting(Setting {
        place,
        name: name.into(),
        value: value.into(),
    })
}

fn record(thing: Thing, clues: Vec<Clue>) -> Record {
    Record {
        arn: "arn:x".into(),
        clues,
        whole: true,
        ..Record::bare(thing)
    }
}

fn code() -> Code {
    let facts = CommitFacts {
        id: FULL.into(),
        summary: "Tune lr".into(),
        data: vec![DataAt {
            path: "data/features.parquet".into(),
            stage: "featurize".into(),
            role: "out".into(),
            hash: HASH.into(),
            size_bytes: Some(10),
            remote_uri: None,
        }],
        distance: Some(Distance {
            of: "main".into(),
            behind: 14,
            ahead: 0,
            data_versions: Some(2),
        }),
        ..CommitFacts::default()
    };
    Code {
        has_repository: true,
        revisions: BTreeMap::from([("a1b2c3d".into(), Revision::Commit(FULL.into()))]),
        commits: BTreeMap::from([(FULL.into(), facts)]),
        head: Some(FULL.into()),
    }
}

/// A variant down to the data that its model was trained on.
fn chain() -> Vec<Record> {
    let archive = "s3://b/out/train-7/output/model.tar.gz".to_owned();
    vec![
        record(variant(), vec![from(model())]),
        record(model(), vec![from(package())]),
        record(
            package(),
            vec![
                setting(Place::MetadataProperties, "CommitId", "a1b2c3d"),
                Clue::ModelData {
                    uri: archive.clone(),
                },
            ],
        ),
        record(
            job(),
            vec![
                Clue::Writes { uri: archive },
                Clue::Reads {
                    channel: "train".into(),
                    uri: content::address("s3://b/dvc", HASH).unwrap(),
                },
            ],
        ),
    ]
}

fn joined(records: &[Record], code: &Code) -> Graph {
    join(records, code, &Rules::default())
}

fn shown(graph: &Graph, root: &Thing, directions: &[Direction]) -> Vec<String> {
    let root = graph.find(root).unwrap();
    rows(graph, root, directions, &|_| false)
        .into_iter()
        .map(|row| {
            let pad = "  ".repeat(row.depth);
            match row.what {
                What::Node {
                    node,
                    evidence,
                    again,
                    ..
                } => {
                    let thing = &graph.nodes[node].thing;
                    let how = evidence.map_or("root".to_owned(), |e| e.how.words());
                    let again = if again { " again" } else { "" };
                    format!("{pad}{} [{how}]{again}", thing.kind())
                }
                What::Missing(missing) => format!("{pad}missing {}", missing.wants),
                What::More(n) => format!("{pad}{n} more"),
            }
        })
        .collect()
}

#[test]
fn from_a_variant_to_commit_and_data() {
    let graph = joined(&chain(), &code());
    assert_eq!(
        shown(&graph, &variant(), UP),
        [
            "variant [root]",
            "  model [declared]",
            "    model_version [declared]",
            "      commit [declared]",
            "        data [declared]",
            "          object [by hash]",
            "      training_job [declared]",
            "        data [by hash] again",
        ]
    );
}

#[test]
fn and_back_from_the_data_to_what_serves_it() {
    let graph = joined(&chain(), &code());
    let data = Thing::Data { hash: HASH.into() };
    assert_eq!(
        shown(&graph, &data, &[Direction::Down]),
        [
            "data [root]",
            "  commit [declared]",
            "    model_version [declared]",
            "      model [declared]",
            "        variant [declared]",
            "  training_job [by hash]",
            "    model_version [declared] again",
        ]
    );
}

#[test]
fn an_archive_of_a_job_nobody_described_is_inferred_from_its_address() {
    let mut records = chain();
    records.pop();
    let graph = joined(&records, &code());
    let job = graph.find(&job()).unwrap();
    let link = graph.products(job).next().unwrap();
    assert_eq!(link.evidence.how, How::Inferred { percent: 90 });
    let next = asks::things(&graph, &records, &variant(), &BTreeSet::new());
    assert!(next.contains(&Thing::TrainingJob {
        name: "train-7".into()
    }));
}

#[test]
fn cycles_end_and_diamonds_open_once() {
    let (a, b, c) = (model(), job(), package());
    let records = [
        record(a.clone(), vec![from(b.clone()), from(c.clone())]),
        record(b.clone(), vec![from(c.clone())]),
        record(c.clone(), vec![from(a.clone())]),
    ];
    let graph = joined(&records, &Code::default());
    let lines = shown(&graph, &a, UP);
    let again = lines.iter().filter(|line| line.ends_with("again")).count();
    assert_eq!(again, 2, "{lines:?}");
    for thing in [&a, &b, &c] {
        let _ = shown(&graph, thing, &[Direction::Up, Direction::Down]);
    }
}

#[test]
fn a_wide_tree_is_cut_and_says_so() {
    let commit = setting(Place::Tag, "git-commit", "a1b2c3d");
    let records: Vec<Record> = (0..500)
        .map(|n| {
            let name = format!("job-{n}");
            record(Thing::TrainingJob { name }, vec![commit.clone()])
        })
        .collect();
    let graph = joined(&records, &code());
    let root = Thing::Commit { id: FULL.into() };
    let lines = shown(&graph, &root, &[Direction::Down]);
    assert_eq!(lines.len(), 62);
    assert_eq!(lines.last().unwrap(), "  440 more");
}

#[test]
fn a_short_id_that_means_several_commits_says_so() {
    let mut code = code();
    code.revisions.insert("a1b2c3d".into(), Revision::Ambiguous);
    let graph = joined(&chain(), &code);
    let missing = graph.missing.iter().find(|m| m.wants == "commit").unwrap();
    assert!(missing.what.contains("more than one commit"), "{missing:?}");
    assert!(
        !graph
            .links
            .iter()
            .any(|link| { matches!(graph.nodes[link.origin].thing, Thing::Commit { .. }) })
    );
}

#[test]
fn a_commit_of_another_repository_is_shown_as_written() {
    let mut code = code();
    code.revisions.insert("a1b2c3d".into(), Revision::Unknown);
    let graph = joined(&chain(), &code);
    let written = Thing::Commit {
        id: "a1b2c3d".into(),
    };
    assert!(graph.find(&written).is_some());
    assert!(
        graph
            .missing
            .iter()
            .any(|m| m.what.contains("not in this repository"))
    );
}

#[test]
fn two_commits_for_one_thing_contradict_each_other() {
    let mut records = chain();
    records[2]
        .clues
        .push(setting(Place::Tag, "git-commit", "ffffff1"));
    let graph = joined(&records, &code());
    let package = graph.find(&package()).unwrap();
    let whys: Vec<&str> = graph
        .origins(package)
        .filter(|l| matches!(graph.nodes[l.origin].thing, Thing::Commit { .. }))
        .map(|l| l.evidence.why.as_str())
        .collect();
    assert_eq!(
        whys,
        [
            "MetadataProperties CommitId",
            "tag git-commit: contradicts the others"
        ]
    );
}

#[test]
fn what_is_missing_comes_with_the_line_to_add() {
    let image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/train@sha256:ab";
    let records = [
        record(model(), Vec::new()),
        record(package(), Vec::new()),
        record(
            job(),
            vec![Clue::Reads {
                channel: "train".into(),
                uri: "s3://b/churn/features".into(),
            }],
        ),
        record(Thing::Image { uri: image.into() }, Vec::new()),
    ];
    let rules = Rules {
        commit_tags: vec!["acme-rev".into()],
    };
    let graph = join(&records, &Code::default(), &rules);
    let mends: Vec<&str> = graph.missing.iter().map(|m| m.mend.as_str()).collect();
    for part in [
        "ModelPackageName",
        "latest_training_job",
        "MetadataProperties(commit_id=commit)",
        "\"Key\": \"acme-rev\"",
        "dvc.api.get_url",
        "org.opencontainers.image.revision",
    ] {
        assert!(mends.iter().any(|m| m.contains(part)), "{part}: {mends:#?}");
    }
}

#[test]
fn a_tag_of_an_image_is_taken_for_the_digest_it_has_today() {
    let uri = "1.dkr.ecr.x.amazonaws.com/serve";
    let records = [
        record(
            model(),
            vec![Clue::Image {
                uri: format!("{uri}:3.1"),
                digest: None,
            }],
        ),
        record(
            Thing::Image {
                uri: format!("{uri}@sha256:12"),
            },
            vec![setting(Place::ImageTag, "tag", "3.1")],
        ),
    ];
    let graph = joined(&records, &Code::default());
    assert_eq!(graph.nodes.len(), 2);
    assert_eq!(graph.links[0].evidence.how, How::Inferred { percent: 80 });
}

#[test]
fn a_tag_that_was_moved_after_a_job_ran_says_so() {
    let at = |second| jiff::Timestamp::from_second(second).ok();
    let uri = "1.dkr.ecr.x.amazonaws.com/train";
    let image = Thing::Image {
        uri: format!("{uri}@sha256:12"),
    };
    let clue = Clue::Image {
        uri: format!("{uri}:3.1"),
        digest: None,
    };
    let mut records = [
        record(job(), vec![clue]),
        record(
            image.clone(),
            vec![
                setting(Place::ImageTag, "tag", "3.1"),
                setting(Place::Label, "git-commit", "a1b2c3d"),
            ],
        ),
    ];
    records[0].at = at(100);
    records[1].at = at(200);
    let graph = joined(&records, &code());
    let job = graph.find(&job()).unwrap();
    let link = graph.origins(job).next().unwrap();
    assert_eq!(link.evidence.how, How::Inferred { percent: 10 });
    // The data at the image's commit has no part in what it runs.
    let lines = shown(&graph, &image, UP);
    assert_eq!(lines, ["image [root]", "  commit [declared]"]);
}

#[test]
fn what_differs_is_told_area_by_area() {
    use crate::domain::lineage::difference::{Area, Between, Side};
    use crate::domain::repository::FileChange;
    let mut code = code();
    let then = code.commits.get_mut(FULL).unwrap();
    then.params.insert("lr".into(), "0.1".into());
    then.metrics.insert("m.json: auc".into(), 0.908);
    let mut now = then.clone();
    now.id = "b".repeat(40);
    now.params.insert("lr".into(), "0.2".into());
    now.metrics.insert("m.json: auc".into(), 0.912);
    now.data[0].hash = "d41d8cd98f00b204e9800998ecf8427e".into();
    now.data[0].size_bytes = Some(4);
    let to = now.id.clone();
    code.commits.insert(to.clone(), now);
    let side = |commit: &str, model: &str| Side {
        label: model.into(),
        commit: Some(commit.into()),
        image: None,
        model: Some(model.into()),
    };
    let file = |path: &str| FileChange {
        path: path.into(),
        change: "modified".into(),
    };
    let between = Between {
        files: vec![file("dvc.lock"), file("src/train.py")],
        commits: 1,
        commits_back: 0,
    };
    let found = difference::difference(side(FULL, "v1"), side(&to, "v2"), &code, Some(&between));
    assert_eq!(found.gaps, [""; 0]);
    let rows: Vec<(Area, &str, &str)> = found
        .changes
        .iter()
        .map(|c| (c.area, c.what.as_str(), c.delta.as_str()))
        .collect();
    assert_eq!(
        rows,
        [
            (Area::Model, "model", ""),
            (Area::Code, "src/train.py", ""),
            (Area::Params, "lr", ""),
            (Area::Data, "data/features.parquet", "-6 B"),
            (Area::Metrics, "m.json: auc", "+0.004"),
        ]
    );
    let unknown = Side {
        commit: None,
        ..side(FULL, "v1")
    };
    let found = difference::difference(unknown, side(&to, "v2"), &code, None);
    assert_eq!(found.gaps, ["v1: no commit is recorded for it"]);
}

#[test]
fn what_serves_is_a_sentence() {
    let code = code();
    let graph = joined(&chain(), &code);
    let serving = serving::all(&graph, &code);
    assert_eq!(
        serving[0].sentence(),
        "variant blue of churn-prod serves model churn v14, trained at a1b2c3d \
         (14 commits, 2 data versions behind main)"
    );
    let nothing = joined(&[record(variant(), Vec::new())], &code);
    assert_eq!(
        serving::all(&nothing, &code)[0].what(),
        "a model that is not known yet"
    );
}

#[test]
fn names_find_their_things() {
    let records = chain();
    let first = |text: &str| name::things(text, &records, None).into_iter().next();
    assert_eq!(first("churn-prod/blue"), Some(variant()));
    assert_eq!(first("churn v14"), Some(package()));
    assert_eq!(first("churn/14"), Some(package()));
    assert_eq!(first("train-7"), Some(job()));
    assert_eq!(first("HEAD~1..x"), None);
    assert_eq!(first("v1.2").map(|t| t.kind()), Some("commit"));
    let data = content::address("s3://b/dvc", HASH).unwrap();
    assert_eq!(first(&data).map(|t| t.kind()), Some("data"));
}

proptest::proptest! {
    /// Whatever services say, the graph is sound and every walk ends.
    #[test]
    fn any_records_make_a_graph(
        links in proptest::collection::vec((0..9usize, 0..9usize), 0..40),
        text in ".{0,60}",
    ) {
        let thing = |n: usize| Thing::Model { name: n.to_string() };
        let records: Vec<Record> = links
            .iter()
            .map(|(a, b)| record(thing(*a), vec![
                from(thing(*b)),
                Clue::Image { uri: text.clone(), digest: Some(text.clone()) },
                Clue::Reads { channel: text.clone(), uri: text.clone() },
                Clue::ModelData { uri: text.clone() },
                Clue::ContentHash { hash: text.clone() },
                Clue::Writes { uri: text.clone() },
                setting(Place::Tag, "git-commit", &text),
            ]))
            .collect();
        let graph = joined(&records, &code());
        for place in 0..graph.nodes.len() {
            let tree = rows(&graph, place, &[Direction::Up, Direction::Down], &|_| false);
            let ids: BTreeSet<&str> = tree.iter().map(|row| row.id.as_str()).collect();
            proptest::prop_assert_eq!(ids.len(), tree.len());
            proptest::prop_assert!(tree.len() <= 4001);
        }
        let _ = name::things(&text, &records, None);
    }
}
