//! A picture of a screen, drawn by the program itself on the simulated account: the same bytes every time.

use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use jiff::tz::TimeZone;

use crate::config::Env;
use crate::keys::Keymap;
use crate::store::model::nav::Screen;
use crate::store::msg::Msg;
use crate::theme::{ColorSupport, Theme};
use crate::ui::svg;

use super::Cli;
use super::args::DemoArgs;
use super::ended::tidied;
use super::headless::Headless;
use super::open::open;
use super::start::Start;

/// Minutes into the simulated day that pictures show, where none are given.
const USUAL_MINUTES: f64 = 12.0;

/// Draws `args.screenshot`.
///
/// Nothing of this machine is in the picture: neither its config, nor its time zone, nor its terminal.
pub async fn run(cli: &Cli, args: &DemoArgs, file: &Path, env: Env) -> anyhow::Result<()> {
    let scratch = tempfile::tempdir().context("a folder for the ledger")?;
    let start = Start {
        dirs: crate::config::Dirs::below(scratch.path()),
        config: crate::config::Config::default(),
        masker: Default::default(),
        env,
    };
    let mut cli = cli.clone();
    cli.global.simulation.at.get_or_insert(USUAL_MINUTES);
    let opening = start.opening(&cli, true);
    let opened = open(opening.clone())?;
    let mut model = start.model(&opening, &opened);
    model.settings.time_zone = TimeZone::UTC;
    let settings = start.poller_settings(&opened, 0);
    let keep = opened.keep.clone();
    let size = args
        .size
        .map_or((120, 40), |size| (size.columns, size.rows));
    let name = args.theme.as_deref().unwrap_or("dark");
    let theme = Theme::builtin(name, ColorSupport::TrueColor, false)
        .with_context(|| format!("no built-in theme named {name}"))?;
    let keymap = Keymap::builtin("default").context("the keymap that every build has")?;
    let picture_theme = theme.clone();
    let drawn = async {
        let mut program = Headless::start(model, theme, keymap, opened.connect, settings, size)?;
        program.settle().await?;
        go(&mut program, &cli, args).await?;
        if let Some(keys) = &args.keys {
            program.press(keys).await?;
        }
        let picture = svg::render(program.runtime.surface().buffer(), &picture_theme);
        let mut out = std::fs::File::create(file)
            .with_context(|| format!("{} cannot be written", file.display()))?;
        out.write_all(picture.as_bytes())?;
        Ok(())
    };
    tidied(keep, drawn).await
}

async fn go(program: &mut Headless, cli: &Cli, args: &DemoArgs) -> anyhow::Result<()> {
    let place = cli.go.clone();
    let screen = args
        .screen
        .or(place.as_ref().map(|p| p.screen))
        .unwrap_or(Screen::Deck);
    program.runtime.take(Msg::Go {
        screen,
        name: place.and_then(|p| p.name),
    })?;
    program.settle().await
}
