//! From an endpoint to the commit behind it, in a few keys, through the real loop.

use std::collections::BTreeMap;

use flightdeck::domain::lineage::code::{Code, CommitFacts, DataAt, Distance, Revision};
use flightdeck::domain::lineage::{Clue, Place, Record, Setting, Thing};
use flightdeck::domain::registry::{ModelGroup, ModelVersion};
use flightdeck::domain::repository::{Commit, Head, Repository};

use super::*;

const FULL: &str = "a1b2c3d000000000000000000000000000000000";
const HEAD: &str = "b2c3d4e000000000000000000000000000000000";
const PACKAGE: &str = "arn:aws:sagemaker:eu-west-1:123456789012:model-package/churn/14";

fn facts(id: &str, behind: usize, lr: &str, hash: &str) -> (String, CommitFacts) {
    let facts = CommitFacts {
        id: id.into(),
        summary: "tune lr".into(),
        data: vec![DataAt {
            path: "data/features.parquet".into(),
            stage: "featurize".into(),
            role: "out".into(),
            hash: hash.into(),
            size_bytes: Some(2200),
            remote_uri: None,
        }],
        params: BTreeMap::from([("train.lr".into(), lr.into())]),
        distance: Some(Distance {
            of: "main".into(),
            behind,
            ahead: 0,
            data_versions: Some(behind / 7),
        }),
        ..CommitFacts::default()
    };
    (id.into(), facts)
}

/// An endpoint whose model was registered from a commit 14 behind HEAD.
fn traced() -> Arc<Scripted> {
    let sources = account();
    sources.endpoints.only(whole(vec![Endpoint {
        name: "churn-prod".into(),
        arn: "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/churn-prod".into(),
        kind: EndpointKind::RealTime,
        status: "InService".into(),
        config: "churn-prod-7".into(),
        created_at: minutes_ago(6000),
        changed_at: minutes_ago(600),
        failure_reason: None,
        variants: vec![Variant {
            name: "blue".into(),
            model: Some("churn-v14".into()),
            model_package_arn: Some(PACKAGE.into()),
            weight: Some(90.0),
            ..Variant::default()
        }],
        detailed: true,
        data_capture: None,
    }]));
    sources.models.only(whole(vec![ModelGroup {
        name: "churn".into(),
        arn: "arn:aws:sagemaker:eu-west-1:123456789012:model-package-group/churn".into(),
        created_at: minutes_ago(9000),
        status: "Completed".into(),
        versions: vec![ModelVersion {
            group: "churn".into(),
            version: Some(14),
            arn: PACKAGE.into(),
            status: "Completed".into(),
            approval: Some("Approved".into()),
            created_at: minutes_ago(900),
            description: None,
            commit: Some(FULL.into()),
            images: Vec::new(),
            metadata: Vec::new(),
            detailed: true,
        }],
    }]));
    let commit = |id: &str, summary: &str| Commit {
        id: id.into(),
        parents: Vec::new(),
        author: "Ada".into(),
        at: minutes_ago(1000),
        summary: summary.into(),
    };
    sources.repository.only(whole(Repository {
        head: Head {
            branch: Some("main".into()),
            commit: Some(HEAD.into()),
            operation: None,
        },
        log: vec![commit(HEAD, "newest"), commit(FULL, "tune lr")],
        ..Repository::default()
    }));
    let archive = "s3://b/out/train-7/output/model.tar.gz".to_owned();
    *sources.records.lock().unwrap() = vec![
        Record {
            clues: vec![
                Clue::Setting(Setting {
                    place: Place::MetadataProperties,
                    name: "CommitId".into(),
                    value: FULL.into(),
                }),
                Clue::ModelData {
                    uri: archive.clone(),
                },
            ],
            note: "Approved".into(),
            whole: true,
            ..Record::bare(Thing::ModelVersion {
                arn: PACKAGE.into(),
            })
        },
        Record {
            arn: "arn:aws:sagemaker:eu-west-1:123456789012:training-job/train-7".into(),
            clues: vec![
                Clue::Writes { uri: archive },
                Clue::Reads {
                    channel: "train".into(),
                    uri: "s3://b/churn/features".into(),
                },
            ],
            note: "completed".into(),
            whole: true,
            ..Record::bare(Thing::TrainingJob {
                name: "train-7".into(),
            })
        },
    ];
    let known = |id: &str| (id.to_owned(), Revision::Commit(id.into()));
    *sources.code.lock().unwrap() = Code {
        has_repository: true,
        revisions: BTreeMap::from([known(FULL), known(HEAD)]),
        commits: BTreeMap::from([
            facts(FULL, 14, "0.003", "4f2100000000000000000000000000aa"),
            facts(HEAD, 0, "0.0026", "9ab300000000000000000000000000bb"),
        ]),
        head: Some(HEAD.into()),
    };
    sources
}

#[tokio::test(start_paused = true)]
async fn from_an_endpoint_to_its_commit_and_back_in_a_few_keys() {
    let mut program = open(traced(), (120, 40)).await;
    program.press("3").await.unwrap();
    let sentence = "blue serves model churn v14, trained at a1b2c3d";
    assert_shows(&program, &[sentence]);
    program.press("i").await.unwrap();
    insta::assert_snapshot!("lineage_120x40", program.screen());
    // The tree: endpoint, variant, config, model, version, commit.
    program.press("jjjjj").await.unwrap();
    assert_shows(&program, &["MetadataProperties CommitId"]);
    program.press("<enter>").await.unwrap();
    // Its row is chosen as soon as the history, which nobody tells here, has it.
    let history = &program.runtime.model.versions.history;
    assert_eq!(history.sought.as_deref(), Some(FULL));
    assert_shows(&program, &["Reading the history"]);
    program.press("<esc>").await.unwrap();
    assert_shows(&program, &["model version churn v14"]);
    program.press("<esc>").await.unwrap();
    assert_shows(&program, &[sentence]);
}

#[tokio::test(start_paused = true)]
async fn the_line_that_is_missing_is_one_key_away() {
    let mut program = open(traced(), (80, 24)).await;
    program.press("3i").await.unwrap();
    insta::assert_snapshot!("lineage_80x24", program.screen());
    program.press("/missing<enter>y").await.unwrap();
    let copied = &program.runtime.surface().copied;
    assert!(
        copied
            .last()
            .is_some_and(|text| text.contains("dvc.api.get_url")),
        "{copied:?}\n{}",
        program.screen()
    );
}

#[tokio::test(start_paused = true)]
async fn what_differs_from_head_is_one_key_away() {
    let mut program = open(traced(), (120, 40)).await;
    program.press("3d").await.unwrap();
    assert_shows(&program, &["train.lr", "0.0026", "4f210000", "9ab30000"]);
    insta::assert_snapshot!("difference_120x40", program.screen());
}

#[tokio::test(start_paused = true)]
async fn nothing_of_a_lineage_is_asked_before_it_is_opened() {
    let sources = traced();
    let mut program = open(sources.clone(), (120, 40)).await;
    for key in ["2", "3", "6", "1"] {
        program.press(key).await.unwrap();
    }
    assert!(sources.asked_at("lineage").is_empty());
    program.press("3i").await.unwrap();
    assert!(!sources.asked_at("lineage").is_empty());
}
