//! The prompt of Logs Insights: the query and its time, what it will scan, and what that costs.

use ratatui::layout::Rect;

use crate::domain::figures::{bytes, counted};
use crate::keys::command::Command;
use crate::store::model::logs::{FormField, QueryForm};
use crate::store::text_field::TextField;
use crate::store::update::{Estimate, estimate};
use crate::theme::Role;
use crate::ui::cx::Cx;
use crate::ui::layout::{cut_bottom, cut_top, margin};
use crate::ui::paint::Words;
use crate::ui::{format, signs, text};

use super::sheet;

/// Cells of the names before the fields.
const NAMES: u16 = 7;

/// Rows of the query at most.
const MOST_ROWS: usize = 8;

/// Rows around the query: its time, a blank, three for the price.
const AROUND: u16 = 6;

pub fn draw(cx: &mut Cx<'_, '_>, body: Rect, form: &QueryForm) {
    let estimate = estimate(cx.model, form);
    let width = body.width.saturating_sub(2).min(120);
    let inside = usize::from(width.saturating_sub(4 + NAMES)).max(8);
    let rows = rows(&form.query, inside);
    let height = rows.len().clamp(2, MOST_ROWS) as u16 + AROUND + 2;
    let title = match form.title.as_str() {
        "Insights" => "Ask Logs Insights".to_owned(),
        title => format!("Ask Logs Insights: {title}"),
    };
    let title = cx.say(Role::Title, title);
    let groups = form.targets.iter().map(|target| target.group.as_str());
    let mut groups: Vec<&str> = groups.collect();
    groups.sort_unstable();
    groups.dedup();
    let right = match groups.as_slice() {
        [one] => text::cut_middle(one, usize::from(width / 2), cx.glyphs().ellipsis),
        many => counted(many.len(), "log group"),
    };
    let right = cx.say(Role::Dim, right);
    let inner = sheet(cx, body, (width, height), &title, &right);
    let room = margin(inner, 1);
    let (line, rest) = cut_top(room, 1);
    range(cx, line, form, &estimate);
    let (rest, price) = cut_bottom(rest, AROUND - 2);
    query(cx, rest, form, &rows);
    below(cx, price, form, &estimate);
}

fn range(cx: &mut Cx<'_, '_>, line: Rect, form: &QueryForm, estimate: &Result<Estimate, String>) {
    name(cx, line, "time", form.field == FormField::Range);
    let x = line.x + NAMES;
    let width = line.right().saturating_sub(x);
    let rows = rows(&form.range, usize::from(width).max(8));
    let has_keys = form.field == FormField::Range;
    let used = field(cx, Rect { x, width, ..line }, &form.range, &rows, has_keys);
    let told = match estimate {
        Ok(estimate) => {
            let from = cx.time(estimate.from);
            let until = cx.time(estimate.until);
            cx.say(Role::Dim, format!("{from} to {until}"))
        }
        Err(problem) => cx.say(Role::Look, problem.clone()),
    };
    let x = x + used + 3;
    cx.pen
        .words(x, line.y, line.right().saturating_sub(x), &told);
}

fn query(cx: &mut Cx<'_, '_>, area: Rect, form: &QueryForm, rows: &[(usize, usize)]) {
    let has_keys = form.field == FormField::Query;
    name(cx, area, "query", has_keys);
    let x = area.x + NAMES;
    let here = Rect {
        x,
        width: area.right().saturating_sub(x),
        ..area
    };
    field(cx, here, &form.query, rows, has_keys);
}

fn name(cx: &mut Cx<'_, '_>, line: Rect, name: &str, has_keys: bool) {
    let role = if has_keys { Role::Key } else { Role::Dim };
    let words = cx.say(role, name.to_owned());
    cx.pen.words(line.x, line.y, line.width.min(NAMES), &words);
}

/// Where the rows of a text begin and end, in bytes: cut where a word ends if one does.
fn rows(field: &TextField, width: usize) -> Vec<(usize, usize)> {
    let whole = field.text();
    let mut rows = Vec::new();
    let mut from = 0;
    loop {
        // One cell is kept for the cursor at the end.
        let fits = text::take_front(&whole[from..], width.saturating_sub(1)).len();
        let end = from + fits;
        if end >= whole.len() || fits == 0 {
            rows.push((from, whole.len()));
            return rows;
        }
        let word = whole[from..end].rfind(' ').map(|at| from + at + 1);
        let end = word.filter(|at| *at > from).unwrap_or(end);
        rows.push((from, end));
        from = end;
    }
}

/// Draws as many rows as fit, the cursor among them; answers the cells of the first one.
fn field(
    cx: &mut Cx<'_, '_>,
    area: Rect,
    field: &TextField,
    rows: &[(usize, usize)],
    has_keys: bool,
) -> u16 {
    let cursor = field.cursor();
    let at = rows
        .iter()
        .rposition(|(from, _)| *from <= cursor)
        .unwrap_or(0);
    let height = usize::from(area.height).max(1);
    let top = (at + 1).saturating_sub(height);
    let mut first = 0;
    for (place, (from, end)) in rows.iter().skip(top).take(height).enumerate() {
        let y = area.y + place as u16;
        let line = &field.text()[*from..*end];
        let style = cx.style(if has_keys { Role::Strong } else { Role::Text });
        let used = cx.pen.text(area.x, y, area.width, line, style);
        if place == 0 {
            first = used;
        }
        if has_keys && top + place == at {
            let before = text::width(&text::safe(&line[..cursor - from])) as u16;
            let x = area.x + before;
            if cursor == field.text().len() {
                let caret = signs::caret(cx.glyphs());
                let style = cx.style(Role::Moving);
                cx.pen.text(x, y, 1, caret, style);
                first += u16::from(place == 0);
            } else {
                let style = cx.style(Role::Selected);
                cx.pen
                    .restyle(Rect::new(x, y, 1, 1).intersection(area), style);
            }
        }
    }
    first
}

/// What it scans, what that costs, whether that is allowed, and what Enter does.
fn below(cx: &mut Cx<'_, '_>, area: Rect, form: &QueryForm, estimate: &Result<Estimate, String>) {
    let mut lines: Vec<Words<'_>> = Vec::new();
    for why in form.unsaid.iter().take(1) {
        lines.push(cx.say(Role::Look, format!("left out of the query: {why}")));
    }
    if let Ok(estimate) = estimate {
        lines.push(scans(cx, estimate));
        lines.push(cap(cx, estimate));
        lines.push(next(cx, form, estimate));
    }
    let skipped = lines.len().saturating_sub(usize::from(area.height));
    let blank = usize::from(area.height).saturating_sub(lines.len());
    for (place, words) in lines.iter().skip(skipped).enumerate() {
        let y = area.y + (blank + place) as u16;
        cx.pen.words(area.x, y, area.width, words);
    }
}

fn scans<'t>(cx: &Cx<'_, '_>, estimate: &Estimate) -> Words<'t> {
    let stored = bytes(estimate.stored_bytes);
    match estimate.scans {
        Some(scans) => {
            let (word, why) = if scans.at_most {
                ("at most", "all that is stored".to_owned())
            } else {
                (
                    "about",
                    format!("its share of {stored}; busy hours hold more"),
                )
            };
            cx.say(Role::Text, format!("scans {word} "))
                .join(cx.say(Role::Strong, bytes(scans.bytes)))
                .join(cx.say(Role::Text, ": "))
                .join(cx.say(Role::Strong, format::usd_fine(scans.usd)))
                .join(cx.say(Role::Dim, format!("  ({why})")))
        }
        None => cx.say(
            Role::Look,
            "how much it scans is not known: $0.005 a gigabyte",
        ),
    }
}

fn cap<'t>(cx: &Cx<'_, '_>, estimate: &Estimate) -> Words<'t> {
    let Some(left) = estimate.left_usd else {
        return cx.say(Role::Dim, "what may be spent today is not known yet");
    };
    if estimate.is_over_cap() {
        let text = format!(
            "{} more than the cap leaves today (${left:.2}): a shorter time scans less",
            cx.glyphs().act
        );
        return cx.say(Role::Act, text);
    }
    cx.say(
        Role::Dim,
        format!("the cap leaves ${left:.2} today; past it the query is stopped"),
    )
}

fn next<'t>(cx: &Cx<'_, '_>, form: &QueryForm, estimate: &Estimate) -> Words<'t> {
    let key = cx.key(Command::Submit).unwrap_or_default();
    if estimate.is_over_cap() {
        return Words::new();
    }
    let words = cx.say(Role::Key, key);
    if form.agreed {
        let cost = match estimate.scans {
            Some(scans) => format!(" again asks it, for {}", format::usd_fine(scans.usd)),
            None => " again asks it, whatever it costs up to the cap".to_owned(),
        };
        words.join(cx.say(Role::Look, cost))
    } else {
        words.join(cx.say(Role::Dim, " twice asks it"))
    }
}
