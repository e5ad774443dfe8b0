//! AWS's wire protocols: requests come apart here, and answers are put into form.

pub mod cbor;
pub mod error;
pub mod json;
pub mod query;
pub mod request;
pub mod service;
pub mod value;

use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Response, StatusCode};
use hyper::body::Bytes;

use error::ApiError;
use request::Protocol;
use service::Service;
use value::{Value, map};

/// An answer in the protocol of its request.
pub fn answer(
    protocol: Protocol,
    service: Option<Service>,
    operation: &str,
    request_id: &str,
    reply: &Result<Value, ApiError>,
) -> Response<Bytes> {
    match reply {
        Ok(value) => response(
            protocol,
            StatusCode::OK,
            request_id,
            success_body(protocol, service, operation, request_id, value),
        ),
        Err(error) => {
            let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::BAD_REQUEST);
            let body = error_body(protocol, service, request_id, error);
            let mut response = response(protocol, status, request_id, body);
            let kind = if status.is_client_error() {
                "Sender"
            } else {
                "Receiver"
            };
            // CloudWatch's other protocols are compatible with Query, whose codes come in this header.
            if service == Some(Service::CloudWatch) && protocol != Protocol::Query {
                set(
                    &mut response,
                    "x-amzn-query-error",
                    &format!("{};{kind}", error.code),
                );
            }
            response
        }
    }
}

fn success_body(
    protocol: Protocol,
    service: Option<Service>,
    operation: &str,
    request_id: &str,
    value: &Value,
) -> Bytes {
    match protocol {
        Protocol::Json10 | Protocol::Json11 => json::encode(value).into(),
        Protocol::Cbor => cbor::encode(value).into(),
        Protocol::Query => {
            query::encode(operation, query_namespace(service), request_id, value).into()
        }
    }
}

fn error_body(
    protocol: Protocol,
    service: Option<Service>,
    request_id: &str,
    error: &ApiError,
) -> Bytes {
    let member = service.map_or("message", Service::message_member);
    match protocol {
        Protocol::Json10 | Protocol::Json11 => json::encode(&map! {
            "__type" => error.code.as_ref(),
            member => error.message.as_str(),
            "queryCompileError" => error.place.map(|(start, end)| map! {
                "message" => error.message.as_str(),
                "location" => map! {
                    "startCharOffset" => start as i64,
                    "endCharOffset" => end as i64,
                },
            }),
        })
        .into(),
        Protocol::Cbor => cbor::encode(&map! {
            "__type" => format!("com.amazonaws.cloudwatch#{}", error.code),
            "message" => error.message.as_str(),
        })
        .into(),
        Protocol::Query => query::encode_error(
            query_namespace(service),
            &error.code,
            &error.message,
            error.status < 500,
            request_id,
        )
        .into(),
    }
}

fn query_namespace(service: Option<Service>) -> &'static str {
    service
        .and_then(Service::query)
        .map_or("", |(_, namespace)| namespace)
}

fn response(
    protocol: Protocol,
    status: StatusCode,
    request_id: &str,
    body: Bytes,
) -> Response<Bytes> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let content_type = match protocol {
        Protocol::Json10 => "application/x-amz-json-1.0",
        Protocol::Json11 => "application/x-amz-json-1.1",
        Protocol::Cbor => "application/cbor",
        Protocol::Query => "text/xml",
    };
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    if protocol == Protocol::Cbor {
        set(&mut response, "smithy-protocol", "rpc-v2-cbor");
    }
    set(&mut response, "x-amzn-requestid", request_id);
    response
}

fn set(response: &mut Response<Bytes>, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response
            .headers_mut()
            .insert(HeaderName::from_static(name), value);
    }
}
