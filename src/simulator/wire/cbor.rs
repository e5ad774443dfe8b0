//! Smithy RPC v2 over CBOR, the protocol of CloudWatch's SDKs.

use aws_smithy_cbor::data::Type;
use aws_smithy_cbor::decode::DeserializeError;
use aws_smithy_cbor::{Decoder, Encoder};
use aws_smithy_types::DateTime;
use serde_json::{Map, Number};

use super::value::Value;

/// Deeper than any request of AWS's models.
const MAX_DEPTH: usize = 32;

pub fn encode(value: &Value) -> Vec<u8> {
    let mut encoder = Encoder::new(Vec::with_capacity(1024));
    write(value, &mut encoder);
    encoder.into_writer()
}

fn write(value: &Value, encoder: &mut Encoder) {
    match value {
        Value::List(items) => {
            encoder.array(items.len());
            for item in items {
                write(item, encoder);
            }
        }
        Value::Map(members) => {
            encoder.map(members.0.len());
            for (name, value) in &members.0 {
                encoder.str(name);
                write(value, encoder);
            }
        }
        Value::Absent => {
            encoder.null();
        }
        Value::Bool(value) => {
            encoder.boolean(*value);
        }
        Value::Int(n) => {
            encoder.long(*n);
        }
        Value::Float(n) => {
            encoder.double(*n);
        }
        Value::Text(text) => {
            encoder.str(text);
        }
        Value::Time(at) => {
            encoder.timestamp(&DateTime::from_millis(at.0));
        }
    }
}

/// A request's body as JSON; points in time become seconds.
pub fn decode(body: &[u8]) -> Result<serde_json::Value, DeserializeError> {
    if body.is_empty() {
        return Ok(serde_json::Value::Object(Map::new()));
    }
    match read(&mut Decoder::new(body), 0)? {
        input @ serde_json::Value::Object(_) => Ok(input),
        _ => Err(DeserializeError::custom("the input is not a structure", 0)),
    }
}

fn read(decoder: &mut Decoder<'_>, depth: usize) -> Result<serde_json::Value, DeserializeError> {
    use serde_json::Value as Json;
    if depth > MAX_DEPTH {
        return Err(DeserializeError::custom(
            "nested too deeply",
            decoder.position(),
        ));
    }
    Ok(match decoder.datatype()? {
        Type::Bool => Json::Bool(decoder.boolean()?),
        Type::Null | Type::Undefined => {
            decoder.null()?;
            Json::Null
        }
        Type::U8
        | Type::U16
        | Type::U32
        | Type::U64
        | Type::I8
        | Type::I16
        | Type::I32
        | Type::I64
        | Type::Int => Json::Number(decoder.long()?.into()),
        Type::F16 | Type::F32 | Type::F64 => number(decoder.double()?),
        Type::Tag => number(decoder.timestamp()?.as_secs_f64()),
        Type::String | Type::StringIndef => Json::String(decoder.string()?),
        Type::Array | Type::ArrayIndef => {
            let mut items = Vec::new();
            let length = decoder.list()?;
            while more(length, items.len() as u64, decoder)? {
                items.push(read(decoder, depth + 1)?);
            }
            Json::Array(items)
        }
        Type::Map | Type::MapIndef => {
            let mut members = Map::new();
            let mut seen = 0;
            let length = decoder.map()?;
            while more(length, seen, decoder)? {
                let name = decoder.string()?;
                members.insert(name, read(decoder, depth + 1)?);
                seen += 1;
            }
            Json::Object(members)
        }
        _ => {
            decoder.skip()?;
            Json::Null
        }
    })
}

/// Whether a collection goes on; takes the end mark of one without a length.
fn more(
    length: Option<u64>,
    seen: u64,
    decoder: &mut Decoder<'_>,
) -> Result<bool, DeserializeError> {
    if let Some(length) = length {
        return Ok(seen < length);
    }
    if matches!(decoder.datatype()?, Type::Break) {
        decoder.skip()?;
        return Ok(false);
    }
    Ok(true)
}

fn number(n: f64) -> serde_json::Value {
    Number::from_f64(n).map_or(serde_json::Value::Null, serde_json::Value::Number)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::simulator::moment::Moment;
    use crate::simulator::wire::value::map;

    #[test]
    fn what_is_written_reads_back() {
        let value = map! {
            "Name" => "x",
            "At" => Moment(1_763_905_267_250),
            "Points" => Value::list([1.5, 2.0]),
            "Count" => -3_i64,
            "Yes" => true,
        };
        let read = decode(&encode(&value)).unwrap();
        assert_eq!(read["At"], 1_763_905_267.25);
        assert_eq!(read["Points"][1], 2.0);
        assert_eq!(read["Count"], -3);
        assert_eq!(read["Yes"], true);
    }

    #[test]
    fn collections_without_a_length_end_at_their_mark() {
        let mut encoder = Encoder::new(Vec::new());
        encoder.begin_map().str("A");
        encoder.begin_array().integer(1).integer(2).end();
        encoder.str("B").boolean(false).end();
        let read = decode(&encoder.into_writer()).unwrap();
        assert_eq!(read, serde_json::json!({"A": [1, 2], "B": false}));
    }

    #[test]
    fn garbage_is_an_error() {
        assert!(decode(&[0xff, 0x00]).is_err());
        assert!(decode(&[0x81; 100]).is_err());
    }
}
