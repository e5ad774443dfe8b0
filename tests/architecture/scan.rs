//! Reads the paths that a Rust file names, without comments, strings and test modules.

/// A path as written, made absolute where it begins with `crate`, `super`, `self` or our own name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub line: usize,
    /// `["crate", "domain", "run", "Run"]`, `["tokio", "spawn"]`.
    pub path: Vec<String>,
    /// Whether a `use` declaration names it.
    pub imported: bool,
}

impl Named {
    pub fn text(&self) -> String {
        self.path.join("::")
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    /// `::`
    Path,
    Sign(char),
}

/// Every path in the code of a file whose module is `module` (`["sources", "aws"]`; empty for the root).
pub fn named_paths(code: &str, module: &[String]) -> Vec<Named> {
    let tokens = without_tests(tokens(code));
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let imported = tokens[at].1 == Token::Word("use".into());
        let start = at + usize::from(imported);
        let continues = at > 0 && matches!(tokens[at - 1].1, Token::Path | Token::Sign('.'));
        let is_head = matches!(tokens.get(start), Some((_, Token::Word(_))))
            && (imported || tokens.get(start + 1).is_some_and(|t| t.1 == Token::Path));
        if continues || !(is_head || imported) {
            at += 1;
            continue;
        }
        at = read_tree(&tokens, start, &mut Vec::new(), imported, &mut found).max(at + 1);
    }
    for named in &mut found {
        make_absolute(&mut named.path, module);
    }
    found
}

/// Reads one tree of a `use`, or one plain path, from `at`; returns the place after it.
fn read_tree(
    tokens: &[(usize, Token)],
    mut at: usize,
    prefix: &mut Vec<String>,
    imported: bool,
    found: &mut Vec<Named>,
) -> usize {
    let depth = prefix.len();
    let mut line = tokens.get(at).map_or(0, |t| t.0);
    while let Some((here, token)) = tokens.get(at) {
        match token {
            Token::Word(word) if word == "as" => at += 2,
            Token::Word(word) => {
                prefix.push(word.clone());
                line = *here;
                at += 1;
                if tokens.get(at).is_none_or(|t| t.1 != Token::Path) {
                    break;
                }
            }
            Token::Path => at += 1,
            Token::Sign('*') if imported => {
                at += 1;
                break;
            }
            Token::Sign('{') if imported => {
                at += 1;
                while tokens.get(at).is_some_and(|t| t.1 != Token::Sign('}')) {
                    let before = at;
                    at = read_tree(tokens, at, prefix, imported, found);
                    while matches!(tokens.get(at), Some((_, Token::Sign(',')))) {
                        at += 1;
                    }
                    if tokens
                        .get(at)
                        .is_some_and(|t| t.1 == Token::Word("as".into()))
                    {
                        at += 2;
                    }
                    at = at.max(before + 1);
                }
                prefix.truncate(depth);
                return at + 1;
            }
            Token::Sign(_) => break,
        }
    }
    if prefix.len() > depth || imported {
        found.push(Named {
            line,
            path: prefix.clone(),
            imported,
        });
    }
    prefix.truncate(depth);
    at
}

fn make_absolute(path: &mut Vec<String>, module: &[String]) {
    let Some(head) = path.first().map(String::as_str) else {
        return;
    };
    let ups = path.iter().take_while(|s| *s == "super").count();
    let (skip, keep) = match head {
        "flightdeck" => (1, 0),
        "self" => (1, module.len()),
        "super" => (ups, module.len().saturating_sub(ups)),
        _ => return,
    };
    let rest = path.split_off(skip);
    *path = std::iter::once("crate".to_owned())
        .chain(module[..keep].iter().cloned())
        .chain(rest)
        .collect();
}

/// Drops every item after `#[cfg(test)]`: tests may reach anywhere.
fn without_tests(tokens: Vec<(usize, Token)>) -> Vec<(usize, Token)> {
    let marker: Vec<Token> = [
        Token::Sign('#'),
        Token::Sign('['),
        Token::Word("cfg".into()),
        Token::Sign('('),
        Token::Word("test".into()),
        Token::Sign(')'),
        Token::Sign(']'),
    ]
    .into();
    let mut kept = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        let here = tokens[at..].iter().map(|t| &t.1);
        if !here.take(marker.len()).eq(marker.iter()) {
            kept.push(tokens[at].clone());
            at += 1;
            continue;
        }
        let mut depth = 0;
        at += marker.len();
        while at < tokens.len() {
            let token = &tokens[at].1;
            at += 1;
            match token {
                Token::Sign('{') => depth += 1,
                Token::Sign('}') if depth == 1 => break,
                Token::Sign('}') => depth -= 1,
                Token::Sign(';') if depth == 0 => break,
                _ => {}
            }
        }
    }
    kept
}

fn tokens(code: &str) -> Vec<(usize, Token)> {
    let chars: Vec<char> = code.chars().collect();
    let mut tokens = Vec::new();
    let mut line = 1;
    let mut at = 0;
    while at < chars.len() {
        let rest = &chars[at..];
        let length = skipped(rest).unwrap_or(0);
        if length > 0 {
            line += rest[..length].iter().filter(|c| **c == '\n').count();
            at += length;
            continue;
        }
        let c = chars[at];
        if c.is_alphanumeric() || c == '_' {
            let word: String = rest
                .iter()
                .take_while(|c| c.is_alphanumeric() || **c == '_')
                .collect();
            at += word.chars().count();
            tokens.push((line, Token::Word(word)));
        } else if rest.starts_with(&[':', ':']) {
            at += 2;
            tokens.push((line, Token::Path));
        } else {
            line += usize::from(c == '\n');
            at += 1;
            if !c.is_whitespace() {
                tokens.push((line, Token::Sign(c)));
            }
        }
    }
    tokens
}

/// The length of a comment, string or character at the start of the text, if one stands there.
fn skipped(text: &[char]) -> Option<usize> {
    match text {
        ['/', '/', ..] => Some(text.iter().take_while(|c| **c != '\n').count()),
        ['/', '*', ..] => {
            let mut depth = 0;
            let mut at = 0;
            while at < text.len() {
                if text[at..].starts_with(&['/', '*']) {
                    depth += 1;
                    at += 2;
                } else if text[at..].starts_with(&['*', '/']) {
                    depth -= 1;
                    at += 2;
                    if depth == 0 {
                        break;
                    }
                } else {
                    at += 1;
                }
            }
            Some(at)
        }
        ['b' | 'c', rest @ ..] if matches!(rest, ['"', ..] | ['r', '"' | '#', ..]) => {
            skipped(rest).map(|length| length + 1)
        }
        ['r', rest @ ..] => {
            let hashes = rest.iter().take_while(|c| **c == '#').count();
            if rest.get(hashes) != Some(&'"') {
                return None;
            }
            let end: Vec<char> = std::iter::once('"').chain(vec!['#'; hashes]).collect();
            let body = hashes + 2;
            let found = text[body..].windows(end.len()).position(|w| w == end);
            Some(found.map_or(text.len(), |position| body + position + end.len()))
        }
        ['"', ..] => {
            let mut at = 1;
            while at < text.len() && text[at] != '"' {
                at += if text[at] == '\\' { 2 } else { 1 };
            }
            Some((at + 1).min(text.len()))
        }
        // A character, not the lifetime 'a.
        ['\'', '\\', _, rest @ ..] => Some(rest.iter().take_while(|c| **c != '\'').count() + 4),
        ['\'', _, '\'', ..] => Some(3),
        _ => None,
    }
}
