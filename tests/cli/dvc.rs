//! `flightdeck dvc …` against the real `dvc`, on repositories made from seeds.

use std::process::Command;

use serde::Deserialize;
use serde_json::Value;

use crate::support::{binary, source_folder, venv};

/// `FLIGHTDECK_DVC_SEEDS="3 4 5"` asks about others.
const SEEDS: &str = "2 11";

#[derive(Deserialize)]
struct Question {
    seed: u64,
    cwd: String,
    args: Vec<String>,
    code: i32,
    answer: Option<Value>,
    said: String,
}

/// DVC's lists are in the order of its hash tables, or sorted: what counts is what is in them.
fn in_any_order(value: &mut Value) {
    match value {
        Value::Array(items) => {
            items.iter_mut().for_each(in_any_order);
            items.sort_by_key(Value::to_string);
        }
        Value::Object(map) => {
            map.values_mut().for_each(in_any_order);
            map.sort_keys();
        }
        _ => {}
    }
}

#[test]
fn answers_are_those_of_dvc() {
    let python = venv::python("dvc").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let seeds = std::env::var("FLIGHTDECK_DVC_SEEDS").unwrap_or_else(|_| SEEDS.to_owned());
    let asked = venv::output(
        Command::new(python)
            .arg(source_folder().join("dvc_cases.py"))
            .arg(folder.path())
            .args(seeds.split_whitespace()),
    )
    .unwrap();
    let mut wrong = Vec::new();
    let mut questions = 0;
    for line in asked.lines() {
        let mut question: Question = serde_json::from_str(line).unwrap();
        questions += 1;
        let done = Command::new(binary())
            .arg("dvc")
            .args(&question.args)
            .current_dir(&question.cwd)
            .env("TZ", "UTC")
            .env("DVC_SITE_CACHE_DIR", folder.path().join("none"))
            .env("DVC_SYSTEM_CONFIG_DIR", folder.path().join("none"))
            .env("DVC_GLOBAL_CONFIG_DIR", folder.path().join("none"))
            .env("FLIGHTDECK_CACHE_DIR", folder.path().join("cache"))
            .output()
            .unwrap();
        let mut answer: Option<Value> = serde_json::from_slice(&done.stdout).ok();
        answer.as_mut().map(in_any_order);
        question.answer.as_mut().map(in_any_order);
        if answer != question.answer || done.status.code() != Some(question.code) {
            wrong.push(format!(
                "seed {}, in {}: dvc {}\n  dvc {}: {}\n  {}\n  ours {:?}: {}\n  {}",
                question.seed,
                question.cwd,
                question.args.join(" "),
                question.code,
                question.answer.unwrap_or_default(),
                question.said,
                done.status.code(),
                answer.unwrap_or_default(),
                String::from_utf8_lossy(&done.stderr),
            ));
        }
    }
    assert!(questions > 30, "dvc answered {questions} questions only");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
