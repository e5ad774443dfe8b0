//! What stands before a log line: its time, its stream, a sign for its level.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::layout::Rect;

use crate::domain::log::LogLevel;
use crate::logs::told::{Source, WindowLine};
use crate::store::model::logs::{LineTime, Tail};
use crate::theme::Role;
use crate::ui::cx::Cx;
use crate::ui::{format, signs, text};

use super::elapsed;

/// How wide the columns are.
pub struct Columns {
    time: u16,
    tag: u16,
    pub message: u16,
}

/// Cells of a stream's name at most.
const TAG: u16 = 16;

/// What tells a source from the others: a stream by its name, or by its group's where two groups have streams of one
/// name; a file by its own name.
fn tag<'s>(source: &'s Source, tail: &Tail) -> &'s str {
    let twin = tail
        .sources
        .iter()
        .any(|other| other.stream == source.stream && other.group != source.group);
    short(if twin || source.stream.is_empty() {
        &source.group
    } else {
        &source.stream
    })
}

/// The part of a stream's name that tells it from its neighbours.
fn short(stream: &str) -> &str {
    stream
        .rsplit('/')
        .find(|part| !part.is_empty())
        .unwrap_or(stream)
}

impl Columns {
    pub fn of(cx: &Cx<'_, '_>, width: u16, tail: &Tail) -> Self {
        let time = match cx.model.logs.time {
            _ if width < 40 => 0,
            LineTime::Hidden => 0,
            LineTime::Local => 9,
            LineTime::Utc => 10,
            LineTime::Age => 7,
            LineTime::Since => 8,
        };
        let times = tail.progress.times.or_else(|| {
            let mut known = tail.window.lines.iter().filter_map(|line| line.at_ms);
            let first = known.next()?;
            Some((first, known.next_back().unwrap_or(first)))
        });
        let time = if times.is_none() { 0 } else { time };
        // The day only where the lines are not all of today.
        let today =
            |ms: i64| Timestamp::from_millisecond(ms).is_ok_and(|at| cx.time(at).len() <= 5);
        let dated = matches!(cx.model.logs.time, LineTime::Local | LineTime::Utc) && time > 0;
        let day = dated && times.is_some_and(|(old, new)| !(today(old) && today(new)));
        let time = if day { time + 7 } else { time };
        let tag = if tail.sources.len() > 1 && width > 60 {
            let longest = tail
                .sources
                .iter()
                .map(|source| text::width(&text::safe(tag(source, tail))));
            (longest.max().unwrap_or(0) as u16).min(TAG) + 1
        } else {
            0
        };
        // A space at the left, a sign for the level, a space.
        let message = width.saturating_sub(time + tag + 3).max(1);
        Self { time, tag, message }
    }

    /// The time of a line as it is wanted; `before` is that of the shown line above.
    fn time_of(&self, cx: &Cx<'_, '_>, line: &WindowLine, before: Option<i64>) -> Option<String> {
        let at_ms = line.at_ms?;
        let told = match cx.model.logs.time {
            LineTime::Age => elapsed::age(at_ms, cx.model.now.as_millisecond()),
            LineTime::Since => elapsed::since(at_ms.saturating_sub(before?)),
            LineTime::Local | LineTime::Utc | LineTime::Hidden => {
                let at = Timestamp::from_millisecond(at_ms).ok()?;
                return Some(clock(cx, at, self.time >= 12));
            }
        };
        // Under one another they are compared.
        let width = usize::from(self.time - 1);
        Some(format!("{told:>width$}"))
    }

    /// Draws time, source and level of a line; `before` is the time of the shown line above.
    pub fn draw(
        &self,
        cx: &mut Cx<'_, '_>,
        here: Rect,
        (line, before): (&WindowLine, Option<i64>),
        level: Option<LogLevel>,
        tail: &Tail,
    ) {
        let mut x = here.x + 1;
        if self.time > 0 {
            let style = cx.style(Role::Dim);
            if let Some(text) = self.time_of(cx, line, before) {
                cx.pen.text(x, here.y, self.time, &text, style);
                if line.late {
                    // In the space behind the time: it came after lines that stand below it.
                    let sign = cx.glyphs().stale;
                    cx.pen.text(x + self.time - 1, here.y, 1, sign, style);
                }
            }
            x += self.time;
        }
        if self.tag > 0 {
            let place = tail
                .sources
                .iter()
                .position(|source| *source == line.source);
            let style = cx.style(signs::series_role(place.unwrap_or(0)));
            let width = self.tag - 1;
            let name = text::cut_middle(
                tag(&line.source, tail),
                usize::from(width),
                cx.glyphs().ellipsis,
            );
            cx.pen.text(x, here.y, width, &name, style);
            x += self.tag;
        }
        let (glyph, role) = match level {
            Some(LogLevel::Error) => (cx.glyphs().act, Role::LogError),
            Some(LogLevel::Warn) => (cx.glyphs().look, Role::LogWarn),
            _ => return,
        };
        let style = cx.style(role);
        cx.pen.text(x, here.y, 1, glyph, style);
    }
}

/// The time of a line, in the zone that was chosen; `with_day` where not all lines are of today.
pub fn clock(cx: &Cx<'_, '_>, at: Timestamp, with_day: bool) -> String {
    let utc = cx.model.logs.time == LineTime::Utc;
    let at = at.to_zoned(if utc {
        TimeZone::UTC
    } else {
        cx.model.settings.time_zone.clone()
    });
    let z = if utc { "Z" } else { "" };
    let clock = format!("{:02}:{:02}:{:02}{z}", at.hour(), at.minute(), at.second());
    if with_day {
        let month = format::month_short(at.month());
        format!("{month} {:>2} {clock}", at.day())
    } else {
        clock
    }
}
