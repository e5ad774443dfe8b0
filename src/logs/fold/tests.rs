use super::*;

fn line(text: &str) -> LineRef<'_> {
    LineRef {
        text: text.as_bytes(),
        ..LineRef::default()
    }
}

/// The blocks of a text: how many lines each has, and the line that stands for it.
fn blocks(text: &str) -> Vec<(usize, &str)> {
    let lines: Vec<LineRef<'_>> = text.lines().map(line).collect();
    let mut folder = Folder::new();
    let mut starts = vec![0];
    for at in 1..lines.len() {
        if !folder.belongs(&lines[at - 1], &lines[at]) {
            starts.push(at);
        }
    }
    let ends = starts.iter().skip(1).copied().chain([lines.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|(start, end)| {
            let block = &lines[*start..end];
            let texts: Vec<&[u8]> = block.iter().map(|line| line.text).collect();
            let text = std::str::from_utf8(block[telling(&texts)].text).unwrap();
            (end - start, text)
        })
        .collect()
}

#[test]
fn a_traceback_is_one_block_told_by_its_exception() {
    let text = "epoch=3 loss=0.4
Traceback (most recent call last):
  File \"/opt/ml/code/train.py\", line 12, in <module>
    main()
  File \"/opt/ml/code/train.py\", line 8, in main
    loss.backward()
    ^^^^^^^^^^^^^^^
torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB
2026-11-22 13:02:11 INFO done";
    assert_eq!(
        blocks(text),
        [
            (1, "epoch=3 loss=0.4"),
            (
                7,
                "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB"
            ),
            (1, "2026-11-22 13:02:11 INFO done"),
        ]
    );
}

#[test]
fn chained_exceptions_are_one_block() {
    let text = "2026-11-22 13:02:11 ERROR training failed
Traceback (most recent call last):
  File \"a.py\", line 1, in f
    x[3]
KeyError: 3

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File \"a.py\", line 2, in <module>
    f()
ValueError: no such key

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File \"b.py\", line 1
RuntimeError: gave up
next line";
    assert_eq!(
        blocks(text),
        [(18, "RuntimeError: gave up"), (1, "next line")]
    );
}

#[test]
fn prefixes_of_workers_do_not_hide_it() {
    let text = "[rank0]: Traceback (most recent call last):
[rank0]:   File \"a.py\", line 1, in f
[rank0]:     x()
[rank0]: KeyboardInterrupt
[1,mpirank:0,algo-1]<stderr>:Traceback (most recent call last):
[1,mpirank:0,algo-1]<stderr>:  File \"a.py\", line 1, in f
[1,mpirank:0,algo-1]<stderr>:AssertionError
[1,mpirank:0,algo-1]<stdout>:epoch=1";
    assert_eq!(
        blocks(text),
        [
            (4, "[rank0]: KeyboardInterrupt"),
            (3, "[1,mpirank:0,algo-1]<stderr>:AssertionError"),
            (1, "[1,mpirank:0,algo-1]<stdout>:epoch=1"),
        ]
    );
}

#[test]
fn java_is_told_by_its_deepest_cause() {
    let text = "26/11/22 13:02:11 ERROR Executor: Exception in task 0.0 in stage 1.0
org.apache.spark.SparkException: Task failed
\tat org.apache.spark.Task.run(Task.scala:141)
\tat java.lang.Thread.run(Thread.java:829)
Caused by: java.io.FileNotFoundException: s3://b/k
\tat java.io.X.y(X.java:1)
\t... 12 more
26/11/22 13:02:11 INFO next
java.lang.IllegalStateException: closed
at a.b.C.d(C.java:3)
... 3 more";
    assert_eq!(
        blocks(text),
        [
            (7, "Caused by: java.io.FileNotFoundException: s3://b/k"),
            (1, "26/11/22 13:02:11 INFO next"),
            (3, "java.lang.IllegalStateException: closed"),
        ]
    );
}

#[test]
fn what_is_indented_belongs_to_its_head_but_a_progress_bar_does_not() {
    let text = "config: {
  \"lr\": 0.1,
  \"layers\": 3
}
 12%|#   | 12/100
 13%|#   | 13/100
  1/10 [==>..] loss: 0.4
plain
Exception in thread Thread-1:
Traceback (most recent call last):
  File \"a.py\"
SystemExit: 1";
    let sizes: Vec<usize> = blocks(text).iter().map(|(n, _)| *n).collect();
    assert_eq!(sizes, [4, 1, 1, 1, 1, 4]);
}

#[test]
fn streams_and_moments_part_what_looks_alike() {
    let mut folder = Folder::new();
    let at = |text: &'static str, stream: &'static str, at_ms: i64| LineRef {
        text: text.as_bytes(),
        at_ms: Some(at_ms),
        group: "g",
        stream,
    };
    let a = at("Traceback (most recent call last):", "a", 0);
    let b = at("Traceback (most recent call last):", "b", 1);
    let a_frame = at("  File", "a", 2);
    let b_frame = at("  File", "b", 2);
    assert!(folder.belongs(&a, &a_frame));
    assert!(folder.belongs(&b, &b_frame));
    assert!(!folder.belongs(&a_frame, &b_frame));
    let a_told = at("RuntimeError: CUDA error", "a", 3);
    assert!(folder.belongs(&a_frame, &a_told));
    let a_more = at("For debugging consider CUDA_LAUNCH_BLOCKING=1", "a", 4);
    assert!(folder.belongs(&a_told, &a_more));
    let later = at("  indented", "a", 200);
    assert!(!folder.belongs(&a_more, &later));
}

proptest::proptest! {
    #[test]
    fn any_lines_are_folded(
        lines in proptest::collection::vec(
            r"(Traceback \(most recent call last\):|  File|KeyError: 3|\[rank0\]: |\[|\]|During handling of the above exception|\tat x\)|\}|\xff|12% |){0,3}",
            1..12,
        )
    ) {
        let lines: Vec<LineRef<'_>> = lines.iter().map(|l| line(l)).collect();
        let mut folder = Folder::new();
        for pair in lines.windows(2) {
            let _ = folder.belongs(&pair[0], &pair[1]);
        }
        let texts: Vec<&[u8]> = lines.iter().map(|line| line.text).collect();
        proptest::prop_assert!(telling(&texts) < lines.len());
    }
}
