//! What a revision of another repository means now: imported data may be out of date.

use std::path::Path;
use std::process::Command;

use git2::Repository;

/// The commit that `rev` (what HEAD points to if `None`) means in the repository at `url` now.
///
/// A repository on this machine is opened, any other one is asked by `git ls-remote`, which is the network: without
/// asking for a password.
///
/// # Errors
/// A sentence.
pub fn newest_commit(url: &str, rev: Option<&str>) -> Result<String, String> {
    let rev = rev.filter(|rev| !rev.is_empty());
    let local = url.strip_prefix("file://").unwrap_or(url);
    if Path::new(local).exists() {
        let failed = |cause: git2::Error| format!("{url}: {}", super::error::sentence(&cause));
        let repository = Repository::discover(local).map_err(failed)?;
        let object = repository.revparse_single(rev.unwrap_or("HEAD"));
        let commit = object.and_then(|object| object.peel_to_commit());
        return Ok(commit.map_err(failed)?.id().to_string());
    }
    if let Some(rev) = rev
        && rev.len() == 40
        && rev.bytes().all(|byte| byte.is_ascii_hexdigit())
    {
        return Ok(rev.to_owned());
    }
    ask(url, rev)
}

fn ask(url: &str, rev: Option<&str>) -> Result<String, String> {
    // What looks like an option must not become one.
    if url.starts_with('-') || rev.is_some_and(|rev| rev.starts_with('-')) {
        return Err(format!("{url} is not the URL of a repository"));
    }
    let name = rev.unwrap_or("HEAD");
    let output = Command::new("git")
        .args(["ls-remote", "--quiet", "--", url])
        .args([name.to_owned(), format!("refs/tags/{name}^{{}}")])
        .env("GIT_TERMINAL_PROMPT", "0")
        .output()
        .map_err(|cause| format!("git ls-remote: {cause}"))?;
    if !output.status.success() {
        let told = String::from_utf8_lossy(&output.stderr);
        let told = told.lines().next().unwrap_or("failed");
        return Err(format!(
            "failed to ask {url} for updates ({told}): use --no-updates"
        ));
    }
    pick(&String::from_utf8_lossy(&output.stdout), name)
        .ok_or_else(|| format!("{url} has no branch or tag '{name}': use --no-updates"))
}

/// The commit of a tag, else of a branch, else of HEAD.
fn pick(listed: &str, name: &str) -> Option<String> {
    let wanted = [
        format!("refs/tags/{name}^{{}}"),
        format!("refs/tags/{name}"),
        format!("refs/heads/{name}"),
        name.to_owned(),
    ];
    wanted.iter().find_map(|wanted| {
        let mut lines = listed.lines().filter_map(|line| line.split_once('\t'));
        let (id, _) = lines.find(|(_, reference)| reference.trim() == wanted)?;
        (id.len() == 40).then(|| id.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::pick;

    #[test]
    fn an_annotated_tag_is_its_commit() {
        let (a, b, c) = ("a".repeat(40), "b".repeat(40), "c".repeat(40));
        let listed =
            format!("{a}\tHEAD\n{b}\trefs/tags/v1\n{c}\trefs/tags/v1^{{}}\n{a}\trefs/heads/main\n");
        assert_eq!(pick(&listed, "v1"), Some(c));
        assert_eq!(pick(&listed, "main"), Some(a.clone()));
        assert_eq!(pick(&listed, "HEAD"), Some(a));
        assert_eq!(pick(&listed, "v2"), None);
    }
}
