//! What stands beside the lines: how they spread over time, to go from bar to bar.

use jiff::SignedDuration;

use crate::logs::ask::Anchor;
use crate::logs::told::Histogram;

use super::super::super::effect::Effect;
use super::super::super::log_ask::LogAsk;
use super::super::super::model::Model;
use super::super::super::model::logs::{Landing, SpreadAsked, Tail, came};
use super::super::super::model::nav::{Pane, Screen};
use super::super::super::msg::Notice;
use super::{ask, chain, curves, look};

/// Columns at the sides of a histogram.
const MARGINS: u16 = 2;

/// More than a reader gives.
const MOST_BUCKETS: usize = 512;

/// While lines come in a new histogram is asked for so often; after a slow answer, so many times as seldom as it took.
const SPREAD_EVERY: SignedDuration = SignedDuration::from_secs(2);
const REST_FACTOR: i32 = 10;

/// Asks for what should be on screen and is not, after whatever happened.
pub fn keep_up(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    effects.extend(curves::keep(model));
    effects.extend(keep_spread(model));
    effects.extend(chain::keep_passing(model));
    effects
}

fn keep_spread(model: &mut Model) -> Option<Effect> {
    let shown = model.logs.histogram && model.nav.screen == Screen::Logs;
    let width = model.nav.widths.get(&Pane::LogLines).copied();
    let now = model.now;
    let tail = model.logs.tail.as_mut()?;
    if !model.logs.histogram {
        tail.spread = Default::default();
    }
    // Not drawn: nobody looks.
    let width = width.filter(|_| shown)?;
    let buckets = usize::from(width.saturating_sub(MARGINS)).clamp(1, MOST_BUCKETS);
    let lines = came(&tail.progress);
    if let Some(asked) = &tail.spread.asked {
        // One at a time.
        let took = asked.took?;
        let other = asked.view != tail.view_asked || asked.buckets != buckets;
        let rest = SPREAD_EVERY.max(took.saturating_mul(REST_FACTOR));
        let waited = asked.lines == 0 || now.duration_since(asked.at) >= rest;
        let old = asked.lines != lines && waited;
        if !other && !old {
            return None;
        }
    }
    tail.generation += 1;
    let generation = tail.generation;
    tail.spread.asked = Some(SpreadAsked {
        generation,
        view: tail.view_asked,
        buckets,
        lines,
        at: now,
        took: None,
    });
    let asked = LogAsk::Histogram {
        generation,
        buckets,
    };
    Some(ask(tail, asked))
}

pub fn receive_histogram(model: &mut Model, histogram: Histogram) {
    let now = model.now;
    let Some(tail) = &mut model.logs.tail else {
        return;
    };
    let spread = &mut tail.spread;
    if let Some(asked) = &mut spread.asked
        && asked.generation == histogram.generation
    {
        asked.took.get_or_insert(now.duration_since(asked.at));
        spread.shown = Some(histogram);
    }
}

/// To the start of the next or previous bar that has lines.
pub fn step_bucket(model: &mut Model, forward: bool) -> Vec<Effect> {
    let height = model.nav.height(Pane::LogLines);
    // Shown first: one sees where one goes.
    model.logs.histogram = true;
    let Some(tail) = &mut model.logs.tail else {
        return Vec::new();
    };
    let Some(histogram) = &tail.spread.shown else {
        return Vec::new();
    };
    let here = here(tail).and_then(|ms| histogram.bucket_at(ms));
    let has_lines = |bucket: &usize| histogram.buckets[*bucket].lines > 0;
    let end = histogram.buckets.len();
    let next = if forward {
        (here.map_or(0, |here| here + 1)..end).find(has_lines)
    } else {
        (0..here.unwrap_or(end)).rev().find(has_lines)
    };
    let Some(at_ms) = next.map(|bucket| histogram.start_of(bucket)) else {
        let notice = Notice::info(if forward {
            "no later lines"
        } else {
            "no earlier lines here"
        });
        model.notices.push(model.now, notice);
        return Vec::new();
    };
    let anchor = Anchor::AtTime(at_ms);
    let effect = look(tail, height, anchor, Some(Landing::Centred));
    tail.follow = false;
    tail.spread.went = Some((tail.window_asked, at_ms));
    vec![effect]
}

/// The time at the cursor. Where the cursor stands since it went to a bar, that bar: its first line may well have a
/// later time, since a bar of a file is an estimate.
fn here(tail: &Tail) -> Option<i64> {
    if let Some((generation, at_ms)) = tail.spread.went
        && generation == tail.window_asked
    {
        let landed = tail.window.anchor.and_then(|at| tail.window.lines.get(at));
        let stands = landed.is_some_and(|line| tail.cursor == Some(line.key));
        if tail.landing.is_some() || (stands && !tail.follow) {
            return Some(at_ms);
        }
    }
    tail.cursor_time()
}
