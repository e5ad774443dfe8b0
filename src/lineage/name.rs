//! From what somebody types to the thing that is meant.

use crate::domain::lineage::{Record, Thing};
use crate::domain::repository::Repository;

use super::{images, revisions};

/// Things that a text may name, the most likely first: an ARN, a name, `endpoint/variant`, `model v14`, an image,
/// the path of data. A revision of the repository comes last, and only if it has the form of one.
pub fn things(text: &str, records: &[Record], repository: Option<&Repository>) -> Vec<Thing> {
    let text = text.trim();
    let mut found = Vec::new();
    let mut add = |thing: Thing| {
        if !found.contains(&thing) {
            found.push(thing);
        }
    };
    if let Some(thing) = Thing::of_arn(text) {
        add(thing);
    }
    if text.starts_with("s3://") {
        let uri = super::content::tidy(text);
        match super::content::hash_of(&uri) {
            Some((hash, _)) => add(Thing::Data { hash }),
            None => add(Thing::Object { uri }),
        }
    }
    for record in records {
        if is_named(record, text) {
            add(record.thing.clone());
        }
    }
    let outputs = repository
        .and_then(|repository| repository.data.as_ref())
        .map_or(&[][..], |data| &data.outputs);
    for output in outputs {
        let hash = output.head_hash.as_ref().or(output.lock_hash.as_ref());
        let named = output.path == text.trim_end_matches('/')
            || [&output.head_hash, &output.lock_hash]
                .into_iter()
                .flatten()
                .any(|hash| hash == text);
        if let Some(hash) = hash.filter(|_| named) {
            let hash = if hash == text || output.path == text.trim_end_matches('/') {
                hash.clone()
            } else {
                text.to_owned()
            };
            add(Thing::Data { hash });
        }
    }
    if revisions::is_revision(text) || text == "HEAD" {
        add(Thing::Commit {
            id: text.to_owned(),
        });
    }
    found
}

fn is_named(record: &Record, text: &str) -> bool {
    if record.name.as_deref() == Some(text) || (!record.arn.is_empty() && record.arn == text) {
        return true;
    }
    match &record.thing {
        Thing::Variant { endpoint, name } => text
            .split_once('/')
            .is_some_and(|(before, after)| before.trim() == endpoint && after.trim() == name),
        Thing::Image { uri } => {
            let digest = uri.split_once('@').map(|(_, digest)| digest);
            uri == text
                || digest == Some(text)
                || record.clues.iter().any(|clue| match clue {
                    crate::domain::lineage::Clue::Setting(setting) => {
                        format!("{}:{}", images::repository(uri), setting.value) == text
                            || text
                                .strip_suffix(&format!(":{}", setting.value))
                                .is_some_and(|repository| {
                                    images::repository(uri).ends_with(&format!("/{repository}"))
                                })
                    }
                    _ => false,
                })
        }
        thing => {
            let name = thing.name();
            // `churn/14` as well as `churn v14`.
            name == text || name.replace(" v", "/") == text
        }
    }
}
