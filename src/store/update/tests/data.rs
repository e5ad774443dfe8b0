//! What comes in: kept, compared, polled for.

use super::*;

#[test]
fn a_failure_keeps_the_last_good_data_and_its_age() {
    use crate::domain::freshness::Freshness;
    let mut bench = Bench::new();
    bench.runs(&three_runs());
    let good_at = bench.model.now;
    let error = SourceError::new(
        "sagemaker:ListTrainingJobs",
        ErrorKind::Throttled,
        "slow down",
    );
    bench.data(Data::Runs {
        kind: RunKind::TrainingJob,
        answer: Err(error.clone()),
    });
    assert_eq!(bench.model.runs.all.len(), 3);
    let fetched = &bench.model.runs.by_kind[&RunKind::TrainingJob];
    assert_eq!(
        fetched.freshness(),
        Freshness::Stale {
            at: good_at,
            why: &error
        }
    );
}

#[test]
fn the_same_answer_again_is_nothing_to_draw() {
    let mut bench = Bench::new();
    bench.runs(&three_runs());
    bench.model.changed = false;
    bench.runs(&three_runs());
    assert!(!bench.model.changed);
    bench.runs(&three_runs()[..2]);
    assert!(bench.model.changed);
}

#[test]
fn only_what_is_on_screen_is_polled_at_screen_rate() {
    let mut bench = Bench::new();
    let effects = bench.press(&[Command::GoEndpoints]);
    let Some(Effect::Interest(wanted)) = effects.last() else {
        panic!("{effects:?}")
    };
    let at_rate = |rate| {
        let sources = wanted.iter().filter(move |(_, interest)| *interest == rate);
        sources.map(|(source, _)| *source).collect::<Vec<_>>()
    };
    // The sentence on what serves needs no more than the Deck's rate.
    assert_eq!(
        at_rate(Interest::Visible),
        [SourceId::ModelGroups, SourceId::Repository]
    );
    assert_eq!(
        at_rate(Interest::Focused),
        [SourceId::Endpoints, SourceId::Metrics, SourceId::Alarms]
    );
    assert_eq!(bench.press(&[Command::Down]), []);
}

#[test]
fn an_expired_session_is_a_finding_and_costs_no_data() {
    let mut bench = Bench::new();
    bench.runs(&three_runs());
    let error = SourceError::new("sts:GetCallerIdentity", ErrorKind::Expired, "token expired")
        .with_hint("aws sso login --profile acme");
    bench.data(Data::Identity(Err(error)));
    assert_eq!(bench.model.runs.all.len(), 3);
    let finding = bench
        .model
        .findings
        .iter()
        .find(|f| f.category == "credentials")
        .expect("a finding");
    assert!(
        finding
            .next_steps
            .iter()
            .any(|s| s.contains("aws sso login")),
        "{finding:?}"
    );
}
