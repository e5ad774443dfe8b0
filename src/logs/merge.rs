//! Lines of several files in the order of time, without a list of them.
//!
//! Each file keeps its own order: a line without a time stands with the line above it, and one whose time the file
//! contradicts does not move what is around it. So the time at which lines *stand* never falls within a file, and
//! any span of time is one contiguous piece of each file. A document of several files is cut into [`slice::Slice`]s
//! of about a mebibyte: a piece of each file that has lines in that span. What lies where within a slice is worked
//! out when somebody looks.
//!
//! - [`survey`] reads a stretch of a file once: it counts lines and samples times, a few in each 32 KiB.
//! - [`piece`] is a stretch with [`piece::Knot`]s, the samples that are in order; it places each line between them.
//! - [`lane`] is what of a file has yet to be cut, [`cut`] cuts those of several files at the same times.
//! - [`plan`] does all this for what is new, away from the reader's thread.

pub mod cut;
pub mod lane;
pub mod piece;
pub mod plan;
pub mod slice;
pub mod survey;
pub mod tail;
#[cfg(test)]
mod tests;
