//! Beside the log lines: the histogram and the curves.

use flightdeck::domain::log::LogLine;
use flightdeck::logs::curve::Curves;
use flightdeck::logs::histogram::{self, Piece};
use flightdeck::logs::line::LineRef;
use flightdeck::logs::line_set::LineSet;
use flightdeck::logs::told;
use flightdeck::store::model::Model;
use flightdeck::store::model::nav::{Pane, Screen};
use flightdeck::theme::{ColorSupport, Theme};

use super::fixtures::{day, key, line, tail_of};
use super::render::{buffer_with, lines, text, text_and_styles};

/// An epoch in a hundred seconds, seldom an error, then a burst of them and the end.
fn training() -> Vec<LogLine> {
    let stream = "pipelines-212-Train-x7/algo-1-1763";
    let say = |ago: i64, text: &str| line(ago, stream, text);
    let mut all = Vec::new();
    for i in 0..400_i64 {
        let (epoch, step) = (i / 50, i * 47);
        let decay = (-(i as f64) / 120.0).exp();
        let wobble = f64::from((i * 7919 % 13) as i32) / 13.0;
        let loss = 0.21 + 0.5 * decay + 0.03 * wobble;
        let norm = 0.6 + 0.8 * wobble + if i == 250 { 9.0 } else { 0.0 };
        let lr = 3e-4 * (1.0 - i as f64 / 440.0);
        let text =
            format!("epoch={epoch} step={step} loss={loss:.4} lr={lr:.1e} grad_norm={norm:.3}");
        all.push(say(3600 - i * 8, &text));
        if i % 50 == 49 {
            let (val, auc) = (loss + 0.02, 0.93 - 0.2 * decay);
            let text = format!(
                "\x1b[32mepoch={epoch} step={step} val_loss={val:.4} val_auc={auc:.4}\x1b[0m ✔"
            );
            all.push(say(3598 - i * 8, &text));
        }
        if i == 130 {
            all.push(say(
                3597 - i * 8,
                "ERROR data loader worker 3 died, restarted",
            ));
        }
    }
    for i in 0..9 {
        all.push(say(
            390 - i,
            "ERROR torch.cuda.OutOfMemoryError: CUDA out of memory",
        ));
    }
    all
}

/// As the reader would tell it.
fn with_histogram(model: &mut Model, columns: usize) {
    let tail = model.logs.tail.as_mut().unwrap();
    let shown = &tail.window.lines;
    let times = (0..).zip(shown.iter().filter_map(|line| line.at_ms));
    let errors = (0..)
        .zip(shown)
        .filter(|(_, line)| line.text.contains("ERROR"));
    let errors: Vec<u32> = errors.map(|(number, _)| number).collect();
    let count = shown.len() as u32;
    let piece = Piece {
        times: times.collect(),
        lines: count,
        shown: None,
        marked: Some(LineSet::from_sorted(&errors, count).into()),
    };
    let mut histogram = histogram::count(1, &[piece], columns);
    histogram.done = true;
    tail.spread.shown = Some(histogram);
    model.logs.histogram = true;
}

fn with_curves(model: &mut Model) {
    let tail = model.logs.tail.as_mut().unwrap();
    let mut curves = Curves::default();
    for (number, line) in (0..).zip(&tail.window.lines) {
        let line = LineRef {
            text: line.text.as_bytes(),
            at_ms: line.at_ms,
            ..LineRef::default()
        };
        curves.add(&line, number);
    }
    let ranked = curves.ranked();
    tail.curves.shown = Some(told::Curves {
        generation: 1,
        shown: ranked.iter().take(4).copied().cloned().collect(),
        others: ranked.len() - 4,
        lines: tail.window.lines.len() as u64,
        came: 0,
        done: true,
    });
    model.logs.curves = true;
}

fn logs() -> Model {
    let mut model = day();
    model.nav.screen = Screen::Logs;
    model.nav.focus = Pane::LogLines;
    model.logs.tail = Some(tail_of(training()));
    model
}

fn standing_at(model: &mut Model, number: u64) {
    let tail = model.logs.tail.as_mut().unwrap();
    tail.follow = false;
    tail.cursor = Some(key(number));
    tail.top = Some(key(number - 5));
}

#[test]
fn histogram_80x24() {
    let mut model = logs();
    with_histogram(&mut model, 76);
    standing_at(&mut model, 133);
    insta::assert_snapshot!(text_and_styles(&model, (80, 24)));
}

#[test]
fn histogram_120x40_following_made_for_another_width() {
    let mut model = logs();
    with_histogram(&mut model, 40);
    insta::assert_snapshot!(text(&model, (120, 40)));
}

#[test]
fn curves_80x24() {
    let mut model = logs();
    with_curves(&mut model);
    standing_at(&mut model, 133);
    insta::assert_snapshot!(text_and_styles(&model, (80, 24)));
}

#[test]
fn curves_and_histogram_120x40() {
    let mut model = logs();
    with_histogram(&mut model, 82);
    with_curves(&mut model);
    insta::assert_snapshot!(text(&model, (120, 40)));
}

#[test]
fn curves_and_histogram_200x60() {
    let mut model = logs();
    with_histogram(&mut model, 80);
    with_curves(&mut model);
    standing_at(&mut model, 255);
    insta::assert_snapshot!(text_and_styles(&model, (200, 60)));
}

#[test]
fn without_colours_and_in_ascii() {
    let mut model = logs();
    with_histogram(&mut model, 76);
    with_curves(&mut model);
    standing_at(&mut model, 133);
    let theme = Theme::load("mono", None, ColorSupport::None, true).0;
    let (buffer, _) = buffer_with(&model, (80, 30), &theme);
    insta::assert_snapshot!(lines(&buffer));
}

#[test]
fn a_broken_curve_says_where_and_one_that_stands_still_is_drawn() {
    let mut model = logs();
    let texts = [
        "step=1 loss=0.5 auc=1",
        "step=2 loss=0.5 auc=1",
        "step=3 loss=nan",
    ];
    let said = (0..).zip(texts);
    let tail = tail_of(said.map(|(i, text)| line(60 - i, "s", text)));
    model.logs.tail = Some(tail);
    let mut curves = Curves::default();
    for (number, text) in (0..).zip(texts) {
        let line = LineRef {
            text: text.as_bytes(),
            ..LineRef::default()
        };
        curves.add(&line, number);
    }
    let tail = model.logs.tail.as_mut().unwrap();
    tail.curves.shown = Some(told::Curves {
        shown: curves.ranked().into_iter().cloned().collect(),
        done: true,
        ..told::Curves::default()
    });
    model.logs.curves = true;
    let text = text(&model, (80, 24));
    assert!(text.contains("nan or inf at line 3"), "{text}");
    assert!(text.contains("flat"), "{text}");
}

#[test]
fn nothing_to_draw_says_so() {
    let mut model = logs();
    model.logs.curves = true;
    model.logs.histogram = true;
    let text_of = |model: &Model| text(model, (80, 24));
    assert!(text_of(&model).contains("0 lines read"));
    let tail = model.logs.tail.as_mut().unwrap();
    tail.curves.shown = Some(told::Curves {
        done: true,
        ..told::Curves::default()
    });
    tail.spread.shown = Some(told::Histogram {
        timeless: 9,
        ..told::Histogram::default()
    });
    let text = text_of(&model);
    assert!(text.contains("No numbers like loss=0.2"), "{text}");
    assert!(text.contains("these lines tell no times"), "{text}");
}

#[test]
fn any_size_is_drawn() {
    let mut model = logs();
    with_histogram(&mut model, 76);
    with_curves(&mut model);
    standing_at(&mut model, 133);
    for width in (1..230).step_by(9) {
        for height in [1, 3, 7, 12, 20, 33, 70] {
            buffer_with(&model, (width, height), &Theme::default());
        }
    }
}
