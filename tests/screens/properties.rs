//! Whatever the account contains, nothing of it steers the terminal, and no size breaks the drawing.

use flightdeck::store::model::Model;
use flightdeck::store::model::costs::CostsSection;
use flightdeck::store::model::nav::{Palette, Popup, Screen};
use flightdeck::store::model::versions::VersionsSection;
use flightdeck::theme::Theme;
use proptest::prelude::*;
use ratatui::buffer::Buffer;

use super::fixtures::{day, line, tail_of};
use super::render::buffer_once as drawn;

/// Text with much of what terminals act on.
fn nasty() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        ".{0,12}",
        Just("\x1b[31;1m".to_owned()),
        Just("\x1b]0;x\x07".to_owned()),
        Just("\u{9b}2J".to_owned()),
        Just("\u{202e}\u{2066}\u{200b}".to_owned()),
        Just("\r\n\t\0\x08\x7f".to_owned()),
        Just("漢字かな👩\u{200d}🔬e\u{301}".to_owned()),
    ];
    proptest::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
}

/// Puts the text everywhere a foreign text can stand.
fn poisoned(text: &str) -> Model {
    let mut model = day();
    let text = || text.to_owned();
    model.settings.profile = Some(text());
    for finding in &mut model.findings {
        finding.name = text();
        finding.reason = text();
        finding.next_steps = vec![text()];
        finding.evidence = vec![text()];
    }
    for run in &mut model.runs.all {
        run.name = text();
        run.raw_status = text();
        run.reason = Some(text());
        run.facts = vec![(text(), text())];
        for step in &mut run.steps {
            step.kind = text();
            step.reason = Some(text());
        }
    }
    for row in &mut model.endpoints.rows {
        row.endpoint.status = text();
        row.endpoint.config = text();
        row.endpoint.failure_reason = Some(text());
        for variant in &mut row.endpoint.variants {
            variant.name = text();
        }
        for alarm in &mut row.alarms {
            alarm.name = text();
            alarm.state = text();
        }
    }
    if let Some(repository) = model.versions.repository.value_mut() {
        for commit in &mut repository.log {
            commit.summary = text();
            commit.author = text();
        }
        repository.worktree.untracked = vec![text()];
    }
    let lines = (0..30)
        .map(|i| line(30 - i, "s/a", &text()))
        .collect::<Vec<_>>();
    model.logs.tail = Some(tail_of(lines));
    model
        .notices
        .push(model.now, flightdeck::store::msg::Notice::error(text()));
    model
}

fn everywhere(model: &Model) -> Vec<Model> {
    let mut all = Vec::new();
    for screen in Screen::ALL {
        for &pane in screen.panes() {
            let mut model = model.clone();
            model.nav.screen = screen;
            model.nav.focus = pane;
            all.push(model);
        }
    }
    for section in CostsSection::ALL {
        let mut model = model.clone();
        model.nav.screen = Screen::Costs;
        model.costs.section = section;
        all.push(model);
    }
    for section in VersionsSection::ALL {
        let mut model = model.clone();
        model.nav.screen = Screen::Versions;
        model.versions.section = section;
        all.push(model);
    }
    for popup in [
        Popup::Help { scroll: 3 },
        Popup::Messages { scroll: 1 },
        Popup::Filters { selected: 4 },
        Popup::Palette(Palette::default()),
    ] {
        let mut model = model.clone();
        model.nav.popups.push(popup);
        all.push(model);
    }
    all
}

fn is_harmless(buffer: &Buffer) -> Result<(), TestCaseError> {
    for cell in buffer.content() {
        for c in cell.symbol().chars() {
            let steers = c.is_control()
                || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}');
            prop_assert!(!steers, "{:?}", cell.symbol());
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_reaches_the_buffer_raw(text in nasty(), wrap in any::<bool>(), left in 0usize..40) {
        let mut model = poisoned(&text);
        model.logs.wrap = wrap;
        model.logs.left = left;
        for model in everywhere(&model) {
            let (buffer, _) = drawn(&model, (110, 30), &Theme::default());
            is_harmless(&buffer)?;
        }
    }

    #[test]
    fn any_size_can_be_drawn(width in 1u16..=60, height in 1u16..=20, text in nasty()) {
        for model in everywhere(&poisoned(&text)) {
            let (buffer, seen) = drawn(&model, (width, height), &Theme::default());
            is_harmless(&buffer)?;
            prop_assert!(seen.heights.iter().all(|(pane, rows)| pane.is_page() || *rows <= height));
        }
    }
}

#[test]
fn every_screen_can_be_drawn_at_every_small_size() {
    let all = everywhere(&day());
    for width in (1..60).step_by(7) {
        for height in (1..20).step_by(2) {
            for model in &all {
                drawn(model, (width, height), &Theme::default());
            }
        }
    }
}

/// The pen makes foreign text harmless; so nothing else may write into a frame.
#[test]
fn only_the_pen_writes_into_the_frame() {
    let mut folders = vec![std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/ui")];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            seen += 1;
            let text = std::fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            let writes = [
                "set_string",
                "set_symbol",
                "set_line",
                "set_span",
                "cell_mut",
            ]
            .iter()
            .any(|call| code.contains(call));
            assert!(!writes || path.ends_with("paint.rs"), "{}", path.display());
        }
    }
    assert!(seen > 40, "{seen}");
}
