//! `c`: the costs of the service behind a row.

use crate::domain::run::RunKind;
use crate::findings::Subject;

use super::super::super::effect::Effect;
use super::super::super::model::Model;
use super::super::super::model::costs::CostsSection;
use super::super::super::model::nav::{Pane, Screen};
use super::super::super::rows;
use super::super::{lists, navigate};
use super::{About, about};

/// `c`: the costs of the service behind the row.
pub fn show_costs(model: &mut Model) -> Vec<Effect> {
    let service = match about(model) {
        About::Run(run) => service_of(run.kind),
        About::Step | About::Endpoint(_) | About::Variant(..) => "Amazon SageMaker",
        About::Other => match rows::selected_finding(model).map(|f| f.subject.clone()) {
            Some(subject @ (Subject::Budget { .. } | Subject::Costs))
                if model.nav.focus == Pane::Findings =>
            {
                return navigate::go_to_subject(model, &subject);
            }
            _ => "",
        },
    };
    model.costs.section = CostsSection::Services;
    let effects = navigate::go(model, Screen::Costs);
    let found = model
        .costs
        .month
        .value()
        .and_then(|month| {
            month
                .cells
                .iter()
                .find(|c| !service.is_empty() && c.service.starts_with(service))
        })
        .map(|cell| cell.service.clone());
    if let Some(service) = found {
        lists::select_id(model, Pane::CostList, &service);
    }
    effects
}

/// The name that Cost Explorer gives the service.
fn service_of(kind: RunKind) -> &'static str {
    match kind {
        RunKind::StepFunctions => "AWS Step Functions",
        RunKind::Codepipeline => "AWS CodePipeline",
        RunKind::Codebuild => "CodeBuild",
        RunKind::Glue => "AWS Glue",
        RunKind::SagemakerPipeline
        | RunKind::TrainingJob
        | RunKind::ProcessingJob
        | RunKind::TransformJob
        | RunKind::TuningJob => "Amazon SageMaker",
    }
}
