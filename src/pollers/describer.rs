//! Describes single runs: the one asked for last comes first, a few at a time.

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::domain::run::Run;
use crate::sources::RunSource;
use crate::store::msg::{Data, Msg};

use super::deliver;

const AT_ONCE: usize = 4;

pub async fn run(
    source: Arc<dyn RunSource>,
    mut requests: mpsc::UnboundedReceiver<Box<Run>>,
    out: mpsc::Sender<Msg>,
) {
    let mut waiting: Vec<Box<Run>> = Vec::new();
    let mut running = JoinSet::new();
    loop {
        while running.len() < AT_ONCE
            && let Some(run) = waiting.pop()
        {
            let (source, out) = (source.clone(), out.clone());
            running.spawn(async move {
                let answer = source.describe_run(&run).await;
                deliver(
                    &out,
                    Data::RunDetail {
                        key: run.key(),
                        answer,
                    },
                )
                .await;
            });
        }
        tokio::select! {
            request = requests.recv() => match request {
                Some(run) => waiting.push(run),
                None => return,
            },
            Some(_) = running.join_next(), if !running.is_empty() => {}
        }
    }
}
