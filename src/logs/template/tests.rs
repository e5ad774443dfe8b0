use super::*;

fn top(lines: &[&str]) -> Vec<(u64, String)> {
    let mut patterns = Patterns::new();
    for line in lines {
        patterns.add(line);
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
                "<*> <*>:<*>:<*> INFO epoch=<*> loss=<*> saved to s3://b/<*>/x".to_owned()
            ),
            (
                2,
                "<*> <*>:<*>:<*> INFO worker <*> joined the group".to_owned()
            ),
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
        patterns.add(&letters(n));
        patterns.add("always the same line");
    }
    assert!(patterns.patterns.len() < 2 * MOST_PATTERNS);
    assert_eq!(patterns.top(1)[0].count, 5_000);
    let kept: u64 = patterns.patterns.iter().map(|p| p.count).sum();
    assert_eq!(kept + patterns.others(), patterns.lines());
}

proptest::proptest! {
    #[test]
    fn any_lines_are_counted(lines in proptest::collection::vec("([a-b3é<*> \u{1b}]|<\\*>|\\PC){0,12}", 0..12)) {
        let mut patterns = Patterns::new();
        for line in &lines {
            patterns.add(line);
        }
        let kept: u64 = patterns.top(usize::MAX).iter().map(|p| p.count).sum();
        proptest::prop_assert_eq!(kept + patterns.others(), lines.len() as u64);
    }
}
