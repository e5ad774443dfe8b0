//! Text fields: the filter of a pane, and the palette.

use unicode_segmentation::UnicodeSegmentation;

use super::super::effect::Effect;
use super::super::model::Model;
use super::super::model::nav::{Pane, Popup};
use super::super::palette::{Action, entries};
use super::super::rows;
use super::super::text_field::TextField;
use super::{asking, command, lines, lists, navigate};

/// The text being typed, wherever it is.
fn field(model: &mut Model) -> Option<&mut String> {
    if model.nav.popups.is_empty() {
        return match model.nav.filtering? {
            Pane::LogLines => {
                let input = model.logs.tail.as_mut()?.input.as_mut()?;
                Some(&mut input.text)
            }
            pane => rows::list_mut(model, pane).map(|list| &mut list.filter),
        };
    }
    match model.nav.popups.last_mut() {
        Some(Popup::Palette(palette)) => {
            palette.selected = 0;
            Some(&mut palette.text)
        }
        // Help and messages take no text.
        _ => None,
    }
}

/// Typed or pasted; line ends and other controls are left out.
pub fn text(model: &mut Model, text: &str) -> Vec<Effect> {
    if asking::edit(model, |field| field.insert(text)) {
        return Vec::new();
    }
    if let Some(field) = field(model) {
        field.extend(text.chars().filter(|c| !c.is_control()));
    }
    changed(model)
}

/// What only a field with a cursor knows.
pub fn in_query(model: &mut Model, change: fn(&mut TextField)) -> Vec<Effect> {
    asking::edit(model, change);
    Vec::new()
}

pub fn delete_back(model: &mut Model) -> Vec<Effect> {
    if asking::edit(model, TextField::delete_back) {
        return Vec::new();
    }
    if let Some(field) = field(model) {
        let end = field.grapheme_indices(true).next_back().map_or(0, |g| g.0);
        field.truncate(end);
    }
    changed(model)
}

pub fn delete_word(model: &mut Model) -> Vec<Effect> {
    if asking::edit(model, TextField::delete_word) {
        return Vec::new();
    }
    if let Some(field) = field(model) {
        let kept = field.trim_end();
        let end = kept
            .char_indices()
            .rev()
            .find(|(_, c)| c.is_whitespace())
            .map_or(0, |(i, c)| i + c.len_utf8());
        field.truncate(end);
    }
    changed(model)
}

pub fn delete_all(model: &mut Model) -> Vec<Effect> {
    if asking::edit(model, TextField::clear) {
        return Vec::new();
    }
    if let Some(field) = field(model) {
        field.clear();
    }
    changed(model)
}

fn changed(model: &mut Model) -> Vec<Effect> {
    match model.nav.filtering {
        Some(Pane::LogLines) if model.nav.popups.is_empty() => lines::changed(model),
        Some(pane) if model.nav.popups.is_empty() => {
            lists::keep_selection_in_view(model, pane);
            lists::selection_changed(model, pane)
        }
        _ => Vec::new(),
    }
}

/// Enter: a filter stays and the list has the keys again; a palette entry is carried out.
pub fn submit(model: &mut Model) -> Vec<Effect> {
    if asking::form(model).is_some() {
        return asking::submit(model);
    }
    let Some(Popup::Palette(palette)) = model.nav.popups.last() else {
        return match model.nav.filtering.take() {
            Some(Pane::LogLines) => lines::submit(model),
            _ => Vec::new(),
        };
    };
    let chosen = entries(model, &palette.text)
        .into_iter()
        .nth(palette.selected);
    model.nav.popups.pop();
    match chosen.map(|entry| entry.action) {
        Some(Action::Run(command)) => command::run(model, command),
        Some(Action::Go(subject)) => navigate::go_to_subject(model, &subject),
        Some(Action::Ask(saved)) => asking::begin_with(model, saved),
        Some(Action::Tail(group)) => super::links::tail_group(model, group),
        None => Vec::new(),
    }
}

/// Esc: an open filter is cleared, a palette goes away.
pub fn cancel(model: &mut Model) -> Vec<Effect> {
    if matches!(
        model.nav.popups.last(),
        Some(Popup::Palette(_) | Popup::Query(_))
    ) {
        model.nav.popups.pop();
        return Vec::new();
    }
    if model.nav.filtering == Some(Pane::LogLines) {
        model.nav.filtering = None;
        return lines::cancel(model);
    }
    let effects = delete_all(model);
    model.nav.filtering = None;
    effects
}

/// Tab in the palette: the chosen entry's name, to type on from there. In the prompt of a query: its other field.
pub fn complete(model: &mut Model) -> Vec<Effect> {
    if let Some(form) = asking::form(model) {
        asking::next_field(form);
        return Vec::new();
    }
    let Some(Popup::Palette(palette)) = model.nav.popups.last() else {
        return Vec::new();
    };
    let name = entries(model, &palette.text)
        .into_iter()
        .nth(palette.selected)
        .map(|entry| entry.name);
    if let (Some(name), Some(Popup::Palette(palette))) = (name, model.nav.popups.last_mut()) {
        palette.text = name;
        palette.selected = 0;
    }
    Vec::new()
}

pub fn step_entry(model: &mut Model, by: i64) -> Vec<Effect> {
    if asking::form(model).is_some() {
        asking::step_history(model, by);
        return Vec::new();
    }
    if let Some(Popup::Palette(palette)) = model.nav.popups.last() {
        let count = entries(model, &palette.text).len();
        let selected = palette
            .selected
            .saturating_add_signed(isize::try_from(by).unwrap_or(0))
            .min(count.saturating_sub(1));
        if let Some(Popup::Palette(palette)) = model.nav.popups.last_mut() {
            palette.selected = selected;
        }
        return Vec::new();
    }
    // While filtering a list the arrows move in it.
    if let Some(pane) = model.nav.filtering {
        model.nav.focus = pane;
        return if pane == Pane::LogLines {
            lines::move_by(model, by)
        } else {
            lists::move_by(model, by)
        };
    }
    Vec::new()
}
