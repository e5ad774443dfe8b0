//! Moving, sorting and settling lists.

use crate::domain::run::RunStatus;

use super::super::effect::Effect;
use super::super::list::Sort;
use super::super::model::Model;
use super::super::model::nav::Pane;
use super::super::model::versions::VersionsSection;
use super::super::msg::Notice;
use super::super::rows;
use super::super::table::{Align, Row as _};
use super::{asking, commits, data, lines, navigate, pages};

pub fn move_by(model: &mut Model, by: i64) -> Vec<Effect> {
    let pane = model.nav.focus;
    if commits::lists(model, pane) {
        commits::move_by(model, by);
        return Vec::new();
    }
    let height = model.nav.height(pane);
    let ids = rows::ids(model, pane);
    if let Some(list) = rows::list_mut(model, pane) {
        list.move_by(&ids, by, height);
    }
    selection_changed(model, pane)
}

/// The wheel scrolls the pane under it, whatever has the focus.
pub fn scroll(model: &mut Model, pane: Pane, by: i64) -> Vec<Effect> {
    if pane.is_page() && model.nav.pages.contains_key(&pane) {
        pages::scroll(model, pane, by);
        return Vec::new();
    }
    let focus = std::mem::replace(&mut model.nav.focus, pane);
    let effects = if asking::covers(model) {
        asking::move_in_sheet(model, by)
    } else if pane == Pane::LogLines {
        lines::move_by(model, by)
    } else {
        move_by(model, by)
    };
    model.nav.focus = focus;
    effects
}

/// Selects the row shown at `row`; a second click opens it.
pub fn select_shown(model: &mut Model, pane: Pane, row: usize, open: bool) -> Vec<Effect> {
    if asking::covers(model) {
        return asking::select_row(model, row, open);
    }
    if commits::lists(model, pane) {
        return if commits::select_shown(model, row) && open {
            navigate::open(model)
        } else {
            Vec::new()
        };
    }
    let ids = rows::ids(model, pane);
    let mut same = false;
    if let Some(list) = rows::list_mut(model, pane) {
        let index = list.top + row;
        same = list.selected.as_ref() == ids.get(index);
        list.select(&ids, index);
    }
    if same && open {
        navigate::open(model)
    } else {
        selection_changed(model, pane)
    }
}

/// Selects the row with this id, if it is shown; clears a filter that hides it.
pub fn select_id(model: &mut Model, pane: Pane, id: &str) {
    if commits::lists(model, pane) {
        return commits::select_id(model, id);
    }
    let height = model.nav.height(pane);
    let mut ids = rows::ids(model, pane);
    if !ids.iter().any(|other| other == id) {
        if let Some(list) = rows::list_mut(model, pane) {
            list.filter.clear();
        }
        ids = rows::ids(model, pane);
    }
    if let Some(list) = rows::list_mut(model, pane) {
        list.selected = Some(id.to_owned());
        list.chosen = true;
        list.move_by(&ids, 0, height);
    }
}

/// The next column becomes the order; after the last one the table's own order returns.
pub fn sort_next(model: &mut Model) -> Vec<Effect> {
    let pane = model.nav.focus;
    let columns = rows::columns(model, pane);
    if columns.is_empty() {
        if commits::lists(model, pane) {
            let text = "commits stay in Git's order, newest first; `/` finds those you want";
            model.notices.push(model.now, Notice::info(text));
        }
        return Vec::new();
    }
    // A tree has an order of its own.
    if is_tree(model, pane) {
        return Vec::new();
    }
    if let Some(list) = rows::list_mut(model, pane) {
        let next = match &list.sort {
            None => 0,
            Some(sort) => columns
                .iter()
                .position(|c| c.key == sort.column)
                .map_or(0, |i| i + 1),
        };
        // Numbers and times are wanted largest first.
        list.sort = columns.get(next).map(|column| Sort {
            column: column.key.to_owned(),
            descending: column.align == Align::Right,
        });
    }
    keep_selection_in_view(model, pane);
    Vec::new()
}

fn is_tree(model: &Model, pane: Pane) -> bool {
    pane == Pane::VersionList && model.versions.section == VersionsSection::Lineage
}

pub fn sort_reverse(model: &mut Model) -> Vec<Effect> {
    let pane = model.nav.focus;
    if is_tree(model, pane) {
        return Vec::new();
    }
    let first = rows::columns(model, pane).first().map(|c| c.key);
    if let Some(list) = rows::list_mut(model, pane) {
        match (&mut list.sort, first) {
            (Some(sort), _) => sort.descending = !sort.descending,
            (sort @ None, Some(column)) => {
                *sort = Some(Sort {
                    column: column.to_owned(),
                    descending: true,
                });
            }
            (None, None) => {}
        }
    }
    keep_selection_in_view(model, pane);
    Vec::new()
}

pub fn keep_selection_in_view(model: &mut Model, pane: Pane) {
    if commits::lists(model, pane) {
        return commits::settle(model);
    }
    let height = model.nav.height(pane);
    let ids = rows::ids(model, pane);
    if let Some(list) = rows::list_mut(model, pane) {
        list.move_by(&ids, 0, height);
    }
}

/// After new data: the selection stays on its row, and the row where it is on the screen.
pub fn settle(model: &mut Model, pane: Pane) {
    if commits::lists(model, pane) {
        return commits::settle(model);
    }
    let height = model.nav.height(pane);
    let ids = rows::ids(model, pane);
    if let Some(list) = rows::list_mut(model, pane) {
        let (index, top) = (list.index, list.top);
        list.settle(&ids);
        if top > 0 {
            list.top = (top + list.index).saturating_sub(index);
        }
        list.top = super::super::list::top_showing(list.index, list.top, height, ids.len());
    }
}

/// Among the steps of an opened run the one that tells most: the failed one, or the one it is in.
pub fn select_telling_step(model: &mut Model) {
    if model.runs.steps.chosen {
        return;
    }
    let telling = rows::selected_run(model).and_then(|run| {
        let by = |wanted: fn(RunStatus) -> bool| run.steps.iter().position(|s| wanted(s.status));
        let index =
            by(RunStatus::is_failure).or_else(|| by(|status| status == RunStatus::Running))?;
        Some(rows::step_rows(model)[index].id())
    });
    if let Some(id) = telling {
        select_id(model, Pane::RunDetail, &id);
    }
}

/// Among the variants of an opened endpoint the one that is ill.
pub fn select_telling_variant(model: &mut Model) {
    if model.endpoints.variants.chosen {
        return;
    }
    let telling = rows::selected_endpoint(model)
        .and_then(|row| row.health.reasons.iter().find_map(|r| r.variant.clone()));
    if let Some(name) = telling {
        select_id(model, Pane::EndpointDetail, &name);
    }
}

/// What the detail pane beside the list now needs.
pub fn selection_changed(model: &mut Model, pane: Pane) -> Vec<Effect> {
    match pane {
        Pane::RunList => {
            model.runs.steps = super::super::list::ListState::default();
            settle(model, Pane::RunDetail);
            data::describe_selected_run(model)
        }
        Pane::EndpointList => {
            model.endpoints.variants = super::super::list::ListState::default();
            settle(model, Pane::EndpointDetail);
            Vec::new()
        }
        // The filter may be another one.
        Pane::VersionList if commits::lists(model, pane) => commits::filter_changed(model),
        _ => Vec::new(),
    }
}

/// A screen that comes into view may lack the details of its selected row.
pub fn selection_changed_on_show(
    model: &mut Model,
    screen: super::super::model::nav::Screen,
) -> Vec<Effect> {
    if screen == super::super::model::nav::Screen::Runs {
        data::describe_selected_run(model)
    } else {
        Vec::new()
    }
}
