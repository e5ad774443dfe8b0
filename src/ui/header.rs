//! The two lines at the top: who and where, then the screens with what is wrong on each.

use ratatui::layout::Rect;

use crate::domain::source_error::ErrorKind;
use crate::findings::{Severity, Subject};
use crate::keys::command::Command;
use crate::store::model::Model;
use crate::store::model::nav::Screen;
use crate::theme::Role;

use super::condition::glyph_of;
use super::cx::Cx;
use super::format;
use super::paint::Words;

/// `flightdeck   acme-ml-prod · eu-west-1 · alice@ReadOnly 52m        api 14/min   $0.03 today   14:02`
pub fn status(cx: &mut Cx<'_, '_>, area: Rect) {
    let right = usage(cx, area.width);
    let right_width = cx.pen.words_right(
        Rect {
            width: area.width - 1,
            ..area
        },
        &right,
    );
    let mut left = cx.say(Role::Title, " flightdeck   ");
    left = left.join(place(cx));
    let room = area.width.saturating_sub(right_width + 3);
    cx.pen.words(area.x, area.y, room, &left);
}

fn place<'t>(cx: &Cx<'_, '_>) -> Words<'t> {
    let model = cx.model;
    let settings = &model.settings;
    let mut words = Words::new();
    let dot = |words: &mut Words<'t>, role: Role, text: String| {
        if !words.is_empty() {
            words.push(" · ", cx.style(Role::Dim));
        }
        words.push(text, cx.style(role));
    };
    let identity = model.account.identity.value();
    match (&settings.profile, identity) {
        _ if settings.demo => dot(&mut words, Role::Moving, "demo".to_owned()),
        (Some(profile), _) => dot(&mut words, Role::Text, profile.clone()),
        (None, Some(identity)) => dot(&mut words, Role::Text, identity.account.clone()),
        (None, None) => {}
    }
    if let Some(region) = &settings.region {
        dot(&mut words, Role::Text, region.clone());
    }
    if let Some(url) = settings.endpoint_url.as_ref().filter(|_| !settings.demo) {
        dot(&mut words, Role::Look, url.clone());
    }
    if let Some(identity) = identity {
        dot(&mut words, Role::Text, identity.short());
        if let Some((role, left)) = time_left(cx, identity.expires_at) {
            words.push(format!(" {left}"), cx.style(role));
        }
    }
    let failure = model
        .account
        .identity
        .failure()
        .or(model.account.down.first());
    if let Some(error) = failure {
        let glyph = glyph_of(error.kind, cx.glyphs());
        let word = match error.kind {
            ErrorKind::Expired => "session expired",
            kind => kind.word(),
        };
        dot(&mut words, Role::Act, format!("{glyph} {word}"));
        if let Some(hint) = &error.hint {
            words.push(
                format!(" {} {hint}", cx.glyphs().arrow),
                cx.style(Role::Text),
            );
        }
    }
    words
}

/// What is left of the session, and how worrying that is.
fn time_left(cx: &Cx<'_, '_>, expires_at: Option<jiff::Timestamp>) -> Option<(Role, String)> {
    let left = expires_at?.as_second() - cx.model.now.as_second();
    let warn = cx.model.settings.thresholds.credential_minutes * 60;
    Some(if left <= 0 {
        (Role::Act, "expired".to_owned())
    } else if left < warn {
        (Role::Look, format!("{} left", format::span(left)))
    } else {
        (Role::Dim, format::span(left))
    })
}

/// Calls a minute, dollars today, and the clock; the least important goes first where it is narrow.
fn usage<'t>(cx: &Cx<'_, '_>, width: u16) -> Words<'t> {
    let model = cx.model;
    let usage = &model.account.usage;
    let now = model.now.to_zoned(model.settings.time_zone.clone());
    let mut words = Words::new();
    if width >= 100 {
        words.push(
            format!("api {}/min   ", usage.calls_last_minute),
            cx.style(Role::Dim),
        );
    }
    if width >= 90 {
        let over = usage.cap_today_usd > 0.0 && usage.spent_today_usd >= 0.8 * usage.cap_today_usd;
        let role = if over { Role::Look } else { Role::Dim };
        words.push(
            format!("{} today   ", format::usd(usage.spent_today_usd)),
            cx.style(role),
        );
    }
    words.push(
        format!("{:02}:{:02}", now.hour(), now.minute()),
        cx.style(Role::Text),
    );
    words
}

/// Where a finding is shown.
fn screen_of(subject: &Subject) -> Option<Screen> {
    match subject {
        Subject::Run { .. } => Some(Screen::Runs),
        Subject::Endpoint { .. } | Subject::Alarm { .. } => Some(Screen::Endpoints),
        Subject::Budget { .. } | Subject::Costs => Some(Screen::Costs),
        Subject::Data { .. } | Subject::Repository | Subject::ModelVersion { .. } => {
            Some(Screen::Versions)
        }
        Subject::Credentials => None,
    }
}

/// The worst severity on a screen, and how many findings have it.
fn worst(model: &Model, screen: Screen) -> Option<(Severity, usize)> {
    let on_screen = || {
        model
            .findings
            .iter()
            .filter(move |f| screen_of(&f.subject) == Some(screen))
    };
    let worst = on_screen().map(|f| f.severity).min()?;
    Some((worst, on_screen().filter(|f| f.severity == worst).count()))
}

fn go_command(screen: Screen) -> Command {
    match screen {
        Screen::Deck => Command::GoDeck,
        Screen::Runs => Command::GoRuns,
        Screen::Endpoints => Command::GoEndpoints,
        Screen::Logs => Command::GoLogs,
        Screen::Costs => Command::GoCosts,
        Screen::Versions => Command::GoVersions,
    }
}

/// `1 Deck   2 Runs 2✗   3 Endpoints 1✗ ...   : go  ? help`
pub fn tabs(cx: &mut Cx<'_, '_>, area: Rect) {
    let mut help = Words::new();
    for (command, word) in [(Command::Palette, "go"), (Command::Help, "help")] {
        if let Some(key) = cx.key(command) {
            if !help.is_empty() {
                help.push("   ", cx.style(Role::Dim));
            }
            help.push(key, cx.style(Role::Key));
            help.push(format!(" {word}"), cx.style(Role::Dim));
        }
    }
    let all: Vec<(Screen, Words<'_>)> = Screen::ALL
        .into_iter()
        .map(|screen| (screen, tab(cx, screen, true)))
        .collect();
    let full: u16 = all.iter().map(|(_, words)| words.width() + 1).sum();
    let (gap, tabs) = if full + 6 + help.width() + 2 <= area.width {
        (3, all)
    } else if full <= area.width {
        (1, all)
    } else {
        // Too narrow for all names: keys for the others.
        let short = Screen::ALL
            .into_iter()
            .map(|screen| (screen, tab(cx, screen, screen == cx.model.nav.screen)))
            .collect();
        (1, short)
    };
    let mut x = area.x + 1;
    for (screen, words) in tabs {
        if x >= area.right() {
            break;
        }
        let used = cx.pen.words(x, area.y, area.right() - x, &words);
        cx.seen.screen(Rect::new(x, area.y, used, 1), screen);
        x += used + gap;
    }
    if x + help.width() + 1 < area.right() {
        cx.pen.words_right(
            Rect {
                width: area.width - 1,
                ..area
            },
            &help,
        );
    }
}

fn tab<'t>(cx: &Cx<'_, '_>, screen: Screen, named: bool) -> Words<'t> {
    let here = cx.model.nav.screen == screen;
    let key = cx.key(go_command(screen)).unwrap_or_default();
    let mut words = cx.say(Role::Dim, key);
    if named {
        let role = if here { Role::Accent } else { Role::Text };
        if !words.is_empty() {
            words.push(" ", cx.style(Role::Dim));
        }
        words.push(screen.title(), cx.style(role));
    }
    let mark = match worst(cx.model, screen) {
        Some((Severity::Critical, n)) => Some((Role::Act, format!(" {n}{}", cx.glyphs().act))),
        Some((Severity::Warning, n)) => Some((Role::Look, format!(" {n}{}", cx.glyphs().look))),
        _ => None,
    };
    if let Some((role, text)) = mark {
        words.push(text, cx.style(role));
    }
    words
}
