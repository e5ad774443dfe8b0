//! One bar for each day of a month.

use jiff::civil::Date;
use ratatui::layout::Rect;

use crate::theme::Role;
use crate::ui::cx::Cx;
use crate::ui::{format, text};

use super::chart::round_up;

pub struct DayBars<'t> {
    /// The first day of the month shown.
    pub month: Date,
    pub days: &'t [(Date, f64)],
    pub unit: &'t str,
    pub selected: Option<Date>,
    /// From this day on amounts are estimates.
    pub estimated_from: Option<Date>,
}

/// Cells of the amounts at the left.
const AXIS: u16 = 9;

impl DayBars<'_> {
    /// Bars over the numbers of the days; nothing where there is no room to read them.
    pub fn draw(&self, cx: &mut Cx<'_, '_>, area: Rect) {
        let count = u16::try_from(self.month.days_in_month()).unwrap_or(31);
        if area.height < 3 || area.width < AXIS + count {
            return;
        }
        let plot = Rect::new(area.x + AXIS, area.y, area.width - AXIS, area.height - 1);
        let highest = self.days.iter().map(|(_, a)| *a).fold(0.0, f64::max);
        let top = round_up(highest);
        let dim = cx.style(Role::Dim);
        for (row, value) in [(0, top), (plot.height - 1, 0.0)] {
            let label = format::money_whole(value, self.unit);
            let width = text::width(&label) as u16;
            let x = area.x + (AXIS - 1).saturating_sub(width);
            cx.pen.text(x, plot.y + row, AXIS, &label, dim);
        }
        // Each day the same width, with a gap where there is room for one.
        let pitch = (plot.width / count).clamp(1, 4);
        let bar = if pitch > 1 { pitch - 1 } else { 1 };
        for (day, amount) in self.days {
            let index = u16::try_from(day.day() - 1).unwrap_or(0);
            let role = if self.selected == Some(*day) {
                Role::Strong
            } else if self.estimated_from.is_some_and(|from| *day >= from) {
                Role::Dim
            } else {
                Role::Series1
            };
            self.bar(cx, plot, index * pitch, bar, amount / top, role);
        }
        for index in (0..count).step_by(7) {
            let x = plot.x + index * pitch;
            cx.pen
                .text(x, plot.bottom(), 2, &(index + 1).to_string(), dim);
        }
    }

    fn bar(&self, cx: &mut Cx<'_, '_>, plot: Rect, x: u16, width: u16, share: f64, role: Role) {
        let levels = cx.glyphs().spark;
        let steps = levels.len() as f64;
        let mut left = share.clamp(0.0, 1.0) * f64::from(plot.height) * steps;
        let style = cx.style(role);
        for row in (0..plot.height).rev() {
            if left < 0.5 {
                break;
            }
            let level = (left.round() as usize).clamp(1, levels.len());
            cx.pen
                .run(plot.x + x, plot.y + row, width, levels[level - 1], style);
            left -= steps;
        }
    }
}
