//! How a client of a service is made, the same way for all.

use std::sync::{Arc, LazyLock};

/// A client that is made when it is first used: reading the endpoint rules of a service takes milliseconds.
pub type Lazy<C> = Arc<LazyLock<C, Box<dyn FnOnce() -> C + Send>>>;

/// Builds a service's client: endpoint URLs, retries, timeouts and HTTP client from the SDK's configuration, the
/// ledger in between.
macro_rules! client {
    ($service:ident, $session:expr) => {
        $crate::sources::aws::client::client!($service, $session.config(), $session.interceptor())
    };
    ($service:ident, $config:expr, $ledger:expr) => {{
        let (config, ledger) = ($config.clone(), $ledger);
        let make: Box<dyn FnOnce() -> $service::Client + Send> = Box::new(move || {
            $service::Client::from_conf(
                $service::config::Builder::from(&config)
                    .interceptor(ledger)
                    .retry_partition($crate::sources::aws::retry::partition())
                    .retry_classifier($crate::sources::aws::retry::WebPagesAreFinal)
                    .build(),
            )
        });
        std::sync::Arc::new(std::sync::LazyLock::new(make))
    }};
}

pub(super) use client;
