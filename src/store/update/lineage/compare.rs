//! What differs between what serves and HEAD, and between two variants.

use crate::domain::lineage::Thing;
use crate::domain::lineage::difference::{Between, Side};
use crate::domain::source_error::Answer;
use crate::findings::Subject;
use crate::lineage::difference::difference;

use super::super::super::effect::Effect;
use super::super::super::list::ListState;
use super::super::super::model::Model;
use super::super::super::model::lineage::CompareRoom;
use super::super::super::model::nav::Pane;
use super::super::super::model::versions::VersionsSection;
use super::super::super::msg::Notice;
use super::super::super::rows;
use super::super::lists;
use super::open::to_section;
use super::{awaited, keep_serving};

/// The key for it: compares what the selected endpoint or variant serves with HEAD; pressed again, the next pair.
pub fn show_difference(model: &mut Model) -> Vec<Effect> {
    let on_screen = matches!(model.nav.focus, Pane::VersionList | Pane::VersionDetail)
        && model.versions.section == VersionsSection::Compare;
    if on_screen && !model.lineage.compare.pairs.is_empty() {
        let compare = &mut model.lineage.compare;
        compare.at = (compare.at + 1) % compare.pairs.len();
        return start(model);
    }
    let Some((endpoint, variant)) = selected(model) else {
        let text = "select an endpoint or a variant to see what differs from HEAD";
        model.notices.push(model.now, Notice::info(text));
        return Vec::new();
    };
    let effects = keep_serving(model);
    let pairs = pairs(model, &endpoint, variant.as_deref());
    if pairs.is_empty() {
        let text = format!("{endpoint}: what it serves is not known yet");
        model.notices.push(model.now, Notice::info(text));
        return effects;
    }
    let mut effects = effects;
    effects.extend(to_section(model, VersionsSection::Compare));
    model.lineage.compare = CompareRoom {
        pairs,
        ..CompareRoom::default()
    };
    effects.extend(start(model));
    effects
}

/// The endpoint, and the variant where one is selected.
fn selected(model: &Model) -> Option<(String, Option<String>)> {
    match model.nav.focus {
        Pane::Findings => match &rows::selected_finding(model)?.subject {
            Subject::Endpoint { name, variant } => Some((name.clone(), variant.clone())),
            _ => None,
        },
        Pane::EndpointList | Pane::EndpointDetail => {
            let name = rows::selected_endpoint(model)?.endpoint.name.clone();
            let variant = rows::selected_variant(model)
                .filter(|_| model.nav.focus == Pane::EndpointDetail)
                .map(|variant| variant.name.clone());
            Some((name, variant))
        }
        Pane::VersionList | Pane::VersionDetail
            if model.versions.section == VersionsSection::Lineage =>
        {
            match rows::selected_lineage(model)?.thing()? {
                Thing::Variant { endpoint, name } => Some((endpoint.clone(), Some(name.clone()))),
                Thing::Endpoint { name } => Some((name.clone(), None)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Each variant with HEAD, the selected one first; then each variant with the next.
fn pairs(model: &Model, endpoint: &str, first: Option<&str>) -> Vec<(Side, Side)> {
    let mut served: Vec<_> = model
        .lineage
        .serving
        .iter()
        .filter(|serving| serving.endpoint == endpoint)
        .collect();
    served.sort_by_key(|serving| Some(serving.variant.as_str()) != first);
    let head = model.versions.repository.value().map(|repository| Side {
        label: match &repository.head.branch {
            Some(branch) => format!("HEAD ({branch})"),
            None => "HEAD".to_owned(),
        },
        commit: repository.head.commit.clone(),
        image: None,
        model: None,
    });
    let mut pairs: Vec<(Side, Side)> = Vec::new();
    if let Some(head) = head {
        pairs.extend(served.iter().map(|s| (s.side(), head.clone())));
    }
    pairs.extend(served.windows(2).map(|two| (two[0].side(), two[1].side())));
    pairs
}

/// Asks for what the shown pair needs.
fn start(model: &mut Model) -> Vec<Effect> {
    let compare = &mut model.lineage.compare;
    compare.between = awaited();
    compare.asked = None;
    compare.list = ListState::default();
    let mut effects = keep_serving(model);
    effects.extend(again(model));
    lists::settle(model, Pane::VersionList);
    effects
}

/// Compares with what is known now.
pub fn again(model: &mut Model) -> Vec<Effect> {
    let room = &mut model.lineage;
    let Some((from, to)) = room.compare.pairs.get(room.compare.at).cloned() else {
        return Vec::new();
    };
    let known = |side: &Side| {
        let facts = room.code.commit(side.commit.as_deref()?)?;
        Some(facts.id.clone())
    };
    let mut effects = Vec::new();
    let ids = known(&from).zip(known(&to));
    if let Some((from, to)) = ids.filter(|ids| room.compare.asked.as_ref() != Some(ids)) {
        room.compare.asked = Some((from.clone(), to.clone()));
        effects.push(Effect::Between { from, to });
    }
    let between = room.compare.between.value();
    room.compare.difference = Some(difference(from, to, &room.code, between));
    effects
}

/// Git has compared two commits.
pub fn between(
    model: &mut Model,
    from: String,
    to: String,
    answer: Answer<Between>,
) -> Vec<Effect> {
    let now = model.now;
    let compare = &mut model.lineage.compare;
    if compare.asked != Some((from, to)) {
        return Vec::new();
    }
    compare.between.receive(now, answer);
    model.changed = true;
    let effects = again(model);
    lists::settle(model, Pane::VersionList);
    effects
}
