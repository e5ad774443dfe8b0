//! A pattern as CloudWatch writes it, `<*>` or `<Number-3>` for what varies, as a regular expression.

/// Finds the lines of a pattern, in a query of Logs Insights.
pub fn regex(pattern: &str) -> String {
    let mut regex = String::new();
    let mut rest = pattern.trim();
    while let Some(start) = rest.find('<') {
        let end = rest[start..].find('>').map(|end| start + end);
        match end {
            Some(end) if is_token(&rest[start + 1..end]) => {
                escape(&rest[..start], &mut regex);
                regex.push_str(".*?");
                rest = &rest[end + 1..];
            }
            _ => {
                escape(&rest[..=start], &mut regex);
                rest = &rest[start + 1..];
            }
        }
    }
    escape(rest, &mut regex);
    // At the ends anything finds itself.
    let mut inner = regex.as_str();
    for any in [".*?", "\\s+", ".*?"] {
        inner = inner.trim_start_matches(any).trim_end_matches(any);
    }
    inner.to_owned()
}

/// `*`, `IP-1`, `Number-12`.
fn is_token(name: &str) -> bool {
    name == "*"
        || name.rsplit_once('-').is_some_and(|(kind, number)| {
            let is_kind = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            !kind.is_empty()
                && kind.chars().all(is_kind)
                && !number.is_empty()
                && number.bytes().all(|b| b.is_ascii_digit())
        })
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        if "\\.+*?()|[]{}^$".contains(c) {
            out.push('\\');
        }
        if c.is_whitespace() {
            out.push_str(if out.ends_with("\\s+") { "" } else { "\\s+" });
        } else {
            out.push(c);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::regex;

    #[test]
    fn what_varies_is_anything_and_the_rest_is_itself() {
        for (pattern, expression) in [
            ("epoch=<*> done (a.b)", r"epoch=.*?\s+done\s+\(a\.b\)"),
            ("<Time-1>  took <Number-12>ms", r"took\s+.*?ms"),
            ("x <b> <- y", r"x\s+<b>\s+<-\s+y"),
            ("<*>", ""),
            ("<", "<"),
            ("", ""),
        ] {
            assert_eq!(regex(pattern), expression, "{pattern}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_pattern_becomes_an_expression(pattern in "([<>*a-c(\\[ -]|Number-3|\\PC){0,12}") {
            proptest::prop_assert!(regex::Regex::new(&regex(&pattern)).is_ok());
        }
    }
}
