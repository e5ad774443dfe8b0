//! Opens the screens on a terminal.

use std::io;

use ratatui::Frame;
use tokio::sync::mpsc;

use crate::config::{ConfigProblem, Env};
use crate::pollers::Pollers;
use crate::runtime::{Runtime, Surface};
use crate::store::log_ask::LogOrigin;
use crate::store::msg::{Msg, Notice};
use crate::terminal::{Clipboard, Events, Modes, Opened, Screen, Terminal, open_url};

use super::args::Place;
use super::headless::CHANNEL;
use super::open::{self, Opening, open, open_nothing};
use super::start::Start;
use super::{Cli, logging};

/// The terminal, taken over for as long as this lives.
struct TerminalSurface {
    // Dropped last: the guard gives the terminal back.
    screen: Screen,
    clipboard: Clipboard,
    env: Env,
    guard: Terminal,
}

impl TerminalSurface {
    fn enter(start: &Start) -> io::Result<Self> {
        let modes = Modes {
            mouse: start.config.ui.mouse,
        };
        let guard = Terminal::enter(modes)?;
        Ok(Self {
            screen: Screen::open()?,
            clipboard: Clipboard::new(&start.env),
            env: start.env.clone(),
            guard,
        })
    }
}

impl Surface for TerminalSurface {
    fn size(&self) -> io::Result<(u16, u16)> {
        let size = self.screen.size();
        Ok((size.width, size.height))
    }

    fn draw(&mut self, render: &mut dyn FnMut(&mut Frame<'_>)) -> io::Result<()> {
        self.screen.draw(|frame| render(frame))
    }

    fn clear(&mut self) -> io::Result<()> {
        self.screen.invalidate()
    }

    fn suspend(&mut self) -> io::Result<()> {
        self.guard.suspend()
    }

    fn resume(&mut self) -> io::Result<()> {
        self.guard.resume()
    }

    fn copy(&mut self, text: &str) -> io::Result<()> {
        self.clipboard.copy(text, &mut self.screen)
    }

    fn open_url(&mut self, url: &str) -> io::Result<bool> {
        Ok(open_url(url, &self.env)? == Opened::Browser)
    }
}

/// The screens, until the user quits. The first frame comes before anything is asked of AWS, Git or DVC.
pub async fn run(cli: &Cli, start: &Start) -> anyhow::Result<()> {
    let opening = start.opening(cli, false);
    let first = cli
        .go
        .clone()
        .map(|Place { screen, name }| Msg::Go { screen, name });
    screens(start, &opening, open(opening.clone())?, first).await
}

/// Files or a pipe on the Logs screen, until the user quits; no account is asked.
pub async fn lines(
    cli: &Cli,
    start: &Start,
    title: String,
    origin: LogOrigin,
) -> anyhow::Result<()> {
    let opening = start.opening(cli, false);
    let first = Msg::OpenLog { title, origin };
    screens(start, &opening, open_nothing(), Some(first)).await
}

async fn screens(
    start: &Start,
    opening: &Opening,
    opened: open::Opened,
    first: Option<Msg>,
) -> anyhow::Result<()> {
    let log_file = logging::start(&start.dirs, &start.env);
    let (keymap, mut problems) = start.keymap();
    let (theme, more) = start.theme();
    problems.extend(more);
    let model = start.model(opening, &opened);
    let settings = start.poller_settings(&opened, u64::from(std::process::id()));
    let (clock, keep) = (opened.clock.clone(), opened.keep.clone());

    let surface = TerminalSurface::enter(start)?;
    let mut events = Events::open()?;
    let (out, mut messages) = mpsc::channel(CHANNEL);
    let pollers = Pollers::start(opened.connect, settings, out);
    let mut runtime = Runtime::new(model, surface, theme, keymap, pollers, clock);
    let ended = async {
        // The first frame is of the place that was asked for.
        if let Some(first) = first {
            runtime.take(first)?;
        }
        runtime.start()?;
        for notice in notices(&problems, log_file.err()) {
            runtime.take(Msg::Notice(notice))?;
        }
        runtime.run(&mut events, &mut messages).await
    }
    .await;
    // Nobody reads them any more.
    drop(messages);
    runtime.end().await;
    keep.remove();
    Ok(ended?)
}

fn notices(problems: &[ConfigProblem], log: Option<io::Error>) -> Vec<Notice> {
    let log = log.map(|error| Notice::warn(format!("no log file: {error}")));
    problems
        .iter()
        .map(|problem| Notice::warn(problem.to_string()))
        .chain(log)
        .collect()
}
