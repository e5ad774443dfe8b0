//! The same account over HTTP, for any AWS client that can be given an endpoint URL.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use http::{Request, Response};
use http_body_util::{BodyExt as _, Either, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::live::{self, Frames};
use super::{Answer, Simulator};

/// Serves the account on `listen` until the future is dropped; `ready` gets the address in use, which tells
/// the port when `listen` asks for port 0. An error is only that of binding the address.
pub async fn serve(
    simulator: Arc<Simulator>,
    listen: SocketAddr,
    ready: impl FnOnce(SocketAddr),
) -> io::Result<()> {
    let listener = TcpListener::bind(listen).await?;
    ready(listener.local_addr()?);
    // Connections end with the set, and so with this future.
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        let simulator = Arc::clone(&simulator);
        connections.spawn(async move {
            let service = service_fn(|request| answer(Arc::clone(&simulator), request));
            let served = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
            if let Err(error) = served {
                tracing::debug!(%error, "a client of the simulated account went away");
            }
        });
    }
}

/// An error closes the connection without an answer.
async fn answer(
    simulator: Arc<Simulator>,
    request: Request<Incoming>,
) -> Result<Response<Either<Full<Bytes>, Frames>>, io::Error> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let outcome = simulator.outcome(&Request::from_parts(parts, body));
    if !outcome.delay.is_zero() {
        tokio::time::sleep(outcome.delay).await;
    }
    match outcome.answer {
        Answer::Whole(response) => Ok(response.map(|bytes| Either::Left(Full::new(bytes)))),
        Answer::Live(session) => Ok(live::stream(simulator, *session).map(Either::Right)),
        Answer::CutOff => Err(io::Error::from(io::ErrorKind::ConnectionReset)),
    }
}
