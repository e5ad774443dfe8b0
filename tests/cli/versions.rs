use flightdeck::cli::Exit;

use super::account::team;
use super::{ask, fake};

#[tokio::test]
async fn versions_in_json() {
    let got = ask("versions --json", &team().sources()).await;
    insta::assert_snapshot!(got.out);
}

#[tokio::test]
async fn versions_as_text() {
    let got = ask("versions", &team().sources()).await;
    insta::assert_snapshot!(got.out);
}

#[tokio::test]
async fn so_many_commits() {
    let got = ask("versions --json --log-limit 1", &team().sources()).await;
    let commits = got.each("type").iter().filter(|t| *t == "commit").count();
    assert_eq!(commits, 1);
}

#[tokio::test]
async fn without_a_repository_the_registry_is_there() {
    let mut team = team();
    team.fail("repository", fake::error("git", "no repository here"));
    let got = ask("versions --json", &team.sources()).await;
    assert_eq!(got.exit, Exit::Partial);
    assert_eq!(got.each("type"), ["model_group", "model_version", "image"]);
}

#[tokio::test]
async fn a_range_of_a_repository_without_history_is_partial() {
    let got = ask("versions --json --rev v1..main", &team().sources()).await;
    assert_eq!(got.exit, Exit::Partial);
    assert!(got.each("type").is_empty());
    assert!(got.err.contains("v1..main"), "{}", got.err);
}
