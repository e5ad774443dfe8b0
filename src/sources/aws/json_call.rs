//! One signed call of the AWS JSON 1.1 protocol, on the runtime that the official SDK clients are made of: the same
//! credentials, signature, retries, timeouts, interceptors and HTTP client.
//!
//! Used for Glue, whose official client is half a million lines for the two operations needed here.

use std::borrow::Cow;
use std::fmt;

use aws_config::{BehaviorVersion, SdkConfig};
use aws_runtime::auth::SigV4OperationSigningConfig;
use aws_runtime::auth::sigv4::{SCHEME_ID, SigV4AuthScheme};
use aws_runtime::invocation_id::InvocationIdInterceptor;
use aws_runtime::request_info::RequestInfoInterceptor;
use aws_runtime::retries::classifiers::AwsErrorCodeClassifier;
use aws_runtime::service_clock_skew::ServiceClockSkewInterceptor;
use aws_runtime::user_agent::{ApiMetadata, UserAgentInterceptor};
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime::client::retries::RetryPartition;
use aws_smithy_runtime::client::retries::classifiers::{
    HttpStatusCodeClassifier, TransientErrorClassifier,
};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::auth::AuthSchemeOptionResolverParams;
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::interceptors::SharedInterceptor;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_runtime_api::client::runtime_plugin::RuntimePlugin;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::{FrozenLayer, Layer};
use aws_smithy_types::error::ErrorMetadata;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::SigningName;
use aws_types::region::SigningRegion;
use aws_types::service_config::ServiceConfigKey;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::retry::{WebPagesAreFinal, partition};
use super::session::Session;

/// A service that speaks AWS JSON 1.1.
#[derive(Clone, Copy, Debug)]
pub struct JsonService {
    /// As in `AWS_ENDPOINT_URL_<ID>` and the `services` section of a profile: `Glue`.
    pub id: &'static str,
    /// As in the signature and the host name: `glue`.
    pub name: &'static str,
    /// What stands before the operation in `X-Amz-Target`: `AWSGlue`.
    pub target: &'static str,
}

/// The service behind one session.
#[derive(Clone)]
pub struct JsonClient {
    service: JsonService,
    session: Session,
    endpoint: String,
    retries: RetryPartition,
}

/// What the service said went wrong.
#[derive(Debug)]
pub struct JsonError {
    meta: ErrorMetadata,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.meta)
    }
}

impl std::error::Error for JsonError {}

impl ProvideErrorMetadata for JsonError {
    fn meta(&self) -> &ErrorMetadata {
        &self.meta
    }
}

impl JsonClient {
    pub fn new(service: JsonService, session: Session) -> Self {
        Self {
            endpoint: endpoint(service, session.config()),
            retries: partition(),
            service,
            session,
        }
    }

    /// Sends one request and reads the answer.
    pub async fn send<O>(
        &self,
        operation: &'static str,
        input: impl Serialize,
    ) -> Result<O, SdkError<JsonError, HttpResponse>>
    where
        O: DeserializeOwned + fmt::Debug + Send + Sync + 'static,
    {
        let config = self.session.config();
        let input = serde_json::to_vec(&input).map_err(SdkError::construction_failure)?;
        let (Some(http_client), Some(retry), Some(timeouts)) = (
            config.http_client(),
            config.retry_config(),
            config.timeout_config(),
        ) else {
            return Err(SdkError::construction_failure(
                "the session has no HTTP client",
            ));
        };
        let target = format!("{}.{operation}", self.service.target);
        let mut builder = Operation::builder()
            .service_name(self.service.id)
            .operation_name(operation)
            .behavior_version(BehaviorVersion::latest())
            .http_client(http_client)
            .endpoint_url(&self.endpoint)
            .standard_retry(retry)
            .timeout_config(timeouts.clone())
            .with_connection_poisoning()
            .interceptor(self.session.interceptor())
            .runtime_plugin(Signed::new(self.service, config, self.retries.clone()));
        if let Some(sleep) = config.sleep_impl() {
            builder = builder.sleep_impl(sleep);
        }
        if let Some(time) = config.time_source() {
            builder = builder.time_source(time);
        }
        builder
            .serializer(move |input: Vec<u8>| request(&target, input))
            .deserializer(answer::<O>)
            .build()
            .invoke(input)
            .await
    }
}

fn request(target: &str, input: Vec<u8>) -> Result<HttpRequest, BoxError> {
    let request = http::Request::builder()
        .method("POST")
        .uri("/")
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-target", target)
        .header("content-length", input.len())
        .body(SdkBody::from(input))?;
    Ok(request.try_into()?)
}

fn answer<O: DeserializeOwned>(response: &HttpResponse) -> Result<O, OrchestratorError<JsonError>> {
    let body = response.body().bytes().unwrap_or_default();
    if response.status().is_success() {
        let body = if body.is_empty() { b"{}" } else { body };
        return serde_json::from_slice(body).map_err(OrchestratorError::other);
    }
    let said: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = |names: [&str; 2]| {
        names
            .iter()
            .find_map(|name| said.get(*name)?.as_str().map(str::to_owned))
    };
    let code = response
        .headers()
        .get("x-amzn-errortype")
        .map(str::to_owned)
        .or_else(|| text(["__type", "code"]));
    let mut meta = ErrorMetadata::builder();
    if let Some(code) = code.as_deref().map(bare_code) {
        meta = meta.code(code);
    }
    if let Some(message) = text(["message", "Message"]) {
        meta = meta.message(message);
    }
    Err(OrchestratorError::operation(JsonError {
        meta: meta.build(),
    }))
}

/// `namespace#Code:http://...` is `Code`.
fn bare_code(code: &str) -> &str {
    let code = code.split(':').next().unwrap_or(code);
    code.rsplit('#').next().unwrap_or(code)
}

/// The endpoint URL of the service, of all services, or the one of the Region.
fn endpoint(service: JsonService, config: &SdkConfig) -> String {
    let general = || config.endpoint_url().map(str::to_owned);
    let chosen = if config.get_origin("endpoint_url").is_client_config() {
        general()
    } else {
        ServiceConfigKey::builder()
            .service_id(service.id)
            .env("AWS_ENDPOINT_URL")
            .profile("endpoint_url")
            .build()
            .ok()
            .and_then(|key| config.service_config()?.load_config(key))
            .or_else(general)
    };
    chosen.unwrap_or_else(|| {
        let region = config
            .region()
            .map_or("us-east-1", |region| region.as_ref());
        regional(service.name, region, config.use_fips() == Some(true))
    })
}

fn regional(service: &str, region: &str, fips: bool) -> String {
    let suffix = if region.starts_with("cn-") {
        "amazonaws.com.cn"
    } else if region.starts_with("eusc-") {
        "amazonaws.eu"
    } else {
        "amazonaws.com"
    };
    let fips = if fips { "-fips" } else { "" };
    format!("https://{service}{fips}.{region}.{suffix}")
}

/// Signature, user agent and retries as in the official clients.
#[derive(Debug)]
struct Signed {
    config: FrozenLayer,
    components: RuntimeComponentsBuilder,
}

impl Signed {
    fn new(service: JsonService, config: &SdkConfig, retries: RetryPartition) -> Self {
        let mut layer = Layer::new("json_call");
        layer.store_put(AuthSchemeOptionResolverParams::new(()));
        layer.store_put(SigV4OperationSigningConfig::default());
        layer.store_put(retries);
        layer.store_put(SigningName::from_static(service.name));
        if let Some(region) = config.region() {
            layer.store_put(SigningRegion::from(region.clone()));
        }
        layer.store_put(ApiMetadata::new(service.name, env!("CARGO_PKG_VERSION")));
        if let Some(app) = config.app_name() {
            layer.store_put(app.clone());
        }
        let mut components = RuntimeComponentsBuilder::new("json_call");
        components.set_auth_scheme_option_resolver(Some(StaticAuthSchemeOptionResolver::new(
            vec![SCHEME_ID],
        )));
        components.push_auth_scheme(SigV4AuthScheme::new());
        if let Some(credentials) = config.credentials_provider() {
            components.set_identity_resolver(SCHEME_ID, credentials);
        }
        if let Some(cache) = config.identity_cache() {
            components.set_identity_cache(Some(cache));
        }
        components.push_interceptor(SharedInterceptor::new(UserAgentInterceptor::new()));
        components.push_interceptor(SharedInterceptor::new(InvocationIdInterceptor::new()));
        components.push_interceptor(SharedInterceptor::new(RequestInfoInterceptor::new()));
        components.push_interceptor(SharedInterceptor::new(ServiceClockSkewInterceptor::new()));
        components.push_retry_classifier(HttpStatusCodeClassifier::default());
        components.push_retry_classifier(TransientErrorClassifier::<JsonError>::new());
        components.push_retry_classifier(AwsErrorCodeClassifier::<JsonError>::new());
        components.push_retry_classifier(WebPagesAreFinal);
        Self {
            config: layer.freeze(),
            components,
        }
    }
}

impl RuntimePlugin for Signed {
    fn config(&self) -> Option<FrozenLayer> {
        Some(self.config.clone())
    }

    fn runtime_components(
        &self,
        _: &RuntimeComponentsBuilder,
    ) -> Cow<'_, RuntimeComponentsBuilder> {
        Cow::Borrowed(&self.components)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_partition_has_its_own_suffix() {
        assert_eq!(
            regional("glue", "eu-west-1", false),
            "https://glue.eu-west-1.amazonaws.com"
        );
        assert_eq!(
            regional("glue", "cn-north-1", false),
            "https://glue.cn-north-1.amazonaws.com.cn"
        );
        assert_eq!(
            regional("glue", "us-gov-west-1", true),
            "https://glue-fips.us-gov-west-1.amazonaws.com"
        );
        assert_eq!(
            regional("glue", "eusc-de-east-1", false),
            "https://glue.eusc-de-east-1.amazonaws.eu"
        );
    }

    #[test]
    fn codes_come_bare() {
        assert_eq!(
            bare_code("com.amazonaws.glue#EntityNotFoundException"),
            "EntityNotFoundException"
        );
        assert_eq!(
            bare_code("AccessDeniedException:http://internal.amazon.com/"),
            "AccessDeniedException"
        );
    }
}
