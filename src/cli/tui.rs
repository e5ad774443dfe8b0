//! Opens the screens on a terminal.

use std::io;

use ratatui::Frame;
use tokio::sync::mpsc;

use crate::config::{ConfigProblem, Env};
use crate::pollers::Pollers;
use crate::runtime::{Runtime, Surface};
use crate::store::msg::{Msg, Notice};
use crate::terminal::{Clipboard, Events, Modes, Opened, Screen, Terminal, open_url};

use super::args::Place;
use super::headless::CHANNEL;
use super::open::open;
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

/// Runs until the user quits. The first frame comes before anything is asked of AWS, Git or DVC.
pub async fn run(cli: &Cli, start: &Start) -> anyhow::Result<()> {
    let log_file = logging::start(&start.dirs, &start.env);
    let (keymap, mut problems) = start.keymap();
    let (theme, more) = start.theme();
    problems.extend(more);
    let opening = start.opening(cli, false);
    let opened = open(opening.clone())?;
    let model = start.model(&opening, &opened);
    let settings = start.poller_settings(&opened, u64::from(std::process::id()));
    let (clock, keep) = (opened.clock.clone(), opened.keep.clone());

    let surface = TerminalSurface::enter(start)?;
    let mut events = Events::open()?;
    let (out, mut messages) = mpsc::channel(CHANNEL);
    let pollers = Pollers::start(opened.connect, settings, out);
    let mut runtime = Runtime::new(model, surface, theme, keymap, pollers, clock);
    let ended = async {
        runtime.start()?;
        for notice in notices(&problems, log_file.err()) {
            runtime.take(Msg::Notice(notice))?;
        }
        if let Some(Place { screen, name }) = cli.go.clone() {
            runtime.take(Msg::Go { screen, name })?;
        }
        runtime.run(&mut events, &mut messages).await
    }
    .await;
    drop(runtime);
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
