//! Retries that cannot help are not made.

use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::retries::classifiers::{ClassifyRetry, RetryAction};

use super::error::is_markup;

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
