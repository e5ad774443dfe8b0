//! `flightdeck keys`: what every key does, as the files in force say.

use std::io::Write;
use std::path::Path;

use serde_json::json;

use super::args::KeysArgs;
use super::exit::Exit;
use crate::config::{Config, Dirs};
use crate::keys::command::Context;
use crate::keys::{Keymap, Origin, Row};

/// Prints the keymap in force to `out`, and what is wrong in the user's files to `problems`.
pub fn run(
    args: &KeysArgs,
    config_file: Option<&Path>,
    dirs: &Dirs,
    out: &mut impl Write,
    problems: &mut impl Write,
) -> anyhow::Result<Exit> {
    let config = Config::load(config_file, dirs).unwrap_or_else(|wrong| {
        // The keys are worth seeing all the same.
        for problem in wrong {
            let _ = writeln!(problems, "{problem}");
        }
        Config::default()
    });
    let name = args.keymap.as_ref().unwrap_or(&config.ui.keymap);
    let (keymap, wrong) = Keymap::load(name, dirs.keymap_file(name).as_deref());
    for problem in wrong {
        writeln!(problems, "{problem}")?;
    }
    if args.json {
        writeln!(out, "{}", as_json(&keymap))?;
    } else {
        writeln!(out, "keymap {}", keymap.name())?;
        write!(out, "{}", listing(&keymap))?;
    }
    Ok(Exit::Fine)
}

/// A line for each command (or series of commands) with all its keys, by context.
pub fn listing(keymap: &Keymap) -> String {
    let rows = merged(keymap);
    let keys = width(rows.iter().map(|row| row.keys.as_str()));
    let names = width(rows.iter().map(|row| row.names.as_str()));
    let mut text = String::new();
    for context in Context::ALL {
        text += &format!("\n[{}]\n", context.key());
        for row in rows.iter().filter(|row| row.context == context) {
            let mark = if row.is_own { '*' } else { ' ' };
            let line = format!(
                "{mark} {:keys$}  {:names$}  {}",
                row.keys, row.names, row.doc
            );
            text += line.trim_end();
            text.push('\n');
        }
    }
    if rows.iter().any(|row| row.is_own) {
        text += "\n* from your own file\n";
    }
    text
}

struct Line {
    context: Context,
    keys: String,
    names: String,
    doc: &'static str,
    /// Some key of it comes from the user's file.
    is_own: bool,
}

/// Rows of the same commands in the same context become one line.
fn merged(keymap: &Keymap) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for row in keymap.rows() {
        let names = names(&row);
        let is_own = matches!(row.origin, Some(Origin::File(_)));
        let known = lines
            .iter_mut()
            .find(|line| line.context == row.context && line.names == names);
        match known {
            Some(line) => {
                line.keys = format!("{}, {}", line.keys, row.chords);
                line.is_own |= is_own;
            }
            None => lines.push(Line {
                context: row.context,
                doc: match row.commands.as_slice() {
                    [one] => one.doc(),
                    _ => "",
                },
                keys: if row.chords.is_empty() {
                    "(palette)".into()
                } else {
                    row.chords
                },
                names,
                is_own,
            }),
        }
    }
    lines
}

/// `down`, or for a series `down ×3, open`.
fn names(row: &Row) -> String {
    let mut parts: Vec<(&str, usize)> = Vec::new();
    for command in &row.commands {
        match parts.last_mut() {
            Some((name, times)) if *name == command.name() => *times += 1,
            _ => parts.push((command.name(), 1)),
        }
    }
    let parts: Vec<_> = parts
        .into_iter()
        .map(|(name, times)| match times {
            1 => name.to_owned(),
            _ => format!("{name} x{times}"),
        })
        .collect();
    parts.join(", ")
}

fn as_json(keymap: &Keymap) -> serde_json::Value {
    let items: Vec<_> = keymap
        .rows()
        .iter()
        .map(|row| {
            let names: Vec<_> = row.commands.iter().map(|c| c.name()).collect();
            json!({
                "context": row.context.key(),
                "keys": (!row.chords.is_empty()).then_some(&row.chords),
                "commands": names,
                "origin": row.origin.as_ref().map(|origin| match origin {
                    Origin::BuiltIn(name) => format!("built-in {name}"),
                    Origin::File(path) => path.display().to_string(),
                }),
            })
        })
        .collect();
    json!({"schema": "flightdeck.keys/1", "keymap": keymap.name(), "items": items})
}

fn width<'t>(texts: impl Iterator<Item = &'t str>) -> usize {
    // Series of commands are rare and long: they do not push the rest away.
    texts
        .map(|text| text.chars().count())
        .filter(|width| *width <= 28)
        .max()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(dirs: &Dirs, args: &KeysArgs) -> (String, String) {
        let (mut out, mut problems) = (Vec::new(), Vec::new());
        let exit = run(args, None, dirs, &mut out, &mut problems).unwrap();
        assert_eq!(exit, Exit::Fine);
        (
            String::from_utf8(out).unwrap(),
            String::from_utf8(problems).unwrap(),
        )
    }

    #[test]
    fn what_is_in_force_is_listed() {
        let root = tempfile::tempdir().unwrap();
        let dirs = Dirs::below(root.path());
        let (text, problems) = keys(&dirs, &KeysArgs::default());
        assert_eq!(problems, "");
        assert!(text.starts_with("keymap default\n\n[global]\n"), "{text}");
        let quit = text.lines().find(|line| line.ends_with("quit")).unwrap();
        assert!(quit.trim_start().starts_with("q, ctrl-c"), "{quit}");
        assert!(text.contains("popup-down x8"), "{text}");
        assert!(text.contains("(palette)"), "{text}");
        assert!(!text.contains("your own file"));
    }

    #[test]
    fn the_users_keys_are_marked_and_mistakes_told() {
        let root = tempfile::tempdir().unwrap();
        let dirs = Dirs::below(root.path());
        crate::config::create_private_dir(&dirs.config).unwrap();
        std::fs::write(
            dirs.config.join("keymap.toml"),
            "[global]\n\"X\" = \"quit\"\n\"x\" = \"qiut\"\n",
        )
        .unwrap();
        std::fs::write(dirs.config_file(), "[ui]\nkeymap = \"vim\"\n").unwrap();
        let (text, problems) = keys(&dirs, &KeysArgs::default());
        assert!(text.starts_with("keymap vim\n"), "{text}");
        assert!(text.contains("* X, Z Z"), "{text}");
        assert!(
            problems.contains(
                "keymap.toml:3: `global.x`: unknown command \"qiut\"; did you mean `quit`?"
            ),
            "{problems}"
        );
    }

    #[test]
    fn json_names_every_binding() {
        let root = tempfile::tempdir().unwrap();
        let args = KeysArgs {
            keymap: Some("emacs".into()),
            json: true,
        };
        let (text, _) = keys(&Dirs::below(root.path()), &args);
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["keymap"], "emacs");
        let items = value["items"].as_array().unwrap();
        assert!(items.contains(&json!({
            "context": "global", "keys": "alt-x", "commands": ["palette"], "origin": "built-in emacs"
        })));
        assert!(items.contains(&json!({
            "context": "global", "keys": null, "commands": ["refresh-costs"], "origin": null
        })));
    }
}
