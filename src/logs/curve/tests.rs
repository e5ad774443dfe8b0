use super::*;

fn curves(lines: &[&str]) -> Curves {
    let mut curves = Curves::default();
    for (key, text) in (0..).zip(lines) {
        add(&mut curves, text, key);
    }
    curves
}

fn add(curves: &mut Curves, text: &str, key: u64) {
    curves.add(
        &LineRef {
            text: text.as_bytes(),
            ..LineRef::default()
        },
        key,
    );
}

fn names(curves: &Curves) -> Vec<&str> {
    curves.ranked().iter().map(|s| s.name()).collect()
}

fn xy(series: &Series) -> Vec<(f64, f64)> {
    series.points().iter().map(|p| (p.x, p.y)).collect()
}

#[test]
fn numbers_of_all_shapes_become_curves_over_their_steps() {
    let curves = curves(&[
        "Epoch 1/10",
        " - 3s - loss: 0.9 - val_acc: 0.5 - lr: 1e-3",
        "epoch=2 loss=0.7 val_acc=0.6 lr=5e-4 pid=17 mem=3.5",
        r#"{"epoch":3,"loss":0.5,"ts":1795352531.2,"rank":0,"message":"val_acc=0.7 lr=2e-4"}"#,
        "{'loss': 0.4, 'epoch': 4.0}",
        "took 3/4 of shape (3, 4), loss=nan",
    ]);
    assert_eq!(names(&curves), ["val_acc", "loss", "lr"]);
    let loss = curves.get("loss").unwrap();
    assert_eq!(loss.axis(), Axis::Epoch);
    assert_eq!(xy(loss), [(1.0, 0.9), (2.0, 0.7), (3.0, 0.5), (4.0, 0.4)]);
    assert_eq!(loss.trend(), Trend::Falling);
    assert_eq!(loss.broken(), Some(5));
    assert_eq!(loss.last().map(|p| (p.y, p.key)), Some((0.4, 4)));
    assert_eq!(loss.min().map(|p| p.y), Some(0.4));
    assert_eq!(loss.max().map(|p| p.y), Some(0.9));
    assert_eq!(loss.at_line(3).map(|p| p.y), Some(0.5));
    assert_eq!(loss.at_line(0), None);
    assert_eq!(curves.get("val_acc").unwrap().points()[2].y, 0.7);
}

#[test]
fn colours_and_progress_bars_do_not_hide_numbers() {
    let curves = curves(&[
        "epoch=23 step=10807 loss=0.2276 lr=2.1e-04 grad_norm=0.871",
        "\rEpoch 23/40:  10%| 4.1 it/s\rEpoch 23/40:  55%| 4.2 it/s, loss=0.2251",
        "\x1b[32mepoch=23 step=10900 loss=0.2243 val_loss=0.2611 val_auc=0.9123\x1b[0m ✔",
        "\x1b[32mepoch=24 step=11000 loss=0.2210 val_loss=0.2601 val_auc=0.9188\x1b[0m ✔",
        "epoch=24 step=11042 loss=0.2199 lr=2.0e-04 grad_norm=0.801",
    ]);
    assert_eq!(
        names(&curves),
        ["val_loss", "val_auc", "loss", "lr", "grad_norm"]
    );
    let loss = curves.get("loss").unwrap();
    assert_eq!(xy(loss)[1], (10807.0, 0.2251));
    let auc = curves.get("val_auc").unwrap();
    assert_eq!(xy(auc), [(10900.0, 0.9123), (11000.0, 0.9188)]);
    assert_eq!(curves.numbers(), 13);
}

#[test]
fn without_steps_the_time_or_the_line_counts() {
    let mut timed = Curves::default();
    timed.add(
        &LineRef {
            text: b"loss=1",
            at_ms: Some(5000),
            ..LineRef::default()
        },
        0,
    );
    assert_eq!(timed.get("loss").unwrap().points()[0].x, 5000.0);
    let lines = curves(&["a", "loss=1", "b", "loss=2"]);
    assert_eq!(xy(lines.get("loss").unwrap()), [(2.0, 1.0), (4.0, 2.0)]);
}

#[test]
fn definitions_are_those_of_sagemaker() {
    let definition = |name: &str, regex: &str| MetricDefinition {
        name: name.into(),
        regex: regex.into(),
    };
    let mut curves = Curves::new(&[
        definition("broken", "("),
        definition("validation:auc", r"AUC\s*->\s*([0-9.]+)"),
        definition("train:loss", "loss=([0-9.]+)"),
    ]);
    add(&mut curves, "round 3 AUC -> 0.91", 7);
    add(&mut curves, "round 4 AUC -> 0.92 loss=3", 8);
    assert_eq!(names(&curves)[0], "validation:auc");
    let auc = curves.get("validation:auc").unwrap();
    assert_eq!(xy(auc), [(3.0, 0.91), (4.0, 0.92)]);
    // What a definition reads is not read a second time by its own name.
    assert!(curves.get("train:loss").is_some() && curves.get("loss").is_none());
}

#[test]
fn older_lines_come_in_front() {
    let mut curves = Curves::default();
    for key in [10, 11, 3, 4] {
        add(&mut curves, &format!("loss={key}"), key);
    }
    let loss = curves.get("loss").unwrap();
    let keys: Vec<u64> = loss.points().iter().map(|p| p.key).collect();
    assert_eq!(keys, [3, 4, 10, 11]);
    assert_eq!(loss.last().map(|p| p.key), Some(11));
}

#[test]
fn pages_from_far_back_are_thinned_like_the_rest() {
    let mut curves = Curves::default();
    for key in (10_000..20_000).chain(0..10_000) {
        add(&mut curves, &format!("loss={}", key % 100), key);
    }
    let points = curves.get("loss").unwrap().points();
    assert!((300..=1024).contains(&points.len()), "{}", points.len());
    let gaps = points.windows(2).map(|p| p[1].key - p[0].key);
    assert!(gaps.max().unwrap() <= 128);
    assert!(points[0].key < 64 && points[points.len() - 1].key > 19_900);
}

#[test]
fn a_long_tail_stays_small_and_keeps_its_extremes() {
    let mut curves = Curves::default();
    for key in 0..30_000_u64 {
        let spike = if key == 12_345 { 99 } else { key % 7 };
        add(
            &mut curves,
            &format!("step={key} loss={spike} x{}=1", key % 100),
            key,
        );
    }
    assert!(curves.bytes() < 1_000_000, "{}", curves.bytes());
    let loss = curves.get("loss").unwrap();
    assert!(loss.points().len() <= 1024);
    assert!(loss.points().iter().any(|p| p.key == 12_345 && p.y == 99.0));
    assert_eq!(loss.count(), 30_000);
    // All parts of it are as fine as one another.
    let gaps = loss.points().windows(2).map(|p| p[1].key - p[0].key);
    assert!(gaps.max().unwrap() <= 128);
    assert!(curves.series.len() <= MOST_SERIES);
    add(&mut curves, "val_loss=3", 30_001);
    assert!(curves.get("val_loss").is_some(), "a better one finds room");
}

#[test]
fn what_is_no_metric() {
    for name in [
        "epoch",
        "step",
        "train/global_step",
        "pid",
        "user.id",
        "time",
        "elapsed_s_ms",
        "gpu_mem",
        "batch_size",
        "max_tokens",
        "num_workers",
        "v_num",
        "ts",
        "http_status",
        "world_size",
        "password",
        "api_token",
    ] {
        assert!(!interest::is_metric(name), "{name}");
    }
    for name in [
        "loss",
        "val/loss",
        "train_runtime_loss",
        "tokens_per_second",
        "tokens/s",
        "lr",
        "f1",
        "temperature",
        "grad_norm",
        "eval_accuracy",
        "validation-auc",
    ] {
        assert!(interest::is_metric(name), "{name}");
    }
}

proptest::proptest! {
    #[test]
    fn any_lines_are_taken(
        lines in proptest::collection::vec("([a-c]|loss|epoch|step|[=: /]|[0-9.e-]{1,4}|nan|inf|\\{|\\}|\"){0,10}", 0..10),
        keys in proptest::collection::vec(0_u64..5, 10),
    ) {
        let mut curves = Curves::default();
        for (line, key) in lines.iter().zip(keys) {
            add(&mut curves, line, key);
        }
        for series in curves.ranked() {
            let _ = series.trend();
            proptest::prop_assert!(series.points().windows(2).all(|p| p[0].key <= p[1].key));
            proptest::prop_assert!(series.points().iter().all(|p| p.y.is_finite()));
        }
    }
}
