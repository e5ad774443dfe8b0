//! The Query protocol: a form goes in, XML comes out (STS, and CloudWatch for older clients).

use std::fmt::Write as _;

use serde_json::{Map, Value as Json};

use super::value::Value;

/// A form as JSON: `Dimensions.member.1.Name=x` becomes `{"Dimensions": [{"Name": "x"}]}`.
pub fn decode(form: &str) -> Json {
    let mut root = Json::Object(Map::new());
    for pair in form.split('&').filter(|p| !p.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = unescape(name);
        let path: Vec<&str> = name.split('.').filter(|part| *part != "member").collect();
        insert(&mut root, &path, unescape(value));
    }
    lists(root)
}

fn insert(node: &mut Json, path: &[&str], value: String) {
    let Some((first, rest)) = path.split_first() else {
        *node = Json::String(value);
        return;
    };
    if !node.is_object() {
        *node = Json::Object(Map::new());
    }
    if let Json::Object(members) = node {
        let child = members.entry((*first).to_owned()).or_insert(Json::Null);
        insert(child, rest, value);
    }
}

/// Members named 1, 2, 3 are the items of a list.
fn lists(node: Json) -> Json {
    let Json::Object(members) = node else {
        return node;
    };
    let numbered = !members.is_empty() && members.keys().all(|k| k.parse::<u32>().is_ok());
    if numbered {
        let mut items: Vec<(u32, Json)> = members
            .into_iter()
            .map(|(k, v)| (k.parse().unwrap_or(0), lists(v)))
            .collect();
        items.sort_by_key(|(n, _)| *n);
        Json::Array(items.into_iter().map(|(_, v)| v).collect())
    } else {
        Json::Object(members.into_iter().map(|(k, v)| (k, lists(v))).collect())
    }
}

fn unescape(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let code = bytes
            .get(i + 1..i + 3)
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (bytes[i], code) {
            (b'%', Some(byte)) => {
                out.push(byte);
                i += 2;
            }
            (b'+', _) => out.push(b' '),
            (byte, _) => out.push(byte),
        }
        i += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

pub fn encode(operation: &str, namespace: &str, request_id: &str, value: &Value) -> String {
    let mut out = format!("<{operation}Response xmlns=\"{namespace}\"><{operation}Result>");
    write_members(value, &mut out);
    let _ = write!(
        out,
        "</{operation}Result><ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{operation}Response>"
    );
    out
}

pub fn encode_error(
    namespace: &str,
    code: &str,
    message: &str,
    sender: bool,
    request_id: &str,
) -> String {
    let mut out = format!(
        "<ErrorResponse xmlns=\"{namespace}\"><Error><Type>{}</Type><Code>{code}</Code><Message>",
        if sender { "Sender" } else { "Receiver" }
    );
    write_text(message, &mut out);
    let _ = write!(
        out,
        "</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>"
    );
    out
}

fn write_members(value: &Value, out: &mut String) {
    match value {
        Value::Map(members) => {
            for (name, value) in &members.0 {
                write_element(name, value, out);
            }
        }
        Value::List(items) => {
            for item in items {
                write_element("member", item, out);
            }
        }
        Value::Absent => {}
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Int(n) => {
            let _ = write!(out, "{n}");
        }
        Value::Float(n) => {
            let _ = write!(out, "{n:?}");
        }
        Value::Text(text) => write_text(text, out),
        Value::Time(at) => out.push_str(&at.iso()),
    }
}

fn write_element(name: &str, value: &Value, out: &mut String) {
    let _ = write!(out, "<{name}>");
    write_members(value, out);
    let _ = write!(out, "</{name}>");
}

fn write_text(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::wire::value::map;

    #[test]
    fn forms_become_structures_and_lists() {
        let form = "Action=GetMetricData&Q.member.2.Id=b&Q.member.1.Id=a&Q.member.1.Stat=p99+x&T=2025-11-23T13%3A41%3A00Z";
        assert_eq!(
            decode(form),
            serde_json::json!({
                "Action": "GetMetricData",
                "Q": [{"Id": "a", "Stat": "p99 x"}, {"Id": "b"}],
                "T": "2025-11-23T13:41:00Z",
            })
        );
    }

    #[test]
    fn answers_are_wrapped_and_escaped() {
        let xml = encode(
            "Op",
            "https://x/",
            "r-1",
            &map! {"A" => Value::list(["<&>"])},
        );
        assert_eq!(
            xml,
            "<OpResponse xmlns=\"https://x/\"><OpResult><A><member>&lt;&amp;&gt;</member></A></OpResult>\
             <ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></OpResponse>"
        );
    }
}
