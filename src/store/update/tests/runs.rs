//! Runs and their steps.

use super::*;

#[test]
fn runs_stand_newest_first_and_a_refresh_keeps_the_selection() {
    let mut bench = Bench::new();
    bench.press(&[Command::GoRuns]);
    bench.runs(&three_runs());
    assert_eq!(bench.shown_runs(), ["c", "b", "a"]);
    bench.press(&[Command::Down]);
    assert_eq!(bench.selected_run(), Some("b"));
    let mut more = three_runs();
    more.push(run("d", RunStatus::Queued, 40));
    bench.runs(&more);
    assert_eq!(bench.shown_runs(), ["d", "c", "b", "a"]);
    assert_eq!(bench.selected_run(), Some("b"));
}

#[test]
fn a_fresh_failure_is_described_even_where_the_list_tells_no_end() {
    let mut bench = Bench::new();
    let mut failed = run("p", RunStatus::Failed, -600);
    failed.detailed = false;
    let mut old = run("old", RunStatus::Failed, -200_000);
    old.detailed = false;
    let effects = bench.runs(&[failed.clone(), old]);
    assert_eq!(effects, [Effect::DescribeRun(Box::new(failed))]);
}

#[test]
fn an_opened_run_stands_on_the_step_that_failed() {
    let mut bench = Bench::new();
    let mut failed = run("p", RunStatus::Failed, 10);
    failed.steps = vec![
        step("Prepare", RunStatus::Succeeded),
        step("Train", RunStatus::Failed),
        step("Register", RunStatus::Skipped),
    ];
    bench.press(&[Command::GoRuns]);
    bench.runs(&[failed]);
    bench.press(&[Command::Open]);
    let shown = rows::selected_step(&bench.model).map(|s| s.name.as_str());
    assert_eq!(shown, Some("Train"));
    bench.press(&[Command::Up]);
    let shown = rows::selected_step(&bench.model).map(|s| s.name.as_str());
    assert_eq!(shown, Some("Prepare"));
}

#[test]
fn the_open_run_is_described_again_at_the_pace_of_the_config() {
    let mut bench = Bench::new();
    bench.model.settings.open_run_seconds = 20;
    let moving = run("p", RunStatus::Running, 0);
    bench.press(&[Command::GoRuns]);
    bench.runs(std::slice::from_ref(&moving));
    bench.data(Data::RunDetail {
        key: moving.key(),
        answer: Ok(Partial::whole(moving.clone())),
    });
    let ticks = (1..60).find(|_| !bench.send(Msg::Tick).is_empty());
    assert_eq!(ticks, Some(20));
}

#[test]
fn a_moving_job_is_described_once_in_the_background_and_a_pipeline_again() {
    let mut bench = Bench::new();
    let described = |effects: &[Effect]| {
        effects
            .iter()
            .filter(|effect| matches!(effect, Effect::DescribeRun(_)))
            .count()
    };
    for (kind, again) in [(RunKind::TrainingJob, 0), (RunKind::SagemakerPipeline, 1)] {
        let mut moving = run(kind.key(), RunStatus::Running, 10);
        moving.kind = kind;
        moving.detailed = false;
        let answer = |run: &Run| Data::Runs {
            kind,
            answer: Ok(Partial::whole(vec![run.clone()])),
        };
        assert_eq!(described(&bench.data(answer(&moving))), 1, "{kind:?}");
        moving.detailed = true;
        bench.data(Data::RunDetail {
            key: moving.key(),
            answer: Ok(Partial::whole(moving.clone())),
        });
        moving.detailed = false;
        bench.second += 90;
        assert_eq!(described(&bench.data(answer(&moving))), again, "{kind:?}");
    }
}
