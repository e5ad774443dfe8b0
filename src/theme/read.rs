//! What stands in a theme file: `[palette]` names colours, `[roles]` gives styles to meanings.

use std::collections::BTreeMap;

use ratatui::style::{Modifier, Style};
use toml::de::DeValue;

use super::color::{self, Tint};
use super::role::Role;
use super::support::ColorSupport;
use crate::config::{ConfigProblem, Document, Entry, kind_of, nearest};

/// Files laid over one another. Roles name colours of the palette, so changing the palette changes them all.
#[derive(Clone, Debug, Default)]
pub(super) struct Layers {
    palette: BTreeMap<String, Tint>,
    roles: BTreeMap<Role, Spec>,
}

/// A style as written.
#[derive(Clone, Debug, Default, PartialEq)]
struct Spec {
    fg: Option<String>,
    bg: Option<String>,
    modifiers: Modifier,
    /// What to do instead where there are sixteen colours.
    ansi: Option<Box<Spec>>,
}

const MODIFIERS: [(&str, Modifier); 5] = [
    ("bold", Modifier::BOLD),
    ("dim", Modifier::DIM),
    ("italic", Modifier::ITALIC),
    ("underline", Modifier::UNDERLINED),
    ("reverse", Modifier::REVERSED),
];

impl Layers {
    /// Puts a file over what there is. Lines with mistakes are told and left out.
    pub fn read(&mut self, document: &Document<'_>, problems: &mut Vec<ConfigProblem>) {
        let tables = document.entries();
        let mut reader = Reader {
            layers: self,
            document,
            problems,
        };
        for table in &tables {
            match (table.key, table.entries()) {
                ("palette", Some(colors)) => colors.iter().for_each(|entry| reader.color(entry)),
                ("palette" | "roles", None) => {
                    let message = format!("expected a table: [{}]", table.key);
                    reader.tell_value(table, message, None);
                }
                ("roles" | "inherits", _) => {}
                (unknown, _) => {
                    let near = nearest(unknown, ["inherits", "palette", "roles"]);
                    reader.tell_key(table, "unknown key", near);
                }
            }
        }
        // Roles may name colours that stand further down.
        for table in tables.iter().filter(|table| table.key == "roles") {
            for entry in table.entries().unwrap_or_default() {
                reader.role(&entry);
            }
        }
    }

    /// The style of a role, or of its parent.
    pub fn style(&self, role: Role, support: ColorSupport) -> Option<Style> {
        match self.roles.get(&role) {
            Some(spec) => Some(self.shown(spec, support)),
            None => self.style(role.parent()?, support),
        }
    }

    fn shown(&self, spec: &Spec, support: ColorSupport) -> Style {
        let spec = match &spec.ansi {
            Some(ansi) if support == ColorSupport::Ansi16 => ansi,
            _ => spec,
        };
        let color = |name: &Option<String>| self.tint(name.as_deref()?)?.shown(support);
        let mut style = Style::new().add_modifier(spec.modifiers);
        style.fg = color(&spec.fg);
        style.bg = color(&spec.bg);
        style
    }

    fn tint(&self, name: &str) -> Option<Tint> {
        let own = self.palette.get(name).copied();
        own.or_else(|| color::parse(name).map(Tint::from))
    }
}

struct Reader<'r> {
    layers: &'r mut Layers,
    document: &'r Document<'r>,
    problems: &'r mut Vec<ConfigProblem>,
}

impl Reader<'_> {
    fn tell_key(&mut self, entry: &Entry<'_>, message: &str, near: Option<&str>) {
        let problem = self.document.key_problem(entry, message);
        self.problems.push(problem.suggest(near));
    }

    fn tell_value(&mut self, entry: &Entry<'_>, message: impl Into<String>, near: Option<&str>) {
        let problem = self.document.value_problem(entry, message);
        self.problems.push(problem.suggest(near));
    }

    /// `red = "#ff6b6b"`, or with a choice for sixteen colours: `red = ["#ff6b6b", "bright-red"]`.
    fn color(&mut self, entry: &Entry<'_>) {
        let (full, ansi) = match entry.value {
            DeValue::String(full) => (Some(full.as_ref()), None),
            DeValue::Array(pair) if pair.len() == 2 => {
                let part = |i: usize| pair.get(i).and_then(|v| v.get_ref().as_str());
                (part(0), Some(part(1).unwrap_or_default()))
            }
            _ => (None, None),
        };
        let Some(full) = full else {
            let message = format!(
                "expected a colour, or a pair of them (the second for 16 colours), found {}",
                kind_of(entry.value)
            );
            return self.tell_value(entry, message, None);
        };
        for name in [Some(full), ansi].into_iter().flatten() {
            if color::parse(name).is_none() {
                return self.unknown_color(entry, name);
            }
        }
        let Some(tint) = color::parse(full).map(Tint::from) else {
            return;
        };
        let tint = match ansi.and_then(color::parse) {
            Some(ansi) => Tint { ansi, ..tint },
            None => tint,
        };
        self.layers.palette.insert(entry.key.to_owned(), tint);
    }

    fn unknown_color(&mut self, entry: &Entry<'_>, name: &str) {
        let message = format!("unknown colour {name:?}; colours look like \"#5fafff\" or \"red\"");
        let near = nearest(name, self.layers.palette.keys().map(String::as_str))
            .or_else(|| nearest(name, color::names()))
            .map(str::to_owned);
        self.tell_value(entry, message, near.as_deref());
    }

    fn role(&mut self, entry: &Entry<'_>) {
        let Some(role) = Role::from_name(entry.key) else {
            let near = nearest(entry.key, Role::ALL.iter().map(|role| role.name()));
            return self.tell_key(entry, "unknown role", near);
        };
        if let Some(spec) = self.spec(entry) {
            self.layers.roles.insert(role, spec);
        }
    }

    /// `act = "red"`, or `act = { fg = "red", bold = true }`.
    fn spec(&mut self, entry: &Entry<'_>) -> Option<Spec> {
        let mut spec = Spec::default();
        if entry.value.as_str().is_some() {
            spec.fg = Some(self.known_color(entry)?);
            return Some(spec);
        }
        let Some(parts) = entry.entries() else {
            let message = format!(
                "expected a colour or a table with fg, bg, bold ..., found {}",
                kind_of(entry.value)
            );
            self.tell_value(entry, message, None);
            return None;
        };
        for part in parts {
            let modifier = MODIFIERS.iter().find(|(name, _)| *name == part.key);
            match (part.key, modifier, part.value) {
                ("fg", ..) => spec.fg = Some(self.known_color(&part)?),
                ("bg", ..) => spec.bg = Some(self.known_color(&part)?),
                ("ansi", ..) => spec.ansi = Some(Box::new(self.spec(&part)?)),
                (_, Some((_, modifier)), DeValue::Boolean(on)) => {
                    spec.modifiers.set(*modifier, *on);
                }
                (_, Some(_), other) => {
                    let message = format!("expected true or false, found {}", kind_of(other));
                    self.tell_value(&part, message, None);
                    return None;
                }
                (unknown, ..) => {
                    let names = MODIFIERS.iter().map(|(name, _)| *name);
                    let near = nearest(unknown, names.chain(["fg", "bg", "ansi"]));
                    self.tell_key(&part, "unknown key", near);
                    return None;
                }
            }
        }
        Some(spec)
    }

    fn known_color(&mut self, entry: &Entry<'_>) -> Option<String> {
        let Some(name) = entry.value.as_str() else {
            let message = format!("expected a colour, found {}", kind_of(entry.value));
            self.tell_value(entry, message, None);
            return None;
        };
        if self.layers.tint(name).is_none() {
            self.unknown_color(entry, name);
            return None;
        }
        Some(name.to_owned())
    }
}
