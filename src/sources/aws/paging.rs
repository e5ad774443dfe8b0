//! Reading lists to their end, and asking for many things at once without asking for all of them.

use std::future::Future;

use tokio::task::JoinSet;

use super::api::Api;
use crate::domain::source_error::{ErrorKind, Partial, SourceError};

/// Pages that may come in a row without an item before the list counts as read.
const EMPTY_PAGES: usize = 10;
/// No list is read further than so many pages.
const MOST_PAGES: usize = 500;

/// One page of a list.
pub struct Page<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
    /// What follows is of no interest (older than asked for).
    pub enough: bool,
}

impl<T> Page<T> {
    /// Takes the items and token of an answer; an empty token is none.
    pub fn new(items: Vec<T>, next: Option<String>) -> Self {
        Self {
            items,
            next: next.filter(|token| !token.is_empty()),
            enough: false,
        }
    }
}

/// A list as far as it was read.
#[derive(Debug)]
pub struct Listed<T> {
    pub items: Vec<T>,
    /// The limit was reached and there is more.
    pub more: bool,
    /// A later page failed; the items are those of the pages before.
    pub failure: Option<SourceError>,
}

impl<T> Listed<T> {
    /// With a `missing` entry where the list is not whole.
    pub fn into_partial(self, api: Api, limit: usize) -> Partial<Vec<T>> {
        let mut missing = Vec::from_iter(self.failure);
        if self.more {
            missing.push(more_than(api, limit));
        }
        Partial {
            value: self.items,
            missing,
        }
    }
}

/// Says that a list goes on past the limit.
pub fn more_than(api: Api, limit: usize) -> SourceError {
    SourceError::new(
        api.to_string(),
        ErrorKind::Missing,
        format!("only {limit} are read, there are more"),
    )
    .with_hint("ask for a shorter time, or raise the limit")
}

/// One entry for failures of the same operation and class: a denial of a hundred describes is one denial.
pub fn summed_up(failures: Vec<SourceError>) -> Vec<SourceError> {
    let mut told: Vec<(SourceError, usize)> = Vec::new();
    for failure in failures {
        let same = |known: &&mut (SourceError, usize)| {
            known.0.source_name == failure.source_name && known.0.kind == failure.kind
        };
        match told.iter_mut().find(same) {
            Some((_, more)) => *more += 1,
            None => told.push((failure, 0)),
        }
    }
    told.into_iter()
        .map(|(mut failure, more)| {
            if more > 0 {
                failure.what = format!("{} (and {more} more)", failure.what);
            }
            failure
        })
        .collect()
}

/// Reads page after page until `limit` items, the end, or a page that says that it is enough.
///
/// # Errors
/// Only when the first page fails: a later failure keeps what was read.
pub async fn read<T, F, Fut>(limit: usize, mut page: F) -> Result<Listed<T>, SourceError>
where
    F: FnMut(Option<String>) -> Fut,
    Fut: Future<Output = Result<Page<T>, SourceError>>,
{
    let mut listed = Listed {
        items: Vec::new(),
        more: false,
        failure: None,
    };
    let mut token: Option<String> = None;
    let mut empty = 0;
    for number in 0..MOST_PAGES {
        let answer = match page(token.clone()).await {
            Ok(answer) => answer,
            Err(error) if number == 0 => return Err(error),
            Err(error) => {
                listed.failure = Some(error);
                return Ok(listed);
            }
        };
        empty = if answer.items.is_empty() {
            empty + 1
        } else {
            0
        };
        listed.items.extend(answer.items);
        let over = listed.items.len() > limit;
        listed.items.truncate(limit);
        let ended = answer.next.is_none() || answer.next == token || empty >= EMPTY_PAGES;
        if over || (listed.items.len() == limit && !ended && !answer.enough) {
            listed.more = true;
            return Ok(listed);
        }
        if ended || answer.enough {
            return Ok(listed);
        }
        token = answer.next;
    }
    listed.more = true;
    Ok(listed)
}

/// Does `work` for each item, `width` at a time, and answers in the order of the items.
///
/// Work that panics leaves no answer. Dropping the future stops all work.
pub async fn each<I, T, F, Fut>(items: Vec<I>, width: usize, work: F) -> Vec<T>
where
    F: Fn(I) -> Fut,
    Fut: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    let mut waiting = items.into_iter().enumerate();
    let mut running = JoinSet::new();
    let mut done: Vec<(usize, T)> = Vec::new();
    let start = |(index, item): (usize, I), running: &mut JoinSet<(usize, T)>| {
        let work = work(item);
        running.spawn(async move { (index, work.await) });
    };
    for next in waiting.by_ref().take(width.max(1)) {
        start(next, &mut running);
    }
    while let Some(joined) = running.join_next().await {
        done.extend(joined.ok());
        if let Some(next) = waiting.next() {
            start(next, &mut running);
        }
    }
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, answer)| answer).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    const LIST: Api = Api::new("sagemaker", "ListEndpoints");

    /// Pages of ten numbers out of `all`; every `gap`th page is empty.
    async fn pages_of(all: usize, limit: usize) -> Listed<usize> {
        read(limit, |token| async move {
            let from: usize = token.map_or(0, |t| t.parse().unwrap());
            let to = (from + 10).min(all);
            Ok(Page::new(
                (from..to).collect(),
                (to < all).then(|| to.to_string()),
            ))
        })
        .await
        .unwrap()
    }

    #[tokio::test]
    async fn a_list_is_read_to_its_end() {
        let listed = pages_of(250, 1000).await;
        assert_eq!(listed.items, (0..250).collect::<Vec<_>>());
        assert!(!listed.more);
    }

    #[tokio::test]
    async fn the_limit_is_kept_and_told() {
        let listed = pages_of(250, 95).await;
        assert_eq!(listed.items.len(), 95);
        assert!(listed.more);
        let partial = listed.into_partial(LIST, 95);
        assert_eq!(partial.missing.len(), 1);
        let exact = pages_of(100, 100).await;
        assert!(!exact.more, "a list that just fits is whole");
        let on_the_edge = pages_of(110, 100).await;
        assert!(on_the_edge.more);
    }

    #[tokio::test]
    async fn endless_empty_pages_end() {
        let asked = AtomicUsize::new(0);
        let listed: Listed<u8> = read(100, |_| {
            let n = asked.fetch_add(1, Ordering::SeqCst);
            async move { Ok(Page::new(Vec::new(), Some(format!("t{n}")))) }
        })
        .await
        .unwrap();
        assert!(listed.items.is_empty());
        assert_eq!(asked.into_inner(), EMPTY_PAGES);
    }

    #[tokio::test]
    async fn a_token_that_repeats_ends_the_list() {
        let listed: Listed<u8> = read(100, |_| async { Ok(Page::new(vec![1], Some("t".into()))) })
            .await
            .unwrap();
        assert_eq!(listed.items.len(), 2);
    }

    #[tokio::test]
    async fn a_late_failure_keeps_the_pages_before() {
        let listed = read(100, |token| async move {
            match token {
                None => Ok(Page::new(vec![1], Some("t".into()))),
                Some(_) => Err(SourceError::new("x", ErrorKind::Throttled, "slow down")),
            }
        })
        .await
        .unwrap();
        assert_eq!(listed.items, [1]);
        assert_eq!(listed.failure.unwrap().kind, ErrorKind::Throttled);
    }

    #[test]
    fn the_same_failure_of_many_is_told_once() {
        let failure = |name: &str, kind| SourceError::new("s:Describe", kind, name);
        let told = summed_up(vec![
            failure("a", ErrorKind::Denied),
            failure("b", ErrorKind::Missing),
            failure("c", ErrorKind::Denied),
            failure("d", ErrorKind::Denied),
        ]);
        let words: Vec<&str> = told.iter().map(|e| e.what.as_str()).collect();
        assert_eq!(words, ["a (and 2 more)", "b"]);
    }

    #[tokio::test]
    async fn work_is_bounded_and_keeps_its_order() {
        let running = Arc::new(AtomicUsize::new(0));
        let most = Arc::new(AtomicUsize::new(0));
        let answers = each((0..50usize).collect(), 8, |n| {
            let (running, most) = (running.clone(), most.clone());
            async move {
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::task::yield_now().await;
                running.fetch_sub(1, Ordering::SeqCst);
                n * 2
            }
        })
        .await;
        assert_eq!(answers, (0..50).map(|n| n * 2).collect::<Vec<_>>());
        assert_eq!(most.load(Ordering::SeqCst), 8);
    }
}
