//! Text from outside, made safe to show: nothing in it can steer a terminal or hide characters.

use std::borrow::Cow;

/// Makes control characters, escape sequences and bidirectional or invisible format characters visible.
///
/// A tab becomes four spaces; a C0 control its Unicode picture (`ESC` is `␛`); everything else that is not
/// printable is written as `<U+202E>`. The result never contains a control character.
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            _ if is_plain(c) => out.push(c),
            '\t' => out.push_str("    "),
            '\0'..='\x1f' => out.push(picture(c as u32)),
            '\x7f' => out.push('␡'),
            _ => out.push_str(&format!("<U+{:04X}>", c as u32)),
        }
    }
    Cow::Owned(out)
}

/// The same, and on one line: line ends become `⏎`.
pub fn visible_line(text: &str) -> Cow<'_, str> {
    if text.contains(['\n', '\r']) {
        let joined = text.replace("\r\n", "⏎").replace(['\n', '\r'], "⏎");
        Cow::Owned(visible(&joined).into_owned())
    } else {
        visible(text)
    }
}

fn picture(code: u32) -> char {
    char::from_u32(0x2400 + code).unwrap_or('\u{fffd}')
}

/// Neither a control nor a character that reorders or hides others.
///
/// Zero-width joiners stay: emoji and several scripts need them.
fn is_plain(c: char) -> bool {
    !(c.is_control()
        || matches!(c,
            '\u{061c}'
            | '\u{200b}'
            | '\u{200e}' | '\u{200f}'
            | '\u{2028}' | '\u{2029}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_not_copied() {
        assert!(matches!(visible("loss=0.1 ✓ 日本"), Cow::Borrowed(_)));
    }

    #[test]
    fn escapes_and_bidi_are_shown() {
        assert_eq!(visible("\x1b[31mred\u{202e}x"), "␛[31mred<U+202E>x");
        assert_eq!(visible("a\tb\u{9b}c"), "a    b<U+009B>c");
        assert_eq!(visible_line("a\r\nb\rc"), "a⏎b⏎c");
    }

    proptest::proptest! {
        #[test]
        fn nothing_steers_a_terminal(text in ".*") {
            let shown = visible(&text);
            proptest::prop_assert!(shown.chars().all(is_plain));
        }
    }
}
