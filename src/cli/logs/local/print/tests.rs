use std::fs;

use super::*;

struct Got {
    out: String,
    err: String,
    exit: Exit,
}

fn printed(texts: &[(&str, &str)], args: LogsArgs) -> Got {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in texts {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let paths = args.groups.iter().map(|name| folder.path().join(name));
    let origin = LogOrigin::Files(paths.collect());
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let exit = print(&args, &origin, &Means::default(), &mut out, &mut err).unwrap();
    let place = format!("{}/", folder.path().display());
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replace(&place, "");
    Got {
        out: text(out),
        err: text(err),
        exit,
    }
}

fn args(names: &[&str], filter: &str) -> LogsArgs {
    LogsArgs {
        groups: names.iter().map(ToString::to_string).collect(),
        filter: Some(filter.to_owned()),
        ..LogsArgs::default()
    }
}

#[test]
fn lines_that_pass_are_written_without_what_steers_a_terminal() {
    let files = [("a", "INFO loss=0.4\r\nERROR \x1b[2Jboom\nlast loss=0.1")];
    let out = |filter| printed(&files, args(&["a"], filter)).out;
    assert_eq!(out("level>=error"), "ERROR ␛[2Jboom\n");
    assert_eq!(out("loss<0.2"), "last loss=0.1\n");
    assert_eq!(out("").lines().count(), 3);
    let bad = printed(&files, args(&["a"], "level>=loud"));
    assert_eq!(bad.exit, Exit::Usage);
    assert!(bad.err.starts_with("flightdeck: --filter:"), "{}", bad.err);
}

#[test]
fn json_tells_file_time_and_level() {
    let got = printed(
        &[("train.log", "2026-11-22T13:00:00Z WARN x\n")],
        LogsArgs {
            json: true,
            ..args(&["train.log"], "")
        },
    );
    let item: serde_json::Value = serde_json::from_str(&got.out).unwrap();
    assert_eq!(item["group"], "train.log");
    assert_eq!(item["at"], "2026-11-22T13:00:00Z");
    assert_eq!(item["level"], "warn");
}

#[test]
fn secrets_are_masked_until_they_are_asked_for() {
    let files = [("a", "password=hunter22 ok\n"), ("b", "x\n")];
    for names in [&["a"][..], &["a", "b"]] {
        for json in [false, true] {
            let args = LogsArgs {
                json,
                ..args(names, "ok")
            };
            let masked = printed(&files, args.clone()).out;
            assert!(masked.contains("password=••••"), "{masked}");
            assert!(!masked.contains("hunter22"), "{masked}");
            let shown = printed(
                &files,
                LogsArgs {
                    reveal: true,
                    ..args
                },
            )
            .out;
            assert!(shown.contains("password=hunter22 ok"), "{shown}");
        }
    }
}

#[test]
fn several_files_are_merged_and_what_cannot_be_read_is_told() {
    let files = [
        (
            "a",
            "2026-11-22 13:00:01 one\n2026-11-22 13:00:03 three\n  more\n",
        ),
        ("b", "2026-11-22 13:00:02 two\n"),
    ];
    let got = printed(&files, args(&["a", "gone", "b"], ""));
    assert_eq!(
        got.out,
        "a: 2026-11-22 13:00:01 one\nb: 2026-11-22 13:00:02 two\n\
         a: 2026-11-22 13:00:03 three\na:   more\n"
    );
    assert_eq!(got.exit, Exit::Partial);
    assert!(
        got.err.starts_with("flightdeck: gone: No such file"),
        "{}",
        got.err
    );
    assert!(got.err.ends_with("(is the name right?)\n"), "{}", got.err);
    let limited = LogsArgs {
        limit: Some(2),
        ..args(&["a", "b"], "/t/")
    };
    assert_eq!(
        printed(&files, limited).out,
        "b: 2026-11-22 13:00:02 two\na: 2026-11-22 13:00:03 three\n"
    );
}
