use std::collections::BTreeMap;

use flightdeck::cli::Exit;
use flightdeck::domain::lineage::code::{Code, CommitFacts, DataAt, Distance, Revision};
use flightdeck::domain::lineage::{Clue, Place, Record, Setting, Thing};

use super::account::team;
use super::ask;
use super::fake::{self, Fake};

const FULL: &str = "a1b2c3d000000000000000000000000000000000";

/// The team's endpoint, whose model was trained by a job on data that DVC has.
fn traced() -> Fake {
    let mut team = team();
    let hash = "4f2100000000000000000000000000aa".to_owned();
    team.endpoints[0].config = "churn-prod-7".into();
    let variant = &mut team.endpoints[0].variants[0];
    variant.model = Some("churn-v14".into());
    team.models[0].versions[0].commit = Some("a1b2c3d".into());
    let version = team.models[0].versions[0].arn.clone();
    variant.model_package_arn = Some(version.clone());
    let archive = "s3://b/out/train-7/output/model.tar.gz".to_owned();
    let whole = |thing, clues| Record {
        clues,
        whole: true,
        ..Record::bare(thing)
    };
    let commit = Clue::Setting(Setting {
        place: Place::MetadataProperties,
        name: "CommitId".into(),
        value: "a1b2c3d".into(),
    });
    team.records = vec![
        whole(
            Thing::ModelVersion { arn: version },
            vec![
                commit,
                Clue::ModelData {
                    uri: archive.clone(),
                },
            ],
        ),
        whole(
            Thing::TrainingJob {
                name: "train-7".into(),
            },
            vec![
                Clue::Writes { uri: archive },
                Clue::Reads {
                    channel: "train".into(),
                    uri: format!("s3://b/dvc/files/md5/{}/{}", &hash[..2], &hash[2..]),
                },
            ],
        ),
    ];
    let facts = CommitFacts {
        id: FULL.into(),
        summary: "tune lr".into(),
        data: vec![DataAt {
            path: "data/features.parquet".into(),
            stage: "features".into(),
            role: "out".into(),
            hash,
            size_bytes: Some(48_200_000),
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
    let revision = || Revision::Commit(FULL.into());
    team.code = Code {
        has_repository: true,
        revisions: BTreeMap::from([("a1b2c3d".into(), revision()), (FULL.into(), revision())]),
        commits: BTreeMap::from([(FULL.into(), facts)]),
        head: Some(FULL.into()),
    };
    team
}

#[tokio::test]
async fn from_an_endpoint_to_code_and_data_as_text() {
    let got = ask("lineage churn-prod --up", &traced().sources()).await;
    insta::assert_snapshot!(got.out);
}

#[tokio::test]
async fn a_lineage_in_json() {
    let got = ask("lineage churn-prod --json", &traced().sources()).await;
    assert_eq!(got.exit, Exit::Fine, "{}", got.err);
    let types = got.each("type");
    for kind in ["root", "node", "link", "serving"] {
        assert!(types.iter().any(|t| t == kind), "{kind}: {}", got.out);
    }
    assert!(
        got.out
            .contains("trained at a1b2c3d (14 commits, 2 data versions behind main)")
    );
}

#[tokio::test]
async fn from_the_path_of_data_down_to_what_serves_it() {
    let sources = traced().sources();
    let got = ask("lineage data/features.parquet --down", &sources).await;
    assert!(got.out.contains("training job train-7"), "{}", got.out);
    assert!(got.out.contains("variant churn-prod / "), "{}", got.out);
}

#[tokio::test]
async fn a_graph_for_graphviz() {
    let got = ask("lineage churn-prod --dot", &traced().sources()).await;
    assert!(got.out.starts_with("digraph lineage {"), "{}", got.out);
    assert!(got.out.trim_end().ends_with('}'));
}

#[tokio::test]
async fn a_denied_call_leaves_the_rest_standing() {
    let mut team = traced();
    team.fail("record", fake::error("sagemaker:DescribeModel", "denied"));
    let got = ask("lineage churn-prod --json", &team.sources()).await;
    assert_eq!(got.exit, Exit::Partial);
    assert!(got.out.contains("\"serving\""), "{}", got.out);
}

#[tokio::test]
async fn a_name_that_nothing_has_says_so() {
    let got = ask("lineage ..nothing --json", &traced().sources()).await;
    assert_eq!(got.exit, Exit::Partial);
    assert!(
        got.err.contains("nothing is known by the name"),
        "{}",
        got.err
    );
}

#[tokio::test]
async fn a_revision_needs_no_account() {
    let mut sources = traced().sources();
    sources.account = None;
    let got = ask("lineage a1b2c3d", &sources).await;
    assert!(got.out.contains("commit a1b2c3d"), "{}", got.out);
    assert!(got.out.contains("data/features.parquet"), "{}", got.out);
}
