//! Amazon SageMaker.

mod definition;
mod endpoints;
mod executions;
mod lineage;
mod listing;
mod models;
mod packages;
mod pipelines;
mod processing;
mod tags;
mod training;
mod transform;
mod tuning;

use super::call::{Call, Reply};
use crate::simulator::wire::error::ApiError;

pub fn answer(call: &Call<'_>) -> Option<Reply> {
    Some(match call.operation {
        "ListPipelines" => pipelines::list(call),
        "DescribePipeline" => pipelines::describe(call),
        "ListPipelineExecutions" => executions::list(call),
        "DescribePipelineExecution" => executions::describe(call),
        "ListPipelineExecutionSteps" => executions::steps(call),
        "DescribePipelineDefinitionForExecution" => definition::describe(call),
        "ListPipelineParametersForExecution" => executions::parameters(call),
        "ListTrainingJobs" => training::list(call),
        "DescribeTrainingJob" => training::describe(call),
        "ListProcessingJobs" => processing::list(call),
        "DescribeProcessingJob" => processing::describe(call),
        "ListTransformJobs" => transform::list(call),
        "DescribeTransformJob" => transform::describe(call),
        "ListHyperParameterTuningJobs" => tuning::list(call),
        "DescribeHyperParameterTuningJob" => tuning::describe(call),
        "ListTrainingJobsForHyperParameterTuningJob" => tuning::training_jobs(call),
        "ListEndpoints" => endpoints::list(call),
        "DescribeEndpoint" => endpoints::describe(call),
        "DescribeEndpointConfig" => endpoints::describe_config(call),
        "ListModels" => models::list(call),
        "DescribeModel" => models::describe(call),
        "ListModelPackageGroups" => packages::groups(call),
        "ListModelPackages" => packages::list(call),
        "DescribeModelPackage" => packages::describe(call),
        "BatchDescribeModelPackage" => packages::batch_describe(call),
        "ListTags" => tags::list(call),
        "ListArtifacts" => lineage::artifacts(call),
        "ListAssociations" => lineage::associations(call),
        _ => return None,
    })
}

/// The word of most describe calls for what is not there.
fn not_found() -> ApiError {
    ApiError::new("ValidationException", "Requested resource not found.")
}

/// The newer calls have an error of their own for it.
fn resource_not_found(message: String) -> ApiError {
    ApiError::new("ResourceNotFound", message)
}
