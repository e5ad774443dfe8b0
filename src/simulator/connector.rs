//! The account as the HTTP client of SDK clients in the same process: no port is opened.

use std::sync::Arc;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use http_body_util::BodyExt as _;
use hyper::body::Bytes;

use super::{Answer, Simulator, live};

#[derive(Clone, Debug)]
struct InProcess(Arc<Simulator>);

impl Simulator {
    /// The account as an HTTP client for `SdkConfig` or a service's config.
    pub fn http_client(self: &Arc<Self>) -> SharedHttpClient {
        SharedHttpClient::new(InProcess(Arc::clone(self)))
    }
}

impl HttpClient for InProcess {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(Connector {
            simulator: Arc::clone(&self.0),
            settings: settings.clone(),
        })
    }
}

#[derive(Debug)]
struct Connector {
    simulator: Arc<Simulator>,
    settings: HttpConnectorSettings,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let simulator = Arc::clone(&self.simulator);
        let read_timeout = self.settings.read_timeout();
        HttpConnectorFuture::new(async move {
            let answered = answer(&simulator, request);
            match read_timeout {
                Some(limit) => tokio::time::timeout(limit, answered)
                    .await
                    .map_err(|elapsed| ConnectorError::timeout(elapsed.into()))?,
                None => answered.await,
            }
        })
    }
}

async fn answer(
    simulator: &Arc<Simulator>,
    request: HttpRequest,
) -> Result<HttpResponse, ConnectorError> {
    let request = request
        .try_into_http1x()
        .map_err(|error| ConnectorError::user(error.into()))?;
    let (parts, body) = request.into_parts();
    let body: Bytes = match body.bytes() {
        Some(bytes) => Bytes::copy_from_slice(bytes),
        None => body
            .collect()
            .await
            .map_err(ConnectorError::user)?
            .to_bytes(),
    };
    let outcome = simulator.outcome(&http::Request::from_parts(parts, body));
    if !outcome.delay.is_zero() {
        tokio::time::sleep(outcome.delay).await;
    }
    let response = match outcome.answer {
        Answer::Whole(response) => response.map(SdkBody::from),
        Answer::Live(session) => {
            live::stream(Arc::clone(simulator), *session).map(SdkBody::from_body_1_x)
        }
        Answer::CutOff => {
            let cut = std::io::Error::new(
                std::io::ErrorKind::ConnectionReset,
                "connection closed before message completed",
            );
            return Err(ConnectorError::io(cut.into()));
        }
    };
    HttpResponse::try_from(response).map_err(|error| ConnectorError::other(error.into(), None))
}
