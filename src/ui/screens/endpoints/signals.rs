//! The golden signals of an endpoint over the last hour, one curve for each variant.

use jiff::{SignedDuration, Timestamp};
use ratatui::layout::Rect;

use crate::domain::metric::{Series, VariantMetrics};
use crate::store::model::endpoints::EndpointRow;
use crate::store::rows::selected_endpoint;
use crate::theme::Role;
use crate::ui::condition::Condition;
use crate::ui::cx::Cx;
use crate::ui::format;
use crate::ui::layout::{cut_top, margin};
use crate::ui::signs;
use crate::ui::widgets::chart::{Chart, Curve};
use crate::ui::widgets::notes::{self, Empty};
use crate::ui::widgets::pane::pane;

/// Title, at least four lines of plot, and times.
pub const LEAST_HEIGHT: u16 = 6;

/// Higher than this a chart says no more.
const MOST_HEIGHT: u16 = 14;

/// Curves are told apart by colour and by the sign before the name.
pub fn role_of(variant: usize) -> Role {
    signs::series_role(variant)
}

/// The third pane on wide screens.
pub fn pane_of_charts(cx: &mut Cx<'_, '_>, area: Rect) {
    let model = cx.model;
    let condition = Condition::of(&model.endpoints.metrics);
    let title = cx.say(Role::Title, "Last hour");
    let badge = condition.badge(cx);
    let inner = pane(cx, area, None, &title, &badge);
    if !condition.has_data() {
        return notes::without_data(cx, inner, &condition, "metrics");
    }
    match selected_endpoint(model) {
        Some(row) if any(row) => {
            charts(cx, margin(inner, 1), row, inner.height);
        }
        _ => notes::empty(
            cx,
            inner,
            &Empty::new("CloudWatch has no metrics of it in the last hour."),
        ),
    }
}

/// Whether there is anything to draw.
pub fn any(row: &EndpointRow) -> bool {
    row.metrics
        .iter()
        .flatten()
        .any(|m| m.invocations.last_at().is_some())
}

/// As many of the charts as are readable in `height` lines: errors, latency, requests. Answers the lines taken.
pub fn charts(cx: &mut Cx<'_, '_>, area: Rect, row: &EndpointRow, height: u16) -> u16 {
    let to = row
        .metrics
        .iter()
        .flatten()
        .filter_map(|m| m.invocations.last_at())
        .max();
    let Some(to) = to else {
        return 0;
    };
    let from = to
        .checked_sub(SignedDuration::from_mins(60))
        .unwrap_or(Timestamp::UNIX_EPOCH);
    type Signal = (
        &'static str,
        fn(&VariantMetrics) -> &Series,
        fn(f64) -> String,
        f64,
    );
    let signals: [Signal; 3] = [
        ("5xx/min", |m| &m.errors_5xx, format::count, 5.0),
        ("p99", |m| &m.latency_p99_ms, format::millis, 1.0),
        ("req/min", |m| &m.invocations, format::count, 5.0),
    ];
    let count = (height / LEAST_HEIGHT).clamp(1, 3);
    let height = (height / count).min(MOST_HEIGHT);
    let mut room = area;
    for (title, series, unit, at_least) in signals.into_iter().take(usize::from(count)) {
        let (here, rest) = cut_top(room, height);
        room = rest;
        let curves = row
            .endpoint
            .variants
            .iter()
            .zip(&row.metrics)
            .enumerate()
            .filter_map(|(i, (variant, metrics))| {
                Some(Curve {
                    name: &variant.name,
                    points: &series(metrics.as_ref()?).points,
                    role: role_of(i),
                })
            })
            .collect();
        Chart {
            title,
            curves,
            from,
            to,
            unit,
            at_least,
        }
        .draw(cx, here);
    }
    room.y - area.y
}
