//! One account and Region: configuration, pace, meter, and the one way to make a call.

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use tokio::sync::OnceCell;

use super::ConnectOptions;
use super::api::Api;
use super::client::{Lazy, client};
use super::credentials::Expiry;
use super::error::{Asker, classify, over_budget};
use super::governor::Governor;
use super::ledger::{Ledger, LedgerInterceptor, is_aws};
use super::sdk_config::{account_config, simulated_config};
use crate::domain::clock::Clock;
use crate::domain::source_error::{ErrorKind, SourceError};

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

    /// Whose bill a paid call goes on: its sum must be known before. Empty behind an endpoint URL of one's own and in
    /// the simulated account, where nobody pays.
    pub async fn payer(&self) -> Result<&str, SourceError> {
        match self.0.cache_dir {
            Some(_) => self.account().await,
            None => Ok(""),
        }
    }

    /// Whether something billed by what it does, not by the call, still fits under the caps.
    pub async fn afford(&self, api: Api, usd: f64) -> Result<(), SourceError> {
        self.payer().await?;
        self.fits(api, usd)
    }

    /// The same for what goes on: the payer is known by then.
    pub fn fits(&self, api: Api, usd: f64) -> Result<(), SourceError> {
        let fits = self.0.ledger.afford(usd, self.is_billed());
        fits.map_err(|refusal| over_budget(api, &refusal))
    }

    /// Books what was billed; an error says that the caps are passed now.
    pub fn book(&self, api: Api, usd: f64) -> Result<(), SourceError> {
        let fits = self.0.ledger.book(usd, self.is_billed());
        fits.map_err(|refusal| over_budget(api, &refusal))
    }

    fn is_billed(&self) -> bool {
        self.0.cache_dir.is_some()
    }

    /// Takes note of the account's number.
    pub fn know_account(&self, account: &str) {
        self.0.ledger.set_account(account);
        let _ = self.0.account.set(account.to_owned());
    }
}
