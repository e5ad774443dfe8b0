//! Runs a query over records.

use super::parse::{Command, Program};
use super::pattern;
use super::record::Record;

/// Rows when nobody says how many, and the most there are.
const ROWS: usize = 10_000;

/// What a query found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// Each row brings its own fields.
    pub rows: Vec<Vec<(String, String)>>,
    /// Records that passed the filters.
    pub matched: usize,
}

pub fn run(program: &Program, mut records: Vec<Record>, limit: Option<usize>) -> Found {
    // The newest first, where nobody sorts.
    records.sort_by_key(|record| std::cmp::Reverse(record.at));
    let mut fields = vec![pair("@timestamp"), pair("@message")];
    let mut rows: Option<Vec<Vec<(String, String)>>> = None;
    let mut limit = limit.unwrap_or(ROWS).min(ROWS);
    let mut sorts = Vec::new();
    for command in &program.commands {
        match command {
            Command::Filter(condition) => records.retain(|record| condition.holds(record)),
            Command::Parse(field, regex) => {
                for record in &mut records {
                    parse(record, field, regex);
                }
            }
            Command::Fields(wanted) => fields.clone_from(wanted),
            Command::Stats(stats) => rows = Some(stats.rows(&records)),
            Command::Pattern(field) => rows = Some(pattern::rows(field, &records)),
            Command::Sort(column, descending) => sorts.push((column, *descending)),
            Command::Limit(n) => limit = (*n).min(limit),
        }
    }
    let matched = records.len();
    let is_plain = rows.is_none();
    let mut rows = rows.unwrap_or_else(|| records.iter().map(|r| row(r, &fields)).collect());
    for (column, descending) in sorts.into_iter().rev() {
        let value = |row: &Vec<(String, String)>| {
            let found = row.iter().find(|(name, _)| name == column);
            found.map(|(_, value)| value.clone())
        };
        rows.sort_by(|a, b| {
            let order = compare(value(a), value(b));
            if descending { order.reverse() } else { order }
        });
    }
    rows.truncate(limit);
    if !is_plain {
        for row in &mut rows {
            row.retain(|(name, _)| name != "@ptr");
        }
    }
    Found { rows, matched }
}

fn pair(name: &str) -> (String, String) {
    (name.to_owned(), name.to_owned())
}

fn row(record: &Record, fields: &[(String, String)]) -> Vec<(String, String)> {
    let wanted = fields
        .iter()
        .filter_map(|(field, shown)| Some((shown.clone(), record.field(field)?)));
    let pointer = record.field("@ptr").map(|ptr| ("@ptr".to_owned(), ptr));
    wanted.chain(pointer).collect()
}

/// Named groups become fields of the record.
fn parse(record: &mut Record, field: &str, regex: &regex::Regex) {
    let Some(value) = record.field(field) else {
        return;
    };
    let Some(captures) = regex.captures(&value) else {
        return;
    };
    for name in regex.capture_names().flatten() {
        if let Some(found) = captures.name(name) {
            let pair = (name.to_owned(), found.as_str().to_owned());
            record.parsed.push(pair);
        }
    }
}

fn compare(a: Option<String>, b: Option<String>) -> std::cmp::Ordering {
    let number = |text: &Option<String>| text.as_ref()?.parse::<f64>().ok();
    match (number(&a), number(&b)) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        _ => a.cmp(&b),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::simulator::moment::{MINUTE, Moment};

    fn records() -> Vec<Record> {
        [
            (0, "a", "epoch=1 loss=0.5"),
            (1, "b", "ERROR: out of memory"),
            (2, "a", "epoch=2 loss=0.25"),
            (7, "a", r#"{"level": "error", "ms": 120}"#),
        ]
        .map(|(minute, stream, message)| Record {
            at: Moment(1_763_906_400_000 + minute * MINUTE),
            ingested: Moment(0),
            group: "g".into(),
            stream: stream.into(),
            message: message.into(),
            account: "1".into(),
            parsed: Vec::new(),
        })
        .into()
    }

    /// Rows as `name=value` without the pointer.
    fn found(query: &str) -> Vec<String> {
        let program = Program::parse(query).unwrap();
        let rows = run(&program, records(), None).rows;
        rows.iter()
            .map(|row| {
                let cells = row.iter().filter(|(name, _)| name != "@ptr");
                let cells: Vec<String> = cells.map(|(n, v)| format!("{n}={v}")).collect();
                cells.join(" ")
            })
            .collect()
    }

    #[test]
    fn fields_filters_and_order() {
        assert_eq!(
            found(
                "fields @logStream as s | filter @message like /epoch=\\d/ | sort @timestamp asc"
            ),
            ["s=a", "s=a"]
        );
        assert_eq!(
            found("fields @message | filter @message like \"ERROR\" or level = 'error' | limit 1"),
            [r#"@message={"level": "error", "ms": 120}"#]
        );
        assert_eq!(
            found("fields ms | filter ms >= 100 and not (@logStream != \"a\")"),
            ["ms=120"]
        );
        assert_eq!(found("filter @message not like /e/").len(), 0);
    }

    #[test]
    fn what_filters_of_the_screen_are_made_of() {
        let levels = r#"filter (tolower(coalesce(level, severity)) in ["error", "fatal"] or @message like /\b(ERROR)\b/) | stats count(*)"#;
        assert_eq!(found(levels), ["count(*)=2"]);
        assert_eq!(found("filter ispresent(ms) | fields ms"), ["ms=120"]);
        assert_eq!(
            found("filter not ispresent(ms) | stats count(*)"),
            ["count(*)=3"]
        );
        assert_eq!(
            found("filter ms in [7, 120] or @message like /(?i)OUT/ | stats count(*)"),
            ["count(*)=2"]
        );
    }

    #[test]
    fn fields_parsed_out_of_text() {
        assert_eq!(
            found(
                r"parse @message /loss=(?<loss>[\d.]+)/ | filter ispresent(loss) | fields loss | sort loss asc"
            ),
            ["loss=0.25", "loss=0.5"]
        );
        assert_eq!(
            found(
                "parse @message \"epoch=* loss=*\" as e, l | stats max(e) as most, min(l) as least"
            ),
            ["most=2 least=0.25"]
        );
    }

    #[test]
    fn a_mistake_has_a_place() {
        for (query, at) in [
            ("filter a ~ 1", 9),
            ("fields @message | unmask x", 18),
            ("fields é, @message like", 19),
            ("filter @message like /open", 21),
            ("fields a |", 10),
        ] {
            assert_eq!(Program::parse(query).unwrap_err().at, at, "{query}");
        }
    }

    #[test]
    fn figures_of_groups() {
        assert_eq!(
            found("stats count(*) as n by @logStream | sort n desc"),
            ["@logStream=a n=3", "@logStream=b n=1"]
        );
        assert_eq!(
            found("stats count(*) by bin(5m)"),
            [
                "bin(5m)=2025-11-23 14:00:00.000 count(*)=3",
                "bin(5m)=2025-11-23 14:05:00.000 count(*)=1"
            ]
        );
        assert_eq!(found("stats max(ms), avg(ms) as a"), ["max(ms)=120 a=120"]);
    }

    #[test]
    fn patterns() {
        let rows = found("pattern @message");
        assert_eq!(
            rows[0],
            "@pattern=epoch=<*> loss=<*> @ratio=0.5000 @sampleCount=2 @severityLabel=NONE"
        );
        assert_eq!(rows.len(), 3);
    }

    #[test]
    fn what_is_not_known_is_malformed() {
        for query in [
            "",
            "unmask @message",
            "fields",
            "filter a ~ 1",
            "stats p99(x)",
            "limit x",
            "filter @message like /open",
            "fields a |",
        ] {
            assert!(Program::parse(query).is_err(), "{query}");
        }
    }
}
