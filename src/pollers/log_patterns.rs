//! Has the lines on screen read once, for what they have in common.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::logs::ask::{Ask, Generation, Range};
use crate::logs::template::Patterns;
use crate::logs::told;
use crate::logs::visit::Visitor;

/// Between two messages while it goes on.
const TELL_EVERY: Duration = Duration::from_millis(500);

/// Patterns told of.
const SHOWN: usize = 200;

#[derive(Debug)]
pub struct Count {
    generation: Generation,
    patterns: Arc<Mutex<Patterns>>,
    done: bool,
    /// When to tell; `None` once all is told.
    due: Option<Instant>,
}

impl Count {
    /// Begins, with what the reader is to be asked.
    pub fn begin(generation: Generation, now: Instant) -> (Self, Ask) {
        let patterns = Arc::new(Mutex::new(Patterns::new()));
        let seen = Arc::clone(&patterns);
        let visitor = Visitor::new(move |line| {
            let mut patterns = seen.lock().unwrap_or_else(PoisonError::into_inner);
            patterns.add(line.line.text);
            ControlFlow::Continue(())
        });
        let count = Self {
            generation,
            patterns,
            done: false,
            due: Some(now + TELL_EVERY),
        };
        let ask = Ask::Visit {
            generation,
            range: Range::VISIBLE,
            visitor,
        };
        (count, ask)
    }

    pub fn generation(&self) -> Generation {
        self.generation
    }

    /// A visit is over.
    pub fn visited(&mut self, generation: Generation, now: Instant) {
        if generation == self.generation && !self.done {
            self.done = true;
            self.due = Some(now);
        }
    }

    /// When there is something to tell.
    pub fn due(&self) -> Option<Instant> {
        self.due
    }

    /// Tells what is due.
    pub fn act(&mut self, now: Instant) -> Option<told::Patterns> {
        self.due.filter(|due| *due <= now)?;
        self.due = (!self.done).then_some(now + TELL_EVERY);
        let patterns = self.patterns.lock().unwrap_or_else(PoisonError::into_inner);
        let top = patterns.top(SHOWN);
        let told: u64 = top.iter().map(|pattern| pattern.count).sum();
        Some(told::Patterns {
            generation: self.generation,
            lines: patterns.lines(),
            others: patterns.lines().saturating_sub(told),
            done: self.done,
            shown: top
                .into_iter()
                .map(|pattern| told::Pattern {
                    template: pattern.template(),
                    count: pattern.count,
                    level: pattern.level,
                    example: pattern.example.to_string(),
                    filter: pattern.filter(),
                })
                .collect(),
        })
    }
}
