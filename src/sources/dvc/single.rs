//! `*.dvc` files: outputs without a pipeline.

use super::index::Tracked;
use super::lock::Locked;
use super::pipeline::{Out, Role};
use super::yaml::{Damage, Value, parse_bytes};

/// The outputs of one file, with paths as written in it, and its working directory.
pub fn parse(bytes: &[u8]) -> Result<(String, Vec<Tracked>), Damage> {
    let document = parse_bytes(bytes)?;
    if !matches!(document, Value::Map(_)) {
        return Err(Damage::new(
            1,
            format!("{} where a map belongs", document.kind()),
        ));
    }
    let wdir = document.get("wdir").and_then(Value::as_str).unwrap_or(".");
    let outs = match document.get("outs") {
        Some(outs @ Value::Seq(_)) => outs.items(),
        None | Some(Value::Null) => &[],
        Some(other) => {
            return Err(Damage::new(
                1,
                format!("outs: {} where a list belongs", other.kind()),
            ));
        }
    };
    // What came from another DVC repository can be had from there, and is never pushed.
    let deps = document.get("deps").map(Value::items).unwrap_or_default();
    let imported = deps.iter().any(|dep| dep.get("repo").is_some());
    let mut tracked = Vec::new();
    for out in outs {
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
        tracked.push(Tracked {
            out: declared,
            locked: Locked::of(out),
        });
    }
    Ok((wdir.to_owned(), tracked))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn outputs_with_their_options() {
        let text = "wdir: ..\nouts:\n- md5: 1af1.dir\n  size: 23\n  nfiles: 6\n  hash: md5\n  path: dir1\n  push: false\n- path: partial.csv\n  hash: md5\n- {path: m.json, md5: aa, metric: true, cache: false}\n";
        let (wdir, outs) = parse(text.as_bytes()).unwrap();
        assert_eq!((wdir.as_str(), outs.len()), ("..", 3));
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
        let (_, outs) = parse(text.as_bytes()).unwrap();
        let locked = outs[0].locked.as_ref().unwrap();
        assert!(locked.is_dir());
        assert_eq!((locked.files, locked.size_bytes), (Some(2), Some(2)));
    }

    #[test]
    fn an_import_is_not_pushed() {
        let text = "deps:\n- path: a\n  repo: {url: /x, rev_lock: ff}\nouts:\n- {path: a, md5: aa, hash: md5}\n";
        let (_, outs) = parse(text.as_bytes()).unwrap();
        assert!(!outs[0].out.push);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let _ = parse(&bytes);
        }
    }
}
