//! Which files make a theme: an embedded one or one of the user's, over what it inherits.

use std::path::{Path, PathBuf};

use super::read::Layers;
use super::support::ColorSupport;
use super::{Theme, glyphs};
use crate::config::{ConfigProblem, Document, nearest};

/// The embedded themes: name and text.
const BUILT_IN: [(&str, &str); 5] = [
    ("dark", include_str!("../../themes/dark.toml")),
    ("light", include_str!("../../themes/light.toml")),
    ("contrast", include_str!("../../themes/contrast.toml")),
    ("colorblind", include_str!("../../themes/colorblind.toml")),
    ("mono", include_str!("../../themes/mono.toml")),
];

/// What everything falls back to.
const DEFAULT: &str = "dark";
/// What is used where there are no colours.
const COLORLESS: &str = "mono";
/// Themes that inherit from each other in a circle end here.
const DEEPEST: usize = 8;

impl Theme {
    /// The names of the embedded themes, then those of the user's folder.
    pub fn names(user_dir: Option<&Path>) -> Vec<String> {
        let mut names: Vec<String> = BUILT_IN.iter().map(|(name, _)| (*name).into()).collect();
        let files = user_dir.and_then(|dir| std::fs::read_dir(dir).ok());
        let mut own: Vec<String> = files
            .into_iter()
            .flatten()
            .filter_map(|entry| {
                let path = entry.ok()?.path();
                let theme = path.extension().is_some_and(|ext| ext == "toml");
                theme.then(|| path.file_stem()?.to_str().map(str::to_owned))?
            })
            .filter(|name| !names.contains(name))
            .collect();
        own.sort();
        names.extend(own);
        names
    }

    /// An embedded theme.
    pub fn builtin(name: &str, support: ColorSupport, ascii: bool) -> Option<Self> {
        let (name, _) = *BUILT_IN.iter().find(|(known, _)| *known == name)?;
        Some(Self::load(name, None, support, ascii).0)
    }

    /// The theme of that name with the user's file over it. Whatever is wrong is told, and what is right stays
    /// in force: there is always a theme. Without colours it is `mono`, whatever the name.
    pub fn load(
        name: &str,
        user_dir: Option<&Path>,
        support: ColorSupport,
        ascii: bool,
    ) -> (Self, Vec<ConfigProblem>) {
        let name = match support {
            ColorSupport::None => COLORLESS,
            _ => name,
        };
        let mut loader = Loader {
            user_dir,
            problems: Vec::new(),
        };
        let (name, layers) = match loader.layers(name, 0) {
            Some(layers) => (name, layers),
            None => {
                let known = Self::names(user_dir);
                let near = nearest(name, known.iter().map(String::as_str));
                let nothing = PathBuf::from(format!("theme {name}"));
                let problem = ConfigProblem::of_file(&nothing, "there is no theme of this name");
                loader.problems.push(problem.suggest(near));
                (DEFAULT, loader.layers(DEFAULT, 0).unwrap_or_default())
            }
        };
        let signs = if ascii {
            &glyphs::ASCII
        } else {
            &glyphs::UNICODE
        };
        let theme = Self::new(name, &layers, support, signs);
        (theme, loader.problems)
    }
}

struct Loader<'l> {
    user_dir: Option<&'l Path>,
    problems: Vec<ConfigProblem>,
}

impl Loader<'_> {
    /// A theme with all it inherits; `None` when there is none of this name.
    fn layers(&mut self, name: &str, depth: usize) -> Option<Layers> {
        let own = self.user_text(name);
        let built_in = BUILT_IN.iter().find(|(known, _)| *known == name);
        match (own, built_in) {
            (Some((file, text)), Some((_, embedded))) => {
                // The user's file lies over the embedded one, unless it says over what else.
                let below = |loader: &mut Self| {
                    let file = format!("themes/{name}.toml");
                    loader.read(Path::new(&file), embedded, name, depth, |_| {
                        Layers::default()
                    })
                };
                Some(self.read(&file, &text, name, depth, below))
            }
            (Some((file, text)), None) => Some(self.read(&file, &text, name, depth, |loader| {
                loader.layers(DEFAULT, depth + 1).unwrap_or_default()
            })),
            (None, Some((_, embedded))) => {
                let file = format!("themes/{name}.toml");
                Some(self.read(Path::new(&file), embedded, name, depth, |_| {
                    Layers::default()
                }))
            }
            (None, None) => None,
        }
    }

    fn user_text(&mut self, name: &str) -> Option<(PathBuf, String)> {
        let file = self.user_dir?.join(format!("{name}.toml"));
        match std::fs::read_to_string(&file) {
            Ok(text) => Some((file, text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => {
                self.problems
                    .push(ConfigProblem::of_file(&file, error.to_string()));
                None
            }
        }
    }

    /// One file over what it inherits, or over `below` where it does not say.
    fn read(
        &mut self,
        file: &Path,
        text: &str,
        name: &str,
        depth: usize,
        below: impl FnOnce(&mut Self) -> Layers,
    ) -> Layers {
        let document = match Document::parse(file, text) {
            Ok(document) => document,
            Err(problems) => {
                self.problems.extend(problems);
                return below(self);
            }
        };
        let mut layers = match self.inherited(&document, name, depth) {
            Some(layers) => layers,
            None => below(self),
        };
        layers.read(&document, &mut self.problems);
        layers
    }

    fn inherited(&mut self, document: &Document<'_>, name: &str, depth: usize) -> Option<Layers> {
        let entries = document.entries();
        let entry = entries.iter().find(|entry| entry.key == "inherits")?;
        let Some(parent) = entry.value.as_str() else {
            self.problems
                .push(document.value_problem(entry, "expected the name of a theme"));
            return None;
        };
        if parent == name {
            return None;
        }
        if depth >= DEEPEST {
            self.problems
                .push(document.value_problem(entry, "themes inherit from each other in a circle"));
            return None;
        }
        let layers = self.layers(parent, depth + 1);
        if layers.is_none() {
            let known = Theme::names(self.user_dir);
            let near = nearest(parent, known.iter().map(String::as_str));
            let problem = document.value_problem(entry, "there is no theme of this name");
            self.problems.push(problem.suggest(near));
        }
        layers
    }
}

#[cfg(test)]
mod tests {
    use ratatui::style::{Color, Modifier};

    use super::super::Role;
    use super::*;

    const SUPPORTS: [ColorSupport; 4] = [
        ColorSupport::TrueColor,
        ColorSupport::Ansi256,
        ColorSupport::Ansi16,
        ColorSupport::None,
    ];

    fn load(dir: &Path, name: &str) -> (Theme, Vec<String>) {
        let (theme, problems) = Theme::load(name, Some(dir), ColorSupport::TrueColor, false);
        (theme, problems.iter().map(ConfigProblem::short).collect())
    }

    fn dir_with(files: &[(&str, &str)]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(dir.path().join(name), text).unwrap();
        }
        dir
    }

    #[test]
    fn every_theme_has_every_role_on_every_terminal() {
        for name in Theme::names(None) {
            let mut loader = Loader {
                user_dir: None,
                problems: Vec::new(),
            };
            let layers = loader.layers(&name, 0).unwrap();
            assert_eq!(loader.problems, [], "{name}");
            for &role in Role::ALL {
                for support in SUPPORTS {
                    assert!(
                        layers.style(role, support).is_some(),
                        "{name}: {}",
                        role.name()
                    );
                }
            }
        }
    }

    #[test]
    fn what_matters_differs_from_text_in_every_theme() {
        for name in Theme::names(None) {
            for support in SUPPORTS {
                let theme = Theme::builtin(&name, support, false).unwrap();
                let text = theme.style(Role::Text);
                for role in [
                    Role::Act,
                    Role::Look,
                    Role::Strong,
                    Role::Selected,
                    Role::Key,
                ] {
                    assert_ne!(
                        theme.style(role),
                        text,
                        "{name} {support:?} {}",
                        role.name()
                    );
                }
                let differ = [
                    (Role::Act, Role::Look),
                    (Role::Border, Role::BorderFocus),
                    (Role::Selected, Role::SelectedUnfocused),
                ];
                for (a, b) in differ {
                    assert_ne!(theme.style(a), theme.style(b), "{name} {support:?}");
                }
            }
        }
    }

    #[test]
    fn without_colours_there_are_none() {
        for name in Theme::names(None) {
            let (theme, _) = Theme::load(&name, None, ColorSupport::None, true);
            assert_eq!(theme.name(), "mono");
            for &role in Role::ALL {
                let style = theme.style(role);
                assert_eq!((style.fg, style.bg), (None, None), "{}", role.name());
            }
            assert_eq!(theme.glyphs().act, "x");
        }
    }

    #[test]
    fn sixteen_colours_are_the_users_own_sixteen() {
        for name in Theme::names(None) {
            let theme = Theme::builtin(&name, ColorSupport::Ansi16, false).unwrap();
            for &role in Role::ALL {
                let style = theme.style(role);
                for color in [style.fg, style.bg].into_iter().flatten() {
                    assert!(
                        !matches!(color, Color::Rgb(..) | Color::Indexed(_)),
                        "{name}: {}",
                        role.name()
                    );
                }
            }
        }
    }

    #[test]
    fn the_users_file_lies_over_the_embedded_one() {
        let dir = dir_with(&[(
            "dark.toml",
            "[palette]\nred = \"#010203\"\n[roles]\nlog-warn = { fg = \"red\", italic = true }\n",
        )]);
        let (theme, problems) = load(dir.path(), "dark");
        assert_eq!(problems, [""; 0]);
        assert_eq!(theme.style(Role::Act).fg, Some(Color::Rgb(1, 2, 3)));
        assert_eq!(theme.style(Role::LogError).fg, Some(Color::Rgb(1, 2, 3)));
        assert!(
            theme
                .style(Role::LogWarn)
                .add_modifier
                .contains(Modifier::ITALIC)
        );
        assert_eq!(
            theme.style(Role::Moving),
            Theme::default().style(Role::Moving)
        );
    }

    #[test]
    fn a_theme_of_ones_own_inherits() {
        let dir = dir_with(&[
            (
                "mine.toml",
                "inherits = \"light\"\n[roles]\nact = \"#010203\"\n",
            ),
            ("ours.toml", "inherits = \"mine\"\n"),
            ("a.toml", "inherits = \"b\"\n"),
            ("b.toml", "inherits = \"a\"\n"),
            ("notes.txt", ""),
        ]);
        let (theme, problems) = load(dir.path(), "ours");
        assert_eq!((theme.name(), problems.len()), ("ours", 0));
        assert_eq!(theme.style(Role::Act).fg, Some(Color::Rgb(1, 2, 3)));
        assert_eq!(
            theme.style(Role::Text).fg,
            Some(Color::Rgb(0x24, 0x29, 0x2f))
        );
        let (theme, problems) = load(dir.path(), "a");
        assert_eq!(theme.name(), "a");
        assert!(problems[0].contains("circle"), "{problems:?}");
        assert_eq!(
            Theme::names(Some(dir.path()))[5..],
            ["a", "b", "mine", "ours"]
        );
    }

    #[test]
    fn each_mistake_is_told_and_the_rest_works() {
        let dir = dir_with(&[(
            "dark.toml",
            "[palette]\nred = \"#12\"\nblue = [\"#112233\", \"bluu\"]\ngreen = 3\n[roles]\nact = \"rde\"\nlok = \"red\"\nlook = { fg = \"red\", bolt = true }\ngood = { bold = 1 }\nmoving = { fg = \"#010203\" }\n[role]\n",
        )]);
        let (theme, problems) = load(dir.path(), "dark");
        assert_eq!(
            problems,
            [
                "dark.toml:2: `palette.red`: unknown colour \"#12\"; colours look like \"#5fafff\" or \"red\"",
                "dark.toml:3: `palette.blue`: unknown colour \"bluu\"; colours look like \"#5fafff\" or \"red\"; did you mean `blue`?",
                "dark.toml:4: `palette.green`: expected a colour, or a pair of them (the second for 16 colours), found a whole number",
                "dark.toml:11: `role`: unknown key; did you mean `roles`?",
                "dark.toml:6: `roles.act`: unknown colour \"rde\"; colours look like \"#5fafff\" or \"red\"; did you mean `red`?",
                "dark.toml:7: `roles.lok`: unknown role; did you mean `look`?",
                "dark.toml:8: `roles.look.bolt`: unknown key; did you mean `bold`?",
                "dark.toml:9: `roles.good.bold`: expected true or false, found a whole number",
            ]
        );
        assert_eq!(theme.style(Role::Moving).fg, Some(Color::Rgb(1, 2, 3)));
        assert_eq!(theme.style(Role::Act), Theme::default().style(Role::Act));
    }

    #[test]
    fn there_is_always_a_theme() {
        let dir = dir_with(&[
            ("dark.toml", "[palette\n"),
            ("mine.toml", "inherits = \"lite\"\n"),
        ]);
        let (theme, problems) = load(dir.path(), "drak");
        assert_eq!(theme.name(), "dark");
        assert_eq!(
            problems[0],
            "theme drak: there is no theme of this name; did you mean `dark`?"
        );
        let (theme, problems) = load(dir.path(), "dark");
        assert!(problems[0].starts_with("dark.toml:1: "), "{problems:?}");
        assert_eq!(theme.style(Role::Act), Theme::default().style(Role::Act));
        let (_, problems) = load(dir.path(), "mine");
        assert!(problems[0].contains("there is no theme of this name"));
    }

    proptest::proptest! {
        #[test]
        fn no_file_makes_the_loader_panic(text in "(\\PC|\n|\\[roles\\]\n|act = \\{|\\[palette\\]\n|fg = \"red\")*") {
            let mut loader = Loader { user_dir: None, problems: Vec::new() };
            loader.read(Path::new("t"), &text, "t", 0, |_| Layers::default());
        }
    }
}
