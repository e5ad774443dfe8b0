//! Versions as rows of text.

use jiff::Timestamp;

use crate::cli::table::Table;
use crate::cli::twins::text;
use crate::domain::repository::short_id;

use super::item::VersionItem;

impl VersionItem<'_> {
    /// Type, name, id, time and what else there is to say.
    fn cells(&self) -> [String; 5] {
        let row = |kind: &str, name: &str, id: &str, at: Option<Timestamp>, what: String| {
            [
                kind.to_owned(),
                name.to_owned(),
                id.to_owned(),
                text::time(at),
                what,
            ]
        };
        match self {
            Self::Repository {
                path,
                branch,
                commit,
                operation,
                ..
            } => row(
                "repository",
                path,
                commit.map_or("", short_id),
                None,
                [branch.unwrap_or("detached"), operation.unwrap_or("")]
                    .join(" ")
                    .trim_end()
                    .to_owned(),
            ),
            Self::Worktree {
                clean,
                staged,
                unstaged,
                untracked,
                conflicted,
                ..
            } => row(
                "worktree",
                if *clean { "clean" } else { "changed" },
                "",
                None,
                if *clean {
                    String::new()
                } else {
                    format!(
                        "{} staged, {} unstaged, {} untracked, {} conflicts",
                        staged.len(),
                        unstaged.len(),
                        untracked.len(),
                        conflicted.len()
                    )
                },
            ),
            Self::LinkedWorktree(linked) => row(
                "worktree",
                &linked.name,
                linked.commit.as_deref().map_or("", short_id),
                None,
                format!(
                    "{} at {}{}",
                    linked.branch.as_deref().unwrap_or("detached"),
                    linked.path,
                    if linked.gone { ", gone" } else { "" }
                ),
            ),
            Self::Submodule(submodule) => row(
                "submodule",
                &submodule.path,
                submodule.recorded.as_deref().map_or("", short_id),
                None,
                submodule.state.clone(),
            ),
            Self::Range {
                from,
                to,
                commits,
                files,
                added,
                removed,
                ..
            } => row(
                "range",
                &format!("{}..{}", short_id(from), short_id(to)),
                short_id(to),
                None,
                format!("{commits} commits, {files} files, +{added} -{removed}"),
            ),
            Self::Change {
                path,
                old_path,
                change,
                kind,
                added,
                removed,
                ..
            } => row(
                "change",
                path,
                "",
                None,
                match (added, removed, old_path) {
                    (Some(added), Some(removed), Some(old)) => {
                        format!("{change} from {old}, +{added} -{removed}")
                    }
                    (Some(added), Some(removed), None) => format!("{change}, +{added} -{removed}"),
                    _ if *kind == "text" => (*change).to_owned(),
                    _ => format!("{change}, {kind}"),
                },
            ),
            Self::Branch(branch) => row(
                if branch.remote { "remote" } else { "branch" },
                &branch.name,
                short_id(&branch.commit),
                None,
                match (&branch.upstream, branch.ahead, branch.behind) {
                    (Some(upstream), Some(ahead), Some(behind)) => {
                        format!("{upstream} +{ahead} -{behind}")
                    }
                    (Some(upstream), ..) => upstream.clone(),
                    (None, ..) => String::new(),
                },
            ),
            Self::Tag(tag) => row(
                "tag",
                &tag.name,
                short_id(&tag.commit),
                None,
                tag.message
                    .as_deref()
                    .and_then(|m| m.lines().next())
                    .unwrap_or_default()
                    .to_owned(),
            ),
            Self::Commit(commit) => row(
                "commit",
                &commit.author,
                commit.short(),
                commit.at,
                commit.summary.clone(),
            ),
            Self::Output(output) => row(
                "output",
                &output.path,
                output
                    .lock_hash
                    .as_deref()
                    .or(output.head_hash.as_deref())
                    .map_or("", short_id),
                None,
                [
                    output.state.key().replace('_', " "),
                    crate::store::tables::versions::where_stored(output),
                    text::bytes(output.size_bytes),
                ]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(", "),
            ),
            Self::DataProblem { path, what } => row("problem", path, "", None, (*what).to_owned()),
            Self::ModelGroup {
                name,
                created_at,
                versions,
                ..
            } => row(
                "model",
                name,
                "",
                *created_at,
                match versions {
                    1 => "1 version".to_owned(),
                    n => format!("{n} versions"),
                },
            ),
            Self::ModelVersion {
                group,
                version,
                status,
                approval,
                created_at,
                commit,
                ..
            } => row(
                "version",
                &match version {
                    Some(n) => format!("{group} v{n}"),
                    None => (*group).to_owned(),
                },
                commit.map_or("", short_id),
                *created_at,
                approval.unwrap_or(status).to_owned(),
            ),
            Self::Image {
                repository,
                digest,
                tags,
                pushed_at,
                size_bytes,
                ..
            } => row(
                "image",
                &match tags.first() {
                    Some(tag) => format!("{repository}:{tag}"),
                    None => (*repository).to_owned(),
                },
                short_id(digest.strip_prefix("sha256:").unwrap_or(digest)),
                *pushed_at,
                text::bytes(size_bytes.and_then(|n| u64::try_from(n).ok())),
            ),
        }
    }
}

pub fn table(items: &[VersionItem<'_>]) -> Table {
    let mut table = Table::new(&["type", "name", "id", "when", "what"]);
    for item in items {
        table.row(item.cells());
    }
    table
}
