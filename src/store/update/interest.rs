//! Which sources matter right now.

use crate::domain::run::RunKind;

use super::super::effect::{Effect, Interest, SourceId};
use super::super::model::Model;
use super::super::model::nav::Screen;
use super::super::msg::Notice;

/// What the screen shows; everything else is hidden.
pub fn wanted(model: &Model) -> Vec<(SourceId, Interest)> {
    sources_of(model.nav.screen)
        .into_iter()
        .map(|source| {
            let beside = model.nav.screen == Screen::Endpoints
                && matches!(source, SourceId::ModelGroups | SourceId::Repository);
            let interest = if model.nav.screen == Screen::Deck || beside {
                Interest::Visible
            } else {
                Interest::Focused
            };
            (source, interest)
        })
        .collect()
}

fn sources_of(screen: Screen) -> Vec<SourceId> {
    let runs = || RunKind::ALL.into_iter().map(SourceId::Runs);
    match screen {
        Screen::Deck => runs()
            .chain([
                SourceId::Endpoints,
                SourceId::Metrics,
                SourceId::Alarms,
                SourceId::Costs,
                SourceId::Budgets,
                SourceId::ModelGroups,
                SourceId::Repository,
            ])
            .collect(),
        Screen::Runs => runs().collect(),
        Screen::Endpoints => vec![
            SourceId::Endpoints,
            SourceId::Metrics,
            SourceId::Alarms,
            // For the sentence on what each variant serves.
            SourceId::ModelGroups,
            SourceId::Repository,
        ],
        Screen::Logs => vec![SourceId::LogGroups],
        Screen::Costs => vec![SourceId::Costs, SourceId::Budgets],
        Screen::Versions => vec![
            SourceId::Repository,
            SourceId::ModelGroups,
            SourceId::Images,
        ],
    }
}

/// `r`: the sources of this screen, but Cost Explorer only when it is asked for by its own command.
pub fn refresh(model: &mut Model) -> Vec<Effect> {
    let mut sources = sources_of(model.nav.screen);
    sources.retain(|s| *s != SourceId::Costs);
    sources.push(SourceId::Identity);
    let mut effects = vec![Effect::Poll(sources)];
    if model.nav.screen == Screen::Costs {
        model.notices.push(
            model.now,
            Notice::info("budgets asked again; refresh-costs asks Cost Explorer ($0.02)"),
        );
    }
    if model.nav.screen == Screen::Versions {
        // Walked again by `commits::keep_up`.
        model.versions.history.outdated = true;
    }
    if model.nav.screen == Screen::Runs {
        effects.extend(super::data::describe_again(model));
    }
    effects
}
