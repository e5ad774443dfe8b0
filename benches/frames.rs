//! What a key press, an answer and a frame cost, in process: `cargo bench --no-default-features --bench frames`.
//!
//! Prints medians of many repetitions beside the goal; asserts nothing, since the machine decides.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    dead_code,
    unused_imports,
    reason = "it lives by the clock, and the fixtures are those of the screen tests"
)]

#[path = "../tests/screens/fixtures/mod.rs"]
mod fixtures;

use std::hint::black_box;
use std::time::{Duration, Instant};

use flightdeck::domain::run::{Run, RunKind, RunStatus};
use flightdeck::domain::source_error::Partial;
use flightdeck::findings::rules::Thresholds;
use flightdeck::findings::{self, Facts};
use flightdeck::keys::Keymap;
use flightdeck::keys::command::Command;
use flightdeck::store::model::Model;
use flightdeck::store::model::nav::Screen;
use flightdeck::store::msg::{Data, Msg};
use flightdeck::store::update::update;
use flightdeck::theme::Theme;
use flightdeck::ui::{View, draw_into};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Rows of the big table: an account with 5,000 runs in its window.
const RUNS: usize = 5000;
const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

fn main() {
    println!(
        "{:<58} {:>10} {:>10} {:>10}",
        "in process, median", "median", "slowest", "goal"
    );
    frames();
    table();
    judging();
}

/// One frame of each screen, of a day with trouble.
fn frames() {
    let keymap = Keymap::builtin("default").unwrap();
    let theme = Theme::default();
    for size in SIZES {
        for (screen, command) in [
            ("Deck", Command::GoDeck),
            ("Runs", Command::GoRuns),
            ("Endpoints", Command::GoEndpoints),
            ("Logs", Command::GoLogs),
            ("Costs", Command::GoCosts),
            ("Versions", Command::GoVersions),
        ] {
            let mut model = fixtures::day();
            model.size = size;
            update(&mut model, fixtures::now(), Msg::Command(command));
            let mut buffer = Buffer::empty(Rect::new(0, 0, size.0, size.1));
            let spent = repeat(200, || {
                buffer.reset();
                let view = View {
                    model: &model,
                    theme: &theme,
                    keymap: &keymap,
                };
                black_box(draw_into(&view, &mut buffer));
            });
            row(
                &format!("draw {screen} at {}x{}", size.0, size.1),
                &spent,
                "1 ms",
            );
        }
    }
}

/// The same with 5,000 runs: filter, sort, move, refresh.
fn table() {
    let mut model = fixtures::day();
    model.size = (120, 40);
    update(&mut model, fixtures::now(), Msg::Command(Command::GoRuns));
    let runs = many_runs();
    deliver(&mut model, &runs);
    let now = fixtures::now();
    let first = draw(&mut model);
    row(&format!("draw Runs with {RUNS} rows"), &first, "4 ms");
    let spent = repeat(50, || {
        update(&mut model, now, Msg::Command(Command::Down));
    });
    row(
        &format!("move the selection in {RUNS} rows"),
        &spent,
        "16 ms",
    );
    let spent = repeat(20, || {
        update(&mut model, now, Msg::Command(Command::SortNext));
    });
    row(
        &format!("sort {RUNS} rows by the next column"),
        &spent,
        "16 ms",
    );
    update(&mut model, now, Msg::Command(Command::Filter));
    let mut typed = "status:failed train".chars().cycle();
    let spent = repeat(19, || {
        update(&mut model, now, Msg::Text(typed.next().unwrap()));
    });
    row(&format!("filter {RUNS} rows, a letter"), &spent, "16 ms");
    let filtered = draw(&mut model);
    row(
        &format!("draw Runs, {RUNS} rows filtered"),
        &filtered,
        "4 ms",
    );
    update(&mut model, now, Msg::Command(Command::Submit));
    let spent = repeat(20, || deliver(&mut model, &runs));
    row(
        &format!("take in an answer of {RUNS} runs"),
        &spent,
        "16 ms",
    );
}

/// What is wrong with 1,000 runs and the rest of the day.
fn judging() {
    let model = fixtures::day();
    let runs: Vec<Run> = many_runs().into_iter().take(1000).collect();
    let thresholds = Thresholds::default();
    let spent = repeat(50, || {
        let mut facts = Facts::new(fixtures::now(), &thresholds);
        facts.runs = &runs;
        facts.repository = model.versions.repository.value();
        black_box(findings::all(&facts));
    });
    row("findings of 1,000 runs", &spent, "1 ms");
}

fn draw(model: &mut Model) -> Vec<Duration> {
    let keymap = Keymap::builtin("default").unwrap();
    let theme = Theme::default();
    let mut buffer = Buffer::empty(Rect::new(0, 0, model.size.0, model.size.1));
    repeat(100, || {
        buffer.reset();
        let view = View {
            model,
            theme: &theme,
            keymap: &keymap,
        };
        black_box(draw_into(&view, &mut buffer));
    })
}

fn deliver(model: &mut Model, runs: &[Run]) {
    let data = Data::Runs {
        kind: RunKind::TrainingJob,
        answer: Ok(Partial {
            value: runs.to_vec(),
            missing: Vec::new(),
        }),
    };
    update(model, fixtures::now(), Msg::Data(Box::new(data)));
}

/// Training jobs of two months, one in eight failed.
fn many_runs() -> Vec<Run> {
    (0..RUNS)
        .map(|i| {
            let status = match i % 8 {
                0 => RunStatus::Failed,
                1 if i < 16 => RunStatus::Running,
                _ => RunStatus::Succeeded,
            };
            let start = format!("{:02}T{:02}:{:02}", 1 + i % 21, i % 24, i % 60);
            let name = format!("churn-train-{:04}-{:x}", RUNS - i, i * 2_654_435_761);
            let mut run = fixtures::run(RunKind::TrainingJob, &name, status, &start, None);
            run.reason = (status == RunStatus::Failed)
                .then(|| "AlgorithmError: CUDA out of memory. Tried to allocate 2 GiB".into());
            run
        })
        .collect()
}

fn repeat(times: usize, mut work: impl FnMut()) -> Vec<Duration> {
    let mut spent: Vec<Duration> = (0..times)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .collect();
    spent.sort_unstable();
    spent
}

fn row(what: &str, spent: &[Duration], goal: &str) {
    let ms = |d: Duration| format!("{:.3} ms", d.as_secs_f64() * 1e3);
    let middle = spent[spent.len() / 2];
    let slowest = spent.last().copied().unwrap_or_default();
    println!(
        "{what:<58} {:>10} {:>10} {goal:>10}",
        ms(middle),
        ms(slowest)
    );
}
