//! Signs beside words: state is never told by colour alone.

use ratatui::symbols::line;

/// Every sign is one cell wide, in both sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glyphs {
    /// Failed, critical.
    pub act: &'static str,
    /// A warning.
    pub look: &'static str,
    /// Running, updating.
    pub moving: &'static str,
    /// Succeeded, healthy.
    pub good: &'static str,
    pub queued: &'static str,
    pub stopped: &'static str,
    /// A state that AWS has added since, or none at all.
    pub unknown: &'static str,

    /// Nobody has asked yet.
    pub never: &'static str,
    pub loading: &'static str,
    pub stale: &'static str,
    pub partial: &'static str,
    pub denied: &'static str,
    /// No credentials, or expired ones.
    pub locked: &'static str,
    pub offline: &'static str,

    /// The sign of a row that has just come.
    pub new_row: &'static str,
    pub sort_up: &'static str,
    pub sort_down: &'static str,
    /// What to do, or where it leads.
    pub arrow: &'static str,
    pub ellipsis: &'static str,
    /// Between two parts of a line.
    pub separator: &'static str,
    /// Where something may be missing between two rows.
    pub gap: &'static str,
    /// Lines are folded behind this one.
    pub folded: &'static str,
    pub bookmark: &'static str,
    /// The scroll bar's handle.
    pub thumb: &'static str,

    pub bar_full: &'static str,
    /// What is expected on top.
    pub bar_half: &'static str,
    pub bar_empty: &'static str,
    /// The limit inside a bar that goes past it.
    pub limit: &'static str,
    /// Small charts, from zero to the highest.
    pub spark: [&'static str; 8],
    pub border: line::Set<'static>,
}

const ASCII_BORDER: line::Set<'static> = line::Set {
    vertical: "|",
    horizontal: "-",
    top_right: "+",
    top_left: "+",
    bottom_right: "+",
    bottom_left: "+",
    vertical_left: "+",
    vertical_right: "+",
    horizontal_down: "+",
    horizontal_up: "+",
    cross: "+",
};

pub static UNICODE: Glyphs = Glyphs {
    act: "✗",
    look: "▲",
    moving: "●",
    good: "✓",
    queued: "○",
    stopped: "■",
    unknown: "◌",
    never: "·",
    loading: "…",
    stale: "◷",
    partial: "◐",
    denied: "⊘",
    locked: "⊗",
    offline: "≁",
    new_row: "▎",
    sort_up: "↑",
    sort_down: "↓",
    arrow: "→",
    ellipsis: "…",
    separator: "·",
    gap: "╌",
    folded: "▸",
    bookmark: "◆",
    thumb: "┃",
    bar_full: "█",
    bar_half: "▒",
    bar_empty: "░",
    limit: "┃",
    spark: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
    border: line::ROUNDED,
};

pub static ASCII: Glyphs = Glyphs {
    act: "x",
    look: "!",
    moving: "*",
    good: "+",
    queued: "o",
    stopped: "#",
    unknown: "?",
    never: ".",
    loading: "~",
    stale: "@",
    partial: "%",
    denied: "X",
    locked: "$",
    offline: "/",
    new_row: ">",
    sort_up: "^",
    sort_down: "v",
    arrow: ">",
    ellipsis: "~",
    separator: "-",
    gap: "-",
    folded: "+",
    bookmark: "&",
    thumb: "#",
    bar_full: "#",
    bar_half: "=",
    bar_empty: ".",
    limit: "|",
    spark: ["_", ".", ":", "-", "=", "+", "*", "#"],
    border: ASCII_BORDER,
};

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::*;

    fn all(glyphs: &Glyphs) -> Vec<&'static str> {
        let g = glyphs;
        let mut all = vec![
            g.act,
            g.look,
            g.moving,
            g.good,
            g.queued,
            g.stopped,
            g.unknown,
            g.never,
            g.loading,
            g.stale,
            g.partial,
            g.denied,
            g.locked,
            g.offline,
            g.new_row,
            g.sort_up,
            g.sort_down,
            g.arrow,
            g.ellipsis,
            g.separator,
            g.gap,
            g.folded,
            g.bookmark,
            g.thumb,
            g.bar_full,
            g.bar_half,
            g.bar_empty,
            g.limit,
        ];
        all.extend(g.spark);
        let b = g.border;
        all.extend([
            b.vertical,
            b.horizontal,
            b.top_left,
            b.top_right,
            b.bottom_left,
            b.bottom_right,
            b.cross,
        ]);
        all
    }

    #[test]
    fn every_sign_is_one_cell_wide() {
        for sign in all(&UNICODE).into_iter().chain(all(&ASCII)) {
            assert_eq!(sign.width(), 1, "{sign}");
        }
        assert!(all(&ASCII).iter().all(|sign| sign.is_ascii()));
    }

    #[test]
    fn states_are_told_apart_without_colour() {
        for g in [&UNICODE, &ASCII] {
            let states = [
                g.act, g.look, g.moving, g.good, g.queued, g.stopped, g.unknown, g.stale,
                g.partial, g.denied, g.locked, g.offline,
            ];
            let different: std::collections::BTreeSet<_> = states.iter().collect();
            assert_eq!(different.len(), states.len());
        }
    }
}
