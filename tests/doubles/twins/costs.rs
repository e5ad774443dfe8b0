use std::collections::BTreeMap;

use super::super::seen;
use super::{Twin, close, one};
use crate::support::account::Account;
use crate::support::doubles::{REGIONS, shared};

#[test]
fn month_to_date_by_service_and_by_day_and_budgets() {
    let account = Account::of(shared());
    for seeded in REGIONS {
        let seen = seen(&seeded);
        let twin = Twin::ask(&account, seeded.region, &["costs"]);
        let (mut services, mut days, mut total) = (BTreeMap::new(), BTreeMap::new(), 0.0);
        for cell in seen["costs"]["cells"].as_array().unwrap() {
            let amount = cell["amount"].as_f64().unwrap();
            *services
                .entry(cell["service"].as_str().unwrap())
                .or_insert(0.0) += amount;
            *days.entry(cell["day"].as_str().unwrap()).or_insert(0.0) += amount;
            total += amount;
        }
        let month = twin.of_type("month");
        assert_eq!(month.len(), 1);
        assert!(
            close(&month[0]["amount"], total),
            "{} is not {total}",
            month[0]
        );
        assert_eq!(month[0]["unit"], "USD");
        for (kind, member, expected) in [("service", "service", services), ("day", "day", days)] {
            let ours = twin.of_type(kind);
            assert_eq!(ours.len(), expected.len());
            for item in ours {
                let theirs = expected[item[member].as_str().unwrap()];
                assert!(close(&item["amount"], theirs), "{item} is not {theirs}");
            }
        }
        let budgets: Vec<_> = twin.of_type("budget").into_iter().cloned().collect();
        let expected = seen["costs"]["budgets"].as_array().unwrap();
        assert_eq!(budgets.len(), expected.len());
        for theirs in expected {
            let ours = one(&budgets, "name", &theirs["name"]);
            for member in ["limit", "actual", "forecast"] {
                let amount = theirs[member].as_f64().unwrap();
                assert!(close(&ours[member]["amount"], amount), "{member} of {ours}");
            }
        }
        // No double has a forecast; it is missed, not made up.
        assert_eq!(month[0]["forecast"], serde_json::Value::Null);
    }
}
