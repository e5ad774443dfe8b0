//! Which log group and streams a producer writes to.

use crate::domain::arn::{Arn, name_of};
use crate::domain::log::LogTarget;

/// The slash keeps `job-10` out of the streams of `job-1`.
fn of_job(group: &str, job: &str) -> LogTarget {
    LogTarget::prefixed(group, format!("{job}/"))
}

pub fn training(job: &str) -> LogTarget {
    of_job("/aws/sagemaker/TrainingJobs", job)
}

pub fn processing(job: &str) -> LogTarget {
    of_job("/aws/sagemaker/ProcessingJobs", job)
}

pub fn transform(job: &str) -> LogTarget {
    of_job("/aws/sagemaker/TransformJobs", job)
}

/// The training jobs of a tuning job carry its name and a number.
pub fn tuning(job: &str) -> LogTarget {
    LogTarget::prefixed("/aws/sagemaker/TrainingJobs", format!("{job}-"))
}

/// The default group; a function may name another one in its logging configuration.
pub fn lambda(function_arn: &str) -> Option<LogTarget> {
    let arn = Arn::parse(function_arn).filter(|arn| arn.service == "lambda")?;
    let name = arn.resource.strip_prefix("function:")?;
    let name = name.split(':').next().unwrap_or(name);
    Some(LogTarget::group(format!("/aws/lambda/{name}")))
}

/// What an ARN's resource logs, where its kind is known.
pub fn of_arn(arn: &str) -> Option<LogTarget> {
    let parsed = Arn::parse(arn)?;
    let name = name_of(arn);
    match (parsed.service, parsed.resource.split(['/', ':']).next()?) {
        ("sagemaker", "training-job") => Some(training(name)),
        ("sagemaker", "processing-job") => Some(processing(name)),
        ("sagemaker", "transform-job") => Some(transform(name)),
        ("sagemaker", "hyper-parameter-tuning-job") => Some(tuning(name)),
        ("sagemaker", "endpoint") => Some(LogTarget::of_endpoint(name)),
        ("sagemaker", "job") => {
            let category = parsed.resource.split('/').nth(1)?;
            Some(of_job(&format!("/aws/sagemaker/Job/{category}"), name))
        }
        ("lambda", "function") => lambda(arn),
        // `build/project:uuid`: the stream is the uuid.
        ("codebuild", "build") => {
            let (project, stream) = parsed.resource.strip_prefix("build/")?.split_once(':')?;
            Some(LogTarget::streams(
                format!("/aws/codebuild/{project}"),
                vec![stream.to_owned()],
            ))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_producer_follows_from_the_arn() {
        let label = |arn: &str| of_arn(arn).map(|target| target.label());
        let sagemaker = "arn:aws:sagemaker:eu-west-1:123456789012:";
        assert_eq!(
            label(&format!("{sagemaker}training-job/job-1")).as_deref(),
            Some("/aws/sagemaker/TrainingJobs:job-1")
        );
        assert_eq!(
            label(&format!("{sagemaker}endpoint/churn")).as_deref(),
            Some("/aws/sagemaker/Endpoints/churn")
        );
        assert_eq!(
            label("arn:aws:lambda:eu-west-1:123456789012:function:notify:3").as_deref(),
            Some("/aws/lambda/notify")
        );
        assert_eq!(
            label("arn:aws:codebuild:eu-west-1:123456789012:build/images:1b2c").as_deref(),
            Some("/aws/codebuild/images:1b2c")
        );
        assert_eq!(label(&format!("{sagemaker}model/churn")), None);
        assert_eq!(label("no arn"), None);
    }
}
