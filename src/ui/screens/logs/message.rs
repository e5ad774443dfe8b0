//! What is shown of a line's text: its fields or the text itself, in its colours, without its secrets.

use std::ops::Range;

use ratatui::style::Style;

use crate::domain::log::LogLevel;
use crate::logs::mask::Masker;
use crate::logs::told::WindowLine;
use crate::theme::Role;
use crate::ui::cx::Cx;
use crate::ui::text;

use super::chosen::chosen;
use super::styled::{Styled, styled};

/// The colours of a message, or of a part of it, of as much of it as can be on screen.
pub fn interpret(
    cx: &Cx<'_, '_>,
    line: &WindowLine,
    part: Option<Range<usize>>,
    level: Option<LogLevel>,
    cells: usize,
) -> Styled {
    // Enough for colour sequences and combining characters.
    let bytes = cells.saturating_mul(8).saturating_add(1024);
    let colours = cx.style(Role::Act).fg.is_some();
    let room = &cx.model.logs;
    let masker = (!room.reveal).then_some(&*room.masker);
    let chosen = (!room.raw).then(|| chosen(&line.text, masker)).flatten();
    let part = part.filter(|part| chosen.is_none() && part.len() < line.text.len());
    let part = part.map(|part| covered_part(&line.text, part, masker));
    let message = part.as_deref().or(chosen.as_deref()).unwrap_or(&line.text);
    let message = text::head(message.trim_end_matches(['\n', '\r']), bytes);
    styled(message, base_style(cx, level), colours, masker)
}

/// A part of a text; what is secret in the whole is masked in it.
fn covered_part(text: &str, part: Range<usize>, masker: Option<&Masker>) -> String {
    let mut shown = String::new();
    let mut from = part.start;
    for secret in masker.map(|masker| masker.find(text)).unwrap_or_default() {
        if secret.end <= from || secret.start >= part.end {
            continue;
        }
        shown.push_str(&text[from..secret.start.max(from)]);
        shown.push_str("••••");
        from = secret.end.min(part.end);
    }
    shown.push_str(&text[from..part.end]);
    shown
}

fn base_style(cx: &Cx<'_, '_>, level: Option<LogLevel>) -> Style {
    cx.style(match level {
        Some(LogLevel::Error) => Role::LogError,
        Some(LogLevel::Warn) => Role::LogWarn,
        Some(LogLevel::Info) | None => Role::LogInfo,
        Some(LogLevel::Debug | LogLevel::Trace) => Role::LogDebug,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_secret_is_secret() {
        let text = "-----BEGIN RSA PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0\n-----END RSA PRIVATE KEY-----\ndone";
        let masker = Masker::default();
        let part = |part| covered_part(text, part, Some(&masker));
        let key = text.find("MII").unwrap()..text.find("\n-----END").unwrap();
        assert!(!part(key.clone()).contains("MII"), "{}", part(key.clone()));
        assert_eq!(covered_part(text, key, None), "MIIEvQIBADANBgkqhkiG9w0");
        assert_eq!(part(text.len() - 4..text.len()), "done");
    }
}
