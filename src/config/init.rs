//! The text of `flightdeck config init`: every key with its default and its comment.

use super::schema::Config;

const HEAD: &str = "# Flightdeck's config. Every key stands here with its default: change what you like, delete the rest.
# `flightdeck config check` tells what is wrong with it.
";

/// A file that means exactly `Config::default()`.
pub fn default_text() -> String {
    let mut text = HEAD.to_owned();
    for section in Config::sections() {
        text.push('\n');
        comment(&mut text, section.doc);
        text += &format!("[{}]\n", section.name);
        for field in section.fields {
            comment(&mut text, field.doc);
            text += &match field.default {
                Some(value) => format!("{} = {value}\n", field.key),
                None => format!("# {} = {}\n", field.key, field.example),
            };
        }
    }
    text
}

fn comment(text: &mut String, lines: &[&str]) {
    for line in lines {
        *text += &format!("# {}\n", line.trim());
    }
}
