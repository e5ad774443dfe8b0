//! The one place where an error of the SDK becomes a `SourceError`.
//!
//! Order of checks: our own guard, the credentials chain, the error code, the message, the HTTP status, the variant.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::api::Api;
use super::ledger::OverBudget;
use super::text::tidy;
use crate::domain::source_error::{ErrorKind, SourceError};

/// Who asked, for hints that are commands.
#[derive(Clone, Debug, Default)]
pub struct Asker {
    /// The profile in use, where one is named.
    pub profile: Option<String>,
    pub region: String,
}

impl Asker {
    fn flag(&self) -> String {
        self.profile
            .as_ref()
            .map(|p| format!(" --profile {p}"))
            .unwrap_or_default()
    }

    fn login(&self) -> String {
        format!("aws sso login{}", self.flag())
    }
}

/// Classifies a failure of `api`.
pub fn classify<E>(api: Api, asker: &Asker, error: &SdkError<E, HttpResponse>) -> SourceError
where
    E: ProvideErrorMetadata + Error + 'static,
{
    let failure = |kind, what: String| SourceError::new(api.to_string(), kind, what);
    let chain = Chain::of(error);
    if let Some(refusal) = chain.find::<OverBudget>() {
        return failure(ErrorKind::OverBudget, refusal.0.clone())
            .with_hint("raise the cap in [caps] of the config, or wait for tomorrow");
    }
    if let Some(error) = credentials(api, asker, &chain) {
        return error;
    }
    let code = error
        .code()
        .map(|code| code.rsplit('#').next().unwrap_or(code));
    let message = error.message().unwrap_or_default();
    if let Some(error) = by_code(api, asker, code.unwrap_or_default(), message) {
        return error;
    }
    if let Some(error) = by_message(api, message) {
        return error;
    }
    if let Some(raw) = error.raw_response() {
        return by_status(api, code, message, raw);
    }
    match error {
        SdkError::TimeoutError(_) => failure(ErrorKind::Offline, "no answer in time".into())
            .with_hint("the network or the service is slow; it is asked again"),
        SdkError::DispatchFailure(dispatch) if dispatch.is_timeout() => {
            failure(ErrorKind::Offline, "no connection in time".into())
                .with_hint("check the network, the proxy and the endpoint URL")
        }
        SdkError::DispatchFailure(_) => unreachable_host(api, asker, &chain),
        _ => failure(ErrorKind::Malformed, tidy(&chain.root())),
    }
}

/// Credentials that are not there, not valid, or over.
fn credentials(api: Api, asker: &Asker, chain: &Chain<'_>) -> Option<SourceError> {
    let text = chain.text();
    if let Some(error) = expired_login(api, asker, &text) {
        return Some(error);
    }
    let error = chain.find::<CredentialsError>()?;
    let failure = |what: String, hint: String| {
        SourceError::new(api.to_string(), ErrorKind::NoCredentials, what).with_hint(hint)
    };
    let none = failure(
        match &asker.profile {
            Some(profile) => format!("no AWS credentials found for profile {profile}"),
            None => "no AWS credentials found".into(),
        },
        format!("aws configure{0}, or aws sso login{0}", asker.flag()),
    );
    Some(match error {
        CredentialsError::CredentialsNotLoaded(_) => none,
        // The instance's metadata are the last to be asked: when they fail, nothing before had credentials.
        _ if text.contains("IMDS") => none,
        CredentialsError::ProviderTimedOut(_) => failure(
            "the credentials did not come in time".into(),
            format!("try: aws sts get-caller-identity{}", asker.flag()),
        ),
        _ => failure(
            format!(
                "the AWS credentials could not be had: {}",
                tidy(&chain.root())
            ),
            format!("try: aws sts get-caller-identity{}", asker.flag()),
        ),
    })
}

fn expired_login(api: Api, asker: &Asker, text: &str) -> Option<SourceError> {
    let hint = if text.contains("cached Login token is expired") {
        format!("aws login{}", asker.flag())
    } else if text.contains("SSO token has expired")
        || text.contains("SSO token is expired")
        || text.contains("failed to read cached SSO token")
        || text.contains("failed to load the cached SSO token")
    {
        asker.login()
    } else {
        return None;
    };
    Some(
        SourceError::new(
            api.to_string(),
            ErrorKind::Expired,
            "the AWS login has expired",
        )
        .with_hint(hint),
    )
}

fn by_code(api: Api, asker: &Asker, code: &str, message: &str) -> Option<SourceError> {
    let failure = |kind, what: String| Some(SourceError::new(api.to_string(), kind, what));
    let hinted = |kind, what: String, hint: String| {
        Some(SourceError::new(api.to_string(), kind, what).with_hint(hint))
    };
    match code {
        "" => None,
        "ExpiredToken" | "ExpiredTokenException" | "RequestExpired" | "TokenRefreshRequired" => {
            hinted(
                ErrorKind::Expired,
                "the AWS session has expired".into(),
                asker.login(),
            )
        }
        // Their messages can quote the signed headers, the session token among them: never shown.
        "InvalidSignatureException"
        | "SignatureDoesNotMatch"
        | "RequestTimeTooSkewed"
        | "IncompleteSignature"
        | "IncompleteSignatureException" => hinted(
            ErrorKind::NoCredentials,
            "AWS does not accept the signature".into(),
            "check the system clock and the secret access key".into(),
        ),
        "UnrecognizedClientException"
        | "InvalidClientTokenId"
        | "AuthFailure"
        | "MissingAuthenticationToken"
        | "MissingAuthenticationTokenException"
        | "InvalidAccessKeyId" => hinted(
            ErrorKind::NoCredentials,
            format!("AWS does not know these credentials in {}", asker.region),
            format!(
                "check the access key, and that {} is enabled for the account: aws sts get-caller-identity{}",
                asker.region,
                asker.flag()
            ),
        ),
        "AccessDeniedException"
        | "AccessDenied"
        | "UnauthorizedOperation"
        | "NotAuthorized"
        | "UnauthorizedException"
        | "KmsAccessDeniedException"
        | "KMSAccessDeniedException" => Some(denied(api, message)),
        "OptInRequired" | "SubscriptionRequiredException" => hinted(
            ErrorKind::NotInRegion,
            format!(
                "{} is not enabled for this account in {}",
                api.service, asker.region
            ),
            "enable the Region or the service in the AWS console".into(),
        ),
        "UnknownOperationException"
        | "UnknownOperation"
        | "NotImplemented"
        | "NotImplementedException"
        | "InvalidAction"
        | "UnsupportedOperation" => failure(
            ErrorKind::NotInRegion,
            format!("{} is not available at this endpoint", api.operation),
        ),
        "DataUnavailableException" => failure(ErrorKind::Missing, tidy(message)),
        code if is_throttle(code) => hinted(
            ErrorKind::Throttled,
            format!("AWS asks to slow down ({code})"),
            "it is asked again, less often".into(),
        ),
        code if is_not_found(code) => failure(ErrorKind::Missing, or_code(message, code)),
        "InternalFailure"
        | "InternalServerError"
        | "InternalServiceError"
        | "InternalServiceException"
        | "ServiceUnavailable"
        | "ServiceUnavailableException" => failure(
            ErrorKind::ServerFault,
            format!("the service failed ({code})"),
        ),
        _ => None,
    }
}

fn is_throttle(code: &str) -> bool {
    matches!(
        code,
        "Throttling"
            | "ThrottlingException"
            | "ThrottledException"
            | "RequestThrottledException"
            | "TooManyRequestsException"
            | "ProvisionedThroughputExceededException"
            | "TransactionInProgressException"
            | "RequestLimitExceeded"
            | "BandwidthLimitExceeded"
            | "LimitExceededException"
            | "RequestThrottled"
            | "SlowDown"
            | "PriorRequestNotComplete"
            | "EC2ThrottledException"
    )
}

fn is_not_found(code: &str) -> bool {
    code.ends_with("NotFoundException")
        || code.ends_with("NotFound")
        || code.ends_with("DoesNotExist")
        || code.starts_with("NoSuch")
}

/// SageMaker says "not found" as a ValidationException with these words, and some services throttle by message only.
fn by_message(api: Api, message: &str) -> Option<SourceError> {
    let lower = message.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if has(&["rate exceeded", "too many requests"]) {
        Some(
            SourceError::new(
                api.to_string(),
                ErrorKind::Throttled,
                "AWS asks to slow down",
            )
            .with_hint("it is asked again, less often"),
        )
    } else if has(&[
        "could not find",
        "does not exist",
        "not found",
        "requested resource",
    ]) {
        Some(SourceError::new(
            api.to_string(),
            ErrorKind::Missing,
            tidy(message),
        ))
    } else if has(&["unsupported service", "not yet been implemented"]) {
        Some(SourceError::new(
            api.to_string(),
            ErrorKind::NotInRegion,
            format!("{} is not available at this endpoint", api.operation),
        ))
    } else if has(&["not authorized to perform"]) {
        Some(denied(api, message))
    } else {
        None
    }
}

fn by_status(api: Api, code: Option<&str>, message: &str, raw: &HttpResponse) -> SourceError {
    let status = raw.status().as_u16();
    let foreign = is_markup(raw);
    let failure = |kind, what: String| SourceError::new(api.to_string(), kind, what);
    match status {
        429 => failure(ErrorKind::Throttled, "AWS asks to slow down (429)".into())
            .with_hint("it is asked again, less often"),
        501 => failure(
            ErrorKind::NotInRegion,
            format!("{} is not available at this endpoint", api.operation),
        ),
        404 | 405 | 500 if foreign => failure(
            ErrorKind::NotInRegion,
            format!(
                "{} is not available at this endpoint (HTTP {status})",
                api.operation
            ),
        )
        .with_hint("not AWS itself answered; is the endpoint URL right?"),
        404 | 405 if code.is_none() => failure(
            ErrorKind::NotInRegion,
            format!(
                "{} is not available at this endpoint (HTTP {status})",
                api.operation
            ),
        ),
        401 | 403 if !foreign => denied(api, message),
        _ if foreign => failure(
            ErrorKind::Malformed,
            format!("a web page came back instead of an answer (HTTP {status})"),
        )
        .with_hint("a proxy or a login page stands between here and AWS"),
        500.. => failure(
            ErrorKind::ServerFault,
            format!("the service failed (HTTP {status})"),
        ),
        400..=499 => failure(
            ErrorKind::Malformed,
            match code {
                Some(code) => tidy(&format!("{code}: {message}")),
                None => format!("the request was refused (HTTP {status})"),
            },
        ),
        _ => failure(
            ErrorKind::Malformed,
            "the answer could not be understood".into(),
        )
        .with_hint("is the endpoint URL right?"),
    }
}

/// HTML or another page, from a proxy, a portal or a double; AWS answers in JSON, XML or CBOR.
pub fn is_markup(raw: &HttpResponse) -> bool {
    let named = raw
        .headers()
        .get("content-type")
        .is_some_and(|kind| kind.contains("text/html"));
    named
        || raw.body().bytes().is_some_and(|body| {
            let start = body.get(..body.len().min(64)).unwrap_or_default();
            let start = String::from_utf8_lossy(start).trim_start().to_lowercase();
            start.starts_with("<!doctype html") || start.starts_with("<html")
        })
}

/// Names the missing action, and whose policy it is that says no.
fn denied(api: Api, message: &str) -> SourceError {
    let action = after(message, "not authorized to perform: ")
        .map(|action| action.trim_end_matches(['.', ',', ';']).to_owned())
        .unwrap_or_else(|| api.action());
    let resource = after(message, "on resource: ")
        .filter(|resource| resource.starts_with("arn:"))
        .map(|resource| format!(" on {}", resource.trim_end_matches(['.', ','])))
        .unwrap_or_default();
    let lower = message.to_ascii_lowercase();
    let hint = if lower.contains("explicit deny in a service control policy") {
        format!("a service control policy forbids {action}: ask the organisation's administrator")
    } else if lower.contains("explicit deny") {
        format!("a policy explicitly denies {action}{resource}")
    } else if lower.contains("permissions boundary") {
        format!("the permissions boundary must allow {action}{resource}")
    } else if lower.contains("service control policy") {
        format!(
            "a service control policy must allow {action}: ask the organisation's administrator"
        )
    } else {
        format!("allow {action}{resource} in the identity's policy")
    };
    let what = if message.contains("not authorized to perform") || message.is_empty() {
        format!("not allowed: {action}")
    } else {
        format!("not allowed: {}", tidy(message))
    };
    SourceError::new(api.to_string(), ErrorKind::Denied, what).with_hint(hint)
}

/// The word that follows `mark`.
fn after<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(mark)?;
    rest.split_whitespace().next()
}

fn or_code(message: &str, code: &str) -> String {
    if message.trim().is_empty() {
        code.to_owned()
    } else {
        tidy(message)
    }
}

fn unreachable_host(api: Api, asker: &Asker, chain: &Chain<'_>) -> SourceError {
    let text = chain.text();
    let failure = |what: String, hint: String| {
        SourceError::new(api.to_string(), ErrorKind::Offline, what).with_hint(hint)
    };
    if text.contains("dns error") {
        failure(
            "the host name could not be resolved".into(),
            format!(
                "check the network; {} may not exist in {}",
                api.service, asker.region
            ),
        )
    } else if text.contains("certificate") {
        failure(
            "the TLS certificate is not trusted".into(),
            "behind an inspecting proxy set AWS_CA_BUNDLE to its certificate".into(),
        )
    } else {
        failure(
            format!("no connection ({})", tidy(&chain.root())),
            "check the network, the proxy and the endpoint URL".into(),
        )
    }
}

/// An error and its causes, outermost first.
struct Chain<'a>(Vec<&'a (dyn Error + 'static)>);

impl<'a> Chain<'a> {
    fn of(error: &'a (dyn Error + 'static)) -> Self {
        let mut chain = Vec::new();
        let mut next = Some(error);
        while let Some(error) = next {
            chain.push(error);
            next = error.source();
        }
        Self(chain)
    }

    fn find<T: Error + 'static>(&self) -> Option<&'a T> {
        self.0.iter().find_map(|error| error.downcast_ref())
    }

    fn text(&self) -> String {
        let all: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        all.join(": ")
    }

    /// The innermost cause.
    fn root(&self) -> String {
        self.0.last().map(ToString::to_string).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
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
        assert!(
            hint("User not enabled for cost explorer access").contains("sagemaker:ListEndpoints")
        );
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
}
