//! The simulated AWS account behind `demo`, and behind tests that want a whole account.
//!
//! A scenario file and a seed make a plan of everything that happens; what a caller sees of it depends on the
//! clock alone, so the same seed gives the same account, byte for byte, at the same simulated minute. The
//! account speaks AWS's own protocols: to SDK clients in this process as their HTTP client, and to any other
//! client over a loopback port. It answers what Flightdeck asks and says `UnknownOperationException` to the rest.

mod account;
mod clock;
mod connector;
mod dice;
mod faults;
mod insights;
mod live;
mod logs;
mod moment;
mod repository;
mod scenario;
mod server;
mod services;
mod serving;
mod wire;
mod world;

use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::body::Bytes;
use jiff::Timestamp;

pub use clock::SimClock;
pub use faults::{FaultKind, FaultRule, Faults};
pub use repository::DemoRepository;
pub use scenario::{DEFAULT as DEFAULT_SCENARIO, Scenario, ScenarioError};
pub use server::serve;

use crate::domain::clock::Clock;
use account::Account;
use dice::Dice;
use moment::Moment;
use services::call::Call;
use wire::error::ApiError;
use wire::request::{Request, Unreadable};
use wire::service::Service;

/// A simulated account in one Region.
pub struct Simulator {
    account: Account,
    clock: Arc<dyn Clock>,
    start: Timestamp,
    faults: Mutex<Faults>,
    /// Live Tail sessions that are open.
    sessions: Arc<AtomicUsize>,
}

/// What becomes of a request.
pub(crate) struct Outcome {
    /// How long the answer takes.
    pub delay: Duration,
    pub answer: Answer,
}

pub(crate) enum Answer {
    Whole(http::Response<Bytes>),
    /// Told bit by bit.
    Live(Box<live::Session>),
    /// The connection ends without one.
    CutOff,
}

impl std::fmt::Debug for Simulator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Simulator")
            .field("account", &self.account())
            .field("start", &self.start)
            .finish_non_exhaustive()
    }
}

impl Simulator {
    /// An account that plays `scenario`; `start` is its minute 0, and `clock` says what time it is there.
    pub fn new(
        scenario: Scenario,
        seed: u64,
        clock: Arc<dyn Clock>,
        start: Timestamp,
    ) -> Arc<Self> {
        let spec = Arc::clone(scenario.spec());
        let faults = Faults::of(spec.faults.iter().map(FaultRule::from));
        Arc::new(Self {
            account: Account::new(spec, seed, start.into()),
            clock,
            start,
            faults: Mutex::new(faults),
            sessions: Arc::default(),
        })
    }

    /// The account's twelve digits.
    pub fn account(&self) -> &str {
        &self.account.spec.account.id
    }

    /// The account's alias, `acme-ml-prod`.
    pub fn alias(&self) -> &str {
        &self.account.spec.account.alias
    }

    pub fn region(&self) -> &str {
        &self.account.spec.account.region
    }

    /// Minute 0.
    pub fn start(&self) -> Timestamp {
        self.start
    }

    /// Replaces the faults in force, also those of the scenario.
    pub fn set_faults(&self, faults: Faults) {
        *self.faults.lock().unwrap_or_else(PoisonError::into_inner) = faults;
    }

    /// Answers one request at once, and well: faults are for those who carry requests, the HTTP client and
    /// the server.
    pub fn respond(&self, request: http::Request<Bytes>) -> http::Response<Bytes> {
        let now = Moment::from(self.clock.now());
        match wire::request::read(&request) {
            Ok(read) => self.answer(&read, &request, now),
            Err(unreadable) => self.refuse(&unreadable, &request),
        }
    }

    /// Answers one request as the faults in force would have it.
    pub(crate) fn outcome(&self, request: &http::Request<Bytes>) -> Outcome {
        let now = Moment::from(self.clock.now());
        let read = wire::request::read(request);
        let (service, operation) = match &read {
            Ok(read) => (Some(read.service), read.operation.as_str()),
            Err(unreadable) => (unreadable.service, ""),
        };
        let verdict = self
            .faults
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .judge(service, operation, now, self.account.start);
        let answer = match (verdict.fault, &read) {
            (Some(FaultKind::CutOff), _) => Answer::CutOff,
            (Some(FaultKind::Garbage), _) => Answer::Whole(garbage()),
            (Some(kind), Ok(read)) => {
                let error = faults::error(
                    kind,
                    read.service,
                    &read.operation,
                    &self.account.caller_arn(),
                );
                match error {
                    Some(error) => Answer::Whole(self.write(read, request, Err(error))),
                    None => self.whole_or_live(read, request, now),
                }
            }
            (_, Ok(read)) => self.whole_or_live(read, request, now),
            (_, Err(unreadable)) => Answer::Whole(self.refuse(unreadable, request)),
        };
        Outcome {
            delay: verdict.delay,
            answer,
        }
    }

    fn whole_or_live(&self, read: &Request, request: &http::Request<Bytes>, now: Moment) -> Answer {
        if read.service != Service::Logs || read.operation != live::OPERATION {
            return Answer::Whole(self.answer(read, request, now));
        }
        let call = Call::new(
            &self.account,
            read.service,
            &read.operation,
            &read.input,
            now,
        );
        match call.and_then(|call| live::Session::open(&call, &self.sessions)) {
            Ok(session) => Answer::Live(Box::new(session)),
            Err(error) => Answer::Whole(self.write(read, request, Err(error))),
        }
    }

    fn answer(
        &self,
        read: &Request,
        request: &http::Request<Bytes>,
        now: Moment,
    ) -> http::Response<Bytes> {
        let reply = Call::new(
            &self.account,
            read.service,
            &read.operation,
            &read.input,
            now,
        )
        .and_then(|call| services::answer(&call));
        self.write(read, request, reply)
    }

    fn write(
        &self,
        read: &Request,
        request: &http::Request<Bytes>,
        reply: services::call::Reply,
    ) -> http::Response<Bytes> {
        let id = self.request_id(request);
        wire::answer(
            read.protocol,
            Some(read.service),
            &read.operation,
            &id,
            &reply,
        )
    }

    fn refuse(
        &self,
        unreadable: &Unreadable,
        request: &http::Request<Bytes>,
    ) -> http::Response<Bytes> {
        let error = ApiError::new(unreadable.code, unreadable.message.clone());
        let id = self.request_id(request);
        wire::answer(
            unreadable.protocol,
            unreadable.service,
            "",
            &id,
            &Err(error),
        )
    }

    /// The same request at the same moment has the same id.
    fn request_id(&self, request: &http::Request<Bytes>) -> String {
        let body = String::from_utf8_lossy(request.body());
        let target = request
            .headers()
            .get("x-amz-target")
            .map(|v| v.as_bytes().len() as i64);
        Dice::new(self.account.dice.bits())
            .of(request.uri().path())
            .of(&body)
            .at(target.unwrap_or(0))
            .at(self.clock.now().as_millisecond())
            .uuid()
    }
}

/// What a captive portal answers to everything.
fn garbage() -> http::Response<Bytes> {
    let mut response = http::Response::new(Bytes::from_static(
        b"<!DOCTYPE html><html><head><title>Sign in to the network</title></head><body>Please sign in.</body></html>",
    ));
    response.headers_mut().insert(
        http::header::CONTENT_TYPE,
        http::HeaderValue::from_static("text/html; charset=utf-8"),
    );
    response
}
