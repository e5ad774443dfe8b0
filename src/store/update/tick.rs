//! Once a second, while something on screen ages.

use super::super::effect::Effect;
use super::super::model::Model;
use super::super::model::nav::Screen;
use super::super::rows;

/// The open run is described again after so many seconds while it moves (aws.md: 15 s).
const DETAIL_SECONDS: i64 = 15;

pub fn tick(model: &mut Model) -> Vec<Effect> {
    if model.nav.screen != Screen::Runs {
        return Vec::new();
    }
    let due = rows::selected_run(model).is_some_and(|run| {
        run.status.is_moving()
            && model
                .runs
                .details
                .get(&run.key())
                .and_then(|detail| detail.at())
                .is_some_and(|at| model.now.as_second() - at.as_second() >= DETAIL_SECONDS)
    });
    if due {
        super::data::describe_again(model)
    } else {
        Vec::new()
    }
}
