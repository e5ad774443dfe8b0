//! Models: what the variants of endpoints serve.

use super::super::call::{Call, Reply};
use super::listing::{NEWEST_FIRST, Row, reply};
use super::packages;
use crate::simulator::moment::{MINUTE, Moment};
use crate::simulator::scenario::spec::{Endpoint, Variant};
use crate::simulator::wire::error::ApiError;
use crate::simulator::wire::value::{Value, map};

fn all<'c>(call: &Call<'c>) -> Vec<(&'c Endpoint, &'c Variant, Moment)> {
    let start = call.account().start;
    let mut models: Vec<(&Endpoint, &Variant, Moment)> = call
        .view
        .spec()
        .endpoints
        .iter()
        .flat_map(|e| e.variants.iter().map(move |v| (e, v)))
        .map(|(e, v)| {
            let deployed = v.since.unwrap_or(e.updated.min(e.created.max(e.updated)));
            (e, v, start.plus_minutes(deployed).plus(-12 * MINUTE))
        })
        .filter(|(_, _, created)| *created <= call.now())
        .collect();
    models.sort_by_key(|(_, v, created)| (*created, v.model.clone()));
    models.dedup_by(|a, b| a.1.model == b.1.model);
    models
}

pub fn list(call: &Call<'_>) -> Reply {
    let models = all(call);
    let rows = models
        .iter()
        .map(|model| Row {
            name: &model.1.model,
            created: model.2,
            modified: model.2,
            status: "",
            item: model,
        })
        .collect();
    reply(
        call,
        "Models",
        NEWEST_FIRST,
        rows,
        |(_, variant, created)| {
            map! {
                "ModelName" => variant.model.as_str(),
                "ModelArn" => arn(call, &variant.model),
                "CreationTime" => *created,
            }
        },
    )
}

pub fn describe(call: &Call<'_>) -> Reply {
    let name = call.required("ModelName")?;
    let models = all(call);
    let (endpoint, variant, created) =
        models
            .iter()
            .find(|(_, v, _)| v.model == name)
            .ok_or_else(|| {
                ApiError::new(
                    "ValidationException",
                    format!("Could not find model \"{}\".", arn(call, name)),
                )
            })?;
    let account = call.account();
    let role = account.role(&format!("sagemaker-{}-execution", endpoint.team));
    let container = match variant.group.as_ref().zip(variant.version) {
        Some((group, version)) => {
            map! { "ModelPackageName" => packages::arn(call, group, version) }
        }
        None => map! {
            "Image" => account.image(&variant.image),
            "Mode" => "SingleModel",
            "ModelDataUrl" => account.s3(&format!("models/{name}/model.tar.gz")),
            "Environment" => Value::texts([("SAGEMAKER_CONTAINER_LOG_LEVEL", "20")]),
        },
    };
    // A model of a package comes as a list of containers, any other as its one container.
    let packaged = variant.group.is_some();
    Ok(map! {
        "ModelName" => name,
        "PrimaryContainer" => (!packaged).then(|| container.clone()),
        "Containers" => packaged.then(|| Value::list([container])),
        "ExecutionRoleArn" => role,
        "CreationTime" => *created,
        "ModelArn" => arn(call, name),
        "EnableNetworkIsolation" => false,
    })
}

fn arn(call: &Call<'_>, name: &str) -> String {
    call.account().arn("sagemaker", &format!("model/{name}"))
}
