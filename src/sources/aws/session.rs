//! One account and Region: configuration, pace, meter, and the one way to make a call.

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
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
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::os_shim_internal::{Env, Fs};
use tokio::sync::OnceCell;
use tokio::time::Instant;

use super::api::Api;
use super::client::{Lazy, client};
use super::credentials::{Chain, Expiry, Remembering, quick_imds};
use super::error::{Asker, classify};
use super::governor::Governor;
use super::http_client::https_client;
use super::ledger::{Ledger, LedgerInterceptor, is_aws};
use super::retry::retries;
use super::service_urls::with_documented_names;
use super::{ConnectOptions, Simulated, Timeouts};
use crate::domain::clock::Clock;
use crate::domain::source_error::{ErrorKind, SourceError};

/// Named in the user agent of every request, so that an account's CloudTrail tells who asked.
const APP_NAME: &str = "flightdeck";

/// Cheap to clone; everything that speaks to the same account shares one.
#[derive(Clone)]
pub struct Session(Arc<Inner>);

struct Inner {
    config: SdkConfig,
    region: String,
    asker: Asker,
    governor: Governor,
    ledger: Arc<Ledger>,
    interceptor: LedgerInterceptor,
    expiry: Expiry,
    clock: Arc<dyn Clock>,
    /// Where answers that cost money are kept; `None` in memory only.
    cache_dir: Option<PathBuf>,
    cost_cache_ttl: Duration,
    sts: Lazy<aws_sdk_sts::Client>,
    account: OnceCell<String>,
}

impl Session {
    pub async fn open(options: ConnectOptions) -> Result<Self, SourceError> {
        let (config, asker, expiry) = match &options.simulated {
            Some(simulated) => {
                let config = simulated_config(simulated, &options);
                let asker = Asker {
                    profile: None,
                    region: simulated.region.clone(),
                };
                (config, asker, Expiry::default())
            }
            None => account_config(&options).await?,
        };
        let real = options.simulated.is_none();
        let at_aws = real && config.endpoint_url().is_none_or(is_aws);
        let ledger = Ledger::new(
            options.clock.clone(),
            options.caps,
            at_aws.then(|| options.state_dir.clone()),
        );
        let interceptor = LedgerInterceptor::new(ledger.clone(), real);
        Ok(Self(Arc::new(Inner {
            region: asker.region.clone(),
            asker,
            governor: Governor::new(!at_aws),
            sts: client!(aws_sdk_sts, &config, interceptor.clone()),
            interceptor,
            ledger,
            expiry,
            clock: options.clock,
            cache_dir: at_aws.then_some(options.cache_dir),
            cost_cache_ttl: options.cost_cache_ttl,
            account: OnceCell::new(),
            config,
        })))
    }

    /// What every client is built from: it carries the endpoint URLs of single services too.
    pub fn config(&self) -> &SdkConfig {
        &self.0.config
    }

    pub fn sts(&self) -> &aws_sdk_sts::Client {
        &self.0.sts
    }

    pub fn region(&self) -> &str {
        &self.0.region
    }

    pub fn ledger(&self) -> &Arc<Ledger> {
        &self.0.ledger
    }

    pub fn interceptor(&self) -> LedgerInterceptor {
        self.0.interceptor.clone()
    }

    pub fn clock(&self) -> &dyn Clock {
        &*self.0.clock
    }

    pub fn cache_dir(&self) -> Option<&PathBuf> {
        self.0.cache_dir.as_ref()
    }

    pub fn cost_cache_ttl(&self) -> Duration {
        self.0.cost_cache_ttl
    }

    /// When the credentials in use end; known once a call was made.
    pub fn expiry(&self) -> Expiry {
        self.0.expiry.clone()
    }

    /// Makes one call: waits for its turn, sends, classifies the failure.
    ///
    /// `send` does nothing until it is awaited here.
    pub async fn call<O, E>(
        &self,
        api: Api,
        send: impl Future<Output = Result<O, SdkError<E, HttpResponse>>>,
    ) -> Result<O, SourceError>
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        if let Some(refusal) = self.0.governor.refusal(api) {
            return Err(refusal);
        }
        self.0.governor.acquire(api).await;
        let answer = send.await.map_err(|error| {
            let held_back = matches!(error, SdkError::TimeoutError(_))
                && self.0.governor.is_throttled(api.service);
            let mut failure = classify(api, &self.0.asker, &error);
            if held_back {
                failure.kind = ErrorKind::Throttled;
                failure.what = "AWS asks to slow down; the call waited too long".to_owned();
            }
            failure
        });
        if let Err(error) = &answer {
            tracing::debug!(%api, kind = error.kind.word(), what = %error.what, "call failed");
        }
        self.0.governor.note(api, answer.as_ref().err());
        answer
    }

    /// The account's number, asked for once; the ledger of paid calls needs it.
    pub async fn account(&self) -> Result<&str, SourceError> {
        self.0
            .account
            .get_or_try_init(|| async {
                let identity = super::identity::caller(self).await?;
                self.know_account(&identity.account);
                Ok(identity.account)
            })
            .await
            .map(String::as_str)
    }

    /// Takes note of the account's number.
    pub fn know_account(&self, account: &str) {
        self.0.ledger.set_account(account);
        let _ = self.0.account.set(account.to_owned());
    }
}

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
fn simulated_config(simulated: &Simulated, options: &ConnectOptions) -> SdkConfig {
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

async fn account_config(
    options: &ConnectOptions,
) -> Result<(SdkConfig, Asker, Expiry), SourceError> {
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
    let credentials = Remembering::new(Chain::new(
        provider_config,
        region.clone(),
        options.profile.clone(),
    ));
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
    if let Some(url) = &options.endpoint_url {
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
                super::text::tidy(&root_cause(&error))
            ),
        )
        .with_hint("mend ~/.aws/config or ~/.aws/credentials")
    })?;
    if let Some(name) = wanted
        && profiles.get_profile(name).is_none()
    {
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
