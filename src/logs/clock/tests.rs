use super::*;

/// 2026-11-22T13:02:11Z
const THEN: i64 = 1_795_352_531_000;

fn with_year() -> Assumed {
    Assumed {
        year: Some(2026),
        ..Assumed::default()
    }
}

#[test]
fn the_moment_of_the_table_is_right() {
    let then: jiff::Timestamp = "2026-11-22T13:02:11Z".parse().unwrap();
    assert_eq!(then.as_millisecond(), THEN);
}

#[test]
fn times_as_programs_write_them() {
    for (line, at) in [
        ("2026-11-22T13:02:11Z x", Some(THEN)),
        ("2026-11-22T13:02:11.123Z x", Some(THEN + 123)),
        ("2026-11-22 13:02:11,5 INFO x", Some(THEN + 500)),
        (
            "2026-11-22 13:02:11.123456789+01:00 x",
            Some(THEN + 123 - 3_600_000),
        ),
        ("2026-11-22T13:02:11-0530 x", Some(THEN + 19_800_000)),
        ("2026-11-22 13:02:11 +0000 UTC x", Some(THEN)),
        ("2026-11-22 13:02:11 - app - INFO - x", Some(THEN)),
        ("2026-11-22 13:02:11 -12 x", Some(THEN)),
        ("2026-11-22 13:02 x", Some(THEN - 11_000)),
        ("2026/11/22 13:02:11 [error] x", Some(THEN)),
        (
            "[2026-11-22 13:02:11,123: INFO/MainProcess] x",
            Some(THEN + 123),
        ),
        ("[rank0]:[W2026-11-22 x", None),
        ("INFO 2026-11-22 13:02:11 x", Some(THEN)),
        ("[1,0]<stderr>:2026-11-22 13:02:11 x", Some(THEN)),
        ("26/11/22 13:02:11 ERROR Executor: x", Some(THEN)),
        (
            "ip-10-0-1-2.eu-west-1.compute.internal 26/11/22 13:02:11 WARN x",
            Some(THEN),
        ),
        (
            "1.2.3.4 - - [22/Nov/2026:13:02:11 +0000] \"GET / HTTP/1.1\" 200",
            Some(THEN),
        ),
        (
            "1.2.3.4 - - [22/Nov/2026:14:02:11 +0100] \"GET / HTTP/1.1\" 200",
            Some(THEN),
        ),
        ("Nov 22 13:02:11 host app[7]: x", Some(THEN)),
        ("<13>Nov 22 13:02:11 host app[7]: x", Some(THEN)),
        (
            "[Sun Nov 22 13:02:11.123456 2026] [core:error] x",
            Some(THEN + 123),
        ),
        ("Nov  2 13:02:11 host x", Some(THEN - 20 * 86_400_000)),
        ("E1122 13:02:11.123456 17 x.cc:3] x", Some(THEN + 123)),
        ("ts=1795352531.25 level=info x", Some(THEN + 250)),
        ("time=\"2026-11-22T13:02:11Z\" level=info", Some(THEN)),
        (r#"{"level":"x","ts":1795352531.25}"#, Some(THEN + 250)),
        (
            r#"{"time":1795352531250,"msg":"2020-01-01 00:00:00"}"#,
            Some(THEN + 250),
        ),
        (
            r#"{"@timestamp":"2026-11-22T13:02:11Z","time":3}"#,
            Some(THEN),
        ),
        (
            r#"{"asctime": "2026-11-22 13:02:11,123"}"#,
            Some(THEN + 123),
        ),
        (r#"{"timestamp":"1795352531250"}"#, Some(THEN + 250)),
        (r#"{"time":1795352531250000000}"#, Some(THEN + 250)),
        (r#"{"msg":"2026-11-22 13:02:11 no other time"}"#, Some(THEN)),
    ] {
        assert_eq!(time_of(line.as_bytes(), &with_year()), at, "{line}");
    }
}

#[test]
fn what_is_no_time_of_the_line() {
    for line in [
        "[13:02:11] x",
        "13:02:11 x",
        "2026-11-22 x",
        "2026-13-22 13:02:11",
        "2026-02-29 13:02:11",
        "2026-11-22 25:02:11",
        "2026-11/22 13:02:11",
        "loaded the checkpoint of 2026-11-22 13:02:11",
        "model-2026-11-22 13:02:11",
        "12026-11-22 13:02:11",
        "2026-11-22 13:02:111",
        r#"{"epoch":3,"time":12.5}"#,
        "time=3.5s loss=0.4",
        "Epoch 3/10",
        "",
    ] {
        assert_eq!(time_of(line.as_bytes(), &with_year()), None, "{line}");
    }
    assert_eq!(
        time_of(b"Nov 22 13:02:11 host x", &Assumed::default()),
        None
    );
}

#[test]
fn a_zone_is_assumed_where_none_is_told() {
    let hour = 3_600_000;
    let fixed = Assumed {
        zone: TimeZone::fixed(jiff::tz::offset(1)),
        year: None,
    };
    assert_eq!(time_of(b"2026-11-22 14:02:11 x", &fixed), Some(THEN));
    assert_eq!(time_of(b"2026-11-22 13:02:11Z x", &fixed), Some(THEN));
    let berlin = Assumed {
        zone: TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap(),
        year: None,
    };
    assert_eq!(time_of(b"2026-11-22 14:02:11 x", &berlin), Some(THEN));
    assert_eq!(
        time_of(b"2026-07-22 14:02:11 x", &berlin),
        time_of(b"2026-07-22 13:02:11 x", &fixed)
    );
    assert_eq!(
        time_of(b"2026-07-22 14:02:11 x", &Assumed::default()).unwrap() - hour * 2,
        time_of(b"2026-07-22 14:02:11 x", &berlin).unwrap()
    );
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_read(line in r#"[0-9:/TZ ,.+\-\[\]{}"a-eNov]{0,60}"#) {
        let _ = time_of(line.as_bytes(), &with_year());
    }

    #[test]
    fn times_are_read_as_jiff_writes_them(ms in 0_i64..4_000_000_000_000) {
        let at = jiff::Timestamp::from_millisecond(ms).unwrap();
        let line = format!("{at} x");
        proptest::prop_assert_eq!(time_of(line.as_bytes(), &Assumed::default()), Some(ms));
    }
}
