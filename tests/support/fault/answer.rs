//! The bytes of each faulty answer, in the protocol of the request.

use super::Fault;
use super::request::{Protocol, Request};

const ACCOUNT: &str = "123456789012";

pub fn to(fault: Fault, request: &Request) -> Vec<u8> {
    match fault {
        Fault::Throttling => error(
            request,
            "ThrottlingException",
            "Throttling",
            "Rate exceeded",
        ),
        Fault::Denying => error(
            request,
            "AccessDeniedException",
            "AccessDenied",
            &denial(request),
        ),
        Fault::Internal => {
            let body = br#"{"__type":"InternalFailure","message":"An internal error occurred"}"#;
            response(500, "application/x-amz-json-1.1", &[], body)
        }
        Fault::Expired => error(
            request,
            "ExpiredTokenException",
            "ExpiredToken",
            "The security token included in the request is expired",
        ),
        Fault::Html(status) => {
            let page = "<!DOCTYPE html><html><body><h1>Sign in to the network</h1></body></html>";
            response(status, "text/html", &[], page.as_bytes())
        }
        Fault::RandomBytes => response(200, "application/x-amz-json-1.1", &[], &noise(2048)),
        Fault::TruncatedJson => response(
            200,
            "application/x-amz-json-1.1",
            &[],
            br#"{"Endpoints":[{"EndpointName":"churn-prod","Endpoint"#,
        ),
        Fault::CutOff => {
            let mut whole = response(200, "application/x-amz-json-1.1", &[], &[b' '; 4096]);
            whole.truncate(whole.len() - 4000);
            whole
        }
        Fault::NotHttp => noise(512),
        Fault::Pass | Fault::Slow(_) | Fault::BlackHole => unavailable(),
    }
}

pub fn unavailable() -> Vec<u8> {
    response(503, "text/plain", &[], b"no double behind this server")
}

fn denial(request: &Request) -> String {
    let service = match request.service() {
        "monitoring" => "cloudwatch",
        other => other,
    };
    let action = format!("{service}:{}", request.operation());
    let region = request.region();
    format!(
        "User: arn:aws:sts::{ACCOUNT}:assumed-role/ReadOnly/alice is not authorized to perform: {action} \
         on resource: arn:aws:{service}:{region}:{ACCOUNT}:* because no identity-based policy allows the {action} action"
    )
}

fn error(request: &Request, code: &str, query_code: &str, message: &str) -> Vec<u8> {
    let typed = [("x-amzn-errortype", code)];
    match request.protocol() {
        Protocol::Json => {
            let body = serde_json::json!({ "__type": code, "message": message }).to_string();
            response(400, "application/x-amz-json-1.1", &typed, body.as_bytes())
        }
        Protocol::Cbor => {
            let mut body = vec![0xa2];
            for text in [
                "__type",
                &format!("com.amazonaws.cloudwatch#{code}"),
                "message",
                message,
            ] {
                cbor_text(&mut body, text);
            }
            let protocol = [("smithy-protocol", "rpc-v2-cbor")];
            response(400, "application/cbor", &protocol, &body)
        }
        Protocol::Query => {
            let body = format!(
                "<ErrorResponse><Error><Type>Sender</Type><Code>{query_code}</Code>\
                 <Message>{message}</Message></Error><RequestId>1</RequestId></ErrorResponse>"
            );
            response(403, "text/xml", &[], body.as_bytes())
        }
    }
}

fn cbor_text(into: &mut Vec<u8>, text: &str) {
    let length = u16::try_from(text.len()).expect("an error message is short");
    into.push(0x79);
    into.extend_from_slice(&length.to_be_bytes());
    into.extend_from_slice(text.as_bytes());
}

fn response(status: u16, content_type: &str, more: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut head = format!(
        "HTTP/1.1 {status} Answer\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\n",
        body.len()
    );
    for (name, value) in more {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    let mut whole = head.into_bytes();
    whole.extend_from_slice(body);
    whole
}

/// The same bytes each time.
fn noise(length: usize) -> Vec<u8> {
    let mut seed = 7_u32;
    let mut next = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        seed.to_be_bytes()[0]
    };
    (0..length).map(|_| next()).collect()
}
