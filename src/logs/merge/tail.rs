//! The last lines of several files, before all of them are merged.

use std::io;

use crate::logs::block::Block;
use crate::logs::files::index::Job;
use crate::logs::key::LineKey;
use crate::logs::positioned;
use crate::logs::times::TimeOf;

use super::cut::slice;
use super::lane::Lane;
use super::piece::{Knot, TIMELESS};
use super::survey::{Stretch, sample};

/// The lines at the ends of files, from when on all of them are known. The stretches are short, and may begin within a
/// line.
pub fn tail(jobs: impl Iterator<Item = Job>, time_of: TimeOf) -> io::Result<Option<Block>> {
    let mut lanes = Vec::new();
    let mut from = LineKey::FIRST;
    let mut text = Vec::new();
    for mut job in jobs {
        let begins_within = job.range.start > 0;
        if begins_within {
            let len = usize::try_from(job.bytes()).unwrap_or(usize::MAX);
            positioned::read_into(&job.part.file, &mut text, job.range.start, len)?;
            let Some(end) = memchr::memchr(b'\n', &text) else {
                continue;
            };
            job.range.start += end as u64 + 1;
        }
        let sampled = sample(&job, 0, time_of, &mut text)?;
        let first = match sampled.first() {
            // Where the lines before it belong is not known.
            Some(first) if begins_within => {
                job.range.start = first.at;
                first
            }
            None if begins_within => continue,
            first => Knot {
                at: 0,
                line: 0,
                ms: first.map_or(TIMELESS, |first| first.ms),
            },
        };
        let lane = Lane::of_stretch(Stretch::new(&job, vec![sampled], first));
        if begins_within {
            from = from.max(lane.first_key());
        }
        lanes.push(lane);
    }
    // What stands before is left out.
    slice(&mut lanes, from, time_of)?;
    match slice(&mut lanes, LineKey::LAST, time_of)? {
        Some((slice, _)) => slice.block(false).map(Some),
        None => Ok(None),
    }
}
