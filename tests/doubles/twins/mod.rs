//! The JSON twins say item by item what boto3 sees at the same doubles.

mod costs;
mod endpoints;
mod faults;
mod logs;
mod runs;
mod status;
mod versions;

use serde_json::Value;

use crate::support::account::{Account, Ended};

/// An answer of `flightdeck COMMAND --json`.
struct Twin {
    code: Option<i32>,
    whole: Value,
}

impl Twin {
    fn ask(account: &Account, region: &str, command: &[&str]) -> Self {
        let mut arguments = command.to_vec();
        arguments.extend(["--json", "--region", region]);
        let ended = account.flightdeck(&arguments);
        Self::of(&ended, command[0], region)
    }

    fn of(ended: &Ended, command: &str, region: &str) -> Self {
        let whole = ended.json();
        assert_eq!(whole["schema"], format!("flightdeck.{command}/1"));
        assert_eq!(whole["region"], region);
        assert!(moment(&whole["as_of"]).is_some(), "{}", whole["as_of"]);
        let twin = Self {
            code: ended.code,
            whole,
        };
        let expected = if twin.partial().is_empty() { 0 } else { 3 };
        assert_eq!(twin.code, Some(expected), "partial: {:#?}", twin.partial());
        for part in twin.partial() {
            let what = part["what"].as_str().unwrap();
            assert!(!what.contains('<'), "HTML reached the user: {what}");
        }
        twin
    }

    fn items(&self) -> &[Value] {
        self.whole["items"].as_array().unwrap()
    }

    fn partial(&self) -> &[Value] {
        self.whole["partial"].as_array().unwrap()
    }

    /// Operations that failed, with the kind of failure.
    fn failures(&self) -> Vec<(&str, &str)> {
        fn text(value: &Value) -> &str {
            value.as_str().unwrap()
        }
        self.partial()
            .iter()
            .map(|part| (text(&part["source"]), text(&part["kind"])))
            .collect()
    }

    fn of_type(&self, kind: &str) -> Vec<&Value> {
        self.items().iter().filter(|i| i["type"] == kind).collect()
    }
}

/// Seconds since 1970 of an RFC 3339 time; `None` for null.
fn moment(value: &Value) -> Option<i64> {
    let at: jiff::Timestamp = value.as_str()?.parse().unwrap();
    Some(at.as_second())
}

/// The one item with this member.
fn one<'a>(items: &'a [Value], member: &str, value: &Value) -> &'a Value {
    let mut found = items.iter().filter(|item| item[member] == *value);
    let first = found
        .next()
        .unwrap_or_else(|| panic!("no {member} {value}"));
    assert!(found.next().is_none(), "{member} {value} is there twice");
    first
}

fn close(left: &Value, right: f64) -> bool {
    left.as_f64()
        .is_some_and(|left| (left - right).abs() < 1e-6)
}
