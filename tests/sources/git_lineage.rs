//! What the history says of single commits: revisions, data, distances, differences.

use flightdeck::domain::lineage::code::Revision;
use flightdeck::sources::VersionSource;

use super::repo::Repo;

const FIRST: &str = "900150983cd24fb0d6963f7d28e17f72";
const SECOND: &str = "d41d8cd98f00b204e9800998ecf8427e";

fn lock(hash: &str, lr: &str) -> String {
    format!(
        "schema: '2.0'\nstages:\n  train:\n    cmd: x\n    params:\n      params.yaml:\n        lr: {lr}\n    outs:\n    - path: data/f.csv\n      hash: md5\n      md5: {hash}\n      size: 5\n"
    )
}

/// Three commits on main: the second changes code alone, the third the data.
fn repo() -> (Repo, Vec<String>) {
    let repo = Repo::new();
    let mut ids = Vec::new();
    repo.write(
        ".dvc/config",
        "[core]\nremote = s\n['remote \"s\"']\nurl = s3://b/dvc\n",
    );
    repo.write(
        "dvc.yaml",
        "stages:\n  train:\n    cmd: x\n    outs: [data/f.csv]\n",
    );
    repo.write("dvc.lock", lock(FIRST, "0.1"));
    repo.write("train.py", "one");
    ids.push(repo.commit_all("first").to_string());
    repo.write("train.py", "two");
    ids.push(repo.commit_all("second").to_string());
    repo.write("dvc.lock", lock(SECOND, "0.2"));
    ids.push(repo.commit_all("third").to_string());
    (repo, ids)
}

#[test]
fn a_commit_knows_its_data_and_how_far_it_is_behind() {
    let (repo, ids) = repo();
    let short = ids[0][..8].to_owned();
    let written = [short.clone(), "HEAD".into(), "deadbee1".into()];
    let code = repo.versions().code(&written, &ids[..1]).unwrap();
    assert!(code.missing.is_empty(), "{:?}", code.missing);
    let code = code.value;
    assert_eq!(code.revisions[&short], Revision::Commit(ids[0].clone()));
    assert_eq!(code.revisions["HEAD"], Revision::Commit(ids[2].clone()));
    assert_eq!(code.revisions["deadbee1"], Revision::Unknown);
    let facts = code.commit(&short).unwrap();
    assert_eq!(facts.summary, "first");
    assert_eq!(facts.data[0].hash, FIRST);
    assert_eq!(
        facts.data[0].remote_uri.as_deref(),
        Some("s3://b/dvc/files/md5/90/0150983cd24fb0d6963f7d28e17f72")
    );
    assert_eq!(facts.params["lr"], "0.1");
    let distance = facts.distance.as_ref().unwrap();
    assert_eq!(
        (distance.behind, distance.ahead, distance.data_versions),
        (2, 0, Some(1))
    );
}

#[test]
fn between_two_commits_are_files_and_commits() {
    let (repo, ids) = repo();
    let between = repo.versions().between(&ids[0], &ids[2]).unwrap().value;
    let files: Vec<&str> = between.files.iter().map(|f| f.path.as_str()).collect();
    assert_eq!(files, ["dvc.lock", "train.py"]);
    assert_eq!((between.commits, between.commits_back), (2, 0));
    assert!(repo.versions().between(&ids[0], "no").is_err());
}

#[test]
fn names_that_mean_nothing_are_unknown_and_no_failure() {
    let (repo, _) = repo();
    let written: Vec<String> = [
        "",
        "-x",
        "..",
        "@{-1}",
        "a b",
        "\u{0}",
        "refs/heads/",
        ":/",
        "^",
    ]
    .map(str::to_owned)
    .into();
    let code = repo.versions().code(&written, &["zz".into()]).unwrap();
    assert_eq!(code.missing.len(), 1);
    for name in &written {
        assert!(
            !matches!(code.value.revisions[name], Revision::Ambiguous),
            "{name:?}"
        );
    }
}
