//! The model registry: groups, versions, and details of the newest ones.

use std::collections::HashMap;

use aws_sdk_sagemaker::operation::describe_model_package::DescribeModelPackageOutput;
use aws_sdk_sagemaker::types::{
    ModelPackageGroupSortBy, ModelPackageGroupSummary, ModelPackageSortBy, ModelPackageSummary,
    SortOrder,
};

use super::jobs::PAGE;
use super::tags::is_commit_key;
use super::{Sagemaker, api};
use crate::domain::registry::{ModelGroup, ModelVersion};
use crate::domain::source_error::{Answer, Partial, SourceError};
use crate::sources::aws::paging::{Page, each, read, summed_up};
use crate::sources::aws::text::{masked, reason};
use crate::sources::aws::time::optional;

const GROUPS: usize = 1000;
/// Versions listed of one group.
const VERSIONS: usize = 500;
/// Versions described of one group; the others show what the list tells.
const DETAILED: usize = 10;
const WIDTH: usize = 8;

impl Sagemaker {
    pub async fn model_groups(&self) -> Answer<Vec<ModelGroup>> {
        let api = api("ListModelPackageGroups");
        let listed = read(GROUPS, |token| async move {
            let send = self
                .client
                .list_model_package_groups()
                .max_results(PAGE)
                .sort_by(ModelPackageGroupSortBy::CreationTime)
                .sort_order(SortOrder::Descending)
                .set_next_token(token)
                .send();
            let answer = self.session.call(api, send).await?;
            let groups = answer.model_package_group_summary_list().iter().map(group);
            Ok(Page::new(groups.collect(), answer.next_token.clone()))
        })
        .await?
        .into_partial(api, GROUPS);
        let answers = each(listed.value, WIDTH, |group| {
            let this = self.clone();
            async move { this.with_versions(group).await }
        })
        .await;
        let mut whole = Partial {
            value: Vec::new(),
            missing: listed.missing,
        };
        for partial in answers {
            whole.value.push(partial.value);
            whole.missing.extend(partial.missing);
        }
        whole.missing = summed_up(whole.missing);
        whole.value.sort_by(|a, b| a.name.cmp(&b.name));
        whole.value.dedup_by(|a, b| a.name == b.name);
        Ok(whole)
    }

    async fn with_versions(&self, mut group: ModelGroup) -> Partial<ModelGroup> {
        let listed = match self.versions(&group.name).await {
            Ok(listed) => listed,
            Err(error) => {
                return Partial {
                    value: group,
                    missing: vec![error],
                };
            }
        };
        let mut missing = listed.missing;
        let mut versions = listed.value;
        versions.sort_by(|a, b| {
            b.version
                .cmp(&a.version)
                .then_with(|| b.created_at.cmp(&a.created_at))
        });
        versions.dedup_by(|a, b| a.arn == b.arn);
        let rest = versions.split_off(versions.len().min(DETAILED));
        let described = each(versions, WIDTH, |version| {
            let this = self.clone();
            async move { this.detailed_version(version).await }
        })
        .await;
        for (version, failure) in described {
            group.versions.push(version);
            missing.extend(failure);
        }
        group.versions.extend(rest);
        Partial {
            value: group,
            missing,
        }
    }

    async fn versions(&self, group: &str) -> Answer<Vec<ModelVersion>> {
        let api = api("ListModelPackages");
        let listed = read(VERSIONS, |token| async move {
            let send = self
                .client
                .list_model_packages()
                .model_package_group_name(group)
                .max_results(PAGE)
                .sort_by(ModelPackageSortBy::CreationTime)
                .sort_order(SortOrder::Descending)
                .set_next_token(token)
                .send();
            let answer = self.session.call(api, send).await?;
            let versions = answer
                .model_package_summary_list()
                .iter()
                .map(|package| version(group, package));
            Ok(Page::new(versions.collect(), answer.next_token.clone()))
        })
        .await?;
        Ok(listed.into_partial(api, VERSIONS))
    }

    /// A finished version changes in its approval only, and the list tells that.
    async fn detailed_version(&self, version: ModelVersion) -> (ModelVersion, Option<SourceError>) {
        if let Some(known) = self.model_versions.get(&version.arn)
            && known.status == version.status
            && known.approval == version.approval
        {
            return (known, None);
        }
        let send = self
            .client
            .describe_model_package()
            .model_package_name(&version.arn)
            .send();
        match self.session.call(api("DescribeModelPackage"), send).await {
            Ok(answer) => {
                let detailed = with_details(version, &answer);
                if detailed.status == "Completed" {
                    self.model_versions.put(&detailed.arn, detailed.clone());
                }
                (detailed, None)
            }
            Err(error) => (version, Some(error)),
        }
    }
}

fn group(group: &ModelPackageGroupSummary) -> ModelGroup {
    ModelGroup {
        name: group
            .model_package_group_name()
            .unwrap_or_default()
            .to_owned(),
        arn: group
            .model_package_group_arn()
            .unwrap_or_default()
            .to_owned(),
        created_at: optional(group.creation_time()),
        status: group
            .model_package_group_status()
            .map_or("", |s| s.as_str())
            .to_owned(),
        versions: Vec::new(),
    }
}

fn version(group: &str, package: &ModelPackageSummary) -> ModelVersion {
    ModelVersion {
        group: group.to_owned(),
        version: package.model_package_version(),
        arn: package.model_package_arn().unwrap_or_default().to_owned(),
        status: package
            .model_package_status()
            .map_or("", |s| s.as_str())
            .to_owned(),
        approval: package
            .model_approval_status()
            .map(|s| s.as_str().to_owned()),
        created_at: optional(package.creation_time()),
        description: reason(package.model_package_description()),
        commit: None,
        images: Vec::new(),
        metadata: Vec::new(),
        detailed: false,
    }
}

fn with_details(version: ModelVersion, answer: &DescribeModelPackageOutput) -> ModelVersion {
    let properties = sorted(answer.customer_metadata_properties());
    let commit = answer
        .metadata_properties()
        .and_then(|properties| reason(properties.commit_id()))
        .or_else(|| {
            let (_, value) = properties.iter().find(|(key, _)| is_commit_key(key))?;
            Some(value.clone())
        });
    let mut metadata: Vec<(String, String)> = properties
        .into_iter()
        .map(|(key, value)| {
            let shown = masked(&key, &value);
            (key, shown)
        })
        .collect();
    if let Some(generated_by) = answer
        .metadata_properties()
        .and_then(|properties| reason(properties.generated_by()))
    {
        metadata.push(("generated by".to_owned(), generated_by));
    }
    if let Some(why) = reason(answer.approval_description()) {
        metadata.push(("approval".to_owned(), why));
    }
    let images = answer
        .inference_specification()
        .map(|specification| specification.containers())
        .unwrap_or_default()
        .iter()
        .filter_map(|container| container.image().map(str::to_owned))
        .collect();
    ModelVersion {
        status: answer
            .model_package_status()
            .map_or(version.status.clone(), |s| s.as_str().to_owned()),
        approval: answer
            .model_approval_status()
            .map(|s| s.as_str().to_owned())
            .or(version.approval.clone()),
        description: reason(answer.model_package_description()).or(version.description.clone()),
        commit,
        images,
        metadata,
        detailed: true,
        ..version
    }
}

fn sorted(values: Option<&HashMap<String, String>>) -> Vec<(String, String)> {
    let mut values: Vec<(String, String)> = values
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    values.sort();
    values
}
