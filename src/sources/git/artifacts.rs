//! What GTO's registry is made from: annotated tags, the commits they point to, two small files.

use std::collections::HashMap;
use std::path::Path;

use git2::{ObjectType, Oid, Repository};

use super::changes::lossy;
use super::{error, open};
use crate::sources::SourceError;
use crate::sources::gto::{Commit, Moment, Source, Tag};

const ANNOTATIONS: &str = "artifacts.yaml";
const SETTINGS: &str = ".gto";

/// Everything of the repository around `dir` that GTO looks at.
///
/// # Errors
/// When there is no repository, or its tags cannot be listed. A damaged tag is left out.
pub fn artifacts(dir: &Path) -> Result<Source, SourceError> {
    let repository = open::open(dir)?;
    let mut source = Source::default();
    let found = repository
        .references_glob("refs/tags/*")
        .map_err(|cause| error::malformed("tags", &cause))?;
    for reference in found.flatten() {
        // Lightweight tags point to the commit itself: GTO leaves them out.
        let Some(tag) = reference
            .target()
            .and_then(|id| repository.find_tag(id).ok())
        else {
            continue;
        };
        source.tags.push(describe(&tag));
    }
    source.tags.sort_by(|a, b| a.name.cmp(&b.name));
    source.head = repository
        .head()
        .ok()
        .and_then(|head| head.peel_to_commit().ok())
        .map(|commit| commit.id().to_string());
    let mut commits = HashMap::new();
    for id in source
        .tags
        .iter()
        .map(|tag| &tag.target)
        .chain(&source.head)
    {
        if !commits.contains_key(id)
            && let Some(commit) = commit(&repository, id)
        {
            commits.insert(id.clone(), commit);
        }
    }
    source.commits = commits;
    source.config = repository
        .workdir()
        .and_then(|dir| std::fs::read(dir.join(SETTINGS)).ok());
    Ok(source)
}

fn describe(tag: &git2::Tag<'_>) -> Tag {
    let tagger = tag.tagger();
    let of = |text: fn(&git2::Signature<'_>) -> Vec<u8>| {
        tagger
            .as_ref()
            .map_or_else(String::new, |who| lossy(&text(who)))
    };
    Tag {
        name: lossy(tag.name_bytes()),
        target: tag.target_id().to_string(),
        tagger: of(|who| who.name_bytes().to_vec()),
        email: of(|who| who.email_bytes().to_vec()),
        at: tagger.as_ref().map_or(
            Moment {
                seconds: 0,
                offset: 0,
            },
            |who| moment(who.when()),
        ),
        message: lossy(tag.message_bytes().unwrap_or_default()),
    }
}

fn moment(time: git2::Time) -> Moment {
    Moment {
        seconds: time.seconds(),
        offset: time.offset_minutes().saturating_mul(60),
    }
}

/// `None` for what is no commit, or is not there.
fn commit(repository: &Repository, id: &str) -> Option<Commit> {
    let object = repository.find_object(Oid::from_str(id).ok()?, None).ok()?;
    let commit = object.peel(ObjectType::Commit).ok()?.into_commit().ok()?;
    let (author, committer) = (commit.author(), commit.committer());
    let annotations = commit
        .tree()
        .ok()
        .and_then(|tree| Some(tree.get_name(ANNOTATIONS)?.id()))
        .and_then(|id| repository.find_blob(id).ok())
        .map(|blob| blob.content().to_vec());
    Some(Commit {
        id: commit.id().to_string(),
        author: lossy(author.name_bytes()),
        author_email: lossy(author.email_bytes()),
        committer: lossy(committer.name_bytes()),
        committer_email: lossy(committer.email_bytes()),
        at: moment(commit.time()),
        message: lossy(commit.message_bytes()),
        annotations,
    })
}
