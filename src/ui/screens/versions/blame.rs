//! A file with who wrote each line; below it, the selected line: when it came, and what stood there before.

use ratatui::layout::Rect;

use crate::domain::history::blame::{Blame, BlamedCommit, BlamedLine};
use crate::keys::command::Command;
use crate::store::list::top_showing;
use crate::store::model::nav::Pane;
use crate::store::model::versions::history::Open;
use crate::theme::Role;
use crate::ui::cx::Cx;
use crate::ui::layout::{cut_bottom, cut_top, margin};
use crate::ui::widgets::facts::{Fact, facts};
use crate::ui::widgets::notes::{self, Empty, down, prose};
use crate::ui::widgets::table::scroll_mark;
use crate::ui::{format, text};

use super::commit::{side_name, titled};

/// Lines for the selected line's story.
const STORY: u16 = 9;

/// Cells of an author.
const AUTHOR: u16 = 12;

pub fn draw(cx: &mut Cx<'_, '_>, area: Rect, open: &Open) {
    let Open::Blame {
        at,
        path,
        answer,
        lines,
        ..
    } = open
    else {
        return;
    };
    let title = format!("{path} · who wrote it, at {}", side_name(*at));
    let inner = titled(cx, area, &title);
    let blame = match answer {
        None => {
            cx.rows(inner, Pane::VersionDetail, 0);
            return notes::empty(cx, inner, &Empty::new("Following the lines back."));
        }
        Some(Err(error)) => {
            cx.rows(inner, Pane::VersionDetail, 0);
            return notes::failure(cx, inner, error);
        }
        Some(Ok(blame)) => blame,
    };
    let mut inner = inner;
    if let Some(note) = &blame.note {
        down(&mut inner, |room| prose(cx, room, Role::Look, note, 2));
    }
    if !blame.done {
        let walked = format::thousands(blame.walked as u64);
        let line = format!("{} {walked} commits looked at", cx.glyphs().loading);
        down(&mut inner, |room| prose(cx, room, Role::Moving, &line, 1));
    }
    let story = if inner.height > 2 * STORY { STORY } else { 0 };
    let (body, below) = cut_bottom(inner, story);
    let height = usize::from(body.height);
    let top = top_showing(lines.index, lines.top, height, blame.lines.len());
    let shown = blame.lines.len().saturating_sub(top).min(height);
    cx.rows(body, Pane::VersionDetail, shown as u16);
    for line in 0..shown {
        let at = top + line;
        let y = body.y + line as u16;
        draw_line(
            cx,
            Rect {
                y,
                height: 1,
                ..body
            },
            blame,
            at,
        );
        if at == lines.index {
            let role = if cx.has_focus(Pane::VersionDetail) {
                Role::Selected
            } else {
                Role::SelectedUnfocused
            };
            let style = cx.style(role);
            cx.pen.restyle(
                Rect {
                    y,
                    height: 1,
                    ..body
                },
                style,
            );
        }
    }
    scroll_mark(cx, body, top, blame.lines.len());
    if story > 0
        && let Some(line) = blame.lines.get(lines.index)
    {
        draw_story(cx, below, blame, line);
    }
}

fn commit_of<'b>(blame: &'b Blame, line: &BlamedLine) -> Option<&'b BlamedCommit> {
    blame.commits.get(usize::try_from(line.commit?).ok()?)
}

fn draw_line(cx: &mut Cx<'_, '_>, area: Rect, blame: &Blame, at: usize) {
    let Some(line) = blame.lines.get(at) else {
        return;
    };
    let ellipsis = cx.glyphs().ellipsis;
    let above = at.checked_sub(1).and_then(|above| blame.lines.get(above));
    // Lines of one commit say so once.
    let again = above.is_some_and(|above| above.commit == line.commit && line.commit.is_some());
    let mut x = area.x;
    let commit = commit_of(blame, line).filter(|_| !again);
    if let Some(commit) = commit {
        let (id, role) = if commit.id.is_worktree() {
            ("changed".to_owned(), Role::Look)
        } else {
            (commit.id.short(), Role::Series4)
        };
        let style = cx.style(role);
        cx.pen.text(x, area.y, 7, &id, style);
    }
    x += 8;
    if area.width >= 56 {
        if let Some(commit) = commit {
            let style = cx.style(Role::Dim);
            let author = text::cut_end(&commit.author, usize::from(AUTHOR), ellipsis);
            cx.pen.text(x, area.y, AUTHOR, &author, style);
        }
        x += AUTHOR + 1;
    }
    let style = cx.style(Role::Dim);
    cx.pen.text(x, area.y, 5, &format!("{:>4} ", at + 1), style);
    x += 5;
    let room = area.right().saturating_sub(x + 1);
    let style = cx.style(Role::Text);
    let text = text::cut_end(&line.text, usize::from(room), ellipsis);
    cx.pen.text(x, area.y, room, &text, style);
}

/// Who, when, in which commit, and what was there before.
fn draw_story(cx: &mut Cx<'_, '_>, area: Rect, blame: &Blame, line: &BlamedLine) {
    let mut room = cut_top(margin(area, 1), 1).1;
    let Some(commit) = commit_of(blame, line) else {
        return;
    };
    let before = match &line.before {
        Some((_, text)) => text.trim().to_owned(),
        None if commit.parent.is_some() => "nothing: the line is new".to_owned(),
        None => "nothing: the file began here".to_owned(),
    };
    let when = jiff::Timestamp::from_second(commit.at).ok();
    let when = when.filter(|_| !commit.id.is_worktree());
    let list = [
        Fact::new("line", line.text.trim().to_owned())
            .role(Role::Strong)
            .one_line(),
        Fact::new("before", before).one_line(),
        Fact::new(
            "commit",
            format!("{} {}", commit.id.short(), commit.summary),
        )
        .one_line(),
        Fact::new("author", commit.author.clone()).one_line(),
        Fact::new(
            "when",
            when.map(|at| cx.time_and_age(at)).unwrap_or_default(),
        )
        .one_line(),
    ];
    down(&mut room, |room| facts(cx, room, &list));
    let keys = [
        (Command::Blame, "before that"),
        (Command::Open, "what the commit did here"),
    ];
    let words: Vec<String> = keys
        .iter()
        .filter_map(|(command, does)| Some(format!("{} {does}", cx.key(*command)?)))
        .collect();
    down(&mut room, |room| {
        prose(cx, room, Role::Dim, &words.join("   "), 1)
    });
}
