use flightdeck::cli::Exit;

use super::account::team;
use super::{ask, fake};

#[tokio::test]
async fn costs_in_json() {
    let got = ask("costs --json", &team().sources()).await;
    insta::assert_snapshot!(got.out);
}

#[tokio::test]
async fn costs_as_text() {
    let got = ask("costs", &team().sources()).await;
    insta::assert_snapshot!(got.out);
}

#[tokio::test]
async fn asking_again_costs_money_and_is_asked_for() {
    let team = team();
    let sources = team.sources();
    ask("costs", &sources).await;
    ask("costs --refresh", &sources).await;
    assert_eq!(team.asked("month 2026-11-22 false"), 1);
    assert_eq!(team.asked("month 2026-11-22 true"), 1);
}

#[tokio::test]
async fn without_cost_explorer_the_budgets_are_there() {
    let mut team = team();
    team.month = None;
    let got = ask("costs --json", &team.sources()).await;
    assert_eq!(got.exit, Exit::Partial);
    assert_eq!(got.each("type"), ["budget"]);
    team.fail(
        "budgets",
        fake::error("budgets:DescribeBudgets", "it broke"),
    );
    let got = ask("costs --json", &team.sources()).await;
    assert_eq!(got.json()["partial"].as_array().unwrap().len(), 2);
}
