//! Endpoints, models and identity.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use super::runs::page;
use crate::sources::aws::testing::{Network, Reply};

#[tokio::test]
async fn an_endpoint_that_cannot_be_described_keeps_its_row() {
    let describes = AtomicUsize::new(0);
    let network = Network::new(move |asked| match asked.operation.as_str() {
        "ListEndpoints" => Reply::json(&json!({"Endpoints": [
            {"EndpointName": "bad", "EndpointStatus": "Creating"}, {"EndpointName": "good", "EndpointStatus": "InService"}]})),
        "DescribeEndpoint" if asked.input["EndpointName"] == "bad" => Reply::error(
            400,
            "ValidationException",
            "Could not find endpoint \"bad\".",
        ),
        "DescribeEndpoint" => Reply::json(
            &json!({"EndpointStatus": "InService", "EndpointConfigName": "cfg",
            "ProductionVariants": [{"VariantName": "blue", "CurrentWeight": 0.9, "DesiredWeight": 0.9, "CurrentInstanceCount": 2,
                "DeployedImages": [{"SpecifiedImage": "i:1", "ResolvedImage": "i@sha256:1"}]}]}),
        ),
        "DescribeEndpointConfig" => {
            describes.fetch_add(1, Ordering::SeqCst);
            assert_eq!(describes.load(Ordering::SeqCst), 1, "configs do not change");
            Reply::json(
                &json!({"ProductionVariants": [{"VariantName": "blue", "ModelName": "m", "InstanceType": "ml.m5.large"}]}),
            )
        }
        "DescribeModel" => Reply::json(
            &json!({"PrimaryContainer": {"ModelPackageName": "arn:aws:sagemaker:eu-west-1:123456789012:model-package/churn/7"}}),
        ),
        other => panic!("{other}"),
    });
    let sources = network.connect().await;
    for _ in 0..2 {
        let told = sources.endpoints.endpoints().await.unwrap();
        let [bad, good] = told.value.as_slice() else {
            panic!("{told:?}")
        };
        assert!(!bad.detailed && bad.status == "Creating");
        assert!(told.missing[0].what.starts_with("bad: "));
        let variant = &good.variants[0];
        assert_eq!(variant.weight, Some(0.9));
        assert_eq!(variant.image.as_deref(), Some("i@sha256:1"));
        assert!(
            variant
                .model_package_arn
                .as_ref()
                .unwrap()
                .ends_with("churn/7")
        );
    }
}

#[tokio::test]
async fn the_newest_versions_are_described_and_then_known() {
    let network = Network::new(|asked| match asked.operation.as_str() {
        "ListModelPackageGroups" => Reply::json(
            &json!({"ModelPackageGroupSummaryList": [{"ModelPackageGroupName": "churn", "ModelPackageGroupStatus": "Completed"}]}),
        ),
        "ListModelPackages" => page(asked, 30, "ModelPackageSummaryList", |n| {
            json!({"ModelPackageGroupName": "churn", "ModelPackageVersion": n + 1, "ModelPackageStatus": "Completed",
                "ModelApprovalStatus": "PendingManualApproval", "ModelPackageArn": format!("arn:aws:sagemaker:eu-west-1:123456789012:model-package/churn/{}", n + 1)})
        }),
        "DescribeModelPackage" => Reply::json(
            &json!({"ModelPackageStatus": "Completed", "ModelApprovalStatus": "PendingManualApproval",
            "MetadataProperties": {"CommitId": "0a1b2c3"}, "CustomerMetadataProperties": {"auc": "0.91", "api_token": "hush"},
            "InferenceSpecification": {"Containers": [{"Image": "i:1"}]}}),
        ),
        other => panic!("{other}"),
    });
    let sources = network.connect().await;
    let told = sources.registry.model_groups().await.unwrap();
    let versions = &told.value[0].versions;
    assert_eq!(versions.len(), 30);
    assert_eq!(versions[0].version, Some(30));
    assert_eq!(versions.iter().filter(|v| v.detailed).count(), 10);
    assert_eq!(versions[0].commit.as_deref(), Some("0a1b2c3"));
    assert!(
        versions[0]
            .metadata
            .contains(&("api_token".into(), "***".into()))
    );
    let before = network.asked().len();
    sources.registry.model_groups().await.unwrap();
    assert_eq!(network.asked().len(), before + 2, "lists only");
}

#[tokio::test]
async fn identity_comes_from_sts() {
    let network = Network::new(|asked| panic!("{}", asked.operation));
    let sources = network.connect().await;
    let identity = sources.identity.identity().await.unwrap().value;
    assert_eq!(identity.account, "123456789012");
    assert_eq!(identity.short(), "alice@ReadOnly");
    assert_eq!(sources.region, "eu-west-1");
}
