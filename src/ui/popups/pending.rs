//! Where a begun key sequence leads, at the bottom of the body.

use ratatui::layout::Rect;

use crate::theme::Role;
use crate::ui::cx::Cx;
use crate::ui::layout::{cut_bottom, margin};
use crate::ui::paint::Words;
use crate::ui::text;

use super::over;

pub fn draw(cx: &mut Cx<'_, '_>, body: Rect) {
    let keys = &cx.model.pending;
    let height = (keys.len() as u16).saturating_add(2).min(body.height);
    let width = keys
        .iter()
        .map(|key| text::width(&text::safe(&key.chord)) + text::width(&text::safe(&key.leads_to)))
        .max()
        .unwrap_or(0) as u16;
    let (_, low) = cut_bottom(body, height);
    let width = width.saturating_add(10).min(body.width);
    let area = Rect {
        x: low.right() - width,
        width,
        ..low
    };
    let title = cx.say(Role::Title, "then");
    let inner = over(cx, area, &title, &Words::new());
    let room = margin(inner, 1);
    for (i, key) in keys.iter().take(usize::from(room.height)).enumerate() {
        let words = cx
            .say(Role::Key, key.chord.clone())
            .join(cx.say(Role::Text, format!("  {}", key.leads_to)));
        cx.pen.words(room.x, room.y + i as u16, room.width, &words);
    }
}
