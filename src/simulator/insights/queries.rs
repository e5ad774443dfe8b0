//! The queries that somebody started.

use std::collections::HashMap;

use super::parse::Program;
use super::run::Found;
use crate::simulator::moment::Moment;

/// What AWS runs at the same time.
const MOST_RUNNING: usize = 30;
/// Queries remembered; the service forgets them after a week.
const MOST: usize = 200;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Running,
    Complete,
    Cancelled,
}

/// A query that was started.
#[derive(Debug)]
pub struct Started {
    pub program: Program,
    pub groups: Vec<String>,
    pub from: Moment,
    pub until: Moment,
    pub limit: Option<usize>,
    pub state: State,
    /// How often its results were asked for: they are there at the second time, however the clock stands.
    pub asked: u32,
    pub found: Option<(Found, Scanned)>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Scanned {
    pub records: usize,
    pub bytes: usize,
    pub groups: usize,
}

#[derive(Debug, Default)]
pub struct Queries {
    started: HashMap<String, Started>,
    order: Vec<String>,
}

impl Queries {
    /// `false`: too many run already.
    pub fn start(&mut self, id: String, query: Started) -> bool {
        let running = |started: &&Started| started.state == State::Running;
        if self.started.values().filter(running).count() >= MOST_RUNNING {
            return false;
        }
        if self.order.len() >= MOST {
            let oldest = self.order.remove(0);
            self.started.remove(&oldest);
        }
        self.order.push(id.clone());
        self.started.insert(id, query);
        true
    }

    pub fn get(&mut self, id: &str) -> Option<&mut Started> {
        self.started.get_mut(id)
    }

    pub fn count(&self) -> usize {
        self.order.len()
    }
}
