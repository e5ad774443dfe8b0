//! Tags: every resource carries its team and environment.

use super::super::call::{Call, Reply};
use crate::simulator::wire::value::{Value, map};

pub fn list(call: &Call<'_>) -> Reply {
    let arn = call.required("ResourceArn")?;
    let limit = call.limit("MaxResults", 50, 100)?;
    let name = arn.rsplit('/').next().unwrap_or(arn);
    let spec = call.view.spec();
    let of_job = call.view.world.job(name);
    let team = of_job
        .map(|j| j.team.as_str())
        .or_else(|| {
            spec.endpoints
                .iter()
                .find(|e| e.name == name)
                .map(|e| e.team.as_str())
        })
        .or_else(|| {
            spec.pipelines
                .iter()
                .find(|p| arn.contains(&format!("pipeline/{}", p.name)))
                .map(|p| p.team.as_str())
        })
        .or_else(|| {
            spec.model_groups
                .iter()
                .find(|g| arn.contains(&format!("/{}", g.name)))
                .map(|g| g.team.as_str())
        })
        .unwrap_or("ml-platform");
    let mut tags = vec![
        ("team".to_owned(), team.to_owned()),
        ("environment".to_owned(), "prod".to_owned()),
        (
            "cost-center".to_owned(),
            if team == "recommender" {
                "4711"
            } else {
                "4642"
            }
            .to_owned(),
        ),
    ];
    if let Some((pipeline, id)) = of_job.and_then(|j| j.execution.as_ref()) {
        let account = call.account();
        tags.push((
            "sagemaker:pipeline-execution-arn".to_owned(),
            account.arn("sagemaker", &format!("pipeline/{pipeline}/execution/{id}")),
        ));
    }
    let (page, token) = call.page(tags, limit);
    Ok(map! {
        "Tags" => Value::list(page.into_iter().map(|(key, value)| map! { "Key" => key, "Value" => value })),
        "NextToken" => token,
    })
}
