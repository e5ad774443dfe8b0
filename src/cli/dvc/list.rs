//! `flightdeck dvc list`

use std::path::Path;

use crate::cli::args::DvcListArgs;
use crate::cli::exit::Exit;
use crate::cli::table::Table;
use crate::sources::dvc::{
    DiskFolders, Folders, Found, Listed, Lister, Listings, NoList, Value, lies_in, locate, opens,
    recorded, relative,
};

use super::session::Session;
use super::trees::known_remotes;
use super::{Answered, Io, Refusal, broken, print_json};

/// `dir` is where the command was given, `session` the repository that its URL names.
pub fn run(args: &DvcListArgs, session: &Session, dir: &Path, io: &mut Io<'_>) -> Answered {
    let listed = answer(args, session, dir)?;
    if args.json {
        print_json(&Value::Seq(listed.iter().map(json).collect()), io)?;
    } else if !args.quiet {
        print(args, &listed, io).map_err(broken)?;
    }
    Ok(Exit::Fine)
}

fn answer(args: &DvcListArgs, session: &Session, dir: &Path) -> Result<Vec<Listed>, Refusal> {
    let at = match args.rev.as_deref() {
        Some(rev) => session.at(rev).map_err(|refusal| refusal.with_code(1))?,
        None => None,
    };
    let git = session.git.as_ref();
    if args.rev.is_some() && git.is_some_and(|git| !git.prefix().is_empty()) {
        return Err(Refusal::usage(
            "--rev is not supported where the DVC repository is a folder of Git's",
        ));
    }
    // In a commit nobody is anywhere but at the root.
    let cwd = match args.rev {
        Some(_) => String::new(),
        None => below(dir, &session.project.root),
    };
    let asked = args.path.as_deref().unwrap_or_default();
    let path = match asked {
        "" => String::new(),
        path => {
            let path = Path::new(path).strip_prefix(&session.project.root);
            let path = path.ok().and_then(Path::to_str).unwrap_or(asked);
            locate(&cwd, path)
        }
    };
    let disk_index;
    let index = match &at {
        Some(at) => &at.index,
        None => {
            disk_index = session
                .sound_index()
                .map_err(|refusal| refusal.with_code(1))?;
            &disk_index
        }
    };
    // Also for a commit the remotes are those of today.
    let config = &session.project.config;
    if let Some(root) = index
        .roots
        .iter()
        .find(|root| !root.is_empty() && lies_in(&path, root))
    {
        return Err(Refusal::usage(format!(
            "'{root}' is a DVC repository of its own: list that one"
        )));
    }
    known_remotes(index, config)?;
    let cache = session.project.cache();
    let mut listings = Listings::new(&cache);
    let opened = |found: &Found| opens(&found.path, &path, args.recursive);
    let data = recorded(index, config, &opened, &|_, _| true, &mut listings);
    let disk = DiskFolders(&session.project.root);
    let commit;
    let folders: &dyn Folders = match (&at, git) {
        (Some(at), Some(git)) => match git.folders(&at.commit)? {
            Some(folders) => {
                commit = folders;
                &commit
            }
            None => &disk,
        },
        _ => &disk,
    };
    let mut lister = Lister::new(folders, index, &data);
    lister.recursive = args.recursive;
    lister.dvc_only = args.dvc_only;
    let shown = session.project.root.join(&path);
    let mut listed = lister.list(&path).map_err(|why| match why {
        NoList::NotThere => {
            let what = format!("[Errno 2] No such file or directory: '{}'", shown.display());
            Refusal::failed(what).with_code(1)
        }
        NoList::Unknown(dir) => Refusal::failed(format!(
            "failed to load directory '{dir}': its listing is neither in the cache nor on a remote on this machine"
        )),
    })?;
    // Without a path DVC lists the root, as seen from the current directory.
    let base = if asked.is_empty() { &cwd } else { &path };
    for item in &mut listed {
        item.path = match item.path == path {
            true => name(&path).to_owned(),
            // The directory as seen from there, and the name after it: `../data` in `data` itself, not `.`.
            false => match (relative(parent(&item.path), base), name(&item.path)) {
                (dir, name) if dir == "." => name.to_owned(),
                (dir, name) => format!("{dir}/{name}"),
            },
        };
    }
    listed.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(listed)
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(dir, _)| dir)
}

fn name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// Where in the repository a directory is; the root for one outside.
fn below(dir: &Path, root: &Path) -> String {
    let dir = dir.canonicalize().ok();
    let below = dir.as_deref().and_then(|dir| dir.strip_prefix(root).ok());
    below.and_then(Path::to_str).unwrap_or_default().to_owned()
}

fn json(item: &Listed) -> Value {
    let number = |size: u64| Value::Int(size.into());
    Value::map([
        ("isout", Value::Bool(item.is_out)),
        ("isdir", Value::Bool(item.is_dir)),
        ("isexec", Value::Bool(item.is_executable)),
        ("size", item.size.map_or(Value::Null, number)),
        ("md5", item.hash.as_ref().map_or(Value::Null, Value::text)),
        ("path", Value::text(&item.path)),
    ])
}

fn print(args: &DvcListArgs, listed: &[Listed], io: &mut Io<'_>) -> std::io::Result<()> {
    let mut titles = Vec::new();
    if args.size {
        titles.push(">size");
    }
    if args.show_hash {
        titles.push("md5");
    }
    titles.push("path");
    let mut table = Table::new(&titles);
    for item in listed {
        let mut cells = Vec::new();
        if args.size {
            cells.push(item.size.map(|size| size.to_string()).unwrap_or_default());
        }
        if args.show_hash {
            cells.push(item.hash.clone().unwrap_or_default());
        }
        cells.push(item.path.clone());
        table.row(cells);
    }
    table.write(io.out)
}
