//! Faults on demand, as the SDK's clients feel them.

use std::time::Duration;

use aws_sdk_sagemaker::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use flightdeck::simulator::{FaultKind, FaultRule, Faults};

use super::clients::{config, simulator_at};

fn client_with(faults: Faults) -> aws_sdk_sagemaker::Client {
    let simulator = simulator_at(0.0);
    simulator.set_faults(faults);
    let once = config(&simulator)
        .into_builder()
        .retry_config(RetryConfig::disabled())
        .timeout_config(
            TimeoutConfig::builder()
                .operation_attempt_timeout(Duration::from_secs(5))
                .build(),
        )
        .build();
    aws_sdk_sagemaker::Client::new(&once)
}

async fn code(kind: FaultKind) -> Option<String> {
    let client = client_with(Faults::of([FaultRule::service("sagemaker", kind)]));
    let error = client.list_endpoints().send().await.unwrap_err();
    error.code().map(str::to_owned)
}

#[tokio::test]
async fn throttling_denial_and_expiry_have_the_codes_of_aws() {
    assert_eq!(
        code(FaultKind::Throttle).await.as_deref(),
        Some("ThrottlingException")
    );
    assert_eq!(
        code(FaultKind::Deny).await.as_deref(),
        Some("AccessDeniedException")
    );
    assert_eq!(
        code(FaultKind::Expire).await.as_deref(),
        Some("ExpiredTokenException")
    );
}

#[tokio::test]
async fn a_denial_names_the_missing_action() {
    let faults = Faults::of([FaultRule::action(
        "sagemaker:ListEndpoints",
        FaultKind::Deny,
    )]);
    let client = client_with(faults);
    let error = client.list_endpoints().send().await.unwrap_err();
    let message = error.message().unwrap();
    assert!(
        message.contains("is not authorized to perform: sagemaker:ListEndpoints"),
        "{message}"
    );
    assert!(client.list_models().send().await.is_ok());
}

#[tokio::test]
async fn a_cut_connection_and_garbage_are_no_service_errors() {
    let cut = client_with(Faults::of([FaultRule::everywhere(FaultKind::CutOff)]));
    let error = cut.list_endpoints().send().await.unwrap_err();
    assert!(matches!(error, SdkError::DispatchFailure(_)), "{error:?}");
    let garbage = client_with(Faults::of([FaultRule::everywhere(FaultKind::Garbage)]));
    let error = garbage.list_endpoints().send().await.unwrap_err();
    assert!(matches!(error, SdkError::ResponseError(_)), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn a_delay_past_the_limit_is_a_timeout() {
    let slow = FaultKind::Delay(Duration::from_secs(60));
    let client = client_with(Faults::of([FaultRule::everywhere(slow)]));
    let error = client.list_endpoints().send().await.unwrap_err();
    assert!(matches!(error, SdkError::TimeoutError(_)), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn the_sdk_gets_past_a_fault_that_ends() {
    let simulator = simulator_at(0.0);
    simulator.set_faults(Faults::of([
        FaultRule::everywhere(FaultKind::Throttle).times(1)
    ]));
    let client = aws_sdk_sagemaker::Client::new(&config(&simulator));
    assert!(client.list_endpoints().send().await.is_ok());
}
