#![allow(clippy::unwrap_used)]

use super::*;

#[test]
fn real_texts() {
    for (text, expected) in [
        // SageMaker
        (
            "AlgorithmError: ExecuteUserScriptError:\nExitCode 1\nErrorMessage \"torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB (GPU 0; 21.99 GiB total capacity)\"\nCommand \"/opt/conda/bin/python3.10 train.py\", exit code: 1",
            "CUDA out of memory",
        ),
        (
            "AlgorithmError: ExecuteUserScriptError:\nExitCode 1\nErrorMessage \"ValueError: could not convert string to float: 'n/a'\"\nCommand \"python train.py --epochs 10\", exit code: 1",
            "ValueError: could not convert string to…",
        ),
        (
            "AlgorithmError: , exit code: 1",
            "script failed, exit code 1",
        ),
        (
            "AlgorithmError: See job logs for more information, exit code: 2",
            "script failed, exit code 2",
        ),
        ("AlgorithmError: , exit code: 137", "out of memory"),
        (
            "ClientError: Please use an instance type with more memory, or reduce the size of training data processed on an instance.",
            "out of memory",
        ),
        (
            "ResourceLimitExceeded: The account-level service limit 'ml.g5.12xlarge for training job usage' is 0 Instances, with current utilization of 0 Instances and a request delta of 1 Instances. Please use AWS Service Quotas to request an increase for this quota.",
            "quota 0 of ml.g5.12xlarge",
        ),
        (
            "ClientError: Failed to invoke sagemaker:CreateTrainingJob. Error Details: The account-level service limit 'ml.p4d.24xlarge for spot training job usage' is 2 Instances, with current utilization of 2 Instances and a request delta of 1 Instances.",
            "quota 2 of spot ml.p4d.24xlarge",
        ),
        (
            "CapacityError: Unable to provision requested ML compute capacity. Please retry using a different ML instance type.",
            "no capacity for the instance type",
        ),
        (
            "ClientError: Data download failed:No S3 objects found under S3 URL \"s3://churn-data/features/v7\" given in input data source. Please ensure that the bucket exists in the selected region (eu-west-1), that objects exist under that S3 prefix, and that the role \"arn:aws:iam::123456789012:role/x\" has \"s3:ListBucket\" permissions on bucket \"churn-data\".",
            "no data at s3://churn-data/features/v7",
        ),
        (
            "ClientError: User: arn:aws:sts::123456789012:assumed-role/Train/SageMaker is not authorized to perform: ecr:BatchGetImage on resource: arn:aws:ecr:eu-west-1:1:repository/x because no identity-based policy allows it",
            "denied: ecr:BatchGetImage",
        ),
        (
            "InternalServerError: We encountered an internal error. Please try again.",
            "internal error of AWS, try again",
        ),
        ("MaxRuntimeExceeded", "max run time exceeded"),
        (
            "The primary container for production variant green did not pass the ping health check. Please check CloudWatch logs for this endpoint.",
            "container fails the ping check",
        ),
        (
            "Training job was interrupted: Spot capacity was reclaimed",
            "spot interrupted",
        ),
        // Step Functions: error and cause
        (
            r#"States.TaskFailed: {"TrainingJobName":"churn-9","TrainingJobStatus":"Failed","FailureReason":"AlgorithmError: ExecuteUserScriptError:\nExitCode 1\nErrorMessage \"KeyError: 'tenure'\"\nCommand \"python t.py\", exit code: 1"}"#,
            "KeyError: 'tenure'",
        ),
        (
            r#"Lambda: {"errorMessage":"drift 0.31 above 0.25","errorType":"DriftError","stackTrace":["  File \"/var/task/x.py\""]}"#,
            "DriftError: drift 0.31 above 0.25",
        ),
        (
            r#"States.TaskFailed: {"JobName":"etl","JobRunState":"FAILED","ErrorMessage":"Command failed with exit code 1"}"#,
            "script failed, exit code 1",
        ),
        ("States.Timeout", "timed out"),
        // Glue
        (
            "ConcurrentRunsExceededException: Concurrent runs exceeded for churn-etl",
            "too many concurrent runs",
        ),
        (
            "Error Category: UNCLASSIFIED_ERROR; Failed Line Number: 41; AnalysisException: Column 'tenure' does not exist",
            "AnalysisException: Column 'tenure' does…",
        ),
        (
            "Container killed by YARN for exceeding memory limits. 10.2 GB of 10 GB physical memory used.",
            "out of memory",
        ),
        (
            "Error Category: OUT_OF_MEMORY_ERROR; Failed Line Number: 87; SparkException: Job aborted due to stage failure: Task 41 in stage 12.0 failed 4 times",
            "out of memory",
        ),
        (
            "Error Category: UNCLASSIFIED_ERROR; Failed Line Number: 9; the bucket is gone",
            "the bucket is gone",
        ),
        (
            "An error occurred while calling o88.pyWriteDynamicFrame. java.lang.OutOfMemoryError: Java heap space",
            "Java heap out of memory",
        ),
        // CodeBuild
        (
            "COMMAND_EXECUTION_ERROR: Error while executing command: pytest -q. Reason: exit status 1",
            "pytest -q: exit status 1",
        ),
        (
            "CLIENT_ERROR: error while downloading key churn/SourceArti/abc, error: NoSuchKey: The specified key does not exist.",
            "error while downloading key…",
        ),
        (
            "Traceback (most recent call last):\n  File \"a.py\", line 1\nModuleNotFoundError: No module named 'xgboost'",
            "no module named xgboost",
        ),
        // Anything else
        ("", ""),
        (
            "Something odd happened here. And more.",
            "Something odd happened here",
        ),
        ("\x1b[31mred\x1b[0m  alert\n", "red alert"),
        ("Could not read the input,", "Could not read the input"),
        (
            "データの読み込みに失敗しましたので再実行してください",
            "データの読み込みに失敗しましたので再実…",
        ),
    ] {
        assert_eq!(short(text), expected, "{text}");
    }
}

#[test]
fn the_step_gives_way_to_the_cause() {
    for (step, text, expected) in [
        ("Train", "CUDA out of memory", "Train: CUDA out of memory"),
        ("", "CUDA out of memory", "CUDA out of memory"),
        (
            "TrainTheChurnModelOnAllTheData",
            "CUDA out of memory",
            "TrainTheChurnModelO…: CUDA out of memory",
        ),
        (
            "TrainTheChurnModelOnAllTheData",
            "The specified object key is not readable at all",
            "TrainTheChu…: The specified object key…",
        ),
    ] {
        let shown = of_step(step, text);
        assert_eq!(shown, expected);
        assert!(fit::size(&shown) <= REASON_LIMIT);
    }
}

#[test]
fn generic_texts_are_told_from_causes() {
    for (text, expected) in [
        ("Step failure: One or multiple steps failed.", true),
        ("", true),
        ("AlgorithmError: exit code 1", false),
    ] {
        assert_eq!(is_generic(text), expected, "{text}");
    }
}

proptest::proptest! {
    #[test]
    fn never_too_long_never_a_control(text in "(?s).{0,300}", step in "(?s).{0,60}") {
        for shown in [short(&text), of_step(&step, &text)] {
            proptest::prop_assert!(fit::size(&shown) <= REASON_LIMIT, "{shown:?}");
            proptest::prop_assert!(!shown.chars().any(char::is_control), "{shown:?}");
            proptest::prop_assert!(!shown.ends_with([' ', ',', ':', ';', '(']), "{shown:?}");
        }
    }

    /// A word is whole, or what is missing of it is marked.
    #[test]
    fn what_is_cut_says_so(text in "[a-z,;: ()-]{0,120}") {
        let shown = fit(&text, REASON_LIMIT);
        match shown.strip_suffix('…') {
            Some(head) => proptest::prop_assert!(fit::clean(&text).starts_with(head), "{shown:?}"),
            None => proptest::prop_assert!(
                fit::clean(&text).trim_end_matches([' ', ',', ':', ';', '(']) == shown,
                "{shown:?}"
            ),
        }
    }

    #[test]
    fn json_like_texts_never_panic(text in r#"[\[\]{}":,a-zA-Z\\ ]{0,200}"#) {
        short(&text);
    }
}
