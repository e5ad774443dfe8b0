//! What is said when AWS does not answer as it should.

use std::time::Duration;

use super::Twin;
use crate::support::account::Account;
use crate::support::doubles::{REGIONS, shared};
use crate::support::fault::{Fault, FaultServer, dead_url};
use crate::support::microburst::Microburst;

const REGION: &str = "eu-west-1";

/// The failure of the listing itself, with its words.
fn failure(twin: &Twin) -> (&str, String) {
    let part = twin
        .partial()
        .iter()
        .find(|p| p["source"] == "sagemaker:ListEndpoints");
    let part = part.unwrap_or_else(|| panic!("ListEndpoints did not fail: {:?}", twin.failures()));
    let hint = part["hint"].as_str().unwrap_or("");
    let words = format!("{} {hint}", part["what"].as_str().unwrap());
    (part["kind"].as_str().unwrap(), words)
}

#[test]
fn each_refusal_has_its_kind_and_says_what_mends_it() {
    for (fault, kind, words) in [
        (Fault::Throttling, "throttled", ""),
        (Fault::Denying, "denied", "sagemaker:ListEndpoints"),
        (Fault::Expired, "expired", ""),
        (Fault::RandomBytes, "malformed", ""),
        (Fault::Internal, "server_fault", ""),
        (Fault::Html(500), "not_in_region", "endpoint"),
        (Fault::TruncatedJson, "malformed", ""),
        (Fault::Html(200), "malformed", ""),
    ] {
        let server = FaultServer::alone(fault);
        let twin = Twin::ask(&Account::at(&server.url), REGION, &["endpoints"]);
        assert_eq!(twin.items().len(), 0);
        let (is, says) = failure(&twin);
        assert_eq!(is, kind, "{fault:?}: {says}");
        assert!(says.contains(words), "{fault:?}: {says}");
        assert!(
            server.count("ListEndpoints") <= 4,
            "{fault:?}: asked {} times",
            server.count("ListEndpoints")
        );
    }
}

#[test]
fn a_connection_that_breaks_or_is_refused_is_offline() {
    let cut = FaultServer::alone(Fault::CutOff);
    let noise = FaultServer::alone(Fault::NotHttp);
    for url in [dead_url(), cut.url.clone(), noise.url.clone()] {
        let twin = Twin::ask(&Account::at(&url), REGION, &["endpoints"]);
        let (kind, says) = failure(&twin);
        assert!(matches!(kind, "offline" | "malformed"), "{kind}: {says}");
    }
}

#[test]
fn a_black_hole_is_given_up_on() {
    let hole = FaultServer::alone(Fault::BlackHole);
    let twin = Twin::ask(&Account::at(&hole.url), REGION, &["endpoints"]);
    assert_eq!(failure(&twin).0, "offline");
}

#[test]
fn a_slow_service_is_waited_for() {
    let slow = FaultServer::before(shared(), Fault::Slow(Duration::from_millis(300)));
    let twin = Twin::ask(&Account::at(&slow.url), REGION, &["endpoints"]);
    assert_eq!(twin.items().len(), 5 + 2 * REGIONS[1].seed as usize);
    assert_eq!(twin.failures(), []);
}

#[test]
fn throttled_calls_are_tried_again_and_not_without_end() {
    let server = FaultServer::before(shared(), Fault::Throttling);
    let account = Account::retrying_at(&server.url);
    std::thread::scope(|scope| {
        let asking =
            scope.spawn(|| Twin::ask(&account, REGION, &["runs", "--kind", "training_job"]));
        assert!(server.wait_for_requests(2, Duration::from_secs(30)));
        server.set(Fault::Pass);
        let twin = asking.join().unwrap();
        let jobs = twin
            .items()
            .iter()
            .filter(|run| run["kind"] == "training_job")
            .count();
        assert_eq!(jobs, REGIONS[1].training_jobs, "{:?}", twin.failures());
    });
}

#[test]
fn faults_as_somebody_else_makes_them() {
    let proxy = Microburst::before(&shared().moto.url);
    let account = Account::at(proxy.url());
    let boto3 =
        |operation: usize| account.boto3(REGION, &["refusals"])["refusals"][operation].clone();
    assert_eq!(
        boto3(0)["code"],
        serde_json::Value::Null,
        "nothing is wrong yet"
    );
    proxy.set_preset("expired-token");
    assert_eq!(boto3(0)["code"], "ExpiredTokenException");
    assert_eq!(
        failure(&Twin::ask(&account, REGION, &["endpoints"])).0,
        "expired"
    );
    proxy.set_rules(&serde_json::json!([]));
    proxy.set_rules(&serde_json::json!([{
        "service": "sagemaker",
        "operation": "ListEndpoints",
        "error": { "code": "AccessDeniedException" },
    }]));
    assert_eq!(
        failure(&Twin::ask(&account, REGION, &["endpoints"])).0,
        "denied"
    );
}
