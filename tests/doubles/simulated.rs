//! The simulated account, judged as the doubles are: by AWS's own service models, and by what boto3 sees there.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::support::account::Account;

/// `flightdeck simulate`; it is killed on drop.
struct Simulated {
    child: Child,
    account: Account,
}

impl Simulated {
    fn start() -> Self {
        let nobody = Account::at("http://127.0.0.1:9");
        let mut child = Command::new(crate::support::binary())
            .args(["simulate", "--listen", "127.0.0.1:0", "--seed", "7"])
            .env_clear()
            .envs(nobody.env())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut url)
            .unwrap();
        assert!(url.starts_with("http://127.0.0.1:"), "{url}");
        let account = Account::at(url.trim());
        Self { child, account }
    }
}

impl Drop for Simulated {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn every_answer_of_the_simulator_fits_the_models_of_aws() {
    let simulated = Simulated::start();
    let judged = simulated.account.judged("eu-west-1");
    assert_eq!(judged["violations"], serde_json::json!([]));
    assert_eq!(judged["refused"], serde_json::json!({}));
    let asked = judged["asked"].as_object().unwrap();
    assert!(asked.len() > 45, "operations asked: {}", asked.len());
}

#[test]
fn flightdeck_and_boto3_see_the_same_runs_and_endpoints_there() {
    let simulated = Simulated::start();
    let seen = simulated.account.boto3("eu-west-1", &["runs", "endpoints"]);
    for (command, member) in [("runs", "id"), ("endpoints", "name")] {
        let arguments = [command, "--json", "--region", "eu-west-1"];
        let answer = simulated.account.flightdeck(&arguments).json();
        let names = |items: &serde_json::Value| -> BTreeSet<String> {
            let items = items.as_array().unwrap();
            items
                .iter()
                .map(|i| i[member].as_str().unwrap().to_owned())
                .collect()
        };
        let (ours, theirs) = (names(&answer["items"]), names(&seen[command]));
        // It moves while it is looked at: a run may have begun between the two questions.
        let missing: Vec<_> = theirs.difference(&ours).collect();
        let more: Vec<_> = ours.difference(&theirs).collect();
        assert!(
            missing.is_empty() && more.len() <= 3,
            "missing {missing:?}, more {more:?}"
        );
        assert!(ours.len() >= 5, "{}", ours.len());
    }
}
