//! Merging files on all cores.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::logs::merge::plan::Plan;

use super::mail::Mail;

/// Ends when dropped.
#[derive(Debug)]
pub(super) struct Merging {
    stop: Arc<AtomicBool>,
}

impl Merging {
    pub fn start(plan: Plan, threads: usize, mail: &Sender<Mail>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let steps = Arc::new(plan.steps());
        let plan = Arc::new(plan);
        let next = Arc::new(AtomicUsize::new(0));
        let threads = threads.min(steps.len()).max(1);
        let left = Arc::new(AtomicUsize::new(threads));
        let read = Arc::new(Mutex::new(Vec::with_capacity(steps.len())));
        for _ in 0..threads {
            let (plan, steps, next) = (Arc::clone(&plan), Arc::clone(&steps), Arc::clone(&next));
            let (left, read) = (Arc::clone(&left), Arc::clone(&read));
            let (stop, mail) = (Arc::clone(&stop), mail.clone());
            thread::spawn(move || {
                let mut buffer = Vec::new();
                let mut mine = Vec::new();
                while !stop.load(Ordering::Relaxed)
                    && let Some(step) = steps.get(next.fetch_add(1, Ordering::Relaxed))
                {
                    mine.push((step.0, plan.read(*step, &mut buffer)));
                }
                let mut all = read.lock().unwrap_or_else(PoisonError::into_inner);
                all.append(&mut mine);
                let is_last = left.fetch_sub(1, Ordering::AcqRel) == 1;
                if is_last && !stop.load(Ordering::Relaxed) {
                    let merged = plan.finish(std::mem::take(&mut *all));
                    // The reader may be gone.
                    let _ = mail.send(Mail::Merged(merged));
                }
            });
        }
        Self { stop }
    }
}

impl Drop for Merging {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}
