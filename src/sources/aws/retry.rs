//! Retries that cannot help are not made.

use aws_smithy_runtime::client::retries::RetryPartition;
use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::retries::classifiers::{ClassifyRetry, RetryAction};
use aws_smithy_types::retry::{RetryConfig, RetrySpec};

use super::error::is_markup;

/// Adaptive retries by the rules of 2026: after a throttle every attempt waits for its turn at the rate that the
/// service bears.
///
/// By the older rules, which are still the default, one retry after a throttle costs ten turns: a caller as slow as
/// this one waits twenty seconds for it and runs out of time.
pub fn retries(max_attempts: u32) -> RetryConfig {
    RetryConfig::adaptive()
        .with_max_attempts(max_attempts)
        .with_retry_spec(RetrySpec::v2_1())
}

/// A client's own store of retries and its own pace after a throttle.
///
/// The SDK's default is one for the whole process: an account that throttles would slow down every other one.
pub fn partition() -> RetryPartition {
    RetryPartition::custom("flightdeck").build()
}

/// A web page with status 500 is how a server says that it does not know an operation; AWS never does.
/// Asking it three times only makes the answer late.
#[derive(Debug)]
pub struct WebPagesAreFinal;

impl ClassifyRetry for WebPagesAreFinal {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        match context.response() {
            Some(response) if response.status().as_u16() == 500 && is_markup(response) => {
                RetryAction::RetryForbidden
            }
            _ => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "WebPagesAreFinal"
    }
}
