//! Stretches in which lines may be missing: marked, filled by scrolling back into them, and closed.

use jiff::Timestamp;

use crate::domain::log::LogGap;
use crate::logs::ask::Gap;
use crate::logs::key::LineKey;
use crate::store::effect::Effect;
use crate::store::log_ask::LogAsk;
use crate::store::model::logs::Tail;

use super::ask;

/// Marks gaps among the lines.
pub fn open(tail: &mut Tail, gaps: Vec<LogGap>) -> Vec<Effect> {
    let asks = gaps.iter().map(|gap| {
        let (after, why) = (mark(gap), gap.why.clone());
        ask(tail, LogAsk::Gap(Gap { after, why }))
    });
    let effects = asks.collect();
    tail.gaps.extend(gaps);
    effects
}

/// The gap right above the cursor, or the last one above it that is in sight.
pub fn in_sight(tail: &Tail) -> Option<&LogGap> {
    let to = tail.cursor_index()?;
    let lines = tail.window.lines.get(..=to)?;
    let marker = lines
        .iter()
        .rev()
        .find_map(|line| line.gap_before.as_ref())?;
    tail.gaps.iter().rfind(|gap| mark(gap) == marker.after)
}

/// The cursor stands right under a gap.
pub fn is_above(tail: &Tail) -> bool {
    let line = tail.cursor_index().and_then(|at| tail.window.lines.get(at));
    line.is_some_and(|line| line.gap_before.is_some()) && in_sight(tail).is_some()
}

/// Older lines came into a gap: from `reached` on all are there now, or from the start.
pub fn filled(tail: &mut Tail, gap: &LogGap, reached: Option<Timestamp>) -> Option<Effect> {
    let at = tail.gaps.iter().position(|open| open == gap)?;
    match reached {
        Some(reached) if reached > gap.after => {
            // Where nothing comes the mark stays, but is not asked about again.
            if reached < gap.before {
                tail.gaps[at].before = reached;
            } else {
                tail.gaps.remove(at);
            }
            None
        }
        _ => {
            tail.gaps.remove(at);
            // Another group may have one at the same place.
            let after = mark(gap);
            let other = tail.gaps.iter().any(|gap| mark(gap) == after);
            (!other).then(|| ask(tail, LogAsk::GapClosed { after }))
        }
    }
}

fn mark(gap: &LogGap) -> LineKey {
    LineKey::after_time(gap.after.as_millisecond())
}
