//! The SDK's configuration: of an account by the default chain, and of the simulated one.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use aws_config::default_provider::retry_config;
use aws_config::environment::EnvironmentVariableRegionProvider;
use aws_config::imds::region::ImdsRegionProvider;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::{ProfileFileRegionProvider, ProfileSet};
use aws_config::provider_config::ProviderConfig;
use aws_config::{AppName, BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_runtime::env_config::file::EnvConfigFiles;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_async::time::{SharedTimeSource, TimeSource};
use aws_smithy_runtime::client::identity::IdentityCache;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::os_shim_internal::{Env, Fs};
use tokio::time::Instant;

use super::credentials::{Chain, Expiry, Remembering, quick_imds};
use super::error::Asker;
use super::http_client::https_client;
use super::retry::retries;
use super::service_urls::with_documented_names;
use super::text::tidy;
use super::{ConnectOptions, Simulated, Timeouts};
use crate::domain::source_error::{ErrorKind, SourceError};

/// Named in the user agent of every request, so that an account's CloudTrail tells who asked.
const APP_NAME: &str = "flightdeck";

fn timeout_config(timeouts: &Timeouts) -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(timeouts.connect)
        .operation_attempt_timeout(timeouts.attempt)
        .operation_timeout(timeouts.operation)
        .build()
}

/// The time of the runtime, which pauses where tests pause it: the SDK's pace after a throttle follows it.
#[derive(Debug)]
struct RunningTime {
    start: SystemTime,
    since: Instant,
}

impl TimeSource for RunningTime {
    fn now(&self) -> SystemTime {
        self.start + self.since.elapsed()
    }
}

/// Nothing of the machine's AWS configuration reaches the simulated account.
pub fn simulated_config(simulated: &Simulated, options: &ConnectOptions) -> SdkConfig {
    let credentials = Credentials::new("SIMULATED", "simulated", None, None, "simulated");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(simulated.http_client.clone())
        .region(Region::new(simulated.region.clone()))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .identity_cache(IdentityCache::lazy().build())
        .retry_config(retries(3))
        .timeout_config(timeout_config(&options.timeouts))
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .time_source(SharedTimeSource::new(RunningTime {
            start: options.clock.now().into(),
            since: Instant::now(),
        }))
        .app_name(app_name())
        .build()
}

/// What was asked for in so many words, and not by the environment: that comes before everything else.
///
/// Arguments may have been filled from the environment; what is the same there keeps its usual place, after keys in
/// the environment and after the endpoint URLs of single services.
#[derive(Debug, PartialEq)]
struct Asked {
    profile: Option<String>,
    endpoint_url: Option<String>,
}

impl Asked {
    fn of(options: &ConnectOptions, environment: impl Fn(&str) -> Option<String>) -> Self {
        let asked = |value: &Option<String>, name| {
            value
                .clone()
                .filter(|value| environment(name).as_ref() != Some(value))
        };
        Self {
            profile: asked(&options.profile, "AWS_PROFILE"),
            endpoint_url: asked(&options.endpoint_url, "AWS_ENDPOINT_URL"),
        }
    }
}

pub async fn account_config(
    options: &ConnectOptions,
) -> Result<(SdkConfig, Asker, Expiry), SourceError> {
    let asked = Asked::of(options, |name| std::env::var(name).ok());
    let profiles = profiles(options.profile.as_deref()).await?;
    let ca_bundle = std::env::var_os("AWS_CA_BUNDLE").map(PathBuf::from);
    let http_client = https_client(ca_bundle.as_deref())?;
    let provider_config = ProviderConfig::without_region().with_http_client(http_client.clone());
    let profile = profiles.selected_profile();
    let region = region(options, &provider_config, profile)
        .await
        .ok_or_else(|| no_region(profile))?;
    let provider_config = provider_config.with_region(Some(region.clone()));
    let configured = retry_config::default_provider()
        .configure(&provider_config)
        .profile_name(profile)
        .retry_config()
        .await;
    let credentials = Remembering::new(Chain::new(provider_config, region.clone(), asked.profile));
    let expiry = credentials.expiry();
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(http_client)
        .region(region.clone())
        .profile_name(profile)
        .credentials_provider(credentials)
        .identity_cache(
            IdentityCache::lazy()
                .load_timeout(Duration::from_secs(10))
                .build(),
        )
        .retry_config(retries(configured.max_attempts()))
        .timeout_config(timeout_config(&options.timeouts))
        .app_name(app_name());
    if let Some(url) = asked.endpoint_url {
        loader = loader.endpoint_url(url);
    }
    let asker = Asker {
        // A hint names the profile unless it is the one every command uses anyway.
        profile: (profile != "default").then(|| profile.to_owned()),
        region: region.to_string(),
    };
    Ok((with_documented_names(loader.load().await), asker, expiry))
}

/// The AWS config files, read once to tell early what is wrong with them.
async fn profiles(wanted: Option<&str>) -> Result<ProfileSet, SourceError> {
    let profiles = aws_config::profile::load(
        &Fs::real(),
        &Env::real(),
        &EnvConfigFiles::default(),
        wanted.map(|name| name.to_owned().into()),
    )
    .await
    .map_err(|error| {
        SourceError::new(
            "aws:config",
            ErrorKind::NoCredentials,
            format!(
                "the AWS config could not be read: {}",
                tidy(&root_cause(&error))
            ),
        )
        .with_hint("mend ~/.aws/config or ~/.aws/credentials")
    })?;
    let name = profiles.selected_profile();
    if name != "default" && profiles.get_profile(name).is_none() {
        return Err(SourceError::new(
            "aws:config",
            ErrorKind::NoCredentials,
            format!("there is no profile {name} in the AWS config"),
        )
        .with_hint("list them: aws configure list-profiles"));
    }
    Ok(profiles)
}

async fn region(
    options: &ConnectOptions,
    config: &ProviderConfig,
    profile: &str,
) -> Option<Region> {
    if let Some(region) = &options.region {
        return Some(Region::new(region.clone()));
    }
    let of_profile = ProfileFileRegionProvider::builder()
        .configure(config)
        .profile_name(profile)
        .build();
    let chain = RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new())
        .or_else(of_profile);
    let imds = ImdsRegionProvider::builder()
        .configure(config)
        .imds_client(quick_imds(config))
        .build();
    chain.or_else(imds).region().await
}

fn no_region(profile: &str) -> SourceError {
    SourceError::new(
        "aws:config",
        ErrorKind::NoCredentials,
        "no AWS Region is set",
    )
    .with_hint(format!(
        "use --region R, set AWS_REGION, or: aws configure set region R --profile {profile}"
    ))
}

fn app_name() -> AppName {
    #[expect(clippy::expect_used, reason = "a constant of allowed characters")]
    AppName::new(APP_NAME).expect("a valid application name")
}

fn root_cause(error: &(dyn std::error::Error + 'static)) -> String {
    let mut root = error;
    while let Some(cause) = root.source() {
        root = cause;
    }
    root.to_string()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::clock::FixedClock;

    fn asked(endpoint_url: &str, environment: Option<&str>) -> Option<String> {
        let options = ConnectOptions {
            profile: None,
            region: None,
            endpoint_url: Some(endpoint_url.to_owned()),
            simulated: None,
            clock: Arc::new(FixedClock(jiff::Timestamp::UNIX_EPOCH)),
            state_dir: PathBuf::new(),
            cache_dir: PathBuf::new(),
            caps: super::super::Caps::default(),
            cost_cache_ttl: Duration::ZERO,
            timeouts: Timeouts::default(),
        };
        Asked::of(&options, |name| {
            environment
                .filter(|_| name == "AWS_ENDPOINT_URL")
                .map(str::to_owned)
        })
        .endpoint_url
    }

    #[test]
    fn what_the_environment_says_keeps_its_usual_place() {
        assert_eq!(asked("http://a", None).as_deref(), Some("http://a"));
        assert_eq!(
            asked("http://a", Some("http://b")).as_deref(),
            Some("http://a")
        );
        assert_eq!(asked("http://a", Some("http://a")), None);
    }
}
