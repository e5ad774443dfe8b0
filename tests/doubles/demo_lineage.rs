//! The demo's endpoints, models, packages, executions, jobs, images, commits and data belong together: a lineage goes
//! from what serves to the commit and the data, and back.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::account::{Account, Ended};

fn demo(arguments: &[&str]) -> Ended {
    let mut all = arguments.to_vec();
    all.extend(["--demo", "--seed", "7"]);
    Account::at("http://127.0.0.1:9").flightdeck(&all)
}

fn items(ended: &Ended) -> Vec<Value> {
    let whole = ended.json();
    assert_eq!(whole["schema"], "flightdeck.lineage/1");
    assert_eq!(whole["partial"], serde_json::json!([]), "{whole:#}");
    whole["items"].as_array().unwrap().clone()
}

fn of<'i>(items: &'i [Value], kind: &str) -> Vec<&'i Value> {
    items.iter().filter(|item| item["type"] == kind).collect()
}

/// Kinds of the nodes that links lead to from `from`, in the direction given by two members.
fn walk<'i>(items: &'i [Value], from: &str, here: &str, there: &str) -> BTreeSet<&'i str> {
    let links = of(items, "link");
    let mut seen = BTreeSet::from([from]);
    let mut queue = vec![from];
    while let Some(id) = queue.pop() {
        for link in links.iter().filter(|link| link[here] == id) {
            let next = link[there].as_str().unwrap();
            if seen.insert(next) {
                queue.push(next);
            }
        }
    }
    let nodes = of(items, "node");
    nodes
        .iter()
        .filter(|node| seen.contains(node["id"].as_str().unwrap()))
        .map(|node| node["kind"].as_str().unwrap())
        .collect()
}

#[test]
fn from_a_variant_of_the_demo_to_commit_image_and_data() {
    let ended = demo(&["lineage", "churn-prod/blue", "--up", "--json"]);
    let items = items(&ended);
    let kinds = walk(&items, "variant:churn-prod/blue", "product", "origin");
    for kind in [
        "config",
        "model",
        "model_version",
        "execution",
        "training_job",
        "image",
        "commit",
        "data",
        "object",
    ] {
        assert!(kinds.contains(kind), "{kind}: {kinds:?}");
    }
    let serving = of(&items, "serving");
    let sentence = serving[0]["sentence"].as_str().unwrap();
    assert!(
        sentence.starts_with("variant blue of churn-prod serves model churn v14, trained at "),
        "{sentence}"
    );
    assert_eq!(serving[0]["distance"]["behind"], 14);
    assert_eq!(serving[0]["distance"]["data_versions"], 5);
    // What the training read is what the lock at the model's commit says.
    let hash = |link: &&Value| {
        let reads = link["product"]
            .as_str()
            .unwrap()
            .starts_with("training_job:");
        reads && link["origin"].as_str().unwrap().starts_with("data:")
    };
    let links = of(&items, "link");
    let read = links.iter().find(|link| hash(link)).unwrap();
    assert_eq!(read["how"], "hash");
    let commit = format!("commit:{}", serving[0]["commit"].as_str().unwrap());
    assert!(
        links
            .iter()
            .any(|link| link["product"] == commit.as_str() && link["origin"] == read["origin"]),
        "{read:#}"
    );
}

#[test]
fn from_a_commit_of_the_demo_to_what_serves_it() {
    let down = items(&demo(&["lineage", "HEAD~14", "--down", "--json"]));
    let root = of(&down, "root")[0]["id"].as_str().unwrap().to_owned();
    let kinds = walk(&down, &root, "origin", "product");
    for kind in ["model_version", "model", "variant", "endpoint"] {
        assert!(kinds.contains(kind), "{kind}: {kinds:?}");
    }
}

#[test]
fn a_few_keys_lead_from_the_endpoint_to_the_commit_on_screen() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("lineage.svg");
    let ended = Account::at("http://127.0.0.1:9").flightdeck(&[
        "demo",
        "--seed",
        "7",
        "--screenshot",
        file.to_str().unwrap(),
        "--screen",
        "endpoints",
        "--size",
        "160x50",
        "--keys",
        "<enter>i/commit<enter>",
    ]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let picture = std::fs::read_to_string(file).unwrap();
    for text in ["Lineage", "commit ", "declared"] {
        assert!(picture.contains(text), "{text}");
    }
}
