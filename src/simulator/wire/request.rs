//! From an HTTP request to a service, an operation and its input.

use hyper::body::Bytes;
use serde_json::{Map, Value as Json};

use super::service::Service;
use super::{cbor, query};

/// The form in which a request came, and in which its answer goes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    Json10,
    Json11,
    Cbor,
    Query,
}

/// A request that was understood.
#[derive(Clone, Debug)]
pub struct Request {
    pub service: Service,
    pub operation: String,
    pub protocol: Protocol,
    pub input: Json,
}

/// A request that was not, and the protocol to say so in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    pub protocol: Protocol,
    pub service: Option<Service>,
    pub code: &'static str,
    pub message: String,
}

pub fn read(request: &http::Request<Bytes>) -> Result<Request, Unreadable> {
    let header = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok());
    let content_type = header("content-type").unwrap_or_default();
    if let Some(target) = header("x-amz-target") {
        let protocol = if content_type.starts_with("application/x-amz-json-1.0") {
            Protocol::Json10
        } else {
            Protocol::Json11
        };
        return read_json(protocol, target, request.body());
    }
    if let Some(path) = request.uri().path().strip_prefix("/service/") {
        return read_cbor(path, request.body());
    }
    read_query(request.uri().query(), request.body())
}

fn read_json(protocol: Protocol, target: &str, body: &[u8]) -> Result<Request, Unreadable> {
    let (shape, operation) = target.rsplit_once('.').unwrap_or((target, ""));
    let service = known(Service::of_shape_name(shape), protocol, shape)?;
    let input = if body.is_empty() {
        Json::Object(Map::new())
    } else {
        serde_json::from_slice(body).map_err(|error| Unreadable {
            protocol,
            service: Some(service),
            code: "SerializationException",
            message: error.to_string(),
        })?
    };
    Ok(Request {
        service,
        operation: operation.to_owned(),
        protocol,
        input,
    })
}

fn read_cbor(path: &str, body: &[u8]) -> Result<Request, Unreadable> {
    let protocol = Protocol::Cbor;
    let (shape, operation) = path.split_once("/operation/").unwrap_or((path, ""));
    let service = known(Service::of_shape_name(shape), protocol, shape)?;
    let input = cbor::decode(body).map_err(|error| Unreadable {
        protocol,
        service: Some(service),
        code: "SerializationException",
        message: error.to_string(),
    })?;
    Ok(Request {
        service,
        operation: operation.to_owned(),
        protocol,
        input,
    })
}

fn read_query(in_uri: Option<&str>, body: &[u8]) -> Result<Request, Unreadable> {
    let protocol = Protocol::Query;
    let form = String::from_utf8_lossy(body);
    let input = query::decode(&[in_uri.unwrap_or_default(), form.as_ref()].join("&"));
    let text = |name: &str| input[name].as_str().unwrap_or_default().to_owned();
    let (operation, version) = (text("Action"), text("Version"));
    let service = Service::ALL
        .into_iter()
        .find(|s| s.query().is_some_and(|(v, _)| v == version));
    let service = known(service, protocol, &version)?;
    Ok(Request {
        service,
        operation,
        protocol,
        input,
    })
}

fn known(service: Option<Service>, protocol: Protocol, name: &str) -> Result<Service, Unreadable> {
    service.ok_or_else(|| Unreadable {
        protocol,
        service: None,
        code: "UnknownOperationException",
        message: format!("The simulated account has no service '{name}'."),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn request(headers: &[(&str, &str)], path: &str, body: &str) -> http::Request<Bytes> {
        let mut builder = http::Request::post(path);
        for (name, value) in headers {
            builder = builder.header(*name, *value);
        }
        builder
            .body(Bytes::copy_from_slice(body.as_bytes()))
            .unwrap()
    }

    #[test]
    fn the_target_header_names_service_and_operation() {
        let read = read(&request(
            &[
                ("x-amz-target", "AWSStepFunctions.ListExecutions"),
                ("content-type", "application/x-amz-json-1.0"),
            ],
            "/",
            r#"{"maxResults": 3}"#,
        ))
        .unwrap();
        assert_eq!(read.service, Service::StepFunctions);
        assert_eq!(read.operation, "ListExecutions");
        assert_eq!(read.protocol, Protocol::Json10);
        assert_eq!(read.input["maxResults"], 3);
    }

    #[test]
    fn the_path_names_them_for_cbor_and_the_form_for_query() {
        let cbor = read(&request(
            &[],
            "/service/GraniteServiceVersion20100801/operation/DescribeAlarms",
            "",
        ))
        .unwrap();
        assert_eq!(
            (cbor.service, cbor.protocol),
            (Service::CloudWatch, Protocol::Cbor)
        );
        let query = read(&request(
            &[],
            "/",
            "Action=GetCallerIdentity&Version=2011-06-15",
        ))
        .unwrap();
        assert_eq!(
            (query.service, query.protocol),
            (Service::Sts, Protocol::Query)
        );
        assert_eq!(query.operation, "GetCallerIdentity");
    }

    #[test]
    fn nonsense_is_said_in_the_protocol_it_came_in() {
        let unknown = read(&request(&[("x-amz-target", "Nope.List")], "/", "{}")).unwrap_err();
        assert_eq!(unknown.code, "UnknownOperationException");
        let garbage = read(&request(
            &[("x-amz-target", "SageMaker.ListEndpoints")],
            "/",
            "{oops",
        ));
        assert_eq!(garbage.unwrap_err().code, "SerializationException");
    }
}
