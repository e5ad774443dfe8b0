//! Each row of the table of failures.
#![allow(clippy::unwrap_used)]
use super::*;
use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::error::ErrorMetadata;

const API: Api = Api::new("sagemaker", "ListEndpoints");

fn asker() -> Asker {
    Asker {
        profile: Some("ml".into()),
        region: "eu-west-1".into(),
    }
}

fn response(status: u16, body: &str) -> HttpResponse {
    HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body))
}

fn service(status: u16, code: &str, message: &str) -> SourceError {
    let meta = ErrorMetadata::builder().code(code).message(message).build();
    classify(
        API,
        &asker(),
        &SdkError::service_error(meta, response(status, "{}")),
    )
}

fn nameless(status: u16, body: &str) -> SourceError {
    let meta = ErrorMetadata::builder().build();
    classify(
        API,
        &asker(),
        &SdkError::service_error(meta, response(status, body)),
    )
}

fn dispatch(error: ConnectorError) -> SourceError {
    let error: SdkError<ErrorMetadata, HttpResponse> = SdkError::dispatch_failure(error);
    classify(API, &asker(), &error)
}

#[test]
fn codes_decide() {
    use ErrorKind::*;
    for (code, kind) in [
        ("ThrottlingException", Throttled),
        ("LimitExceededException", Throttled),
        (
            "com.amazonaws.sagemaker#TooManyRequestsException",
            Throttled,
        ),
        ("AccessDeniedException", Denied),
        ("ExpiredTokenException", Expired),
        ("UnrecognizedClientException", NoCredentials),
        ("InvalidSignatureException", NoCredentials),
        ("ResourceNotFoundException", Missing),
        ("ResourceNotFound", Missing),
        ("StateMachineDoesNotExist", Missing),
        ("DataUnavailableException", Missing),
        ("UnknownOperationException", NotInRegion),
        ("OptInRequired", NotInRegion),
        ("InternalFailure", ServerFault),
        ("ServiceUnavailable", ServerFault),
        ("SomethingNew", Malformed),
    ] {
        let error = service(400, code, "words");
        assert_eq!(error.kind, kind, "{code}");
        assert_eq!(error.source_name, "sagemaker:ListEndpoints");
    }
}

#[test]
fn messages_decide_where_the_code_says_too_little() {
    let of = |message| service(400, "ValidationException", message).kind;
    assert_eq!(of("Could not find endpoint \"x\""), ErrorKind::Missing);
    assert_eq!(of("Requested resource not found."), ErrorKind::Missing);
    assert_eq!(of("Rate exceeded"), ErrorKind::Throttled);
    assert_eq!(of("1 validation error detected"), ErrorKind::Malformed);
}

#[test]
fn status_decides_where_there_is_no_code() {
    assert_eq!(nameless(429, "{}").kind, ErrorKind::Throttled);
    assert_eq!(nameless(501, "{}").kind, ErrorKind::NotInRegion);
    assert_eq!(nameless(503, "{}").kind, ErrorKind::ServerFault);
    assert_eq!(nameless(403, "{}").kind, ErrorKind::Denied);
    assert_eq!(
        nameless(500, "<!doctype html>").kind,
        ErrorKind::NotInRegion
    );
    assert_eq!(nameless(503, "<html>").kind, ErrorKind::Malformed);
    assert_eq!(nameless(403, "<html>").kind, ErrorKind::Malformed);
}

#[test]
fn a_denial_names_action_and_policy() {
    let hint = |message: &str| service(403, "AccessDeniedException", message).hint.unwrap();
    let start = "User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: sagemaker:ListEndpoints";
    assert_eq!(
        hint(&format!(
            "{start} on resource: arn:aws:sagemaker:eu-west-1:1:* because no identity-based policy allows the action"
        )),
        "allow sagemaker:ListEndpoints on arn:aws:sagemaker:eu-west-1:1:* in the identity's policy"
    );
    assert!(
        hint(&format!(
            "{start} with an explicit deny in a service control policy"
        ))
        .contains("service control policy forbids")
    );
    assert!(
        hint(&format!(
            "{start} because no permissions boundary allows the sagemaker:ListEndpoints action"
        ))
        .contains("permissions boundary must allow")
    );
    assert!(hint("User not enabled for cost explorer access").contains("sagemaker:ListEndpoints"));
}

#[test]
fn signatures_and_tokens_are_not_quoted() {
    let error = service(
        403,
        "SignatureDoesNotMatch",
        "The Canonical String: x-amz-security-token:TOKEN",
    );
    assert!(!error.what.contains("TOKEN"));
    let error = service(400, "SomethingNew", "key ASIAIOSFODNN7EXAMPLE is odd");
    assert!(!error.what.contains("ASIA"), "{}", error.what);
}

#[test]
fn the_credentials_chain_is_told_apart() {
    let of = |error: CredentialsError| dispatch(ConnectorError::other(error.into(), None));
    let none = of(CredentialsError::not_loaded("nothing"));
    assert_eq!(none.kind, ErrorKind::NoCredentials);
    assert_eq!(
        none.hint.as_deref(),
        Some("aws configure --profile ml, or aws sso login --profile ml")
    );
    let expired = of(CredentialsError::provider_error(
        "the SSO token has expired and cannot be refreshed",
    ));
    assert_eq!(expired.kind, ErrorKind::Expired);
    assert_eq!(expired.hint.as_deref(), Some("aws sso login --profile ml"));
    let login = of(CredentialsError::provider_error(
        "cached Login token is expired",
    ));
    assert_eq!(login.hint.as_deref(), Some("aws login --profile ml"));
    let forbidden = of(CredentialsError::provider_error(
        "failed to load IMDS session token",
    ));
    assert_eq!(forbidden.what, none.what);
    let broken = of(CredentialsError::invalid_configuration("role_arn is odd"));
    assert_eq!(broken.kind, ErrorKind::NoCredentials);
    assert!(broken.what.contains("role_arn is odd"));
}

#[test]
fn our_own_guard_comes_first() {
    let error = dispatch(ConnectorError::other(
        Box::new(OverBudget("the daily cap is reached".into())),
        None,
    ));
    assert_eq!(error.kind, ErrorKind::OverBudget);
    assert_eq!(error.what, "the daily cap is reached");
}

#[test]
fn the_network_has_several_ways_to_fail() {
    let of = |text: &'static str| dispatch(ConnectorError::io(text.into()));
    assert!(of("tcp connect error").what.contains("no connection"));
    assert!(of("dns error").hint.unwrap().contains("eu-west-1"));
    assert!(
        of("invalid peer certificate: UnknownIssuer")
            .hint
            .unwrap()
            .contains("AWS_CA_BUNDLE")
    );
    let timeout = dispatch(ConnectorError::timeout("slow".into()));
    assert_eq!(timeout.what, "no connection in time");
    let error: SdkError<ErrorMetadata, HttpResponse> = SdkError::timeout_error("slow");
    assert_eq!(classify(API, &asker(), &error).kind, ErrorKind::Offline);
}

#[test]
fn an_answer_that_cannot_be_read_is_malformed() {
    let error: SdkError<ErrorMetadata, HttpResponse> =
        SdkError::response_error("unexpected token '<'", response(200, "<html>login</html>"));
    let error = classify(API, &asker(), &error);
    assert_eq!(error.kind, ErrorKind::Malformed);
    assert!(!error.what.contains('<'));
}
