//! What each command does.

use crate::keys::command::Command;

use super::super::effect::Effect;
use super::super::model::Model;
use super::super::model::logs::InputKind;
use super::super::model::nav::{Palette, Pane, Popup, Screen};
use super::super::rows;
use super::super::text_field::TextField;
use super::{asking, commits, input, interest, lineage, lines, links, lists, navigate, pages};

pub fn run(model: &mut Model, command: Command) -> Vec<Effect> {
    if let Some(effects) = asking::refuse_under_sheet(model, command) {
        return effects;
    }
    match command {
        Command::GoDeck => navigate::go(model, Screen::Deck),
        Command::GoRuns => navigate::go(model, Screen::Runs),
        Command::GoEndpoints => navigate::go(model, Screen::Endpoints),
        Command::GoLogs => navigate::go(model, Screen::Logs),
        Command::GoCosts => navigate::go(model, Screen::Costs),
        Command::GoVersions => navigate::go(model, Screen::Versions),
        Command::NextScreen => navigate::step_screen(model, 1),
        Command::PreviousScreen => navigate::step_screen(model, -1),
        Command::Back => navigate::back(model),
        Command::Palette => open(model, Popup::Palette(Palette::default())),
        Command::Help => open(model, Popup::Help { scroll: 0 }),
        Command::Messages => open(model, Popup::Messages { scroll: 0 }),
        Command::Refresh => interest::refresh(model),
        Command::RefreshCosts => vec![Effect::RefreshCosts],
        Command::Zoom => {
            model.nav.zoom = !model.nav.zoom;
            Vec::new()
        }
        Command::FocusNext => navigate::step_focus(model, 1),
        Command::FocusPrevious => navigate::step_focus(model, -1),
        Command::Suspend => vec![Effect::Suspend],
        Command::Redraw => vec![Effect::Redraw],
        Command::Quit => vec![Effect::Quit],

        Command::Up => step(model, -1),
        Command::Down => step(model, 1),
        Command::PageUp => page(model, -1),
        Command::PageDown => page(model, 1),
        Command::Top => step(model, i64::MIN / 2),
        Command::Bottom => step(model, i64::MAX / 2),
        Command::Open => navigate::open(model),
        Command::Filter if asking::covers(model) => Vec::new(),
        Command::Filter if model.nav.focus == Pane::LogLines => {
            lines::begin(model, InputKind::Keep)
        }
        Command::Filter => {
            model.nav.filtering = Some(model.nav.focus).filter(|pane| filterable(model, *pane));
            Vec::new()
        }
        Command::NextSection => navigate::step_section(model, 1),
        Command::PreviousSection => navigate::step_section(model, -1),
        Command::SortNext => lists::sort_next(model),
        Command::SortReverse => lists::sort_reverse(model),
        Command::ShowLogs => links::show_logs(model),
        Command::ShowError => links::show_error(model),
        Command::ShowCosts => links::show_costs(model),
        Command::ShowVersions => links::show_versions(model),
        Command::ShowLineage => lineage::open_lineage(model),
        Command::ShowDifference => lineage::show_difference(model),
        Command::FoldBranch => lineage::toggle_fold(model),
        Command::OpenConsole => links::open_console(model),
        Command::CopyName if asking::covers(model) => asking::copy_sheet(model, false),
        Command::CopyArn if asking::covers(model) => asking::copy_sheet(model, true),
        Command::Mark => commits::mark(model),
        Command::Blame => commits::blame(model),
        Command::AllFiles => commits::all_files(model),
        Command::CopyName if model.nav.focus == Pane::LogLines => lines::copy(model, false),
        Command::CopyArn if model.nav.focus == Pane::LogLines => lines::copy(model, true),
        Command::CopyName => links::copy(model, false),
        Command::CopyArn => links::copy(model, true),

        Command::ToggleFollow => lines::toggle_follow(model),
        Command::ToggleWrap => {
            model.logs.wrap = !model.logs.wrap;
            Vec::new()
        }
        Command::ToggleTime => lines::toggle_time(model),
        Command::Reveal => {
            model.logs.reveal = !model.logs.reveal;
            Vec::new()
        }
        Command::ScrollLeft => lines::scroll_sideways(model, -1),
        Command::ScrollRight => lines::scroll_sideways(model, 1),
        Command::ToggleHistogram => {
            model.logs.histogram = !model.logs.histogram;
            Vec::new()
        }
        Command::NextBucket => lines::step_bucket(model, true),
        Command::PreviousBucket => lines::step_bucket(model, false),
        Command::ToggleCurves => {
            model.logs.curves = !model.logs.curves;
            Vec::new()
        }
        Command::NextError => lines::seek_error(model, true),
        Command::PreviousError => lines::seek_error(model, false),
        Command::Find => lines::begin(model, InputKind::Find),
        Command::NextMatch => lines::next_match(model),
        Command::PreviousMatch => lines::previous_match(model),
        Command::KeepLines => lines::begin(model, InputKind::Keep),
        Command::DropLines => lines::begin(model, InputKind::Drop),
        Command::ToggleFilters => lines::toggle_unfiltered(model),
        Command::ListFilters => lines::list_filters(model),
        Command::GoToTime => lines::begin(model, InputKind::Time),
        Command::LoadOlder => lines::load_older(model),
        Command::ToggleFold => lines::toggle_folds(model),
        Command::ToggleFields => {
            model.logs.raw = !model.logs.raw;
            Vec::new()
        }
        Command::ToggleBookmark => lines::toggle_bookmark(model),
        Command::NoteBookmark => lines::begin_note(model),
        Command::NextBookmark => lines::next_bookmark(model),
        Command::ToggleLive => lines::toggle_live(model),
        Command::SelectLines => lines::toggle_selection(model),
        Command::Export => lines::begin_export(model),
        Command::AskInsights => asking::begin(model),
        Command::SavedQueries => asking::open_list(model),
        Command::StopQuery => asking::stop(model),
        Command::Patterns => asking::open_patterns(model),
        Command::Anomalies => asking::open_anomalies(model),
        Command::PickGroup => {
            if !model.settings.local {
                model.nav.focus = Pane::LogGroups;
            }
            Vec::new()
        }

        Command::Submit => input::submit(model),
        Command::Cancel => input::cancel(model),
        Command::Complete => input::complete(model),
        Command::EntryUp => input::step_entry(model, -1),
        Command::EntryDown => input::step_entry(model, 1),
        Command::CursorLeft => input::in_query(model, TextField::left),
        Command::CursorRight => input::in_query(model, TextField::right),
        Command::CursorStart => input::in_query(model, TextField::start),
        Command::CursorEnd => input::in_query(model, TextField::end),
        Command::DeleteNext => input::in_query(model, TextField::delete_next),
        Command::DeleteBack => input::delete_back(model),
        Command::DeleteWord => input::delete_word(model),
        Command::DeleteAll => input::delete_all(model),

        Command::SwitchFilter => lines::switch_filter(model),
        Command::EditFilter => lines::edit_filter(model),
        Command::RemoveFilter => lines::remove_filter(model),

        Command::PopupUp => scroll_popup(model, -1),
        Command::PopupDown => scroll_popup(model, 1),
        Command::PopupClose => {
            model.nav.popups.pop();
            Vec::new()
        }
    }
}

fn open(model: &mut Model, popup: Popup) -> Vec<Effect> {
    model.nav.popups.push(popup);
    Vec::new()
}

fn filterable(model: &Model, pane: Pane) -> bool {
    match pane {
        Pane::VersionDetail => rows::lists_files(model),
        pane => pane != Pane::CostDetail,
    }
}

fn step(model: &mut Model, rows: i64) -> Vec<Effect> {
    match model.nav.focus {
        Pane::LogLines if asking::covers(model) => asking::move_in_sheet(model, rows),
        Pane::LogLines => lines::move_by(model, rows),
        pane if pane.is_page() => pages::move_by(model, rows),
        _ => lists::move_by(model, rows),
    }
}

fn page(model: &mut Model, by: i64) -> Vec<Effect> {
    if model.nav.focus.is_page() {
        return pages::turn(model, by);
    }
    let rows = model.nav.height(model.nav.focus).saturating_sub(1).max(1);
    step(model, by * i64::try_from(rows).unwrap_or(1))
}

fn scroll_popup(model: &mut Model, rows: i64) -> Vec<Effect> {
    if let Some(Popup::Help { scroll } | Popup::Messages { scroll }) = model.nav.popups.last_mut() {
        *scroll = scroll.saturating_add_signed(isize::try_from(rows).unwrap_or(0));
    }
    lines::step_filter(model, rows);
    Vec::new()
}
