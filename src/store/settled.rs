//! Whether everything the screen asked for has answered: what a picture or a test waits for.

use super::effect::SourceId;
use super::model::Model;
use super::model::logs::{Anomalies, SheetKind};
use super::update::wanted;
use crate::domain::freshness::{Fetched, Freshness};

/// Every source of this screen has answered at least once, well or badly, and nothing is on its way.
pub fn settled(model: &Model) -> bool {
    let tail_waits = model.logs.tail.as_ref().is_some_and(|tail| {
        let asked = !tail.origin.targets().is_empty();
        tail.loading_older || (asked && unanswered(&tail.polled)) || !tail.is_settled()
    });
    let sources = wanted(model).into_iter().map(|(source, _)| source);
    !tail_waits
        && !asking(model)
        && model.runs.describing.is_empty()
        && model.runs.logs_wanted.is_none()
        && !model.lineage.tracing
        && !model.lineage.asking_code
        && !comparing(model)
        && sources
            .chain([SourceId::Identity])
            .all(|source| answered(model, source))
}

/// A query runs, a table is being filled, or the saved queries are on their way.
fn asking(model: &Model) -> bool {
    let asked = model.logs.asked.as_ref();
    let sheet = model.logs.sheet().map(|sheet| &sheet.kind);
    asked.is_some_and(|asked| asked.is_running())
        || matches!(model.logs.saved.freshness(), Freshness::Loading)
        || matches!(
            sheet,
            Some(
                SheetKind::Patterns { done: false, .. } | SheetKind::Anomalies(Anomalies::Loading)
            )
        )
}

/// Git was asked what lies between two commits, and has not answered.
fn comparing(model: &Model) -> bool {
    let compare = &model.lineage.compare;
    compare.asked.is_some() && unanswered(&compare.between)
}

fn answered(model: &Model, source: SourceId) -> bool {
    if !model.account.down.is_empty() && source != SourceId::Repository {
        return true;
    }
    match source {
        SourceId::Identity => !unanswered(&model.account.identity),
        SourceId::Runs(kind) => model
            .runs
            .by_kind
            .get(&kind)
            .is_some_and(|runs| !unanswered(runs)),
        SourceId::Endpoints => !unanswered(&model.endpoints.endpoints),
        SourceId::Metrics => {
            let nothing_to_ask = model
                .endpoints
                .endpoints
                .items()
                .iter()
                .all(|e| e.variants.is_empty());
            nothing_to_ask || !unanswered(&model.endpoints.metrics)
        }
        SourceId::Alarms => !unanswered(&model.endpoints.alarms),
        SourceId::LogGroups => !unanswered(&model.logs.groups),
        SourceId::Costs => !unanswered(&model.costs.month),
        SourceId::Budgets => !unanswered(&model.costs.budgets),
        SourceId::ModelGroups => !unanswered(&model.versions.models),
        SourceId::Images => !unanswered(&model.versions.images),
        SourceId::Repository => !unanswered(&model.versions.repository),
    }
}

fn unanswered<T>(fetched: &Fetched<T>) -> bool {
    matches!(fetched.freshness(), Freshness::Never | Freshness::Loading)
}
