//! The cursor among the lines: by rows, by pages, to the ends, and following.

use crate::logs::ask::Anchor;

use super::super::super::effect::Effect;
use super::super::super::log_ask::LogOrigin;
use super::super::super::model::Model;
use super::super::super::model::logs::{Landing, Tail};
use super::super::super::model::nav::Pane;
use super::look;

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
    let last = tail.window.lines.len() - 1;
    let target = i64::try_from(at).unwrap_or(i64::MAX).saturating_add(by);
    let mut effects = Vec::new();
    match usize::try_from(target) {
        Ok(index) if index <= last => land(tail, index, height, by, &mut effects),
        Ok(_) if tail.window.at_end => land(tail, last, height, by, &mut effects),
        Err(_) if tail.window.at_start => land(tail, 0, height, by, &mut effects),
        // Behind what is known here: by its number.
        _ => {
            let first = i64::try_from(tail.window.first_visible).unwrap_or(i64::MAX);
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
    let at_top = by < 0 && tail.window.at_start && tail.cursor_index() == Some(0);
    if at_top {
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
    vec![look(tail, height, Anchor::End, None)]
}

/// Puts the cursor on a line of the window, and reads on where the window ends soon.
fn land(tail: &mut Tail, index: usize, height: usize, by: i64, effects: &mut Vec<Effect>) {
    let last = tail.window.lines.len() - 1;
    if by > 0 && index == last && tail.window.at_end {
        // Where it follows already, the window keeps up by itself.
        if !tail.follow {
            effects.extend(follow(tail, height));
        }
        return;
    }
    let followed = tail.follow;
    place(tail, index, height, Landing::Nearest);
    let near_start = index < height && !tail.window.at_start;
    let near_end = index + height > last && !tail.window.at_end;
    let on_its_way = tail.window.generation != tail.window_asked;
    // A window that follows would run away from a cursor that stands.
    if followed || ((near_start || near_end) && !on_its_way) {
        let anchor = tail.cursor.map_or(Anchor::End, Anchor::Line);
        effects.push(look(tail, height, anchor, None));
    }
}

/// Puts the cursor on a line of the window and scrolls.
pub fn place(tail: &mut Tail, index: usize, height: usize, landing: Landing) {
    let lines = &tail.window.lines;
    let Some(line) = lines.get(index) else {
        return;
    };
    let height = height.max(1);
    let lowest = (index + 1).saturating_sub(height);
    let top = match landing {
        Landing::Nearest => tail
            .top_index()
            // Where following left the window: its last line is the newest.
            .unwrap_or_else(|| lines.len().saturating_sub(height))
            .clamp(lowest, index),
        Landing::Centred => index.saturating_sub(height / 3),
    };
    tail.cursor = Some(line.key);
    tail.top = lines.get(top).map(|line| line.key);
    tail.follow = false;
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

/// Asks AWS for the lines before the oldest one.
pub fn load_older(model: &mut Model) -> Vec<Effect> {
    let Some(tail) = &mut model.logs.tail else {
        return Vec::new();
    };
    let LogOrigin::Targets(targets) = &tail.origin else {
        return Vec::new();
    };
    let oldest = tail.progress.times.map(|(oldest, _)| oldest);
    let before = oldest.and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
    let (false, false, Some(before)) = (tail.loading_older, tail.at_start, before) else {
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
