//! A scripted AWS: a function from request to reply in the place of the network.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use serde_json::Value;

use super::{Caps, ConnectOptions, Simulated, Timeouts, connect};
use crate::domain::clock::FixedClock;
use crate::sources::AccountSources;

/// One request as it left.
#[derive(Clone, Debug)]
pub struct Asked {
    /// `ListTrainingJobs`.
    pub operation: String,
    pub uri: String,
    pub headers: Vec<(String, String)>,
    /// The JSON of the body; null where it is none.
    pub input: Value,
}

impl Asked {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(n, _)| n == name)?;
        Some(&found.1)
    }

    pub fn token(&self) -> Option<&str> {
        self.input["NextToken"]
            .as_str()
            .or_else(|| self.input["nextToken"].as_str())
    }
}

#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub kind: &'static str,
    pub body: Vec<u8>,
    pub after: Duration,
    pub headers: Vec<(&'static str, &'static str)>,
}

impl Reply {
    pub fn json(value: &Value) -> Self {
        Self {
            status: 200,
            kind: "application/x-amz-json-1.1",
            body: value.to_string().into_bytes(),
            after: Duration::ZERO,
            headers: Vec::new(),
        }
    }

    pub fn error(status: u16, code: &str, message: &str) -> Self {
        let body = serde_json::json!({"__type": code, "message": message});
        Self {
            status,
            ..Self::json(&body)
        }
    }

    pub fn page(status: u16) -> Self {
        Self {
            status,
            kind: "text/html",
            body: b"<!DOCTYPE html><html><body>secret words</body></html>".to_vec(),
            after: Duration::ZERO,
            headers: Vec::new(),
        }
    }

    pub fn cbor(body: Vec<u8>) -> Self {
        Self {
            kind: "application/cbor",
            body,
            headers: vec![("smithy-protocol", "rpc-v2-cbor")],
            ..Self::json(&Value::Null)
        }
    }
}

type Script = dyn Fn(&Asked) -> Reply + Send + Sync;

/// The scripted network, and what was asked of it.
#[derive(Clone)]
pub struct Network {
    script: Arc<Script>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Network {
    pub fn new(script: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        Self {
            script: Arc::new(script),
            asked: Arc::default(),
        }
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    pub fn operations(&self) -> Vec<String> {
        self.asked().into_iter().map(|a| a.operation).collect()
    }

    pub async fn connect(&self) -> AccountSources {
        self.connect_with(Caps::default()).await
    }

    pub async fn connect_with(&self, caps: Caps) -> AccountSources {
        connect(ConnectOptions {
            profile: None,
            region: None,
            endpoint_url: None,
            simulated: Some(Simulated {
                http_client: SharedHttpClient::new(self.clone()),
                region: "eu-west-1".into(),
            }),
            clock: Arc::new(FixedClock("2026-11-22T12:00:00Z".parse().unwrap())),
            state_dir: "/nonexistent".into(),
            cache_dir: "/nonexistent".into(),
            caps,
            cost_cache_ttl: Duration::from_secs(6 * 3600),
            timeouts: Timeouts::default(),
        })
        .await
        .unwrap()
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Network")
    }
}

impl HttpClient for Network {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Network {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let body = request.body().bytes().unwrap_or_default();
        let target = request.headers().get("x-amz-target");
        let operation = match target {
            Some(target) => target.rsplit('.').next().unwrap(),
            // CloudWatch names it in the path, STS in the form.
            None if request.uri().contains("/operation/") => {
                request.uri().rsplit('/').next().unwrap()
            }
            None => "GetCallerIdentity",
        };
        let asked = Asked {
            operation: operation.to_owned(),
            uri: request.uri().to_owned(),
            headers: request
                .headers()
                .iter()
                .map(|(n, v)| (n.to_owned(), v.to_owned()))
                .collect(),
            input: serde_json::from_slice(body).unwrap_or_default(),
        };
        self.asked.lock().unwrap().push(asked.clone());
        let reply = if asked.operation == "GetCallerIdentity" {
            identity()
        } else {
            (self.script)(&asked)
        };
        HttpConnectorFuture::new(async move {
            if !reply.after.is_zero() {
                tokio::time::sleep(reply.after).await;
            }
            let mut response =
                HttpResponse::new(reply.status.try_into().unwrap(), SdkBody::from(reply.body));
            response.headers_mut().insert("content-type", reply.kind);
            for (name, value) in reply.headers {
                response.headers_mut().insert(name, value);
            }
            Ok(response)
        })
    }
}

fn identity() -> Reply {
    Reply {
        kind: "text/xml",
        body: br#"<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
            <Arn>arn:aws:sts::123456789012:assumed-role/ReadOnly/alice</Arn><UserId>A</UserId><Account>123456789012</Account>
            </GetCallerIdentityResult></GetCallerIdentityResponse>"#
            .to_vec(),
        ..Reply::json(&Value::Null)
    }
}
