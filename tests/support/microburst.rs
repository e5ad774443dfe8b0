//! The fault proxy of somebody else: AWS's own error shapes, in front of any double.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::Value;

use super::doubles::Server;

/// microburst before one address; without rules it hands everything on.
pub struct Microburst {
    server: Server,
}

impl Microburst {
    /// # Panics
    /// Where it cannot be had, with the reason.
    pub fn before(url: &str) -> Self {
        let server = Server::start("microburst", &["--upstream", url]);
        let proxy = Self {
            server: server.unwrap_or_else(|why| panic!("{why}")),
        };
        // The first call of a service makes it load the service's model, for longer than clients wait.
        proxy.post(
            "/",
            "x-amz-target: SageMaker.ListEndpoints\r\ncontent-type: application/x-amz-json-1.1\r\n\
             authorization: AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/sagemaker/aws4_request\r\n",
            "{}",
        );
        proxy
    }

    pub fn url(&self) -> &str {
        &self.server.url
    }

    /// `[{"service", "operation", "times", "error": {"code"}}]`
    pub fn set_rules(&self, rules: &Value) {
        self.control("/_microburst/rules", &rules.to_string());
    }

    /// `expired-token`, `clock-skew`, `bad-signature` ...
    pub fn set_preset(&self, name: &str) {
        self.control(&format!("/_microburst/presets/{name}"), "{}");
    }

    fn control(&self, path: &str, body: &str) {
        let answer = self.post(path, "content-type: application/json\r\n", body);
        assert!(answer.starts_with("HTTP/1.1 2"), "{answer}");
    }

    fn post(&self, path: &str, headers: &str, body: &str) -> String {
        let address = self.url().trim_start_matches("http://");
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{headers}\
             content-length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut answer = String::new();
        let done = TcpStream::connect(address).and_then(|mut stream| {
            stream.write_all(request.as_bytes())?;
            stream.read_to_string(&mut answer)
        });
        assert!(done.is_ok(), "microburst: {done:?}");
        answer
    }
}
