//! Following log targets by polling: nothing lost to late events, nothing shown twice.
//!
//! The one place that decides what to ask and what is new, for the screens' tail and for `logs --follow`.

mod live;
mod merge;
mod pace;
mod seen;
mod tailer;
mod window;

pub use pace::{Pace, Turned};
pub use tailer::{Batch, Tailer};
pub use window::{Fresh, Window};

use window::Ask;

use crate::domain::clock::Clock;
use crate::domain::log::LogGap;
use crate::domain::source_error::SourceError;
use crate::sources::LogSource;

/// Pages of one target in one turn; the next turn follows at once when there are more.
const PAGES_A_TURN: usize = 10;

/// What one turn of one target brought.
#[derive(Debug, Default)]
pub struct Turn {
    /// In the order of time, as far as they came so.
    pub fresh: Vec<Fresh>,
    pub gaps: Vec<LogGap>,
    /// What the answer lacks.
    pub missing: Vec<SourceError>,
    /// Why it ended early; what was read before is in `fresh`.
    pub failure: Option<SourceError>,
}

impl Turn {
    pub fn turned(&self) -> Turned {
        match &self.failure {
            Some(error) => Turned::Failed(error.kind),
            None if self.fresh.is_empty() => Turned::Nothing,
            None => Turned::Lines,
        }
    }
}

/// Asks for what is new, page after page.
async fn turn(source: &dyn LogSource, window: &mut Window, clock: &dyn Clock) -> Turn {
    let mut turn = Turn::default();
    for _ in 0..PAGES_A_TURN {
        let asked_at = clock.now();
        let taken = match window.ask(asked_at) {
            Ask::Newest(query) => match source.log_events(&query).await {
                Ok(answer) => {
                    turn.missing.extend(answer.missing);
                    window.take_newest(answer.value, asked_at)
                }
                Err(error) => {
                    turn.failure = Some(error);
                    return turn;
                }
            },
            Ask::Page(query, token) => match source.log_page(&query, token.as_deref()).await {
                Ok(page) => window.take_page(page, clock.now()),
                Err(error) => {
                    window.failed(&error);
                    turn.failure = Some(error);
                    return turn;
                }
            },
        };
        turn.fresh.extend(taken.fresh);
        turn.gaps.extend(taken.gap);
        if !window.has_more() {
            break;
        }
    }
    turn
}
