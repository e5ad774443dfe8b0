use super::*;

fn top(lines: &[&str]) -> Vec<(u64, String)> {
    let mut patterns = Patterns::new();
    for line in lines {
        patterns.add(line.as_bytes());
    }
    patterns
        .top(9)
        .iter()
        .map(|p| (p.count, p.template()))
        .collect()
}

#[test]
fn the_same_sentence_with_other_values_is_one_pattern() {
    assert_eq!(
        top(&[
            "2026-11-22 13:02:11 INFO epoch=1 loss=0.9 saved to s3://b/k-1/x",
            "2026-11-22 13:02:12 INFO epoch=2 loss=0.8 saved to s3://b/k-2/x",
            "2026-11-22 13:02:13 INFO worker alice joined the group",
            "2026-11-22 13:02:14 INFO worker bob joined the group",
            r#"{"message":"request 17 took 3ms"}"#,
            r#"{"message":"request 18 took 4ms"}"#,
            r#"{"message":"request 19 took 5ms"}"#,
        ]),
        [
            (3, "request <*> took <*>".to_owned()),
            (
                2,
                "<*> INFO epoch=<*> loss=<*> saved to s3://b/<*>/x".to_owned()
            ),
            (2, "<*> INFO worker <*> joined the group".to_owned()),
        ]
    );
}

#[test]
fn different_sentences_stay_apart() {
    let patterns = top(&["loading the model", "saving the optimizer", "all done", ""]);
    assert_eq!(patterns.len(), 3);
}

#[test]
fn ids_vary_and_names_do_not() {
    for (word, template) in [
        ("plain", "plain"),
        ("s3://bucket/key", "s3://bucket/key"),
        ("1f2e-4a", "<*>"),
        ("step=12/100,", "step=<*>/<*>,"),
        ("(3.5s).", "(<*>)."),
        ("took=3.", "took=<*>."),
        ("f1=0.9", "f1=<*>"),
        ("é3日", "é<*>日"),
        ("user='ann',", "user='<*>',"),
        ("\"name\":\"ann\"", "\"name\":\"<*>\""),
        ("don't", "don't"),
        ("'", "'"),
        ("''", "''"),
    ] {
        assert_eq!(mask::varying(word), template, "{word}");
    }
}

#[test]
fn rare_patterns_make_way_and_are_counted() {
    let mut patterns = Patterns::new();
    let letters = |mut n: usize| {
        let mut word = String::new();
        for _ in 0..4 {
            word.push(char::from(b'a' + u8::try_from(n % 26).unwrap()));
            n /= 26;
        }
        word
    };
    for n in 0..5_000 {
        patterns.add(letters(n).as_bytes());
        patterns.add(b"always the same line");
    }
    assert!(patterns.patterns.len() < 2 * MOST_PATTERNS);
    assert_eq!(patterns.top(1)[0].count, 5_000);
    let kept: u64 = patterns.patterns.iter().map(|p| p.count).sum();
    assert_eq!(kept + patterns.others(), patterns.lines());
}

/// Whether the filter of each pattern finds the lines that were counted for it: all of them, and no others.
#[track_caller]
fn finds_its_lines(lines: &[&str]) {
    use crate::logs::expression::Expression;
    use crate::logs::line::LineRef;
    let mut patterns = Patterns::new();
    for line in lines {
        patterns.add(line.as_bytes());
    }
    for pattern in patterns.top(99) {
        let filter = Expression::parse(&pattern.filter()).unwrap();
        let found = lines.iter().filter(|line| {
            filter.passes(&LineRef {
                text: line.as_bytes(),
                at_ms: None,
                group: "",
                stream: "",
            })
        });
        assert_eq!(found.count() as u64, pattern.count, "{}", pattern.filter());
    }
}

#[test]
fn the_filter_of_a_pattern_finds_its_lines() {
    let long = |n: usize| format!("start {n} {}", "word ".repeat(60 + n));
    finds_its_lines(&[
        "epoch=1 loss=0.9 saved to s3://b/k-1/x",
        "epoch=2 loss=0.8  saved to s3://b/k-2/x ",
        "loading the model",
        "loading the model again",
        "worker alice joined the group",
        "worker bob joined the group",
        r#"{"level":"info","msg":"step","step":1}"#,
        r#"{"level":"info","msg":"step","step":2}"#,
        r#"{"msg":"said \"no\" to 3 of them"}"#,
        "\x1b[32mINFO\x1b[0m request 17 took 3ms",
        "\x1b[32mINFO\x1b[0m request 18 took 4ms",
        "\rEpoch 1/3: 10%| 2 it/s\rEpoch 1/3: 30%| 3 it/s",
        "\rEpoch 2/3: 10%| 2 it/s\rEpoch 2/3: 40%| 3 it/s",
        "user 'ann' logged in (a+b)",
        "user 'bob' logged in (a+b)",
        &long(1),
        &long(2),
    ]);
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(64))]

    #[test]
    fn every_filter_can_be_read(line in "[a-c0-9 /'\"\\\\{}:é\u{1b}\\[m…]{0,40}") {
        let mut patterns = Patterns::new();
        patterns.add(line.as_bytes());
        for pattern in patterns.top(1) {
            proptest::prop_assert!(crate::logs::expression::Expression::parse(&pattern.filter()).is_ok(), "{}", pattern.filter());
        }
    }

    #[test]
    fn any_lines_are_counted(lines in proptest::collection::vec("([a-b3é<*> \u{1b}]|<\\*>|\\PC){0,12}", 0..12)) {
        let mut patterns = Patterns::new();
        for line in &lines {
            patterns.add(line.as_bytes());
        }
        let kept: u64 = patterns.top(usize::MAX).iter().map(|p| p.count).sum();
        proptest::prop_assert_eq!(kept + patterns.others(), lines.len() as u64);
    }
}
