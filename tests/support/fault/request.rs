//! One HTTP/1.1 request of an AWS SDK, read as far as the faults need it.

use std::io::{BufRead, Error, ErrorKind, Read, Result};

pub struct Request {
    /// `POST / HTTP/1.1`
    line: String,
    /// Names in small letters.
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    /// `None` at the end of the connection.
    pub fn read(from: &mut impl BufRead) -> Result<Option<Self>> {
        let mut line = String::new();
        if from.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let mut headers = Vec::new();
        loop {
            let mut header = String::new();
            from.read_line(&mut header)?;
            let header = header.trim();
            if header.is_empty() {
                break;
            }
            let (name, value) = header
                .split_once(':')
                .ok_or_else(|| Error::new(ErrorKind::InvalidData, "a header without a colon"))?;
            headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut request = Self {
            line: line.trim().to_owned(),
            headers,
            body: Vec::new(),
        };
        let length = request.header("content-length").parse().unwrap_or(0);
        from.take(length).read_to_end(&mut request.body)?;
        Ok(Some(request))
    }

    /// Empty where there is none.
    fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(n, _)| n == name);
        found.map_or("", |(_, value)| value)
    }

    fn path(&self) -> &str {
        self.line.split(' ').nth(1).unwrap_or("")
    }

    /// `ListEndpoints`: from the target header, the path of RPC v2, or the form of a query.
    pub fn operation(&self) -> String {
        let body = String::from_utf8_lossy(&self.body);
        let named = if let Some((_, operation)) = self.header("x-amz-target").split_once('.') {
            operation
        } else if let Some((_, operation)) = self.path().split_once("/operation/") {
            operation
        } else {
            let mut fields = body.split('&');
            fields
                .find_map(|field| field.strip_prefix("Action="))
                .unwrap_or(self.path())
        };
        named.to_owned()
    }

    /// The service's name in the signature: `sagemaker`, `monitoring`, `states`.
    pub fn service(&self) -> &str {
        self.scope(3)
    }

    pub fn region(&self) -> &str {
        self.scope(2)
    }

    /// `Credential=KEY/DAY/REGION/SERVICE/aws4_request`
    fn scope(&self, part: usize) -> &str {
        let signature = self.header("authorization");
        let credential = signature.split("Credential=").nth(1).unwrap_or("");
        credential.split('/').nth(part).unwrap_or("")
    }

    pub fn protocol(&self) -> Protocol {
        if self.header("smithy-protocol") == "rpc-v2-cbor" {
            Protocol::Cbor
        } else if self.header("x-amz-target").is_empty() {
            Protocol::Query
        } else {
            Protocol::Json
        }
    }

    /// The same request, for a connection of its own.
    pub fn for_upstream(&self) -> Vec<u8> {
        let mut text = format!("{}\r\nconnection: close\r\n", self.line);
        for (name, value) in &self.headers {
            if name != "connection" {
                text.push_str(&format!("{name}: {value}\r\n"));
            }
        }
        text.push_str("\r\n");
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    Json,
    /// Smithy RPC v2, which CloudWatch speaks.
    Cbor,
    /// Forms in, XML out: STS.
    Query,
}
