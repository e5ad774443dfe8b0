use flightdeck::cli::Exit;
use flightdeck::domain::source_error::{ErrorKind, SourceError};

use super::account::team;
use super::{ask, fake};

#[tokio::test]
async fn status_in_json() {
    let got = ask("status --json", &team().sources()).await;
    insta::assert_snapshot!(got.out);
}

#[tokio::test]
async fn status_as_text() {
    let got = ask("status", &team().sources()).await;
    insta::assert_snapshot!(got.out);
}

#[tokio::test]
async fn the_check_says_no_only_to_what_is_critical() {
    let mut team = team();
    assert_eq!(ask("status", &team.sources()).await.exit, Exit::Fine);
    assert_eq!(ask("status --check", &team.sources()).await.exit, Exit::No);
    team.runs.clear();
    team.metrics
        .iter_mut()
        .for_each(|m| m.errors_5xx.points.clear());
    // The budget at 92 % is a warning.
    assert_eq!(
        ask("status --check", &team.sources()).await.exit,
        Exit::Fine
    );
    team.fail(
        "alarms",
        fake::error("cloudwatch:DescribeAlarms", "it broke"),
    );
    assert_eq!(
        ask("status --check", &team.sources()).await.exit,
        Exit::Partial
    );
}

#[tokio::test]
async fn what_failed_is_unknown_never_zero() {
    let mut team = team();
    team.fail("runs", fake::error("sagemaker", "it broke"));
    team.fail("groups", fake::error("logs:DescribeLogGroups", "it broke"));
    let got = ask("status --json", &team.sources()).await;
    let json = got.json();
    let logs = &json["items"][3];
    assert_eq!(logs["screen"], "logs");
    assert_eq!(logs["state"], "unknown");
    assert_eq!(logs["freshness"], "failed");
    assert_eq!(logs["counts"]["groups"], serde_json::Value::Null);
    assert_eq!(got.exit, Exit::Partial);
}

#[tokio::test]
async fn outside_of_a_repository_nothing_has_failed() {
    let mut team = team();
    let none = SourceError::new("git", ErrorKind::Missing, "/tmp is not in a Git repository");
    team.fail("repository", none);
    for twin in ["status", "findings"] {
        let got = ask(&format!("{twin} --json"), &team.sources()).await;
        assert_eq!(got.exit, Exit::Fine, "{twin}");
        assert_eq!(
            got.err,
            "flightdeck: git: /tmp is not in a Git repository\n"
        );
    }
    // Whoever asks for versions asks for the repository, and so does whoever says where it is.
    let got = ask("versions --json", &team.sources()).await;
    assert_eq!(got.exit, Exit::Partial);
    let mut named = team.sources();
    named.versions_named = true;
    for twin in ["status", "findings"] {
        let got = ask(&format!("{twin} --json"), &named).await;
        assert_eq!(got.exit, Exit::Partial, "{twin}");
        let partial = &got.json()["partial"][0];
        assert_eq!(partial["source"], "git");
        assert_eq!(partial["kind"], "missing");
    }
}
