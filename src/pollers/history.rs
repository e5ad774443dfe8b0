//! Walks the history and answers questions about it, each on a thread of its own; a newer one stops the older.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::sync::mpsc;

use crate::domain::history::ask::{AskKind, Walked};
use crate::domain::history::{Ask, Told};
use crate::domain::source_error::{ErrorKind, SourceError};
use crate::sources::history::Stop;
use crate::sources::{HistorySource, VersionSource};
use crate::store::msg::{Data, Msg};

/// A commit that the selection rests on so long is compared: who scrolls past many need not wait for each.
const REST: Duration = Duration::from_millis(40);

/// What the loop asks.
#[derive(Debug)]
pub enum Request {
    Walk(u64),
    Ask(Box<Ask>),
}

/// The history, opened where it may block.
struct Opening {
    versions: Arc<dyn VersionSource>,
    history: OnceLock<Option<Arc<dyn HistorySource>>>,
}

impl Opening {
    fn history(&self) -> Option<&dyn HistorySource> {
        self.history
            .get_or_init(|| self.versions.history())
            .as_deref()
    }
}

/// Ends when the loop has gone.
pub async fn run(
    versions: Arc<dyn VersionSource>,
    mut requests: mpsc::UnboundedReceiver<Request>,
    out: mpsc::Sender<Msg>,
) {
    let opening = Arc::new(Opening {
        versions,
        history: OnceLock::new(),
    });
    let mut walking = Stop::default();
    let mut walk = 0;
    let mut asked: HashMap<AskKind, Stop> = HashMap::new();
    while let Some(request) = requests.recv().await {
        let (opening, out) = (opening.clone(), out.clone());
        match request {
            Request::Walk(number) => {
                walking.set();
                walking = Stop::default();
                walk = number;
                let stop = walking.clone();
                tokio::task::spawn_blocking(move || {
                    let tell = |told| tell(&out, number, told);
                    let answer = match opening.history() {
                        Some(history) => history.walk(&stop, &mut |page| tell(Told::Rows(page))),
                        None => Ok(Walked::default()),
                    };
                    if !stop.is_set() {
                        tell(Told::Walked(answer));
                    }
                });
            }
            Request::Ask(ask) => {
                let stop = Stop::default();
                let kind = ask.kind();
                if let Some(before) = asked.insert(kind, stop.clone()) {
                    before.set();
                }
                tokio::spawn(async move {
                    if kind == AskKind::Compare {
                        tokio::time::sleep(REST).await;
                        if stop.is_set() {
                            return;
                        }
                    }
                    // A panic in there is in the log file; the question stays open.
                    let _ = tokio::task::spawn_blocking(move || match opening.history() {
                        Some(history) => {
                            history.answer(&ask, &stop, &mut |told| tell(&out, walk, told));
                        }
                        None => tell_nothing(&out, walk, &ask),
                    })
                    .await;
                });
            }
        }
    }
    walking.set();
    asked.into_values().for_each(|stop| stop.set());
}

fn tell(out: &mpsc::Sender<Msg>, walk: u64, told: Told) {
    let told = Box::new(told);
    // The loop is gone only while the program ends.
    let _ = out.blocking_send(Msg::Data(Box::new(Data::History { walk, told })));
}

/// Nobody can answer: said, so that nothing is waited for.
fn tell_nothing(out: &mpsc::Sender<Msg>, walk: u64, ask: &Ask) {
    let nothing = || {
        let what = "there is no history to ask";
        SourceError::new("git", ErrorKind::Missing, what)
    };
    let told = match ask {
        Ask::Texts(_) | Ask::Find { .. } | Ask::FindNoMore => return,
        Ask::Compare { generation, .. } => Told::Compared {
            generation: *generation,
            answer: Err(nothing()),
        },
        Ask::File { generation, .. } => Told::File {
            generation: *generation,
            answer: Err(nothing()),
        },
        Ask::Tree { generation, .. } => Told::Tree {
            generation: *generation,
            answer: Err(nothing()),
        },
        Ask::Blame { generation, .. } => Told::Blame {
            generation: *generation,
            answer: Err(nothing()),
        },
    };
    tell(out, walk, told);
}
