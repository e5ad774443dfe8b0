//! The JSON twins over scripted sources: shapes, exit codes, partial answers, text.

mod account;
mod asked;
mod costs;
mod dvc;
mod endpoints;
mod fake;
mod findings;
mod follow;
#[cfg(feature = "aws")]
mod gto;
mod lineage;
mod logs;
mod runs;
mod status;
mod versions;

use std::io::{self, Write};

use flightdeck::cli::Exit;
use flightdeck::cli::args::{Cli, Command, TwinCommand};
use flightdeck::cli::twins::{self, Desk, Io};
use flightdeck::domain::clock::FixedClock;
use flightdeck::findings::rules::Thresholds;
use flightdeck::lineage::Rules;
use flightdeck::logs::mask::Masker;
use flightdeck::sources::Sources;
use jiff::Timestamp;
use serde_json::Value;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn now() -> Timestamp {
    at("2026-11-22T14:02:07.5Z")
}

/// What came of a command line.
#[derive(Debug)]
struct Outcome {
    exit: Exit,
    out: String,
    err: String,
}

impl Outcome {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {}", self.out))
    }

    /// A field of every item.
    fn each(&self, field: &str) -> Vec<Value> {
        let json = self.json();
        let items = json["items"].as_array().unwrap();
        items.iter().map(|item| item[field].clone()).collect()
    }
}

fn command(line: &str) -> TwinCommand {
    let words = std::iter::once("flightdeck").chain(line.split(' '));
    let cli = Cli::read(words.map(Into::into), "").unwrap();
    match cli.command {
        Some(Command::Twin(command)) => command,
        other => panic!("{other:?}"),
    }
}

async fn ask(line: &str, sources: &Sources) -> Outcome {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let exit = ask_into(line, sources, &mut out, &mut err).await;
    Outcome {
        exit,
        out: String::from_utf8(out).unwrap(),
        err: String::from_utf8(err).unwrap(),
    }
}

async fn ask_into(line: &str, sources: &Sources, out: &mut dyn Write, err: &mut dyn Write) -> Exit {
    let desk = Desk {
        sources,
        clock: &FixedClock(now()),
        thresholds: &Thresholds::default(),
        masker: &Masker::default(),
        lineage: &Rules::default(),
    };
    twins::answer(&command(line), &desk, &mut Io { out, err }).await
}

/// A reader that has gone.
struct Gone;

impl Write for Gone {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(io::ErrorKind::BrokenPipe.into())
    }
}

/// A disk that is full.
struct Full;

impl Write for Full {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::StorageFull.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

const TWINS: [&str; 6] = [
    "status",
    "runs",
    "endpoints",
    "costs",
    "versions",
    "findings",
];

#[tokio::test]
async fn every_answer_has_the_envelope() {
    let sources = account::team().sources();
    for twin in TWINS {
        let got = ask(&format!("{twin} --json"), &sources).await;
        assert_eq!(got.exit, Exit::Fine, "{twin}: {}", got.err);
        assert_eq!(got.err, "", "{twin}");
        let json = got.json();
        let keys: Vec<&String> = json.as_object().unwrap().keys().collect();
        assert_eq!(
            keys,
            ["schema", "as_of", "account", "region", "partial", "items"],
            "{twin}"
        );
        assert_eq!(json["schema"], format!("flightdeck.{twin}/1"));
        assert_eq!(json["as_of"], "2026-11-22T14:02:07.5Z");
        assert_eq!(json["account"], "123456789012");
        assert_eq!(json["region"], "eu-west-1");
        assert_eq!(json["partial"], Value::Array(Vec::new()));
    }
}

#[tokio::test]
async fn without_credentials_git_still_answers() {
    let mut team = account::team();
    team.lose_credentials();
    let sources = team.sources();
    for twin in TWINS {
        let got = ask(&format!("{twin} --json"), &sources).await;
        assert_eq!(got.exit, Exit::Partial, "{twin}");
        let json = got.json();
        assert_eq!(json["account"], Value::Null);
        let partial = json["partial"].as_array().unwrap();
        assert!(!partial.is_empty());
        for entry in partial {
            assert_eq!(entry["kind"], "no_credentials", "{twin}");
            assert_eq!(entry["hint"], "aws sso login");
        }
        // The same cause at many sources is said once.
        assert_eq!(got.err.lines().count(), 1, "{twin}: {}", got.err);
    }
    let got = ask("versions --json", &sources).await;
    assert!(got.each("type").contains(&"commit".into()));
    assert!(!got.each("type").contains(&"image".into()));
}

#[tokio::test]
async fn without_an_account_at_all_it_says_why() {
    let sources = Sources {
        account: None,
        account_error: Some(fake::error("aws", "the config of profile x is damaged")),
        ..account::team().sources()
    };
    for twin in TWINS {
        let got = ask(&format!("{twin} --json"), &sources).await;
        assert_eq!(got.exit, Exit::Partial, "{twin}");
        let json = got.json();
        assert_eq!(json["region"], Value::Null);
        assert_eq!(json["partial"].as_array().unwrap().len(), 1, "{twin}");
    }
    assert_eq!(ask("logs g", &sources).await.exit, Exit::Partial);
}

#[tokio::test]
async fn a_reader_that_has_gone_is_no_failure_but_a_full_disk_is() {
    let sources = account::team().sources();
    for twin in [
        "status",
        "runs --json",
        "endpoints",
        "costs --json",
        "versions",
        "logs g1",
        "logs g1 --follow",
    ] {
        let mut err = Vec::new();
        let exit = ask_into(twin, &sources, &mut Gone, &mut err).await;
        assert_eq!((exit, err.len()), (Exit::Fine, 0), "{twin}");
        let exit = ask_into(twin, &sources, &mut Full, &mut err).await;
        assert_eq!((exit, err.is_empty()), (Exit::Failed, false), "{twin}");
    }
}
