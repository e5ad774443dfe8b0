//! Going to a thing by its name before the data that has it is there.

use crate::findings::Subject;

use super::super::effect::Effect;
use super::super::model::Model;
use super::super::model::nav::Screen;
use super::{links, navigate};

pub fn go(model: &mut Model, screen: Screen, name: Option<String>) -> Vec<Effect> {
    let Some(name) = name else {
        return navigate::go(model, screen);
    };
    if screen == Screen::Logs {
        // A group can be followed without having been listed.
        return links::tail_group(model, name);
    }
    let mut effects = navigate::go(model, screen);
    model.nav.sought = Some((screen, name));
    effects.extend(try_again(model));
    effects
}

/// Goes there, if the data has it now.
pub fn try_again(model: &mut Model) -> Vec<Effect> {
    let Some((screen, name)) = model.nav.sought.clone() else {
        return Vec::new();
    };
    match subject(model, screen, &name) {
        Some(subject) => {
            model.nav.sought = None;
            navigate::go_to_subject(model, &subject)
        }
        None => Vec::new(),
    }
}

fn subject(model: &Model, screen: Screen, name: &str) -> Option<Subject> {
    match screen {
        Screen::Runs => model
            .runs
            .all
            .iter()
            .find(|run| run.name == name || run.id == name || run.arn == name)
            .map(|run| Subject::Run { key: run.key() }),
        Screen::Endpoints => model.endpoints.find(name).map(|row| Subject::Endpoint {
            name: row.endpoint.name.clone(),
            variant: None,
        }),
        Screen::Costs => model
            .costs
            .budgets
            .items()
            .iter()
            .find(|budget| budget.name == name)
            .map(|budget| Subject::Budget {
                name: budget.name.clone(),
            }),
        Screen::Versions => model
            .versions
            .models
            .items()
            .iter()
            .flat_map(|group| &group.versions)
            .find(|version| {
                version.arn == name
                    || version
                        .version
                        .is_some_and(|n| name == format!("{} v{n}", version.group))
            })
            .map(|version| Subject::ModelVersion {
                arn: version.arn.clone(),
            }),
        Screen::Deck | Screen::Logs => None,
    }
}
