//! `o`: the page of a row in the AWS console.

use crate::domain::console;

use super::super::super::effect::Effect;
use super::super::super::model::Model;
use super::super::super::model::nav::{Pane, Screen};
use super::super::super::model::versions::VersionsSection;
use super::super::super::rows;
use super::{About, about, nothing};

/// `o`
pub fn open_console(model: &mut Model) -> Vec<Effect> {
    let region = model.settings.region.clone().unwrap_or_default();
    let url = match model.nav.screen {
        Screen::Costs => Some(console::costs_url().to_owned()),
        Screen::Versions => match model.versions.section {
            VersionsSection::Models => rows::selected_model_version(model)
                .map(|v| console::model_group_url(&v.group, &region)),
            _ => None,
        },
        Screen::Logs => log_group(model).map(|group| console::log_group_url(&group, &region)),
        Screen::Deck | Screen::Runs | Screen::Endpoints => match about(model) {
            About::Run(run) => Some(console::run_url(&run, &region)),
            About::Step => rows::selected_run(model).map(|run| console::run_url(run, &region)),
            About::Endpoint(name) | About::Variant(name, _) => model
                .endpoints
                .find(&name)
                .map(|row| console::endpoint_url(&row.endpoint, &region)),
            About::Other => None,
        },
    };
    match url {
        Some(url) => vec![Effect::OpenUrl(url)],
        None => nothing(model, "this row has no page in the console"),
    }
}

fn log_group(model: &Model) -> Option<String> {
    if model.nav.focus == Pane::LogLines {
        let tail = model.logs.tail.as_ref()?;
        return Some(tail.origin.targets().first()?.group.clone());
    }
    match &model.logs.open_group {
        Some(group) => Some(group.clone()),
        None => rows::selected_group(model).map(|g| g.name.clone()),
    }
}
