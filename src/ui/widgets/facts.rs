//! Facts as label and value, the values in one column.

use ratatui::layout::Rect;

use crate::theme::Role;

use crate::ui::cx::Cx;
use crate::ui::paint::Words;
use crate::ui::text;

/// One fact, or a heading over some (with an empty value).
pub struct Fact<'t> {
    pub label: &'t str,
    pub value: String,
    pub role: Role,
    /// Lines that it may take where there is room; a single one is cut in the middle rather than at the end.
    most: u16,
}

/// Lines of an ordinary fact.
const LINES: u16 = 4;

/// Lines of one that is to be read in full.
const WHOLE: u16 = 60;

impl<'t> Fact<'t> {
    pub fn new(label: &'t str, value: impl Into<String>) -> Self {
        Self {
            label,
            value: value.into(),
            role: Role::Text,
            most: LINES,
        }
    }

    #[must_use]
    pub fn role(mut self, role: Role) -> Self {
        self.role = role;
        self
    }

    /// For ids whose beginning says enough.
    #[must_use]
    pub fn one_line(mut self) -> Self {
        self.most = 1;
        self
    }

    /// For text that somebody wants to read to the end.
    #[must_use]
    pub fn whole(mut self) -> Self {
        self.most = WHOLE;
        self
    }
}

/// Widest label that values are aligned after.
const LABEL: usize = 18;

/// Draws as many facts as fit and answers the lines used; the last line says how many did not.
pub fn facts(cx: &mut Cx<'_, '_>, area: Rect, facts: &[Fact<'_>]) -> u16 {
    facts_after(cx, area, facts, LABEL.min(usize::from(area.width / 3)))
}

/// The same with labels of at most so many cells, where they are what is read.
pub fn facts_after(cx: &mut Cx<'_, '_>, area: Rect, facts: &[Fact<'_>], most: usize) -> u16 {
    let facts: Vec<&Fact<'_>> = facts.iter().filter(|f| !f.value.is_empty()).collect();
    if area.is_empty() || facts.is_empty() {
        return 0;
    }
    let ellipsis = cx.glyphs().ellipsis;
    let label = facts
        .iter()
        .map(|f| text::width(&text::safe(f.label)))
        .max()
        .unwrap_or(0)
        .min(most)
        .min(usize::from(area.width).saturating_sub(16));
    let value_x = area.x + label as u16 + 2;
    let value_width = area.right().saturating_sub(value_x);
    let mut y = area.y;
    for (i, fact) in facts.iter().enumerate() {
        let left = area.bottom() - y;
        let more = facts.len() - i;
        if left == 1 && more > 1 {
            let style = cx.style(Role::Dim);
            cx.pen.text(
                area.x,
                y,
                area.width,
                &format!("{ellipsis} {more} more"),
                style,
            );
            return y + 1 - area.y;
        }
        let dim = cx.style(Role::Dim);
        let style = cx.style(fact.role);
        let name = text::cut_end(fact.label, label, ellipsis);
        cx.pen.text(area.x, y, label as u16, &name, dim);
        // A long value may take more lines where each of the others still has one.
        let spare = usize::from(left).saturating_sub(more);
        let lines = usize::from(fact.most).min(spare + 1);
        let value = if lines == 1 {
            vec![text::cut_middle(
                &fact.value,
                usize::from(value_width),
                ellipsis,
            )]
        } else {
            text::wrap(&fact.value, usize::from(value_width), lines, ellipsis)
        };
        for line in value {
            cx.pen.text(value_x, y, value_width, &line, style);
            y += 1;
        }
        if y >= area.bottom() {
            break;
        }
    }
    y - area.y
}

/// A short heading in a detail pane.
pub fn heading(cx: &mut Cx<'_, '_>, area: Rect, title: &str, note: &Words<'_>) -> u16 {
    if area.is_empty() {
        return 0;
    }
    let style = cx.style(Role::Strong);
    let used = cx.pen.text(area.x, area.y, area.width, title, style);
    if !note.is_empty() && area.width > used + 2 {
        cx.pen
            .words(area.x + used + 2, area.y, area.width - used - 2, note);
    }
    1
}
