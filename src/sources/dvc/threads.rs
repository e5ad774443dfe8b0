//! The same work on many things, spread over all cores.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Things taken at once: so many that taking them costs nothing.
const SHARE: usize = 64;

/// The result for each item, in order. Each thread makes itself a `tool` first, such as a buffer.
///
/// Few items are worked through without a thread.
pub fn each<T: Sync, R: Send, W>(
    items: &[T],
    share: usize,
    tool: impl Fn() -> W + Sync,
    work: impl Fn(&T, &mut W) -> R + Sync,
) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    if items.len() <= share || threads == 1 {
        let mut tool = tool();
        return items.iter().map(|item| work(item, &mut tool)).collect();
    }
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, Vec<R>)>> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..threads.min(items.len().div_ceil(share)) {
            scope.spawn(|| {
                let mut tool = tool();
                loop {
                    let at = next.fetch_add(share, Ordering::Relaxed);
                    let Some(part) = items.get(at..items.len().min(at + share)) else {
                        break;
                    };
                    if part.is_empty() {
                        break;
                    }
                    let results = part.iter().map(|item| work(item, &mut tool)).collect();
                    done.lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .push((at, results));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().flat_map(|(_, results)| results).collect()
}

/// For work of some microseconds, such as `stat`.
pub fn small<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    each(items, SHARE, || (), |item, ()| work(item))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order() {
        let items: Vec<usize> = (0..10_000).collect();
        let doubled = small(&items, |item| item * 2);
        assert!(doubled.iter().enumerate().all(|(at, it)| *it == at * 2));
        assert_eq!(small(&items[..3], |item| item + 1), [1, 2, 3]);
    }
}
