//! Lines taken away from the screen: copied, and written into files.
//!
//! The clock runs: the reader of the lines is a thread of its own, which a paused one would not wait for.

use flightdeck::logs::mask::Masker;
use flightdeck::pollers::Outlet;

use super::*;

/// The logs of a failed run, whose lines hold a secret.
async fn reading(home: &std::path::Path) -> Headless {
    let mut lines = lines();
    lines[38].message = "password=hunter2 customer 4711".into();
    lines[39].message = r#"{"level":"info","msg":"bye","loss":0.5}"#.into();
    let masker = Arc::new(Masker::new(&[r"customer (\d+)"]).unwrap());
    let outlet = Outlet {
        masker: Arc::clone(&masker),
        home: Some(home.to_owned()),
    };
    let mut program = open_with(account_with(lines), (120, 40), outlet).await;
    program.runtime.model.logs.masker = masker;
    program.press("2jl").await.unwrap();
    program
}

#[tokio::test]
async fn a_selection_is_copied_without_its_secrets() {
    let home = tempfile::tempdir().unwrap();
    let mut program = reading(home.path()).await;
    program.press("<space>kky").await.unwrap();
    let copied = || program.runtime.surface().copied.clone();
    assert_eq!(
        copied(),
        [
            "epoch=37 loss=0.5\npassword=•••• customer ••••\n{\"level\":\"info\",\"msg\":\"bye\",\"loss\":0.5}\n"
        ]
    );
    assert_shows(&program, &["3 lines copied"]);
    program.press("jRY").await.unwrap();
    let last = program.runtime.surface().copied.last().unwrap().clone();
    assert_eq!(
        last,
        "2026-11-24T12:58:58.000Z /aws/sagemaker/TrainingJobs churn-b/algo-1 password=hunter2 customer 4711"
    );
}

#[tokio::test]
async fn the_lines_of_a_filter_are_written_into_a_file_of_ones_own() {
    let home = tempfile::tempdir().unwrap();
    let mut program = reading(home.path()).await;
    program
        .press("&customer<enter>X<ctrl-u>~/lines.jsonl<enter>")
        .await
        .unwrap();
    let path = home.path().join("lines.jsonl");
    let written = std::fs::read_to_string(&path).unwrap();
    let items: Vec<serde_json::Value> = written
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(items.len(), 1);
    assert_eq!(items[0]["message"], "password=•••• customer ••••");
    assert_eq!(items[0]["stream"], "churn-b/algo-1");
    let told = format!("1 line, {} B, written to", written.len());
    assert_shows(&program, &[&told, "lines.jsonl"]);
    // Nothing is written over.
    program
        .press("X<ctrl-u>~/lines.jsonl<enter>")
        .await
        .unwrap();
    assert_shows(&program, &["is there already"]);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), written);
}

#[tokio::test]
async fn live_tail_says_its_price_and_why_it_cannot_be_had() {
    let home = tempfile::tempdir().unwrap();
    let mut program = reading(home.path()).await;
    program.press("L").await.unwrap();
    assert_shows(&program, &["$0.01 a minute"]);
    program.press("L").await.unwrap();
    assert_shows(&program, &["live …"]);
}
