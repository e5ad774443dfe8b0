//! What every drawing function gets: the view to read, the pen to write, and the notes of what is where.

use std::borrow::Cow;

use jiff::Timestamp;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::keys::Keymap;
use crate::keys::command::Command;
use crate::store::model::Model;
use crate::store::model::nav::Pane;
use crate::theme::{Glyphs, Role, Theme};

use super::format;
use super::paint::{Pen, Words};
use super::region::Viewports;

pub struct Cx<'v, 'b> {
    pub model: &'v Model,
    pub theme: &'v Theme,
    pub keymap: &'v Keymap,
    pub pen: Pen<'b>,
    pub seen: Viewports,
}

impl<'v> Cx<'v, '_> {
    pub fn style(&self, role: Role) -> Style {
        self.theme.style(role)
    }

    pub fn glyphs(&self) -> &'v Glyphs {
        self.theme.glyphs()
    }

    /// One piece of text in a role.
    pub fn say<'t>(&self, role: Role, text: impl Into<Cow<'t, str>>) -> Words<'t> {
        Words::new().add(text, self.style(role))
    }

    /// The style of what a filter found: its ground over ordinary text.
    pub fn mark(&self) -> Style {
        self.style(Role::Text).patch(self.style(Role::Mark))
    }

    /// The preferred key of a command, as the keymap writes it.
    pub fn key(&self, command: Command) -> Option<String> {
        let chords = self.keymap.chords_of(command).into_iter().next()?;
        Some(named(&chords))
    }

    /// Notes how many rows a pane has room for, and where the `shown` ones of them are.
    pub fn rows(&mut self, area: Rect, pane: Pane, shown: u16) {
        match self.pen.window() {
            Some(window) => self.seen.page_rows(area, pane, shown, window),
            None => self.seen.rows(area, pane, shown),
        }
    }

    /// A time in the zone of the settings.
    pub fn time(&self, at: Timestamp) -> String {
        format::time(at, self.model.now, &self.model.settings.time_zone)
    }

    /// `Nov 20 14:02 · 2d ago`.
    pub fn time_and_age(&self, at: Timestamp) -> String {
        format!("{} · {}", self.time(at), format::ago(at, self.model.now))
    }

    /// Whether the keys go to this pane: nothing lies over it.
    pub fn has_focus(&self, pane: Pane) -> bool {
        self.model.nav.focus == pane && self.model.nav.popups.is_empty()
    }
}

/// Keys that have names begin with a capital: `Enter`, `Esc`, but `ctrl-d` and `g g` as they are.
pub fn named(chords: &str) -> String {
    let words: Vec<String> = chords
        .split(' ')
        .map(|key| {
            match key {
                "pageup" => return "PageUp".to_owned(),
                "pagedown" => return "PageDown".to_owned(),
                "backtab" => return "BackTab".to_owned(),
                _ => {}
            }
            let mut letters = key.chars();
            match letters.next() {
                Some(first) if key.len() > 1 && !key.contains('-') => {
                    first.to_uppercase().chain(letters).collect()
                }
                _ => key.to_owned(),
            }
        })
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn only_names_of_keys_get_capitals() {
        assert_eq!(
            ["enter", "g g", "ctrl-d", "G", "-", "esc esc"].map(named),
            ["Enter", "g g", "ctrl-d", "G", "-", "Esc Esc"]
        );
    }
}
