//! `pattern`: lines that say the same but for numbers and names, counted together.

use std::collections::HashMap;

use super::record::Record;

/// Rows of pattern, count and share, the most frequent first.
pub fn rows(field: &str, records: &[Record]) -> Vec<Vec<(String, String)>> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    let mut all = 0;
    for value in records.iter().filter_map(|record| record.field(field)) {
        *counts.entry(pattern(&value)).or_default() += 1;
        all += 1;
    }
    let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts
        .into_iter()
        .map(|(pattern, count)| {
            let severity = severity(&pattern).to_owned();
            let ratio = count as f64 / f64::from(all.max(1));
            vec![
                ("@pattern".to_owned(), pattern),
                ("@ratio".to_owned(), format!("{ratio:.4}")),
                ("@sampleCount".to_owned(), count.to_string()),
                ("@severityLabel".to_owned(), severity),
            ]
        })
        .collect()
}

fn severity(pattern: &str) -> &'static str {
    let words = [
        (
            "ERROR",
            ["ERROR", "Error", "Exception", "Traceback", "FATAL"].as_slice(),
        ),
        ("WARN", &["WARN"]),
        ("INFO", &["INFO"]),
        ("DEBUG", &["DEBUG"]),
    ];
    let says = |words: &[&str]| words.iter().any(|word| pattern.contains(word));
    let found = words.iter().find(|(_, words)| says(words));
    found.map_or("NONE", |(label, _)| label)
}

/// A word with a digit in it is what changes.
pub fn pattern(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let is_sign = |c: char| !(c.is_alphanumeric() || "._-".contains(c));
        let end = rest.find(is_sign).unwrap_or(rest.len());
        let (word, tail) = rest.split_at(end);
        if word.contains(|c: char| c.is_ascii_digit()) {
            out.push_str("<*>");
        } else {
            out.push_str(word);
        }
        let length = tail.chars().next().map_or(0, char::len_utf8);
        out.push_str(&tail[..length]);
        rest = &tail[length..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn numbers_and_names_with_digits_change() {
        assert_eq!(
            pattern("epoch=7 loss=0.25 on algo-1: fine"),
            "epoch=<*> loss=<*> on <*>: fine"
        );
        assert_eq!(pattern("日本 7 日"), "日本 <*> 日");
    }
}
