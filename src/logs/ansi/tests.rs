use super::*;

#[test]
fn colours_become_styles_and_the_rest_becomes_visible() {
    let red = Style {
        fg: Some(Color::Indexed(1)),
        ..Style::default()
    };
    let out = interpret("a\x1b[31mb\x1b[0mc\x1b[2Jd\x1b \u{9b}31m\u{202e}");
    assert_eq!(out.text, "abc␛[2Jd␛ <U+009B>31m<U+202E>");
    assert_eq!(out.spans, [(1..2, red)]);
    assert_eq!(out.style_at(1), red);
    assert_eq!(out.style_at(2), Style::default());
}

#[test]
fn wide_palettes_and_weights() {
    let out = interpret("\x1b[1;38;5;208;48;2;1;2;3mx\x1b[22;39my\x1b[58;5;1;3mz");
    let bg = Some(Color::Rgb(1, 2, 3));
    assert_eq!(
        out.spans,
        [
            (
                0..1,
                Style {
                    fg: Some(Color::Indexed(208)),
                    bg,
                    bold: true,
                    ..Style::default()
                }
            ),
            (
                1..2,
                Style {
                    bg,
                    ..Style::default()
                }
            ),
            (
                2..3,
                Style {
                    bg,
                    italic: true,
                    ..Style::default()
                }
            ),
        ]
    );
}

#[test]
fn a_style_goes_on_over_line_ends_and_erased_bars() {
    let out = interpret("\x1b[32ma\r\nb\r\x1b[2Kc");
    assert_eq!(out.text, "a\nc");
    assert_eq!(out.spans.len(), 1);
    assert_eq!(out.spans[0].0, 0..3);
}

#[test]
fn tabs_reach_the_next_stop() {
    assert_eq!(interpret("a\tb\t\tc").text, "a       b               c");
    assert_eq!(interpret("日本\tx\n\ty").text, "日本    x\n        y");
    assert_eq!(interpret("\x1b[1mab\x1b[0m\tx").text, "ab      x");
}

#[test]
fn half_a_sequence_is_text() {
    for raw in ["\x1b[", "\x1b[31", "\x1b[38;5m", "\x1b[38;2;999;0;0mx"] {
        assert!(
            interpret(raw).text.chars().all(|c| !c.is_control()),
            "{raw:?}"
        );
    }
    assert_eq!(interpret("\x1b[31").text, "␛[31");
}

#[test]
fn progress_bars_show_their_last_state() {
    for (line, last) in [
        ("\r 10%\r 55%\r100%\r\n", "100%"),
        (" 10%|#  |\r 55%|## |\r\x1b[K", " 55%|## |"),
        ("\r\x1b[2K 55%\x1b[K\r\x1b[A", " 55%"),
        ("1/2 [==>...]\x08\x08\x08\x08\x082/2 [=====]", "2/2 [=====]"),
        ("\x1b[A\r 3%\x1b[A\x1b[A", " 3%"),
        ("a\r\nb", "a\r\nb"),
        ("plain", "plain"),
        ("\r\r", ""),
        ("x\r\x1b[0m  \r", "x"),
        ("x\r\x1b[31m50%\x1b[0m", "\x1b[31m50%\x1b[0m"),
    ] {
        assert_eq!(collapse(line), last, "{line:?}");
    }
}

proptest::proptest! {
    #[test]
    fn nothing_steers_a_terminal(message in "([\x00-\x1f]|\x1b\\[|[0-9;:]{1,4}|m|K|\u{9b}|\u{202e}|é|日|\\PC){0,30}") {
        let out = interpret(&message);
        proptest::prop_assert!(out.text.chars().all(|c| c == '\n' || !c.is_control()));
        for (range, style) in &out.spans {
            proptest::prop_assert!(out.text.get(range.clone()).is_some_and(|t| !t.is_empty()));
            proptest::prop_assert_ne!(*style, Style::default());
        }
        proptest::prop_assert!(out.spans.windows(2).all(|s| s[0].0.end <= s[1].0.start));
        let _ = collapse(&message);
    }

    #[test]
    fn plain_text_stays(message in "[a-zé日 ]{0,30}") {
        proptest::prop_assert_eq!(interpret(&message).text, message);
    }
}
