//! What there is to say of one output that DVC tracks: its state in words, and the command that settles it.

use ratatui::layout::Rect;

use crate::domain::repository::{Output, OutputState};
use crate::store::tables::versions::where_stored;
use crate::theme::Role;
use crate::ui::cx::Cx;
use crate::ui::format;
use crate::ui::widgets::facts::{Fact, facts};
use crate::ui::widgets::notes::down;

use super::facts::{gap, lead};
use super::output_sign;

/// What the state means, and the command that settles it.
fn advice(output: &Output) -> (String, Option<String>) {
    let path = &output.path;
    let (says, does) = match output.state {
        OutputState::Clean if output.in_remote == Some(false) => (
            "Committed, but the remote does not have it: nobody else can reproduce this.",
            Some(format!("dvc push {path}")),
        ),
        OutputState::Clean => ("Workspace, lock and HEAD agree.", None),
        OutputState::Modified if output.stage.ends_with(".dvc") => (
            "Changed since it was last added.",
            Some(format!("dvc add {path}")),
        ),
        OutputState::Modified => (
            "Changed since the stage last ran: its lock no longer describes it.",
            Some(format!("dvc repro {}", output.stage)),
        ),
        OutputState::Uncommitted => (
            "A new version is locked, but not committed to Git.",
            Some("git commit the changed dvc.lock or .dvc file, then dvc push".to_owned()),
        ),
        OutputState::Deleted => (
            "Locked, but missing in the workspace.",
            Some(format!("dvc checkout {path}")),
        ),
        OutputState::NotProduced => (
            "Declared, but never produced.",
            Some(format!("dvc repro {}", output.stage)),
        ),
        OutputState::Unknown => (
            "The workspace was not compared.",
            Some("dvc status".to_owned()),
        ),
    };
    (says.to_owned(), does)
}

pub fn output(cx: &mut Cx<'_, '_>, area: Rect, output: &Output) -> u16 {
    let mut room = area;
    let (glyph, role) = output_sign(cx, output);
    let strong = if role == Role::Dim { Role::Text } else { role };
    let state = output.state.key().replace('_', " ");
    let (says, does) = advice(output);
    lead(cx, &mut room, strong, &format!("{glyph} {state}"), 1);
    lead(cx, &mut room, Role::Text, &says, 2);
    if let Some(does) = does {
        lead(
            cx,
            &mut room,
            Role::Strong,
            &format!("{} {does}", cx.glyphs().arrow),
            2,
        );
    }
    gap(&mut room);
    let hash = |hash: &Option<String>| hash.clone().unwrap_or_else(|| "none".to_owned());
    let differs = if output.head_hash == output.lock_hash {
        Role::Dim
    } else {
        Role::Look
    };
    let files = output
        .files
        .map(|n| format!(", {}", format::counted(n as usize, "file")))
        .unwrap_or_default();
    let list = [
        Fact::new("HEAD", hash(&output.head_hash)).role(Role::Dim),
        Fact::new("lock", hash(&output.lock_hash)).role(differs),
        Fact::new(
            "size",
            output
                .size_bytes
                .map(|n| format!("{}{files}", format::bytes(n)))
                .unwrap_or_default(),
        ),
        Fact::new("stage", output.stage.clone()),
        Fact::new("declared as", output.role.clone()),
        Fact::new("stored in", where_stored(output)),
    ];
    down(&mut room, |room| facts(cx, room, &list));
    room.y - area.y
}
