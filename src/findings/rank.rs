//! The order of "needs you": severity, then production endpoints, then what is newest.

use std::cmp::Reverse;

use jiff::Timestamp;

use super::{Finding, Subject};

pub(super) fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| key(a).cmp(&key(b)));
}

fn key(finding: &Finding) -> impl Ord + '_ {
    (
        finding.severity,
        !is_production_endpoint(finding),
        Reverse(finding.since.map(Timestamp::as_second)),
        finding.category.as_str(),
        finding.name.as_str(),
        finding.id.as_str(),
    )
}

fn is_production_endpoint(finding: &Finding) -> bool {
    matches!(&finding.subject, Subject::Endpoint { name, .. } if is_production(name))
}

/// Whether a part of the name says so: `churn-prod`, `prd_reco`, `live-fraud`.
pub fn is_production(name: &str) -> bool {
    name.split(|c: char| !c.is_alphanumeric()).any(|part| {
        ["prod", "production", "prd", "live"]
            .iter()
            .any(|word| part.eq_ignore_ascii_case(word))
    })
}

#[cfg(test)]
mod tests {
    use super::super::Severity;
    use super::*;

    fn finding(severity: Severity, subject: Subject, name: &str, minute: Option<i64>) -> Finding {
        Finding {
            id: name.to_owned(),
            severity,
            subject,
            category: "x".into(),
            name: name.to_owned(),
            reason: String::new(),
            since: minute.and_then(|m| Timestamp::from_second(m * 60).ok()),
            evidence: Vec::new(),
            next_steps: Vec::new(),
        }
    }

    #[test]
    fn severity_then_production_then_newest() {
        let endpoint = |name: &str| Subject::Endpoint {
            name: name.into(),
            variant: None,
        };
        let mut findings = vec![
            finding(Severity::Info, Subject::Costs, "info", Some(9)),
            finding(Severity::Critical, Subject::Repository, "old", Some(1)),
            finding(Severity::Critical, Subject::Repository, "undated", None),
            finding(Severity::Critical, Subject::Repository, "new", Some(5)),
            finding(Severity::Critical, endpoint("a-prod"), "prod", Some(2)),
            finding(Severity::Critical, endpoint("a-product"), "dev", Some(7)),
        ];
        sort(&mut findings);
        let names: Vec<_> = findings.iter().map(|f| f.name.as_str()).collect();
        assert_eq!(names, ["prod", "dev", "new", "old", "undated", "info"]);
    }

    #[test]
    fn production_is_a_whole_part_of_the_name() {
        for (name, expected) in [
            ("churn-prod", true),
            ("PROD_reco", true),
            ("fraud.live", true),
            ("product-ranking", false),
            ("delivery", false),
        ] {
            assert_eq!(is_production(name), expected, "{name}");
        }
    }
}
