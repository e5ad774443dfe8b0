//! Where the ledger sits in the SDK: before every attempt, retries included.

use std::fmt;
use std::sync::Arc;

use aws_sdk_cloudwatch::operation::get_metric_data::GetMetricDataInput;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeSerializationInterceptorContextRef, BeforeTransmitInterceptorContextRef,
};
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::{ConfigBag, Storable, StoreReplace};

use super::prices::{Price, metrics_asked};
use super::{Ledger, OverBudget};

/// Put into every client of the account.
#[derive(Clone)]
pub struct LedgerInterceptor {
    ledger: Arc<Ledger>,
    /// Whether requests to AWS's own hosts are real, that is, not answered by a simulated account.
    real: bool,
}

impl LedgerInterceptor {
    pub fn new(ledger: Arc<Ledger>, real: bool) -> Self {
        Self { ledger, real }
    }
}

impl fmt::Debug for LedgerInterceptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LedgerInterceptor")
    }
}

/// The input is gone when the attempt leaves, so its size is noted before.
#[derive(Debug)]
struct MetricsAsked(usize);

impl Storable for MetricsAsked {
    type Storer = StoreReplace<Self>;
}

impl Intercept for LedgerInterceptor {
    fn name(&self) -> &'static str {
        "LedgerInterceptor"
    }

    fn read_before_serialization(
        &self,
        context: &BeforeSerializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(input) = context.input().downcast_ref::<GetMetricDataInput>() {
            cfg.interceptor_state()
                .store_put(MetricsAsked(metrics_asked(input)));
        }
        Ok(())
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let metrics = cfg.load::<MetricsAsked>().map_or(0, |asked| asked.0);
        let price = cfg.load::<Metadata>().map_or(Price::FREE, |operation| {
            Price::of(operation.service(), operation.name(), metrics)
        });
        let real = self.real && is_aws(context.request().uri());
        self.ledger
            .charge(price, real)
            .map_err(|refusal: OverBudget| refusal.into())
    }
}

/// Whether a request goes to AWS itself, where it costs money.
pub fn is_aws(uri: &str) -> bool {
    let host = uri
        .split_once("://")
        .map_or(uri, |(_, rest)| rest)
        .split(['/', '?', ':'])
        .next()
        .unwrap_or_default();
    [
        ".amazonaws.com",
        ".amazonaws.com.cn",
        ".amazonaws.eu",
        ".api.aws",
    ]
    .iter()
    .any(|suffix| host.ends_with(suffix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_aws_itself_costs_money() {
        assert!(is_aws("https://ce.us-east-1.amazonaws.com/"));
        assert!(is_aws(
            "https://ce.cn-northwest-1.amazonaws.com.cn/?Action=x"
        ));
        assert!(!is_aws("http://127.0.0.1:5000/"));
        assert!(!is_aws("http://localhost:4566/amazonaws.com"));
    }
}
