//! What stands in a keymap file: tables by context with `"chords" = "command"`.

use toml::de::DeValue;

use super::chord::{Chord, written};
use super::command::{Command, Context};
use super::keymap::{Binding, Keymap, Origin};
use crate::config::{ConfigProblem, Document, Entry, kind_of, nearest};

/// A command that takes the binding away.
const NONE: &str = "none";

/// Puts a file over a keymap. Lines with mistakes are told and left out.
pub(super) fn read(
    document: &Document<'_>,
    origin: &Origin,
    keymap: &mut Keymap,
    problems: &mut Vec<ConfigProblem>,
) {
    let mut reader = Reader {
        document,
        origin,
        read: Vec::new(),
        problems,
    };
    for entry in document.entries() {
        let context = Context::ALL.into_iter().find(|c| c.key() == entry.key);
        match (entry.key, context, entry.entries()) {
            (_, Some(context), Some(lines)) => {
                for line in lines {
                    reader.line(context, &line, keymap);
                }
            }
            (key, Some(_), None) => reader.tell_value(&entry, format!("expected a table: [{key}]")),
            ("inherits", ..) => {}
            ("unbound", ..) => {
                for command in reader.commands(&entry, entry.value).unwrap_or_default() {
                    keymap.leave_unbound(command);
                }
            }
            (unknown, ..) => {
                let known = Context::ALL.iter().map(|c| c.key());
                let near = nearest(unknown, known.chain(["inherits", "unbound"]));
                let problem = document.key_problem(&entry, "unknown context");
                reader.problems.push(problem.suggest(near));
            }
        }
    }
    let bindings = reader
        .read
        .into_iter()
        .map(|(binding, _)| binding)
        .collect();
    keymap.overlay(bindings);
}

struct Reader<'r> {
    document: &'r Document<'r>,
    origin: &'r Origin,
    /// Bindings of this file with their lines.
    read: Vec<(Binding, Option<usize>)>,
    problems: &'r mut Vec<ConfigProblem>,
}

impl Reader<'_> {
    fn tell_key(&mut self, entry: &Entry<'_>, message: impl Into<String>) {
        self.problems
            .push(self.document.key_problem(entry, message));
    }

    fn tell_value(&mut self, entry: &Entry<'_>, message: impl Into<String>) {
        self.problems
            .push(self.document.value_problem(entry, message));
    }

    fn line(&mut self, context: Context, entry: &Entry<'_>, keymap: &mut Keymap) {
        let chords = match Chord::sequence(entry.key) {
            Ok(chords) => chords,
            Err(bad) => return self.tell_key(entry, bad.to_string()),
        };
        if entry.value.as_str() == Some(NONE) {
            if !keymap.unbind(context, &chords) {
                self.tell_key(entry, "nothing is bound to it");
            }
            return;
        }
        if context == Context::Input && chords.first().is_some_and(|c| c.text().is_some()) {
            return self.tell_key(
                entry,
                "a printable character is text here; use it with ctrl or alt",
            );
        }
        let value = match entry.value {
            DeValue::Table(table) if table.len() == 1 => {
                table.get("run").map_or(entry.value, |run| run.get_ref())
            }
            value => value,
        };
        let Some(commands) = self.commands(entry, value) else {
            return;
        };
        if let Some(stranger) = commands.iter().find(|c| !belongs(c.context(), context)) {
            let message = format!(
                "`{}` means nothing in [{}]; it belongs to [{}]",
                stranger.name(),
                context.key(),
                stranger.context().key()
            );
            return self.tell_value(entry, message);
        }
        self.bind(context, entry, chords, commands);
    }

    fn bind(
        &mut self,
        context: Context,
        entry: &Entry<'_>,
        chords: Vec<Chord>,
        commands: Vec<Command>,
    ) {
        let clash = self.read.iter().find(|(other, _)| {
            other.context == context
                && (chords.starts_with(&other.chords) || other.chords.starts_with(&chords))
        });
        if let Some((other, line)) = clash {
            let other = written(&other.chords);
            let line = line.map_or_else(String::new, |line| format!(" in line {line}"));
            let verb = if chords.len() < Chord::sequence(&other).map_or(0, |c| c.len()) {
                "is hidden by it"
            } else {
                "hides it"
            };
            return self.tell_key(entry, format!("`{other}`{line} {verb}"));
        }
        let line = self.document.key_problem(entry, "").line;
        let binding = Binding {
            context,
            chords,
            commands,
            origin: self.origin.clone(),
        };
        self.read.push((binding, line));
    }

    /// The commands a value names; a mistake is told.
    fn commands(&mut self, entry: &Entry<'_>, value: &DeValue<'_>) -> Option<Vec<Command>> {
        let names: Option<Vec<&str>> = match value {
            DeValue::String(name) => Some(vec![name]),
            DeValue::Array(list) if !list.is_empty() => {
                list.iter().map(|item| item.get_ref().as_str()).collect()
            }
            _ => None,
        };
        let Some(names) = names else {
            let found = match value {
                DeValue::Array(_) => "something else in the list",
                other => kind_of(other),
            };
            let message =
                format!("expected a command, a list of commands, or {{ run = … }}, found {found}");
            self.tell_value(entry, message);
            return None;
        };
        let mut commands = Vec::new();
        for name in names {
            let Some(command) = Command::from_name(name) else {
                let near = nearest(name, Command::ALL.iter().map(|c| c.name()));
                let message = format!("unknown command {name:?}");
                let problem = self.document.value_problem(entry, message);
                self.problems.push(problem.suggest(near));
                return None;
            };
            commands.push(command);
        }
        Some(commands)
    }
}

/// Whether a command of one context means something in the table of another.
///
/// Global ones do everywhere; the line view moves like a list.
fn belongs(command: Context, table: Context) -> bool {
    command == table
        || command == Context::Global
        || (command == Context::List && table == Context::Lines)
}
