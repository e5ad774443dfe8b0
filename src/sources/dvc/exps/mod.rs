//! Experiments that are queued, run or have failed: DVC's own files about them.

mod queue;

pub use self::queue::{Executor, Queue, State, Task};
