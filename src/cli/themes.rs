//! `flightdeck themes`: the themes there are, and what the one in force makes of each meaning.

use std::io::Write;
use std::path::Path;

use serde_json::json;

use super::args::ThemesArgs;
use super::exit::Exit;
use crate::config::{Config, Dirs, Env};
use crate::terminal::styled;
use crate::theme::{ColorSupport, Role, Theme, needs_ascii};

/// Prints the themes to `out`, and what is wrong in the user's files to `problems`. Colours are shown only
/// where `on_terminal` says that somebody sees them.
pub fn run(
    args: &ThemesArgs,
    config_file: Option<&Path>,
    dirs: &Dirs,
    env: &Env,
    on_terminal: bool,
    out: &mut impl Write,
    problems: &mut impl Write,
) -> anyhow::Result<Exit> {
    let config = Config::load(config_file, dirs).unwrap_or_else(|wrong| {
        // The themes are worth seeing all the same.
        for problem in wrong {
            let _ = writeln!(problems, "{problem}");
        }
        Config::default()
    });
    let viewer = Viewer {
        support: ColorSupport::detect(env),
        ascii: config.ui.ascii || needs_ascii(env),
        on_terminal,
    };
    let dir = dirs.themes();
    let name = args.theme.as_ref().unwrap_or(&config.ui.theme);
    let (theme, wrong) = Theme::load(name, Some(&dir), viewer.support, viewer.ascii);
    for problem in wrong {
        writeln!(problems, "{problem}")?;
    }
    let names = Theme::names(Some(&dir));
    if args.json {
        let roles: Vec<_> = Role::ALL
            .iter()
            .map(|role| json!({"role": role.name(), "doc": role.doc(), "style": style(&theme, *role)}))
            .collect();
        let answer = json!({
            "schema": "flightdeck.themes/1",
            "theme": theme.name(),
            "colors": viewer.support.describe(),
            "themes": names,
            "roles": roles,
        });
        writeln!(out, "{answer}")?;
        return Ok(Exit::Fine);
    }
    for name in &names {
        let mark = if name == theme.name() { '*' } else { ' ' };
        let (other, _) = Theme::load(name, Some(&dir), viewer.support, viewer.ascii);
        let line = format!("{mark} {name:12} {}", viewer.sample(&other));
        writeln!(out, "{}", line.trim_end())?;
    }
    let signs = if viewer.ascii { "ASCII" } else { "Unicode" };
    writeln!(
        out,
        "\ntheme {}: {}, {signs} signs\n",
        theme.name(),
        viewer.support.describe()
    )?;
    let docs = Role::ALL.iter().map(|role| role.doc().len());
    let doc = docs.max().unwrap_or_default();
    for &role in Role::ALL {
        let name = viewer.paint(&theme, role, &format!("{:18}", role.name()));
        writeln!(
            out,
            "  {name}  {:doc$}  {}",
            role.doc(),
            style(&theme, role)
        )?;
    }
    Ok(Exit::Fine)
}

struct Viewer {
    support: ColorSupport,
    ascii: bool,
    on_terminal: bool,
}

impl Viewer {
    fn paint(&self, theme: &Theme, role: Role, text: &str) -> String {
        if self.on_terminal {
            styled(text, theme.style(role))
        } else {
            text.to_owned()
        }
    }

    /// One line that shows a theme.
    fn sample(&self, theme: &Theme) -> String {
        let signs = theme.glyphs();
        let parts = [
            (Role::Act, signs.act, "failed"),
            (Role::Look, signs.look, "warning"),
            (Role::Moving, signs.moving, "running"),
            (Role::Good, signs.good, "done"),
            (Role::Dim, signs.queued, "queued"),
            (Role::Selected, "", " selected "),
        ];
        let parts: Vec<_> = parts
            .into_iter()
            .map(|(role, sign, word)| {
                let text = format!("{sign}{}{word}", if sign.is_empty() { "" } else { " " });
                self.paint(theme, role, &text)
            })
            .collect();
        parts.join("  ")
    }
}

/// A style in words: `#ff7b72 bold`.
fn style(theme: &Theme, role: Role) -> String {
    let style = theme.style(role);
    let mut words = Vec::new();
    if let Some(fg) = style.fg {
        words.push(fg.to_string());
    }
    if let Some(bg) = style.bg {
        words.push(format!("on {bg}"));
    }
    words.extend(
        style
            .add_modifier
            .iter_names()
            .map(|(name, _)| name.to_lowercase()),
    );
    if words.is_empty() {
        words.push("as the terminal's own".into());
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn themes(env: &Env, args: &ThemesArgs, on_terminal: bool) -> (String, String) {
        let root = tempfile::tempdir().unwrap();
        let dirs = Dirs::below(root.path());
        let (mut out, mut problems) = (Vec::new(), Vec::new());
        let exit = run(args, None, &dirs, env, on_terminal, &mut out, &mut problems);
        assert_eq!(exit.unwrap(), Exit::Fine);
        (
            String::from_utf8(out).unwrap(),
            String::from_utf8(problems).unwrap(),
        )
    }

    fn color_env() -> Env {
        Env::from([
            ("TERM", "xterm-256color"),
            ("COLORTERM", "truecolor"),
            ("LANG", "C.UTF-8"),
        ])
    }

    #[test]
    fn every_theme_and_role_is_listed() {
        let (text, problems) = themes(&color_env(), &ThemesArgs::default(), false);
        assert_eq!(problems, "");
        assert!(text.starts_with("* dark"), "{text}");
        for role in Role::ALL {
            assert!(text.contains(role.name()), "{}", role.name());
        }
        assert!(text.contains("#FF7B72 bold"), "{text}");
        assert!(!text.contains('\x1b'));
    }

    #[test]
    fn a_terminal_gets_samples_in_colour() {
        let (text, _) = themes(&color_env(), &ThemesArgs::default(), true);
        assert!(
            text.contains("\x1b[1;38;2;255;123;114m✗ failed\x1b[0m"),
            "{text}"
        );
    }

    #[test]
    fn without_colours_it_is_mono_in_ascii() {
        let env = Env::from([("TERM", "xterm"), ("NO_COLOR", "1")]);
        let (text, _) = themes(&env, &ThemesArgs::default(), true);
        assert!(
            text.contains("theme mono: no colours, ASCII signs"),
            "{text}"
        );
        assert!(!text.contains(";38;") && !text.contains("[38;"), "{text}");
        assert!(text.is_ascii());
    }

    #[test]
    fn an_unknown_theme_is_told() {
        let args = ThemesArgs {
            theme: Some("drak".into()),
            json: true,
        };
        let (text, problems) = themes(&color_env(), &args, false);
        assert!(problems.contains("did you mean `dark`?"), "{problems}");
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["theme"], "dark");
        assert_eq!(value["roles"][0]["role"], "text");
    }
}
