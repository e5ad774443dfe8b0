use super::account::team;
use super::ask;

#[tokio::test]
async fn findings_in_json() {
    let got = ask("findings --json", &team().sources()).await;
    insta::assert_snapshot!(got.out);
}

#[tokio::test]
async fn findings_as_text() {
    let got = ask("findings", &team().sources()).await;
    insta::assert_snapshot!(got.out);
}

#[tokio::test]
async fn findings_never_ask_for_money() {
    let team = team();
    ask("findings", &team.sources()).await;
    assert_eq!(team.asked("month"), 0);
}
