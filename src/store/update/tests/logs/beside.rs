//! The histogram and the curves.

use super::*;

use crate::logs::curve::Curves;
use crate::logs::told::{self, Bucket, Histogram, Progress};

/// The generation and the number of buckets of every histogram asked for.
fn histograms(effects: &[Effect]) -> Vec<(u64, usize)> {
    asks(effects)
        .iter()
        .filter_map(|ask| match ask {
            LogAsk::Histogram {
                generation,
                buckets,
            } => Some((*generation, *buckets)),
            _ => None,
        })
        .collect()
}

fn curves(effects: &[Effect]) -> Vec<Option<u64>> {
    asks(effects)
        .iter()
        .filter_map(|ask| match ask {
            LogAsk::Curves { generation, .. } => Some(Some(*generation)),
            LogAsk::CurvesNoMore => Some(None),
            _ => None,
        })
        .collect()
}

impl Bench {
    /// Lines of 100 milliseconds in a pane of 80 columns, with their histogram.
    fn scrubbing(&mut self, lines: [u64; 5]) {
        self.reading();
        self.grow(1);
        self.model.nav.widths.insert(Pane::LogLines, 82);
        let effects = self.press(&[Command::ToggleHistogram]);
        let (generation, _) = histograms(&effects)[0];
        // At once.
        self.second -= 1;
        self.spread(generation, lines, true);
    }

    fn spread(&mut self, generation: u64, lines: [u64; 5], done: bool) -> Vec<Effect> {
        self.told(Told::Histogram(Histogram {
            generation,
            start_ms: 0,
            width_ms: 2,
            buckets: lines.map(|lines| Bucket { lines, marked: 0 }).to_vec(),
            timeless: 0,
            done,
        }))
    }

    fn grow(&mut self, lines: u64) -> Vec<Effect> {
        self.told(Told::Progress(Progress {
            lines,
            ..Progress::default()
        }))
    }
}

/// The time gone to.
fn went(effects: &[Effect]) -> Option<i64> {
    asks(effects).iter().find_map(|ask| match ask {
        LogAsk::Window {
            anchor: Anchor::AtTime(ms),
            ..
        } => Some(*ms),
        _ => None,
    })
}

#[test]
fn a_histogram_is_asked_for_when_it_is_wanted_and_drawn() {
    let mut bench = Bench::new();
    bench.reading();
    let effects = bench.press(&[Command::ToggleHistogram]);
    assert_eq!(histograms(&effects), [], "nobody knows how wide it is yet");
    bench.model.nav.widths.insert(Pane::LogLines, 82);
    let effects = bench.send(Msg::Tick);
    let [(generation, 80)] = histograms(&effects)[..] else {
        panic!("{effects:?}");
    };
    assert!(!bench.tail().is_settled());
    assert_eq!(histograms(&bench.send(Msg::Tick)), [], "one at a time");
    assert_eq!(
        histograms(&bench.spread(generation - 1, [9; 5], true)),
        [],
        "of another ask"
    );
    assert!(bench.tail().spread.shown.is_none());
    bench.spread(generation, [1; 5], false);
    assert!(bench.tail().spread.shown.is_some());
    // The pane has another width.
    bench.model.nav.widths.insert(Pane::LogLines, 2000);
    let effects = bench.send(Msg::Tick);
    assert_eq!(histograms(&effects)[0].1, 512);
    bench.press(&[Command::ToggleHistogram]);
    assert!(bench.tail().spread.asked.is_none());
}

#[test]
fn while_lines_come_in_a_histogram_is_asked_for_now_and_then() {
    let mut bench = Bench::new();
    bench.scrubbing([1; 5]);
    // Every message is a second later than the one before.
    assert_eq!(histograms(&bench.grow(3)), [], "too soon");
    let effects = bench.send(Msg::Tick);
    let [(generation, _)] = histograms(&effects)[..] else {
        panic!("{effects:?}");
    };
    assert_eq!(histograms(&bench.grow(4)), [], "not answered yet");
    bench.spread(generation, [1; 5], true);
    // That answer took two seconds: it is asked for again after twenty.
    let mut seconds = 0;
    while histograms(&bench.send(Msg::Tick)).is_empty() {
        seconds += 1;
        assert!(seconds < 60);
    }
    assert_eq!(seconds, 17);
    bench.press(&[Command::GoRuns]);
    let generation = bench.tail().generation;
    bench.spread(generation, [1; 5], true);
    for lines in 10..99 {
        assert_eq!(histograms(&bench.grow(lines)), [], "nobody looks");
    }
}

#[test]
fn the_first_lines_are_counted_at_once() {
    let mut bench = Bench::new();
    bench.reading();
    bench.model.nav.widths.insert(Pane::LogLines, 82);
    let effects = bench.press(&[Command::ToggleHistogram]);
    let (generation, _) = histograms(&effects)[0];
    bench.second -= 1;
    bench.spread(generation, [0; 5], true);
    assert_eq!(histograms(&bench.grow(0)), []);
    let effects = bench.grow(3);
    assert!(!bench.tail().spread.is_settled(&bench.tail().progress));
    assert_eq!(histograms(&effects).len(), 1);
}

#[test]
fn another_view_has_another_histogram_and_other_curves() {
    let mut bench = Bench::new();
    bench.scrubbing([1; 5]);
    let first = curves(&bench.press(&[Command::ToggleCurves]));
    assert!(matches!(first[..], [Some(_)]), "{first:?}");
    bench.press(&[Command::KeepLines]);
    let effects = bench.send(Msg::Text('x'));
    let asked = asks(&effects);
    let view = asked.iter().position(|a| matches!(a, LogAsk::View { .. }));
    let spread = asked
        .iter()
        .position(|a| matches!(a, LogAsk::Histogram { .. }));
    let curved = asked
        .iter()
        .position(|a| matches!(a, LogAsk::Curves { .. }));
    assert!(view < spread && view < curved, "{asked:?}");
    assert!(spread.is_some() && curved.is_some(), "{asked:?}");
}

#[test]
fn brackets_go_from_bar_to_bar_over_empty_ones() {
    let mut bench = Bench::new();
    // Lines 0 to 9, a millisecond apart, the cursor on the last one.
    bench.scrubbing([2, 0, 2, 0, 6]);
    let effects = bench.press(&[Command::PreviousBucket]);
    assert_eq!(went(&effects), Some(4));
    // Before the answer comes it goes on from there.
    let effects = bench.press(&[Command::PreviousBucket]);
    assert_eq!(went(&effects), Some(0));
    // A bar of a file is an estimate: its first line may have a later time.
    bench.show(10, Some(3));
    assert_eq!(bench.cursor().1, Some(3));
    let effects = bench.press(&[Command::PreviousBucket]);
    assert_eq!(went(&effects), None, "it stands at the first bar");
    let notice = bench.model.notices.current(bench.model.now).unwrap();
    assert_eq!(notice.text, "no earlier lines here");
    // Moved away from there, the line's own time counts.
    bench.press(&[Command::Down, Command::Down]);
    let effects = bench.press(&[Command::PreviousBucket]);
    assert_eq!(went(&effects), Some(0));
    bench.show(10, Some(0));
    let effects = bench.press(&[Command::NextBucket]);
    assert_eq!(went(&effects), Some(4));
    bench.show(10, Some(4));
    let effects = bench.press(&[Command::NextBucket, Command::NextBucket]);
    assert_eq!(went(&effects), Some(8));
    assert!(!bench.tail().follow);
}

#[test]
fn a_bracket_without_a_histogram_shows_it_first() {
    let mut bench = Bench::new();
    bench.reading();
    bench.model.nav.widths.insert(Pane::LogLines, 82);
    let effects = bench.press(&[Command::NextBucket]);
    assert_eq!(went(&effects), None);
    assert_eq!(histograms(&effects).len(), 1);
    assert!(bench.model.logs.histogram);
}

#[test]
fn curves_are_asked_for_and_ended_and_wanted_of_the_next_tail_too() {
    let mut bench = Bench::new();
    bench.reading();
    let Some(generation) = curves(&bench.press(&[Command::ToggleCurves]))[0] else {
        panic!("not asked for");
    };
    let answer = |generation, lines| {
        let mut curves = Curves::default();
        let line = crate::logs::line::LineRef {
            text: b"loss=0.5",
            ..Default::default()
        };
        curves.add(&line, 3);
        Told::Curves(told::Curves {
            generation,
            shown: curves.ranked().into_iter().cloned().collect(),
            others: 0,
            lines,
            came: lines,
            done: true,
        })
    };
    assert!(!bench.tail().is_settled());
    bench.told(answer(generation + 1, 9));
    assert!(bench.tail().curves.shown.is_none(), "of another ask");
    bench.told(answer(generation, 9));
    let shown = bench.tail().curves.shown.as_ref().unwrap();
    assert_eq!((shown.lines, shown.shown[0].name()), (9, "loss"));
    // Messages are recorded and replayed.
    let json = serde_json::to_string(&answer(1, 2)).unwrap();
    assert_eq!(serde_json::from_str::<Told>(&json).unwrap(), answer(1, 2));
    let effects = bench.press(&[Command::Back, Command::Down, Command::ShowLogs]);
    let opened = effects
        .iter()
        .position(|e| matches!(e, Effect::OpenLog { .. }));
    let asked = effects.iter().position(
        |e| matches!(e, Effect::Log { session: 2, ask } if matches!(**ask, LogAsk::Curves { .. })),
    );
    assert!(opened.is_some() && opened < asked, "{effects:?}");
    let effects = bench.press(&[Command::ToggleCurves]);
    assert_eq!(curves(&effects), [None]);
    assert!(bench.tail().curves.shown.is_none());
}

#[test]
fn a_training_jobs_own_definitions_make_curves() {
    use crate::domain::metric_definition::MetricDefinition;
    let definition = |name: &str, regex: &str| MetricDefinition {
        name: name.into(),
        regex: regex.into(),
    };
    let mut bench = Bench::new();
    bench.press(&[Command::GoRuns]);
    let mut job = run("job-1", RunStatus::Running, 10);
    job.detailed = false;
    bench.runs(&[job.clone()]);
    bench.model.runs.describing.clear();
    bench.model.logs.metrics = vec![definition("mine", "mine=(.*)")];
    let defined = |effects: &[Effect]| {
        asks(effects).into_iter().find_map(|ask| match ask {
            LogAsk::Curves { definitions, .. } => Some(definitions.clone()),
            _ => None,
        })
    };
    let describes = |effects: &[Effect]| {
        let is = |e: &&Effect| matches!(e, Effect::DescribeRun(run) if run.id == "job-1");
        effects.iter().filter(is).count()
    };
    bench.press(&[Command::ShowLogs]);
    let effects = bench.press(&[Command::ToggleCurves]);
    assert_eq!(defined(&effects).unwrap().len(), 1);
    assert_eq!(describes(&effects), 1, "{effects:?}");
    assert_eq!(describes(&bench.send(Msg::Tick)), 0, "asked once");
    job.detailed = true;
    let theirs = definition("validation:auc", "auc=([0-9.]+)");
    job.metrics = vec![theirs.clone(), definition("odd", "(?=x)(y)")];
    let effects = bench.data(Data::RunDetail {
        key: job.key(),
        answer: Ok(Partial::whole(job)),
    });
    let known = defined(&effects).unwrap();
    assert_eq!((known[0].name.as_str(), &known[1]), ("mine", &theirs));
    let now = bench.model.now;
    let notice = bench.model.notices.current(now).unwrap();
    assert!(
        notice.text.starts_with("metric odd: look-around"),
        "{notice:?}"
    );
    assert_eq!(defined(&bench.send(Msg::Tick)), None);
    // Of a job that is not listed the name is enough.
    let blank = crate::domain::log::LogTarget::prefixed("/aws/sagemaker/TrainingJobs", "old-job/");
    let effects =
        crate::store::update::lines::start(&mut bench.model, "old".into(), vec![blank], false);
    assert!(!effects.is_empty());
    let effects = bench.send(Msg::Tick);
    let is = |e: &Effect| matches!(e, Effect::DescribeRun(run) if run.id == "old-job");
    assert!(effects.iter().any(is), "{effects:?}");
}
