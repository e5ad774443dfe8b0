//! `*.dvc` files: outputs without a pipeline.

use super::index::Tracked;
use super::lock::Locked;
use super::pipeline::{Out, Role};
use super::yaml::{Damage, Value, parse_bytes};

/// What one file says.
#[derive(Clone, Debug)]
pub struct Single {
    /// What paths are relative to, seen from the file's directory.
    pub wdir: String,
    pub deps: Vec<Source>,
    pub outs: Vec<Tracked>,
    /// Only DVC 0.x had commands in these files.
    pub cmd: Value,
    /// The checksum of the file itself.
    pub md5: Option<String>,
    pub frozen: bool,
    pub always_changed: bool,
    pub desc: Option<String>,
    /// The whole file, for its checksum.
    pub document: Value,
}

/// Where an import comes from.
#[derive(Clone, Debug)]
pub struct Source {
    pub path: String,
    pub kind: SourceKind,
    pub locked: Option<Locked>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// A file, a directory or a URL.
    Plain,
    /// Another DVC or Git repository.
    Repository {
        url: String,
        rev: Option<String>,
        rev_lock: Option<String>,
    },
    Database,
}

/// Everything that one file says, with paths as written in it.
pub fn parse(bytes: &[u8]) -> Result<Single, Damage> {
    let document = parse_bytes(bytes)?;
    if !matches!(document, Value::Map(_)) {
        return Err(Damage::new(
            1,
            format!("{} where a map belongs", document.kind()),
        ));
    }
    let text = |key: &str| document.get(key).and_then(Value::as_str).map(str::to_owned);
    let flag = |key: &str| document.get(key).and_then(Value::as_bool) == Some(true);
    let deps: Vec<Source> = list(&document, "deps")?
        .iter()
        .map(source)
        .collect::<Result<_, _>>()?;
    // What came from another DVC repository can be had from there, and is never pushed.
    let imported = deps
        .iter()
        .any(|dep| matches!(dep.kind, SourceKind::Repository { .. }));
    let mut outs = Vec::new();
    for out in list(&document, "outs")? {
        outs.push(tracked(out, imported)?);
    }
    Ok(Single {
        wdir: text("wdir").unwrap_or_else(|| ".".to_owned()),
        deps,
        outs,
        cmd: document.get("cmd").cloned().unwrap_or(Value::Null),
        md5: text("md5"),
        frozen: flag("frozen") || flag("locked"),
        always_changed: flag("always_changed"),
        desc: text("desc"),
        document,
    })
}

fn list<'a>(document: &'a Value, key: &str) -> Result<&'a [Value], Damage> {
    match document.get(key) {
        Some(items @ Value::Seq(_)) => Ok(items.items()),
        None | Some(Value::Null) => Ok(&[]),
        Some(other) => Err(Damage::new(
            1,
            format!("{key}: {} where a list belongs", other.kind()),
        )),
    }
}

fn source(dep: &Value) -> Result<Source, Damage> {
    let path = dep.get("path").and_then(Value::as_str);
    let kind = match dep.get("repo") {
        Some(repo) => {
            let text = |key: &str| repo.get(key).and_then(Value::as_str).map(str::to_owned);
            SourceKind::Repository {
                url: text("url")
                    .ok_or_else(|| Damage::new(1, "an import without the url of its repository"))?,
                rev: text("rev"),
                rev_lock: text("rev_lock"),
            }
        }
        None if dep.get("db").is_some() => SourceKind::Database,
        None if path.is_none() => return Err(Damage::new(1, "a dependency without a path")),
        None => SourceKind::Plain,
    };
    Ok(Source {
        path: path.unwrap_or_default().to_owned(),
        kind,
        locked: Locked::of(dep),
    })
}

fn tracked(out: &Value, imported: bool) -> Result<Tracked, Damage> {
    let Some(path) = out.get("path").and_then(Value::as_str) else {
        return Err(Damage::new(1, "an output without a path"));
    };
    let mut declared = Out::with_options(path, Role::Out, out);
    declared.push &= !imported;
    for (key, role) in [("metric", Role::Metric), ("plot", Role::Plot)] {
        if out
            .get(key)
            .is_some_and(|value| !matches!(value, Value::Bool(false) | Value::Null))
        {
            declared.role = role;
        }
    }
    Ok(Tracked {
        out: declared,
        locked: Locked::of(out),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn outputs_with_their_options() {
        let text = "wdir: ..\nouts:\n- md5: 1af1.dir\n  size: 23\n  nfiles: 6\n  hash: md5\n  path: dir1\n  push: false\n- path: partial.csv\n  hash: md5\n- {path: m.json, md5: aa, metric: true, cache: false}\n";
        let single = parse(text.as_bytes()).unwrap();
        let outs = single.outs;
        assert_eq!((single.wdir.as_str(), outs.len()), ("..", 3));
        assert!(!outs[0].out.push && outs[0].out.cached);
        assert_eq!(outs[0].locked.as_ref().unwrap().files, Some(6));
        assert_eq!(outs[1].locked, None);
        assert_eq!(
            (outs[2].out.role, outs[2].out.cached),
            (Role::Metric, false)
        );
    }

    #[test]
    fn a_listing_of_files_gives_the_hash_of_the_directory() {
        let text = "outs:\n- path: d\n  hash: md5\n  files:\n  - {relpath: a, md5: '0cc175b9c0f1b6a831c399e269772661', size: 1}\n  - {relpath: b, md5: '92eb5ffee6ae2fec3ad71c777531578f', size: 1}\n";
        let outs = parse(text.as_bytes()).unwrap().outs;
        let locked = outs[0].locked.as_ref().unwrap();
        assert!(locked.is_dir());
        assert_eq!((locked.files, locked.size_bytes), (Some(2), Some(2)));
    }

    #[test]
    fn an_import_is_not_pushed() {
        let text = "deps:\n- path: a\n  repo: {url: /x, rev_lock: ff}\nouts:\n- {path: a, md5: aa, hash: md5}\n";
        let outs = parse(text.as_bytes()).unwrap().outs;
        assert!(!outs[0].out.push);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let _ = parse(&bytes);
        }
    }
}
