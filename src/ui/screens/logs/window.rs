//! Which of the lines at hand are on screen. Only as many are looked at as it takes to fill the pane.

use crate::logs::told::WindowLine;
use crate::store::model::logs::Tail;

/// The lines to lay out, and from which end the pane is filled.
#[derive(Debug, PartialEq)]
pub struct Shown<'t> {
    pub lines: &'t [WindowLine],
    /// The last line is at the bottom; otherwise the first one is at the top.
    pub from_bottom: bool,
}

/// The lines for a pane of `height` rows; `rows_of` tells how many rows a line takes.
pub fn shown(tail: &Tail, height: usize, rows_of: impl Fn(&WindowLine) -> usize) -> Shown<'_> {
    let lines = &tail.window.lines;
    let Some(top) = tail.top_index() else {
        return Shown {
            lines: back_from(lines, lines.len(), height, &rows_of),
            from_bottom: true,
        };
    };
    let cursor = tail.cursor_index().unwrap_or(top);
    let needed: usize = lines[top..=cursor.max(top)].iter().map(&rows_of).sum();
    if needed > height {
        // Long lines pushed the cursor's line out below: it is the last one shown.
        return Shown {
            lines: back_from(lines, cursor + 1, height, &rows_of),
            from_bottom: true,
        };
    }
    let mut rows = 0;
    let count = lines[top..]
        .iter()
        .take_while(|line| {
            let fits = rows < height;
            rows += rows_of(line);
            fits
        })
        .count();
    let at_bottom = rows < height && tail.window.at_end;
    if at_bottom {
        // No empty room below while there are lines above.
        return Shown {
            lines: back_from(lines, top + count, height, &rows_of),
            from_bottom: true,
        };
    }
    Shown {
        lines: &lines[top..top + count],
        from_bottom: false,
    }
}

/// The lines before `end` that fill the pane.
fn back_from<'t>(
    lines: &'t [WindowLine],
    end: usize,
    height: usize,
    rows_of: &impl Fn(&WindowLine) -> usize,
) -> &'t [WindowLine] {
    let mut rows = 0;
    let count = lines[..end]
        .iter()
        .rev()
        .take_while(|line| {
            let fits = rows < height;
            rows += rows_of(line);
            fits
        })
        .count();
    &lines[end - count..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logs::key::LineKey;
    use crate::logs::told::Window;
    use crate::store::log_ask::LogOrigin;

    fn tail(count: i64, at_end: bool) -> Tail {
        let mut tail = Tail::new(1, String::new(), LogOrigin::Pipe);
        tail.window = Window {
            lines: (0..count)
                .map(|i| WindowLine {
                    key: LineKey::before_time(i),
                    number: None,
                    visible: None,
                    at_ms: Some(i),
                    ingested_ms: None,
                    source: Default::default(),
                    late: false,
                    gap_before: None,
                    text: i.to_string().into(),
                    bytes: 1,
                    matched: false,
                })
                .collect(),
            at_end,
            ..Window::default()
        };
        tail
    }

    fn texts(tail: &Tail, height: usize, rows_of: impl Fn(&WindowLine) -> usize) -> (String, bool) {
        let shown = shown(tail, height, rows_of);
        let texts: Vec<&str> = shown.lines.iter().map(|line| &*line.text).collect();
        (texts.join(" "), shown.from_bottom)
    }

    fn standing(tail: &mut Tail, top: i64, cursor: i64) {
        tail.follow = false;
        tail.top = Some(LineKey::before_time(top));
        tail.cursor = Some(LineKey::before_time(cursor));
    }

    #[test]
    fn following_shows_the_newest() {
        let mut tail = tail(10, true);
        tail.follow = true;
        assert_eq!(texts(&tail, 3, |_| 1), ("7 8 9".into(), true));
        assert_eq!(texts(&tail, 3, |_| 2), ("8 9".into(), true));
        assert_eq!(texts(&tail, 30, |_| 1).0, "0 1 2 3 4 5 6 7 8 9");
    }

    #[test]
    fn standing_keeps_its_first_line() {
        let mut tail = tail(10, true);
        standing(&mut tail, 2, 3);
        assert_eq!(texts(&tail, 3, |_| 1), ("2 3 4".into(), false));
        // A line that has gone gives its place to the next.
        tail.window.lines.remove(2);
        assert_eq!(texts(&tail, 2, |_| 1), ("3 4".into(), false));
    }

    #[test]
    fn the_cursor_stays_in_sight_of_long_lines() {
        let mut tail = tail(10, true);
        standing(&mut tail, 2, 4);
        assert_eq!(texts(&tail, 4, |_| 2), ("3 4".into(), true));
    }

    #[test]
    fn no_empty_room_below_while_there_are_lines_above() {
        let mut tail = tail(10, true);
        standing(&mut tail, 8, 9);
        assert_eq!(texts(&tail, 4, |_| 1), ("6 7 8 9".into(), true));
        tail.window.at_end = false;
        assert_eq!(texts(&tail, 4, |_| 1), ("8 9".into(), false));
    }

    #[test]
    fn nothing_is_nothing() {
        assert_eq!(texts(&tail(0, true), 4, |_| 1).0, "");
    }
}
