//! Indexing a stretch of a file on all cores.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::Sender;
use std::thread;

use crate::logs::files::index::Job;

use super::mail::Mail;

/// Less than this is indexed while the reader waits: a growing file, a small one.
pub(super) const AT_ONCE: u64 = 4 << 20;

/// Ends when dropped.
#[derive(Debug)]
pub(super) struct Indexing {
    stop: Arc<AtomicBool>,
}

impl Indexing {
    pub fn start(job: Job, threads: usize, mail: &Sender<Mail>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let job = Arc::new(job);
        let next = Arc::new(AtomicU64::new(0));
        for _ in 0..threads.max(1) {
            let (job, next, stop) = (Arc::clone(&job), Arc::clone(&next), Arc::clone(&stop));
            let mail = mail.clone();
            thread::spawn(move || {
                let mut buffer = Vec::new();
                while !stop.load(Ordering::Relaxed) {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= job.chunks() {
                        break;
                    }
                    let chunk = job.read(number, &mut buffer);
                    if mail
                        .send(Mail::Indexed(Arc::clone(&job.part), chunk))
                        .is_err()
                    {
                        break;
                    }
                }
            });
        }
        Self { stop }
    }
}

impl Drop for Indexing {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}
