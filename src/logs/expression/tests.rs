use grep_matcher::Matcher;

use super::*;

fn passes(expression: &str, text: &str) -> bool {
    let expression = Expression::parse(expression).unwrap();
    passes_at(&expression, text)
}

fn passes_at(expression: &Expression, text: &str) -> bool {
    expression.passes(&LineRef {
        text: text.as_bytes(),
        at_ms: None,
        group: "/aws/sagemaker/TrainingJobs",
        stream: "churn-213/algo-1-1795352531",
    })
}

const LINE: &str = r#"{"level":"warning","msg":"CUDA out of memory at /opt/ml/x","loss":0.25,"epoch":4,"user":{"id":12345678901234567},"env":"Prod"}"#;

#[test]
fn words_phrases_and_expressions() {
    for (expression, expected) in [
        ("", true),
        ("  ", true),
        ("cuda memory", true),
        ("Cuda", false),
        ("CUDA", true),
        ("!cuda", false),
        ("!!cuda", true),
        ("cuda !absent", true),
        ("\"out of memory\"", true),
        ("\"out of  memory\"", false),
        ("!\"out of memory\"", false),
        (r#""\"loss\":0.25""#, true),
        ("/out.of|absent/", true),
        ("/Out.of/", false),
        ("/Out.of/i", true),
        (r"/loss\S+25/", true),
        (r"/opt\/ml/", true),
        ("/opt/ml/x", true),
        ("/opt/ml/y", false),
        ("!/cu.a/ loss", false),
        ("(", false),
        ("a->b", false),
        ("http://x?a=b", false),
    ] {
        assert_eq!(passes(expression, LINE), expected, "{expression}");
    }
}

#[test]
fn fields_and_levels() {
    for (expression, expected) in [
        ("level>=warn", true),
        ("level:warn", true),
        ("level>warn", false),
        ("level=error", false),
        ("level!=error", true),
        ("level=*", true),
        ("!level<warn", true),
        ("loss<0.3", true),
        ("loss<=0.25", true),
        ("loss>0.25", false),
        ("loss=0.250", true),
        ("loss!=0.25", false),
        ("!loss=0.25", false),
        ("loss=*", true),
        ("absent=*", false),
        ("!absent=*", true),
        ("absent!=3", false),
        ("!absent=3", true),
        ("epoch=3..5", true),
        ("epoch=..4", true),
        ("epoch=5..", false),
        ("user.id=12345678901234567", true),
        ("user.id=12345678901234568", false),
        ("env=prod", true),
        ("env=Prod", true),
        ("env=PROD", false),
        ("env=\"prod\"", true),
        ("env!=dev", true),
        ("env=pro", false),
        ("msg~cuda", true),
        ("msg~/^Cuda/i", true),
        ("msg!~cuda", false),
        ("message~\"out of\"", true),
        ("stream:algo-1", true),
        ("stream:algo-2", false),
        ("!stream:algo-1", false),
        ("group:training", true),
        ("group:\"Training\"", true),
        ("level>=warn loss<0.3 !stream:algo-2 cuda", true),
    ] {
        assert_eq!(passes(expression, LINE), expected, "{expression}");
    }
}

#[test]
fn fields_of_plain_training_lines() {
    let line = "Epoch 3/10 - loss: 0.41 - val_acc: 91.2% user=007";
    for (expression, expected) in [
        ("epoch=3", true),
        ("epoch>=3 loss<0.5", true),
        ("val_acc>90", true),
        ("user=7", true),
        ("msg~\"^epoch\"", true),
        ("level=*", false),
        ("!level>=warn", true),
    ] {
        assert_eq!(passes(expression, line), expected, "{expression}");
    }
    assert!(passes("loss=nan", "step=3 loss=nan"));
    assert!(!passes("loss<1", "step=3 loss=nan"));
}

#[test]
fn mistakes_say_where_and_what_to_do() {
    for (expression, message) in [
        ("abc de \"f", "unclosed quote at 7: close it with \""),
        (
            "a !",
            "nothing stands behind ! at 2: write !word, or \"!\" to find the sign",
        ),
        (
            "/abc",
            "unclosed expression at 0: close it with / or quote it to find the text itself",
        ),
        (
            "é /(/",
            "unclosed group at 3: mend the expression, or quote it to find the text itself",
        ),
        (
            "loss<abc",
            "abc is no number at 5: write a number, as in loss<0.2, or quote it all to find the text",
        ),
        (
            "loss<",
            "a value is missing at 5: write it behind the sign, * for any value",
        ),
        (
            "level>=loud",
            "loud is no level at 7: write trace, debug, info, warn or error",
        ),
        ("epoch=5..3", "nothing is between 5 and 3 at 6: write 3..5"),
        ("\"\"", "empty quotes at 0: write the text between them"),
        (
            "since:-15m",
            "a filter has no times at 0: jump to the time instead, or quote it to find the text: \"since:\"",
        ),
        (
            "msg~(",
            "unclosed group at 4: to find the text itself write msg=\"...\"",
        ),
    ] {
        let error = Expression::parse(expression).unwrap_err();
        assert_eq!(error.to_string(), message, "{expression}");
    }
}

#[test]
fn marks_are_what_was_found() {
    let marks = |expression: &str, text: &str| -> Vec<(usize, usize)> {
        let marks = Expression::parse(expression).unwrap().marks(text);
        marks
            .into_iter()
            .map(|mark| (mark.start, mark.end))
            .collect()
    };
    assert_eq!(
        marks("cuda !x of", "CUDA of Cuda x"),
        [(0, 4), (5, 7), (8, 12)]
    );
    assert_eq!(marks("abc bcd", "abcd"), [(0, 4)]);
    assert_eq!(marks("/x*/ loss<3", "axx"), [(1, 3)]);
    assert_eq!(marks("/(?-u:\\xa9)/", "é"), [(0, 2)]);
    assert_eq!(marks("İ", "xİ"), [(1, 3)]);
}

#[test]
fn the_hint_is_the_rarest_thing_asked() {
    let hint =
        |expression: &str, text: &str| match Expression::parse(expression).unwrap().prefilter() {
            Prefilter::None | Prefilter::Literal { .. } => None,
            Prefilter::Matcher { matcher, decides } => {
                Some((matcher.is_match(text.as_bytes()).unwrap(), decides))
            }
        };
    assert_eq!(hint("cuda", "x CUDA\n"), Some((true, true)));
    assert_eq!(hint("a memory", "a\n"), Some((false, false)));
    assert_eq!(hint("user.list.0>3", "LIST"), Some((true, false)));
    assert_eq!(hint("!cuda", ""), None);
    assert_eq!(hint("level>=warn msg~x", ""), None);
    assert_eq!(hint("", ""), None);
}

#[test]
fn a_filter_pattern_means_the_same_or_is_none() {
    for (expression, pattern) in [
        ("OOM", Some("%OOM%")),
        ("oom", Some("%[oO][oO][mM]%")),
        ("\"Error 42%\"", Some("%Error\\x2042\\x25%")),
        ("0.25", Some("%0\\x2E25%")),
        ("/CUDA.*[0-9]{2,}|OOM/", Some("%CUDA.*[0-9]{2,}|OOM%")),
        (r"/A\.b/", Some("%A\\x2Eb%")),
        ("/cuda (a|b)/", None),
        (r"/X\d+/", None),
        ("/^X/", None),
        ("/[a-z]x/", None),
        ("/X*?/", None),
        ("/[^A]/", None),
        ("OOM CUDA", None),
        ("!OOM", None),
        ("loss<3", None),
        ("日本", None),
        ("", None),
    ] {
        let made = Expression::parse(expression)
            .unwrap()
            .to_cloudwatch_pattern();
        assert_eq!(made.as_deref(), pattern, "{expression}");
    }
    let long = "X".repeat(1023);
    assert!(
        Expression::parse(&long)
            .unwrap()
            .to_cloudwatch_pattern()
            .is_none()
    );
}

/// One filter as a query, or why not.
fn to_insights(filter: &str) -> Result<String, Vec<String>> {
    let filter = Expression::parse(filter).unwrap();
    let (query, unsaid) = insights_query([(true, &filter)], false, 50);
    if unsaid.is_empty() {
        Ok(query)
    } else {
        Err(unsaid)
    }
}

#[test]
fn filters_over_one_another_are_one_query() {
    let filters = [
        (true, "cuda"),
        (false, "epoch=1 warmup"),
        (true, r"/\p{L}/"),
    ];
    let filters = filters.map(|(keep, text)| (keep, Expression::parse(text).unwrap()));
    let (query, unsaid) = insights_query(filters.iter().map(|(keep, e)| (*keep, e)), true, 10);
    assert_eq!(
        query,
        "fields @timestamp, @logStream, @message, @log | filter @message like /(?i)cuda/ \
         and not (epoch = 1 and @message like /(?i)warmup/) | sort @timestamp desc | limit 10"
    );
    assert_eq!(unsaid.len(), 1);
    assert!(unsaid[0].contains(r"\p"), "{unsaid:?}");
}

#[test]
fn a_query_of_logs_insights() {
    let head = "fields @timestamp, @logStream, @message | filter ";
    let tail = " | sort @timestamp desc | limit 50";
    for (expression, filter) in [
        ("cuda", "@message like /(?i)cuda/"),
        (
            "!CUDA \"a/b\"",
            "@message not like /CUDA/ and @message like /(?i)a\\/b/",
        ),
        (r"/x\/y+/", "@message like /(?i)x\\/y+/"),
        ("loss<0.2", "loss < 0.2"),
        (
            "!val-loss<0.2",
            "(not ispresent(`val-loss`) or not (`val-loss` < 0.2))",
        ),
        ("epoch=3..5", "epoch >= 3 and epoch <= 5"),
        ("env=prod", "tolower(env) = \"prod\""),
        ("env=\"P\\\"\"", "env = \"P\\\"\""),
        ("user.id=* !x=*", "ispresent(user.id) and not ispresent(x)"),
        ("stream:algo-1", "@logStream like /(?i)algo-1/"),
        ("msg~OOM", "@message like /OOM/"),
        (
            "level>=error",
            "(tolower(coalesce(level, severity, levelname)) in [\"error\", \"critical\", \"fatal\", \"severe\"] \
             or @message like /\\b(ERROR|CRITICAL|FATAL|SEVERE)\\b/)",
        ),
    ] {
        let query = to_insights(expression);
        assert_eq!(query, Ok(format!("{head}{filter}{tail}")), "{expression}");
    }
    assert_eq!(
        to_insights(""),
        Ok("fields @timestamp, @logStream, @message | sort @timestamp desc | limit 50".into())
    );
    for refused in [r"/\p{L}/", "loss=nan", "level>error"] {
        assert!(to_insights(refused).is_err(), "{refused}");
    }
}

proptest::proptest! {
    #[test]
    fn any_text_is_read(
        expression in r#"([!"/\\ (a-cé<>=~.:*]|level|loss|stream:|3){0,14}"#,
        text in "[a-c \"éİ=0-9{}:]{0,30}",
    ) {
        match Expression::parse(&expression) {
            Err(error) => proptest::prop_assert!(expression.is_char_boundary(error.at)),
            Ok(expression) => {
                let passed = passes_at(&expression, &text);
                let marks = expression.marks(&text);
                for mark in &marks {
                    proptest::prop_assert!(text.get(mark.clone()).is_some_and(|t| !t.is_empty()));
                }
                proptest::prop_assert!(marks.windows(2).all(|m| m[0].end < m[1].start));
                if let Prefilter::Matcher { matcher, decides } = expression.prefilter() {
                    let hit = matcher.is_match(text.as_bytes()).unwrap();
                    proptest::prop_assert!(hit || !passed);
                    proptest::prop_assert!(!decides || hit == passed);
                }
                let _ = expression.to_cloudwatch_pattern();
                let _ = insights_query([(false, &expression)], false, 10);
            }
        }
    }

    /// What CloudWatch is asked for finds what the expression finds; its dialect is a part of ours.
    #[test]
    fn the_filter_pattern_finds_the_same(word in "[A-Ca-c.0+% -]{1,6}", text in "[A-Ca-c.0+% -]{0,12}") {
        let expression = Expression::parse(&format!("\"{word}\"")).unwrap();
        let pattern = expression.to_cloudwatch_pattern().unwrap();
        let there = regex::Regex::new(pattern.trim_matches('%')).unwrap();
        proptest::prop_assert_eq!(there.is_match(&text), passes_at(&expression, &text));
    }
}
