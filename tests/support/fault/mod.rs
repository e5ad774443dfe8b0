//! An AWS endpoint that misbehaves: a plain TCP listener, one thread a connection, whose fault can be changed
//! while it runs. It counts the requests of each operation.

mod answer;
mod request;

use std::collections::BTreeMap;
use std::io::{BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::doubles::Doubles;
use request::Request;

/// What a request meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// None: the double behind it answers.
    Pass,
    /// The double behind it answers, this much later.
    Slow(Duration),
    /// Accepted, read, and never answered.
    BlackHole,
    /// `ThrottlingException`, always.
    Throttling,
    /// `AccessDeniedException` with the text AWS gives, naming the action.
    Denying,
    /// `ExpiredTokenException`.
    Expired,
    /// `InternalFailure` with status 500, as AWS itself says it.
    Internal,
    /// A web page with this status, as proxies and captive portals give.
    Html(u16),
    /// Status 200 and bytes that are nothing.
    RandomBytes,
    /// Status 200 and the first half of a JSON document, the length agreeing.
    TruncatedJson,
    /// The connection closes in the middle of the announced length.
    CutOff,
    /// No HTTP at all.
    NotHttp,
}

/// Runs until dropped.
pub struct FaultServer {
    /// `http://127.0.0.1:PORT`
    pub url: String,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    /// Addresses of moto and ministack behind it.
    upstream: Option<(String, String)>,
}

struct State {
    fault: Fault,
    counts: BTreeMap<String, usize>,
    open: Vec<TcpStream>,
    over: bool,
}

/// An address at which nothing listens.
pub fn dead_url() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port is free");
    url_of(&listener)
}

fn url_of(listener: &TcpListener) -> String {
    let address = listener
        .local_addr()
        .expect("a bound listener has an address");
    format!("http://{address}")
}

impl FaultServer {
    /// Nothing behind it.
    pub fn alone(fault: Fault) -> Self {
        Self::start(fault, None)
    }

    /// The doubles behind it, each service at the one that `Account::of` gives it.
    pub fn before(doubles: &Doubles, fault: Fault) -> Self {
        let address = |url: &str| url.trim_start_matches("http://").to_owned();
        let upstream = (address(&doubles.moto.url), address(&doubles.ministack.url));
        Self::start(fault, Some(upstream))
    }

    fn start(fault: Fault, upstream: Option<(String, String)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port is free");
        let url = url_of(&listener);
        let shared = Arc::new(Shared {
            state: Mutex::new(State {
                fault,
                counts: BTreeMap::new(),
                open: Vec::new(),
                over: false,
            }),
            changed: Condvar::new(),
            upstream,
        });
        let theirs = Arc::clone(&shared);
        let acceptor = thread::spawn(move || {
            for stream in listener.incoming() {
                if theirs.state().over {
                    return;
                }
                let Ok(stream) = stream else { continue };
                if let Ok(copy) = stream.try_clone() {
                    theirs.state().open.push(copy);
                }
                let theirs = Arc::clone(&theirs);
                // A client that goes away is no failure of the server.
                thread::spawn(move || drop(theirs.serve(stream)));
            }
        });
        Self {
            url,
            shared,
            acceptor: Some(acceptor),
        }
    }

    /// From the next request on.
    pub fn set(&self, fault: Fault) {
        self.shared.state().fault = fault;
    }

    /// Requests so far by operation (`ListEndpoints`), every attempt counted.
    pub fn counts(&self) -> BTreeMap<String, usize> {
        self.shared.state().counts.clone()
    }

    pub fn count(&self, operation: &str) -> usize {
        self.counts().get(operation).copied().unwrap_or(0)
    }

    /// Waits until so many requests of any operation have come; whether they did within the patience.
    pub fn wait_for_requests(&self, least: usize, patience: Duration) -> bool {
        let few = |state: &mut State| state.counts.values().sum::<usize>() < least;
        let state = self.shared.state();
        let waited = self.shared.changed.wait_timeout_while(state, patience, few);
        !waited
            .expect("no thread panics with the lock")
            .1
            .timed_out()
    }
}

impl Drop for FaultServer {
    fn drop(&mut self) {
        let open = {
            let mut state = self.shared.state();
            state.over = true;
            std::mem::take(&mut state.open)
        };
        self.shared.changed.notify_all();
        for stream in open {
            let _ = stream.shutdown(Shutdown::Both);
        }
        // Wakes the acceptor, which then sees that it is over.
        let _ = TcpStream::connect(self.url.trim_start_matches("http://"));
        if let Some(acceptor) = self.acceptor.take() {
            let _ = acceptor.join();
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no thread panics with the lock")
    }

    fn serve(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut reader = BufReader::new(stream.try_clone()?);
        let mut stream = stream;
        while let Some(request) = Request::read(&mut reader)? {
            let fault = {
                let mut state = self.state();
                *state.counts.entry(request.operation()).or_default() += 1;
                state.fault
            };
            self.changed.notify_all();
            let lasts = match fault {
                Fault::Pass => self.forward(&request, &mut stream)?,
                Fault::Slow(delay) => {
                    self.pause(delay);
                    self.forward(&request, &mut stream)?
                }
                // The client, or the end of this server, closes it.
                Fault::BlackHole => stream.read(&mut [0; 1])? > 0,
                other => {
                    stream.write_all(&answer::to(other, &request))?;
                    !matches!(other, Fault::CutOff | Fault::NotHttp)
                }
            };
            if !lasts {
                stream.shutdown(Shutdown::Both)?;
                break;
            }
        }
        Ok(())
    }

    /// Until the delay has passed or the server is over.
    fn pause(&self, delay: Duration) {
        let state = self.state();
        let waited = self.changed.wait_timeout_while(state, delay, |s| !s.over);
        drop(waited.expect("no thread panics with the lock"));
    }

    /// Hands the request to the double behind, and its answer back as it comes. The connection ends with it.
    fn forward(&self, request: &Request, client: &mut TcpStream) -> std::io::Result<bool> {
        let Some((moto, ministack)) = &self.upstream else {
            client.write_all(&answer::unavailable())?;
            return Ok(true);
        };
        let behind = if matches!(request.service(), "monitoring" | "logs" | "states") {
            ministack
        } else {
            moto
        };
        let mut behind = TcpStream::connect(behind)?;
        behind.write_all(&request.for_upstream())?;
        std::io::copy(&mut behind, client)?;
        Ok(false)
    }
}
