//! Runs of the same thing: what came after a failure, and how long it takes when it goes well.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::domain::run::{Run, RunKind, RunStatus};

/// Runs by kind and family.
pub struct Families<'a> {
    runs: &'a [Run],
    /// Which of `groups` the run at an index belongs to.
    group_of: Vec<usize>,
    /// Indices, newest run first.
    groups: Vec<Vec<usize>>,
}

impl<'a> Families<'a> {
    pub fn of(runs: &'a [Run]) -> Self {
        let mut numbers: HashMap<(RunKind, &str), usize> = HashMap::with_capacity(runs.len());
        let mut groups: Vec<Vec<usize>> = Vec::new();
        let mut group_of = Vec::with_capacity(runs.len());
        for (index, run) in runs.iter().enumerate() {
            let number = *numbers
                .entry((run.kind, stem(&run.family)))
                .or_insert_with(|| {
                    groups.push(Vec::new());
                    groups.len() - 1
                });
            groups[number].push(index);
            group_of.push(number);
        }
        for group in &mut groups {
            group.sort_by_key(|&i| std::cmp::Reverse(start(&runs[i])));
        }
        Self {
            runs,
            group_of,
            groups,
        }
    }

    /// Indices of the runs of the family of the run at `index`, newest first, that one among them.
    pub fn members(&self, index: usize) -> &[usize] {
        &self.groups[self.group_of[index]]
    }

    /// Half of the successful runs of the family took at most so many seconds; `None` with fewer than three.
    pub fn median_success_s(&self, index: usize) -> Option<i64> {
        let mut lengths: Vec<i64> = self
            .members(index)
            .iter()
            .map(|&member| &self.runs[member])
            .filter(|r| is_success(r.status))
            .filter_map(|r| Some(r.ended_at?.as_second() - r.started_at?.as_second()))
            .collect();
        if lengths.len() < 3 {
            return None;
        }
        let middle = lengths.len() / 2;
        Some(*lengths.select_nth_unstable(middle).1)
    }
}

pub fn is_success(status: RunStatus) -> bool {
    matches!(
        status,
        RunStatus::Succeeded | RunStatus::SucceededWithIssues
    )
}

pub fn start(run: &Run) -> Option<Timestamp> {
    run.started_at.or(run.ended_at)
}

/// The name without the time that SageMaker's SDK appends to it: `churn-2026-11-22-13-02-11-123` is `churn`.
fn stem(family: &str) -> &str {
    let mut digits = [0; 8];
    let mut count = 0;
    let mut at = family.len();
    // From the end: groups of digits, each after a hyphen.
    while count < digits.len() {
        let Some(hyphen) = family[..at].rfind('-') else {
            break;
        };
        let group = &family[hyphen + 1..at];
        if group.is_empty() || !group.bytes().all(|b| b.is_ascii_digit()) {
            break;
        }
        digits[count] = group.len();
        count += 1;
        at = hyphen;
        let date_time = matches!(&digits[..count], [2, 2, 2, 2, 2, 4] | [3, 2, 2, 2, 2, 2, 4]);
        if date_time && at > 0 {
            return &family[..at];
        }
    }
    family
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn appended_times_are_no_part_of_the_family() {
        for (name, expected) in [
            ("churn-2026-11-22-13-02-11-123", "churn"),
            ("churn-xgb-2026-11-22-13-02-11", "churn-xgb"),
            ("churn-2026-11-22", "churn-2026-11-22"),
            ("2026-11-22-13-02-11", "2026-11-22-13-02-11"),
            ("churn-1-2-3-4-5-6-7-8-9", "churn-1-2-3-4-5-6-7-8-9"),
            ("学習-2026-11-22-13-02-11-123", "学習"),
            ("", ""),
            ("-", "-"),
        ] {
            assert_eq!(stem(name), expected, "{name}");
        }
    }
}
