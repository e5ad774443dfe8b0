//! Faults on demand: throttling, denials, expiry, delays, cut connections, garbage.

use std::time::Duration;

use super::moment::Moment;
use super::scenario::spec::Fault;
use super::wire::error::ApiError;
use super::wire::service::Service;

/// What goes wrong with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The service asks to slow down.
    Throttle,
    /// The caller lacks the permission.
    Deny,
    /// The session has expired.
    Expire,
    /// The answer comes late.
    Delay(Duration),
    /// The connection ends in the middle.
    CutOff,
    /// A proxy's web page comes instead of an answer.
    Garbage,
}

impl FaultKind {
    /// The kind that scenario files call `name`.
    pub fn named(name: &str, milliseconds: u64) -> Option<Self> {
        Some(match name {
            "throttle" => Self::Throttle,
            "deny" => Self::Deny,
            "expire" => Self::Expire,
            "delay" => Self::Delay(Duration::from_millis(milliseconds)),
            "cut_off" => Self::CutOff,
            "garbage" => Self::Garbage,
            _ => return None,
        })
    }
}

/// Which requests go wrong, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct FaultRule {
    /// The IAM prefix (`sagemaker`, `logs` ...); `None`: every service.
    pub service: Option<String>,
    /// `None`: every operation.
    pub operation: Option<String>,
    pub kind: FaultKind,
    /// Only from and until these simulated minutes.
    pub from: Option<f64>,
    pub until: Option<f64>,
    /// Only so many requests more.
    pub times: Option<u32>,
}

impl FaultRule {
    /// Every request, until it is taken back.
    pub fn everywhere(kind: FaultKind) -> Self {
        Self {
            service: None,
            operation: None,
            kind,
            from: None,
            until: None,
            times: None,
        }
    }

    /// Every request to one service, by its IAM prefix.
    pub fn service(service: &str, kind: FaultKind) -> Self {
        Self {
            service: Some(service.to_owned()),
            ..Self::everywhere(kind)
        }
    }

    /// One operation, as IAM writes it: `sagemaker:ListTrainingJobs`.
    pub fn action(action: &str, kind: FaultKind) -> Self {
        let (service, operation) = action.split_once(':').unwrap_or((action, ""));
        Self {
            operation: Some(operation.to_owned()).filter(|o| !o.is_empty()),
            ..Self::service(service, kind)
        }
    }

    /// Only the next `times` requests.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }
}

impl From<&Fault> for FaultRule {
    fn from(fault: &Fault) -> Self {
        Self {
            service: fault.service.clone(),
            operation: fault.operation.clone(),
            // The scenario's check has refused unknown kinds.
            kind: FaultKind::named(&fault.kind, fault.milliseconds).unwrap_or(FaultKind::Throttle),
            from: fault.from,
            until: fault.until,
            times: fault.times,
        }
    }
}

/// The rules in force; the first that fits decides, and delays add to what follows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Faults {
    pub rules: Vec<FaultRule>,
}

/// What the rules say of one request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    pub delay: Duration,
    pub fault: Option<FaultKind>,
}

impl Faults {
    /// No faults at all.
    pub fn none() -> Self {
        Self::default()
    }

    pub fn of(rules: impl IntoIterator<Item = FaultRule>) -> Self {
        Self {
            rules: rules.into_iter().collect(),
        }
    }

    /// Judges one request, and counts it where a rule is for a number of requests.
    pub fn judge(
        &mut self,
        service: Option<Service>,
        operation: &str,
        now: Moment,
        start: Moment,
    ) -> Verdict {
        let minute = now.minutes_since(start);
        let mut verdict = Verdict::default();
        for rule in &mut self.rules {
            let fits = rule.times != Some(0)
                && rule.from.is_none_or(|from| minute >= from)
                && rule.until.is_none_or(|until| minute < until)
                && rule.operation.as_ref().is_none_or(|o| o == operation)
                && rule
                    .service
                    .as_ref()
                    .is_none_or(|s| service.is_some_and(|service| service.iam_prefix() == s));
            if !fits {
                continue;
            }
            if let Some(times) = &mut rule.times {
                *times -= 1;
            }
            if let FaultKind::Delay(delay) = rule.kind {
                verdict.delay += delay;
            } else {
                verdict.fault = Some(rule.kind);
                break;
            }
        }
        verdict
    }
}

/// The service's own words for a fault that is an answer.
pub fn error(
    kind: FaultKind,
    service: Service,
    operation: &str,
    caller_arn: &str,
) -> Option<ApiError> {
    match kind {
        FaultKind::Throttle => Some(ApiError::new(throttle_code(service), "Rate exceeded")),
        FaultKind::Deny => Some(
            ApiError::new(
                match service {
                    Service::CloudWatch | Service::Sts => "AccessDenied",
                    _ => "AccessDeniedException",
                },
                format!(
                    "User: {caller_arn} is not authorized to perform: {}:{operation} on resource: * because no identity-based policy allows the {}:{operation} action",
                    service.iam_prefix(),
                    service.iam_prefix()
                ),
            )
            .with_status(if matches!(service, Service::CloudWatch | Service::Sts) { 403 } else { 400 }),
        ),
        FaultKind::Expire => Some(
            ApiError::new(
                match service {
                    Service::CloudWatch | Service::Sts => "ExpiredToken",
                    _ => "ExpiredTokenException",
                },
                "The security token included in the request is expired",
            )
            .with_status(if matches!(service, Service::CloudWatch | Service::Sts) { 403 } else { 400 }),
        ),
        FaultKind::Delay(_) | FaultKind::CutOff | FaultKind::Garbage => None,
    }
}

fn throttle_code(service: Service) -> &'static str {
    match service {
        Service::CostExplorer => "LimitExceededException",
        Service::CloudWatch | Service::Sts => "Throttling",
        _ => "ThrottlingException",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Moment = Moment(0);

    #[test]
    fn rules_fit_by_service_operation_and_minute() {
        let mut rule = FaultRule::action("sagemaker:ListEndpoints", FaultKind::Deny);
        rule.from = Some(5.0);
        let mut faults = Faults::of([rule]);
        let mut fault = |service, operation, minutes| {
            faults
                .judge(Some(service), operation, START.plus_minutes(minutes), START)
                .fault
        };
        assert_eq!(fault(Service::Sagemaker, "ListEndpoints", 4.0), None);
        assert_eq!(
            fault(Service::Sagemaker, "ListEndpoints", 6.0),
            Some(FaultKind::Deny)
        );
        assert_eq!(fault(Service::Sagemaker, "ListModels", 6.0), None);
        assert_eq!(fault(Service::Glue, "ListEndpoints", 6.0), None);
    }

    #[test]
    fn delays_add_up_and_counted_rules_run_out() {
        let second = Duration::from_secs(1);
        let mut faults = Faults::of([
            FaultRule::everywhere(FaultKind::Delay(second)),
            FaultRule::everywhere(FaultKind::Delay(second)),
            FaultRule::everywhere(FaultKind::Throttle).times(1),
        ]);
        let mut judge = || faults.judge(None, "X", START, START);
        assert_eq!(
            judge(),
            Verdict {
                delay: 2 * second,
                fault: Some(FaultKind::Throttle)
            }
        );
        assert_eq!(judge().fault, None);
    }
}
