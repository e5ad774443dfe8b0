//! Endpoints and their configs.

use super::super::call::{Call, Reply};
use super::listing::{NEWEST_FIRST, Row, reply};
use crate::simulator::moment::{MINUTE, Moment};
use crate::simulator::scenario::spec::{Endpoint, Variant};
use crate::simulator::wire::error::ApiError;
use crate::simulator::wire::value::{Value, map};

/// Where an endpoint is in its life.
struct Life {
    created: Moment,
    modified: Moment,
    status: &'static str,
}

fn life(call: &Call<'_>, endpoint: &Endpoint) -> Life {
    let start = call.account().start;
    let created = start.plus_minutes(endpoint.created);
    let begun = start.plus_minutes(endpoint.updated);
    let done = begun.plus_minutes(endpoint.deploying);
    let now = call.now();
    let being_made = endpoint.created >= endpoint.updated;
    if now < begun {
        return Life {
            created,
            modified: created.plus(6 * MINUTE).min(now.max(created)),
            status: "InService",
        };
    }
    Life {
        created,
        modified: done.min(now),
        status: match (now < done, being_made) {
            (true, true) => "Creating",
            (true, false) => "Updating",
            (false, _) => "InService",
        },
    }
}

fn visible<'c>(call: &Call<'c>) -> impl Iterator<Item = (usize, &'c Endpoint)> {
    let (start, now) = (call.account().start, call.now());
    call.view
        .spec()
        .endpoints
        .iter()
        .enumerate()
        .filter(move |(_, e)| start.plus_minutes(e.created) <= now)
}

pub fn list(call: &Call<'_>) -> Reply {
    let rows = visible(call)
        .map(|(_, endpoint)| {
            let life = life(call, endpoint);
            Row {
                name: &endpoint.name,
                created: life.created,
                modified: life.modified,
                status: life.status,
                item: endpoint,
            }
        })
        .collect();
    reply(
        call,
        "Endpoints",
        NEWEST_FIRST,
        rows,
        |endpoint: &Endpoint| {
            let life = life(call, endpoint);
            map! {
                "EndpointName" => endpoint.name.as_str(),
                "EndpointArn" => arn(call, &endpoint.name),
                "CreationTime" => life.created,
                "LastModifiedTime" => life.modified,
                "EndpointStatus" => life.status,
            }
        },
    )
}

pub fn describe(call: &Call<'_>) -> Reply {
    let name = call.required("EndpointName")?;
    let (index, endpoint) = visible(call).find(|(_, e)| e.name == name).ok_or_else(|| {
        ApiError::new(
            "ValidationException",
            format!("Could not find endpoint \"{}\".", arn(call, name)),
        )
    })?;
    let account = call.account();
    let life = life(call, endpoint);
    let capture = endpoint.data_capture.then(|| {
        map! {
            "EnableCapture" => true,
            "CaptureStatus" => "Started",
            "CurrentSamplingPercentage" => 20_i64,
            "DestinationS3Uri" => account.s3(&format!("monitor/{name}/capture")),
            "KmsKeyId" => "",
        }
    });
    let variants: Vec<Value> = (0..endpoint.variants.len())
        .filter(|v| {
            life.status == "Creating"
                || call.view.served(index, *v).since() <= call.now()
                || life.status == "Updating"
        })
        .map(|v| summary(call, index, v, &life))
        .collect();
    Ok(map! {
        "EndpointName" => name,
        "EndpointArn" => arn(call, name),
        "EndpointConfigName" => endpoint.config.as_str(),
        "ProductionVariants" => (life.status != "Creating").then_some(variants),
        "DataCaptureConfig" => capture,
        "EndpointStatus" => life.status,
        "CreationTime" => life.created,
        "LastModifiedTime" => life.modified,
        "LastDeploymentConfig" => (endpoint.created < endpoint.updated && endpoint.variants[0].instance.is_some()).then(|| map! {
            "BlueGreenUpdatePolicy" => map! {
                "TrafficRoutingConfiguration" => map! { "Type" => "ALL_AT_ONCE", "WaitIntervalInSeconds" => 300_i64 },
                "TerminationWaitInSeconds" => 120_i64,
                "MaximumExecutionTimeoutInSeconds" => 3600_i64,
            },
        }),
        "AsyncInferenceConfig" => async_config(call, endpoint),
    })
}

fn summary(call: &Call<'_>, endpoint: usize, variant: usize, life: &Life) -> Value {
    let served = call.view.served(endpoint, variant);
    let variant = served.variant;
    let there = served.since() <= call.now();
    let instances = variant
        .instance
        .as_ref()
        .map(|_| i64::from(variant.instances));
    let serverless = serverless(variant);
    let weight = if there { variant.weight } else { 0.0 };
    let status = (life.status == "Updating" && !there).then(|| {
        Value::list([map! { "Status" => "Creating", "StartTime" => call.account().start.plus_minutes(served.endpoint.updated) }])
    });
    map! {
        "VariantName" => variant.name.as_str(),
        "DeployedImages" => Value::list([map! {
            "SpecifiedImage" => call.account().image(&variant.image),
            "ResolvedImage" => resolved(call, &variant.image),
            "ResolutionTime" => served.since().plus(-2 * MINUTE).min(call.now()),
        }]),
        "CurrentWeight" => weight,
        "DesiredWeight" => variant.weight,
        "CurrentInstanceCount" => if there { instances } else { instances.map(|_| 0) },
        "DesiredInstanceCount" => instances,
        "VariantStatus" => status,
        "CurrentServerlessConfig" => serverless.clone(),
        "DesiredServerlessConfig" => serverless,
    }
}

/// The image by its digest, as the service resolves tags.
fn resolved(call: &Call<'_>, image: &str) -> String {
    let uri = call.account().image(image);
    let (repository, tag) = uri.rsplit_once(':').unwrap_or((uri.as_str(), "latest"));
    let short = repository.rsplit('/').next().unwrap_or(repository);
    format!("{repository}@{}", call.account().digest(short, tag))
}

fn serverless(variant: &Variant) -> Option<Value> {
    let concurrency = variant.max_concurrency?;
    Some(map! {
        "MemorySizeInMB" => variant.memory_mb.unwrap_or(2048),
        "MaxConcurrency" => concurrency,
    })
}

fn async_config(call: &Call<'_>, endpoint: &Endpoint) -> Option<Value> {
    let output = endpoint.async_output.as_ref()?;
    let account = call.account();
    Some(map! {
        "ClientConfig" => map! { "MaxConcurrentInvocationsPerInstance" => 4_i64 },
        "OutputConfig" => map! {
            "S3OutputPath" => account.s3(&format!("{output}/out")),
            "S3FailurePath" => account.s3(&format!("{output}/failed")),
        },
    })
}

pub fn describe_config(call: &Call<'_>) -> Reply {
    let name = call.required("EndpointConfigName")?;
    let account = call.account();
    let endpoint = visible(call)
        .map(|(_, e)| e)
        .find(|e| e.config == name)
        .ok_or_else(|| {
            let arn = account.arn("sagemaker", &format!("endpoint-config/{name}"));
            ApiError::new(
                "ValidationException",
                format!("Could not find endpoint configuration \"{arn}\"."),
            )
        })?;
    let capture = endpoint.data_capture.then(|| {
        map! {
            "EnableCapture" => true,
            "InitialSamplingPercentage" => 20_i64,
            "DestinationS3Uri" => account.s3(&format!("monitor/{}/capture", endpoint.name)),
            "CaptureOptions" => Value::list(["Input", "Output"].map(|mode| map! { "CaptureMode" => mode })),
        }
    });
    Ok(map! {
        "EndpointConfigName" => name,
        "EndpointConfigArn" => account.arn("sagemaker", &format!("endpoint-config/{name}")),
        "ProductionVariants" => Value::list(endpoint.variants.iter().map(|variant| map! {
            "VariantName" => variant.name.as_str(),
            "ModelName" => variant.model.as_str(),
            "InitialInstanceCount" => variant.instance.as_ref().map(|_| variant.instances),
            "InstanceType" => variant.instance.as_deref(),
            "InitialVariantWeight" => variant.weight,
            "ServerlessConfig" => serverless(variant),
        })),
        "DataCaptureConfig" => capture,
        "CreationTime" => account.start.plus_minutes(endpoint.updated).plus(-MINUTE),
        "AsyncInferenceConfig" => async_config(call, endpoint),
        "EnableNetworkIsolation" => false,
    })
}

pub fn arn(call: &Call<'_>, name: &str) -> String {
    call.account().arn("sagemaker", &format!("endpoint/{name}"))
}
