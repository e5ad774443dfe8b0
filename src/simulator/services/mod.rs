//! The services of the account: one file each, from a call to an answer.

mod budgets;
pub mod call;
mod cloudwatch;
mod codebuild;
mod codepipeline;
mod cost_explorer;
mod ecr;
mod glue;
pub mod history;
mod logs;
mod sagemaker;
mod state_machines;
mod sts;

use call::{Call, Reply};

use super::wire::error::ApiError;
use super::wire::service::Service;

/// The answer to a call.
pub fn answer(call: &Call<'_>) -> Reply {
    let reply = match call.service {
        Service::Sagemaker => sagemaker::answer(call),
        Service::StepFunctions => state_machines::answer(call),
        Service::CodePipeline => codepipeline::answer(call),
        Service::CodeBuild => codebuild::answer(call),
        Service::Glue => glue::answer(call),
        Service::CloudWatch => cloudwatch::answer(call),
        Service::Logs => logs::answer(call),
        Service::CostExplorer => cost_explorer::answer(call),
        Service::Budgets => budgets::answer(call),
        Service::Ecr => ecr::answer(call),
        Service::Sts => sts::answer(call),
    };
    reply.unwrap_or_else(|| Err(unknown(call)))
}

fn unknown(call: &Call<'_>) -> ApiError {
    let operation = call.operation;
    match call.service {
        Service::Sts => ApiError::new(
            "InvalidAction",
            format!("Could not find operation {operation} for version 2011-06-15"),
        ),
        _ => ApiError::new(
            "UnknownOperationException",
            format!("The simulated account has no operation '{operation}'."),
        ),
    }
}
