//! Once a second, while something on screen ages.

use super::super::effect::Effect;
use super::super::model::Model;
use super::super::model::nav::Screen;
use super::super::rows;

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
                .is_some_and(|at| {
                    model.now.as_second() - at.as_second() >= model.settings.open_run_seconds
                })
    });
    if due {
        super::data::describe_again(model)
    } else {
        Vec::new()
    }
}
