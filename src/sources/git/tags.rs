//! Tags, annotated or not, each with the commit behind it.

use git2::{ObjectType, Repository};

use super::error;
use super::log::text_of;
use crate::domain::repository::Tag;
use crate::sources::SourceError;

const PREFIX: &str = "refs/tags/";

/// By name. Tags of trees and blobs have no commit and are left out; damaged ones are named in `missing`.
pub(super) fn read(repository: &Repository, missing: &mut Vec<SourceError>) -> Vec<Tag> {
    let found = match repository.references_glob("refs/tags/*") {
        Ok(found) => found,
        Err(cause) => {
            missing.push(error::malformed("tags", &cause));
            return Vec::new();
        }
    };
    let mut tags = Vec::new();
    for entry in found {
        match entry.map_err(|cause| error::malformed("a tag", &cause)) {
            Ok(reference) => match describe(repository, &reference) {
                Ok(tag) => tags.extend(tag),
                Err(damage) => missing.push(damage),
            },
            Err(damage) => missing.push(damage),
        }
    }
    tags.sort_by(|a, b| a.name.cmp(&b.name));
    tags
}

fn describe(
    repository: &Repository,
    reference: &git2::Reference<'_>,
) -> Result<Option<Tag>, SourceError> {
    let full = String::from_utf8_lossy(reference.name_bytes()).into_owned();
    let name = full.strip_prefix(PREFIX).unwrap_or(&full).to_owned();
    let damaged = |cause| error::malformed(&format!("tag {name}"), &cause);
    let target = reference.peel(ObjectType::Any).map_err(damaged)?;
    if target.kind() != Some(ObjectType::Commit) {
        return Ok(None);
    }
    let annotation = reference
        .target()
        .filter(|id| *id != target.id())
        .map(|id| repository.find_tag(id))
        .transpose()
        .map_err(damaged)?;
    let message = annotation
        .as_ref()
        .and_then(|tag| tag.message_bytes())
        .map(|bytes| text_of(bytes, false).trim_end().to_owned())
        .filter(|text| !text.is_empty());
    Ok(Some(Tag {
        commit: target.id().to_string(),
        annotated: annotation.is_some(),
        message,
        name,
    }))
}
