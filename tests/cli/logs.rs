use flightdeck::cli::Exit;
use jiff::SignedDuration;
use serde_json::Value;

use super::account::{line, team};
use super::{ask, fake, now};

#[tokio::test]
async fn json_is_one_object_a_line() {
    let got = ask("logs g1 g2 --json", &team().sources()).await;
    assert_eq!(got.exit, Exit::Fine);
    let lines: Vec<Value> = got
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let messages: Vec<&Value> = lines.iter().map(|line| &line["message"]).collect();
    assert_eq!(messages[..2], ["epoch=1", "between"]);
    assert_eq!(lines[2]["level"], "error");
    let keys: Vec<&String> = lines[0].as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "group",
            "stream",
            "at",
            "ingested_at",
            "message",
            "level",
            "event_id"
        ]
    );
    // Controls are escaped in JSON, so that no byte of them reaches a terminal.
    assert!(!got.out.contains('\x1b'));
    assert!(messages[2].as_str().unwrap().contains('\x1b'));
}

#[tokio::test]
async fn plain_text_shows_controls_and_indents_what_continues() {
    let got = ask("logs g1 g2", &team().sources()).await;
    assert_eq!(
        got.out,
        "2026-11-22T13:57:07.500Z g1 job/algo-1 epoch=1\n\
         2026-11-22T13:58:07.500Z g2 other between\n\
         2026-11-22T13:59:07.500Z g1 job/algo-1 Traceback (most recent call last):\n\
         \x20   File \"t.py\"␛[31m\n\
         \x20 ValueError: bad\n"
    );
}

#[tokio::test]
async fn secrets_are_masked_until_they_are_asked_for() {
    let mut team = team();
    team.lines = vec![line(
        "g1",
        "s",
        now() - SignedDuration::from_millis(1),
        "password=hunter22 ok",
        1,
    )];
    let sources = team.sources();
    for form in ["", " --json"] {
        let masked = ask(&format!("logs g1{form}"), &sources).await.out;
        assert!(masked.contains("password=••••"), "{masked}");
        assert!(!masked.contains("hunter22"), "{masked}");
        let shown = ask(&format!("logs g1 --reveal{form}"), &sources).await.out;
        assert!(shown.contains("password=hunter22 ok"), "{shown}");
    }
}

#[tokio::test]
async fn since_filter_prefix_and_limit() {
    let sources = team().sources();
    for (line, count) in [
        ("logs g1 --json", 2),
        ("logs g1 --json --since 4h", 3),
        ("logs g1 --json --filter epoch", 1),
        ("logs g1 --json --filter level>=error --since 4h", 1),
        ("logs g1 --json --filter !epoch", 1),
        ("logs g1 --json --stream-prefix job/", 2),
        ("logs g1 --json --stream-prefix jobs/", 0),
        ("logs g1 --json --limit 1", 1),
    ] {
        let got = ask(line, &sources).await;
        assert_eq!(
            (got.out.lines().count(), got.exit),
            (count, Exit::Fine),
            "{line}"
        );
    }
    // The newest one.
    let got = ask("logs g1 --limit 1", &sources).await;
    assert!(got.out.contains("Traceback"), "{}", got.out);
}

#[tokio::test]
async fn a_filter_that_cannot_be_read_says_where() {
    let got = ask("logs g1 --filter level>=loud", &team().sources()).await;
    assert_eq!(got.exit, Exit::Usage);
    assert!(got.err.contains("--filter:"), "{}", got.err);
    assert!(got.out.is_empty());
}

#[tokio::test]
async fn more_than_the_default_is_told() {
    let mut team = team();
    team.lines = (0..10_001)
        .map(|n| {
            line(
                "g1",
                "s",
                now() - SignedDuration::from_millis(n),
                "x",
                n as u32,
            )
        })
        .collect();
    let got = ask("logs g1", &team.sources()).await;
    assert_eq!((got.out.lines().count(), got.exit), (10_000, Exit::Partial));
    assert!(got.err.contains("only the newest 10000"), "{}", got.err);
}

#[tokio::test]
async fn one_failing_group_never_loses_the_others() {
    let mut team = team();
    team.fail("lines:g2", fake::error("logs:FilterLogEvents", "it broke"));
    let got = ask("logs g1 g2", &team.sources()).await;
    assert_eq!((got.out.lines().count(), got.exit), (4, Exit::Partial));
    assert_eq!(got.err, "flightdeck: logs:FilterLogEvents: g2: it broke\n");
}
