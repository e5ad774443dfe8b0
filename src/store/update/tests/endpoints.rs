//! Endpoints and their variants.

use super::*;

#[test]
fn endpoints_ask_for_the_metrics_of_their_variants() {
    let mut bench = Bench::new();
    let endpoint = Endpoint {
        name: "churn-prod".into(),
        arn: "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/churn-prod".into(),
        kind: EndpointKind::RealTime,
        status: "InService".into(),
        config: "c".into(),
        created_at: None,
        changed_at: None,
        failure_reason: None,
        variants: vec![Variant {
            name: "blue".into(),
            ..Variant::default()
        }],
        detailed: true,
        data_capture: None,
    };
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
