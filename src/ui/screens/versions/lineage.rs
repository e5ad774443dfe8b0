//! The lineage of one thing as a tree, and what differs between two sides.

use ratatui::layout::Rect;

use crate::domain::lineage::Thing;
use crate::domain::lineage::difference::Change;
use crate::domain::lineage::graph::How;
use crate::keys::command::Command;
use crate::lineage::serving;
use crate::lineage::tree::What;
use crate::store::model::nav::Pane;
use crate::store::tables::lineage::{
    CHANGE_COLUMNS, LINEAGE_COLUMNS, LineageRow, changes, lineage_rows,
};
use crate::theme::Role;
use crate::ui::condition::Condition;
use crate::ui::cx::Cx;
use crate::ui::layout::cut_top;
use crate::ui::screens::list::ListPane;
use crate::ui::widgets::facts::{Fact, facts, heading};
use crate::ui::widgets::notes::{Empty, down, prose};

use super::title;

pub fn tree(cx: &mut Cx<'_, '_>, area: Rect) {
    let (title, mut after) = title(cx);
    let room = &cx.model.lineage;
    if room.tracing {
        after.push(" · asking on", cx.style(Role::Moving));
    }
    let rows = lineage_rows(room);
    let empty = match room.root {
        Some(_) => Empty::new("Nothing is known of it yet."),
        None => Empty::new("No lineage is open.").key(
            Command::ShowLineage,
            "on an endpoint, a run, a model, an image, a commit or data opens its own",
        ),
    };
    ListPane {
        pane: Pane::VersionList,
        title,
        after,
        noun: "thing",
        what: "the lineage",
        items: &rows,
        columns: LINEAGE_COLUMNS,
        list: &room.list,
        own_order: "",
        condition: &condition(cx),
        empty,
        sign: &|cx, row: &LineageRow<'_>| match &row.row.what {
            What::Node { children, .. } if row.folded && *children > 0 => {
                (cx.glyphs().folded, Role::Strong)
            }
            What::Missing(_) => (cx.glyphs().unknown, Role::Dim),
            What::Node { .. } | What::More(_) => (" ", Role::Dim),
        },
        tint: &|row, column, _| match (&row.row.what, column) {
            (What::Missing(_) | What::More(_) | What::Node { again: true, .. }, _) => {
                Some(Role::Dim)
            }
            (What::Node { node, .. }, "thing") => match &row.graph.nodes[*node].thing {
                Thing::Commit { .. } => Some(Role::Series4),
                Thing::Data { .. } => Some(Role::Series1),
                _ => None,
            },
            (What::Node { evidence, .. }, "how") => match evidence.map(|e| e.how) {
                Some(How::Inferred { .. }) => Some(Role::Look),
                _ => Some(Role::Dim),
            },
            (_, "note" | "why" | "when") => Some(Role::Dim),
            _ => None,
        },
    }
    .draw(cx, area);
}

fn condition<'m>(cx: &Cx<'m, '_>) -> Condition<'m> {
    let room = &cx.model.lineage;
    let mut condition = Condition::of(&room.trace);
    if room.root.is_none() {
        // Nothing was asked: that is no state to tell of.
        condition = Condition::all([]);
        condition.kind = crate::ui::condition::Kind::Fresh;
    }
    condition
}

/// The selected row in full: what it is, how it is known, and the line that is missing.
pub fn detail(cx: &mut Cx<'_, '_>, mut room: Rect, row: &LineageRow<'_>) -> u16 {
    let start = room.y;
    let at = |cx: &Cx<'_, '_>, at: Option<jiff::Timestamp>| {
        at.map(|at| cx.time_and_age(at)).unwrap_or_default()
    };
    match &row.row.what {
        What::Node { node, evidence, .. } => {
            let place = *node;
            let node = &row.graph.nodes[place];
            if let Some(serving) = serving::of(row.graph, place, &cx.model.lineage.code) {
                let sentence = serving.sentence();
                down(&mut room, |room| {
                    prose(cx, room, Role::Strong, &sentence, 4)
                });
                room = cut_top(room, 1).1;
            }
            let mut list = vec![
                Fact::new("kind", node.thing.kind().replace('_', " ")),
                Fact::new("name", node.name.clone()).whole(),
                Fact::new("note", node.note.clone()).whole(),
                Fact::new("when", at(cx, node.at)),
            ];
            if let Some(evidence) = evidence {
                list.push(Fact::new("known", evidence.how.words()));
                list.push(Fact::new("because", evidence.why.clone()).whole());
            }
            list.push(
                Fact::new("id", identity(&node.thing))
                    .role(Role::Dim)
                    .whole(),
            );
            list.push(Fact::new("ARN", node.arn.clone()).role(Role::Dim).whole());
            down(&mut room, |room| facts(cx, room, &list));
            let missing: Vec<_> = row
                .graph
                .missing
                .iter()
                .filter(|missing| missing.product == place)
                .collect();
            for missing in missing {
                room = cut_top(room, 1).1;
                down(&mut room, |room| {
                    add(cx, room, &missing.what, &missing.mend)
                });
            }
        }
        What::Missing(missing) => {
            down(&mut room, |room| {
                add(cx, room, &missing.what, &missing.mend)
            });
        }
        What::More(more) => {
            let line = format!("{more} more are not shown");
            down(&mut room, |room| prose(cx, room, Role::Dim, &line, 2));
        }
    }
    room.y - start
}

fn identity(thing: &Thing) -> String {
    let id = thing.id();
    let plain = id.split_once(':').map_or(id.as_str(), |(_, rest)| rest);
    plain.to_owned()
}

fn add(cx: &mut Cx<'_, '_>, mut room: Rect, what: &str, mend: &str) -> u16 {
    let start = room.y;
    down(&mut room, |room| prose(cx, room, Role::Look, what, 4));
    if !mend.is_empty() {
        let key = cx.key(Command::CopyName).unwrap_or_default();
        let note = cx.say(Role::Dim, format!("{key} copies it on its row"));
        down(&mut room, |room| {
            heading(cx, room, "The line to add", &note)
        });
        down(&mut room, |room| prose(cx, room, Role::Text, mend, 12));
    }
    room.y - start
}

pub fn differences(cx: &mut Cx<'_, '_>, area: Rect) {
    let (title, after) = title(cx);
    let room = &cx.model.lineage;
    let empty = match &room.compare.difference {
        Some(_) => Empty::new("Nothing differs that could be compared."),
        None => Empty::new("Nothing is compared.").key(
            Command::ShowDifference,
            "on an endpoint compares what it serves with HEAD",
        ),
    };
    let mut condition = Condition::of(&room.compare.between);
    // Without two commits there is nothing to ask Git for.
    if room.compare.asked.is_none() && !room.asking_code {
        condition = Condition::all([]);
        condition.kind = crate::ui::condition::Kind::Fresh;
    }
    ListPane {
        pane: Pane::VersionList,
        title,
        after,
        noun: "difference",
        what: "what differs",
        items: changes(room),
        columns: CHANGE_COLUMNS,
        list: &room.compare.list,
        own_order: "",
        condition: &condition,
        empty,
        sign: &|_, _: &Change| (" ", Role::Dim),
        tint: &|_, column, _| matches!(column, "area" | "from").then_some(Role::Dim),
    }
    .draw(cx, area);
}

/// The two sides, how far they are apart, and what could not be compared.
pub fn sides(cx: &mut Cx<'_, '_>, mut room: Rect) -> u16 {
    let start = room.y;
    let compare = &cx.model.lineage.compare;
    let Some((from, to)) = compare.pairs.get(compare.at) else {
        return 0;
    };
    for (label, side) in [("from", from), ("to", to)] {
        let commit = side.commit.as_deref().unwrap_or("not known");
        let list = [
            Fact::new(label, side.label.clone()).role(Role::Strong),
            Fact::new("model", side.model.clone().unwrap_or_default()),
            Fact::new("commit", commit),
            Fact::new("image", side.image.clone().unwrap_or_default()).role(Role::Dim),
        ];
        down(&mut room, |room| facts(cx, room, &list));
        room = cut_top(room, 1).1;
    }
    if let Some(between) = compare.between.value() {
        let line = match (between.commits, between.commits_back) {
            (0, 0) => "the same commit".to_owned(),
            (n, 0) => format!("{n} commits lie between"),
            (0, n) => format!("{n} commits lie between, backwards"),
            (n, back) => format!("{n} commits on one side, {back} on the other"),
        };
        down(&mut room, |room| prose(cx, room, Role::Text, &line, 2));
    }
    if let Some(difference) = &compare.difference {
        let mut counts: Vec<(&str, usize)> = Vec::new();
        for change in &difference.changes {
            match counts
                .iter_mut()
                .find(|(area, _)| *area == change.area.key())
            {
                Some((_, n)) => *n += 1,
                None => counts.push((change.area.key(), 1)),
            }
        }
        let counts: Vec<String> = counts
            .iter()
            .map(|(area, n)| format!("{n} {area}"))
            .collect();
        let line = match counts.is_empty() {
            true => "nothing differs".to_owned(),
            false => format!("differ: {}", counts.join(", ")),
        };
        down(&mut room, |room| prose(cx, room, Role::Text, &line, 2));
        for gap in &difference.gaps {
            down(&mut room, |room| prose(cx, room, Role::Look, gap, 3));
        }
    }
    if compare.pairs.len() > 1 {
        let key = cx.key(Command::ShowDifference).unwrap_or_default();
        let line = format!(
            "{key}: the next of {} comparisons ({} is shown)",
            compare.pairs.len(),
            compare.at + 1
        );
        room = cut_top(room, 1).1;
        down(&mut room, |room| prose(cx, room, Role::Dim, &line, 2));
    }
    room.y - start
}
