//! How a client of a service is made, the same way for all.

/// Builds a service's client: endpoint URLs, retries, timeouts and HTTP client from the session, the ledger in between.
macro_rules! client {
    ($service:ident, $session:expr) => {
        $service::Client::from_conf(
            $service::config::Builder::from($session.config())
                .interceptor($session.interceptor())
                .retry_classifier($crate::sources::aws::retry::WebPagesAreFinal)
                .build(),
        )
    };
}

pub(super) use client;
