//! A pane with a table: title with counts, filter, order and age; rows, or the reason why there are none.

use ratatui::layout::Rect;

use crate::keys::command::Command;
use crate::store::list::ListState;
use crate::store::model::nav::Pane;
use crate::store::table::{Column, Row, visible_rows};
use crate::theme::Role;
use crate::ui::signs;

use crate::ui::condition::Condition;
use crate::ui::cx::Cx;
use crate::ui::layout::cut_bottom;
use crate::ui::paint::Words;
use crate::ui::widgets::notes::{self, Empty};
use crate::ui::widgets::pane::pane;
use crate::ui::widgets::table::{Sign, Table, Tint};
use crate::ui::{format, text};

pub struct ListPane<'t, R> {
    pub pane: Pane,
    /// What the list is; of sections those up to the open one.
    pub title: Words<'t>,
    /// The sections after it.
    pub after: Words<'t>,
    /// `run`, for `No run matches`.
    pub noun: &'t str,
    /// `the runs of this account`, for `Loading`.
    pub what: &'t str,
    pub items: &'t [R],
    pub columns: &'t [Column],
    pub list: &'t ListState,
    /// The table's own order in words; empty where it needs none.
    pub own_order: &'t str,
    pub condition: &'t Condition<'t>,
    /// Shown when the answer has no rows.
    pub empty: Empty,
    pub sign: Sign<'t, R>,
    pub tint: Tint<'t, R>,
}

impl<R: Row> ListPane<'_, R> {
    pub fn draw(&self, cx: &mut Cx<'_, '_>, area: Rect) {
        let order = visible_rows(self.items, self.columns, self.list);
        let title = self.title_line(cx, order.len());
        let badge = self.condition.badge(cx);
        let inner = pane(cx, area, Some(self.pane), &title, &badge);
        let inner = filter_line(cx, inner, self.pane, &self.list.filter, Some(order.len()));
        let banner = notes::banner_height(self.condition, inner);
        let (room, note) = cut_bottom(inner, banner);
        if banner > 0 {
            notes::banner(cx, note, self.condition);
        }
        if !self.condition.has_data() && self.items.is_empty() {
            cx.rows(room, self.pane, 0);
            notes::without_data(cx, room, self.condition, self.what);
            return;
        }
        if order.is_empty() {
            cx.rows(room, self.pane, 0);
            let nothing = if self.items.is_empty() {
                self.empty.clone()
            } else {
                let filter = text::cut_end(&self.list.filter, 40, cx.glyphs().ellipsis);
                Empty::new(format!(
                    "No {} matches `{filter}`; there are {}.",
                    self.noun,
                    format::thousands(self.items.len() as u64)
                ))
                .key(Command::Back, "clears the filter")
                .key(Command::Filter, "changes it")
            };
            notes::empty(cx, room, &nothing);
            return;
        }
        Table {
            pane: Some(self.pane),
            header: true,
            items: self.items,
            order: &order,
            columns: self.columns,
            list: self.list,
            sign: self.sign,
            tint: self.tint,
        }
        .draw(cx, room);
    }

    fn title_line<'w>(&self, cx: &Cx<'_, '_>, shown: usize) -> Words<'w>
    where
        Self: 'w,
    {
        let all = self.items.len();
        let mut words = self.title.to_owned_words();
        if all > 0 || self.condition.has_data() {
            let count = if shown == all {
                format!(" {}", format::thousands(all as u64))
            } else {
                format!(
                    " {} of {}",
                    format::thousands(shown as u64),
                    format::thousands(all as u64)
                )
            };
            words.push(count, cx.style(Role::Text));
        }
        words = words.join(self.after.to_owned_words());
        if !self.list.filter.trim().is_empty() {
            let filter = text::cut_end(self.list.filter.trim(), 40, cx.glyphs().ellipsis);
            words.push(" · ", cx.style(Role::Dim));
            words.push(filter, cx.mark());
        }
        let order = match &self.list.sort {
            Some(sort) => {
                let title = self
                    .columns
                    .iter()
                    .find(|c| c.key == sort.column)
                    .map_or(sort.column.as_str(), |c| c.title);
                let arrow = if sort.descending {
                    cx.glyphs().sort_down
                } else {
                    cx.glyphs().sort_up
                };
                format!(" · by {title} {arrow}")
            }
            None if self.own_order.is_empty() || all < 2 => String::new(),
            None => format!(" · {}", self.own_order),
        };
        words.push(order, cx.style(Role::Dim));
        words
    }
}

/// The line a filter is typed in, at the bottom of its pane while it is open; answers the room above it.
pub fn filter_line(
    cx: &mut Cx<'_, '_>,
    inner: Rect,
    id: Pane,
    filter: &str,
    matches: Option<usize>,
) -> Rect {
    if cx.model.nav.filtering != Some(id) || inner.height < 2 {
        return inner;
    }
    let (rest, line) = cut_bottom(inner, 1);
    let count = match matches {
        Some(1) => "1 match ".to_owned(),
        Some(n) => format!("{} matches ", format::thousands(n as u64)),
        None => String::new(),
    };
    let count = cx.say(Role::Dim, count);
    let taken = if !count.is_empty() && line.width > count.width() + 24 {
        cx.pen.words_right(line, &count) + 1
    } else {
        0
    };
    let room = line.width - taken;
    // The end of a long text is where typing goes on.
    let keep = usize::from(room.saturating_sub(5));
    let shown = text::take_back(filter, keep);
    let words = cx
        .say(Role::Key, " / ")
        .join(cx.say(Role::Strong, shown.to_owned()))
        .join(cx.say(Role::Moving, signs::caret(cx.glyphs())));
    cx.pen.words(line.x, line.y, room, &words);
    rest
}

/// Sections as a title: the open one bright, the others quiet. First those up to the open one, whose count follows;
/// then the others.
pub fn sections<'t>(
    cx: &Cx<'_, '_>,
    titles: impl IntoIterator<Item = (&'static str, bool)>,
) -> (Words<'t>, Words<'t>) {
    let (mut title, mut after) = (Words::new(), Words::new());
    let mut is_after = false;
    for (name, open) in titles {
        let words = if is_after { &mut after } else { &mut title };
        if is_after || !words.is_empty() {
            words.push("  ", cx.style(Role::Dim));
        }
        let role = if open { Role::Title } else { Role::Dim };
        words.push(name, cx.style(role));
        is_after |= open;
    }
    (title, after)
}
