//! Endpoints and their variants.

use super::*;

fn endpoint(variants: &[&str]) -> Endpoint {
    let variant = |name: &&str| Variant {
        name: (*name).into(),
        ..Variant::default()
    };
    Endpoint {
        name: "churn-prod".into(),
        arn: "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/churn-prod".into(),
        kind: EndpointKind::RealTime,
        status: "InService".into(),
        config: "c".into(),
        created_at: None,
        changed_at: None,
        failure_reason: None,
        variants: variants.iter().map(variant).collect(),
        detailed: true,
        data_capture: None,
    }
}

#[test]
fn endpoints_ask_for_the_metrics_of_their_variants() {
    let mut bench = Bench::new();
    let endpoint = endpoint(&["blue"]);
    let effects = bench.data(Data::Endpoints(Ok(Partial::whole(vec![endpoint]))));
    assert_eq!(
        effects,
        [Effect::WatchVariants(vec![(
            "churn-prod".into(),
            "blue".into()
        )])]
    );
    bench.press(&[Command::GoEndpoints, Command::Open]);
    let effects = bench.press(&[Command::ShowLogs]);
    assert!(
        effects
            .iter()
            .any(|e| matches!(e, Effect::StartTail { targets, .. }
        if targets == &[LogTarget::prefixed("/aws/sagemaker/Endpoints/churn-prod", "blue/")]))
    );
}

#[test]
fn an_opened_endpoint_stands_on_the_variant_that_is_ill() {
    use crate::domain::endpoint::Health;
    use crate::findings::endpoint::HealthReason;
    let mut bench = Bench::new();
    let endpoint = endpoint(&["blue", "green"]);
    bench.data(Data::Endpoints(Ok(Partial::whole(vec![endpoint]))));
    bench.press(&[Command::GoEndpoints]);
    bench.model.endpoints.rows[0].health.reasons = vec![HealthReason {
        health: Health::Critical,
        variant: Some("green".into()),
        text: "5xx 7.2 %".into(),
        since: None,
    }];
    bench.press(&[Command::Open]);
    let shown = rows::selected_variant(&bench.model).map(|v| v.name.as_str());
    assert_eq!(shown, Some("green"));
}
