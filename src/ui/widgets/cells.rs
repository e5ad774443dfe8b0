//! Cells of a table as text with a role.

use crate::domain::endpoint::Health;
use crate::domain::run::RunStatus;
use crate::store::table::Cell;
use crate::theme::{Glyphs, Role};

use super::spark;
use crate::ui::cx::Cx;
use crate::ui::{format, text};

/// Text of a cell cut to `width` cells, and its role.
pub fn cell_text(cx: &Cx<'_, '_>, cell: &Cell, width: u16) -> (String, Role) {
    let ellipsis = cx.glyphs().ellipsis;
    let width = usize::from(width);
    match cell {
        Cell::Empty => (String::new(), Role::Dim),
        Cell::Name(name) => (text::cut_middle(name, width, ellipsis), Role::Text),
        Cell::Text(line) => (text::cut_end(line, width, ellipsis), Role::Text),
        Cell::Run(status, raw) => (
            text::cut_end(run_word(*status, raw), width, ellipsis),
            run_role(*status),
        ),
        Cell::Health(health, raw) => (text::cut_end(raw, width, ellipsis), health_role(*health)),
        Cell::Time(at) => (cx.time(*at), Role::Dim),
        Cell::Seconds(seconds) => (format::span(*seconds), Role::Text),
        Cell::Count(n) => (format::count(*n), Role::Text),
        Cell::Percent(n) => (format::percent(*n), Role::Text),
        Cell::Usd(n) => (format::usd(*n), Role::Text),
        Cell::Millis(n) => (format::millis(*n), Role::Text),
        Cell::Bytes(n) => (format::bytes(*n), Role::Dim),
        Cell::Spark(values) => (spark::spark(values, width, cx.glyphs()), Role::Dim),
    }
}

/// The word for a state; the service's own where the vocabulary has none.
pub fn run_word(status: RunStatus, raw: &str) -> &str {
    match status {
        RunStatus::Queued => "queued",
        RunStatus::Running => "running",
        RunStatus::Stopping => "stopping",
        RunStatus::Succeeded => "succeeded",
        RunStatus::SucceededWithIssues => "with issues",
        RunStatus::Failed => "failed",
        RunStatus::Stopped => "stopped",
        RunStatus::TimedOut => "timed out",
        RunStatus::Skipped => "skipped",
        RunStatus::Cached => "cached",
        RunStatus::Unknown if raw.is_empty() => "unknown",
        RunStatus::Unknown => raw,
    }
}

pub fn run_role(status: RunStatus) -> Role {
    match status {
        RunStatus::Failed | RunStatus::TimedOut => Role::Act,
        RunStatus::SucceededWithIssues | RunStatus::Unknown => Role::Look,
        RunStatus::Running | RunStatus::Stopping => Role::Moving,
        RunStatus::Queued
        | RunStatus::Stopped
        | RunStatus::Skipped
        | RunStatus::Cached
        | RunStatus::Succeeded => Role::Dim,
    }
}

pub fn run_glyph(status: RunStatus, glyphs: &Glyphs) -> &'static str {
    match status {
        RunStatus::Failed | RunStatus::TimedOut => glyphs.act,
        RunStatus::SucceededWithIssues => glyphs.look,
        RunStatus::Unknown => glyphs.unknown,
        RunStatus::Running | RunStatus::Stopping => glyphs.moving,
        RunStatus::Queued => glyphs.queued,
        RunStatus::Stopped | RunStatus::Skipped => glyphs.stopped,
        RunStatus::Cached | RunStatus::Succeeded => glyphs.good,
    }
}

pub fn health_role(health: Health) -> Role {
    match health {
        Health::Critical => Role::Act,
        Health::Warn => Role::Look,
        Health::Unknown | Health::Ok => Role::Dim,
    }
}

pub fn health_glyph(health: Health, glyphs: &Glyphs) -> &'static str {
    match health {
        Health::Critical => glyphs.act,
        Health::Warn => glyphs.look,
        Health::Unknown => glyphs.unknown,
        Health::Ok => glyphs.good,
    }
}
