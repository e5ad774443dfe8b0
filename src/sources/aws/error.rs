//! The one place where an error of the SDK becomes a `SourceError`.
//!
//! Order of checks: our own guard, the credentials chain, the error code, the message, the HTTP status, the variant.

mod codes;
mod credentials;
mod denied;
#[cfg(test)]
mod tests;

use std::error::Error;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::api::Api;
use super::ledger::OverBudget;
use super::text::tidy;
use crate::domain::source_error::{ErrorKind, SourceError};
use codes::{by_code, by_message};
use credentials::credentials;
use denied::denied;

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
        return over_budget(api, refusal);
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

/// Our own guard said no.
pub fn over_budget(api: Api, refusal: &OverBudget) -> SourceError {
    SourceError::new(api.to_string(), ErrorKind::OverBudget, refusal.0.clone())
        .with_hint("raise the cap in [caps] of the config, or wait for tomorrow")
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
