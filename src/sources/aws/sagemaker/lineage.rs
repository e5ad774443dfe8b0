//! What models, packages, executions, jobs and artifacts say of where they come from.

use std::collections::HashMap;

use aws_sdk_sagemaker::operation::describe_processing_job::DescribeProcessingJobOutput;
use aws_sdk_sagemaker::operation::describe_training_job::DescribeTrainingJobOutput;
use aws_sdk_sagemaker::types::{ContainerDefinition, ModelPackageContainerDefinition, Tag};

use super::{Sagemaker, api, exact, pipelines};
use crate::domain::lineage::{Clue, Place, Record, Setting, Thing};
use crate::domain::source_error::{ErrorKind, SourceError};
use crate::sources::aws::lineage::Told;
use crate::sources::aws::text::{masked, reason};
use crate::sources::aws::time::optional;

/// Artifacts with one address that are looked at.
const ARTIFACTS: i32 = 10;

type Found = Result<Told, SourceError>;

impl Sagemaker {
    pub async fn model_record(&self, name: &str) -> Found {
        let send = self.client.describe_model().model_name(name).send();
        let answer = self.session.call(api("DescribeModel"), send).await?;
        let containers = answer
            .primary_container()
            .into_iter()
            .chain(answer.containers());
        let arn = answer.model_arn().unwrap_or_default();
        let mut record = Record {
            at: optional(answer.creation_time()),
            arn: arn.to_owned(),
            clues: containers.flat_map(container).collect(),
            whole: true,
            ..Record::bare(Thing::Model {
                name: name.to_owned(),
            })
        };
        let missing = self.tags_into(arn, &mut record).await;
        Ok(told(record, true, missing))
    }

    pub async fn package_record(&self, arn: &str) -> Found {
        let send = self
            .client
            .describe_model_package()
            .model_package_name(arn)
            .send();
        let answer = self.session.call(api("DescribeModelPackage"), send).await?;
        let mut clues = Vec::new();
        if let Some(properties) = answer.metadata_properties() {
            for (name, value) in [
                ("CommitId", properties.commit_id()),
                ("Repository", properties.repository()),
                ("GeneratedBy", properties.generated_by()),
            ] {
                clues.extend(
                    reason(value).map(|value| setting(Place::MetadataProperties, name, &value)),
                );
            }
        }
        settings(
            &mut clues,
            Place::Metadata,
            answer.customer_metadata_properties(),
        );
        let specification = answer.inference_specification();
        let containers = specification.map(|s| s.containers()).unwrap_or_default();
        clues.extend(containers.iter().flat_map(package_container));
        let approval = answer.model_approval_status().map(|s| s.as_str());
        let status = answer.model_package_status().map(|s| s.as_str());
        let mut record = Record {
            note: approval.or(status).unwrap_or_default().to_owned(),
            at: optional(answer.creation_time()),
            arn: arn.to_owned(),
            clues,
            whole: true,
            ..Record::bare(Thing::ModelVersion {
                arn: arn.to_owned(),
            })
        };
        // Versions carry no tags; their group does, for all of them.
        let missing = match answer.model_package_version() {
            Some(_) => Vec::new(),
            None => self.tags_into(arn, &mut record).await,
        };
        // Its approval may change.
        Ok(told(record, false, missing))
    }

    pub async fn execution_record(&self, arn: &str) -> Found {
        let send = self
            .client
            .describe_pipeline_execution()
            .pipeline_execution_arn(arn)
            .send();
        let (execution, rows, frozen) = tokio::join!(
            self.session.call(api("DescribePipelineExecution"), send),
            self.step_rows(arn),
            self.frozen(arn),
        );
        let execution = execution?;
        let mut missing = frozen.missing;
        let steps = pipelines::kept(rows, &mut missing).unwrap_or_default();
        let mut clues = Vec::new();
        for (name, value) in &frozen.value.parameters {
            clues.push(setting(Place::Parameter, name, &masked(name, value)));
        }
        for step in &steps {
            let thing = step.resource_arn.as_deref().and_then(Thing::of_arn);
            let why = format!("step {}", step.name);
            match thing {
                Some(origin @ (Thing::TrainingJob { .. } | Thing::ProcessingJob { .. })) => {
                    clues.push(Clue::From { origin, why })
                }
                Some(product @ (Thing::ModelVersion { .. } | Thing::Model { .. })) => {
                    clues.push(Clue::Into { product, why });
                }
                _ => {}
            }
        }
        let status = execution
            .pipeline_execution_status()
            .map_or("", |s| s.as_str());
        let mut record = Record {
            name: execution
                .pipeline_execution_display_name()
                .and_then(|display| pipelines::run_name(arn, display)),
            note: status.to_lowercase(),
            at: optional(execution.creation_time()),
            arn: arn.to_owned(),
            clues,
            whole: true,
            ..Record::bare(Thing::Execution {
                arn: arn.to_owned(),
            })
        };
        missing.extend(self.tags_into(arn, &mut record).await);
        let over = matches!(status, "Succeeded" | "Failed" | "Stopped");
        Ok(told(record, over, missing))
    }

    pub async fn training_record(&self, name: &str) -> Found {
        let send = self
            .client
            .describe_training_job()
            .training_job_name(name)
            .send();
        let job = self.session.call(api("DescribeTrainingJob"), send).await?;
        let status = job.training_job_status().map_or("", |s| s.as_str());
        let arn = job.training_job_arn().unwrap_or_default();
        let mut record = Record {
            note: status.to_lowercase(),
            at: optional(job.creation_time()),
            arn: arn.to_owned(),
            clues: training(&job),
            whole: true,
            ..Record::bare(Thing::TrainingJob {
                name: name.to_owned(),
            })
        };
        let missing = self.tags_into(arn, &mut record).await;
        Ok(told(record, is_over(status), missing))
    }

    pub async fn processing_record(&self, name: &str) -> Found {
        let send = self
            .client
            .describe_processing_job()
            .processing_job_name(name)
            .send();
        let job = self
            .session
            .call(api("DescribeProcessingJob"), send)
            .await?;
        let status = job.processing_job_status().map_or("", |s| s.as_str());
        let arn = job.processing_job_arn().unwrap_or_default();
        let mut record = Record {
            note: status.to_lowercase(),
            at: optional(job.creation_time()),
            arn: arn.to_owned(),
            clues: processing(&job),
            whole: true,
            ..Record::bare(Thing::ProcessingJob {
                name: name.to_owned(),
            })
        };
        let missing = self.tags_into(arn, &mut record).await;
        Ok(told(record, is_over(status), missing))
    }

    /// What SageMaker's own lineage tracking knows of an address: the ETag it had, and for a model the job behind it.
    pub async fn object_records(&self, uri: &str) -> Found {
        let mut record = Record {
            whole: true,
            ..Record::bare(Thing::Object {
                uri: uri.to_owned(),
            })
        };
        let send = self
            .client
            .list_artifacts()
            .source_uri(uri)
            .max_results(ARTIFACTS)
            .send();
        let answer = self.session.call(api("ListArtifacts"), send).await?;
        let mut missing = Vec::new();
        for artifact in answer.artifact_summaries() {
            let types = artifact.source().map(|s| s.source_types());
            for kind in types.unwrap_or_default() {
                let name = kind.source_id_type().map_or("", |t| t.as_str());
                if let Some(hash) = kind
                    .value()
                    .filter(|_| matches!(name, "S3ETag" | "MD5Hash"))
                {
                    let hash = hash.to_owned();
                    record.clues.push(Clue::ContentHash { hash });
                }
            }
            // Inputs are many jobs' inputs: only who wrote a model is of interest.
            let Some(arn) = artifact
                .artifact_arn()
                .filter(|_| uri.ends_with("model.tar.gz"))
            else {
                continue;
            };
            match self.makers(arn).await {
                Ok(jobs) => record.clues.extend(jobs),
                Err(error) => missing.push(error),
            }
        }
        Ok(told(record, false, missing))
    }

    /// Jobs that SageMaker associates with an artifact as its makers.
    async fn makers(&self, artifact: &str) -> Result<Vec<Clue>, SourceError> {
        let send = self
            .client
            .list_associations()
            .destination_arn(artifact)
            .max_results(ARTIFACTS)
            .send();
        let answer = self.session.call(api("ListAssociations"), send).await?;
        let jobs = answer.association_summaries().iter().filter_map(|it| {
            let job = trial_job(it.source_arn()?)?;
            Some(Clue::From {
                origin: Thing::TrainingJob { name: job },
                why: "SageMaker's lineage associates them".to_owned(),
            })
        });
        Ok(jobs.collect())
    }

    /// Reads the tags of a thing into its record; answers what failed.
    async fn tags_into(&self, arn: &str, record: &mut Record) -> Vec<SourceError> {
        if arn.is_empty() {
            return Vec::new();
        }
        let send = self
            .client
            .list_tags()
            .resource_arn(arn)
            .max_results(100)
            .send();
        match self.session.call(api("ListTags"), send).await {
            Ok(answer) => {
                record.clues.extend(answer.tags().iter().filter_map(tag));
                Vec::new()
            }
            // Some kinds of things have no tags at all.
            Err(error) if error.kind == ErrorKind::Missing => Vec::new(),
            Err(error) => vec![error],
        }
    }
}

fn told(record: Record, fixed: bool, missing: Vec<SourceError>) -> Told {
    Told {
        records: vec![record],
        fixed,
        missing,
    }
}

fn is_over(status: &str) -> bool {
    matches!(status, "Completed" | "Failed" | "Stopped")
}

fn setting(place: Place, name: &str, value: &str) -> Clue {
    Clue::Setting(Setting {
        place,
        name: name.to_owned(),
        value: value.to_owned(),
    })
}

fn settings(clues: &mut Vec<Clue>, place: Place, values: Option<&HashMap<String, String>>) {
    let mut values: Vec<_> = values.into_iter().flatten().collect();
    values.sort();
    for (name, value) in values {
        // The SDK for Python writes strings as JSON strings.
        let plain = serde_json::from_str::<String>(value).unwrap_or_else(|_| value.clone());
        clues.push(setting(place, name, &masked(name, &plain)));
    }
}

fn tag(tag: &Tag) -> Option<Clue> {
    let (key, value) = (tag.key()?, tag.value()?);
    if key == "sagemaker:pipeline-execution-arn" {
        let product = Thing::of_arn(value)?;
        let why = format!("tag {key}");
        return Some(Clue::Into { product, why });
    }
    Some(setting(Place::Tag, key, &masked(key, value)))
}

fn container(container: &ContainerDefinition) -> Vec<Clue> {
    let mut clues = Vec::new();
    if let Some(arn) = container.model_package_name() {
        clues.push(Clue::From {
            origin: Thing::ModelVersion {
                arn: arn.to_owned(),
            },
            why: "ModelPackageName of the model".to_owned(),
        });
    }
    clues.extend(container.image().map(|uri| image(uri, None)));
    let source = container
        .model_data_source()
        .and_then(|s| s.s3_data_source())
        .and_then(|s| s.s3_uri());
    clues.extend(reason(container.model_data_url().or(source)).map(model_data));
    settings(&mut clues, Place::Environment, container.environment());
    clues
}

fn package_container(container: &ModelPackageContainerDefinition) -> Vec<Clue> {
    let mut clues = Vec::new();
    clues.extend(
        container
            .image()
            .map(|uri| image(uri, container.image_digest())),
    );
    let source = container
        .model_data_source()
        .and_then(|s| s.s3_data_source())
        .and_then(|s| s.s3_uri());
    clues.extend(reason(container.model_data_url().or(source)).map(model_data));
    settings(&mut clues, Place::Environment, container.environment());
    clues
}

fn image(uri: &str, digest: Option<&str>) -> Clue {
    Clue::Image {
        uri: uri.to_owned(),
        digest: digest.map(str::to_owned),
    }
}

fn model_data(uri: String) -> Clue {
    Clue::ModelData { uri }
}

fn training(job: &DescribeTrainingJobOutput) -> Vec<Clue> {
    let mut clues = Vec::new();
    let algorithm = job.algorithm_specification();
    clues.extend(
        algorithm
            .and_then(|a| a.training_image())
            .map(|uri| image(uri, None)),
    );
    for channel in job.input_data_config() {
        let source = channel.data_source().and_then(|s| s.s3_data_source());
        if let Some(uri) = source.and_then(|s| s.s3_uri()) {
            clues.push(Clue::Reads {
                channel: channel.channel_name().unwrap_or_default().to_owned(),
                uri: uri.to_owned(),
            });
        }
    }
    let artifacts = job.model_artifacts().and_then(|m| m.s3_model_artifacts());
    clues.extend(artifacts.map(|uri| Clue::Writes {
        uri: uri.to_owned(),
    }));
    for metric in job.final_metric_data_list() {
        if let (Some(name), Some(value)) = (metric.metric_name(), metric.value()) {
            clues.push(Clue::Metric {
                name: name.to_owned(),
                value: exact(value),
            });
        }
    }
    settings(&mut clues, Place::Hyperparameter, job.hyper_parameters());
    settings(&mut clues, Place::Environment, job.environment());
    clues
}

fn processing(job: &DescribeProcessingJobOutput) -> Vec<Clue> {
    let mut clues = Vec::new();
    let app = job.app_specification();
    clues.extend(app.and_then(|a| a.image_uri()).map(|uri| image(uri, None)));
    for input in job.processing_inputs() {
        if let Some(uri) = input.s3_input().and_then(|s| s.s3_uri()) {
            clues.push(Clue::Reads {
                channel: input.input_name().unwrap_or_default().to_owned(),
                uri: uri.to_owned(),
            });
        }
    }
    let outputs = job.processing_output_config().map(|c| c.outputs());
    for output in outputs.unwrap_or_default() {
        if let Some(uri) = output.s3_output().and_then(|s| s.s3_uri()) {
            clues.push(Clue::Writes {
                uri: uri.to_owned(),
            });
        }
    }
    settings(&mut clues, Place::Environment, job.environment());
    clues
}

/// The job of `…:experiment-trial-component/NAME-aws-training-job`.
fn trial_job(arn: &str) -> Option<String> {
    let name = arn.split_once("experiment-trial-component/")?.1;
    Some(name.strip_suffix("-aws-training-job")?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trial_component_names_its_job() {
        let arn = "arn:aws:sagemaker:eu-west-1:1:experiment-trial-component/t-1-aws-training-job";
        assert_eq!(trial_job(arn).as_deref(), Some("t-1"));
        assert_eq!(trial_job("arn:aws:sagemaker:eu-west-1:1:artifact/x"), None);
    }

    #[test]
    fn the_execution_that_started_a_job_is_what_it_led_to() {
        let arn = "arn:aws:sagemaker:eu-west-1:1:pipeline/p/execution/e";
        let made = Tag::builder()
            .key("sagemaker:pipeline-execution-arn")
            .value(arn)
            .build();
        assert!(matches!(tag(&made), Some(Clue::Into { .. })));
        let secret = Tag::builder().key("api_token").value("x").build();
        assert_eq!(tag(&secret), Some(setting(Place::Tag, "api_token", "***")));
    }
}
