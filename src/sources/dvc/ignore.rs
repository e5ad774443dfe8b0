//! `.dvcignore`: the syntax of `.gitignore`.

use regex::Regex;

use super::paths::{is_within, parent};

/// The rules of all `.dvcignore` files of a tree.
#[derive(Clone, Debug, Default)]
pub struct Ignore {
    /// Directories nearer to the root come first.
    files: Vec<(String, Vec<Rule>)>,
}

#[derive(Clone, Debug)]
struct Rule {
    pattern: Regex,
    directories_only: bool,
    ignores: bool,
}

impl Ignore {
    /// Adds a `.dvcignore` in `dir`.
    pub fn add(&mut self, dir: &str, text: &str) {
        let rules: Vec<Rule> = text.lines().filter_map(rule).collect();
        if rules.is_empty() {
            return;
        }
        self.files.push((dir.to_owned(), rules));
        self.files
            .sort_by_key(|(dir, _)| dir.matches('/').count() + usize::from(!dir.is_empty()));
    }

    /// Whether there is no rule at all.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Whether DVC leaves out `path` of a directory that is not left out itself.
    pub fn matches_here(&self, root: &str, path: &str, is_dir: bool) -> bool {
        !self.files.is_empty() && self.last_match(root, path, is_dir)
    }

    /// Whether DVC leaves out `path`, of a DVC repository in `root`: by a rule, or because a parent is left out.
    pub fn matches(&self, root: &str, path: &str, is_dir: bool) -> bool {
        if self.files.is_empty() {
            return false;
        }
        let ends = path
            .match_indices('/')
            .map(|(at, _)| at)
            .chain([path.len()])
            .filter(|end| *end > root.len());
        for end in ends {
            let part = &path[..end];
            if self.last_match(root, part, is_dir || end < path.len()) {
                return true;
            }
        }
        false
    }

    fn last_match(&self, root: &str, path: &str, is_dir: bool) -> bool {
        let mut ignored = false;
        for (dir, rules) in &self.files {
            if !is_within(dir, root) || !is_within(parent(path), dir) {
                continue;
            }
            let relative = path
                .get(dir.len()..)
                .unwrap_or(path)
                .trim_start_matches('/');
            for rule in rules {
                if (is_dir || !rule.directories_only) && rule.pattern.is_match(relative) {
                    ignored = rule.ignores;
                }
            }
        }
        ignored
    }
}

fn rule(line: &str) -> Option<Rule> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    let (ignores, pattern) = match line.strip_prefix('!') {
        Some(rest) => (false, rest),
        None => (true, line),
    };
    let (directories_only, pattern) = match pattern.strip_suffix('/') {
        Some(rest) => (true, rest),
        None => (false, pattern),
    };
    let anchored = pattern.contains('/');
    let body = glob(pattern.strip_prefix('/').unwrap_or(pattern));
    let start = if anchored { "" } else { "(?:.*/)?" };
    Some(Rule {
        pattern: Regex::new(&format!("(?s)^{start}{body}$")).ok()?,
        directories_only,
        ignores,
    })
}

/// A glob as a regular expression.
fn glob(pattern: &str) -> String {
    let mut out = String::new();
    let mut rest = pattern;
    if let Some(after) = rest.strip_prefix("**/") {
        out.push_str("(?:.*/)?");
        rest = after;
    }
    while let Some(c) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("/**/") {
            out.push_str("/(?:.*/)?");
            rest = after;
            continue;
        }
        if rest == "/**" {
            out.push_str("/.*");
            break;
        }
        let mut taken = c.len_utf8();
        match c {
            '*' => {
                taken = rest.len() - rest.trim_start_matches('*').len();
                out.push_str("[^/]*");
            }
            '?' => out.push_str("[^/]"),
            '[' => match class(rest) {
                Some((class, length)) => {
                    out.push_str(&class);
                    taken = length;
                }
                None => out.push_str("\\["),
            },
            '\\' => {
                let next = rest[1..].chars().next().unwrap_or('\\');
                out.push_str(&regex::escape(next.encode_utf8(&mut [0; 4])));
                taken = (1 + next.len_utf8()).min(rest.len());
            }
            other => out.push_str(&regex::escape(other.encode_utf8(&mut [0; 4]))),
        }
        rest = &rest[taken..];
    }
    out
}

/// `[a-z]` and `[!a]` at the start of `text`, and how long that is.
fn class(text: &str) -> Option<(String, usize)> {
    let inner = text.strip_prefix('[')?;
    let negated = inner.starts_with(['!', '^']);
    let body = if negated { &inner[1..] } else { inner };
    // A bracket that comes first is one of the characters.
    let end = body.char_indices().skip(1).find(|(_, c)| *c == ']')?.0;
    let mut class = String::from(if negated { "[^/" } else { "[" });
    for c in body[..end].chars() {
        if matches!(c, '[' | ']' | '\\' | '&' | '~' | '^') {
            class.push('\\');
        }
        class.push(c);
    }
    class.push(']');
    Some((class, text.len() - body.len() + end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ignored(rules: &str, path: &str, is_dir: bool) -> bool {
        let mut ignore = Ignore::default();
        ignore.add("", rules);
        ignore.matches("", path, is_dir)
    }

    #[test]
    fn gitignore_rules() {
        for (rules, path, is_dir, expected) in [
            ("*.tmp", "a/b/x.tmp", false, true),
            ("*.tmp\n!keep.tmp", "dir/keep.tmp", false, false),
            ("/ignored_dir/", "ignored_dir/dvc.yaml", false, true),
            ("/ignored_dir/", "a/ignored_dir", true, false),
            ("build/", "build", false, false),
            ("build/", "x/build", true, true),
            ("a/**/z", "a/z", false, true),
            ("a/**/z", "a/b/c/z", false, true),
            ("**/logs", "x/y/logs", true, true),
            ("data/**", "data/x", false, true),
            ("data/**", "data", true, false),
            ("x[0-9].txt", "x7.txt", false, true),
            ("x[!0-9].txt", "x7.txt", false, false),
            ("x[", "x[", false, true),
            ("\\#a", "#a", false, true),
            ("# comment", "# comment", false, false),
            ("a?c", "a/c", false, false),
            ("dir\n!dir/x", "dir/x", false, true),
        ] {
            assert_eq!(ignored(rules, path, is_dir), expected, "{rules:?} {path}");
        }
    }

    #[test]
    fn deeper_files_count_more_and_subrepositories_are_apart() {
        let mut ignore = Ignore::default();
        ignore.add("sub", "!*.csv");
        ignore.add("", "*.csv");
        assert!(ignore.matches("", "x.csv", false));
        assert!(!ignore.matches("", "sub/x.csv", false));
        let mut outer = Ignore::default();
        outer.add("", "*.csv");
        assert!(!outer.matches("sub", "sub/x.csv", false));
    }

    proptest::proptest! {
        #[test]
        fn any_rules_are_taken(rules in "(?s).*", path in "[a-z/\\[\\]*]{0,12}") {
            ignored(&rules, &path, false);
        }
    }
}
