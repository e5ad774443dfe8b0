#![allow(clippy::unwrap_used)]

use super::*;
use crate::domain::run::{RunKind, RunStatus};
use crate::store::model::nav::Screen;

fn read(line: &str) -> Result<Cli, clap::Error> {
    let words = std::iter::once("flightdeck").chain(line.split(' ').filter(|w| !w.is_empty()));
    Cli::read(words.map(|word| word.replace('~', " ").into()), "")
}

#[test]
fn the_command_is_sound() {
    Cli::full_command("q quit").debug_assert();
}

#[test]
fn what_may_be_written() {
    for line in [
        "",
        "--go endpoint~churn-prod",
        "demo --go runs --speed 60 --seed 3",
        "--demo --at 30 findings --json",
        "demo --screenshot a.svg --screen deck --size 120x40 --at 12.5",
        "simulate --listen 127.0.0.1:0",
        "runs --json --kind training_job --kind glue --status failed,timed_out --since 7d --limit 5",
        "runs --kind training-job --status timed-out --profile p --region eu-west-1",
        "endpoints --json --name a --name b",
        "logs /aws/sagemaker/TrainingJobs g2 --since 2h --follow --filter ERROR --stream-prefix j/",
        "logs --run churn-train~#212 --live",
        "logs g --endpoint churn-prod/blue --until 10m --pattern ERROR",
        "logs g --insights fields~@message --limit 5 --json",
        "costs --json --refresh",
        "versions --log-limit 5 --repo /tmp",
        "status --check --endpoint-url http://127.0.0.1:5000",
        "keys",
        "themes",
        "config check",
        "config init --force --config /tmp/x.toml",
        "help runs",
    ] {
        assert!(read(line).is_ok(), "{line}: {:?}", read(line).err());
    }
}

#[test]
fn what_makes_no_sense_ends_with_code_2() {
    for line in [
        "--speed 3",
        "runs --seed 3",
        "runs --go deck",
        "--go nowhere",
        "--demo --profile p runs",
        "logs",
        "logs g --json --plain",
        "logs g --follow --limit 3",
        "logs g --follow --until 10m",
        "logs g --insights q --follow",
        "runs --kind trainings",
        "runs --status broken",
        "runs --since yesterday",
        "runs --limit 0",
        "demo --size 120x40",
        "demo --screenshot a.svg --size 1x1",
        "demo --screenshot a.svg --screen nowhere",
        "config",
        "nonsense",
    ] {
        assert_eq!(read(line).unwrap_err().exit_code(), 2, "{line}");
    }
}

#[test]
fn values_are_what_was_written() {
    let cli = read("runs --kind training glue --status timed-out --limit 5").unwrap();
    let Some(Command::Twin(TwinCommand::Runs(args))) = cli.command else {
        panic!("{cli:?}");
    };
    assert_eq!(args.kind, [RunKind::TrainingJob, RunKind::Glue]);
    assert_eq!(args.status, [RunStatus::TimedOut]);
    assert_eq!(args.limit, Some(5));
    let cli = read("--go endpoint~churn-prod").unwrap();
    assert_eq!(
        cli.go,
        Some(Place {
            screen: Screen::Endpoints,
            name: Some("churn-prod".into())
        })
    );
}

#[test]
fn moments() {
    let now: jiff::Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
    for (text, expected) in [
        ("90s", "2026-11-22T11:58:30Z"),
        ("1h30m", "2026-11-22T10:30:00Z"),
        ("7d", "2026-11-15T12:00:00Z"),
        ("2w", "2026-11-08T12:00:00Z"),
        ("2026-11-01", "2026-11-01T00:00:00Z"),
        ("2026-11-22T01:00:00+01:00", "2026-11-22T00:00:00Z"),
    ] {
        assert_eq!(
            parse::since(text).unwrap().at(now).to_string(),
            expected,
            "{text}"
        );
    }
    for text in ["", "7", "d", "7x", "99999999999999999999d", "-1h", "1é"] {
        assert!(parse::since(text).is_err(), "{text}");
    }
}

#[test]
fn help_ends_with_the_keys() {
    assert!(Cli::help_text(None, "q  quit").unwrap().contains("q  quit"));
    assert!(Cli::help_text(Some("runs"), "").unwrap().contains("--kind"));
    assert_eq!(Cli::help_text(Some("x"), "").unwrap_err().exit_code(), 2);
}
