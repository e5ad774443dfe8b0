//! Keys and wheel in a detail pane: the selection goes from row to row; where it ends, the page scrolls on.

use super::super::effect::Effect;
use super::super::model::Model;
use super::super::model::nav::{Page, Pane};
use super::super::{pages, rows};
use super::lists;

/// More rows than any page has: to one of its ends.
const FAR: u64 = u32::MAX as u64;

/// Subjects whose position is kept. Beyond that all are forgotten: nobody remembers where they left so many.
const REMEMBERED: usize = 200;

/// One row or line on, or to an end.
pub fn move_by(model: &mut Model, by: i64) -> Vec<Effect> {
    let pane = model.nav.focus;
    let Some(page) = model.nav.pages.get(&pane).copied() else {
        return lists::move_by(model, by);
    };
    if by.unsigned_abs() > FAR {
        scroll_to(model, pane, page, if by < 0 { 0 } else { usize::MAX });
        return lists::move_by(model, by);
    }
    let top = top(model, pane, page);
    let selected = row_line(model, pane, page);
    if selected.is_some_and(|line| !is_shown(page, top, line)) && scroll(model, pane, by) {
        return Vec::new();
    }
    let effects = lists::move_by(model, by);
    match row_line(model, pane, page) {
        Some(line) if selected != Some(line) => show_line(model, pane, page, line),
        _ => {
            scroll(model, pane, by);
        }
    }
    effects
}

/// Whole pages; a page that is not long enough to scroll moves the selection instead.
pub fn turn(model: &mut Model, pages: i64) -> Vec<Effect> {
    let pane = model.nav.focus;
    let height = model.nav.pages.get(&pane).map_or(20, |page| page.height);
    let by = pages * i64::from(height.saturating_sub(1).max(1));
    if scroll(model, pane, by) {
        return Vec::new();
    }
    lists::move_by(model, by)
}

/// Scrolls the page and takes the selection along, so that it stays in sight; answers whether it did scroll.
pub fn scroll(model: &mut Model, pane: Pane, by: i64) -> bool {
    let Some(page) = model.nav.pages.get(&pane).copied() else {
        return false;
    };
    let before = top(model, pane, page);
    let wanted = before.saturating_add_signed(isize::try_from(by).unwrap_or(0));
    scroll_to(model, pane, page, wanted);
    let after = top(model, pane, page);
    if after == before {
        return false;
    }
    let ids = rows::ids(model, pane);
    let first = after.saturating_sub(usize::from(page.rows));
    let end = (after + usize::from(page.height))
        .saturating_sub(usize::from(page.rows))
        .min(ids.len());
    if first < end
        && let Some(list) = rows::list_mut(model, pane)
    {
        let index = list.index.clamp(first, end - 1);
        if index != list.index {
            list.select(&ids, index);
        }
    }
    true
}

/// The first line shown: what the user left, but never past the end.
fn top(model: &Model, pane: Pane, page: Page) -> usize {
    pages::top(model, pane).min(last_top(page))
}

fn last_top(page: Page) -> usize {
    usize::from(page.length.saturating_sub(page.height))
}

fn scroll_to(model: &mut Model, pane: Pane, page: Page, line: usize) {
    let Some(subject) = pages::subject(model, pane) else {
        return;
    };
    let line = line.min(last_top(page));
    let scrolled = &mut model.nav.scrolled;
    if line == 0 {
        scrolled.remove(&(pane, subject));
        return;
    }
    if scrolled.len() >= REMEMBERED {
        scrolled.clear();
    }
    scrolled.insert((pane, subject), line);
}

/// The line of the page that the selected row stands on.
fn row_line(model: &Model, pane: Pane, page: Page) -> Option<usize> {
    let list = rows::list(model, pane)?;
    let selected = list.selected.as_ref()?;
    let index = rows::ids(model, pane)
        .iter()
        .position(|id| id == selected)?;
    Some(usize::from(page.rows) + index)
}

fn is_shown(page: Page, top: usize, line: usize) -> bool {
    (top..top + usize::from(page.height)).contains(&line)
}

/// Scrolls as little as shows the line.
fn show_line(model: &mut Model, pane: Pane, page: Page, line: usize) {
    let top = top(model, pane, page);
    let height = usize::from(page.height).max(1);
    let wanted = top.clamp((line + 1).saturating_sub(height), line);
    scroll_to(model, pane, page, wanted);
}
