//! Values as people read them. Times are UTC, so that output can be compared.

use jiff::Timestamp;

pub fn time(at: Option<Timestamp>) -> String {
    at.map_or(String::new(), |at| {
        at.strftime("%Y-%m-%d %H:%M").to_string()
    })
}

/// `45s`, `38m`, `1h12m`, `3d04h`.
pub fn seconds(seconds: Option<i64>) -> String {
    match seconds {
        None => String::new(),
        Some(s @ ..60) => format!("{s}s"),
        Some(s @ 60..3600) => format!("{}m", s / 60),
        Some(s @ 3600..86_400) => format!("{}h{:02}m", s / 3600, s % 3600 / 60),
        Some(s) => format!("{}d{:02}h", s / 86_400, s % 86_400 / 3600),
    }
}

pub fn amount(amount: Option<f64>) -> String {
    amount.map_or(String::new(), |a| format!("{a:.2}"))
}

pub fn percent(percent: Option<f64>) -> String {
    percent.map_or(String::new(), |p| format!("{p:.1} %"))
}

pub fn count(count: Option<f64>) -> String {
    count.map_or(String::new(), |n| format!("{n:.0}"))
}

pub fn millis(millis: Option<f64>) -> String {
    match millis {
        None => String::new(),
        Some(ms) if ms >= 10_000.0 => format!("{:.1} s", ms / 1000.0),
        Some(ms) if ms >= 10.0 => format!("{ms:.0} ms"),
        Some(ms) => format!("{ms:.1} ms"),
    }
}

/// Powers of ten, as AWS bills them.
pub fn bytes(bytes: Option<u64>) -> String {
    let Some(bytes) = bytes else {
        return String::new();
    };
    let mut value = bytes as f64;
    for unit in ["B", "kB", "MB", "GB", "TB"] {
        if value < 1000.0 || unit == "TB" {
            return match unit {
                "B" => format!("{bytes} B"),
                _ => format!("{value:.1} {unit}"),
            };
        }
        value /= 1000.0;
    }
    String::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_as_people_read_them() {
        assert_eq!(seconds(Some(59)), "59s");
        assert_eq!(seconds(Some(4320)), "1h12m");
        assert_eq!(seconds(Some(273_600)), "3d04h");
        assert_eq!(bytes(Some(999)), "999 B");
        assert_eq!(bytes(Some(1_500_000)), "1.5 MB");
        assert_eq!(bytes(Some(u64::MAX)), "18446744.1 TB");
        assert_eq!(millis(Some(84.2)), "84 ms");
        assert_eq!(millis(Some(12_340.0)), "12.3 s");
        assert_eq!(percent(None), "");
    }
}
