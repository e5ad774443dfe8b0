use super::*;

#[test]
fn levels_of_ordinary_training_logs() {
    for (line, level) in [
        ("2026-11-22 13:02:11 INFO epoch=3 loss=0.41", Some(Info)),
        (
            "2026-11-22 13:02:11,123 sagemaker-training-toolkit INFO     Invoking user script",
            Some(Info),
        ),
        ("[WARNING] low disk", Some(Warn)),
        ("[1,mpirank:0,algo-1]<stderr>:WARNING:root:slow", Some(Warn)),
        (
            "algo-1:50:50 [0] NCCL INFO cudaDriverVersion 12020",
            Some(Info),
        ),
        (
            "26/11/22 13:02:11 ERROR Executor: Exception in task 0.0",
            Some(Error),
        ),
        (
            "ip-10-0-1-2.ec2.internal 26/11/22 13:02:11 WARN TaskSetManager: Lost task",
            Some(Warn),
        ),
        (
            "[2026-11-22 13:02:11,123: INFO/MainProcess] ready",
            Some(Info),
        ),
        (
            "2026-11-22 13:02:11.123 | SUCCESS  | app:main:3 - ERROR",
            Some(Error),
        ),
        ("\x1b[31mERROR\x1b[0m boom", Some(Error)),
        (
            "\x1b[2m2026-11-22T13:02:11Z\x1b[0m \x1b[33m WARN\x1b[0m tower: x",
            Some(Warn),
        ),
        ("E1122 13:02:11.123456 17 kernel.cc:3] boom", Some(Error)),
        ("W1122 13:02:11.123456 17 kernel.cc:3] hm", Some(Warn)),
        (
            "[I 2026-11-22 13:02:11,123] Trial 3 finished with value: 0.9",
            Some(Info),
        ),
        ("<3>kernel: out of memory", Some(Error)),
        ("<14>app: hello", Some(Info)),
        ("<999>x", None),
        ("app[7]: error: no such file", Some(Error)),
        ("warning: unused variable", Some(Warn)),
        ("2026/11/22 13:02:11 [error] 17#0: upstream", Some(Error)),
        ("ts=1 level=warn msg=slow", Some(Warn)),
        ("time=\"x\" level=\"fatal\" msg=slow", Some(Error)),
        ("DEBUG:root:x", Some(Debug)),
        ("", None),
    ] {
        assert_eq!(detect(line), level, "{line}");
    }
}

#[test]
fn levels_of_structured_lines() {
    for (line, level) in [
        (r#"{"level":"error","message":"x"}"#, Some(Error)),
        (r#"{"severity": "Debug", "msg":"x"}"#, Some(Debug)),
        (r#"{"msg":"level 50","level":30,"pid":1}"#, Some(Info)),
        (r#"{"log.level":"WARNING"}"#, Some(Warn)),
        (r#"{"log":{"level":"critical","x":1}}"#, Some(Error)),
        (r#"{"lvl":60}"#, Some(Error)),
        (r#"{"level":3,"message":"loss=0.4"}"#, None),
        (r#"{"message":"ERROR boom","n":1}"#, Some(Error)),
        (r#"{"message":"the error rate is 0.2"}"#, None),
        (r#"{'level': 'error', 'x': 1}"#, Some(Error)),
        (r#"INFO {"level":"error"}"#, Some(Info)),
        (r#"{"a":"cut"#, None),
    ] {
        assert_eq!(detect(line), level, "{line}");
    }
}

#[test]
fn what_failing_programs_print() {
    for (line, level) in [
        ("Traceback (most recent call last):", Some(Error)),
        ("[rank0]: Traceback (most recent call last):", Some(Error)),
        (
            "torch.cuda.OutOfMemoryError: CUDA out of memory.",
            Some(Error),
        ),
        ("[rank0]: ValueError: bad", Some(Error)),
        ("KeyboardInterrupt", Some(Error)),
        ("AssertionError", Some(Error)),
        ("/opt/x.py:12: UserWarning: deprecated", Some(Warn)),
        ("java.lang.IllegalStateException: closed", Some(Error)),
        ("Caused by: java.io.IOException: gone", Some(Error)),
        ("Exception in thread \"main\" java.lang.Error", Some(Error)),
        ("thread 'main' panicked at src/main.rs:3:5:", Some(Error)),
        ("panic: runtime error", Some(Error)),
        (
            "2026-11-22T13:02:11.123Z 1f2e Task timed out after 3.00 seconds",
            Some(Error),
        ),
        ("[ERROR] 2026-11-22T13:02:11.123Z 1f2e boom", Some(Error)),
        ("2026-11-22T13:02:11.123Z\t1f2e\tERROR\tboom", Some(Error)),
        ("REPORT RequestId: 1f2e Duration: 3 ms", Some(Info)),
        ("START RequestId: 1f2e Version: 1", Some(Info)),
    ] {
        assert_eq!(detect(line), level, "{line}");
    }
}

#[test]
fn ordinary_text_is_no_alarm() {
    for line in [
        "epoch=3 loss=0.4 errors_seen=0",
        "validation error rate 0.2",
        "error rate 0.2",
        "error: 0.2",
        "train error: 0.31",
        "errors=0",
        "no error",
        "no ERROR found",
        "ERROR rate 0.2",
        "found 0 ERROR lines",
        "MeanSquaredError: 0.25",
        "metric=MeanSquaredError value=0.2",
        "NCCL_DEBUG=INFO",
        "setting the log level to ERROR",
        "saving s3://bucket/ERROR/part",
        "retrying without warnings: all fine",
        "noise level: high",
        "[3] info",
        "Epoch 3/10 - loss: 0.4 - val_error: 0.1",
        "Warnings are errors from now on",
        "tokenizer loaded, trace id 12",
    ] {
        assert_eq!(detect(line), None, "{line}");
    }
}

#[test]
fn a_long_wide_line_is_cut_between_characters() {
    assert_eq!(detect(&"é漢".repeat(1000)), None);
}

proptest::proptest! {
    #[test]
    fn any_bytes_have_a_level_or_none(line in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
        let _ = detect_bytes(&line);
    }

    #[test]
    fn any_arrangement_of_words_is_read(
        line in r#"(ERROR|warn|level|Traceback|Error|[:=\[\]{}"' \x1b\n\\<>0-9]){0,12}"#
    ) {
        let _ = detect(&line);
    }
}
