//! How the lines spread over time: a bar for their number, under it one for the errors among them, and what is at the
//! cursor.

use jiff::Timestamp;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use crate::logs::told::{Bucket, Histogram};
use crate::store::model::logs::Tail;
use crate::theme::Role;
use crate::ui::cx::Cx;
use crate::ui::layout::{cut_top, margin};
use crate::ui::paint::Words;
use crate::ui::{format, text};

use super::prefix::clock;

const ROWS: u16 = 3;
/// Lines that stay on screen in any case.
const LEAST_LINES: u16 = 4;
const LEAST_WIDTH: u16 = 30;

/// Draws it at the top, if it is wanted and there is room; answers the rows that are left.
pub fn draw(cx: &mut Cx<'_, '_>, room: Rect, tail: &Tail) -> Rect {
    let fits = room.height >= ROWS + LEAST_LINES && room.width >= LEAST_WIDTH;
    if !cx.model.logs.histogram || !fits || tail.window.lines.is_empty() {
        return room;
    }
    let (area, rest) = cut_top(room, ROWS);
    let area = margin(area, 1);
    match &tail.spread.shown {
        Some(histogram) if !histogram.buckets.is_empty() => bars(cx, area, tail, histogram),
        Some(_) => {
            let style = cx.style(Role::Dim);
            let why = "no histogram: these lines tell no times";
            cx.pen.text(area.x, area.y + 1, area.width, why, style);
        }
        None => {
            let style = cx.style(Role::Moving);
            let counting = cx.glyphs().loading;
            cx.pen.text(area.x, area.y + 1, area.width, counting, style);
        }
    }
    rest
}

fn bars(cx: &mut Cx<'_, '_>, area: Rect, tail: &Tail, histogram: &Histogram) {
    let columns = columns(&histogram.buckets, usize::from(area.width));
    let most = |count: fn(&Bucket) -> u64| columns.iter().map(count).max().unwrap_or(0);
    let (top, top_marked) = (most(|b| b.lines), most(|b| b.marked));
    let lines = cx.style(Role::Dim);
    // Turned round, a low bar would look like a high one.
    let errors = cx.style(Role::LogError).remove_modifier(Modifier::REVERSED);
    let levels = cx.glyphs().spark;
    for (x, column) in (area.x..).zip(&columns) {
        if let Some(sign) = sign(&levels, column.lines, top) {
            cx.pen.text(x, area.y, 1, sign, lines);
        }
        // The highest sign would touch the row above.
        if let Some(sign) = sign(&levels[..levels.len() - 1], column.marked, top_marked) {
            cx.pen.text(x, area.y + 1, 1, sign, errors);
        }
    }
    let here = tail.cursor_time().and_then(|ms| histogram.bucket_at(ms));
    if let Some(here) = here {
        let (first, cells) = cells(here, histogram.buckets.len(), area.width);
        let style = cx.style(Role::Selected);
        cx.pen
            .restyle(Rect::new(area.x + first, area.y, cells, 2), style);
    }
    legend(
        cx,
        Rect::new(area.x, area.y + 2, area.width, 1),
        tail,
        histogram,
        here,
    );
}

/// The sign for a number of lines; anything above zero is visible.
fn sign(levels: &[&'static str], count: u64, top: u64) -> Option<&'static str> {
    if count == 0 {
        return None;
    }
    let share = count as f64 / top.max(1) as f64;
    let level = (share * levels.len() as f64).round() as usize;
    levels.get(level.clamp(1, levels.len()) - 1).copied()
}

/// The buckets spread over so many columns: where there are more of them, several in one.
fn columns(buckets: &[Bucket], width: usize) -> Vec<Bucket> {
    let sum = |buckets: &[Bucket]| Bucket {
        lines: buckets.iter().map(|b| b.lines).sum(),
        marked: buckets.iter().map(|b| b.marked).sum(),
    };
    (0..width)
        .map(|column| {
            let from = column * buckets.len() / width;
            let to = ((column + 1) * buckets.len() / width).max(from + 1);
            buckets.get(from..to).map(sum).unwrap_or_default()
        })
        .collect()
}

/// The first column of a bucket, and how many it has.
fn cells(bucket: usize, buckets: usize, width: u16) -> (u16, u16) {
    let width = usize::from(width);
    let first = |bucket: usize| (bucket * width).div_ceil(buckets.max(1));
    let end = first(bucket + 1).clamp(1, width.max(1));
    let start = first(bucket).min(end - 1);
    let cell = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
    (cell(start), cell(end - start))
}

/// `13:10:00      13:24:10 · 37 lines · 2 errors in 38 s      14:02:07`
fn legend(cx: &mut Cx<'_, '_>, row: Rect, tail: &Tail, histogram: &Histogram, here: Option<usize>) {
    let end = histogram.start_of(histogram.buckets.len()) - 1;
    let end = tail.progress.times.map_or(end, |(_, last)| end.min(last));
    let with_day = [histogram.start_ms, end]
        .into_iter()
        .filter_map(|ms| Timestamp::from_millisecond(ms).ok())
        .any(|at| cx.time(at).len() > 5);
    let time = |ms: i64, with_day: bool| {
        let at = Timestamp::from_millisecond(ms).ok();
        at.map_or_else(String::new, |at| clock(cx, at, with_day))
    };
    let (first, last) = (time(histogram.start_ms, with_day), time(end, with_day));
    let mut words = Words::new();
    if let Some((here, bucket)) = here.and_then(|here| Some((here, histogram.buckets.get(here)?))) {
        let from = time(histogram.start_of(here), false);
        words.push(format!("{from} · "), cx.style(Role::Dim));
        words = words.join(counts(cx, *bucket));
        let width = span(histogram.width_ms);
        words.push(format!(" in {width}"), cx.style(Role::Dim));
    }
    if !histogram.done {
        let style = cx.style(Role::Moving);
        words.push(format!(" {}", cx.glyphs().loading), style);
    }
    let dim = cx.style(Role::Dim);
    let (left, right) = (text::width(&first) as u16, text::width(&last) as u16);
    cx.pen.text(row.x, row.y, row.width, &first, dim);
    if row.width > left + right + 2 {
        cx.pen.text(row.right() - right, row.y, right, &last, dim);
    }
    let room = row.width.saturating_sub(left + right + 4);
    if words.width() <= room {
        let x = row.x + left + 2 + (room - words.width()) / 2;
        cx.pen.words(x, row.y, room, &words);
    }
}

fn counts<'t>(cx: &Cx<'_, '_>, bucket: Bucket) -> Words<'t> {
    let count = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    let mut words = cx.say(Role::Text, format::counted(count(bucket.lines), "line"));
    if bucket.marked > 0 {
        words.push(" · ", cx.style(Role::Dim));
        let errors = format::counted(count(bucket.marked), "error");
        words.push(
            format!("{} {errors}", cx.glyphs().act),
            cx.style(Role::LogError),
        );
    }
    words
}

/// The width of a bar: `250 ms`, `38 s`, `2.5 min`, `4.0 h`.
fn span(ms: i64) -> String {
    let seconds = ms as f64 / 1000.0;
    match ms {
        i64::MIN..1000 => format!("{ms} ms"),
        1000..10_000 => format!("{seconds:.1} s"),
        10_000..120_000 => format!("{seconds:.0} s"),
        120_000..7_200_000 => format!("{:.1} min", seconds / 60.0),
        7_200_000..172_800_000 => format!("{:.1} h", seconds / 3600.0),
        172_800_000.. => format!("{:.1} days", seconds / 86_400.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn buckets(lines: &[u64]) -> Vec<Bucket> {
        let bucket = |lines: &u64| Bucket {
            lines: *lines,
            marked: 0,
        };
        lines.iter().map(bucket).collect()
    }

    #[test]
    fn every_line_is_in_a_bar_and_the_mark_stands_at_it() {
        let many: Vec<u64> = (1..=7).collect();
        for width in 1..=20_u16 {
            let columns = columns(&buckets(&many), usize::from(width));
            assert_eq!(columns.len(), usize::from(width));
            if width <= 7 {
                assert_eq!(columns.iter().map(|b| b.lines).sum::<u64>(), 28);
            }
            for (bucket, own) in many.iter().copied().enumerate() {
                let (first, cells) = cells(bucket, 7, width);
                let marked = &columns[usize::from(first)..usize::from(first + cells)];
                assert!(marked.iter().all(|c| c.lines >= own), "{width} {bucket}");
                if width >= 7 {
                    assert!(marked.iter().all(|c| c.lines == own), "{width} {bucket}");
                }
            }
        }
        assert!(columns(&[], 3).iter().all(|b| b.lines == 0));
    }

    #[test]
    fn a_single_line_is_seen_beside_a_million() {
        let levels = ["1", "2", "3"];
        let signs = [0, 1, 500_000, 1_000_000].map(|n| sign(&levels, n, 1_000_000));
        assert_eq!(signs, [None, Some("1"), Some("2"), Some("3")]);
    }

    #[test]
    fn widths_are_told_in_fitting_units() {
        let spans = [250, 1500, 38_000, 150_000, 14_400_000, 864_000_000].map(span);
        assert_eq!(
            spans,
            ["250 ms", "1.5 s", "38 s", "2.5 min", "4.0 h", "10.0 days"]
        );
    }
}
