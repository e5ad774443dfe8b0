//! `flightdeck dvc diff`

use std::collections::HashSet;

use crate::cli::args::DvcDiffArgs;
use crate::cli::exit::Exit;
use crate::sources::dvc::{Chosen, Data, Diff, Index, Value, choose, diff, lies_in};

use super::session::Session;
use super::trees::{Trees, cached_outputs, known_remotes};
use super::{Answered, Io, Refusal, broken, print_json};

pub fn run(args: &DvcDiffArgs, session: &Session, io: &mut Io<'_>) -> Answered {
    let mut told = answer(args, session)?;
    let hides = args.b_rev.is_some() || args.hide_missing;
    // DVC asks whether there is anything before it hides what is missing.
    let is_empty = told.is_empty();
    if hides {
        told.not_in_cache.clear();
    }
    if args.json {
        let value = if is_empty {
            Value::Map(Vec::new())
        } else {
            json(&told, args.show_hash, hides)
        };
        print_json(&value, io)?;
    } else if !args.quiet {
        let text = if args.md {
            markdown(&told, args.show_hash)
        } else {
            plain(&told, args.show_hash)
        };
        io.out.write_all(text.as_bytes()).map_err(broken)?;
    }
    Ok(Exit::Fine)
}

fn answer(args: &DvcDiffArgs, session: &Session) -> Result<Diff, Refusal> {
    // Whatever is wrong with the revisions or with DVC's files, `dvc diff` ends with 1.
    let failed = |refusal: Refusal| match refusal.code {
        255 => refusal.with_code(1),
        _ => refusal,
    };
    if !session.git().map_err(failed)?.has_commits() {
        return Ok(Diff::default());
    }
    let a = args.a_rev.as_deref().unwrap_or("HEAD");
    // A commit without this DVC repository in it is compared with nothing.
    let Some(before) = session.at(a).map_err(failed)? else {
        return Ok(Diff::default());
    };
    let cache = session.project.cache();
    let mut trees = Trees::new(session, &cache, true);
    known_remotes(&before.index, &before.config)?;
    let mut missing = Vec::new();
    let old_scope = Scope::of(args, session, &before.index, &mut missing)?;
    let mut old = trees.committed(&before);
    let (mut new, new_scope, against) = match args.b_rev.as_deref() {
        Some(b) => {
            let Some(after) = session.at(b).map_err(failed)? else {
                return Ok(Diff::default());
            };
            if before.commit == after.commit {
                return Ok(Diff::default());
            }
            known_remotes(&after.index, &after.config)?;
            let scope = Scope::of(args, session, &after.index, &mut missing)?;
            (trees.committed(&after), scope, None)
        }
        None => {
            let after = session.sound_index().map_err(failed)?;
            known_remotes(&after, &session.project.config)?;
            let scope = Scope::of(args, session, &after, &mut missing)?;
            (trees.on_disk(&after)?, scope, Some(&cache))
        }
    };
    let mut counts = missing.iter();
    if let Some(target) = counts.find(|target| missing.iter().filter(|it| it == target).count() > 1)
    {
        return Err(Refusal::failed(format!(
            "[Errno 2] No such file or directory: '{target}'"
        )));
    }
    if !args.targets.is_empty() {
        old_scope.narrow(&mut old);
        new_scope.narrow(&mut new);
    }
    let roots = old_scope.roots.union(&new_scope.roots).cloned().collect();
    Ok(diff(&old, &new, &roots, against))
}

/// What is compared of one side.
struct Scope {
    /// Outputs, or the parts of them that are targets.
    roots: HashSet<String>,
}

impl Scope {
    /// Targets that mean nothing here are added to `missing`.
    fn of(
        args: &DvcDiffArgs,
        session: &Session,
        index: &Index,
        missing: &mut Vec<String>,
    ) -> Result<Self, Refusal> {
        if args.targets.is_empty() {
            let outputs = cached_outputs(index);
            return Ok(Self {
                roots: outputs.map(|found| found.path.clone()).collect(),
            });
        }
        let mut roots = HashSet::new();
        for target in &args.targets {
            let only = std::slice::from_ref(target);
            let Ok(chosen) = choose(&session.project, index, only, false, false) else {
                missing.push(target.clone());
                continue;
            };
            for Chosen { stage, within } in chosen {
                let outs = index.found.get(stage.outs.clone()).unwrap_or_default();
                let outs = outs
                    .iter()
                    .filter(|it| !it.outside && it.tracked.out.cached);
                match within {
                    Some(path) => {
                        let mine = outs.filter(|found| lies_in(&path, &found.path));
                        roots.extend(mine.map(|_| path.clone()));
                    }
                    None => roots.extend(outs.map(|found| found.path.clone())),
                }
            }
        }
        Ok(Self { roots })
    }

    /// Keeps the roots, what is below them, and the way to them.
    fn narrow(&self, data: &mut Data) {
        let roots: Vec<String> = self.roots.iter().cloned().collect();
        data.narrow(&roots);
    }
}

fn text(value: Option<&String>) -> Value {
    value.map_or(Value::Null, Value::text)
}

fn json(told: &Diff, hashes: bool, hides: bool) -> Value {
    let item = |path: Value, hash: Value| {
        let parts = [("path", path), ("hash", hash)];
        Value::map(parts.into_iter().take(if hashes { 2 } else { 1 }))
    };
    let simple = |list: &[(String, Option<String>)]| {
        let items = list
            .iter()
            .map(|(path, hash)| item(Value::text(path), text(hash.as_ref())));
        Value::Seq(items.collect())
    };
    let modified = told.modified.iter().map(|(path, old, new)| {
        let hash = [("old", text(old.as_ref())), ("new", text(new.as_ref()))];
        item(Value::text(path), Value::map(hash))
    });
    let renamed = told.renamed.iter().map(|(old, new, hash)| {
        let path = [("old", Value::text(old)), ("new", Value::text(new))];
        item(Value::map(path), text(hash.as_ref()))
    });
    let mut parts = vec![
        ("added", simple(&told.added)),
        ("deleted", simple(&told.deleted)),
        ("modified", Value::Seq(modified.collect())),
        ("renamed", Value::Seq(renamed.collect())),
    ];
    if !hides {
        parts.push(("not in cache", simple(&told.not_in_cache)));
    }
    Value::map(parts)
}

/// What is listed: kind of change, hash cut short, path.
fn rows(told: &Diff) -> Vec<(&'static str, String, String)> {
    let short = |hash: Option<&String>| -> String {
        hash.map_or("", |hash| hash.get(..8).unwrap_or(hash))
            .to_owned()
    };
    let simple = |kind: &'static str, list: &[(String, Option<String>)]| {
        let rows = list
            .iter()
            .map(|(path, hash)| (kind, short(hash.as_ref()), path.clone()));
        rows.collect::<Vec<_>>()
    };
    let mut rows = simple("added", &told.added);
    rows.extend(simple("deleted", &told.deleted));
    rows.extend(
        told.renamed
            .iter()
            .map(|(old, new, hash)| ("renamed", short(hash.as_ref()), format!("{old} -> {new}"))),
    );
    rows.extend(told.modified.iter().map(|(path, old, new)| {
        let hash = format!("{}..{}", short(old.as_ref()), short(new.as_ref()));
        ("modified", hash, path.clone())
    }));
    rows.extend(simple("not in cache", &told.not_in_cache));
    rows
}

fn markdown(told: &Diff, hashes: bool) -> String {
    let mut out = String::from(if hashes {
        "| Status | Hash | Path |\n|--------|------|------|\n"
    } else {
        "| Status | Path |\n|--------|------|\n"
    });
    for (kind, hash, path) in rows(told) {
        if hashes {
            out.push_str(&format!("| {kind} | {hash} | {path} |\n"));
        } else {
            out.push_str(&format!("| {kind} | {path} |\n"));
        }
    }
    out
}

fn plain(told: &Diff, hashes: bool) -> String {
    let mut out = String::new();
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for (kind, hash, path) in rows(told) {
        if counts.last().is_none_or(|(last, _)| *last != kind) {
            counts.push((kind, 0));
            let mut title = kind.to_owned();
            title[..1].make_ascii_uppercase();
            out.push_str(&format!("{title}:\n"));
        }
        if let Some((_, count)) = counts.last_mut() {
            *count += usize::from(!path.ends_with('/'));
        }
        let hash = if hashes {
            format!("{hash}  ")
        } else {
            String::new()
        };
        out.push_str(&format!("    {hash}{path}\n"));
    }
    let counts: Vec<String> = counts
        .iter()
        .map(|(kind, count)| format!("{count} {kind}"))
        .collect();
    if !counts.is_empty() {
        out.push_str(&format!("\nfiles summary: {}\n", counts.join(", ")));
    }
    out
}
