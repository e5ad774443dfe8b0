//! Waiting for many answers at the same time, in one task.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

enum Slot<'a, T> {
    Waiting(Pin<Box<dyn Future<Output = T> + Send + 'a>>),
    Done(T),
}

/// Runs all futures at the same time; the answers come in their order.
pub async fn together<'a, F, T>(futures: impl IntoIterator<Item = F>) -> Vec<T>
where
    F: Future<Output = T> + Send + 'a,
    T: Unpin + 'a,
{
    let mut slots: Vec<Slot<'a, T>> = futures
        .into_iter()
        .map(|future| Slot::Waiting(Box::pin(future)))
        .collect();
    poll_fn(|context| {
        let mut waiting = false;
        for slot in &mut slots {
            if let Slot::Waiting(future) = slot {
                match future.as_mut().poll(context) {
                    Poll::Ready(answer) => *slot = Slot::Done(answer),
                    Poll::Pending => waiting = true,
                }
            }
        }
        if waiting {
            Poll::Pending
        } else {
            Poll::Ready(())
        }
    })
    .await;
    slots
        .into_iter()
        .filter_map(|slot| match slot {
            Slot::Done(answer) => Some(answer),
            Slot::Waiting(_) => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::together;
    use std::time::Duration;

    #[tokio::test(start_paused = true)]
    async fn answers_come_in_order_after_the_longest_wait() {
        let start = tokio::time::Instant::now();
        let answers = together([3u64, 1, 2].map(|n| async move {
            tokio::time::sleep(Duration::from_secs(n)).await;
            n
        }))
        .await;
        assert_eq!(answers, [3, 1, 2]);
        assert_eq!(start.elapsed(), Duration::from_secs(3));
        let nobody = Vec::<std::future::Ready<u8>>::new();
        assert!(together(nobody).await.is_empty());
    }
}
