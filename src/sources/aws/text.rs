//! Words of the service, made fit to be kept: short, on one line, without secrets.

/// Longest message that is kept, in characters.
const LONGEST: usize = 300;

/// One line, at most 300 characters, without access keys and signed URLs.
pub fn tidy(text: &str) -> String {
    let mut tidy = String::new();
    for word in text.split_whitespace() {
        if !tidy.is_empty() {
            tidy.push(' ');
        }
        tidy.push_str(if is_secret(word) { "[hidden]" } else { word });
        if tidy.chars().count() > LONGEST {
            let mut cut: String = tidy.chars().take(LONGEST - 1).collect();
            cut.push('…');
            return cut;
        }
    }
    tidy
}

/// An access key id, or a URL or header that carries a signature.
fn is_secret(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    lower.contains("x-amz-security-token")
        || lower.contains("x-amz-signature")
        || lower.contains("x-amz-credential")
        || word
            .split(|c: char| !c.is_ascii_alphanumeric())
            .any(|part| part.len() >= 16 && (part.starts_with("AKIA") || part.starts_with("ASIA")))
}

/// Keeps the value unless its name says that it is a secret.
pub fn masked(name: &str, value: &str) -> String {
    let lower = name.to_ascii_lowercase();
    if ["pass", "secret", "token", "key"]
        .iter()
        .any(|word| lower.contains(word))
    {
        "***".to_owned()
    } else {
        value.to_owned()
    }
}

/// The reason a service gives, where it gives one: doubles write `None` for nothing.
pub fn reason(text: Option<&str>) -> Option<String> {
    text.map(str::trim)
        .filter(|text| !text.is_empty() && *text != "None")
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_cut_and_lines_are_joined() {
        assert_eq!(tidy("a\n  b\tc"), "a b c");
        let long = tidy(&"word ".repeat(200));
        assert_eq!(long.chars().count(), 300);
        assert!(long.ends_with('…'));
    }

    #[test]
    fn keys_and_signed_urls_are_hidden() {
        assert_eq!(tidy("key AKIAIOSFODNN7EXAMPLE bad"), "key [hidden] bad");
        assert_eq!(tidy("see https://h/?X-Amz-Signature=abc"), "see [hidden]");
        assert_eq!(tidy("ASIATIC is a word"), "ASIATIC is a word");
    }

    #[test]
    fn values_with_a_secret_name_are_masked() {
        for name in ["DB_PASSWORD", "api-token", "SecretArn", "aws_key"] {
            assert_eq!(masked(name, "x"), "***", "{name}");
        }
        assert_eq!(masked("epochs", "10"), "10");
    }

    #[test]
    fn none_written_out_is_no_reason() {
        assert_eq!(reason(Some("None")), None);
        assert_eq!(reason(Some(" ")), None);
        assert_eq!(reason(Some("OOM")), Some("OOM".into()));
    }
}
