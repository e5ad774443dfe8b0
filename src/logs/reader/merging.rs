//! Merging files away from the reader's thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
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
        let (stopped, mail) = (Arc::clone(&stop), mail.clone());
        thread::spawn(move || {
            if let Some(merged) = plan.carry_out(threads, &stopped).transpose() {
                // The reader may be gone.
                let _ = mail.send(Mail::Merged(merged));
            }
        });
        Self { stop }
    }
}

impl Drop for Merging {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}
