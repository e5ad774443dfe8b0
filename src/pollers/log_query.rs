//! A query of Logs Insights under way: started, looked at every second, stopped when nobody wants it any more.

mod rows;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::sleep;

use crate::domain::insights::{InsightsQuery, QueryResults};
use crate::domain::source_error::{ErrorKind, SourceError};
use crate::sources::InsightsSource;
use crate::store::msg::{Data, Msg};
use crate::store::query_news::QueryNews;

use super::backoff::Backoff;
use super::deliver;
use super::following::{Pace, Turned};
use rows::Rows;

/// Many a query is over soon.
const FIRST_LOOK: Duration = Duration::from_millis(300);
/// Between two looks.
const INTERVAL: Duration = Duration::from_secs(1);
/// Looks that may fail in a row before it is given up.
const MOST_FAILURES: u32 = 8;
/// The same while the session has expired: somebody renews it within some minutes.
const MOST_EXPIRED: u32 = 60;
/// Looks at a query that was told to stop, until it is taken for stopped.
const LAST_LOOKS: u32 = 5;

pub struct Query {
    pub source: Arc<dyn InsightsSource>,
    pub number: u64,
    pub query: InsightsQuery,
    /// Each message is a wish to stop.
    pub stop: mpsc::Receiver<()>,
    /// For the jitter.
    pub backoff: Backoff,
    pub out: mpsc::Sender<Msg>,
}

pub async fn run(mut query: Query) {
    // Never given up half way: AWS may have taken it, and it would run on unseen.
    let id = match query.source.start_query(&query.query).await {
        Ok(id) => id,
        Err(error) => {
            query.tell(QueryNews::Failed(error)).await;
            return;
        }
    };
    if query.tell(QueryNews::Started).await {
        query.watch(&id).await;
    } else {
        query.abandon(&id).await;
    }
}

impl Query {
    async fn tell(&self, news: QueryNews) -> bool {
        let number = self.number;
        deliver(&self.out, Data::Query { number, news }).await
    }

    async fn watch(&mut self, id: &str) {
        let mut rows = Rows::of(&self.query);
        let mut pace = Pace::default();
        let mut failures = 0;
        let mut pause = FIRST_LOOK;
        loop {
            let wish = tokio::select! {
                biased;
                wish = self.stop.recv() => Some(wish),
                () = sleep(pause) => None,
            };
            let turned = match wish {
                // Whoever could wish is gone: the program ends.
                Some(None) => return,
                Some(Some(())) => match self.source.stop_query(id).await {
                    Ok(()) => return self.last_looks(id, &mut rows).await,
                    // It goes on and costs: said, and stopped when one asks again.
                    Err(error) => Err(error),
                },
                None => self.source.query_results(id).await.map(Some),
            };
            let goes_on = match turned {
                Ok(results) => {
                    failures = 0;
                    pause = pace.after(Turned::Lines, INTERVAL);
                    let Some(results) = results else { continue };
                    let over = results.state.is_over();
                    let told = self.tell(progress(results, &mut rows)).await;
                    if over {
                        return;
                    }
                    told
                }
                Err(error) => {
                    failures += u32::from(wish.is_none());
                    if wish.is_none() && is_hopeless(error.kind, failures) {
                        return self.give_up(id, error, &mut rows).await;
                    }
                    let wait = pace.after(Turned::Failed(error.kind), INTERVAL);
                    pause = self.backoff.jitter(wait);
                    self.tell(QueryNews::Trouble(error)).await
                }
            };
            if !goes_on {
                return self.abandon(id).await;
            }
        }
    }

    /// Nobody listens any more: it must not run on unseen.
    async fn abandon(&self, id: &str) {
        if let Err(error) = self.source.stop_query(id).await {
            tracing::warn!(%error, "a query may still run");
        }
    }

    /// What has come by the time it was stopped, and what that cost.
    async fn last_looks(&mut self, id: &str, rows: &mut Rows) {
        let mut last = None;
        for _ in 0..LAST_LOOKS {
            match self.source.query_results(id).await {
                Ok(results) => {
                    let over = results.state.is_over();
                    if !self.tell(progress(results, rows)).await || over {
                        return;
                    }
                }
                Err(error) => last = Some(error),
            }
            sleep(INTERVAL).await;
        }
        let error = last.unwrap_or_else(|| {
            SourceError::new(
                "logs:StopQuery",
                ErrorKind::ServerFault,
                "the query was told to stop and has not done so",
            )
        });
        self.tell(QueryNews::Failed(error)).await;
    }

    /// Nobody will look at it again, so it must not go on and cost.
    async fn give_up(&self, id: &str, mut error: SourceError, rows: &mut Rows) {
        match self.source.stop_query(id).await {
            // What is paid for is shown.
            Ok(()) if error.kind == ErrorKind::OverBudget => {
                if let Ok(results) = self.source.query_results(id).await {
                    self.tell(progress(results, rows)).await;
                }
            }
            Ok(()) => {}
            Err(refused) => {
                let goes_on = format!("it could not be stopped either: {}", refused.what);
                error.hint = Some(match error.hint {
                    Some(hint) => format!("{hint}; {goes_on}"),
                    None => goes_on,
                });
            }
        }
        self.tell(QueryNews::Failed(error)).await;
    }
}

fn is_hopeless(kind: ErrorKind, failures: u32) -> bool {
    match kind {
        ErrorKind::Expired | ErrorKind::NoCredentials => failures >= MOST_EXPIRED,
        kind if kind.is_transient() => failures >= MOST_FAILURES,
        _ => true,
    }
}

fn progress(results: QueryResults, rows: &mut Rows) -> QueryNews {
    QueryNews::Progress {
        state: results.state,
        scan: results.scan,
        rows: rows.take(results.columns, results.rows),
    }
}
