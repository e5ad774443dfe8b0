//! Which files make a keymap: an embedded one, and the user's over it.

use std::path::Path;

use super::keymap::{Keymap, Origin};
use super::read::read;
use crate::config::{ConfigProblem, Document, nearest};

/// The embedded keymaps: name and text.
const BUILT_IN: [(&str, &str); 3] = [
    ("default", include_str!("../../keymaps/default.toml")),
    ("vim", include_str!("../../keymaps/vim.toml")),
    ("emacs", include_str!("../../keymaps/emacs.toml")),
];

impl Keymap {
    /// The names of the embedded keymaps.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BUILT_IN.iter().map(|(name, _)| *name)
    }

    /// An embedded keymap.
    pub fn builtin(name: &str) -> Option<Self> {
        Some(embedded(name)?.0)
    }

    /// The keymap of that name with the user's file over it.
    ///
    /// A file may say `inherits = "vim"`; without that it lies over the embedded keymap of the same name, or over
    /// `default`. Whatever is wrong is told, and what is right stays in force: there is always a keymap.
    pub fn load(name: &str, user_file: Option<&Path>) -> (Self, Vec<ConfigProblem>) {
        let Some(file) = user_file else {
            return base(name, Some(name));
        };
        match std::fs::read_to_string(file) {
            Ok(text) => Self::with_overlay(name, file, &text),
            Err(error) => {
                let (keymap, mut problems) = base(name, Some(name));
                problems.push(ConfigProblem::of_file(file, error.to_string()));
                (keymap, problems)
            }
        }
    }

    /// The same with the user's file as text.
    fn with_overlay(name: &str, file: &Path, text: &str) -> (Self, Vec<ConfigProblem>) {
        let own = file.file_stem().is_some_and(|stem| stem == name);
        let wanted = (!own || embedded(name).is_some()).then_some(name);
        let document = match Document::parse(file, text) {
            Ok(document) => document,
            Err(mut problems) => {
                let (keymap, more) = base(name, wanted);
                problems.extend(more);
                return (keymap, problems);
            }
        };
        let parent = inherited(&document);
        let (mut keymap, mut problems) = match parent {
            Some(Ok(parent)) => base(name, Some(parent)),
            _ => base(name, wanted),
        };
        problems.extend(parent.and_then(Result::err));
        let origin = Origin::File(file.to_owned());
        read(&document, &origin, &mut keymap, &mut problems);
        (keymap, problems)
    }
}

/// The embedded keymap called `wanted` (`default` when nothing special is), under the name the user knows.
fn base(name: &str, wanted: Option<&str>) -> (Keymap, Vec<ConfigProblem>) {
    let wanted = wanted.unwrap_or("default");
    let mut problems = Vec::new();
    let found = embedded(wanted).map(|(keymap, _)| keymap).or_else(|| {
        problems.push(
            ConfigProblem::of_file(
                Path::new(&format!("keymap {wanted}")),
                "there is no keymap of this name",
            )
            .suggest(nearest(wanted, Keymap::names())),
        );
        Keymap::builtin("default")
    });
    let mut keymap = found.unwrap_or_else(|| Keymap::new(wanted));
    if problems.is_empty() {
        keymap.rename(name);
    }
    (keymap, problems)
}

/// An embedded keymap, and what is wrong with it (nothing, as a test demands).
fn embedded(name: &str) -> Option<(Keymap, Vec<ConfigProblem>)> {
    let (name, text) = *BUILT_IN.iter().find(|(known, _)| *known == name)?;
    let mut keymap = Keymap::new(name);
    let path = format!("keymaps/{name}.toml");
    let problems = match Document::parse(Path::new(&path), text) {
        Ok(document) => {
            let mut problems = Vec::new();
            read(
                &document,
                &Origin::BuiltIn(name),
                &mut keymap,
                &mut problems,
            );
            problems
        }
        Err(problems) => problems,
    };
    Some((keymap, problems))
}

/// What the file says it lies over; an unknown name is a problem.
fn inherited<'d>(document: &'d Document<'_>) -> Option<Result<&'d str, ConfigProblem>> {
    let entries = document.entries();
    let entry = entries.into_iter().find(|entry| entry.key == "inherits")?;
    let Some(name) = entry.value.as_str() else {
        return Some(Err(
            document.value_problem(&entry, "expected the name of a keymap")
        ));
    };
    Some(if Keymap::names().any(|known| known == name) {
        Ok(name)
    } else {
        Err(document
            .value_problem(&entry, "there is no keymap of this name")
            .suggest(nearest(name, Keymap::names())))
    })
}

#[cfg(test)]
mod tests {
    use super::super::chord::Chord;
    use super::super::command::{Command, Context};
    use super::super::keymap::Resolution;
    use super::*;

    fn overlay(name: &str, file: &str, text: &str) -> (Keymap, Vec<String>) {
        let (keymap, problems) = Keymap::with_overlay(name, Path::new(file), text);
        (keymap, problems.iter().map(ToString::to_string).collect())
    }

    fn list(keymap: &Keymap, keys: &str) -> Resolution {
        let chords = Chord::sequence(keys).unwrap();
        let (last, pending) = chords.split_last().unwrap();
        keymap.resolve(&[Context::List, Context::Global], pending, *last)
    }

    #[test]
    fn embedded_keymaps_have_no_problem_and_forget_no_command() {
        for name in Keymap::names() {
            let (keymap, problems) = embedded(name).unwrap();
            assert_eq!(problems, [], "{name}");
            assert_eq!(keymap.forgotten(), [], "{name}");
        }
    }

    #[test]
    fn the_users_file_goes_first_and_unbinds() {
        let (keymap, problems) = overlay(
            "default",
            "keymap.toml",
            "[global]\n\"x\" = \"quit\"\n\"ctrl-c\" = \"none\"\n[list]\n\"J\" = [\"down\", \"down\"]\n\"D\" = { run = \"page-down\" }\n",
        );
        assert_eq!(problems, [""; 0]);
        assert_eq!(keymap.chords_of(Command::Quit), ["x", "q"]);
        assert_eq!(
            list(&keymap, "J"),
            Resolution::Commands(vec![Command::Down, Command::Down])
        );
        assert_eq!(list(&keymap, "D"), Resolution::Command(Command::PageDown));
        assert_eq!(list(&keymap, "j"), Resolution::Command(Command::Down));
    }

    #[test]
    fn a_users_key_is_not_hidden_by_an_embedded_sequence() {
        let (keymap, _) = overlay("default", "keymap.toml", "[list]\n\"g\" = \"top\"\n");
        assert_eq!(list(&keymap, "g"), Resolution::Command(Command::Top));
    }

    #[test]
    fn each_mistake_is_told_and_the_rest_works() {
        let (keymap, problems) = overlay(
            "default",
            "keymap.toml",
            "[global]\n\"ctrl-cc\" = \"quit\"\n\"x\" = \"quitt\"\n\"X\" = \"quit\"\n\"ctrl-t\" = 3\n\"F\" = \"none\"\n[lst]\n[list]\n\"a\" = \"down\"\n\"a b\" = \"up\"\n[input]\n\"x\" = \"cancel\"\n[global.\"u\"]\nrum = 1\n[popup]\n\"J\" = \"down\"\n",
        );
        assert_eq!(
            problems,
            [
                "keymap.toml:2: `global.ctrl-cc`: \"ctrl-cc\" is no key; keys look like `j`, `ctrl-d`, `enter`, `g g`",
                "keymap.toml:3: `global.x`: unknown command \"quitt\"; did you mean `quit`?",
                "keymap.toml:5: `global.ctrl-t`: expected a command, a list of commands, or { run = … }, found a whole number",
                "keymap.toml:6: `global.F`: nothing is bound to it",
                "keymap.toml:13: `global.u`: expected a command, a list of commands, or { run = … }, found a table",
                "keymap.toml:7: `lst`: unknown context; did you mean `list`?",
                "keymap.toml:10: `list.a b`: `a` in line 9 hides it",
                "keymap.toml:12: `input.x`: a printable character is text here; use it with ctrl or alt",
                "keymap.toml:16: `popup.J`: `down` means nothing in [popup]; it belongs to [list]",
            ]
        );
        assert_eq!(keymap.chords_of(Command::Quit), ["X", "q", "ctrl-c"]);
    }

    #[test]
    fn a_name_of_ones_own_inherits() {
        let (keymap, problems) = overlay(
            "mine",
            "keymaps/mine.toml",
            "inherits = \"vim\"\n[global]\n\"x\" = \"quit\"\n",
        );
        assert_eq!(problems, [""; 0]);
        assert_eq!(keymap.name(), "mine");
        assert!(keymap.chords_of(Command::Quit).contains(&"Z Z".to_owned()));
        let (keymap, problems) = overlay("mine", "keymaps/mine.toml", "");
        assert_eq!((keymap.name(), problems.len()), ("mine", 0));
        assert_eq!(list(&keymap, "j"), Resolution::Command(Command::Down));
    }

    #[test]
    fn there_is_always_a_keymap() {
        let (keymap, problems) = Keymap::load("vimm", None);
        assert_eq!(keymap.name(), "default");
        assert_eq!(
            problems[0].to_string(),
            "keymap vimm: there is no keymap of this name; did you mean `vim`?"
        );
        let (keymap, problems) = overlay("vim", "keymap.toml", "[global\n");
        assert_eq!(keymap.name(), "vim");
        assert!(problems[0].starts_with("keymap.toml:1: "), "{problems:?}");
        let (keymap, problems) = Keymap::load("vim", Some(Path::new("/nowhere/keymap.toml")));
        assert_eq!((keymap.name(), problems.len()), ("vim", 1));
        let (_, problems) = overlay("default", "keymap.toml", "inherits = \"emac\"\n");
        assert_eq!(
            problems,
            ["keymap.toml:1: `inherits`: there is no keymap of this name; did you mean `emacs`?"]
        );
    }

    proptest::proptest! {
        #[test]
        fn no_file_makes_the_loader_panic(text in "(\\PC|\n|\\[global\\]\n|\"g g\" = \"top\"\n|\\[input\\]\n)*") {
            let (keymap, _) = Keymap::with_overlay("default", Path::new("k"), &text);
            proptest::prop_assert!(!keymap.rows().is_empty());
        }
    }
}
