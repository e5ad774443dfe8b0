use super::super::seen;
use super::{Twin, close, one};
use crate::support::account::Account;
use crate::support::doubles::{REGIONS, shared};

#[test]
fn the_figures_of_every_screen_are_those_boto3_counts() {
    let account = Account::of(shared());
    for seeded in REGIONS {
        let seen = seen(&seeded);
        let twin = Twin::ask(&account, seeded.region, &["status"]);
        let counts = |screen: &str| &one(twin.items(), "screen", &screen.into())["counts"];
        let length = |of: &serde_json::Value| of.as_array().unwrap().len();
        assert_eq!(counts("runs")["total"], length(&seen["runs"]));
        assert_eq!(counts("endpoints")["total"], length(&seen["endpoints"]));
        let alarming = seen["alarms"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|a| a["state"] == "ALARM")
            .count();
        assert_eq!(counts("endpoints")["alarms"], alarming);
        assert_eq!(counts("logs")["groups"], length(&seen["logs"]));
        assert_eq!(
            counts("costs")["budgets"],
            length(&seen["costs"]["budgets"])
        );
        let cells = seen["costs"]["cells"].as_array().unwrap();
        let spent: f64 = cells
            .iter()
            .map(|cell| cell["amount"].as_f64().unwrap())
            .sum();
        assert!(
            close(&counts("costs")["month_to_date"], spent),
            "{}",
            counts("costs")
        );
        let deck = one(twin.items(), "screen", &"deck".into());
        assert_eq!(deck["freshness"], "fresh");
        assert_eq!(
            one(twin.items(), "screen", &"endpoints".into())["state"],
            "critical"
        );
    }
}

#[test]
fn a_check_answers_no_by_its_exit_code() {
    let arguments = ["status", "--check", "--json", "--region", REGIONS[0].region];
    let ended = Account::of(shared()).flightdeck(&arguments);
    assert_eq!(ended.code, Some(4), "{}", ended.stderr);
}
