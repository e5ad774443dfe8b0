//! The arrows of the house (README, "the map of rooms"): who may name whom.

use super::scan::Named;

/// What each room may name besides itself. `runtime`, `cli`, `main` and the root stand above all.
const ARROWS: [(&str, &[&str]); 16] = [
    ("domain", &[]),
    ("findings", &["domain"]),
    ("lineage", &["domain"]),
    ("logs", &["domain"]),
    ("history", &["domain"]),
    ("sources", &["domain"]),
    ("simulator", &["domain", "sources"]),
    // Keymaps and themes are files too: read, and their mistakes told, as the config is.
    ("config", &["domain", "findings", "lineage"]),
    ("keys", &["domain", "config"]),
    ("theme", &["domain", "config"]),
    (
        "pollers",
        &["domain", "findings", "lineage", "logs", "sources", "store"],
    ),
    ("store", &["domain", "findings", "lineage", "logs", "keys"]),
    (
        "ui",
        &[
            "domain", "findings", "lineage", "logs", "keys", "theme", "store",
        ],
    ),
    ("terminal", &["domain", "keys", "config"]),
    ("runtime", ABOVE),
    ("cli", ABOVE),
];
const ABOVE: &[&str] = &["*"];

/// Crates by prefix, and the only places that may name them.
const ONLY_IN: [(&str, &[&str]); 5] = [
    ("aws_", &["sources/aws", "simulator"]),
    ("gix", &["sources/git"]),
    ("git2", &["sources/git", "simulator/repository"]),
    ("crossterm", &["terminal"]),
    (
        "ratatui",
        &["ui", "theme", "terminal", "runtime", "cli", "main.rs"],
    ),
];

/// Crates, and the places that must not name them.
const NEVER_IN: [(&str, &[&str]); 1] = [(
    "tokio",
    &[
        "domain", "findings", "lineage", "logs", "history", "store", "ui", "keys", "theme",
    ],
)];

const CLOCKS: [&str; 4] = ["SystemTime", "Instant", "Timestamp", "Zoned"];
const THE_CLOCK: &str = "domain/clock.rs";

pub const LONGEST_FILE: usize = 700;

/// What is wrong with a file, given its place under `src` (`sources/aws/mod.rs`) and the paths it names.
pub fn broken(place: &str, named: &[Named]) -> Vec<String> {
    let mut wrong = Vec::new();
    // tokio's clock stands still in tests, so it is not the one on the wall.
    let paused_clock = named
        .iter()
        .any(|n| n.imported && n.text() == "tokio::time::Instant");
    for name in named {
        let why = wrong_arrow(place, name)
            .or_else(|| wrong_crate(place, name))
            .or_else(|| second_clock(place, name, paused_clock));
        if let Some(why) = why {
            wrong.push(format!("src/{place}:{}: {}: {why}", name.line, name.text()));
        }
    }
    wrong
}

fn wrong_arrow(place: &str, name: &Named) -> Option<String> {
    let from = room(place);
    let to = match name.path.as_slice() {
        [root, to, ..] if root == "crate" => to.as_str(),
        _ => return None,
    };
    if matches!(from, "main" | "lib") || from == to {
        return None;
    }
    let Some((_, allowed)) = ARROWS.iter().find(|(room, _)| *room == from) else {
        return Some(format!(
            "the room {from} has no arrows yet (tests/architecture/rules.rs)"
        ));
    };
    let known = ARROWS.iter().any(|(room, _)| *room == to);
    let fine = !known || *allowed == ABOVE || allowed.contains(&to);
    (!fine).then(|| format!("{from} must not name {to}"))
}

fn wrong_crate(place: &str, name: &Named) -> Option<String> {
    // ratatui hands crossterm on.
    let through = usize::from(
        name.path.len() > 1 && name.path[0] == "ratatui" && name.path[1] == "crossterm",
    );
    let head = name.path.get(through)?;
    for (prefix, places) in ONLY_IN {
        let is_it = head == prefix || (prefix.ends_with('_') && head.starts_with(prefix));
        if is_it && !places.iter().any(|p| stands_in(place, p)) {
            return Some(format!("{head} is named only in {}", places.join(" and ")));
        }
    }
    for (krate, places) in NEVER_IN {
        if head == krate && places.iter().any(|p| stands_in(place, p)) {
            return Some(format!("{} must not name {krate}", room(place)));
        }
    }
    None
}

fn second_clock(place: &str, name: &Named, paused_clock: bool) -> Option<String> {
    let [.., clock, now] = name.path.as_slice() else {
        return None;
    };
    let reads = now == "now" && CLOCKS.contains(&clock.as_str());
    let paused = clock == "Instant" && (paused_clock || name.path[0] == "tokio");
    (reads && !paused && place != THE_CLOCK)
        .then(|| format!("the wall clock is read in {THE_CLOCK} only"))
}

/// `sources/aws` holds `sources/aws.rs`, `sources/aws/session.rs`; `simulator/repository` also `repository_files.rs`.
fn stands_in(place: &str, part: &str) -> bool {
    match place.strip_prefix(part) {
        Some(rest) if part.contains('/') => {
            rest.is_empty()
                || !rest.contains(char::is_alphanumeric)
                || rest.starts_with(['/', '.', '_'])
        }
        Some(rest) => rest.is_empty() || rest.starts_with(['/', '.']),
        None => false,
    }
}

fn room(place: &str) -> &str {
    place
        .split('/')
        .next()
        .map_or(place, |first| first.trim_end_matches(".rs"))
}
