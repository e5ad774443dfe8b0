//! What an image's manifest says of itself: its annotations. Labels are a layer further down and are not fetched.

use aws_sdk_ecr::types::ImageIdentifier;
use serde::Deserialize;
use std::collections::BTreeMap;

use super::{Api, Ecr};
use crate::domain::lineage::{Clue, Place, Record, Setting, Thing};
use crate::domain::source_error::SourceError;
use crate::sources::aws::lineage::Told;

const BATCH_GET_IMAGE: Api = Api::new("ecr", "BatchGetImage");

/// Manifests and indexes, of Docker and of OCI.
const KINDS: [&str; 4] = [
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
];

impl Ecr {
    /// The image at a URI of a private registry, with its tags and annotations.
    pub async fn image_record(&self, uri: &str) -> Result<Told, SourceError> {
        let thing = Thing::Image {
            uri: uri.to_owned(),
        };
        let mut record = Record {
            whole: true,
            ..Record::bare(thing)
        };
        let Some(wanted) = Wanted::of(uri) else {
            return Ok(Told {
                records: vec![record],
                fixed: true,
                missing: Vec::new(),
            });
        };
        let mut id = ImageIdentifier::builder();
        id = match wanted.digest {
            Some(digest) => id.image_digest(digest),
            None => id.image_tag(wanted.tag),
        };
        let mut request = self
            .client
            .batch_get_image()
            .registry_id(wanted.registry)
            .repository_name(wanted.repository)
            .image_ids(id.build());
        for kind in KINDS {
            request = request.accepted_media_types(kind);
        }
        let answer = self.session.call(BATCH_GET_IMAGE, request.send()).await?;
        for image in answer.images() {
            let tag = image.image_id().and_then(|id| id.image_tag());
            record.clues.extend(tag.map(|tag| {
                Clue::Setting(Setting {
                    place: Place::ImageTag,
                    name: "tag".to_owned(),
                    value: tag.to_owned(),
                })
            }));
            let manifest = image.image_manifest().unwrap_or_default();
            record.clues.extend(annotations(manifest));
        }
        if let Some(failure) = answer.failures().first() {
            record.note = failure
                .failure_code()
                .map_or("not in the registry", |code| match code.as_str() {
                    "ImageNotFound" => "no longer in the registry",
                    other => other,
                })
                .to_owned();
        }
        Ok(Told {
            records: vec![record],
            fixed: wanted.digest.is_some(),
            missing: Vec::new(),
        })
    }
}

/// `123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/train@sha256:…` in its parts.
struct Wanted<'a> {
    registry: &'a str,
    repository: &'a str,
    tag: &'a str,
    digest: Option<&'a str>,
}

impl<'a> Wanted<'a> {
    fn of(uri: &'a str) -> Option<Self> {
        let (host, rest) = uri.split_once('/')?;
        let (registry, _) = host.split_once(".dkr.ecr.")?;
        let (rest, digest) = match rest.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest)),
            None => (rest, None),
        };
        let (repository, tag) = rest.split_once(':').unwrap_or((rest, "latest"));
        Some(Self {
            registry,
            repository,
            tag,
            digest,
        })
    }
}

#[derive(Deserialize)]
struct Manifest {
    #[serde(default)]
    annotations: BTreeMap<String, String>,
    /// Of an index: the images of each platform.
    #[serde(default)]
    manifests: Vec<Manifest>,
}

fn annotations(manifest: &str) -> Vec<Clue> {
    let Ok(manifest) = serde_json::from_str::<Manifest>(manifest) else {
        return Vec::new();
    };
    let mut all = manifest.annotations;
    for platform in manifest.manifests {
        for (name, value) in platform.annotations {
            all.entry(name).or_insert(value);
        }
    }
    all.into_iter()
        .map(|(name, value)| {
            Clue::Setting(Setting {
                place: Place::Label,
                name,
                value,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn uris_of_private_registries_are_taken_apart() {
        let host = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
        let uri = format!("{host}/team/train@sha256:ab");
        let wanted = Wanted::of(&uri).unwrap();
        assert_eq!(
            (wanted.registry, wanted.repository),
            ("123456789012", "team/train")
        );
        assert_eq!(wanted.digest, Some("sha256:ab"));
        let uri = format!("{host}/train:1.2");
        assert_eq!(Wanted::of(&uri).unwrap().tag, "1.2");
        assert!(Wanted::of("docker.io/library/python").is_none());
    }

    #[test]
    fn annotations_of_an_index_count_too() {
        let text = r#"{"schemaVersion":2,"manifests":[{"digest":"x","annotations":{"org.opencontainers.image.revision":"abc1234"}}]}"#;
        assert_eq!(annotations(text).len(), 1);
        assert!(annotations("{").is_empty());
        assert!(annotations("[1]").is_empty());
    }
}
