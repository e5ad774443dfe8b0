use super::*;

fn masked(format: Format) -> Exporter {
    Exporter::new(format, "x", Arc::new(Masker::default()))
}

fn revealed(format: Format) -> Exporter {
    Exporter::revealed(format, "churn *212*\n`x`")
}

const LINE: LineRef<'static> = LineRef {
    text: b"\x1b[31mERROR\x1b[0m password=hunter2 \x1b]0;x\x07\nsecond",
    at_ms: Some(1_795_352_531_123),
    group: "/aws/x",
    stream: "algo-1",
};

const PLAIN: LineRef<'static> = LineRef {
    text: b"``` \xff",
    at_ms: None,
    group: "",
    stream: "",
};

#[test]
fn text_has_time_and_source_and_no_secret() {
    let exporter = masked(Format::Text);
    assert_eq!(
        exporter.line(&LINE),
        "2026-11-22T13:02:11.123Z /aws/x algo-1 ERROR password=•••• ␛]0;x␇\n    second\n"
    );
    assert_eq!(exporter.line(&PLAIN), "``` \u{fffd}\n");
    assert_eq!(exporter.begin() + exporter.end(), "");
}

#[test]
fn json_lines_keep_the_message_as_it_was() {
    let line = revealed(Format::JsonLines).line(&LINE);
    let value: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(value["at"], "2026-11-22T13:02:11.123Z");
    assert_eq!(value["level"], "error");
    assert_eq!(value["stream"], "algo-1");
    assert_eq!(value["message"].as_str().unwrap().as_bytes(), LINE.text);
    assert!(!line.trim_end().contains(['\n', '\x1b']));
    assert!(!masked(Format::JsonLines).line(&LINE).contains("hunter2"));
}

#[test]
fn json_lines_steer_no_terminal_and_say_the_same() {
    let text = "a\u{7f}\u{9b}31m\u{202e}b";
    let line = revealed(Format::JsonLines).line(&LineRef {
        text: text.as_bytes(),
        ..PLAIN
    });
    assert!(!line.trim_end().contains(['\u{7f}', '\u{9b}', '\u{202e}']));
    let value: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(value["message"], text);
}

#[test]
fn nothing_closes_the_fence() {
    let exporter = revealed(Format::Markdown);
    let fence = LineRef {
        text: b"a\n```\n  ~~~",
        ..PLAIN
    };
    let whole = [
        exporter.begin(),
        exporter.line(&PLAIN),
        exporter.line(&fence),
        exporter.end().to_owned(),
    ]
    .concat();
    assert_eq!(
        whole,
        "**churn \\*212\\*⏎\\`x\\`**\n\n```text\n    ``` \u{fffd}\na\n    ```\n      ~~~\n```\n"
    );
}

#[test]
fn a_message_is_what_the_line_says_and_no_secret() {
    assert_eq!(
        masked(Format::Message).line(&LINE),
        "ERROR password=•••• ␛]0;x␇\nsecond\n"
    );
    assert_eq!(revealed(Format::Message).line(&PLAIN), "``` \u{fffd}\n");
}

#[test]
fn the_ending_of_a_name_tells_the_format() {
    for (name, format) in [
        ("a.log", Some(Format::Text)),
        ("~/a.b/c.TXT", Some(Format::Text)),
        ("a.jsonl", Some(Format::JsonLines)),
        ("a.json", Some(Format::JsonLines)),
        ("a.md", Some(Format::Markdown)),
        ("a", None),
        ("a.zip", None),
        (".log", None),
        ("a/.log", None),
        ("a.log/b", None),
        ("", None),
    ] {
        assert_eq!(Format::of_file(name), format, "{name}");
    }
}

#[test]
fn pieces_end_with_lines() {
    assert_eq!(copy_pieces("ab\ncd\nef", 6), ["ab\ncd\n", "ef"]);
    assert_eq!(copy_pieces("abcdefgh\ni", 5), ["abcde", "fgh\ni"]);
    assert_eq!(copy_pieces("ééé", 5), ["éé", "é"]);
    assert!(copy_pieces("", 5).is_empty());
}

proptest::proptest! {
    #[test]
    fn pieces_joined_are_the_text(text in "[ab\né日]{0,40}", limit in 0_usize..12) {
        let pieces = copy_pieces(&text, limit);
        proptest::prop_assert_eq!(pieces.concat(), text);
        proptest::prop_assert!(pieces.iter().all(|p| !p.is_empty() && p.len() <= limit.max(4)));
    }

    #[test]
    fn any_line_is_written_safely(text in proptest::collection::vec(proptest::num::u8::ANY, 0..40), at in proptest::num::i64::ANY) {
        let line = LineRef { text: &text, at_ms: Some(at), group: "g\u{1b}", stream: "s\n" };
        for format in [Format::Message, Format::Text, Format::Markdown, Format::JsonLines] {
            let written = revealed(format).line(&line);
            proptest::prop_assert!(written.ends_with('\n'));
            proptest::prop_assert!(written.chars().all(|c| c == '\n' || !c.is_control()));
        }
    }
}
