//! The whole program on a screen in memory: for pictures, and for tests that press keys.

use std::io;
use std::time::Duration;

use ratatui::Frame;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use tokio::sync::mpsc;

use crate::keys::{Chord, Keymap};
use crate::pollers::{self, Pollers};
use crate::runtime::{Runtime, Surface};
use crate::store::model::Model;
use crate::store::msg::Msg;
use crate::store::settled::settled;
use crate::terminal::Event;
use crate::theme::Theme;

/// How long a source may take to answer before the picture is taken without it.
const PATIENCE: Duration = Duration::from_secs(20);

/// Messages between pollers and loop.
pub const CHANNEL: usize = 1024;

/// A screen that only exists as cells, and a clipboard that only remembers.
pub struct MemorySurface {
    terminal: ratatui::Terminal<TestBackend>,
    /// Texts copied, oldest first.
    pub copied: Vec<String>,
    /// Links opened, oldest first.
    pub opened: Vec<String>,
}

impl MemorySurface {
    pub fn new(columns: u16, rows: u16) -> io::Result<Self> {
        Ok(Self {
            terminal: ratatui::Terminal::new(TestBackend::new(columns, rows))
                .map_err(|never| io::Error::other(never.to_string()))?,
            copied: Vec::new(),
            opened: Vec::new(),
        })
    }

    pub fn buffer(&self) -> &Buffer {
        self.terminal.backend().buffer()
    }

    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.terminal.backend_mut().resize(columns, rows);
    }
}

impl Surface for MemorySurface {
    fn size(&self) -> io::Result<(u16, u16)> {
        let area = self.terminal.backend().buffer().area;
        Ok((area.width, area.height))
    }

    fn draw(&mut self, render: &mut dyn FnMut(&mut Frame<'_>)) -> io::Result<()> {
        self.terminal
            .draw(render)
            .map(|_| ())
            .map_err(|never| io::Error::other(never.to_string()))
    }

    fn clear(&mut self) -> io::Result<()> {
        self.terminal
            .clear()
            .map_err(|never| io::Error::other(never.to_string()))
    }

    fn suspend(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn resume(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn copy(&mut self, text: &str) -> io::Result<()> {
        self.copied.push(text.to_owned());
        Ok(())
    }

    fn open_url(&mut self, url: &str) -> io::Result<bool> {
        self.opened.push(url.to_owned());
        Ok(true)
    }
}

/// The loop with a screen in memory and keys from a text.
pub struct Headless {
    pub runtime: Runtime<MemorySurface>,
    keys: mpsc::UnboundedSender<Event>,
    events: mpsc::UnboundedReceiver<Event>,
    messages: mpsc::Receiver<Msg>,
}

impl Headless {
    /// Starts polling and draws the first frame.
    pub fn start(
        model: Model,
        theme: Theme,
        keymap: Keymap,
        connect: impl Future<Output = crate::sources::Sources> + Send + 'static,
        settings: pollers::Settings,
        size: (u16, u16),
    ) -> io::Result<Self> {
        let (out, messages) = mpsc::channel(CHANNEL);
        let (keys, events) = mpsc::unbounded_channel();
        let clock = settings.clock.clone();
        let pollers = Pollers::start(connect, settings, out);
        let surface = MemorySurface::new(size.0, size.1)?;
        let mut runtime = Runtime::new(model, surface, theme, keymap, pollers, clock);
        runtime.start()?;
        Ok(Self {
            runtime,
            keys,
            events,
            messages,
        })
    }

    /// Presses keys as a keymap file writes them (`2jj<enter>`), then waits until all is quiet.
    pub async fn press(&mut self, keystrokes: &str) -> anyhow::Result<&mut Self> {
        for chord in Chord::keystrokes(keystrokes)? {
            self.send(Event::Key(chord)).await?;
        }
        self.settle().await?;
        Ok(self)
    }

    /// Another size, as a terminal's window is dragged.
    pub async fn resize(&mut self, columns: u16, rows: u16) -> anyhow::Result<()> {
        self.runtime.surface_mut().resize(columns, rows);
        self.send(Event::Resize).await?;
        self.settle().await
    }

    /// One event, dealt with.
    pub async fn send(&mut self, event: Event) -> anyhow::Result<()> {
        self.keys.send(event).ok();
        // Keys come first, so one turn takes it.
        self.runtime
            .turn(&mut self.events, &mut self.messages)
            .await?;
        Ok(())
    }

    /// Runs until every source of the screen has answered, or patience ends; then draws.
    pub async fn settle(&mut self) -> anyhow::Result<()> {
        let end = tokio::time::Instant::now() + PATIENCE;
        while !settled(&self.runtime.model) && !self.runtime.quits() {
            tokio::select! {
                turned = self.runtime.turn(&mut self.events, &mut self.messages) => turned?,
                () = tokio::time::sleep_until(end) => break,
            }
        }
        self.runtime.draw()?;
        Ok(())
    }

    /// The screen as text, one line a row, without the blanks at the end.
    pub fn screen(&self) -> String {
        let buffer = self.runtime.surface().buffer();
        let mut text = String::new();
        for y in 0..buffer.area.height {
            let mut row = String::new();
            let mut skip = 0_u16;
            for x in 0..buffer.area.width {
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                let symbol = buffer[(x, y)].symbol();
                row.push_str(symbol);
                let width = unicode_width::UnicodeWidthStr::width(symbol);
                skip = u16::try_from(width.saturating_sub(1)).unwrap_or(0);
            }
            text.push_str(row.trim_end());
            text.push('\n');
        }
        text
    }
}
