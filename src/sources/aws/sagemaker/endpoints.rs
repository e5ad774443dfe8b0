//! Endpoints with config, variants and the models behind them.

use std::collections::HashMap;

use async_trait::async_trait;
use aws_sdk_sagemaker::operation::describe_endpoint::DescribeEndpointOutput;
use aws_sdk_sagemaker::operation::describe_endpoint_config::DescribeEndpointConfigOutput;
use aws_sdk_sagemaker::types::{
    EndpointSortKey, EndpointSummary, OrderKey, ProductionVariant, ProductionVariantSummary,
};

use super::jobs::PAGE;
use super::{Sagemaker, api, exact};
use crate::domain::endpoint::{Endpoint, EndpointKind, Variant};
use crate::domain::source_error::{Answer, Partial, SourceError};
use crate::sources::EndpointSource;
use crate::sources::aws::paging::{Page, each, read, summed_up};
use crate::sources::aws::text::reason;
use crate::sources::aws::time::optional;

const ENDPOINTS: usize = 1000;
/// Endpoints described at the same time.
const WIDTH: usize = 8;

/// What an endpoint config says; configs never change.
#[derive(Clone)]
pub struct Config {
    asynchronous: bool,
    production: Vec<ConfigVariant>,
    shadow: Vec<ConfigVariant>,
}

impl Config {
    fn models(&self) -> Vec<String> {
        let variants = self.production.iter().chain(&self.shadow);
        let mut models: Vec<String> = variants.filter_map(|v| v.model.clone()).collect();
        models.sort();
        models.dedup();
        models
    }
}

#[derive(Clone)]
struct ConfigVariant {
    name: String,
    model: Option<String>,
    instance_type: Option<String>,
    serverless: Option<(Option<i32>, Option<i32>)>,
}

#[async_trait]
impl EndpointSource for Sagemaker {
    async fn endpoints(&self) -> Answer<Vec<Endpoint>> {
        let api = api("ListEndpoints");
        let listed = read(ENDPOINTS, |token| async move {
            let send = self
                .client
                .list_endpoints()
                .max_results(PAGE)
                .sort_by(EndpointSortKey::Name)
                .sort_order(OrderKey::Ascending)
                .set_next_token(token)
                .send();
            let answer = self.session.call(api, send).await?;
            let endpoints = answer.endpoints().iter().map(listed_endpoint);
            Ok(Page::new(endpoints.collect(), answer.next_token.clone()))
        })
        .await?
        .into_partial(api, ENDPOINTS);
        let mut missing = listed.missing;
        let described = each(listed.value, WIDTH, |endpoint| {
            let this = self.clone();
            async move { this.described(endpoint).await }
        })
        .await;
        let mut endpoints = Vec::with_capacity(described.len());
        for partial in described {
            missing.extend(partial.missing);
            endpoints.push(partial.value);
        }
        endpoints.sort_by(|a, b| a.name.cmp(&b.name));
        endpoints.dedup_by(|a, b| a.name == b.name);
        Ok(Partial {
            value: endpoints,
            missing: summed_up(missing),
        })
    }
}

impl Sagemaker {
    /// The endpoint with details; what could not be had is told, and the row stays.
    async fn described(&self, endpoint: Endpoint) -> Partial<Endpoint> {
        let send = self
            .client
            .describe_endpoint()
            .endpoint_name(&endpoint.name)
            .send();
        let about = |mut error: SourceError| {
            error.what = format!("{}: {}", endpoint.name, error.what);
            error
        };
        let answer = match self.session.call(api("DescribeEndpoint"), send).await {
            Ok(answer) => answer,
            Err(error) => {
                return Partial {
                    missing: vec![about(error)],
                    value: endpoint,
                };
            }
        };
        let name = answer.endpoint_config_name().unwrap_or_default();
        let mut missing = Vec::new();
        let config = match self.endpoint_config(name).await {
            Ok(config) => Some(config),
            Err(error) => {
                missing.push(about(error));
                None
            }
        };
        let mut packages = HashMap::new();
        for model in config.as_ref().map(Config::models).unwrap_or_default() {
            match self.model_package(&model).await {
                Ok(package) => {
                    packages.insert(model, package);
                }
                Err(error) => missing.push(about(error)),
            }
        }
        Partial {
            value: joined(&endpoint, &answer, config.as_ref(), &packages),
            missing,
        }
    }

    async fn endpoint_config(&self, name: &str) -> Result<Config, SourceError> {
        if let Some(config) = self.endpoint_configs.get(name) {
            return Ok(config);
        }
        let send = self
            .client
            .describe_endpoint_config()
            .endpoint_config_name(name)
            .send();
        let answer = self
            .session
            .call(api("DescribeEndpointConfig"), send)
            .await?;
        let config = config(&answer);
        self.endpoint_configs.put(name, config.clone());
        Ok(config)
    }

    /// The model package that a model was made from, if it was made from one.
    async fn model_package(&self, model: &str) -> Result<Option<String>, SourceError> {
        if let Some(package) = self.models.get(model) {
            return Ok(package);
        }
        let send = self.client.describe_model().model_name(model).send();
        let answer = self.session.call(api("DescribeModel"), send).await?;
        let package = answer
            .primary_container()
            .into_iter()
            .chain(answer.containers())
            .find_map(|container| container.model_package_name())
            .map(str::to_owned);
        self.models.put(model, package.clone());
        Ok(package)
    }
}

fn listed_endpoint(endpoint: &EndpointSummary) -> Endpoint {
    Endpoint {
        name: endpoint.endpoint_name().unwrap_or_default().to_owned(),
        arn: endpoint.endpoint_arn().unwrap_or_default().to_owned(),
        kind: EndpointKind::Unknown,
        status: endpoint
            .endpoint_status()
            .map_or("", |s| s.as_str())
            .to_owned(),
        config: String::new(),
        created_at: optional(endpoint.creation_time()),
        changed_at: optional(endpoint.last_modified_time()),
        failure_reason: None,
        variants: Vec::new(),
        detailed: false,
        data_capture: None,
    }
}

fn config(answer: &DescribeEndpointConfigOutput) -> Config {
    let variants = |variants: &[ProductionVariant]| {
        variants
            .iter()
            .map(|variant| ConfigVariant {
                name: variant.variant_name().unwrap_or_default().to_owned(),
                model: variant.model_name().map(str::to_owned),
                instance_type: variant.instance_type().map(|t| t.as_str().to_owned()),
                serverless: variant
                    .serverless_config()
                    .map(|s| (s.memory_size_in_mb(), s.max_concurrency())),
            })
            .collect()
    };
    Config {
        asynchronous: answer.async_inference_config().is_some(),
        production: variants(answer.production_variants()),
        shadow: variants(answer.shadow_production_variants()),
    }
}

fn joined(
    endpoint: &Endpoint,
    answer: &DescribeEndpointOutput,
    config: Option<&Config>,
    packages: &HashMap<String, Option<String>>,
) -> Endpoint {
    let mut variants = Vec::new();
    let groups = [
        (
            answer.production_variants(),
            config.map(|c| &c.production),
            false,
        ),
        (
            answer.shadow_production_variants(),
            config.map(|c| &c.shadow),
            true,
        ),
    ];
    for (live, planned, shadow) in groups {
        let planned = planned.map(Vec::as_slice).unwrap_or_default();
        for summary in live {
            let name = summary.variant_name().unwrap_or_default();
            let plan = planned.iter().find(|variant| variant.name == name);
            variants.push(variant(summary, plan, packages, shadow));
        }
        // While it is being created the endpoint names no variants yet; the config does.
        for plan in planned {
            if !live.iter().any(|v| v.variant_name() == Some(&plan.name)) {
                let summary = ProductionVariantSummary::builder()
                    .variant_name(&plan.name)
                    .build();
                variants.push(variant(&summary, Some(plan), packages, shadow));
            }
        }
    }
    let kind = match config {
        None => EndpointKind::Unknown,
        Some(config) if config.asynchronous => EndpointKind::Async,
        Some(config) if config.production.iter().any(|v| v.serverless.is_some()) => {
            EndpointKind::Serverless
        }
        // Inference components bring the models; the variants name none.
        Some(config)
            if !config.production.is_empty()
                && config.production.iter().all(|v| v.model.is_none()) =>
        {
            EndpointKind::InferenceComponents
        }
        Some(_) => EndpointKind::RealTime,
    };
    Endpoint {
        kind,
        status: answer
            .endpoint_status()
            .map_or(endpoint.status.as_str(), |s| s.as_str())
            .to_owned(),
        config: answer.endpoint_config_name().unwrap_or_default().to_owned(),
        created_at: optional(answer.creation_time()).or(endpoint.created_at),
        changed_at: optional(answer.last_modified_time()).or(endpoint.changed_at),
        failure_reason: reason(answer.failure_reason()),
        variants,
        detailed: config.is_some(),
        data_capture: answer
            .data_capture_config()
            .and_then(|c| c.enable_capture()),
        ..endpoint.clone()
    }
}

fn variant(
    summary: &ProductionVariantSummary,
    plan: Option<&ConfigVariant>,
    packages: &HashMap<String, Option<String>>,
    shadow: bool,
) -> Variant {
    let model = plan.and_then(|p| p.model.clone());
    let serverless = summary
        .current_serverless_config()
        .map(|s| (s.memory_size_in_mb(), s.max_concurrency()))
        .or_else(|| plan.and_then(|p| p.serverless));
    let image = summary.deployed_images().first();
    Variant {
        name: summary.variant_name().unwrap_or_default().to_owned(),
        model_package_arn: model
            .as_ref()
            .and_then(|model| packages.get(model).cloned().flatten()),
        model,
        image: image
            .and_then(|i| i.resolved_image().or(i.specified_image()))
            .map(str::to_owned),
        weight: summary.current_weight().map(exact),
        desired_weight: summary.desired_weight().map(exact),
        instances: summary.current_instance_count(),
        desired_instances: summary.desired_instance_count(),
        instance_type: plan.and_then(|p| p.instance_type.clone()),
        memory_mb: serverless.and_then(|s| s.0),
        max_concurrency: serverless.and_then(|s| s.1),
        status: summary
            .variant_status()
            .last()
            .and_then(|s| s.status())
            .map(|s| s.as_str().to_owned()),
        shadow,
    }
}
