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
        Self {
            server: server.unwrap_or_else(|why| panic!("{why}")),
        }
    }

    pub fn url(&self) -> &str {
        &self.server.url
    }

    /// `[{"service", "operation", "times", "error": {"code"}}]`
    pub fn set_rules(&self, rules: &Value) {
        self.post("/_microburst/rules", &rules.to_string());
    }

    /// `expired-token`, `clock-skew`, `bad-signature` ...
    pub fn set_preset(&self, name: &str) {
        self.post(&format!("/_microburst/presets/{name}"), "{}");
    }

    fn post(&self, path: &str, body: &str) {
        let address = self.url().trim_start_matches("http://");
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut answer = String::new();
        let done = TcpStream::connect(address).and_then(|mut stream| {
            stream.write_all(request.as_bytes())?;
            stream.read_to_string(&mut answer)
        });
        assert!(
            done.is_ok() && answer.starts_with("HTTP/1.1 2"),
            "{done:?} {answer}"
        );
    }
}
