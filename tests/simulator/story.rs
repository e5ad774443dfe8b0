//! What the working day tells: the story is there, at its minutes.

use aws_sdk_sagemaker::types::{
    EndpointStatus, ModelApprovalStatus, PipelineExecutionStatus, StepStatus, TrainingJobStatus,
};

use super::clients::{config, sagemaker, simulator_at};

async fn execution(client: &aws_sdk_sagemaker::Client, pipeline: &str, number: &str) -> String {
    let runs = client
        .list_pipeline_executions()
        .pipeline_name(pipeline)
        .max_results(100)
        .send()
        .await
        .unwrap();
    runs.pipeline_execution_summaries()
        .iter()
        .find(|r| r.pipeline_execution_display_name() == Some(number))
        .and_then(|r| r.pipeline_execution_arn())
        .unwrap()
        .to_owned()
}

async fn steps(
    client: &aws_sdk_sagemaker::Client,
    arn: &str,
) -> Vec<aws_sdk_sagemaker::types::PipelineExecutionStep> {
    let answer = client
        .list_pipeline_execution_steps()
        .pipeline_execution_arn(arn)
        .max_results(100)
        .send()
        .await
        .unwrap();
    answer.pipeline_execution_steps().to_vec()
}

#[tokio::test]
async fn churn_train_212_ran_out_of_memory() {
    let client = sagemaker(0.0);
    let arn = execution(&client, "churn-train", "212").await;
    let steps = steps(&client, &arn).await;
    let train = steps
        .iter()
        .find(|s| s.step_name() == Some("Train"))
        .unwrap();
    assert_eq!(train.step_status(), Some(&StepStatus::Failed));
    assert!(
        train
            .failure_reason()
            .unwrap()
            .contains("CUDA out of memory")
    );
    let job_arn = train
        .metadata()
        .unwrap()
        .training_job()
        .unwrap()
        .arn()
        .unwrap();
    let name = job_arn.rsplit('/').next().unwrap();
    assert!(name.starts_with("pipelines-") && name.len() <= 63, "{name}");
    let job = client
        .describe_training_job()
        .training_job_name(name)
        .send()
        .await
        .unwrap();
    assert_eq!(job.training_job_status(), Some(&TrainingJobStatus::Failed));
    assert_eq!(job.hyper_parameters().unwrap()["batch-size"], "512");
    assert!(!steps.iter().any(|s| s.step_name() == Some("Evaluate")));
}

#[tokio::test]
async fn the_large_encoder_met_a_quota_and_has_no_job() {
    let client = sagemaker(0.0);
    let arn = execution(&client, "reco-embeddings-xl", "12").await;
    let steps = steps(&client, &arn).await;
    let train = steps
        .iter()
        .find(|s| s.step_name() == Some("TrainEncoder"))
        .unwrap();
    let reason = train.failure_reason().unwrap();
    assert!(reason.starts_with("ResourceLimitExceeded"), "{reason}");
    assert!(
        reason.contains("'ml.g5.12xlarge for training job usage'"),
        "{reason}"
    );
    assert!(train.metadata().is_none());
}

#[tokio::test]
async fn churn_train_213_moves_and_registers_a_version() {
    let at = async |minutes: f64| {
        let client = sagemaker(minutes);
        let arn = execution(&client, "churn-train", "213").await;
        let described = client
            .describe_pipeline_execution()
            .pipeline_execution_arn(&arn)
            .send()
            .await
            .unwrap();
        (
            described.pipeline_execution_status().unwrap().clone(),
            steps(&client, &arn).await.len(),
        )
    };
    let (status, early) = at(0.0).await;
    assert_eq!(status, PipelineExecutionStatus::Executing);
    let (status, late) = at(60.0).await;
    assert_eq!(status, PipelineExecutionStatus::Succeeded);
    assert!(late > early);

    let versions = async |minutes: f64| {
        let packages = sagemaker(minutes)
            .list_model_packages()
            .model_package_group_name("churn")
            .max_results(100)
            .send()
            .await
            .unwrap();
        packages.model_package_summary_list().to_vec()
    };
    let (before, after) = (versions(0.0).await, versions(60.0).await);
    assert_eq!(after.len(), before.len() + 1);
    let newest = after
        .iter()
        .max_by_key(|p| p.model_package_version())
        .unwrap();
    assert_eq!(newest.model_package_version(), Some(17));
    assert_eq!(
        newest.model_approval_status(),
        Some(&ModelApprovalStatus::PendingManualApproval)
    );
}

#[tokio::test]
async fn conditions_iterations_and_cache_hits_are_told() {
    let client = sagemaker(0.0);
    let arn = execution(&client, "churn-train", "213").await;
    let prepare = steps(&client, &arn).await;
    let prepare = prepare
        .iter()
        .find(|s| s.step_name() == Some("Prepare"))
        .unwrap();
    assert!(prepare.cache_hit_result().is_some());
    let arn = execution(&client, "churn-train", "211").await;
    let all = steps(&client, &arn).await;
    let condition = all
        .iter()
        .find(|s| s.step_name() == Some("AucAtLeast"))
        .unwrap();
    let outcome = condition
        .metadata()
        .unwrap()
        .condition()
        .unwrap()
        .outcome()
        .unwrap();
    assert_eq!(outcome.as_str(), "True");
    let arn = execution(&client, "reco-nightly", "88").await;
    let all = steps(&client, &arn).await;
    let each = all
        .iter()
        .filter(|s| s.iteration_context().is_some())
        .count();
    assert_eq!(each, 4);
    assert!(
        all.iter()
            .any(|s| s.metadata().is_some_and(|m| m.for_each().is_some()))
    );
    assert!(
        all.iter()
            .any(|s| s.metadata().is_some_and(|m| m.tuning_job().is_some()))
    );
}

#[tokio::test]
async fn the_registry_names_commits_of_the_demo_repository() {
    use flightdeck::simulator::DemoRepository;

    let simulator = simulator_at(0.0);
    let demo = DemoRepository::build(&simulator, simulator.start()).unwrap();
    let repository = git2::Repository::open(demo.path()).unwrap();
    let client = aws_sdk_sagemaker::Client::new(&config(&simulator));
    for (version, tag) in [
        (14, "churn@v14.0.0"),
        (15, "churn@v15.0.0"),
        (16, "churn@v16.0.0"),
    ] {
        let arn = format!("arn:aws:sagemaker:eu-west-1:123456789012:model-package/churn/{version}");
        let package = client
            .describe_model_package()
            .model_package_name(arn)
            .send()
            .await
            .unwrap();
        let commit = package
            .metadata_properties()
            .unwrap()
            .commit_id()
            .unwrap()
            .to_owned();
        let tagged = repository
            .find_reference(&format!("refs/tags/{tag}"))
            .unwrap()
            .peel_to_commit()
            .unwrap();
        assert_eq!(tagged.id().to_string(), commit, "{tag}");
    }
}

#[tokio::test]
async fn an_endpoint_is_created_while_one_watches() {
    let status = async |minutes: f64| {
        let answer = sagemaker(minutes)
            .describe_endpoint()
            .endpoint_name("reco-canary")
            .send()
            .await
            .unwrap();
        answer.endpoint_status().unwrap().clone()
    };
    assert_eq!(status(1.0).await, EndpointStatus::Creating);
    assert_eq!(status(10.0).await, EndpointStatus::InService);
}

#[tokio::test]
async fn a_delivery_waits_for_approval() {
    let client = aws_sdk_codepipeline::Client::new(&config(&simulator_at(0.0)));
    let state = client
        .get_pipeline_state()
        .name("deploy-churn")
        .send()
        .await
        .unwrap();
    let approve = state
        .stage_states()
        .iter()
        .find(|s| s.stage_name() == Some("Approve"))
        .unwrap();
    let action = approve.action_states()[0].latest_execution().unwrap();
    assert_eq!(action.status().unwrap().as_str(), "InProgress");
    assert!(action.token().is_some());
}

#[tokio::test]
async fn the_budget_is_at_92_percent_and_forecast_past_100() {
    let client = aws_sdk_budgets::Client::new(&config(&simulator_at(0.0)));
    let answer = client
        .describe_budgets()
        .account_id("123456789012")
        .send()
        .await
        .unwrap();
    let budget = answer
        .budgets()
        .iter()
        .find(|b| b.budget_name() == "ml-platform")
        .unwrap();
    let amount = |spend: &aws_sdk_budgets::types::Spend| spend.amount().parse::<f64>().unwrap();
    let limit = amount(budget.budget_limit().unwrap());
    let spend = budget.calculated_spend().unwrap();
    assert_eq!(
        (amount(spend.actual_spend().unwrap()) / limit * 100.0).round(),
        92.0
    );
    assert!(amount(spend.forecasted_spend().unwrap()) > limit);
}

#[tokio::test]
async fn month_to_date_comes_to_what_the_scenario_says() {
    let client = aws_sdk_costexplorer::Client::new(&config(&simulator_at(0.0)));
    let period = aws_sdk_costexplorer::types::DateInterval::builder()
        .start("2025-11-01")
        .end("2025-11-24")
        .build()
        .unwrap();
    let answer = client
        .get_cost_and_usage()
        .time_period(period)
        .granularity(aws_sdk_costexplorer::types::Granularity::Daily)
        .metrics("UnblendedCost")
        .send()
        .await
        .unwrap();
    let total: f64 = answer
        .results_by_time()
        .iter()
        .map(|day| {
            day.total().unwrap()["UnblendedCost"]
                .amount()
                .unwrap()
                .parse::<f64>()
                .unwrap()
        })
        .sum();
    assert!((total - 6412.0).abs() < 0.01, "{total}");
    assert_eq!(answer.results_by_time().len(), 23);
}
