//! Cutting text to a number of columns, at a word.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::domain::safe_text;

/// One line of visible text: white space runs become one blank, colour codes vanish, other controls show.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("\x1b[") {
        out.push_str(&rest[..start]);
        let tail = &rest[start + 2..];
        let end = tail.find(|c: char| ('\x40'..='\x7e').contains(&c));
        rest = end.map_or("", |end| &tail[end + 1..]);
    }
    out.push_str(rest);
    let words: Vec<&str> = out.split_whitespace().collect();
    safe_text::visible_line(&words.join(" ")).into_owned()
}

/// Columns or characters, whichever are more: combining marks have no width, wide letters have two.
pub fn size(text: &str) -> usize {
    text.width().max(text.chars().count())
}

/// What leads on to something and says nothing at the end of a line.
const LEADS_ON: [char; 6] = [' ', ',', ':', ';', '(', '['];

/// At most `limit` columns and characters; what is cut ends in `…`, at a word where one ends near by.
pub fn fit(text: &str, limit: usize) -> String {
    let text = clean(text);
    let text = text.trim_end_matches(LEADS_ON);
    if size(text) <= limit {
        return text.to_owned();
    }
    let room = limit.saturating_sub(1);
    let (mut columns, mut chars, mut end) = (0, 0, 0);
    for (at, cluster) in text.grapheme_indices(true) {
        columns += cluster.width();
        chars += cluster.chars().count();
        if columns.max(chars) > room {
            break;
        }
        end = at + cluster.len();
    }
    let mut head = &text[..end];
    // A word cut in two is worse than a shorter text, but not than half of it.
    if !text[end..].starts_with(' ')
        && let Some(blank) = head.rfind(' ')
        && size(&head[..blank]) * 3 >= room * 2
    {
        head = &head[..blank];
    }
    let head = head.trim_end_matches(|c| LEADS_ON.contains(&c) || matches!(c, '.' | '-'));
    let cut = format!("{head}…");
    if size(&cut) <= limit {
        cut
    } else {
        String::new()
    }
}
