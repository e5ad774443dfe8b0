//! The faults themselves, judged by boto3: each is what AWS, or a broken network, would give.

use std::time::Duration;

use crate::support::account::Account;
use crate::support::doubles::{REGIONS, shared};
use crate::support::fault::{Fault, FaultServer, dead_url};

/// (operation, code, message) as boto3 tells it.
fn refusals(url: &str) -> Vec<(String, String, String)> {
    let seen = Account::at(url).boto3("us-east-1", &["refusals"]);
    let text = |value: &serde_json::Value| value.as_str().unwrap_or("").to_owned();
    let refusals = seen["refusals"].as_array().unwrap();
    refusals
        .iter()
        .map(|r| (text(&r["operation"]), text(&r["code"]), text(&r["message"])))
        .collect()
}

fn codes(url: &str) -> Vec<String> {
    refusals(url).into_iter().map(|(_, code, _)| code).collect()
}

#[test]
fn refusals_carry_the_codes_of_aws() {
    let server = FaultServer::alone(Fault::Throttling);
    let throttled = ["ThrottlingException", "ThrottlingException", "Throttling"];
    assert_eq!(codes(&server.url), throttled);
    server.set(Fault::Expired);
    let expired = [
        "ExpiredTokenException",
        "ExpiredTokenException",
        "ExpiredToken",
    ];
    assert_eq!(codes(&server.url), expired);
    server.set(Fault::Denying);
    let denied = refusals(&server.url);
    assert_eq!(denied[0].1, "AccessDeniedException");
    assert!(
        denied[0]
            .2
            .contains("is not authorized to perform: sagemaker:ListEndpoints on resource:"),
        "{}",
        denied[0].2
    );
    assert!(
        denied[1].2.contains("perform: cloudwatch:DescribeAlarms"),
        "{}",
        denied[1].2
    );
    assert_eq!(denied[2].1, "AccessDenied");
    assert_eq!(
        server.count("ListEndpoints"),
        3,
        "every request is counted: {:?}",
        server.counts()
    );
}

#[test]
fn garbage_is_no_answer_to_boto3_either() {
    // Half a document, a connection cut off, or a web page with status 200 are not here: botocore takes
    // them for an empty answer.
    let server = FaultServer::alone(Fault::RandomBytes);
    for fault in [Fault::RandomBytes, Fault::NotHttp, Fault::Html(500)] {
        server.set(fault);
        let code = &codes(&server.url)[0];
        assert!(!code.is_empty(), "boto3 took {fault:?} for an answer");
    }
}

#[test]
fn a_dead_port_refuses_and_a_black_hole_never_answers() {
    assert_eq!(codes(&dead_url())[0], "EndpointConnectionError");
    let hole = FaultServer::alone(Fault::BlackHole);
    let account = Account::at(&hole.url);
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| account.boto3("us-east-1", &["refusals"]));
        assert!(hole.wait_for_requests(1, Duration::from_secs(30)));
        hole.set(Fault::Expired);
        let seen = asking.join().unwrap();
        assert_eq!(seen["refusals"][0]["code"], "ReadTimeoutError");
        assert_eq!(seen["refusals"][1]["code"], "ExpiredTokenException");
    });
}

#[test]
fn a_server_without_fault_hands_the_doubles_answers_on() {
    let server = FaultServer::before(shared(), Fault::Slow(Duration::from_millis(20)));
    let through = Account::at(&server.url);
    let direct = Account::of(shared());
    let topics = ["endpoints", "alarms", "identity"];
    let region = REGIONS[1].region;
    assert_eq!(
        through.boto3(region, &topics),
        direct.boto3(region, &topics)
    );
    assert!(server.count("DescribeEndpoint") > 5);
}
