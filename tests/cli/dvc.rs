//! `flightdeck dvc …` against the real `dvc`, on repositories made from seeds.

use std::path::Path;
use std::process::{Command, Output};

use crate::support::binary;

/// Our answer, without anybody's settings. What is kept goes to `folder`.
fn asked(args: &[String], cwd: &Path, folder: &Path) -> Output {
    Command::new(binary())
        .arg("dvc")
        .args(args)
        .current_dir(cwd)
        .env("TZ", "UTC")
        .env("DVC_SITE_CACHE_DIR", folder.join("none"))
        .env("DVC_SYSTEM_CONFIG_DIR", folder.join("none"))
        .env("DVC_GLOBAL_CONFIG_DIR", folder.join("none"))
        .env("FLIGHTDECK_CACHE_DIR", folder.join("cache"))
        .output()
        .unwrap()
}

#[test]
fn exit_codes_say_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("repo");
    std::fs::create_dir_all(root.join(".dvc")).unwrap();
    std::fs::write(root.join(".dvc/config"), "[core]\n    no_scm = true\n").unwrap();
    std::fs::write(root.join("data.csv"), "1\n").unwrap();
    let record = "outs:\n- {md5: b026324c6904b2a9cb4b88d6d61c81d1, hash: md5, path: data.csv}\n";
    std::fs::write(root.join("data.csv.dvc"), record).unwrap();
    let ended = |line: &str, cwd: &Path| {
        let args: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let done = asked(&args, cwd, folder.path());
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        (done.status.code().unwrap(), said)
    };
    for (line, code, what) in [
        ("status --json", 0, ""),
        ("status -q", 1, ""),
        ("status --nonsense", 2, "unexpected argument '--nonsense'"),
        (
            "data status --untracked-files=some",
            2,
            "invalid value 'some'",
        ),
        ("status -c --json", 1, "no remote specified"),
        ("diff --json", 1, "only supported for Git repositories"),
        (
            "list https://example.com/x.git --json",
            2,
            "is not a directory on this machine",
        ),
        ("list . nothing --json", 1, "No such file or directory"),
    ] {
        let (ended, said) = ended(line, &root);
        assert_eq!(ended, code, "{line}: {said}");
        assert!(said.contains(what), "{line}: {said}");
    }
    assert_eq!(ended("status --json", folder.path()).0, 253);
    std::fs::write(root.join("x.dvc"), "outs: [\n<<<<<<< HEAD\n").unwrap();
    let (code, said) = ended("data status --json", &root);
    assert_eq!(
        (code, said.contains("'x.dvc:2': merge conflict markers")),
        (255, true),
        "{said}"
    );
    std::fs::write(root.join(".dvc/config"), "[core\n").unwrap();
    assert_eq!(ended("status --json", &root).0, 251);
}

/// The real one needs Python, which the inner loop does without.
#[cfg(feature = "aws")]
mod beside_dvc {
    use std::collections::BTreeMap;
    use std::path::{Path, PathBuf};
    use std::process::Command;
    use std::time::SystemTime;

    use serde::Deserialize;
    use serde_json::Value;

    use super::asked;
    use crate::support::{source_folder, venv};

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

    /// Every file and directory with its size and the time of its last change.
    fn seen(folder: &Path, found: &mut BTreeMap<PathBuf, (u64, SystemTime)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let data = path.symlink_metadata().unwrap();
            found.insert(path.clone(), (data.len(), data.modified().unwrap()));
            if data.is_dir() {
                seen(&path, found);
            }
        }
    }

    #[test]
    fn answers_are_those_of_dvc() {
        let python = venv::python("dvc").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let seeds = std::env::var("FLIGHTDECK_DVC_SEEDS").unwrap_or_else(|_| SEEDS.to_owned());
        let told = venv::output(
            Command::new(python)
                .arg(source_folder().join("dvc_cases.py"))
                .arg(folder.path())
                .args(seeds.split_whitespace()),
        )
        .unwrap();
        let repositories = || {
            let mut found = BTreeMap::new();
            for seed in seeds.split_whitespace() {
                seen(&folder.path().join(seed).join("repo"), &mut found);
            }
            found
        };
        let before = repositories();
        let mut wrong = Vec::new();
        let mut questions = 0;
        for line in told.lines() {
            let mut question: Question = serde_json::from_str(line).unwrap();
            questions += 1;
            let done = asked(&question.args, Path::new(&question.cwd), folder.path());
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
        assert_eq!(repositories(), before, "something was written");
    }
}
