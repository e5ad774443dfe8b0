//! The line at the bottom: the newest message in full, or the keys that matter here; and how fresh everything is.

use ratatui::layout::Rect;

use crate::domain::freshness::Freshness;
use crate::keys::command::Command;
use crate::store::model::Model;
use crate::store::model::logs::InputKind;
use crate::store::model::nav::{Pane, Popup};
use crate::store::model::versions::VersionsSection;
use crate::store::msg::{Notice, NoticeLevel};
use crate::theme::Role;

use super::cx::Cx;
use super::paint::Words;
use super::text;

pub fn draw(cx: &mut Cx<'_, '_>, area: Rect) {
    if area.is_empty() {
        return;
    }
    let inner = Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(2),
        ..area
    };
    if let Some(notice) = cx.model.notices.current(cx.model.now) {
        return message(cx, inner, notice);
    }
    let right = freshness(cx, inner.width);
    let mut room = inner.width;
    if right.width() * 2 <= inner.width {
        room -= cx.pen.words_right(inner, &right) + 2;
    }
    let mut x = inner.x;
    for (command, word) in hints(cx.model) {
        let Some(key) = cx.key(command) else {
            continue;
        };
        let hint = Words::new()
            .add(key, cx.style(Role::Key))
            .add(format!(" {word}"), cx.style(Role::Dim));
        let width = hint.width();
        if x + width > inner.x + room {
            break;
        }
        cx.pen.words(x, inner.y, width, &hint);
        x += width + 3;
    }
}

/// Most lines that a message may take from the screen above.
const MESSAGE_LINES: usize = 4;

/// A message in full: a long one grows upwards.
fn message(cx: &mut Cx<'_, '_>, area: Rect, notice: &Notice) {
    let (glyph, role) = match notice.level {
        NoticeLevel::Info => (cx.glyphs().separator, Role::Strong),
        NoticeLevel::Warn => (cx.glyphs().look, Role::Look),
        NoticeLevel::Error => (cx.glyphs().act, Role::Act),
    };
    let width = area.width.saturating_sub(2);
    let most = MESSAGE_LINES.min(usize::from(area.y / 2).max(1));
    let lines = text::wrap(&notice.text, usize::from(width), most, cx.glyphs().ellipsis);
    let style = cx.style(role);
    let top = area.y.saturating_sub(lines.len().saturating_sub(1) as u16);
    let ground = cx.style(Role::Text);
    let whole = Rect::new(
        area.x.saturating_sub(1),
        top,
        area.width + 2,
        area.bottom() - top,
    );
    cx.pen.clear(whole, ground);
    cx.pen.text(area.x, top, 1, glyph, style);
    for (i, line) in lines.iter().enumerate() {
        cx.pen.text(area.x + 2, top + i as u16, width, line, style);
    }
}

/// The commands of the focused pane, the most useful first.
fn hints(model: &Model) -> Vec<(Command, &'static str)> {
    use Command as C;
    if let Some(popup) = model.nav.popups.last() {
        return match popup {
            Popup::Help { .. } | Popup::Messages { .. } => {
                vec![
                    (C::PopupUp, "up"),
                    (C::PopupDown, "down"),
                    (C::PopupClose, "close"),
                ]
            }
            Popup::Filters { .. } => vec![
                (C::SwitchFilter, "on or off"),
                (C::EditFilter, "change"),
                (C::RemoveFilter, "remove"),
                (C::KeepLines, "keep more"),
                (C::DropLines, "drop more"),
                (C::PopupClose, "close"),
            ],
            Popup::Query(form) => vec![
                (C::Submit, if form.agreed { "ask" } else { "price" }),
                (C::Complete, "time or query"),
                (C::EntryUp, "earlier"),
                (C::DeleteAll, "clear"),
                (C::Cancel, "leave"),
            ],
            Popup::Palette(_) => vec![
                (C::Submit, "go"),
                (C::EntryUp, "up"),
                (C::EntryDown, "down"),
                (C::Complete, "complete"),
                (C::Cancel, "leave"),
            ],
        };
    }
    if model.nav.filtering.is_some() {
        return vec![
            (C::Submit, submits(model)),
            (C::Cancel, "without"),
            (C::DeleteAll, "clear"),
        ];
    }
    let mut hints = match model.nav.focus {
        Pane::VersionList if model.versions.section == VersionsSection::Commits => vec![
            (C::Open, "files"),
            (C::Mark, "compare with"),
            (C::Blame, "who wrote"),
            (C::AllFiles, "all files"),
            (C::Filter, "find"),
            (C::NextSection, "section"),
            (C::CopyName, "copy"),
        ],
        Pane::VersionDetail if model.versions.section == VersionsSection::Commits => vec![
            (C::Open, "open"),
            (C::Blame, "who wrote"),
            (C::AllFiles, "all files"),
        ],
        Pane::Findings => vec![
            (C::Open, "open"),
            (C::ShowError, "error"),
            (C::ShowLogs, "logs"),
            (C::CopyName, "copy"),
            (C::Filter, "filter"),
            (C::Refresh, "refresh"),
        ],
        Pane::RunList | Pane::RunDetail => vec![
            (C::Open, "open"),
            (C::ShowError, "error"),
            (C::ShowLogs, "logs"),
            (C::ShowVersions, "versions"),
            (C::Filter, "filter"),
            (C::SortNext, "sort"),
            (C::CopyName, "copy"),
        ],
        Pane::EndpointList | Pane::EndpointDetail => vec![
            (C::Open, "open"),
            (C::ShowLogs, "logs"),
            (C::ShowLineage, "lineage"),
            (C::ShowDifference, "differs"),
            (C::ShowVersions, "versions"),
            (C::ShowCosts, "cost"),
            (C::Filter, "filter"),
            (C::OpenConsole, "console"),
            (C::CopyName, "copy"),
        ],
        Pane::LogGroups => vec![
            (C::Open, "open"),
            (C::ShowLogs, "follow"),
            (C::Filter, "filter"),
            (C::Back, "back"),
            (C::SortNext, "sort"),
        ],
        Pane::LogLines if !model.logs.sheets.is_empty() => vec![
            (C::AskInsights, "ask"),
            (C::Patterns, "patterns"),
            (C::CopyName, "copy"),
            (C::CopyArn, "copy all"),
        ],
        Pane::LogLines => vec![
            (C::ToggleFollow, "follow"),
            (C::NextError, "next error"),
            (C::Find, "find"),
            (C::KeepLines, "keep"),
            (C::GoToTime, "to time"),
            (C::ToggleWrap, "wrap"),
            (C::ToggleTime, "time"),
            (C::LoadOlder, "older"),
            (C::ToggleHistogram, "histogram"),
            (C::ToggleCurves, "curves"),
            (C::AskInsights, "ask"),
            (C::Patterns, "patterns"),
            (C::CopyName, "copy"),
        ],
        Pane::CostList | Pane::CostDetail => vec![
            (C::NextSection, "next section"),
            (C::Open, "open"),
            (C::Filter, "filter"),
            (C::SortNext, "sort"),
            (C::OpenConsole, "console"),
        ],
        Pane::VersionList | Pane::VersionDetail
            if model.versions.section == VersionsSection::Lineage =>
        {
            vec![
                (C::Open, "go there"),
                (C::FoldBranch, "fold"),
                (C::ShowLineage, "its own lineage"),
                (C::CopyName, "copy"),
                (C::Back, "back"),
                (C::Filter, "filter"),
            ]
        }
        Pane::VersionList | Pane::VersionDetail
            if model.versions.section == VersionsSection::Compare =>
        {
            vec![
                (C::ShowDifference, "next pair"),
                (C::Filter, "filter"),
                (C::CopyName, "copy"),
                (C::Back, "back"),
            ]
        }
        Pane::VersionList | Pane::VersionDetail => vec![
            (C::NextSection, "next section"),
            (C::Open, "open"),
            (C::Filter, "filter"),
            (C::CopyName, "copy"),
            (C::CopyArn, "copy id"),
            (C::SortNext, "sort"),
        ],
    };
    let tail = model.logs.tail.as_ref();
    if model.nav.focus == Pane::LogLines && tail.is_some_and(|t| !t.filters.is_empty()) {
        let unfiltered = tail.is_some_and(|t| t.unfiltered.is_some());
        let word = if unfiltered { "filter again" } else { "around" };
        hints.insert(0, (C::ListFilters, "filters"));
        hints.insert(0, (C::ToggleFilters, word));
    }
    if model.nav.focus.is_detail() {
        hints.retain(|(c, _)| *c != C::Open);
        hints.insert(0, (C::Back, "back"));
    }
    let row = model.logs.sheet().and_then(|sheet| sheet.selected());
    if model.nav.focus == Pane::LogLines && row.is_some_and(|row| row.lines.is_some()) {
        hints.insert(1, (C::Open, "its lines"));
    }
    hints
}

/// What Enter does with what is typed.
fn submits(model: &Model) -> &'static str {
    let input = match (model.nav.filtering, &model.logs.tail) {
        (Some(Pane::LogLines), Some(tail)) => tail.input.as_ref(),
        _ => None,
    };
    match input.map(|input| input.kind) {
        Some(InputKind::Export) => "write",
        Some(InputKind::Note) => "keep the note",
        Some(InputKind::Find) => "then n and N go on",
        Some(InputKind::Time) => "go there",
        _ => "keep the filter",
    }
}

/// How many sources are in which state.
#[derive(Default)]
struct Census {
    fresh: usize,
    partial: usize,
    stale: usize,
    failed: usize,
    loading: usize,
}

impl Census {
    fn count(&mut self, freshness: &Freshness<'_>) {
        match freshness {
            Freshness::Never => {}
            Freshness::Loading => self.loading += 1,
            Freshness::Fresh { .. } => self.fresh += 1,
            Freshness::Partial { .. } => self.partial += 1,
            Freshness::Stale { .. } => self.stale += 1,
            Freshness::Failed { .. } => self.failed += 1,
        }
    }

    fn of(model: &Model) -> Self {
        let mut census = Self::default();
        census.count(&model.account.identity.freshness());
        for kind in model.runs.by_kind.values() {
            census.count(&kind.freshness());
        }
        census.count(&model.endpoints.endpoints.freshness());
        census.count(&model.endpoints.metrics.freshness());
        census.count(&model.endpoints.alarms.freshness());
        census.count(&model.logs.groups.freshness());
        census.count(&model.costs.month.freshness());
        census.count(&model.costs.budgets.freshness());
        census.count(&model.repository_freshness());
        census.count(&model.versions.models.freshness());
        census.count(&model.versions.images.freshness());
        census
    }
}

/// `9 sources fresh · 1 stale`; without words where it is narrow.
fn freshness<'t>(cx: &Cx<'_, '_>, width: u16) -> Words<'t> {
    let census = Census::of(cx.model);
    let long = width >= 70;
    let mut words = Words::new();
    for (n, role, word, glyph) in [
        (census.fresh, Role::Dim, "fresh", cx.glyphs().good),
        (census.loading, Role::Moving, "loading", cx.glyphs().loading),
        (census.partial, Role::Look, "partial", cx.glyphs().partial),
        (census.stale, Role::Look, "stale", cx.glyphs().stale),
        (census.failed, Role::Act, "failed", cx.glyphs().act),
    ] {
        if n == 0 {
            continue;
        }
        let part = match (long, words.is_empty()) {
            (true, true) => {
                let s = if n == 1 { "" } else { "s" };
                format!("{n} source{s} {word}")
            }
            (true, false) => format!("{n} {word}"),
            (false, _) => format!("{n}{glyph}"),
        };
        if !words.is_empty() {
            words.push(if long { " · " } else { " " }, cx.style(Role::Dim));
        }
        words.push(part, cx.style(role));
    }
    words
}
