//! Never asked, loading, fresh, partial, stale, denied, offline, empty: all look and read different.

use flightdeck::domain::freshness::Fetched;
use flightdeck::domain::run::RunKind;
use flightdeck::domain::source_error::{ErrorKind, Partial, SourceError};
use flightdeck::store::model::Model;
use flightdeck::store::model::nav::{Pane, Screen};

use super::fixtures::{ago, blank, day, denied, expired, offline, throttled};
use super::render::text;

const SIZE: (u16, u16) = (80, 12);

fn endpoints(mut model: Model) -> Model {
    model.nav.screen = Screen::Endpoints;
    model.nav.focus = Pane::EndpointList;
    model
}

/// The list has never been there; the last attempt failed.
fn failed(error: SourceError) -> Model {
    let mut model = endpoints(blank());
    model.endpoints.endpoints.receive(ago(3), Err(error));
    model
}

#[test]
fn never_asked() {
    insta::assert_snapshot!(text(&endpoints(blank()), SIZE));
}

#[test]
fn loading() {
    let mut model = endpoints(blank());
    model.endpoints.endpoints.expect();
    insta::assert_snapshot!(text(&model, SIZE));
}

#[test]
fn denied_names_the_action_and_the_mend() {
    insta::assert_snapshot!(text(&failed(denied()), SIZE));
}

#[test]
fn offline_is_retried_by_itself() {
    insta::assert_snapshot!(text(&failed(offline()), SIZE));
}

#[test]
fn an_expired_session_is_said_in_the_first_line_with_the_command() {
    let mut model = failed(expired());
    model.account.identity.receive(ago(3), Err(expired()));
    insta::assert_snapshot!(text(&model, (120, 14)));
}

#[test]
fn empty_says_why_and_what_to_press() {
    let mut model = endpoints(blank());
    model.endpoints.endpoints = Fetched::fresh(ago(3), Vec::new());
    insta::assert_snapshot!(text(&model, SIZE));
}

#[test]
fn stale_keeps_the_rows_and_says_since_when_and_why() {
    let mut model = endpoints(day());
    let rows = model.endpoints.endpoints.items().to_vec();
    model.endpoints.endpoints = Fetched::fresh(ago(260), rows);
    model.endpoints.endpoints.receive(ago(5), Err(offline()));
    model.endpoints.metrics.receive(ago(5), Err(offline()));
    model.endpoints.alarms.receive(ago(5), Err(offline()));
    insta::assert_snapshot!(text(&model, (80, 16)));
}

#[test]
fn partial_runs_name_the_kind_that_failed() {
    let mut model = day();
    model.nav.screen = Screen::Runs;
    model.nav.focus = Pane::RunList;
    let mut glue = Fetched::default();
    glue.receive(ago(5), Err(throttled()));
    model.runs.by_kind.insert(RunKind::Glue, glue);
    insta::assert_snapshot!(text(&model, (80, 24)));
}

#[test]
fn an_answer_that_lacks_parts_says_which() {
    let mut model = endpoints(day());
    let rows = model.endpoints.endpoints.items().to_vec();
    model.endpoints.endpoints.receive(
        ago(5),
        Ok(Partial {
            value: rows,
            missing: vec![denied(), throttled()],
        }),
    );
    let text = text(&model, (80, 16));
    assert!(text.contains("◐ partial · now"), "{text}");
    assert!(text.contains("⊘ denied: User: arn:aws:sts"), "{text}");
    assert!(text.contains("(+1 more)"), "{text}");
}

#[test]
fn a_filter_without_rows_is_not_an_empty_account() {
    let mut model = endpoints(day());
    model.endpoints.list.filter = "health:nothing".into();
    insta::assert_snapshot!(text(&model, SIZE));
}

#[test]
fn a_filter_is_typed_at_the_bottom_of_its_pane() {
    let mut model = endpoints(day());
    model.endpoints.list.filter = "prod".into();
    model.nav.filtering = Some(Pane::EndpointList);
    insta::assert_snapshot!(text(&model, SIZE));
}

#[test]
fn every_state_reads_different() {
    let mut seen = std::collections::BTreeSet::new();
    let mut loading = endpoints(blank());
    loading.endpoints.endpoints.expect();
    let mut empty = endpoints(blank());
    empty.endpoints.endpoints = Fetched::fresh(ago(3), Vec::new());
    for model in [
        endpoints(blank()),
        loading,
        empty,
        failed(denied()),
        failed(offline()),
        failed(expired()),
        failed(throttled()),
        endpoints(day()),
    ] {
        // Title and first lines of the pane.
        let text: String = text(&model, SIZE).lines().skip(2).take(3).collect();
        assert!(seen.insert(text.clone()), "{text}");
    }
}

#[test]
fn outside_a_repository_git_is_no_failure_unless_one_was_named() {
    let none = || SourceError::new("git", ErrorKind::Missing, ". is not in a Git repository");
    let mut model = day();
    model.versions.repository = Fetched::default();
    model.versions.repository.receive(ago(5), Err(none()));
    let quiet = text(&model, (200, 60));
    assert!(quiet.contains("no repository here"), "{quiet}");
    assert!(!quiet.contains("1 failed"), "{quiet}");
    assert!(!quiet.contains("without git"), "{quiet}");
    model.settings.repository_named = true;
    let named = text(&model, (200, 60));
    assert!(named.contains("without git"), "{named}");
    assert!(named.contains("1 failed"), "{named}");
}
