//! From screen to screen and back to exactly the same place.

use crate::domain::log::LogTarget;
use crate::findings::Subject;

use super::super::effect::Effect;
use super::super::model::Model;
use super::super::model::costs::CostsSection;
use super::super::model::nav::{Pane, Place, Screen};
use super::super::model::versions::VersionsSection;
use super::super::msg::Notice;
use super::super::rows;
use super::{asking, commits, lineage, lines, links, lists};

/// How many places Back remembers.
const REMEMBERED: usize = 50;

pub fn go(model: &mut Model, screen: Screen) -> Vec<Effect> {
    model.nav.popups.clear();
    model.nav.filtering = None;
    lines::leave_input(model);
    if model.settings.local {
        let text = "only files are open; flightdeck without them shows the account";
        model.notices.push(model.now, Notice::info(text));
        return Vec::new();
    }
    if model.nav.screen == screen {
        model.nav.focus = screen.first_pane();
        return Vec::new();
    }
    remember(model);
    show(model, screen)
}

/// Shows a screen as it was left.
pub fn show(model: &mut Model, screen: Screen) -> Vec<Effect> {
    model.nav.screen = screen;
    model.nav.focus = if screen == Screen::Logs && model.logs.tail.is_some() {
        Pane::LogLines
    } else {
        screen.first_pane()
    };
    model.nav.zoom = false;
    for &pane in screen.panes() {
        lists::settle(model, pane);
    }
    lists::selection_changed_on_show(model, screen)
}

pub fn remember(model: &mut Model) {
    let screen = model.nav.screen;
    let lists = screen
        .panes()
        .iter()
        .filter_map(|&pane| Some((pane, rows::list(model, pane)?.clone())))
        .collect();
    let place = Place {
        screen,
        focus: model.nav.focus,
        zoom: model.nav.zoom,
        lists,
        section: section(model, screen),
    };
    if model.nav.back.len() == REMEMBERED {
        model.nav.back.remove(0);
    }
    model.nav.back.push(place);
}

/// Closes what is open, innermost first; then returns to the place before.
pub fn back(model: &mut Model) -> Vec<Effect> {
    if model.nav.popups.pop().is_some() {
        return Vec::new();
    }
    match model.nav.filtering.take() {
        Some(Pane::LogLines) => return lines::cancel(model),
        Some(_) => return Vec::new(),
        None => {}
    }
    if model.nav.zoom {
        model.nav.zoom = false;
        return Vec::new();
    }
    let focus = model.nav.focus;
    if focus == Pane::LogLines
        && let Some(effects) = asking::close_sheet(model)
            .or_else(|| lines::clear_last(model))
            .or_else(|| asking::close(model))
    {
        return effects;
    }
    if let Some(list) = rows::list_mut(model, focus)
        && !list.filter.is_empty()
    {
        list.filter.clear();
        lists::keep_selection_in_view(model, focus);
        return if commits::lists(model, focus) {
            commits::filter_changed(model)
        } else {
            Vec::new()
        };
    }
    if commits::close(model) {
        return Vec::new();
    }
    if focus == Pane::LogGroups && model.logs.open_group.take().is_some() {
        model.logs.list = super::super::list::ListState::default();
        lists::settle(model, Pane::LogGroups);
        return Vec::new();
    }
    if model.settings.local {
        return Vec::new();
    }
    // Out of a detail pane to its list, unless a link brought us straight into it.
    let linked = model
        .nav
        .back
        .last()
        .is_some_and(|place| place.screen != model.nav.screen && focus == Pane::LogLines);
    if focus.is_detail() && !linked {
        model.nav.focus = model.nav.screen.first_pane();
        return Vec::new();
    }
    let Some(place) = model.nav.back.pop() else {
        return Vec::new();
    };
    model.nav.screen = place.screen;
    model.nav.focus = place.focus;
    model.nav.zoom = place.zoom;
    set_section(model, place.screen, place.section);
    let mut effects = Vec::new();
    for (pane, list) in place.lists {
        if let Some(slot) = rows::list_mut(model, pane) {
            *slot = list;
        }
        if commits::lists(model, pane) {
            effects.extend(commits::filter_changed(model));
        }
        lists::settle(model, pane);
    }
    effects
}

pub fn step_screen(model: &mut Model, by: i64) -> Vec<Effect> {
    let all = Screen::ALL;
    let at = all
        .iter()
        .position(|s| *s == model.nav.screen)
        .unwrap_or_default();
    go(model, all[wrap(at, by, all.len())])
}

pub fn step_focus(model: &mut Model, by: i64) -> Vec<Effect> {
    if model.settings.local {
        return Vec::new();
    }
    let panes = model.nav.screen.panes();
    let at = panes
        .iter()
        .position(|p| *p == model.nav.focus)
        .unwrap_or_default();
    model.nav.focus = panes[wrap(at, by, panes.len())];
    Vec::new()
}

/// Sections of Costs and Versions; groups and streams on Logs.
pub fn step_section(model: &mut Model, by: i64) -> Vec<Effect> {
    let screen = model.nav.screen;
    let count = match screen {
        Screen::Costs => CostsSection::ALL.len(),
        Screen::Versions => VersionsSection::ALL.len(),
        Screen::Logs => return links::toggle_streams(model),
        Screen::Deck | Screen::Runs | Screen::Endpoints => return Vec::new(),
    };
    let mut next = wrap(section(model, screen), by, count);
    while screen == Screen::Versions
        && VersionsSection::ALL
            .get(next)
            .is_some_and(|section| !model.has_section(*section))
    {
        next = wrap(next, by, count);
    }
    set_section(model, screen, next);
    model.nav.focus = screen.first_pane();
    lists::settle(model, screen.first_pane());
    Vec::new()
}

fn wrap(at: usize, by: i64, count: usize) -> usize {
    let count = i64::try_from(count).unwrap_or(1).max(1);
    let at = i64::try_from(at).unwrap_or(0);
    usize::try_from((at + by).rem_euclid(count)).unwrap_or(0)
}

fn section(model: &Model, screen: Screen) -> usize {
    match screen {
        Screen::Costs => CostsSection::ALL
            .iter()
            .position(|s| *s == model.costs.section),
        Screen::Versions => VersionsSection::ALL
            .iter()
            .position(|s| *s == model.versions.section),
        _ => None,
    }
    .unwrap_or_default()
}

fn set_section(model: &mut Model, screen: Screen, section: usize) {
    match screen {
        Screen::Costs => {
            if let Some(found) = CostsSection::ALL.get(section) {
                model.costs.section = *found;
            }
        }
        Screen::Versions => {
            if let Some(found) = VersionsSection::ALL.get(section) {
                model.versions.section = *found;
            }
        }
        _ => {}
    }
}

/// Enter: into the details, or to what the row points to.
pub fn open(model: &mut Model) -> Vec<Effect> {
    match model.nav.focus {
        Pane::Findings => match rows::selected_finding(model).map(|f| f.subject.clone()) {
            Some(subject) => go_to_subject(model, &subject),
            None => Vec::new(),
        },
        Pane::RunList => enter(model, Pane::RunDetail),
        Pane::EndpointList => enter(model, Pane::EndpointDetail),
        Pane::CostList => enter(model, Pane::CostDetail),
        Pane::VersionList if model.versions.section == VersionsSection::Lineage => {
            lineage::go_to_selected(model)
        }
        Pane::VersionList => enter(model, Pane::VersionDetail),
        Pane::RunDetail | Pane::EndpointDetail => links::show_logs(model),
        Pane::LogGroups => open_log_row(model),
        Pane::LogLines if asking::covers(model) => asking::open_row(model),
        Pane::LogLines => lines::toggle_block(model),
        Pane::VersionDetail if model.versions.section == VersionsSection::Commits => {
            commits::open_selected(model)
        }
        Pane::CostDetail | Pane::VersionDetail => Vec::new(),
    }
}

fn enter(model: &mut Model, pane: Pane) -> Vec<Effect> {
    let list = model.nav.focus;
    model.nav.focus = pane;
    lists::settle(model, pane);
    match list {
        Pane::RunList => {
            lists::select_telling_step(model);
            super::data::describe_selected_run(model)
        }
        Pane::EndpointList => {
            lists::select_telling_variant(model);
            Vec::new()
        }
        _ => Vec::new(),
    }
}

fn open_log_row(model: &mut Model) -> Vec<Effect> {
    let target = if let Some(stream) = rows::selected_stream(model) {
        LogTarget::streams(stream.group.clone(), vec![stream.name.clone()])
    } else if let Some(group) = rows::selected_group(model) {
        LogTarget::group(group.name.clone())
    } else {
        return Vec::new();
    };
    model.nav.focus = Pane::LogLines;
    let title = target.label();
    lines::start(model, title, vec![target], false)
}

/// To the thing a finding, a palette entry or the command line names.
pub fn go_to_subject(model: &mut Model, subject: &Subject) -> Vec<Effect> {
    let (screen, pane, id) = match subject {
        Subject::Run { key } => (Screen::Runs, Pane::RunList, Some(key.clone())),
        Subject::Endpoint { name, .. } => {
            (Screen::Endpoints, Pane::EndpointList, Some(name.clone()))
        }
        Subject::Alarm { name } => return go_to_alarm(model, &name.clone()),
        Subject::Budget { name } => {
            model.costs.section = CostsSection::Budgets;
            (Screen::Costs, Pane::CostList, Some(name.clone()))
        }
        Subject::Costs => (Screen::Costs, Pane::CostList, None),
        Subject::Data { path } => {
            model.versions.section = VersionsSection::Data;
            (Screen::Versions, Pane::VersionList, Some(path.clone()))
        }
        Subject::Repository => {
            model.versions.section = VersionsSection::Commits;
            (Screen::Versions, Pane::VersionList, None)
        }
        Subject::ModelVersion { arn } => {
            model.versions.section = VersionsSection::Models;
            (Screen::Versions, Pane::VersionList, Some(arn.clone()))
        }
        Subject::Credentials => {
            let next = rows::selected_finding(model)
                .and_then(|f| f.next_steps.first().cloned())
                .unwrap_or_else(|| "renew the session, then press r".to_owned());
            model.notices.push(model.now, Notice::warn(next));
            return Vec::new();
        }
    };
    let mut effects = go(model, screen);
    if let Some(id) = id {
        lists::select_id(model, pane, &id);
        effects.extend(lists::selection_changed(model, pane));
        model.nav.focus = match pane {
            Pane::RunList => Pane::RunDetail,
            Pane::EndpointList => Pane::EndpointDetail,
            _ => Pane::VersionDetail,
        };
        if screen == Screen::Costs {
            model.nav.focus = Pane::CostDetail;
        }
        if screen == Screen::Runs {
            lists::select_telling_step(model);
        }
    }
    if let Subject::Endpoint {
        variant: Some(variant),
        ..
    } = subject
    {
        lists::select_id(model, Pane::EndpointDetail, variant);
    }
    effects
}

/// An alarm is shown with the endpoint it watches; others have only the console.
fn go_to_alarm(model: &mut Model, name: &str) -> Vec<Effect> {
    let alarm = model
        .endpoints
        .alarms
        .items()
        .iter()
        .find(|a| a.name == name);
    if let Some(endpoint) = alarm.and_then(|a| a.dimension("EndpointName")) {
        let subject = Subject::Endpoint {
            name: endpoint.to_owned(),
            variant: None,
        };
        return go_to_subject(model, &subject);
    }
    let text = alarm
        .and_then(|a| a.reason.clone())
        .unwrap_or_else(|| format!("alarm {name}"));
    model.notices.push(model.now, Notice::warn(text));
    Vec::new()
}
