//! One curve: its headline, its dots, and the cursor's line marked on it.

use ratatui::layout::Rect;

use crate::logs::curve::{Series, Trend};
use crate::theme::Role;
use crate::ui::cx::Cx;
use crate::ui::paint::Words;
use crate::ui::widgets::dots::Dots;
use crate::ui::{format, signs, text};

use super::{Here, LEAST_HEIGHT, Scale, stretch};

pub struct Plot<'t> {
    pub series: &'t Series,
    pub index: usize,
    pub scale: &'t Scale,
    pub here: Option<&'t Here>,
    /// Lines before the first one there is.
    pub given_up: u64,
}

impl Plot<'_> {
    /// The name with what is said of the curve; under it the curve, its highest and lowest value at the right.
    pub fn draw(&self, cx: &mut Cx<'_, '_>, area: Rect) {
        let labels = self.scale.labels;
        if area.height < 2 || area.width < labels + 8 {
            return;
        }
        let role = signs::series_role(self.index);
        self.headline(cx, Rect { height: 1, ..area }, role);
        // A row of air before the next one, where there is room for it.
        let air = u16::from(area.height > LEAST_HEIGHT + 1);
        let plot = Rect::new(
            area.x,
            area.y + 1,
            area.width - labels - 1,
            area.height - 1 - air,
        );
        let (Some(min), Some(max)) = (self.series.min(), self.series.max()) else {
            return;
        };
        let dim = cx.style(Role::Dim);
        let mut ends = vec![(plot.y, max.y)];
        if max.y > min.y && plot.height > 1 {
            ends.push((plot.bottom() - 1, min.y));
        }
        for (y, value) in ends {
            let label = format::figure(value);
            let width = text::width(&label) as u16;
            cx.pen.text(area.right() - width, y, width, &label, dim);
        }
        let (from, to) = if self.series.axis() == self.scale.axis {
            (self.scale.from, self.scale.to)
        } else {
            stretch(std::iter::once(self.series))
        };
        let x_of = |x: f64| share(x, from, to).unwrap_or(1.0);
        let mut dots = Dots::new(plot.width, plot.height);
        let mut before = None;
        for point in self.series.points() {
            // A curve that never changes lies in the middle.
            let y = share(point.y, min.y, max.y).unwrap_or(0.5);
            let place = dots.place(x_of(point.x), y);
            dots.line(self.index, before.unwrap_or(place), place);
            before = Some(place);
        }
        dots.draw(cx, plot, signs::series_role);
        if let Some(point) = self.here.and_then(|here| self.series.at_line(here.key)) {
            let column = dots.place(x_of(point.x), 0.0).0 / 2;
            let column = u16::try_from(column).unwrap_or(0).min(plot.width - 1);
            let style = cx.style(Role::Selected);
            cx.pen.restyle(
                Rect {
                    x: plot.x + column,
                    width: 1,
                    ..plot
                },
                style,
            );
        }
    }

    /// `■ loss 0.2276 ↓ falling          0.3142 at the line`, and less where there is less room.
    fn headline(&self, cx: &mut Cx<'_, '_>, row: Rect, role: Role) {
        let sign = signs::points(cx.glyphs()).map_or_else(
            || signs::series(cx.glyphs()),
            |marks| marks[self.index % marks.len()],
        );
        let mut words = cx.say(role, format!("{sign} "));
        let name = text::cut_middle(
            self.series.name(),
            usize::from(row.width / 2),
            cx.glyphs().ellipsis,
        );
        words.push(name, cx.style(Role::Strong));
        if let Some(last) = self.series.last() {
            words.push(format!(" {}", format::figure(last.y)), cx.style(Role::Text));
        }
        let (sign, word) = match self.series.trend() {
            Trend::Falling => (cx.glyphs().sort_down, " falling"),
            Trend::Rising => (cx.glyphs().sort_up, " rising"),
            Trend::Flat => ("", " flat"),
        };
        if !sign.is_empty() {
            words.push(format!(" {sign}"), cx.style(Role::Dim));
        }
        let more = match self.series.broken() {
            Some(key) => {
                let line = format::thousands(key.saturating_sub(self.given_up) + 1);
                let broken = format!("  {} nan or inf at line {line}", cx.glyphs().act);
                cx.say(Role::Act, broken)
            }
            None => cx.say(Role::Dim, word),
        };
        let mut room = row.width;
        if let Some((value, own)) = self.here.and_then(|here| here.value(self.series)) {
            let (short, long) = if own {
                ("at ", " at the line")
            } else {
                ("near ", " near the line")
            };
            let value = format::figure(value);
            let wanted = words.width() + more.width() + 2;
            let dim = cx.style(Role::Dim);
            let text = cx.style(Role::Text);
            let long = Words::new().add(value.clone(), text).add(long, dim);
            let here = if wanted + long.width() <= room {
                long
            } else {
                Words::new().add(short, dim).add(value, text)
            };
            if words.width() + 2 + here.width() <= room {
                room -= cx.pen.words_right(row, &here) + 2;
            }
        }
        if words.width() + more.width() <= room {
            words = words.join(more);
        }
        cx.pen.words(row.x, row.y, room, &words);
    }
}

/// Where a value lies between two others; `None` if they are the same.
fn share(value: f64, from: f64, to: f64) -> Option<f64> {
    // Halved first: the distance of two finite numbers may not be finite.
    let span = to / 2.0 - from / 2.0;
    (span.is_finite() && span > 0.0).then(|| (value / 2.0 - from / 2.0) / span)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_any_numbers() {
        assert_eq!(share(1.0, 0.0, 4.0), Some(0.25));
        assert_eq!(share(1.0, 1.0, 1.0), None);
        assert_eq!(share(0.0, f64::MIN, f64::MAX), Some(0.5));
        assert_eq!(share(0.0, f64::INFINITY, f64::NEG_INFINITY), None);
    }
}
