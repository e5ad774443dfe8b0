//! The edges of the protocols: what is unknown or malformed is refused in the protocol it came in.

use hyper::body::Bytes;

use super::clients::{config, simulator_at};

fn post(path: &str, headers: &[(&str, &str)], body: &[u8]) -> http::Response<Bytes> {
    let mut request = http::Request::post(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Bytes::copy_from_slice(body)).unwrap();
    simulator_at(0.0).respond(request)
}

fn text(response: http::Response<Bytes>) -> String {
    String::from_utf8(response.into_body().to_vec()).unwrap()
}

#[test]
fn unknown_json_operations_are_named_so() {
    let response = post("/", &[("x-amz-target", "SageMaker.CreateEndpoint")], b"{}");
    assert_eq!(response.status(), 400);
    assert_eq!(
        response.headers()["content-type"],
        "application/x-amz-json-1.1"
    );
    let body: serde_json::Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(body["__type"], "UnknownOperationException");
}

#[test]
fn unknown_query_actions_are_named_so_in_xml() {
    let response = post("/", &[], b"Action=AssumeRole&Version=2011-06-15");
    assert_eq!(response.status(), 400);
    let body = text(response);
    assert!(body.contains("<Code>InvalidAction</Code>"), "{body}");
}

#[tokio::test]
async fn cbor_errors_carry_their_code() {
    use aws_sdk_cloudwatch::error::ProvideErrorMetadata as _;

    let client = aws_sdk_cloudwatch::Client::new(&config(&simulator_at(0.0)));
    let error = client
        .describe_alarms()
        .next_token("made-up")
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some("InvalidNextToken"));
    assert!(error.into_service_error().is_invalid_next_token());
}

#[test]
fn requests_that_cannot_be_read_do_no_harm() {
    for (path, headers, body) in [
        (
            "/",
            vec![("x-amz-target", "SageMaker.ListEndpoints")],
            b"{oops".to_vec(),
        ),
        (
            "/service/GraniteServiceVersion20100801/operation/DescribeAlarms",
            vec![],
            vec![0x9f; 400],
        ),
        ("/service/Nobody/operation/Nothing", vec![], vec![]),
        ("/", vec![], b"%%%&=&Action".to_vec()),
        ("/", vec![("x-amz-target", "....")], vec![]),
    ] {
        let response = post(path, &headers, &body);
        assert_eq!(response.status(), 400, "{path}");
    }
}

#[tokio::test]
async fn sts_says_who_one_is() {
    let client = aws_sdk_sts::Client::new(&config(&simulator_at(0.0)));
    let identity = client.get_caller_identity().send().await.unwrap();
    assert_eq!(identity.account(), Some("123456789012"));
    assert_eq!(
        identity.arn(),
        Some("arn:aws:sts::123456789012:assumed-role/ReadOnly/alice")
    );
}

#[tokio::test]
async fn missing_things_are_told_in_sagemakers_words() {
    use aws_sdk_sagemaker::error::ProvideErrorMetadata as _;

    let client = super::clients::sagemaker(0.0);
    let error = client
        .describe_endpoint()
        .endpoint_name("nope")
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some("ValidationException"));
    assert!(
        error
            .message()
            .unwrap()
            .starts_with("Could not find endpoint")
    );
    let error = client
        .describe_training_job()
        .training_job_name("nope")
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.message(), Some("Requested resource not found."));
}
