//! The reader of the lines, asked for curves: its thread runs, the clock of the pollers is moved.

use flightdeck::logs::told::{self, Told};
use flightdeck::store::log_ask::{FilterWay, LogAsk, LogOrigin};

use super::*;

fn loss(second: i64, loss: f64) -> LogLine {
    let text = format!("epoch=1 step={second} loss={loss}");
    LogLine {
        event_id: Some(format!("{second} {loss}")),
        ..line(second, &text)
    }
}

impl Bench {
    fn ask(&self, ask: LogAsk) {
        self.pollers.ask_log(1, Box::new(ask));
    }

    fn append(&self, lines: Vec<LogLine>) {
        self.ask(LogAsk::Append {
            lines,
            older: false,
        });
    }

    /// Until curves are told of that have so many points of `loss`.
    async fn curves(&mut self, points: usize) -> told::Curves {
        loop {
            let Some(Msg::Data(data)) = self.messages.recv().await else {
                continue;
            };
            let Data::LogTold {
                told: Told::Curves(curves),
                ..
            } = *data
            else {
                continue;
            };
            if curves
                .shown
                .first()
                .is_some_and(|s| s.points().len() == points)
            {
                return curves;
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn curves_follow_what_comes_in_wherever_it_belongs_and_the_view() {
    let mut bench = Bench::start(Scripted::new());
    let targets = LogOrigin::Targets(vec![LogTarget::group("g")]);
    bench.pollers.open_log(1, targets, 1 << 20);
    bench.append(vec![loss(1, 0.9), loss(2, 0.8)]);
    bench.ask(LogAsk::Curves {
        generation: 5,
        definitions: Vec::new(),
    });
    let curves = bench.curves(2).await;
    assert_eq!((curves.generation, curves.shown[0].name()), (5, "loss"));
    bench.append(vec![loss(4, 0.7)]);
    bench.curves(3).await;
    // A late line: everything is read again.
    bench.append(vec![loss(3, 0.75)]);
    let curves = bench.curves(4).await;
    let points = curves.shown[0].points();
    let seen: Vec<(f64, u64)> = points.iter().map(|p| (p.y, p.key)).collect();
    assert_eq!(seen, [(0.9, 0), (0.8, 1), (0.75, 2), (0.7, 3)]);
    bench.ask(LogAsk::View {
        generation: 6,
        filters: vec![(FilterWay::Drop, "loss>0.85".into())],
        around: None,
    });
    bench.ask(LogAsk::Curves {
        generation: 7,
        definitions: Vec::new(),
    });
    let curves = bench.curves(3).await;
    assert_eq!((curves.generation, curves.shown[0].points()[0].y), (7, 0.8));
    bench.ask(LogAsk::CurvesNoMore);
    bench.append(vec![loss(9, 0.1)]);
    let later = bench.pass(60).await;
    let told = later.iter().any(
        |data| matches!(data, Data::LogTold { told: Told::Curves(curves), .. } if curves.lines > 3),
    );
    assert!(!told, "{later:?}");
}
