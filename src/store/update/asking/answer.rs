//! A query that was asked: it runs, its rows come in, it is stopped, and one goes back to the lines before it.

use crate::domain::insights::{InsightsQuery, QueryState};
use crate::logs::ask::Anchor;

use super::super::super::effect::Effect;
use super::super::super::log_ask::{LogAsk, LogOrigin};
use super::super::super::model::Model;
use super::super::super::model::logs::{Asked, Phase, QueryForm, Tail};
use super::super::super::model::nav::{Pane, Screen};
use super::super::super::msg::Notice;
use super::super::super::query_news::{NewRows, QueryNews};
use super::super::lines::{self, ask, look};
use super::super::navigate;
use super::estimate::estimate;
use super::figures;

/// Queries remembered for the prompt.
const REMEMBERED: usize = 50;

/// Asks; the answer stands in front of the lines on screen.
pub fn start(model: &mut Model, form: QueryForm) -> Vec<Effect> {
    let Ok(estimate) = estimate(model, &form) else {
        return Vec::new();
    };
    let text = form.query.text().trim().to_owned();
    remember(model, &text);
    let query = InsightsQuery {
        groups: estimate.groups,
        from: estimate.from,
        until: estimate.until,
        text,
        limit: None,
        expected_bytes: estimate.scans.map(|scans| scans.bytes),
    };
    let mut effects = Vec::new();
    if model.nav.screen != Screen::Logs {
        effects.extend(navigate::go(model, Screen::Logs));
    }
    let behind = take_behind(model, &mut effects);
    let number = open_tail(model, &form.title, &mut effects);
    model.nav.focus = Pane::LogLines;
    model.logs.asked = Some(Box::new(Asked {
        number,
        title: form.title,
        query: query.clone(),
        targets: form.targets,
        range: form.range.text().to_owned(),
        phase: Phase::Starting,
        began: model.now,
        ended: None,
        scan: Default::default(),
        rows: 0,
        trouble: None,
        behind,
    }));
    let query = Box::new(query);
    effects.push(Effect::StartQuery { number, query });
    effects
}

fn remember(model: &mut Model, text: &str) {
    let before = &mut model.logs.asked_before;
    before.retain(|known| known != text);
    if before.len() >= REMEMBERED {
        before.remove(0);
    }
    before.push(text.to_owned());
}

/// The lines to come back to; an answer in front of them goes.
fn take_behind(model: &mut Model, effects: &mut Vec<Effect>) -> Option<Box<Tail>> {
    model.logs.sheets.clear();
    match model.logs.asked.take() {
        Some(asked) => {
            leave(model, &asked, effects);
            asked.behind
        }
        None => model.logs.tail.take().map(Box::new),
    }
}

/// What runs costs: nobody waits for it any more.
fn leave(model: &mut Model, asked: &Asked, effects: &mut Vec<Effect>) {
    if asked.is_running() {
        effects.push(Effect::StopQuery {
            number: asked.number,
        });
        let text = "the query is stopped: its answer was left";
        model.notices.push(model.now, Notice::info(text));
    }
    if let Some(tail) = model.logs.tail.take() {
        effects.push(Effect::CloseLog {
            session: tail.session,
        });
    }
}

/// An empty tail for what is found; answers its session.
fn open_tail(model: &mut Model, title: &str, effects: &mut Vec<Effect>) -> u64 {
    model.logs.sessions += 1;
    model.logs.left = 0;
    let session = model.logs.sessions;
    let mut tail = Tail::new(session, title.to_owned(), LogOrigin::Answer);
    effects.push(Effect::OpenLog {
        session,
        origin: LogOrigin::Answer,
        max_bytes: model.settings.log_max_bytes,
    });
    let height = model.nav.height(Pane::LogLines);
    effects.push(look(&mut tail, height, Anchor::End, None));
    model.logs.tail = Some(tail);
    session
}

/// Back from an answer to the lines before it, as they were left; `None` where there is no answer.
pub fn close(model: &mut Model) -> Option<Vec<Effect>> {
    let asked = model.logs.asked.take()?;
    let mut effects = Vec::new();
    model.logs.sheets.clear();
    leave(model, &asked, &mut effects);
    match asked.behind {
        Some(behind) => model.logs.tail = Some(*behind),
        None => model.nav.focus = Pane::LogGroups,
    }
    Some(effects)
}

/// Other lines are opened in place of all of this.
pub fn forget(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    model.logs.sheets.clear();
    if let Some(asked) = model.logs.asked.take() {
        leave(model, &asked, &mut effects);
    }
    effects
}

/// Stops what runs; what has come stays.
pub fn stop(model: &mut Model) -> Vec<Effect> {
    let Some(asked) = model.logs.asked.as_mut().filter(|asked| asked.is_running()) else {
        let notice = Notice::info("no query runs");
        model.notices.push(model.now, notice);
        return Vec::new();
    };
    asked.phase = Phase::Stopping;
    vec![Effect::StopQuery {
        number: asked.number,
    }]
}

/// The query has something to tell.
pub fn receive(model: &mut Model, number: u64, news: QueryNews) -> Vec<Effect> {
    let now = model.now;
    let Some(asked) = model.logs.asked.as_mut().filter(|a| a.number == number) else {
        return Vec::new();
    };
    model.changed = true;
    match news {
        QueryNews::Started => {
            if asked.phase == Phase::Starting {
                asked.phase = Phase::Running(QueryState::Scheduled);
            }
            Vec::new()
        }
        QueryNews::Trouble(error) => {
            if asked.phase == Phase::Stopping {
                asked.phase = Phase::Running(QueryState::Running);
            }
            asked.trouble = Some(error);
            Vec::new()
        }
        QueryNews::Failed(error) => {
            asked.phase = Phase::Failed(error);
            asked.ended = Some(now);
            asked.trouble = None;
            Vec::new()
        }
        QueryNews::Progress { state, scan, rows } => {
            asked.scan = scan;
            asked.trouble = None;
            if state.is_over() {
                asked.phase = Phase::Over(state);
                asked.ended = Some(now);
            } else if asked.phase != Phase::Stopping {
                asked.phase = Phase::Running(state);
            }
            take_rows(model, rows)
        }
    }
}

fn take_rows(model: &mut Model, rows: NewRows) -> Vec<Effect> {
    match rows {
        NewRows::None => Vec::new(),
        NewRows::Table { columns, rows } => {
            if let Some(asked) = &mut model.logs.asked {
                asked.rows = rows.len() as u64;
            }
            figures::show(model, columns, &rows);
            Vec::new()
        }
        NewRows::Lines { lines, anew } => {
            let mut effects = Vec::new();
            if anew {
                effects.extend(begin_anew(model));
            }
            let (Some(asked), Some(tail)) = (&mut model.logs.asked, &mut model.logs.tail) else {
                return effects;
            };
            asked.rows += lines.len() as u64;
            tail.delivered += lines.len() as u64;
            let append = LogAsk::Append {
                lines,
                older: false,
            };
            // Before the questions about them.
            effects.insert(effects.len().min(usize::from(anew) * 2), ask(tail, append));
            effects
        }
    }
}

/// The answer has changed while it was being found: an empty reader in place of the one with the former lines.
fn begin_anew(model: &mut Model) -> Vec<Effect> {
    let height = model.nav.height(Pane::LogLines);
    model.logs.sessions += 1;
    let session = model.logs.sessions;
    let (Some(asked), Some(tail)) = (&mut model.logs.asked, &mut model.logs.tail) else {
        return Vec::new();
    };
    asked.rows = 0;
    let mut effects = vec![
        Effect::CloseLog {
            session: tail.session,
        },
        Effect::OpenLog {
            session,
            origin: LogOrigin::Answer,
            max_bytes: model.settings.log_max_bytes,
        },
    ];
    tail.session = session;
    tail.delivered = 0;
    tail.progress = Default::default();
    tail.spread = Default::default();
    tail.curves = Default::default();
    tail.taking = Default::default();
    effects.extend(lines::ask_again(tail, height));
    effects
}

/// Lets the tail of a session take what is for it, also while it stands behind an answer.
pub fn in_front(
    model: &mut Model,
    session: u64,
    take: impl FnOnce(&mut Model) -> Vec<Effect>,
) -> Vec<Effect> {
    let is_behind = |model: &Model| {
        let behind = model.logs.asked.as_ref().and_then(|a| a.behind.as_ref());
        behind.is_some_and(|tail| tail.session == session)
    };
    if !is_behind(model) {
        return take(model);
    }
    swap(model);
    let effects = take(model);
    swap(model);
    effects
}

fn swap(model: &mut Model) {
    let behind = model.logs.asked.as_mut().and_then(|a| a.behind.as_mut());
    if let (Some(behind), Some(tail)) = (behind, &mut model.logs.tail) {
        std::mem::swap(&mut **behind, tail);
    }
}
