//! Failures of the credentials chain.

use aws_credential_types::provider::error::CredentialsError;

use super::{Asker, Chain};
use crate::domain::source_error::{ErrorKind, SourceError};
use crate::sources::aws::api::Api;
use crate::sources::aws::text::tidy;

/// Credentials that are not there, not valid, or over.
pub(super) fn credentials(api: Api, asker: &Asker, chain: &Chain<'_>) -> Option<SourceError> {
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
