//! From an endpoint to its lineage, and back.

use super::*;
use crate::domain::lineage::code::Code;
use crate::domain::lineage::{Clue, Record, Thing, Trace};
use crate::store::model::versions::VersionsSection;

fn endpoint() -> Endpoint {
    Endpoint {
        name: "churn-prod".into(),
        arn: "arn:aws:sagemaker:eu-west-1:1:endpoint/churn-prod".into(),
        kind: EndpointKind::RealTime,
        status: "InService".into(),
        config: "churn-prod-7".into(),
        created_at: None,
        changed_at: None,
        failure_reason: None,
        variants: vec![Variant {
            name: "blue".into(),
            model: Some("churn-v14".into()),
            ..Variant::default()
        }],
        detailed: true,
        data_capture: None,
    }
}

fn opened() -> (Bench, Vec<Effect>) {
    let mut bench = Bench::new();
    bench.data(Data::Endpoints(Ok(Partial::whole(vec![endpoint()]))));
    let effects = bench.press(&[Command::GoEndpoints, Command::ShowLineage]);
    (bench, effects)
}

fn trace(effects: &[Effect]) -> (u64, Thing, Vec<Record>) {
    effects
        .iter()
        .find_map(|effect| match effect {
            Effect::TraceLineage {
                session,
                root,
                known,
                ..
            } => Some((*session, root.clone(), known.clone())),
            _ => None,
        })
        .unwrap()
}

fn answer(session: u64, root: &Thing, records: Vec<Record>) -> Msg {
    Msg::Data(Box::new(Data::Lineage {
        session,
        root: root.clone(),
        trace: Box::new(Partial::whole(Trace {
            records,
            code: Code::default(),
        })),
        done: true,
    }))
}

#[test]
fn a_key_opens_the_lineage_with_what_is_known_already() {
    let (mut bench, effects) = opened();
    let (session, root, known) = trace(&effects);
    assert_eq!(root.kind(), "endpoint");
    assert_eq!(bench.model.versions.section, VersionsSection::Lineage);
    assert_eq!(bench.model.nav.screen, Screen::Versions);
    bench.send(answer(session, &root, known));
    let ids = rows::ids(&bench.model, Pane::VersionList);
    assert!(ids.len() >= 4, "{ids:?}");
    assert!(!bench.model.lineage.tracing);
    bench.press(&[Command::Back]);
    assert_eq!(bench.model.nav.screen, Screen::Endpoints);
}

#[test]
fn answers_to_an_older_lineage_are_dropped() {
    let (mut bench, effects) = opened();
    let (session, root, known) = trace(&effects);
    bench.send(answer(session + 1, &root, known));
    assert!(rows::ids(&bench.model, Pane::VersionList).is_empty());
}

#[test]
fn folding_hides_a_branch_and_copying_takes_the_line_to_add() {
    let (mut bench, effects) = opened();
    let (session, root, mut known) = trace(&effects);
    known.push(Record {
        clues: vec![Clue::Image {
            uri: "i:1".into(),
            digest: None,
        }],
        whole: true,
        ..Record::bare(Thing::Model {
            name: "churn-v14".into(),
        })
    });
    bench.send(answer(session, &root, known));
    let all = rows::ids(&bench.model, Pane::VersionList).len();
    bench.press(&[Command::FoldBranch]);
    assert_eq!(rows::ids(&bench.model, Pane::VersionList).len(), 1);
    bench.press(&[Command::FoldBranch]);
    assert_eq!(rows::ids(&bench.model, Pane::VersionList).len(), all);
    // The model was not made from a registered version.
    let missing = rows::ids(&bench.model, Pane::VersionList)
        .iter()
        .position(|id| id.contains("/missing"))
        .unwrap();
    for _ in 0..missing {
        bench.press(&[Command::Down]);
    }
    let effects = bench.press(&[Command::CopyName]);
    assert!(
        matches!(&effects[..], [Effect::Copy { text, .. }] if text.contains("ModelPackageName")),
        "{effects:?}"
    );
}

#[test]
fn enter_goes_to_the_things_own_row() {
    let (mut bench, effects) = opened();
    let (session, root, known) = trace(&effects);
    bench.send(answer(session, &root, known));
    bench.press(&[Command::Open]);
    assert_eq!(bench.model.nav.screen, Screen::Endpoints);
    assert_eq!(bench.model.nav.focus, Pane::EndpointDetail);
    bench.press(&[Command::Back]);
    bench.press(&[Command::Back]);
    assert_eq!(bench.model.versions.section, VersionsSection::Lineage);
    assert_eq!(bench.model.nav.screen, Screen::Versions);
}
