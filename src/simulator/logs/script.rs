//! Logs of things that begin and end: jobs, builds, Glue runs.

use super::event::Event;
use super::template::{Facts, line_dice, render};
use crate::simulator::dice::Dice;
use crate::simulator::moment::{Moment, SECOND};
use crate::simulator::scenario::spec::{Failure, LogProfile};

/// The first lines come so many milliseconds apart, and the last ones so many.
const HEAD_GAP: i64 = 240;
const TAIL_GAP: i64 = 35;

/// Numbers of lines: those of the head, then those of each repeating line, then the last ones.
const REPEATS: u64 = 1_000;
const PER_REPEAT: u64 = 1_000_000;
const TAIL: u64 = 900_000_000;

/// A log with a beginning and an end.
#[derive(Clone, Copy)]
pub struct Script<'a> {
    pub profile: &'a LogProfile,
    pub failure: Option<&'a Failure>,
    pub from: Moment,
    pub until: Moment,
    pub dice: Dice,
    /// What stays the same from line to line.
    pub facts: Facts<'a>,
}

impl Script<'_> {
    /// The events from `from` up to, not with, `until`, in order.
    pub fn events(&self, from: Moment, until: Moment, out: &mut Vec<Event>) {
        let begin = out.len();
        let (body_start, body_end) = self.body();
        self.lines(&self.profile.head, self.from, HEAD_GAP, 0, from, until, out);
        let length = body_end.since(body_start).max(1);
        for (index, repeat) in self.profile.body.iter().enumerate() {
            let every = ((repeat.every * SECOND as f64) as i64).max(50);
            let first = body_start.plus((length as f64 * repeat.from) as i64);
            let last = body_start.plus((length as f64 * repeat.to.min(1.0)) as i64);
            // Lines wander by up to half a gap, so one more on either side can fall into the window.
            let low = (from.since(first) / every - 1).max(0);
            let high = until.min(last).since(first) / every + 1;
            for n in low..=high {
                let number = REPEATS + index as u64 * PER_REPEAT + n as u64;
                let dice = self.dice.at(number as i64);
                let wander = (dice.of("wander").between(0.0, 0.5) * every as f64) as i64;
                let at = first.plus(n * every + wander);
                if at >= from && at < until && at < last {
                    out.push(self.event(&repeat.text, at, number));
                }
            }
        }
        let tail = self.tail();
        self.lines(tail, body_end, TAIL_GAP, TAIL, from, until, out);
        out[begin..].sort_by_key(|e| (e.at, e.number));
    }

    fn tail(&self) -> &[String] {
        self.failure.map_or(&self.profile.tail, |f| &f.log)
    }

    fn body(&self) -> (Moment, Moment) {
        let start = self.from.plus(HEAD_GAP * self.profile.head.len() as i64);
        let end = self.until.plus(-TAIL_GAP * (self.tail().len() as i64 + 1));
        let start = start.min(self.until);
        (start, end.max(start))
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one call for the first lines, one for the last"
    )]
    fn lines(
        &self,
        lines: &[String],
        first: Moment,
        gap: i64,
        number: u64,
        from: Moment,
        until: Moment,
        out: &mut Vec<Event>,
    ) {
        for (n, line) in lines.iter().enumerate() {
            let at = first.plus(n as i64 * gap);
            if at >= from && at < until {
                out.push(self.event(line, at, number + n as u64));
            }
        }
    }

    fn event(&self, template: &str, at: Moment, number: u64) -> Event {
        let (start, end) = self.body();
        let share = at.since(start) as f64 / end.since(start).max(1) as f64;
        let whole = self.failure.map_or(1.0, |f| f.after.clamp(0.02, 1.0));
        let dice = line_dice(self.dice, at, number);
        let facts = Facts {
            at,
            progress: (share * whole).clamp(0.0, 1.0),
            dice,
            ..self.facts
        };
        Event::new(at, number, render(template, &facts), dice)
    }
}
