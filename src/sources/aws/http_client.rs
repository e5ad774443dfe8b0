//! The one HTTPS client that every service of an account shares: rustls with ring, proxies from the environment.

use std::fmt;
use std::path::Path;
use std::sync::LazyLock;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder, Connector, ConnectorBuilder};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use base64::Engine as _;

use crate::domain::source_error::{ErrorKind, SourceError};

/// `ca_bundle`: a PEM file to trust besides the system's certificates (`AWS_CA_BUNDLE`, for inspecting proxies).
pub fn https_client(ca_bundle: Option<&Path>) -> Result<SharedHttpClient, SourceError> {
    let mut trust = TrustStore::default();
    if let Some(path) = ca_bundle {
        trust = trust.with_pem_certificate(read_bundle(path)?);
    }
    let tls = TlsContext::builder()
        .with_trust_store(trust)
        .build()
        .map_err(|error| config_error(format!("TLS could not be set up: {error}")))?;
    Ok(SharedHttpClient::new(ByScheme {
        plain: Builder::new().build_with_connector_fn(|settings, components| {
            connector(settings, components).build_http()
        }),
        tls: Builder::new().build_with_connector_fn(move |settings, components| {
            connector(settings, components)
                .tls_provider(Provider::Rustls(CryptoMode::Ring))
                .tls_context(tls.clone())
                .build()
        }),
    }))
}

/// The SDK's own builder ignores HTTPS_PROXY and its kin.
fn connector(
    settings: Option<&HttpConnectorSettings>,
    components: Option<&RuntimeComponents>,
) -> ConnectorBuilder {
    let mut connector = Connector::builder().proxy_config(ProxyConfig::from_env());
    connector.set_connector_settings(settings.cloned());
    connector.set_sleep_impl(components.and_then(RuntimeComponents::sleep_impl));
    connector
}

/// Reading the system's certificates takes tens of milliseconds, which plain HTTP to this machine need not wait for.
#[derive(Debug)]
struct ByScheme {
    plain: SharedHttpClient,
    tls: SharedHttpClient,
}

impl HttpClient for ByScheme {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let (client, settings, components) =
            (self.tls.clone(), settings.clone(), components.clone());
        SharedHttpConnector::new(ConnectorByScheme {
            plain: self.plain.http_connector(&settings, &components),
            tls: Box::new(LazyLock::new(Box::new(move || {
                client.http_connector(&settings, &components)
            }))),
        })
    }
}

type LazyConnector = LazyLock<SharedHttpConnector, Box<dyn FnOnce() -> SharedHttpConnector + Send>>;

struct ConnectorByScheme {
    plain: SharedHttpConnector,
    tls: Box<LazyConnector>,
}

impl fmt::Debug for ConnectorByScheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ConnectorByScheme")
    }
}

impl HttpConnector for ConnectorByScheme {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        if request.uri().starts_with("http://") {
            self.plain.call(request)
        } else {
            self.tls.call(request)
        }
    }
}

/// Checked here, because the TLS library does not survive a damaged bundle.
fn read_bundle(path: &Path) -> Result<Vec<u8>, SourceError> {
    let damaged = |why: &str| {
        config_error(format!("AWS_CA_BUNDLE {}: {why}", path.display()))
            .with_hint("AWS_CA_BUNDLE must name a file of PEM certificates")
    };
    let text = std::fs::read_to_string(path).map_err(|error| damaged(&error.to_string()))?;
    let blocks: Vec<&str> = text.split("-----BEGIN CERTIFICATE-----").skip(1).collect();
    let sound = |block: &&str| {
        let Some((body, _)) = block.split_once("-----END CERTIFICATE-----") else {
            return false;
        };
        let packed: String = body.split_whitespace().collect();
        base64::engine::general_purpose::STANDARD
            .decode(packed)
            .is_ok_and(|der| der.first() == Some(&0x30))
    };
    if blocks.is_empty() || !blocks.iter().all(sound) {
        return Err(damaged("not a file of PEM certificates"));
    }
    Ok(text.into_bytes())
}

fn config_error(what: String) -> SourceError {
    SourceError::new("aws", ErrorKind::Malformed, what)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_damaged_bundle_is_an_error_with_its_name() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("proxy.pem");
        std::fs::write(
            &path,
            "-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----",
        )
        .unwrap();
        let error = https_client(Some(&path)).unwrap_err();
        assert!(error.what.contains("proxy.pem"), "{}", error.what);
        assert!(https_client(Some(&dir.path().join("none"))).is_err());
    }
}
