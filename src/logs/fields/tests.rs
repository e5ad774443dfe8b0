use super::*;

fn shown(line: &str) -> Vec<String> {
    all(line.as_bytes())
        .into_iter()
        .map(|(key, value)| match value {
            Value::Text(text) => format!("{key}={text:?}"),
            value => format!("{key}={}", value.text()),
        })
        .collect()
}

fn one(line: &str, path: &str) -> Option<String> {
    get(line.as_bytes(), path).map(|value| match value {
        Value::Text(text) => format!("{text:?}"),
        value => value.text().to_owned(),
    })
}

#[test]
fn members_of_objects_by_path() {
    let line = r#" {"a":{"b":{"c":7}},"log.level":"warn","user":{"id":12345678901234567,"name":"J\u00f6\"x"},
        "list":[1,{"loss":0.5},[8]],"ok":true,"none":null,"Loss":NaN,"empty":{}} "#;
    for (path, value) in [
        ("a.b.c", Some("7")),
        ("a.b", Some(r#""{\"c\":7}""#)),
        ("log.level", Some(r#""warn""#)),
        ("user.id", Some("12345678901234567")),
        ("user.name", Some(r#""Jö\"x""#)),
        ("list.1.loss", Some("0.5")),
        ("list.2.0", Some("8")),
        ("list.9", None),
        ("ok", Some("true")),
        ("none", Some("null")),
        ("loss", Some("NaN")),
        ("b", None),
        ("a.x", None),
        ("a.b.c.d", None),
    ] {
        assert_eq!(one(line, path).as_deref(), value, "{path}");
    }
}

#[test]
fn an_exact_name_goes_before_one_in_another_case() {
    assert_eq!(one(r#"{"Loss":1,"loss":2}"#, "loss").as_deref(), Some("2"));
}

#[test]
fn damaged_objects_give_what_can_be_read() {
    for (line, path, value) in [
        (r#"{"a":1,"b":"cut of"#, "b", Some(r#""cut of""#)),
        (r#"{"a":1,"b"#, "a", Some("1")),
        (r#"{"a":1,"b":"#, "b", None),
        (r#"{"a":1 "b":2}"#, "b", Some("2")),
        (r#"{"a":{"b":[1,2"#, "a.b.1", Some("2")),
        (r#"{"a":"\ud800","b":2}"#, "a", Some(r#""\\ud800""#)),
        (r#"{"a":]}"#, "a", None),
        ("{", "a", None),
    ] {
        assert_eq!(one(line, path).as_deref(), value, "{line}");
    }
}

#[test]
fn pairs_of_training_lines() {
    for (line, fields) in [
        ("epoch=3 loss=0.41", &["epoch=3", "loss=0.41"][..]),
        (
            "Epoch 3/10 - loss: 0.3 - val_acc: 0.91",
            &["Epoch=3/10", "loss=0.3", "val_acc=0.91"],
        ),
        (
            "{'loss': 0.4123, 'learning_rate': 4.9e-05, 'epoch': 0.5}",
            &["loss=0.4123", "learning_rate=4.9e-05", "epoch=0.5"],
        ),
        (
            "[17]\ttrain-auc:0.91\tvalidation-auc:0.89",
            &["train-auc=0.91", "validation-auc=0.89"],
        ),
        (
            "Epoch 3: 100%|██| 50/50 [00:01<00:00, 9.7it/s, loss=nan, v_num=0]",
            &["Epoch=3", "loss=nan", "v_num=0"],
        ),
        (
            "#quality_metric: host=algo-1, epoch=0, train loss <loss>=0.69",
            &[r#"host="algo-1""#, "epoch=0", "loss=0.69"],
        ),
        (
            "Train Epoch: [3/10] Loss : 0.5, acc=91.2%, seen=1,234 lr = 1e-4",
            &[
                "Epoch=3/10",
                "Loss=0.5",
                "acc=91.2%",
                "seen=1,234",
                "lr=1e-4",
            ],
        ),
        (
            r#"ts=1 level=warn msg="slow \"disk\"" tags=a,b shape=(3, 4) --lr=0.1"#,
            &[
                "ts=1",
                r#"level="warn""#,
                r#"msg="slow \"disk\"""#,
                r#"tags="a,b""#,
                r#"shape="(3, 4)""#,
                "lr=0.1",
            ],
        ),
        ("10/10 [=====] - 1s 5ms/step - loss: 0.41", &["loss=0.41"]),
        ("13:02:11 algo-1:8080 INFO: starting up, a == b", &[]),
        (
            r#"INFO rank=0 {"loss": 0.2, "x": {"y": true}}"#,
            &["rank=0", "loss=0.2", "x.y=true"],
        ),
        ("a=1,b=2;c=3|d=4", &["a=1", "b=2", "c=3", "d=4"]),
    ] {
        assert_eq!(shown(line), fields, "{line}");
    }
}

#[test]
fn a_pair_is_found_by_its_name() {
    for (line, path, value) in [
        ("train_loss=0.4 loss=0.3", "loss", Some("0.3")),
        ("EPOCH 3/10", "epoch", Some("3/10")),
        ("Epoch [3/10]", "epoch", Some("3/10")),
        ("5ms/step - 3", "step", None),
        ("status: failed now", "status", Some(r#""failed""#)),
        ("--lr=0.1", "lr", Some("0.1")),
        ("loss", "loss", None),
        ("loss=", "loss", None),
        (r#"{"message":"epoch=3 loss=0.41\n"}"#, "loss", Some("0.41")),
        (r#"rank=2 {"loss": 0.2}"#, "rank", Some("2")),
        ("validation <score>=0.9", "score", Some("0.9")),
    ] {
        assert_eq!(one(line, path).as_deref(), value, "{line}");
    }
    assert_eq!(
        get(b"epoch 3/10", "epoch").and_then(|v| v.number()),
        Some(3.0)
    );
    assert_eq!(
        get(b"acc=91.2%", "acc").and_then(|v| v.number()),
        Some(91.2)
    );
    assert_eq!(
        get(b"n=1,234,567.5", "n").and_then(|v| v.number()),
        Some(1_234_567.5)
    );
}

#[test]
fn the_text_of_a_line() {
    assert_eq!(message(br#"{"level":"x","msg":"a\tb"}"#), "a\tb");
    assert_eq!(message(br#"{"msg":"second","message":"first"}"#), "first");
    assert_eq!(message(br#"{"event":{"a":1}}"#), r#"{"event":{"a":1}}"#);
    assert_eq!(message(b"plain \xff"), "plain \u{fffd}");
}

proptest::proptest! {
    #[test]
    fn any_line_is_read(line in r#"[{}\[\]",:=' \\ua-c0-9.<>é\x00-]{0,60}"#, path in "[a-c0.]{1,5}") {
        let _ = get(line.as_bytes(), &path);
        let _ = all(line.as_bytes());
        let _ = message(line.as_bytes());
    }

    #[test]
    fn any_bytes_are_read(line in proptest::collection::vec(proptest::num::u8::ANY, 0..80)) {
        let _ = get(&line, "a.b");
        let _ = all(&line);
    }

    /// What serde_json reads, the scan reads too.
    #[test]
    fn whole_objects_are_read_as_serde_reads_them(
        pairs in proptest::collection::btree_map("[a-z\"\\\\é]{1,6}", "\\PC{0,12}", 0..6),
        numbers in proptest::collection::btree_map("[A-Z]{1,6}", -1e9..1e9_f64, 0..6),
    ) {
        let mut object = serde_json::Map::new();
        object.extend(pairs.iter().map(|(k, v)| (k.clone(), v.clone().into())));
        object.insert("1".to_owned(), serde_json::json!({"in": {"s": ["a", numbers]}}));
        let line = serde_json::Value::Object(object).to_string();
        for (key, value) in &pairs {
            let raw = json::find(line.as_bytes(), key).unwrap();
            proptest::prop_assert_eq!(json::text(raw), value.as_str());
        }
        for (key, number) in &numbers {
            let found = get(line.as_bytes(), &format!("1.in.s.1.{key}")).unwrap();
            proptest::prop_assert_eq!(found.number(), Some(*number));
        }
    }
}
