//! What a plain scalar means.

use super::Value;

/// The meaning of unquoted text. `old` follows a `%YAML 1.1` directive.
pub fn resolve(text: &str, old: bool) -> Value {
    if let Some(value) = boolean(text, old) {
        return Value::Bool(value);
    }
    if matches!(text, "" | "~" | "null" | "Null" | "NULL") {
        return Value::Null;
    }
    if text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) {
        if let Some(value) = float(text) {
            return Value::Float(value);
        }
        if let Some(value) = integer(text, old) {
            return value;
        }
        if is_date(text) {
            return Value::Date(text.to_owned());
        }
    }
    Value::Text(text.to_owned())
}

pub fn boolean(text: &str, old: bool) -> Option<bool> {
    match text {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" if old => Some(true),
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" if old => Some(false),
        _ => None,
    }
}

fn unsigned(text: &str) -> (bool, &str) {
    match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    }
}

/// `1.5`, `1.`, `.5`, `1e3`, `1_000.5`, `.inf`, `.nan`.
pub fn float(text: &str) -> Option<f64> {
    let (negative, rest) = unsigned(text);
    match rest {
        ".inf" | ".Inf" | ".INF" => {
            return Some(if negative {
                f64::NEG_INFINITY
            } else {
                f64::INFINITY
            });
        }
        ".nan" | ".NaN" | ".NAN" if rest.len() == text.len() => return Some(f64::NAN),
        _ => {}
    }
    let (mantissa, exponent) = match rest.find(['e', 'E']) {
        Some(at) => (&rest[..at], Some(&rest[at + 1..])),
        None => (rest, None),
    };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let well_formed = match mantissa.split_once('.') {
        Some(("", after)) => !after.is_empty() && digits(after),
        Some((before, after)) => {
            before.starts_with(|c: char| c.is_ascii_digit()) && digits(before) && digits(after)
        }
        None => {
            exponent.is_some()
                && mantissa.starts_with(|c: char| c.is_ascii_digit())
                && digits(mantissa)
        }
    };
    let exponent_well_formed = exponent.is_none_or(|text| {
        let (_, digits) = unsigned(text);
        !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
    });
    if !(well_formed && exponent_well_formed) {
        return None;
    }
    text.replace('_', "").parse().ok()
}

/// `42`, `0777` (which is 777), `0o17`, `0x1F`, `0b101`, `1_000`. Beyond 127 bits a float.
pub fn integer(text: &str, old: bool) -> Option<Value> {
    let (negative, rest) = unsigned(text);
    let bare = rest.replace('_', "");
    let (radix, digits) = if let Some(digits) = bare.strip_prefix("0b") {
        (2, digits)
    } else if let Some(digits) = bare.strip_prefix("0x") {
        (16, digits)
    } else if let Some(digits) = bare.strip_prefix("0o") {
        (8, digits)
    } else if old && bare.len() > 1 && bare.starts_with('0') {
        (8, bare.get(1..)?)
    } else {
        (10, bare.as_str())
    };
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    match i128::from_str_radix(digits, radix) {
        Ok(value) => Some(Value::Int(if negative { -value } else { value })),
        Err(_) if radix == 10 => digits
            .parse()
            .ok()
            .map(|value: f64| Value::Float(if negative { -value } else { value })),
        Err(_) => None,
    }
}

/// `2024-01-31`, or that with a time after it.
fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let dash = |at: usize| bytes.get(at) == Some(&b'-');
    if !((0..4).all(digit) && dash(4)) {
        return false;
    }
    if bytes.len() == 10 {
        return digit(5) && digit(6) && dash(7) && digit(8) && digit(9);
    }
    let Some((date, time)) = text.split_once(['T', 't', ' ', '\t']) else {
        return false;
    };
    let parts: Vec<_> = date.split('-').collect();
    let short =
        |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let [_, month, day] = parts.as_slice() else {
        return false;
    };
    let time = time.trim_start();
    let clock = time.get(..time.len().min(8)).unwrap_or_default();
    short(month)
        && short(day)
        && clock.matches(':').count() == 2
        && clock.bytes().all(|b| b.is_ascii_digit() || b == b':')
        && time
            .bytes()
            .all(|b| b.is_ascii_digit() || b":.Z+- \t".contains(&b))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn shown(text: &str) -> String {
        format!("{:?}", resolve(text, false))
    }

    #[test]
    fn the_dialect_of_dvc() {
        for (text, meaning) in [
            ("yes", "Text(\"yes\")"),
            ("on", "Text(\"on\")"),
            ("True", "Bool(true)"),
            ("~", "Null"),
            ("", "Null"),
            ("1e3", "Float(1000.0)"),
            ("1E-3", "Float(0.001)"),
            ("0777", "Int(777)"),
            ("09", "Int(9)"),
            ("0o17", "Int(15)"),
            ("0x1F", "Int(31)"),
            ("0b101", "Int(5)"),
            ("1_000", "Int(1000)"),
            ("-5", "Int(-5)"),
            ("1.", "Float(1.0)"),
            ("-.5", "Float(-0.5)"),
            ("-.inf", "Float(-inf)"),
            ("12:30", "Text(\"12:30\")"),
            ("2024-01-31", "Date(\"2024-01-31\")"),
            ("2024-01-31T10:00:00Z", "Date(\"2024-01-31T10:00:00Z\")"),
            ("2024-01-31x", "Text(\"2024-01-31x\")"),
            ("1.2.3", "Text(\"1.2.3\")"),
            ("v1", "Text(\"v1\")"),
            ("-", "Text(\"-\")"),
            ("e3", "Text(\"e3\")"),
            ("1e", "Text(\"1e\")"),
        ] {
            assert_eq!(shown(text), meaning, "{text}");
        }
    }

    #[test]
    fn the_older_dialect_after_its_directive() {
        assert_eq!(format!("{:?}", resolve("yes", true)), "Bool(true)");
        assert_eq!(format!("{:?}", resolve("017", true)), "Int(15)");
    }
}
