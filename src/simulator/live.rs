//! Live Tail: a session that tells every second what was ingested since, over AWS's event stream.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use http::header::{CONTENT_TYPE, HeaderValue as HttpValue};
use hyper::body::{Body, Bytes, Frame};
use tokio::sync::mpsc;

use super::Simulator;
use super::logs::groups;
use super::logs::pattern::Pattern;
use super::moment::{MINUTE, Moment};
use super::services::call::Call;
use super::wire::error::ApiError;
use super::wire::json;
use super::wire::value::{Value, map};

/// The operation that is answered here and not by a service.
pub const OPERATION: &str = "StartLiveTail";
/// Sessions that an account may have open.
const MOST_SESSIONS: usize = 15;
const MOST_GROUPS: usize = 10;
/// Events of one update; more are sampled.
const MOST_EVENTS: usize = 500;
const TICK: Duration = Duration::from_secs(1);
/// A line that is ingested now happened at most so long ago.
const MOST_LATE: i64 = 2 * MINUTE;

/// What a session listens to.
#[derive(Debug)]
pub struct Session {
    id: String,
    arns: Vec<String>,
    groups: Vec<String>,
    names: Vec<String>,
    prefixes: Vec<String>,
    filter: String,
    pattern: Pattern,
    /// What was ingested up to here has been told.
    told: Moment,
    /// Counted as open until it is dropped.
    _open: Open,
}

#[derive(Debug)]
struct Open(Arc<AtomicUsize>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Session {
    /// Opens a session, or refuses it in the service's words.
    pub fn open(call: &Call<'_>, sessions: &Arc<AtomicUsize>) -> Result<Self, ApiError> {
        let owned = |name: &str| -> Vec<String> {
            call.texts(name).into_iter().map(str::to_owned).collect()
        };
        let arns = owned("logGroupIdentifiers");
        let (names, prefixes) = (owned("logStreamNames"), owned("logStreamNamePrefixes"));
        if arns.is_empty() || arns.len() > MOST_GROUPS {
            return Err(call.invalid("logGroupIdentifiers must have 1 to 10 members"));
        }
        let narrowed = !names.is_empty() || !prefixes.is_empty();
        if narrowed && (arns.len() > 1 || (!names.is_empty() && !prefixes.is_empty())) {
            return Err(call.invalid(
                "Log streams can be specified, by name or by prefix, with only one log group identifier",
            ));
        }
        let known = groups::groups(&call.view);
        let mut groups = Vec::new();
        for arn in &arns {
            let Some((_, name)) = arn
                .split_once(":log-group:")
                .filter(|_| !arn.ends_with(":*"))
            else {
                return Err(call.invalid("The specified log group identifier is invalid"));
            };
            if !known.iter().any(|group| group == name) {
                return Err(ApiError::new(
                    "ResourceNotFoundException",
                    "The specified log group does not exist.",
                ));
            }
            groups.push(name.to_owned());
        }
        let filter = call.text("logEventFilterPattern").unwrap_or_default();
        let pattern = Pattern::parse(filter).map_err(|e| call.invalid(e))?;
        let before = sessions.fetch_add(1, Ordering::SeqCst);
        let open = Open(Arc::clone(sessions));
        if before >= MOST_SESSIONS {
            return Err(ApiError::new(
                "LimitExceededException",
                "You have reached the maximum number of concurrent Live Tail sessions.",
            ));
        }
        Ok(Self {
            id: call
                .account()
                .dice
                .of("live")
                .at(call.now().0)
                .at(before as i64)
                .uuid(),
            arns,
            groups,
            names,
            prefixes,
            filter: filter.to_owned(),
            pattern,
            told: call.now(),
            _open: open,
        })
    }

    fn start(&self) -> Vec<u8> {
        let texts = |texts: &[String]| Value::list(texts.iter().map(String::as_str));
        let start = map! {
            "requestId" => self.id.as_str(),
            "sessionId" => self.id.as_str(),
            "logGroupIdentifiers" => texts(&self.arns),
            "logStreamNames" => texts(&self.names),
            "logStreamNamePrefixes" => texts(&self.prefixes),
            "logEventFilterPattern" => self.filter.as_str(),
        };
        // Protocols whose operations have no other output send it as an event of its own.
        let mut bytes = frame("initial-response", &map! {});
        bytes.extend(frame("sessionStart", &start));
        bytes
    }

    /// What was ingested since the last update.
    fn update(&mut self, simulator: &Simulator) -> Vec<u8> {
        let now = Moment::from(simulator.clock.now());
        let view = simulator.account.at(now);
        let account = &simulator.account.spec.account.id;
        let mut found = Vec::new();
        for group in &self.groups {
            for stream in groups::streams(&view, group).unwrap_or_default() {
                let wanted = (self.names.is_empty() || self.names.contains(&stream.name))
                    && (self.prefixes.is_empty()
                        || self
                            .prefixes
                            .iter()
                            .any(|p| stream.name.starts_with(p.as_str())));
                if !wanted
                    || stream
                        .last
                        .is_some_and(|last| last < self.told.plus(-MOST_LATE))
                {
                    continue;
                }
                let events = stream.events(&view, self.told.plus(-MOST_LATE), now.plus(1));
                found.extend(
                    events
                        .into_iter()
                        .filter(|e| e.ingested > self.told && self.pattern.matches(&e.message))
                        .map(|event| (group, stream.name.clone(), event)),
                );
            }
        }
        self.told = now;
        found.sort_by_key(|(_, _, event)| (event.ingested, event.at));
        let sampled = found.len() > MOST_EVENTS;
        let step = found.len().div_ceil(MOST_EVENTS).max(1);
        let results = found
            .into_iter()
            .step_by(step)
            .map(|(group, stream, event)| {
                map! {
                    "logGroupIdentifier" => format!("{account}:{group}"),
                    "logStreamName" => stream,
                    "message" => event.message,
                    "timestamp" => event.at.0,
                    "ingestionTime" => event.ingested.0,
                }
            });
        frame(
            "sessionUpdate",
            &map! {
                "sessionMetadata" => map! { "sampled" => sampled },
                "sessionResults" => Value::list(results),
            },
        )
    }
}

/// One message of the event stream.
fn frame(kind: &'static str, payload: &Value) -> Vec<u8> {
    let text = |name: &'static str, value: &'static str| {
        Header::new(name, HeaderValue::String(value.into()))
    };
    let message = Message::new(json::encode(payload).into_bytes())
        .add_header(text(":message-type", "event"))
        .add_header(text(":event-type", kind))
        .add_header(text(":content-type", "application/json"));
    let mut bytes = Vec::new();
    // A buffer in memory takes it; what did not fit would be told by the length of the frame.
    if write_message_to(&message, &mut bytes).is_err() {
        bytes.clear();
    }
    bytes
}

/// The body of an answer that goes on for as long as somebody listens.
#[derive(Debug)]
pub struct Frames(mpsc::Receiver<Bytes>);

impl Body for Frames {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let polled = self.0.poll_recv(context);
        polled.map(|bytes| bytes.map(|bytes| Ok(Frame::data(bytes))))
    }
}

/// Starts telling; the session ends when the body is dropped.
pub fn stream(simulator: Arc<Simulator>, mut session: Session) -> http::Response<Frames> {
    let (out, frames) = mpsc::channel(10);
    tokio::spawn(async move {
        let mut bytes = session.start();
        while out.send(bytes.into()).await.is_ok() {
            tokio::select! {
                () = tokio::time::sleep(TICK) => {}
                () = out.closed() => return,
            }
            bytes = session.update(&simulator);
        }
    });
    let mut response = http::Response::new(Frames(frames));
    response.headers_mut().insert(
        CONTENT_TYPE,
        HttpValue::from_static("application/vnd.amazon.eventstream"),
    );
    response
}
