//! `flightdeck config`: write it, check it, find it.

use std::io::{self, Write};
use std::path::Path;

use anyhow::Context as _;

use super::args::{ConfigArgs, ConfigCommand};
use super::exit::Exit;
use crate::config::{
    Config, ConfigProblem, Dirs, create_new_private, create_private, default_text,
};
use crate::keys::Keymap;
use crate::theme::{ColorSupport, Theme};

/// Carries out the subcommand; answers go to `out`, what is wrong in the user's files to `problems`.
pub fn run(
    args: &ConfigArgs,
    config_file: Option<&Path>,
    dirs: &Dirs,
    out: &mut impl Write,
    problems: &mut impl Write,
) -> anyhow::Result<Exit> {
    let file = Config::file(config_file, dirs);
    match args.command {
        ConfigCommand::Init { stdout: true, .. } => {
            write!(out, "{}", default_text())?;
            Ok(Exit::Fine)
        }
        ConfigCommand::Init { force, .. } => init(&file, force, out, problems),
        ConfigCommand::Check => {
            let wrong = check(config_file, dirs);
            for problem in &wrong {
                writeln!(problems, "{problem}")?;
            }
            if !wrong.is_empty() {
                return Ok(Exit::No);
            }
            writeln!(out, "ok")?;
            Ok(Exit::Fine)
        }
        ConfigCommand::Path => {
            paths(&file, config_file, dirs, out)?;
            Ok(Exit::Fine)
        }
    }
}

fn init(
    file: &Path,
    force: bool,
    out: &mut impl Write,
    problems: &mut impl Write,
) -> anyhow::Result<Exit> {
    let created = if force {
        create_private(file)
    } else {
        create_new_private(file)
    };
    match created {
        Ok(mut created) => {
            created
                .write_all(default_text().as_bytes())
                .with_context(|| format!("writing {}", file.display()))?;
            writeln!(out, "{}", file.display())?;
            Ok(Exit::Fine)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            writeln!(
                problems,
                "{}: is there already; --force replaces it",
                file.display()
            )?;
            Ok(Exit::Failed)
        }
        Err(error) => Err(error).with_context(|| format!("creating {}", file.display())),
    }
}

/// All that is wrong in the config, the keymap and the theme together.
fn check(config_file: Option<&Path>, dirs: &Dirs) -> Vec<ConfigProblem> {
    let mut wrong = Vec::new();
    let config = Config::load(config_file, dirs).unwrap_or_else(|problems| {
        wrong.extend(problems);
        Config::default()
    });
    let keymap_file = dirs.keymap_file(&config.ui.keymap);
    wrong.extend(Keymap::load(&config.ui.keymap, keymap_file.as_deref()).1);
    let themes = dirs.themes();
    wrong.extend(
        Theme::load(
            &config.ui.theme,
            Some(&themes),
            ColorSupport::TrueColor,
            false,
        )
        .1,
    );
    wrong
}

fn paths(
    file: &Path,
    config_file: Option<&Path>,
    dirs: &Dirs,
    out: &mut impl Write,
) -> io::Result<()> {
    let config = Config::load(config_file, dirs).unwrap_or_default();
    let keymap = dirs
        .keymap_file(&config.ui.keymap)
        .unwrap_or_else(|| dirs.config.join("keymap.toml"));
    for (what, path) in [
        ("config", file),
        ("keymap", &keymap),
        ("themes", &dirs.themes()),
        ("state", &dirs.state),
        ("cache", &dirs.cache),
    ] {
        let there = if path.exists() { "" } else { " (not there)" };
        writeln!(out, "{what:7} {}{there}", path.display())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Home {
        dirs: Dirs,
        _root: tempfile::TempDir,
    }

    impl Home {
        fn new() -> Self {
            let root = tempfile::tempdir().unwrap();
            Self {
                dirs: Dirs::below(root.path()),
                _root: root,
            }
        }

        fn write(&self, name: &str, text: &str) {
            let file = self.dirs.config.join(name);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }

        fn run(&self, command: ConfigCommand) -> (Exit, String, String) {
            let (mut out, mut problems) = (Vec::new(), Vec::new());
            let args = ConfigArgs { command };
            let exit = run(&args, None, &self.dirs, &mut out, &mut problems).unwrap();
            (
                exit,
                String::from_utf8(out).unwrap(),
                String::from_utf8(problems).unwrap(),
            )
        }
    }

    const INIT: ConfigCommand = ConfigCommand::Init {
        force: false,
        stdout: false,
    };

    #[test]
    fn init_writes_once_and_check_is_happy_with_it() {
        let home = Home::new();
        let (exit, out, _) = home.run(INIT);
        assert_eq!(exit, Exit::Fine);
        let file = home.dirs.config_file();
        assert_eq!(out.trim(), file.display().to_string());
        assert_eq!(home.run(ConfigCommand::Check).0, Exit::Fine);

        home.write("config.toml", "[ui]\ntheme = \"light\"\n");
        let (exit, _, problems) = home.run(INIT);
        assert_eq!(exit, Exit::Failed);
        assert!(problems.contains("--force"), "{problems}");
        assert!(std::fs::read_to_string(&file).unwrap().contains("light"));

        let force = ConfigCommand::Init {
            force: true,
            stdout: false,
        };
        assert_eq!(home.run(force).0, Exit::Fine);
        assert_eq!(std::fs::read_to_string(&file).unwrap(), default_text());
    }

    #[test]
    fn init_can_print_instead() {
        let home = Home::new();
        let (_, out, _) = home.run(ConfigCommand::Init {
            force: false,
            stdout: true,
        });
        assert_eq!(out, default_text());
        assert!(!home.dirs.config_file().exists());
    }

    #[test]
    fn check_looks_at_all_three_files() {
        let home = Home::new();
        home.write("config.toml", "[ui]\ntheme = \"mine\"\nkeymap = \"mine\"\n");
        home.write("themes/mine.toml", "[roles]\nactt = \"red\"\n");
        home.write("keymaps/mine.toml", "[list]\n\"j\" = \"dwon\"\n");
        let (exit, out, problems) = home.run(ConfigCommand::Check);
        assert_eq!((exit, out.as_str()), (Exit::No, ""));
        let lines: Vec<_> = problems.lines().collect();
        assert_eq!(lines.len(), 2, "{problems}");
        assert!(lines[0].contains("mine.toml:2: `list.j`"), "{problems}");
        assert!(lines[1].contains("mine.toml:2: `roles.actt`"), "{problems}");
        home.write("config.toml", "[ui]\nthem = \"mine\"\n");
        let (_, _, problems) = home.run(ConfigCommand::Check);
        assert!(
            problems.contains("config.toml:2: `ui.them`: unknown key; did you mean `theme`?"),
            "{problems}"
        );
    }

    #[test]
    fn paths_tell_what_is_there() {
        let home = Home::new();
        home.write("config.toml", "");
        let (_, out, _) = home.run(ConfigCommand::Path);
        let lines: Vec<_> = out.lines().collect();
        assert_eq!(lines.len(), 5);
        assert!(lines[0].starts_with("config ") && lines[0].ends_with("config.toml"));
        assert!(lines[1].ends_with("keymap.toml (not there)"), "{out}");
    }
}
