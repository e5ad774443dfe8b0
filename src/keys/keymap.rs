//! Which chords run which commands, in which context.

use std::path::PathBuf;

use super::chord::{Chord, written};
use super::command::{Command, Context};

/// All bindings in force: an embedded keymap with the user's file over it.
#[derive(Clone, Debug)]
pub struct Keymap {
    name: String,
    /// In the order of preference: the user's own first.
    bindings: Vec<Binding>,
    /// Commands that have no key on purpose; the palette still runs them.
    unbound: Vec<Command>,
}

/// One line of a keymap file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Binding {
    pub context: Context,
    pub chords: Vec<Chord>,
    /// Run one after the other; never empty.
    pub commands: Vec<Command>,
    pub origin: Origin,
}

/// Where a binding was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Embedded, under this name.
    BuiltIn(&'static str),
    File(PathBuf),
}

/// What a stroke means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    Command(Command),
    /// A binding to several commands, to be run in this order.
    Commands(Vec<Command>),
    /// More strokes are needed: each one that goes on, and the commands it leads to.
    Pending(Vec<(Chord, Vec<Command>)>),
    /// Nothing; strokes that were pending are forgotten.
    None,
}

/// One line of the listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub context: Context,
    /// As keymap files write it; empty for a command without a key.
    pub chords: String,
    pub commands: Vec<Command>,
    /// `None` for a command without a key.
    pub origin: Option<Origin>,
}

impl Keymap {
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            bindings: Vec::new(),
            unbound: Vec::new(),
        }
    }

    /// As asked for in the config.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn rename(&mut self, name: &str) {
        name.clone_into(&mut self.name);
    }

    /// What `chord` means after the strokes in `pending`.
    ///
    /// `contexts` go from the innermost to the outermost, usually ending with `Global`. A whole sequence runs
    /// the command of the innermost context that has it; a beginning waits for what any of them goes on with.
    /// Where text is typed (`Input` is among them) a printable character is always text: the answer is `None`.
    pub fn resolve(&self, contexts: &[Context], pending: &[Chord], chord: Chord) -> Resolution {
        if contexts.contains(&Context::Input) && chord.text().is_some() {
            return Resolution::None;
        }
        let typed: Vec<Chord> = pending.iter().copied().chain([chord]).collect();
        let mut next: Vec<(Chord, Vec<Command>)> = Vec::new();
        for &context in contexts {
            let here = self.bindings.iter().filter(|b| b.context == context);
            for binding in here {
                match binding.chords.strip_prefix(typed.as_slice()) {
                    // A beginning that an inner context knows hides the whole of an outer one.
                    Some([]) if next.is_empty() => return run(&binding.commands),
                    Some([following, ..]) => add(&mut next, *following, &binding.commands),
                    _ => {}
                }
            }
        }
        if next.is_empty() {
            Resolution::None
        } else {
            Resolution::Pending(next)
        }
    }

    /// Every key that runs just this command, the preferred one first.
    pub fn chords_of(&self, command: Command) -> Vec<String> {
        self.bindings
            .iter()
            .filter(|binding| binding.commands == [command])
            .map(|binding| written(&binding.chords))
            .collect()
    }

    /// Everything in force by context, then what has no key.
    pub fn rows(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        for context in Context::ALL {
            let bound = self.bindings.iter().filter(|b| b.context == context);
            rows.extend(bound.map(|binding| Row {
                context,
                chords: written(&binding.chords),
                commands: binding.commands.clone(),
                origin: Some(binding.origin.clone()),
            }));
        }
        rows.extend(self.without_key().map(|command| Row {
            context: command.context(),
            chords: String::new(),
            commands: vec![command],
            origin: None,
        }));
        rows
    }

    fn without_key(&self) -> impl Iterator<Item = Command> {
        let all = Command::ALL.iter().copied();
        all.filter(|command| self.chords_of(*command).is_empty())
    }

    /// Commands that neither have a key nor are said to have none on purpose.
    pub fn forgotten(&self) -> Vec<Command> {
        self.without_key()
            .filter(|command| !self.unbound.contains(command))
            .collect()
    }

    pub(super) fn leave_unbound(&mut self, command: Command) {
        self.unbound.push(command);
    }

    /// Puts a file's bindings over those there are. An older binding that a new one equals, begins or
    /// continues is gone: the newer file means what it says.
    pub(super) fn overlay(&mut self, newer: Vec<Binding>) {
        self.bindings.retain(|old| {
            !newer.iter().any(|new| {
                new.context == old.context
                    && (new.chords.starts_with(&old.chords) || old.chords.starts_with(&new.chords))
            })
        });
        self.bindings.splice(0..0, newer);
    }

    /// Takes a binding away; false when there was none.
    pub(super) fn unbind(&mut self, context: Context, chords: &[Chord]) -> bool {
        let before = self.bindings.len();
        self.bindings
            .retain(|old| old.context != context || old.chords != chords);
        self.bindings.len() < before
    }
}

fn run(commands: &[Command]) -> Resolution {
    match commands {
        [one] => Resolution::Command(*one),
        several => Resolution::Commands(several.to_vec()),
    }
}

fn add(next: &mut Vec<(Chord, Vec<Command>)>, chord: Chord, commands: &[Command]) {
    match next.iter_mut().find(|(known, _)| *known == chord) {
        Some((_, known)) => known.extend(commands),
        None => next.push((chord, commands.to_vec())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(keymap: &Keymap, contexts: &[Context], keys: &str) -> Resolution {
        let chords = Chord::sequence(keys).unwrap();
        let (last, pending) = chords.split_last().unwrap();
        keymap.resolve(contexts, pending, *last)
    }

    #[test]
    fn the_innermost_context_decides() {
        let keymap = Keymap::builtin("default").unwrap();
        let lines = [Context::Lines, Context::List, Context::Global];
        assert_eq!(
            resolve(&keymap, &lines, "e"),
            Resolution::Command(Command::NextError)
        );
        assert_eq!(
            resolve(&keymap, &lines[1..], "e"),
            Resolution::Command(Command::ShowError)
        );
        assert_eq!(
            resolve(&keymap, &lines, "q"),
            Resolution::Command(Command::Quit)
        );
        assert_eq!(resolve(&keymap, &[Context::Global], "e"), Resolution::None);
    }

    #[test]
    fn a_beginning_waits_for_what_any_context_goes_on_with() {
        let keymap = Keymap::builtin("vim").unwrap();
        let contexts = [Context::List, Context::Global];
        let Resolution::Pending(next) = resolve(&keymap, &contexts, "g") else {
            unreachable!("g begins several sequences");
        };
        let shown: Vec<_> = next
            .iter()
            .map(|(chord, commands)| (chord.to_string(), commands.as_slice()))
            .collect();
        assert_eq!(
            shown,
            [
                ("g".to_owned(), [Command::Top].as_slice()),
                ("t".to_owned(), &[Command::NextScreen]),
                ("T".to_owned(), &[Command::PreviousScreen]),
            ]
        );
        assert_eq!(
            resolve(&keymap, &contexts, "g T"),
            Resolution::Command(Command::PreviousScreen)
        );
        assert_eq!(resolve(&keymap, &contexts, "g x"), Resolution::None);
    }

    #[test]
    fn a_printable_character_in_a_text_field_is_text() {
        let contexts = [Context::Input, Context::Global];
        for name in Keymap::names() {
            let keymap = Keymap::builtin(name).unwrap();
            for c in ' '..='~' {
                let chord = Chord::plain(super::super::Key::Char(c));
                assert_eq!(keymap.resolve(&contexts, &[], chord), Resolution::None);
            }
            assert_eq!(
                resolve(&keymap, &contexts, "enter"),
                Resolution::Command(Command::Submit)
            );
        }
    }

    #[test]
    fn the_listing_has_every_command() {
        let keymap = Keymap::builtin("default").unwrap();
        let rows = keymap.rows();
        for command in Command::ALL {
            assert!(
                rows.iter().any(|row| row.commands.contains(command)),
                "{}",
                command.name()
            );
        }
        let keyless: Vec<_> = rows.iter().filter(|row| row.origin.is_none()).collect();
        assert_eq!(keyless.len(), 1);
        assert_eq!(keyless[0].commands, [Command::RefreshCosts]);
    }

    #[test]
    fn no_chord_hides_a_longer_one_where_both_are_in_force() {
        use Context::{Global, Lines, List, Popup};
        for name in Keymap::names() {
            let keymap = Keymap::builtin(name).unwrap();
            for stack in [&[Lines, List, Global][..], &[Popup, Global]] {
                let inside = |b: &&Binding| stack.contains(&b.context);
                for a in keymap.bindings.iter().filter(inside) {
                    for b in keymap.bindings.iter().filter(inside) {
                        let hidden =
                            a.chords.len() < b.chords.len() && b.chords.starts_with(&a.chords);
                        assert!(!hidden, "{name}: {a:?} hides {b:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn letters_kept_free_are_free() {
        for name in Keymap::names() {
            let keymap = Keymap::builtin(name).unwrap();
            for context in [Context::List, Context::Global] {
                for key in ["w", "t"] {
                    assert_eq!(
                        resolve(&keymap, &[context], key),
                        Resolution::None,
                        "{name}"
                    );
                }
            }
        }
    }
}
