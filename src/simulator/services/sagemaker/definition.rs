//! The definition of a pipeline, as JSON of the 2020-12-01 schema.

use serde_json::{Map, Value as Json, json};

use super::super::call::{Call, Reply};
use super::executions;
use crate::simulator::scenario::spec::{Job, Pipeline, Step, StepKind};
use crate::simulator::wire::value::map;
use crate::simulator::world::pipelines::pipeline_age;

pub fn describe(call: &Call<'_>) -> Reply {
    let run = executions::find(call)?;
    let pipeline = run.plan(call.view.spec());
    let (created, _) = pipeline_age(call.account().dice, &pipeline.name, call.view.world.horizon);
    Ok(map! {
        "PipelineDefinition" => write(call, pipeline),
        "CreationTime" => created,
    })
}

/// The definition as text.
pub fn write(call: &Call<'_>, pipeline: &Pipeline) -> String {
    let top = pipeline.steps.iter().filter(|s| s.branch.is_none());
    let steps: Vec<Json> = top.map(|s| step(call, pipeline, s)).collect();
    let parameters: Vec<Json> = pipeline
        .parameters
        .iter()
        .map(|(name, value)| json!({ "Name": name, "Type": "String", "DefaultValue": value }))
        .collect();
    json!({
        "Version": "2020-12-01",
        "Metadata": {},
        "Parameters": parameters,
        "PipelineExperimentConfig": {
            "ExperimentName": { "Get": "Execution.PipelineName" },
            "TrialName": { "Get": "Execution.PipelineExecutionId" },
        },
        "Steps": steps,
    })
    .to_string()
}

fn step(call: &Call<'_>, pipeline: &Pipeline, step: &Step) -> Json {
    let mut out = Map::new();
    out.insert("Name".into(), json!(step.name));
    out.insert("Type".into(), json!(step.kind.name()));
    if let Some(name) = &step.display_name {
        out.insert("DisplayName".into(), json!(name));
    }
    out.insert("Arguments".into(), arguments(call, pipeline, step));
    let waits_for: Vec<&String> = step.after.iter().collect();
    if !waits_for.is_empty() {
        out.insert("DependsOn".into(), json!(waits_for));
    }
    if step.cache > 0.0 {
        out.insert(
            "CacheConfig".into(),
            json!({ "Enabled": true, "ExpireAfter": "P7D" }),
        );
    }
    if step.name == "Evaluate" {
        let files = json!([{ "PropertyFileName": "EvaluationReport", "OutputName": "evaluation", "FilePath": "evaluation.json" }]);
        out.insert("PropertyFiles".into(), files);
    }
    Json::Object(out)
}

fn arguments(call: &Call<'_>, pipeline: &Pipeline, own: &Step) -> Json {
    let account = call.account();
    match own.kind {
        StepKind::Condition => {
            let branch = |when: bool| -> Vec<Json> {
                let of_branch = |s: &&Step| s.branch.as_ref() == Some(&own.name) && s.when == when;
                pipeline
                    .steps
                    .iter()
                    .filter(of_branch)
                    .map(|s| step(call, pipeline, s))
                    .collect()
            };
            json!({
                "Conditions": [condition(own)],
                "IfSteps": branch(true),
                "ElseSteps": branch(false),
            })
        }
        StepKind::Fail => json!({ "ErrorMessage": own.message }),
        StepKind::Lambda => {
            json!({ "FunctionArn": account.arn("lambda", &format!("function:{}", own.function.as_deref().unwrap_or_default())) })
        }
        StepKind::Model => {
            json!({ "PrimaryContainer": { "ModelDataUrl": trained(pipeline, own) } })
        }
        StepKind::RegisterModel => json!({
            "ModelPackageGroupName": own.group,
            "ModelApprovalStatus": "PendingManualApproval",
            "InferenceSpecification": { "Containers": [{ "ModelDataUrl": trained(pipeline, own) }] },
        }),
        StepKind::ForEach => {
            let inner = own.inner.as_deref().unwrap_or("Inner");
            let body = own.job.as_ref().map(|job| {
                json!({ "Name": inner, "Type": "Processing", "Arguments": job_arguments(call, job, StepKind::Processing) })
            });
            json!({ "Items": own.items, "Steps": body.into_iter().collect::<Vec<_>>() })
        }
        kind => own
            .job
            .as_ref()
            .map_or(json!({}), |job| job_arguments(call, job, kind)),
    }
}

/// `classification_metrics.auc.value >= MinAuc` as a condition of the schema.
fn condition(step: &Step) -> Json {
    let text = step.condition.as_deref().unwrap_or_default();
    let (path, right) = text.split_once(" >= ").unwrap_or((text, "0"));
    let right = right.parse::<f64>().map_or_else(
        |_| json!({ "Get": format!("Parameters.{right}") }),
        |number| json!(number),
    );
    let source = step.after.first().map_or("Evaluate", String::as_str);
    json!({
        "Type": "GreaterThanOrEqualTo",
        "LeftValue": { "Std:JsonGet": {
            "PropertyFile": { "Get": format!("Steps.{source}.PropertyFiles.EvaluationReport") },
            "Path": path,
        } },
        "RightValue": right,
    })
}

fn trained(pipeline: &Pipeline, step: &Step) -> Json {
    let place = pipeline
        .steps
        .iter()
        .position(|s| s.name == step.name)
        .unwrap_or(0);
    let training = pipeline.steps[..place]
        .iter()
        .rfind(|s| s.kind == StepKind::Training);
    let name = training.map_or("Train", |s| s.name.as_str());
    json!({ "Get": format!("Steps.{name}.ModelArtifacts.S3ModelArtifacts") })
}

fn job_arguments(call: &Call<'_>, job: &Job, kind: StepKind) -> Json {
    let account = call.account();
    let image = account.image(&job.image);
    let inputs: Vec<Json> = job
        .inputs
        .iter()
        .map(|(name, key)| match kind {
            StepKind::Training | StepKind::Tuning => {
                json!({ "ChannelName": name, "DataSource": { "S3DataSource": { "S3DataType": "S3Prefix", "S3Uri": account.s3(key) } } })
            }
            _ => json!({ "InputName": name, "S3Input": { "S3Uri": account.s3(key), "LocalPath": format!("/opt/ml/processing/{name}") } }),
        })
        .collect();
    let output = account.s3(job.output.as_deref().unwrap_or("output"));
    match kind {
        StepKind::Training | StepKind::Tuning => {
            let training = json!({
                "AlgorithmSpecification": { "TrainingImage": image, "TrainingInputMode": "File" },
                "HyperParameters": job.hyperparameters,
                "InputDataConfig": inputs,
                "OutputDataConfig": { "S3OutputPath": output },
                "ResourceConfig": { "InstanceType": job.instance, "InstanceCount": job.count, "VolumeSizeInGB": job.volume_gb },
                "StoppingCondition": { "MaxRuntimeInSeconds": (job.max_runtime * 60.0) as i64 },
            });
            match &job.tuning {
                Some(tuning) => json!({
                    "HyperParameterTuningJobConfig": {
                        "Strategy": "Bayesian",
                        "ResourceLimits": { "MaxNumberOfTrainingJobs": tuning.jobs, "MaxParallelTrainingJobs": tuning.parallel },
                    },
                    "TrainingJobDefinition": training,
                }),
                None => training,
            }
        }
        StepKind::Transform => json!({
            "TransformInput": { "DataSource": { "S3DataSource": { "S3DataType": "S3Prefix", "S3Uri": inputs.first().map(|i| i["S3Input"]["S3Uri"].clone()) } } },
            "TransformOutput": { "S3OutputPath": output },
            "TransformResources": { "InstanceType": job.instance, "InstanceCount": job.count },
        }),
        _ => json!({
            "AppSpecification": { "ImageUri": image, "ContainerEntrypoint": job.command },
            "ProcessingInputs": inputs,
            "ProcessingOutputConfig": { "Outputs": [{ "OutputName": "output", "S3Output": { "S3Uri": output, "LocalPath": "/opt/ml/processing/output", "S3UploadMode": "EndOfJob" } }] },
            "ProcessingResources": { "ClusterConfig": { "InstanceType": job.instance, "InstanceCount": job.count, "VolumeSizeInGB": job.volume_gb } },
        }),
    }
}
