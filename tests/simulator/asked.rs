//! The whole program on the simulated account: Logs Insights asked on the Logs screen, by keys.

use std::sync::Arc;

use flightdeck::cli::headless::Headless;
use flightdeck::cli::open::{Demo, Opening, open};
use flightdeck::config::{Config, Dirs};
use flightdeck::keys::Keymap;
use flightdeck::pollers::{Cadences, Settings};
use flightdeck::store::model::{self, Model};
use flightdeck::theme::Theme;

/// The lines of an endpoint whose new variant went bad.
async fn serving(size: (u16, u16)) -> (Headless, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let opened = open(Opening {
        profile: None,
        region: None,
        endpoint_url: None,
        repo: Some(folder.path().to_owned()),
        demo: Some(Demo {
            speed: 1.0,
            seed: 7,
            scenario: None,
            at_minutes: 20.0,
            frozen: true,
        }),
        config: Config::default(),
        dirs: Dirs::below(folder.path()),
    })
    .unwrap();
    let clock = opened.clock.clone();
    let settings = Settings {
        cadences: Cadences::default(),
        history_days: 1,
        run_limit: 10,
        log_limit: 10,
        spool_folder: None,
        outlet: Default::default(),
        seed: 1,
        clock: Arc::clone(&clock),
    };
    let mut program = Headless::start(
        Model::new(clock.now(), model::Settings::default()),
        Theme::default(),
        Keymap::builtin("default").unwrap(),
        opened.connect,
        settings,
        size,
    )
    .unwrap();
    program.press("4").await.unwrap();
    program
        .press(":tail /aws/sagemaker/Endpoints/churn-prod<enter>")
        .await
        .unwrap();
    (program, folder)
}

#[track_caller]
fn assert_shows(program: &Headless, texts: &[&str]) {
    let screen = program.screen();
    for text in texts {
        assert!(screen.contains(text), "no {text:?} in\n{screen}");
    }
}

// The clock runs: the reader of the lines is a thread of its own, which a paused one would not wait for.
#[tokio::test]
async fn from_a_filter_to_the_answer_and_back() {
    let (mut program, _folder) = serving((120, 40)).await;
    program.press("&KeyError<enter>").await.unwrap();
    program.press("kk").await.unwrap();
    let before = program.screen();
    program.press("Q").await.unwrap();
    assert_shows(
        &program,
        &[
            "Ask Logs Insights",
            "like /KeyError/",
            "scans about",
            "Enter twice",
        ],
    );
    program.press("<tab><ctrl-u>-2h<enter>").await.unwrap();
    assert_shows(&program, &["again asks it, for"]);
    program.press("<enter>").await.unwrap();
    assert_shows(
        &program,
        &["done in", "records match", "MODEL_LOG - Key", "Insights · "],
    );
    // Its lines are lines like any others.
    program.press("/customer<enter>").await.unwrap();
    program.press("<esc><esc>").await.unwrap();
    // Ages and counters of calls go on; the lines stand where they stood.
    let lines = |screen: &str| {
        screen
            .lines()
            .skip(2)
            .take(36)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(lines(&program.screen())[1..], lines(&before)[1..]);
}

#[tokio::test]
async fn figures_patterns_and_anomalies_are_tables() {
    let (mut program, _folder) = serving((120, 40)).await;
    program.press("S").await.unwrap();
    assert_shows(
        &program,
        &["query slowest", "query serving: failed requests"],
    );
    program
        .press("errors over time<enter><enter><enter>")
        .await
        .unwrap();
    assert_shows(&program, &["errors over time", "time UTC", "done in"]);
    program.press("<esc>P").await.unwrap();
    assert_shows(&program, &["Patterns of these lines", "share", "<*>"]);
    program.press("P<enter><enter>").await.unwrap();
    assert_shows(&program, &["Patterns by Logs Insights", "done in", "<*>"]);
    program.press("<esc>A").await.unwrap();
    assert_shows(&program, &["Anomalies", "priority", "churn-prod", "active"]);
    program.press("<enter>").await.unwrap();
    assert_shows(
        &program,
        &[
            "Ask Logs Insights: lines of a pattern",
            "filter @message like",
        ],
    );
}

#[tokio::test]
async fn a_mistake_is_told_with_its_place_and_mended() {
    let (mut program, _folder) = serving((100, 30)).await;
    program
        .press("Q<ctrl-u>fields @message | unmask x<enter><enter>")
        .await
        .unwrap();
    assert_shows(
        &program,
        &[
            "malformed",
            "look at character 19: unmask x",
            "mends the query",
        ],
    );
    program.press("Q").await.unwrap();
    assert_shows(&program, &["unmask x"]);
    program
        .press("<ctrl-u>fields @message | limit 3<enter><enter>")
        .await
        .unwrap();
    assert_shows(&program, &["done in", "@message"]);
}
