//! The text being typed over the lines, with what it found or why it means nothing yet.

use ratatui::layout::Rect;

use crate::store::model::logs::{InputKind, LineInput, Tail};
use crate::store::model::nav::Pane;
use crate::theme::Role;
use crate::ui::cx::Cx;
use crate::ui::layout::cut_bottom;
use crate::ui::paint::Words;
use crate::ui::{format, signs, text};

use super::title;

/// Draws the field in the last row, if it is open; answers the rows that are left.
pub fn draw(cx: &mut Cx<'_, '_>, inner: Rect, tail: &Tail) -> Rect {
    let Some(input) = &tail.input else {
        return inner;
    };
    if cx.model.nav.filtering != Some(Pane::LogLines) || inner.height < 2 {
        return inner;
    }
    let (rest, line) = cut_bottom(inner, 1);
    let note = note(cx, tail, input);
    let taken = if !note.is_empty() && usize::from(line.width) > usize::from(note.width()) + 20 {
        cx.pen.words_right(line, &note) + 1
    } else {
        0
    };
    let room = line.width - taken;
    let sign = match input.kind {
        InputKind::Find => " / ",
        InputKind::Keep => " & ",
        InputKind::Drop => " \\ ",
        InputKind::Time => " t ",
        InputKind::Export => " write to ",
        InputKind::Note => " note ",
    };
    // The end of a long text is where typing goes on.
    let keep = usize::from(room.saturating_sub(text::width(sign) as u16 + 2));
    let shown = text::take_back(&input.text, keep);
    let words = cx
        .say(Role::Key, sign)
        .join(cx.say(Role::Strong, shown.to_owned()))
        .join(cx.say(Role::Moving, signs::caret(cx.glyphs())));
    cx.pen.words(line.x, line.y, room, &words);
    rest
}

fn note<'t>(cx: &Cx<'_, '_>, tail: &Tail, input: &LineInput) -> Words<'t> {
    if let Some(problem) = &input.problem {
        return cx.say(Role::Look, format!("{problem} "));
    }
    let hint = match (input.kind, input.text.is_empty()) {
        (InputKind::Find, true) => "words  /regex/  level>=warn  loss<0.2  !without ",
        (InputKind::Keep, true) => "keep lines with: words  /regex/  level>=warn ",
        (InputKind::Drop, true) => "drop lines with: words  /regex/  level<warn ",
        (InputKind::Note, _) => "on the cursor's line ",
        (InputKind::Time, _) => "-15m  03:12  2026-11-22 03:12 ",
        (InputKind::Export, _) => {
            let what = match tail.selection() {
                Some(_) => "the selection".to_owned(),
                None => format!("{} lines", format::thousands(tail.progress.visible)),
            };
            let masked = if cx.model.logs.reveal {
                ", secrets shown"
            } else {
                ""
            };
            return cx.say(Role::Dim, format!("{what}{masked} · .log .jsonl .md "));
        }
        (InputKind::Find | InputKind::Keep | InputKind::Drop, false)
            if tail.progress.lines == 0 =>
        {
            "no lines here yet "
        }
        (InputKind::Find, false) => {
            let known = tail.search.as_ref().and_then(|search| search.matches);
            let mut words = title::matches(cx, known);
            words.push(" ", cx.style(Role::Dim));
            return words;
        }
        (InputKind::Keep | InputKind::Drop, false) => {
            let left = format::thousands(tail.progress.visible);
            return cx.say(Role::Dim, format!("{left} lines left "));
        }
    };
    cx.say(Role::Dim, hint)
}
