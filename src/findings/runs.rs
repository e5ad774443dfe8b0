//! Rules on runs: what failed and was not made good since, and what moves for too long.

mod cause;
mod failed;
mod family;
mod links;
mod stuck;

#[cfg(test)]
mod tests;

use super::{Facts, Finding};
use family::Families;
use links::Links;

pub(super) fn findings(facts: &Facts<'_>) -> Vec<Finding> {
    let links = Links::of(facts.runs);
    let families = Families::of(facts.runs);
    let mut findings = failed::findings(facts, &links, &families);
    findings.extend(stuck::findings(facts, &links, &families));
    findings
}
