//! Where credentials come from, how long they live, and how fast one learns that there are none.

use std::error::Error;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_config::Region;
use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::imds;
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{self, ProvideCredentials, future};
use jiff::Timestamp;
use tokio::sync::OnceCell;
use tokio::time::Instant;

/// For how long a failure to find credentials is answered without looking again.
const FAILURE_HOLDS: Duration = Duration::from_secs(3);

/// An instance metadata service that is there answers in milliseconds: off EC2 nobody should wait for it.
pub fn quick_imds(config: &ProviderConfig) -> imds::Client {
    imds::Client::builder()
        .configure(config)
        .connect_timeout(Duration::from_millis(400))
        .read_timeout(Duration::from_millis(800))
        .operation_timeout(Duration::from_millis(1500))
        .max_attempts(2)
        .build()
}

/// The SDK's default chain; a profile that was asked for by name goes before the environment, as in the AWS CLI.
///
/// Its members are made when they are needed: with keys in the environment none of them is.
#[derive(Debug)]
pub struct Chain {
    config: ProviderConfig,
    region: Region,
    profile: Option<String>,
    made: OnceCell<CredentialsProviderChain>,
}

impl Chain {
    pub fn new(config: ProviderConfig, region: Region, profile: Option<String>) -> Self {
        Self {
            config,
            region,
            profile,
            made: OnceCell::new(),
        }
    }

    async fn make(&self) -> CredentialsProviderChain {
        let mut default = DefaultCredentialsChain::builder()
            .configure(self.config.clone())
            .region(self.region.clone())
            .imds_client(quick_imds(&self.config));
        let Some(profile) = &self.profile else {
            return CredentialsProviderChain::first_try("Default", default.build().await);
        };
        default = default.profile_name(profile);
        let named = ProfileFileCredentialsProvider::builder()
            .configure(&self.config)
            .profile_name(profile)
            .build();
        CredentialsProviderChain::first_try("Profile", named)
            .or_else("Default", default.build().await)
    }

    async fn load(&self) -> provider::Result {
        if self.profile.is_none()
            && let Ok(credentials) = EnvironmentVariableCredentialsProvider::new()
                .provide_credentials()
                .await
        {
            return Ok(credentials);
        }
        let chain = self.made.get_or_init(|| self.make()).await;
        chain.provide_credentials().await
    }
}

impl ProvideCredentials for Chain {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.load())
    }
}

/// Asks once for many callers: a failure holds for a moment, and the expiry is noted.
///
/// Without it every call of a cold start would walk the whole chain in turn to find nothing.
pub struct Remembering {
    inner: Box<dyn ProvideCredentials>,
    failed: tokio::sync::Mutex<Option<(Instant, CredentialsError)>>,
    expiry: Expiry,
}

/// When the credentials in use end; shared with the identity source.
#[derive(Clone, Debug, Default)]
pub struct Expiry(Arc<Mutex<Option<Timestamp>>>);

impl Expiry {
    pub fn get(&self) -> Option<Timestamp> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, at: Option<Timestamp>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = at;
    }
}

impl Remembering {
    pub fn new(inner: impl ProvideCredentials + 'static) -> Self {
        Self {
            inner: Box::new(inner),
            failed: tokio::sync::Mutex::default(),
            expiry: Expiry::default(),
        }
    }

    pub fn expiry(&self) -> Expiry {
        self.expiry.clone()
    }

    async fn load(&self) -> provider::Result {
        let mut failed = self.failed.lock().await;
        if let Some((at, error)) = &*failed
            && at.elapsed() < FAILURE_HOLDS
        {
            return Err(again(error));
        }
        match self.inner.provide_credentials().await {
            Ok(credentials) => {
                *failed = None;
                self.expiry.set(
                    credentials
                        .expiry()
                        .and_then(|at| Timestamp::try_from(at).ok()),
                );
                Ok(credentials)
            }
            Err(error) => {
                *failed = Some((Instant::now(), again(&error)));
                Err(error)
            }
        }
    }
}

impl ProvideCredentials for Remembering {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.load())
    }
}

impl fmt::Debug for Remembering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Remembering")
    }
}

/// The same error once more: of the same kind, with the words of the whole chain of causes.
fn again(error: &CredentialsError) -> CredentialsError {
    let mut words = Vec::new();
    let mut cause = error.source();
    while let Some(error) = cause {
        words.push(error.to_string());
        cause = error.source();
    }
    let words = words.join(": ");
    match error {
        CredentialsError::CredentialsNotLoaded(_) => CredentialsError::not_loaded(words),
        CredentialsError::ProviderTimedOut(timeout) => {
            CredentialsError::provider_timed_out(timeout.timeout_duration())
        }
        CredentialsError::InvalidConfiguration(_) => CredentialsError::invalid_configuration(words),
        CredentialsError::ProviderError(_) => CredentialsError::provider_error(words),
        _ => CredentialsError::unhandled(words),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use aws_credential_types::Credentials;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Has nothing twice, then credentials that end.
    #[derive(Debug)]
    struct Scripted(Arc<AtomicUsize>);

    impl ProvideCredentials for Scripted {
        fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
        where
            Self: 'a,
        {
            future::ProvideCredentials::ready(if self.0.fetch_add(1, Ordering::SeqCst) < 1 {
                Err(CredentialsError::not_loaded("nothing here"))
            } else {
                let end = std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
                Ok(Credentials::new("id", "secret", None, Some(end), "test"))
            })
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_is_remembered_and_then_asked_anew() {
        let asked = Arc::new(AtomicUsize::new(0));
        let remembering = Remembering::new(Scripted(asked.clone()));
        for _ in 0..5 {
            let error = remembering.provide_credentials().await.unwrap_err();
            assert!(matches!(error, CredentialsError::CredentialsNotLoaded(_)));
        }
        assert_eq!(asked.load(Ordering::SeqCst), 1);
        assert_eq!(remembering.expiry().get(), None);
        tokio::time::advance(Duration::from_secs(4)).await;
        remembering.provide_credentials().await.unwrap();
        assert_eq!(
            remembering.expiry().get(),
            Some(Timestamp::from_second(1_800_000_000).unwrap())
        );
    }
}
