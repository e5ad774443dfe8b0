//! The loop: receive, update, perform effects, draw. Nothing else is awaited in it.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use ratatui::Frame;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use crate::domain::clock::Clock;
use crate::keys::mouse::{Mouse, MouseKind};
use crate::keys::{Chord, Keymap, Resolution};
use crate::pollers::Pollers;
use crate::store::effect::Effect;
use crate::store::model::Model;
use crate::store::msg::{Hit, Msg, Notice, PendingKey};
use crate::store::update::{contexts, update, wanted};
use crate::terminal::{Event, Events};
use crate::theme::Theme;
use crate::ui;

/// Frames are at least this far apart.
const FRAME: Duration = Duration::from_millis(16);

/// Ages advance once a second while somebody is at the keys.
const TICK: Duration = Duration::from_secs(1);

/// Without a key for so long, ages advance more slowly: an idle pane must cost next to nothing over SSH.
const IDLE_AFTER: Duration = Duration::from_secs(10);
const IDLE_TICK: Duration = Duration::from_secs(10);

/// Copied text up to so many bytes is shown when it is copied.
const ECHOED: usize = 200;

/// Messages taken in at once before the next frame.
const BATCH: usize = 256;

/// Where events come from: the terminal, or a test.
pub trait EventSource {
    /// The next one; nothing is lost when the future is dropped.
    fn next(&mut self) -> impl Future<Output = Event> + Send;
    /// One that is there already: keys that came together are one frame.
    fn next_ready(&mut self) -> Option<Event>;
}

impl EventSource for Events {
    fn next(&mut self) -> impl Future<Output = Event> + Send {
        Events::next(self)
    }

    fn next_ready(&mut self) -> Option<Event> {
        Events::next_ready(self)
    }
}

/// Whoever holds the sender is the user; without one the program waits.
impl EventSource for mpsc::UnboundedReceiver<Event> {
    async fn next(&mut self) -> Event {
        match self.recv().await {
            Some(event) => event,
            None => std::future::pending().await,
        }
    }

    fn next_ready(&mut self) -> Option<Event> {
        self.try_recv().ok()
    }
}

/// What the loop needs of a screen: a terminal, or a buffer in tests.
pub trait Surface {
    fn size(&self) -> io::Result<(u16, u16)>;
    fn draw(&mut self, render: &mut dyn FnMut(&mut Frame<'_>)) -> io::Result<()>;
    /// The next frame is drawn whole.
    fn clear(&mut self) -> io::Result<()>;
    /// Leaves the screen to the shell until resumed.
    fn suspend(&mut self) -> io::Result<()>;
    /// Takes the screen again after somebody else stopped and continued the process.
    fn resume(&mut self) -> io::Result<()>;
    fn copy(&mut self, text: &str) -> io::Result<()>;
    /// `false` where there is no browser: the link is shown instead.
    fn open_url(&mut self, url: &str) -> io::Result<bool>;
}

pub struct Runtime<S: Surface> {
    pub model: Model,
    surface: S,
    theme: Theme,
    keymap: Keymap,
    pollers: Pollers,
    clock: Arc<dyn Clock>,
    /// The chord sequence under way.
    chords: Vec<Chord>,
    regions: ui::Viewports,
    /// Something on screen may be different.
    dirty: bool,
    last_frame: Option<Instant>,
    last_input: Instant,
    quit: bool,
}

impl<S: Surface> Runtime<S> {
    pub fn new(
        model: Model,
        surface: S,
        theme: Theme,
        keymap: Keymap,
        pollers: Pollers,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            model,
            surface,
            theme,
            keymap,
            pollers,
            clock,
            chords: Vec::new(),
            regions: ui::Viewports::default(),
            dirty: true,
            last_frame: None,
            last_input: Instant::now(),
            quit: false,
        }
    }

    pub fn surface(&self) -> &S {
        &self.surface
    }

    pub fn surface_mut(&mut self) -> &mut S {
        &mut self.surface
    }

    /// Leaves the screen. The queries that still run are stopped.
    pub async fn end(self) {
        let queries = self
            .model
            .logs
            .asked
            .is_some_and(|asked| asked.is_running());
        let Self {
            surface, pollers, ..
        } = self;
        drop(surface);
        if queries {
            pollers.finish().await;
        }
    }

    pub fn quits(&self) -> bool {
        self.quit
    }

    /// The first frame, before anything is asked of the world.
    pub fn start(&mut self) -> io::Result<()> {
        self.model.size = self.surface.size()?;
        self.draw()?;
        self.pollers.set_interest(wanted(&self.model));
        Ok(())
    }

    /// After `start`: runs until the user quits or the terminal goes away.
    pub async fn run(
        &mut self,
        events: &mut impl EventSource,
        messages: &mut mpsc::Receiver<Msg>,
    ) -> io::Result<()> {
        while !self.quit {
            self.turn(events, messages).await?;
        }
        Ok(())
    }

    /// Waits for one thing to happen and deals with it. Keys come first; then a frame that is due; then data.
    pub async fn turn(
        &mut self,
        events: &mut impl EventSource,
        messages: &mut mpsc::Receiver<Msg>,
    ) -> io::Result<()> {
        let now = Instant::now();
        let frame_due = self.last_frame.map_or(now, |at| at + FRAME);
        let tick_due = self.last_frame.map_or(now, |at| at + self.tick());
        let mut batch = Vec::new();
        tokio::select! {
            biased;
            event = events.next() => {
                self.event(event)?;
                while let Some(event) = events.next_ready() {
                    self.event(event)?;
                }
            }
            () = sleep_until(frame_due), if self.dirty => self.draw()?,
            received = messages.recv_many(&mut batch, BATCH), if !messages.is_closed() || !messages.is_empty() => {
                if received > 0 {
                    for message in batch {
                        self.take(message)?;
                    }
                }
            }
            () = sleep_until(tick_due), if !self.dirty => {
                self.take(Msg::Tick)?;
                self.draw()?;
            }
        }
        Ok(())
    }

    fn tick(&self) -> Duration {
        if self.last_input.elapsed() < IDLE_AFTER {
            TICK
        } else {
            IDLE_TICK
        }
    }

    /// Draws now.
    pub fn draw(&mut self) -> io::Result<()> {
        let Self {
            model,
            surface,
            theme,
            keymap,
            regions,
            ..
        } = self;
        surface.draw(&mut |frame| {
            let view = ui::View {
                model,
                theme,
                keymap,
            };
            *regions = ui::draw(&view, frame);
        })?;
        self.model.nav.heights.clone_from(&self.regions.heights);
        self.model.nav.widths.clone_from(&self.regions.widths);
        self.model.nav.pages.clone_from(&self.regions.pages);
        self.model.changed = false;
        self.dirty = false;
        self.last_frame = Some(Instant::now());
        Ok(())
    }

    fn event(&mut self, event: Event) -> io::Result<()> {
        self.last_input = Instant::now();
        match event {
            Event::Key(chord) => self.key(chord),
            Event::Paste(text) => self.take(Msg::Paste(text)),
            Event::Mouse(mouse) => self.mouse(mouse),
            Event::Resize => {
                // Sizes in between may have cut off what is drawn, though the last one is the old one.
                self.surface.clear()?;
                self.resized()
            }
            Event::Resume => {
                self.surface.resume()?;
                self.surface.clear()?;
                self.resized()
            }
            Event::Terminate => {
                self.quit = true;
                Ok(())
            }
            // Somebody looks again: ages should be right at once.
            Event::FocusGained => self.take(Msg::Tick),
            Event::FocusLost => Ok(()),
        }
    }

    fn resized(&mut self) -> io::Result<()> {
        let (columns, rows) = self.surface.size()?;
        self.take(Msg::Resize { columns, rows })
    }

    fn key(&mut self, chord: Chord) -> io::Result<()> {
        let contexts = contexts(&self.model);
        match self.keymap.resolve(&contexts, &self.chords, chord) {
            Resolution::Command(command) => {
                self.chords.clear();
                self.take(Msg::Command(command))
            }
            Resolution::Commands(commands) => {
                self.chords.clear();
                for command in commands {
                    self.take(Msg::Command(command))?;
                }
                Ok(())
            }
            Resolution::Pending(next) => {
                self.chords.push(chord);
                let keys = next
                    .into_iter()
                    .map(|(chord, commands)| PendingKey {
                        chord: chord.to_string(),
                        leads_to: commands
                            .iter()
                            .map(|c| c.name())
                            .collect::<Vec<_>>()
                            .join(", "),
                    })
                    .collect();
                self.take(Msg::Pending(keys))
            }
            Resolution::None => {
                let pending = !self.chords.is_empty();
                self.chords.clear();
                match chord.text() {
                    _ if pending => self.take(Msg::Pending(Vec::new())),
                    Some(c) => self.take(Msg::Text(c)),
                    None => Ok(()),
                }
            }
        }
    }

    fn mouse(&mut self, mouse: Mouse) -> io::Result<()> {
        let Some(hit) = ui::hit(&self.regions, mouse.column, mouse.row) else {
            return Ok(());
        };
        let rows = match mouse.kind {
            MouseKind::Click => return self.take(Msg::Click(hit)),
            MouseKind::OtherClick => return Ok(()),
            MouseKind::WheelUp => -3,
            MouseKind::WheelDown => 3,
        };
        match hit {
            Hit::Row { pane, .. } | Hit::Pane(pane) => self.take(Msg::Wheel { pane, rows }),
            Hit::Screen(_) => Ok(()),
        }
    }

    /// Takes a message in and carries out what it brings about.
    pub fn take(&mut self, message: Msg) -> io::Result<()> {
        let effects = update(&mut self.model, self.clock.now(), message);
        self.dirty |= self.model.changed;
        for effect in effects {
            self.perform(effect)?;
        }
        Ok(())
    }

    fn perform(&mut self, effect: Effect) -> io::Result<()> {
        match effect {
            Effect::Quit => self.quit = true,
            Effect::Suspend => {
                self.surface.suspend()?;
                self.surface.clear()?;
                return self.resized();
            }
            Effect::Redraw => {
                self.surface.clear()?;
                self.dirty = true;
            }
            Effect::Poll(sources) => self.pollers.poll_now(sources),
            Effect::Interest(wanted) => self.pollers.set_interest(wanted),
            Effect::WatchVariants(variants) => self.pollers.watch_variants(variants),
            Effect::DescribeRun(run) => self.pollers.describe(run),
            Effect::TraceLineage {
                session,
                root,
                known,
                rules,
            } => self.pollers.trace_lineage(session, root, known, rules),
            Effect::AskCode { revisions, commits } => self.pollers.ask_code(revisions, commits),
            Effect::Between { from, to } => self.pollers.compare(from, to),
            Effect::LoadStreams { group, prefix } => self.pollers.load_streams(group, prefix),
            Effect::StartTail {
                session,
                targets,
                first,
                mode,
            } => self.pollers.start_tail(session, targets, first, mode),
            Effect::SetTailMode(mode) => self.pollers.set_tail_mode(mode),
            Effect::OpenLog {
                session,
                origin,
                max_bytes,
            } => self.pollers.open_log(session, origin, max_bytes),
            Effect::Log { session, ask } => self.pollers.ask_log(session, ask),
            Effect::CloseLog { session } => self.pollers.close_log(session),
            Effect::StartQuery { number, query } => self.pollers.start_query(number, query),
            Effect::StopQuery { number } => self.pollers.stop_query(number),
            Effect::LoadSavedQueries => self.pollers.load_saved_queries(),
            Effect::LoadAnomalies => self.pollers.load_anomalies(),
            Effect::LoadOlder {
                session,
                targets,
                before,
                limit,
            } => self.pollers.load_older(session, targets, before, limit),
            Effect::WalkHistory(walk) => self.pollers.walk_history(walk),
            Effect::History(ask) => self.pollers.ask_history(ask),
            Effect::RefreshCosts => self.pollers.refresh_costs(),
            Effect::Copy { text, what } => {
                let notice = match self.surface.copy(&text) {
                    Ok(()) if text.len() > ECHOED || text.contains('\n') => {
                        Notice::info(format!("{what} copied"))
                    }
                    Ok(()) => Notice::info(format!("{what} copied: {text}")),
                    Err(error) => Notice::warn(format!("{what} could not be copied: {error}")),
                };
                return self.take(Msg::Notice(notice));
            }
            Effect::OpenUrl(url) => {
                let notice = match self.surface.open_url(&url) {
                    Ok(true) => Notice::info(format!("opened {url}")),
                    Ok(false) => Notice::info(url),
                    Err(error) => Notice::warn(format!("{url} ({error})")),
                };
                return self.take(Msg::Notice(notice));
            }
        }
        Ok(())
    }
}
