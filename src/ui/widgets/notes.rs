//! What a pane says in words: why it is empty, what failed, and the key or command that helps.

use ratatui::layout::Rect;

use crate::domain::source_error::SourceError;
use crate::keys::command::Command;
use crate::theme::Role;

use crate::ui::condition::{Condition, Kind, glyph_of};
use crate::ui::cx::Cx;
use crate::ui::paint::Words;
use crate::ui::text;

/// Why a list without rows has none, and what to do.
#[derive(Clone, Debug, Default)]
pub struct Empty {
    /// One sentence.
    pub why: String,
    /// A key that helps, and what it does.
    pub keys: Vec<(Command, &'static str)>,
}

impl Empty {
    pub fn new(why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            keys: Vec::new(),
        }
    }

    #[must_use]
    pub fn key(mut self, command: Command, does: &'static str) -> Self {
        self.keys.push((command, does));
        self
    }
}

/// Lines of a note, wrapped from the top of `area`; answers how many were written.
fn paragraph(cx: &mut Cx<'_, '_>, area: Rect, role: Role, line: &str) -> u16 {
    let ellipsis = cx.glyphs().ellipsis;
    let lines = text::wrap(
        line,
        usize::from(area.width),
        usize::from(area.height),
        ellipsis,
    );
    let style = cx.style(role);
    for (i, line) in lines.iter().enumerate() {
        cx.pen
            .text(area.x, area.y + i as u16, area.width, line, style);
    }
    lines.len() as u16
}

/// Fills a pane that has no data: not asked, loading, or failed with its cause and what mends it.
pub fn without_data(cx: &mut Cx<'_, '_>, area: Rect, condition: &Condition<'_>, what: &str) {
    let Some(mut area) = inset(area) else {
        return;
    };
    match condition.kind {
        Kind::Never => {
            let glyph = cx.glyphs().never;
            down(&mut area, |area| {
                paragraph(
                    cx,
                    area,
                    Role::Dim,
                    &format!("{glyph} {what}: not asked yet."),
                )
            });
            keys(cx, area, &[(Command::Refresh, "asks now")]);
        }
        Kind::Loading => {
            let glyph = cx.glyphs().loading;
            down(&mut area, |area| {
                paragraph(
                    cx,
                    area,
                    Role::Moving,
                    &format!("{glyph} Loading {what}{}", cx.glyphs().ellipsis),
                )
            });
            // What failed of several sources is worth knowing while the rest loads.
            for (_, error) in condition.problems.iter().take(3) {
                down(&mut area, |area| {
                    paragraph(cx, area, Role::Dim, &error.to_string())
                });
            }
        }
        _ => {
            if let Some(error) = condition.first() {
                failure(cx, area, error);
            }
        }
    }
}

/// A failure in full: word, what happened, what to do.
pub fn failure(cx: &mut Cx<'_, '_>, mut area: Rect, error: &SourceError) {
    let glyph = glyph_of(error.kind, cx.glyphs());
    let first = Words::new()
        .add(
            format!("{glyph} {}", error.kind.word()),
            cx.style(Role::Act),
        )
        .add(format!("  {}", error.source_name), cx.style(Role::Dim));
    down(&mut area, |area| {
        cx.pen.words(area.x, area.y, area.width, &first);
        1
    });
    down(&mut area, |area| {
        paragraph(cx, area, Role::Text, &error.what)
    });
    if let Some(hint) = &error.hint {
        let hint = format!("{} {hint}", cx.glyphs().arrow);
        down(&mut area, |area| paragraph(cx, area, Role::Strong, &hint));
    }
    area.y = (area.y + 1).min(area.bottom());
    area.height = area.height.saturating_sub(1);
    let again = if error.kind.is_transient() {
        "asks again now; it is retried by itself too"
    } else {
        "asks again"
    };
    keys(cx, area, &[(Command::Refresh, again)]);
}

/// Fills a pane whose answer has no rows.
pub fn empty(cx: &mut Cx<'_, '_>, area: Rect, empty: &Empty) {
    let Some(mut area) = inset(area) else {
        return;
    };
    down(&mut area, |area| paragraph(cx, area, Role::Dim, &empty.why));
    keys(cx, area, &empty.keys);
}

/// One line for each key: `r  asks again`.
fn keys(cx: &mut Cx<'_, '_>, area: Rect, keys: &[(Command, &'static str)]) {
    let mut y = area.y;
    for (command, does) in keys {
        if y >= area.bottom() {
            break;
        }
        if let Some(chord) = cx.key(*command) {
            let line = Words::new()
                .add(chord, cx.style(Role::Key))
                .add(format!("  {does}"), cx.style(Role::Dim));
            cx.pen.words(area.x, y, area.width, &line);
            y += 1;
        }
    }
}

/// Lines that the troubles of a pane with data take at its bottom: none, or one or two.
pub fn banner_height(condition: &Condition<'_>, area: Rect) -> u16 {
    if condition.problems.is_empty() || !condition.has_data() || area.height < 6 {
        return 0;
    }
    let hint = condition.first().is_some_and(|e| e.hint.is_some());
    1 + u16::from(hint && area.height > 9)
}

/// What is stale or missing, at the bottom of a pane that has data.
pub fn banner(cx: &mut Cx<'_, '_>, area: Rect, condition: &Condition<'_>) {
    let Some((name, error)) = condition.problems.first() else {
        return;
    };
    if area.is_empty() {
        return;
    }
    let ellipsis = cx.glyphs().ellipsis;
    let glyph = glyph_of(error.kind, cx.glyphs());
    let more = match condition.problems.len() - 1 {
        0 => String::new(),
        n => format!(" (+{n} more)"),
    };
    let of = name.map(|n| format!("{n} ")).unwrap_or_default();
    let head = format!(" {glyph} {of}{}: ", error.kind.word());
    let room = usize::from(area.width).saturating_sub(text::width(&head) + text::width(&more));
    let line = Words::new()
        .add(head, cx.style(Role::Look))
        .add(
            text::cut_end(&error.what, room, ellipsis),
            cx.style(Role::Text),
        )
        .add(more, cx.style(Role::Dim));
    cx.pen.words(area.x, area.y, area.width, &line);
    if let Some(hint) = &error.hint
        && area.height > 1
    {
        let style = cx.style(Role::Dim);
        let arrow = cx.glyphs().arrow;
        let hint = text::cut_end(
            &format!("   {arrow} {hint}"),
            usize::from(area.width),
            ellipsis,
        );
        cx.pen.text(area.x, area.y + 1, area.width, &hint, style);
    }
}

/// A margin of two cells at the sides and a line above, where there is room.
fn inset(area: Rect) -> Option<Rect> {
    let x = u16::from(area.width > 20) * 2;
    let y = u16::from(area.height > 4);
    let area = Rect {
        x: area.x + x,
        y: area.y + y,
        width: area.width.saturating_sub(2 * x),
        height: area.height.saturating_sub(y),
    };
    (!area.is_empty()).then_some(area)
}

/// Takes the lines that `draw` used off the top of `area`.
pub fn down(area: &mut Rect, draw: impl FnOnce(Rect) -> u16) {
    if area.is_empty() {
        return;
    }
    let used = draw(*area).min(area.height);
    area.y += used;
    area.height -= used;
}

/// Wrapped text in a role, for detail panes; answers the lines used.
pub fn prose(cx: &mut Cx<'_, '_>, area: Rect, role: Role, line: &str, most: u16) -> u16 {
    paragraph(
        cx,
        Rect {
            height: area.height.min(most),
            ..area
        },
        role,
        line,
    )
}
