//! The cursor among the lines: by rows, by pages, to the ends, and following.

use crate::logs::ask::Anchor;

use super::super::super::effect::Effect;
use super::super::super::log_ask::LogOrigin;
use super::super::super::model::Model;
use super::super::super::model::logs::{Landing, Spot, Tail};
use super::super::super::model::nav::Pane;
use super::{gaps, look};
use crate::store::folds::Folds;

/// Lines asked for when scrolling back.
const OLDER_LINES: usize = 1000;

/// Further than any document is long: to its first or last line.
const FAR: i64 = i64::MAX / 4;

/// Moves the cursor by lines; at the very end following starts again.
pub fn move_by(model: &mut Model, by: i64) -> Vec<Effect> {
    let height = model.nav.height(Pane::LogLines);
    let Some(tail) = &mut model.logs.tail else {
        return Vec::new();
    };
    let Some(at) = tail.cursor_index() else {
        return Vec::new();
    };
    if by.abs() > FAR {
        return to_the_end(tail, height, by < 0);
    }
    let shown = Folds::of(tail).shown(tail);
    let last = shown.len().saturating_sub(1);
    // Steps go from one shown line to the next.
    let at = shown.partition_point(|index| *index < at).min(last);
    let target = i64::try_from(at).unwrap_or(i64::MAX).saturating_add(by);
    let mut effects = Vec::new();
    match usize::try_from(target) {
        Ok(step) if step <= last => land(tail, &shown, step, height, by, &mut effects),
        Ok(_) if tail.window.at_end => land(tail, &shown, last, height, by, &mut effects),
        Err(_) if tail.window.at_start => land(tail, &shown, 0, height, by, &mut effects),
        // Behind what is known here: by its number.
        _ => {
            let hidden = if by > 0 {
                tail.window.lines.len() - shown.len()
            } else {
                0
            };
            let first = tail.window.first_visible.saturating_add(hidden as u64);
            let first = i64::try_from(first).unwrap_or(i64::MAX);
            let visible = u64::try_from(first.saturating_add(target)).unwrap_or(0);
            tail.follow = false;
            effects.push(look(
                tail,
                height,
                Anchor::Visible(visible),
                Some(Landing::Nearest),
            ));
        }
    }
    let at_top = by < 0 && tail.window.at_start && tail.cursor_index() == shown.first().copied();
    if at_top || (by < 0 && gaps::is_above(tail)) {
        effects.extend(load_older(model));
    }
    effects
}

fn to_the_end(tail: &mut Tail, height: usize, top: bool) -> Vec<Effect> {
    if top {
        tail.follow = false;
        vec![look(tail, height, Anchor::Top, Some(Landing::Nearest))]
    } else {
        follow(tail, height)
    }
}

fn follow(tail: &mut Tail, height: usize) -> Vec<Effect> {
    tail.follow = true;
    tail.cursor = None;
    tail.top = None;
    tail.held = None;
    vec![look(tail, height, Anchor::End, None)]
}

/// Puts the cursor on one of the `shown` lines of the window, and reads on where the window ends soon.
fn land(
    tail: &mut Tail,
    shown: &[usize],
    step: usize,
    height: usize,
    by: i64,
    effects: &mut Vec<Effect>,
) {
    let last = shown.len().saturating_sub(1);
    if by > 0 && step == last && tail.window.at_end {
        // Where it follows already, the window keeps up by itself.
        if !tail.follow {
            effects.extend(follow(tail, height));
        }
        return;
    }
    let followed = tail.follow;
    let index = shown.get(step).copied().unwrap_or_default();
    place(tail, index, height, Landing::Nearest);
    let near_start = step < height && !tail.window.at_start;
    let near_end = step + height > last && !tail.window.at_end;
    let on_its_way = tail.window.generation != tail.window_asked;
    // A window that follows would run away from a cursor that stands.
    if followed || ((near_start || near_end) && !on_its_way) {
        let anchor = tail.cursor.map_or(Anchor::End, Anchor::Line);
        effects.push(look(tail, height, anchor, None));
    }
}

/// Puts the cursor on a line of the window and scrolls; a folded line is where the one is that stands for it.
pub fn place(tail: &mut Tail, index: usize, height: usize, landing: Landing) {
    let lines = &tail.window.lines;
    let Some(key) = lines.get(index).map(|line| line.key) else {
        return;
    };
    let folds = Folds::of(tail);
    let key = folds.behind(key).unwrap_or(key);
    let shown = folds.shown(tail);
    let place_of = |key| shown.partition_point(|at| lines[*at].key < key);
    let at = place_of(key);
    let height = height.max(1);
    let lowest = (at + 1).saturating_sub(height);
    let top = match landing {
        Landing::Nearest => match tail.top.filter(|_| !tail.follow) {
            Some(top) => place_of(top),
            // Where following left the window: its last line is the newest.
            None => shown.len().saturating_sub(height),
        }
        .clamp(lowest, at),
        Landing::Centred => at.saturating_sub(height / 3),
        Landing::Kept(row) => at.saturating_sub(row.min(height - 1)),
    };
    let top = shown.get(top).map(|at| lines[*at].key);
    tail.cursor = Some(key);
    tail.top = top;
    tail.follow = false;
    if !matches!(landing, Landing::Kept(_)) {
        tail.held = None;
    }
}

/// The cursor's line, and where it stands on the screen; the newest line while following.
pub fn spot(tail: &Tail) -> Option<Spot> {
    let key = tail.cursor_key()?;
    let shown = Folds::of(tail).shown(tail);
    let place_of = |index: usize| shown.partition_point(|at| *at < index);
    let at = place_of(tail.cursor_index()?);
    let row = match tail.top_index() {
        Some(top) => at.saturating_sub(place_of(top)),
        // As low as it can be.
        None => at,
    };
    Some(Spot { key, row })
}

pub fn toggle_follow(model: &mut Model) -> Vec<Effect> {
    let height = model.nav.height(Pane::LogLines);
    let Some(tail) = &mut model.logs.tail else {
        return Vec::new();
    };
    if !tail.follow {
        return follow(tail, height);
    }
    stand(tail, height, Landing::Nearest)
}

/// Stops following, at the line where the cursor is.
pub fn stand(tail: &mut Tail, height: usize, landing: Landing) -> Vec<Effect> {
    let Some(index) = tail.cursor_index().filter(|_| tail.follow) else {
        return Vec::new();
    };
    place(tail, index, height, landing);
    let anchor = tail.cursor.map_or(Anchor::End, Anchor::Line);
    vec![look(tail, height, anchor, None)]
}

/// Asks AWS for the lines before the oldest one, or for those that may be missing in a gap in sight.
pub fn load_older(model: &mut Model) -> Vec<Effect> {
    let Some(tail) = &mut model.logs.tail else {
        return Vec::new();
    };
    let LogOrigin::Targets(targets) = &tail.origin else {
        return Vec::new();
    };
    if tail.loading_older {
        return Vec::new();
    }
    if let Some(gap) = gaps::in_sight(tail).cloned() {
        let targets = targets.iter().filter(|target| target.group == gap.group);
        let targets = targets.cloned().collect();
        let (session, before) = (tail.session, gap.before);
        tail.loading_older = true;
        tail.filling = Some(gap);
        return vec![Effect::LoadOlder {
            session,
            targets,
            before,
            limit: OLDER_LINES,
        }];
    }
    let oldest = tail.progress.times.map(|(oldest, _)| oldest);
    let before = oldest.and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
    let (false, Some(before)) = (tail.at_start, before) else {
        return Vec::new();
    };
    tail.loading_older = true;
    vec![Effect::LoadOlder {
        session: tail.session,
        targets: targets.clone(),
        before,
        limit: OLDER_LINES,
    }]
}
