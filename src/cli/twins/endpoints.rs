//! `flightdeck endpoints`

mod item;

use std::io;

use crate::cli::args::EndpointsArgs;
use crate::cli::exit::Exit;
use crate::cli::table::Table;
use crate::domain::alarm::Alarm;
use crate::domain::endpoint::Endpoint;
use crate::domain::metric::VariantMetrics;
use crate::domain::source_error::{ErrorKind, SourceError};
use crate::findings::EndpointFacts;
use crate::findings::endpoint::{EndpointHealth, health};
use crate::sources::AccountSources;

use super::ask::{self, Got};
use super::print::Answered;
use super::{Desk, Io, finish, text};
use item::EndpointItem;

/// An endpoint with everything known of it.
pub struct Known {
    pub endpoint: Endpoint,
    /// In the order of the variants.
    pub metrics: Vec<Option<VariantMetrics>>,
    pub health: EndpointHealth,
}

impl Known {
    pub fn facts(&self) -> EndpointFacts<'_> {
        EndpointFacts {
            endpoint: &self.endpoint,
            health: &self.health,
            metrics: &self.metrics,
        }
    }
}

/// Lists endpoints with their health.
pub async fn endpoints(args: &EndpointsArgs, desk: &Desk<'_>, io: &mut Io<'_>) -> Exit {
    let result = run(args, desk, io).await;
    finish(result, io)
}

async fn run(args: &EndpointsArgs, desk: &Desk<'_>, io: &mut Io<'_>) -> io::Result<Exit> {
    let mut answered = Answered {
        schema: "flightdeck.endpoints/1",
        items: Vec::new(),
        identity: None,
        partial: Vec::new(),
    };
    let (mut known, mut alarms) = (Vec::new(), Vec::new());
    match ask::account(desk.sources) {
        Ok(account) => {
            let (who, got) =
                tokio::join!(ask::identity(account), gather(account, desk, &args.name));
            answered.identity = who.into_value(&mut answered.partial);
            (known, alarms) = got.into_value(&mut answered.partial).unwrap_or_default();
        }
        Err(error) => answered.partial.push(error),
    }
    answered.items = known
        .iter()
        .map(|known| EndpointItem::of(known, &alarms))
        .collect();
    answered.print(args.json, desk, io, |items, out| table(items).write(out))
}

/// Endpoints and alarms at once, then the metrics of all variants; judged by the thresholds.
///
/// With `names`, only those; one that is not there is missing.
pub async fn gather(
    account: &AccountSources,
    desk: &Desk<'_>,
    names: &[String],
) -> Got<(Vec<Known>, Vec<Alarm>)> {
    let mut missing = Vec::new();
    let (listed, alarms) = tokio::join!(account.endpoints.endpoints(), ask::alarms(account));
    let listed = Got::from(listed);
    let is_listed = listed.value.is_some();
    let mut endpoints = listed.into_value(&mut missing).unwrap_or_default();
    if !names.is_empty() {
        endpoints.retain(|endpoint| names.contains(&endpoint.name));
        if is_listed {
            missing.extend(
                names
                    .iter()
                    .filter(|name| !endpoints.iter().any(|e| e.name == **name))
                    .map(|name| {
                        SourceError::new(
                            "sagemaker:DescribeEndpoint",
                            ErrorKind::Missing,
                            format!("there is no endpoint {name}"),
                        )
                    }),
            );
        }
    }
    let alarms = alarms.into_value(&mut missing).unwrap_or_default();
    let variants: Vec<(String, String)> = endpoints
        .iter()
        .flat_map(|endpoint| {
            endpoint
                .variants
                .iter()
                .map(|variant| (endpoint.name.clone(), variant.name.clone()))
        })
        .collect();
    let now = desk.clock.now();
    let mut metrics = if variants.is_empty() {
        Vec::new()
    } else {
        Got::from(account.metrics.endpoint_metrics(&variants, now).await)
            .into_value(&mut missing)
            .unwrap_or_default()
    };
    let known = endpoints
        .into_iter()
        .map(|endpoint| {
            let metrics: Vec<Option<VariantMetrics>> = endpoint
                .variants
                .iter()
                .map(|variant| {
                    let at = metrics
                        .iter()
                        .position(|m| m.endpoint == endpoint.name && m.variant == variant.name)?;
                    Some(metrics.swap_remove(at))
                })
                .collect();
            Known {
                health: health(&endpoint, &metrics, &alarms, desk.thresholds, now),
                endpoint,
                metrics,
            }
        })
        .collect();
    Got {
        value: Some((known, alarms)),
        missing,
    }
}

fn table(items: &[EndpointItem<'_>]) -> Table {
    let mut table = Table::new(&[
        "name", "health", "status", "kind", "variants", ">req/min", ">p99", ">5xx", "why",
    ]);
    for item in items {
        let variants: Vec<String> = item
            .variants
            .iter()
            .map(|v| match v.weight {
                Some(weight) => format!("{} {weight}", v.name),
                None => v.name.to_owned(),
            })
            .collect();
        let sum = |of: fn(&item::VariantItem<'_>) -> Option<f64>| {
            item.variants.iter().filter_map(of).reduce(|a, b| a + b)
        };
        let most = |of: fn(&item::VariantItem<'_>) -> Option<f64>| {
            item.variants.iter().filter_map(of).reduce(f64::max)
        };
        table.row([
            item.name.to_owned(),
            item.health.to_owned(),
            item.raw_status.to_owned(),
            item.kind.replace('_', "-"),
            variants.join(", "),
            text::count(sum(|v| v.invocations_per_min)),
            text::millis(most(|v| v.p99_ms)),
            text::percent(most(|v| v.error_rate).map(|rate| 100.0 * rate)),
            item.reasons.first().cloned().unwrap_or_default(),
        ]);
    }
    table
}
