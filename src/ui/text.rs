//! Text measured and cut in cells of the terminal, and the one door through which foreign text becomes visible.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::domain::safe_text;

/// No line on screen needs more of its text than this many bytes at each end: the rest is not even looked at.
const LOOKED_AT: usize = 4096;

/// Cells of one grapheme, as the terminal's buffer counts them.
pub fn cells(grapheme: &str) -> usize {
    grapheme.width()
}

/// Cells of a text, grapheme by grapheme.
pub fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.graphemes(true).map(cells).sum()
}

/// Text from outside on one line, harmless; of very long text only the beginning.
pub fn safe(text: &str) -> Cow<'_, str> {
    match safe_text::visible_line(head(text, LOOKED_AT)) {
        Cow::Borrowed(text) => steady(text),
        Cow::Owned(text) => Cow::Owned(steady(&text).into_owned()),
    }
}

/// The same of several lines, all of it.
pub fn safe_lines(text: &str) -> String {
    let lines: Vec<Cow<'_, str>> = text
        .split('\n')
        .map(|line| safe_text::visible(line.strip_suffix('\r').unwrap_or(line)))
        .collect();
    steady(&lines.join("\n")).into_owned()
}

/// Takes out what makes the width of emoji differ from terminal to terminal: joiners between them, skin tones and
/// presentation selectors. What is left stands side by side, each with the width that everyone agrees on.
fn steady(text: &str) -> Cow<'_, str> {
    let shifty = |c: char| {
        matches!(
            c,
            '\u{200d}' | '\u{fe0e}' | '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}'
        )
    };
    if text.is_ascii() || !text.contains(shifty) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut after_emoji = false;
    for c in text.chars() {
        if matches!(c, '\u{fe0e}' | '\u{fe0f}') {
            continue;
        }
        // Joiners of scripts stay: they shape letters, and take no cell.
        if shifty(c) && after_emoji {
            continue;
        }
        after_emoji =
            ('\u{2190}'..='\u{2bff}').contains(&c) || ('\u{1f000}'..='\u{1faff}').contains(&c);
        out.push(c);
    }
    Cow::Owned(out)
}

/// Where to break a line in its last word: after a `/`, `:` and the like, if that leaves it more than half full.
fn break_point(line: &str, word_start: usize, max: usize) -> usize {
    match line[word_start..].rfind(['/', ':', '-', '_', '=', '&', '?', ',', '.']) {
        Some(at) if width(&line[..=word_start + at]) * 2 > max => word_start + at + 1,
        _ => line.len(),
    }
}

/// At most `bytes` bytes, cut between characters.
pub fn head(text: &str, bytes: usize) -> &str {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The last `bytes` bytes at most, cut between characters.
fn tail(text: &str, bytes: usize) -> &str {
    let mut start = text.len().saturating_sub(bytes);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    &text[start..]
}

/// Cuts at the end: `CUDA out of me…`.
pub fn cut_end(text: &str, max: usize, ellipsis: &str) -> String {
    let text = safe(text);
    if width(&text) <= max {
        return text.into_owned();
    }
    let room = max.saturating_sub(width(ellipsis));
    let mut out = take_front(&text, room).to_owned();
    if max >= width(ellipsis) {
        out.push_str(ellipsis);
    }
    out
}

/// Cuts in the middle, the end a little longer: `churn-tr…-000212`. Suffixes tell AWS names apart.
pub fn cut_middle(text: &str, max: usize, ellipsis: &str) -> String {
    let safe_text: Cow<'_, str> = if text.len() <= LOOKED_AT {
        safe(text)
    } else {
        let ends = format!("{}{}", head(text, LOOKED_AT / 2), tail(text, LOOKED_AT / 2));
        Cow::Owned(safe(&ends).into_owned())
    };
    if width(&safe_text) <= max {
        return safe_text.into_owned();
    }
    let mark = width(ellipsis);
    if max <= mark {
        return take_front(&safe_text, max).to_owned();
    }
    let room = max - mark;
    let back = take_back(&safe_text, room.div_ceil(2));
    let front = take_front(&safe_text, room - width(back));
    format!("{front}{ellipsis}{back}")
}

/// As many graphemes from the front as fit into `room` cells.
pub fn take_front(text: &str, room: usize) -> &str {
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        used += cells(grapheme);
        if used > room {
            return &text[..at];
        }
    }
    text
}

/// As many graphemes from the back as fit into `room` cells.
pub fn take_back(text: &str, room: usize) -> &str {
    let mut used = 0;
    let mut start = text.len();
    for (at, grapheme) in text.grapheme_indices(true).rev() {
        used += cells(grapheme);
        if used > room {
            break;
        }
        start = at;
    }
    &text[start..]
}

/// Lines of at most `max` cells, broken between words where that is possible; at most `lines` of them, the last
/// one cut where text is left over.
pub fn wrap(text: &str, max: usize, lines: usize, ellipsis: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    if max == 0 || lines == 0 {
        return out;
    }
    let whole = safe_lines(head(text, LOOKED_AT).trim_end());
    for paragraph in whole.split('\n') {
        let mut line = String::new();
        let mut used = 0;
        for word in paragraph.split_inclusive(' ') {
            let size = width(word.trim_end());
            if used + size > max && size <= max {
                out.push(line.trim_end().to_owned());
                line.clear();
                used = 0;
            }
            // A word longer than any line is broken where the line ends.
            let mut word_start = line.len();
            for grapheme in word.graphemes(true) {
                let cells = cells(grapheme);
                if used + cells > max {
                    if grapheme == " " {
                        continue;
                    }
                    let rest = line.split_off(break_point(&line, word_start, max));
                    out.push(line.trim_end().to_owned());
                    used = width(&rest);
                    line = rest;
                    word_start = 0;
                }
                line.push_str(grapheme);
                used += cells;
            }
            if out.len() > lines {
                break;
            }
        }
        out.push(line.trim_end().to_owned());
        if out.len() > lines {
            break;
        }
    }
    if out.len() > lines {
        out.truncate(lines);
        if let Some(last) = out.last_mut() {
            *last = format!(
                "{}{ellipsis}",
                whole_words(last, max - width(ellipsis).min(max))
            );
        }
    }
    out
}

/// As much of a line as fits into `room` cells: to the end of a word, unless that leaves less than half of it; and
/// without what would lead on to the next word.
fn whole_words(line: &str, room: usize) -> &str {
    let front = take_front(line, room);
    let cut = if front.len() == line.len() || line[front.len()..].starts_with(' ') {
        front
    } else {
        front
            .rfind(' ')
            .map(|end| &front[..end])
            .filter(|words| width(words) * 2 > room)
            .unwrap_or(front)
    };
    cut.trim_end_matches([' ', ',', ':', ';', '('])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_cut_ends_with_a_word() {
        assert_eq!(
            wrap("step Train, training job", 12, 1, "…"),
            ["step Train…"]
        );
        assert_eq!(wrap("one two three four", 13, 1, "…"), ["one two…"]);
        assert_eq!(wrap("one abcdefghijklm x", 12, 1, "…"), ["one abcdefg…"]);
        assert_eq!(wrap("abcdefghijklm", 6, 1, "…"), ["abcde…"]);
    }

    #[test]
    fn names_keep_their_suffix() {
        assert_eq!(cut_middle("churn-train-000212", 10, "…"), "chur…00212");
        assert_eq!(cut_middle("short", 10, "…"), "short");
        assert_eq!(cut_middle("churn", 1, "…"), "c");
        assert_eq!(cut_middle("日本語のモデル", 8, "…"), "日…デル");
    }

    #[test]
    fn ends_are_cut_by_cells() {
        assert_eq!(cut_end("日本語", 5, "…"), "日本…");
        assert_eq!(cut_end("日本語", 6, "…"), "日本語");
        assert_eq!(cut_end("abc", 0, "…"), "");
    }

    #[test]
    fn wrapping_breaks_between_words_and_long_words() {
        assert_eq!(wrap("one two three", 7, 9, "…"), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh", 3, 9, "…"), ["abc", "def", "gh"]);
        assert_eq!(wrap("a b c d e f", 3, 2, "…"), ["a b", "c…"]);
        assert_eq!(wrap("x\r\ny", 9, 9, "…"), ["x", "y"]);
        assert!(wrap("x", 0, 3, "…").is_empty());
        assert_eq!(
            wrap("12 GiB capacity) on", 16, 9, "…"),
            ["12 GiB capacity)", "on"]
        );
        assert_eq!(wrap("日本語", 4, 9, "…"), ["日本", "語"]);
        assert_eq!(
            wrap("arn:aws:glue:job", 11, 9, "…"),
            ["arn:aws:", "glue:job"]
        );
    }

    #[test]
    fn emoji_have_the_width_that_terminals_agree_on() {
        assert_eq!(safe("a👩\u{200d}🔬👍\u{1f3fd}⚠\u{fe0f}"), "a👩🔬👍⚠");
        assert_eq!(safe("क\u{94d}\u{200d}ष"), "क\u{94d}\u{200d}ष");
    }

    #[test]
    fn nothing_gets_through_raw() {
        assert_eq!(cut_end("a\x1b[31m\u{202e}", 40, "…"), "a␛[31m<U+202E>");
        assert_eq!(wrap("a\tb\x07", 40, 3, "…"), ["a    b␇"]);
    }
}
