//! Paths inside a repository: text with `/`, relative to its root.

/// The directory part, empty for a file at the root.
pub fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(dir, _)| dir)
}

/// `path` seen from `dir`, without `.` and `..`; `None` where it leaves the repository, is absolute or a URL.
pub fn join(dir: &str, path: &str) -> Option<String> {
    if path.starts_with('/') || path.contains("://") {
        return None;
    }
    let mut parts: Vec<&str> = dir.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// `path` seen from `dir`, also where it leaves the repository: then it starts with `..`, or stays absolute.
pub fn locate(dir: &str, path: &str) -> String {
    if path.starts_with('/') || path.contains("://") {
        return path.to_owned();
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in dir.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// `path` as someone in `dir` writes it; both lie in the repository.
pub fn relative(path: &str, dir: &str) -> String {
    let mut path: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let mut dir: Vec<&str> = dir.split('/').filter(|part| !part.is_empty()).collect();
    let same = path.iter().zip(&dir).take_while(|(a, b)| a == b).count();
    path.drain(..same);
    dir.drain(..same);
    let mut parts = vec![".."; dir.len()];
    parts.append(&mut path);
    if parts.is_empty() {
        return ".".to_owned();
    }
    parts.join("/")
}

/// Whether `path` is `dir` or lies below it; everything lies below the root.
pub fn is_within(path: &str, dir: &str) -> bool {
    dir.is_empty()
        || path
            .strip_prefix(dir)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_paths_stay_inside() {
        assert_eq!(join("a/b", "../c/./d").as_deref(), Some("a/c/d"));
        assert_eq!(join("", "x").as_deref(), Some("x"));
        assert_eq!(join("a", "../../x"), None);
        assert_eq!(join("a", "/etc/x"), None);
        assert_eq!(join("a", "s3://bucket/x"), None);
    }

    #[test]
    fn paths_may_be_seen_from_elsewhere() {
        assert_eq!(locate("a/b", "../../../x/./y"), "../x/y");
        assert_eq!(locate("a", "/etc/x"), "/etc/x");
        for (path, dir, shown) in [
            ("data/x", "", "data/x"),
            ("data/x", "data", "x"),
            ("data/x", "src/a", "../../data/x"),
            ("a", "a", "."),
            ("a", "a/b", ".."),
        ] {
            assert_eq!(relative(path, dir), shown);
        }
    }

    #[test]
    fn a_name_that_only_begins_alike_is_not_within() {
        assert!(is_within("data/raw", "data"));
        assert!(!is_within("database", "data"));
    }
}
