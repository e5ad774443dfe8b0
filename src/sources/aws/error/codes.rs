//! What the service's own code and message say.

use super::Asker;
use super::denied::denied;
use crate::domain::source_error::{ErrorKind, SourceError};
use crate::sources::aws::api::Api;
use crate::sources::aws::text::tidy;

pub(super) fn by_code(api: Api, asker: &Asker, code: &str, message: &str) -> Option<SourceError> {
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
        // A quota, not a rate.
        "LimitExceededException" if api.operation == "StartLiveTail" => hinted(
            ErrorKind::Throttled,
            "too many Live Tail sessions are open in this account".into(),
            "polling goes on without one".into(),
        ),
        "LimitExceededException" if api.operation == "StartQuery" => hinted(
            ErrorKind::Throttled,
            "too many Logs Insights queries run in this account".into(),
            "wait for one to end, or stop it".into(),
        ),
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
pub(super) fn by_message(api: Api, message: &str) -> Option<SourceError> {
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

fn or_code(message: &str, code: &str) -> String {
    if message.trim().is_empty() {
        code.to_owned()
    } else {
        tidy(message)
    }
}
