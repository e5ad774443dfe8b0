//! A real repository behind the pollers: a change is told of by the system, and its history is walked.

use std::sync::Arc;
use std::time::Duration;

use flightdeck::domain::clock::FixedClock;
use flightdeck::domain::history::Told;
use flightdeck::pollers::cadence::Cadence;
use flightdeck::pollers::{Cadences, Pollers, Settings};
use flightdeck::sources::Sources;
use flightdeck::sources::git::GitVersions;
use flightdeck::store::effect::{Interest, SourceId};
use flightdeck::store::msg::{Data, Msg};
use tokio::sync::mpsc;

use super::at;
use crate::sources::repo::Repo;

/// Looks by itself only once an hour.
fn start(repo: &Repo) -> (Pollers, mpsc::Receiver<Msg>) {
    let settings = Settings {
        cadences: Cadences {
            repository: Cadence::slower_hidden(3600, 1),
            ..Cadences::default()
        },
        history_days: 14,
        run_limit: 100,
        log_limit: 100,
        seed: 7,
        spool_folder: None,
        outlet: Default::default(),
        clock: Arc::new(FixedClock(at(10))),
    };
    let sources = Sources {
        account: None,
        account_error: None,
        versions: Arc::new(GitVersions::open(repo.path())),
        versions_named: true,
    };
    let (out, messages) = mpsc::channel(1024);
    let pollers = Pollers::start(async move { sources }, settings, out);
    pollers.set_interest(vec![(SourceId::Repository, Interest::Focused)]);
    (pollers, messages)
}

/// The next one that fits, of those that come in the next minute.
async fn next<T>(messages: &mut mpsc::Receiver<Msg>, fits: impl Fn(Data) -> Option<T>) -> T {
    let waited = tokio::time::timeout(Duration::from_secs(60), async {
        loop {
            if let Some(Msg::Data(data)) = messages.recv().await
                && let Some(found) = fits(*data)
            {
                return found;
            }
        }
    });
    waited.await.unwrap()
}

fn head(data: Data) -> Option<String> {
    match data {
        Data::Repository(Ok(answer)) => answer.value.head.commit,
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_is_seen_without_waiting_for_the_next_look() {
    let repo = Repo::new();
    repo.write("a.txt", "a");
    let first = repo.commit_all("first");
    let (_pollers, mut messages) = start(&repo);
    assert_eq!(next(&mut messages, head).await, first.to_string());
    repo.write("a.txt", "b");
    let second = repo.commit_all("second").to_string();
    let seen = next(&mut messages, |data| head(data).filter(|id| *id == second));
    assert_eq!(seen.await, second);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_comes_in_rows_and_says_when_it_is_whole() {
    let repo = Repo::new();
    for n in 0..3 {
        repo.write("a.txt", n.to_string());
        repo.commit_all("more");
    }
    let (pollers, mut messages) = start(&repo);
    pollers.walk_history(7);
    let rows = next(&mut messages, |data| match data {
        Data::History { walk: 7, told } => match *told {
            Told::Rows(page) => Some(page.0.len()),
            _ => None,
        },
        _ => None,
    });
    assert_eq!(rows.await, 3);
    let walked = next(&mut messages, |data| match data {
        Data::History { told, .. } => match *told {
            Told::Walked(answer) => Some(answer),
            _ => None,
        },
        _ => None,
    });
    assert_eq!(walked.await.unwrap().missing, []);
}
