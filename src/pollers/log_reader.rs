//! Keeps the reader of the lines on screen, and passes questions and answers between it and the loop.

use std::collections::HashMap;
use std::path::{self, Path, PathBuf};
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use crate::domain::source_error::{ErrorKind, SourceError};
use crate::logs::ask::{Ask, Generation, Range};
use crate::logs::clock::{self, Assumed};
use crate::logs::condition::{Chain, Step, Test, Way};
use crate::logs::export::Exporter;
use crate::logs::expression::Expression;
use crate::logs::mask::Masker;
use crate::logs::reader::{Input, Reader, Settings};
use crate::logs::told::{Progress, Told};
use crate::store::log_ask::{FilterWay, LogAsk, LogOrigin, Taken};
use crate::store::msg::{Data, Msg};

use super::log_curves::{Deeds, Feed};
use super::log_passing::Count as PassingCount;
use super::log_patterns::Count as PatternsCount;

/// Expressions kept, so that one typed again keeps its answers.
const KEPT_TESTS: usize = 64;

/// What is needed to take lines away.
#[derive(Clone, Debug, Default)]
pub struct Outlet {
    /// Finds secrets in lines.
    pub masker: Arc<Masker>,
    /// What `~/` is.
    pub home: Option<PathBuf>,
}

/// What the loop asks.
#[derive(Debug)]
pub enum Request {
    Open {
        session: u64,
        origin: LogOrigin,
        /// Text held in memory; what is older goes to disk.
        max_bytes: usize,
    },
    Ask {
        session: u64,
        ask: Box<LogAsk>,
    },
    Close {
        session: u64,
    },
}

/// What the reader of a session tells that the curves and the counts are fed by.
#[derive(Debug)]
enum News {
    Progress(Progress),
    Visited(Generation),
}

/// Ends when the loop has gone.
pub async fn run(
    mut requests: mpsc::UnboundedReceiver<Request>,
    spool_folder: Option<PathBuf>,
    outlet: Outlet,
    out: mpsc::Sender<Msg>,
) {
    // The lines on screen, and those behind an answer.
    let mut open: Vec<Open> = Vec::new();
    let (news, mut heard) = mpsc::unbounded_channel();
    loop {
        let due = open.iter().filter_map(Open::due).min();
        let request = tokio::select! {
            request = requests.recv() => match request {
                Some(request) => request,
                None => return,
            },
            Some((session, news)) = heard.recv() => {
                let open = open.iter_mut().find(|open| open.session == session);
                if let Some(told) = open.and_then(|open| open.hear(news)) {
                    deliver(&out, session, told).await;
                }
                continue;
            }
            () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {
                for open in &mut open {
                    for told in open.act() {
                        deliver(&out, open.session, told).await;
                    }
                }
                continue;
            }
        };
        match request {
            Request::Open {
                session,
                origin,
                max_bytes,
            } => {
                if origin != LogOrigin::Answer {
                    open.clear();
                }
                let settings = Settings {
                    max_hot_bytes: max_bytes,
                    spool_folder: spool_folder.clone(),
                    time_of: |line| clock::time_of(line, &Assumed::default()),
                    ..Settings::default()
                };
                let told = tell(session, out.clone(), news.clone());
                // Opening files may wait for a disk.
                let started = tokio::task::spawn_blocking(move || {
                    Reader::start(input(origin), settings, told)
                });
                match started.await {
                    Ok(Ok(reader)) => open.push(Open::new(session, reader, outlet.clone())),
                    Ok(Err(error)) => {
                        deliver(&out, session, Told::Trouble(error.into())).await;
                    }
                    Err(error) => {
                        let what = format!("the reader did not start: {error}");
                        let error = SourceError::new("logs", ErrorKind::ServerFault, what);
                        let _ = out.send(Msg::Data(Box::new(Data::SourceDown(error)))).await;
                    }
                }
            }
            Request::Ask { session, ask } => {
                if let Some(open) = open.iter_mut().find(|open| open.session == session) {
                    open.ask(*ask);
                }
            }
            Request::Close { session } => open.retain(|open| open.session != session),
        }
    }
}

fn input(origin: LogOrigin) -> Input {
    match origin {
        LogOrigin::Targets(_) | LogOrigin::Answer => Input::Events,
        LogOrigin::Files(paths) => Input::Files(paths),
        LogOrigin::Pipe => Input::Pipe(Box::new(std::io::stdin())),
    }
}

/// Called on the reader's own thread, which may wait for the loop.
fn tell(
    session: u64,
    out: mpsc::Sender<Msg>,
    news: mpsc::UnboundedSender<(u64, News)>,
) -> impl Fn(Told) + Send + 'static {
    move |told| {
        let heard = match &told {
            Told::Progress(progress) => Some(News::Progress(progress.clone())),
            Told::Visited { generation, .. } => Some(News::Visited(*generation)),
            _ => None,
        };
        // The loop is gone only while the program ends.
        if let Some(heard) = heard {
            let _ = news.send((session, heard));
        }
        // Nobody but the feed of the curves and the counts sends visitors.
        if !matches!(told, Told::Visited { .. }) {
            let data = Data::LogTold { session, told };
            let _ = out.blocking_send(Msg::Data(Box::new(data)));
        }
    }
}

async fn deliver(out: &mpsc::Sender<Msg>, session: u64, told: Told) {
    let data = Data::LogTold { session, told };
    let _ = out.send(Msg::Data(Box::new(data))).await;
}

fn range(lines: &Taken) -> Range {
    Range {
        first: lines.first,
        last: lines.last,
        visible: true,
    }
}

impl Outlet {
    fn format(&self, lines: Taken) -> Arc<Exporter> {
        Arc::new(if lines.reveal {
            Exporter::revealed(lines.format, lines.title)
        } else {
            Exporter::new(lines.format, lines.title, Arc::clone(&self.masker))
        })
    }

    /// In full, so that it can be told where the file is.
    fn place(&self, to: &Path) -> PathBuf {
        let to = match (to.strip_prefix("~"), &self.home) {
            (Ok(rest), Some(home)) => home.join(rest),
            _ => to.to_owned(),
        };
        path::absolute(&to).unwrap_or(to)
    }
}

/// The reader of one session.
struct Open {
    session: u64,
    reader: Reader,
    tests: HashMap<String, Test>,
    /// The view that was asked for last.
    view: Generation,
    progress: Progress,
    curves: Option<Feed>,
    passing: Option<PassingCount>,
    patterns: Option<PatternsCount>,
    outlet: Outlet,
}

impl Open {
    fn new(session: u64, reader: Reader, outlet: Outlet) -> Self {
        Self {
            session,
            reader,
            tests: HashMap::new(),
            view: 0,
            progress: Progress::default(),
            curves: None,
            passing: None,
            patterns: None,
            outlet,
        }
    }

    /// Answers what is to be told because of it.
    fn hear(&mut self, news: News) -> Option<Told> {
        match news {
            News::Progress(progress) => {
                if let Some(feed) = &mut self.curves {
                    feed.progressed(&progress);
                }
                self.progress = progress;
            }
            News::Visited(generation) => {
                if let Some(feed) = &mut self.curves {
                    feed.visited(generation, Instant::now());
                }
                if let Some(count) = &mut self.patterns {
                    count.visited(generation, Instant::now());
                }
                let ended = |count: &mut PassingCount| count.generation() == generation;
                return self.passing.take_if(ended).map(|count| count.told());
            }
        }
        None
    }

    fn due(&self) -> Option<Instant> {
        let curves = self.curves.as_ref().and_then(Feed::due);
        let patterns = self.patterns.as_ref().and_then(PatternsCount::due);
        curves.into_iter().chain(patterns).min()
    }

    fn act(&mut self) -> Vec<Told> {
        let now = Instant::now();
        let feed = self.curves.as_mut();
        let Deeds { ask, tell } = feed.map(|feed| feed.act(now)).unwrap_or_default();
        if let Some(ask) = ask {
            self.reader.ask(ask);
        }
        let patterns = self.patterns.as_mut().and_then(|count| count.act(now));
        let patterns = patterns.map(Told::Patterns);
        tell.map(Told::Curves).into_iter().chain(patterns).collect()
    }

    fn end_patterns(&mut self) {
        if let Some(count) = self.patterns.take() {
            let generation = count.generation();
            self.reader.ask(Ask::VisitNoMore { generation });
        }
    }

    fn end_curves(&mut self) {
        if let Some(feed) = self.curves.take() {
            let generation = feed.generation();
            self.reader.ask(Ask::VisitNoMore { generation });
        }
    }

    fn end_passing(&mut self) {
        if let Some(count) = self.passing.take() {
            let generation = count.generation();
            self.reader.ask(Ask::VisitNoMore { generation });
        }
    }

    fn ask(&mut self, ask: LogAsk) {
        let ask = match ask {
            LogAsk::Curves {
                generation,
                definitions,
            } => {
                self.end_curves();
                let now = Instant::now();
                let feed = Feed::new(generation, self.view, definitions, &self.progress, now);
                self.curves = Some(feed);
                return;
            }
            LogAsk::CurvesNoMore => return self.end_curves(),
            LogAsk::Passing {
                generation,
                filters,
            } => {
                self.end_passing();
                let (count, ask) = PassingCount::start(generation, self.chain(filters));
                self.passing = Some(count);
                ask
            }
            LogAsk::PassingNoMore => return self.end_passing(),
            LogAsk::Patterns { generation } => {
                self.end_patterns();
                let (count, visit) = PatternsCount::begin(generation, Instant::now());
                self.patterns = Some(count);
                visit
            }
            LogAsk::PatternsNoMore => return self.end_patterns(),
            LogAsk::Append { lines, older } => Ask::Append { lines, older },
            LogAsk::Gap(gap) => Ask::Gap(gap),
            LogAsk::GapClosed { after } => Ask::GapClosed { after },
            LogAsk::View {
                generation,
                filters,
                around,
            } => {
                self.view = generation;
                Ask::SetView {
                    generation,
                    chain: self.chain(filters.into_iter().map(|(way, text)| (way, text, true))),
                    around,
                }
            }
            LogAsk::Search {
                generation,
                text,
                around,
            } => Ask::Search {
                generation,
                test: text.and_then(|text| self.test(&text)),
                around,
            },
            LogAsk::Find {
                generation,
                text,
                from,
                here,
                backwards,
                wrap,
            } => {
                let Some(test) = self.test(&text) else { return };
                Ask::Find {
                    generation,
                    test,
                    from,
                    here,
                    backwards,
                    wrap,
                }
            }
            LogAsk::FindNoMore => Ask::FindNoMore,
            LogAsk::Window {
                generation,
                anchor,
                before,
                after,
            } => Ask::Window {
                generation,
                anchor,
                before,
                after,
            },
            LogAsk::Histogram {
                generation,
                buckets,
            } => Ask::Histogram {
                generation,
                buckets,
                marked: self.test(crate::store::log_ask::ERRORS),
            },
            LogAsk::Copy {
                generation,
                lines,
                max_bytes,
            } => Ask::Copy {
                generation,
                range: range(&lines),
                format: self.outlet.format(lines),
                max_bytes,
            },
            LogAsk::Export {
                generation,
                lines,
                to,
            } => Ask::Export {
                generation,
                range: range(&lines),
                format: self.outlet.format(lines),
                to: self.outlet.place(&to),
            },
        };
        self.reader.ask(ask);
    }

    fn chain(&mut self, filters: impl IntoIterator<Item = (FilterWay, String, bool)>) -> Chain {
        let steps = filters.into_iter().filter_map(|(way, text, on)| {
            Some(Step {
                test: self.test(&text)?,
                way: match way {
                    FilterWay::Keep => Way::Keep,
                    FilterWay::Drop => Way::Drop,
                },
                on,
            })
        });
        Chain(steps.collect())
    }

    /// The same one for the same text: the reader keeps its answers.
    fn test(&mut self, text: &str) -> Option<Test> {
        if let Some(test) = self.tests.get(text) {
            return Some(test.clone());
        }
        // What `update` sends has been read by it before.
        let test = Test::new(Expression::parse(text).ok()?);
        if self.tests.len() >= KEPT_TESTS {
            self.tests.clear();
        }
        self.tests.insert(text.to_owned(), test.clone());
        Some(test)
    }
}
