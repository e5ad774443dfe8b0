//! From a row to what belongs to it: one file for each kind of place.

mod clipboard;
mod console;
mod costs;
mod logs;
mod versions;

use crate::domain::run::Run;
use crate::findings::Subject;

use super::super::effect::Effect;
use super::super::model::Model;
use super::super::model::nav::Pane;
use super::super::msg::Notice;
use super::super::rows;

pub use clipboard::copy;
pub use console::open_console;
pub use costs::show_costs;
pub use logs::{logs_described, show_error, show_logs, tail_group, toggle_streams};
pub use versions::{show_versions, to_commit};

/// What a row is about.
enum About {
    Run(Box<Run>),
    Step,
    Endpoint(String),
    Variant(String, String),
    Other,
}

fn about(model: &Model) -> About {
    match model.nav.focus {
        Pane::Findings => match rows::selected_finding(model).map(|f| &f.subject) {
            Some(Subject::Run { key }) => match model.runs.find(key) {
                Some(run) => About::Run(Box::new(run.clone())),
                None => About::Other,
            },
            Some(Subject::Endpoint { name, variant }) => match variant {
                Some(variant) => About::Variant(name.clone(), variant.clone()),
                None => About::Endpoint(name.clone()),
            },
            Some(Subject::Alarm { name }) => model
                .endpoints
                .alarms
                .items()
                .iter()
                .find(|a| a.name == *name)
                .and_then(|a| a.dimension("EndpointName"))
                .map_or(About::Other, |e| About::Endpoint(e.to_owned())),
            _ => About::Other,
        },
        Pane::RunDetail if rows::selected_step(model).is_some() => About::Step,
        Pane::RunList | Pane::RunDetail => match rows::selected_run(model) {
            Some(run) => About::Run(Box::new(run.clone())),
            None => About::Other,
        },
        Pane::EndpointDetail if rows::selected_variant(model).is_some() => {
            match (
                rows::selected_endpoint(model),
                rows::selected_variant(model),
            ) {
                (Some(row), Some(variant)) => {
                    About::Variant(row.endpoint.name.clone(), variant.name.clone())
                }
                _ => About::Other,
            }
        }
        Pane::EndpointList | Pane::EndpointDetail => rows::selected_endpoint(model)
            .map_or(About::Other, |row| {
                About::Endpoint(row.endpoint.name.clone())
            }),
        _ => About::Other,
    }
}

/// Says why a key leads nowhere.
fn nothing(model: &mut Model, text: &str) -> Vec<Effect> {
    model.notices.push(model.now, Notice::info(text));
    Vec::new()
}
