//! Container images under one name each: the digest where anybody knows it.

use std::collections::HashMap;

use crate::domain::lineage::{Clue, Place, Record, Thing};

/// Digests by `repository:tag`, as far as the registry told.
#[derive(Debug, Default)]
pub struct Images {
    by_tag: HashMap<String, String>,
}

/// An image as one thing, and how its digest was come by.
pub struct Named {
    pub thing: Thing,
    /// It was written with a tag, which the registry has at that digest today.
    pub by_tag: Option<String>,
}

impl Images {
    pub fn of(records: &[Record]) -> Self {
        let mut by_tag = HashMap::new();
        for record in records {
            let Thing::Image { uri } = &record.thing else {
                continue;
            };
            let Some((repository, _)) = uri.split_once('@') else {
                continue;
            };
            for clue in &record.clues {
                if let Clue::Setting(setting) = clue
                    && setting.place == Place::ImageTag
                {
                    by_tag.insert(format!("{repository}:{}", setting.value), uri.clone());
                }
            }
        }
        Self { by_tag }
    }

    pub fn name(&self, uri: &str, digest: Option<&str>) -> Named {
        let uri = uri.trim();
        if let Some(digest) = digest.filter(|digest| digest.starts_with("sha256:")) {
            let repository = repository(uri);
            return Named {
                thing: image(format!("{repository}@{digest}")),
                by_tag: None,
            };
        }
        match self.by_tag.get(uri) {
            Some(known) => Named {
                thing: image(known.clone()),
                by_tag: tag(uri).map(str::to_owned),
            },
            None => Named {
                thing: image(uri.to_owned()),
                by_tag: None,
            },
        }
    }
}

fn image(uri: String) -> Thing {
    Thing::Image { uri }
}

/// The URI without tag and digest.
pub fn repository(uri: &str) -> &str {
    let uri = uri.split_once('@').map_or(uri, |(before, _)| before);
    match uri.rsplit_once(':') {
        // A port's colon comes before a slash.
        Some((before, after)) if !after.contains('/') => before,
        _ => uri,
    }
}

/// The tag, where it has one and no digest.
pub fn tag(uri: &str) -> Option<&str> {
    if uri.contains('@') {
        return None;
    }
    uri.rsplit_once(':')
        .map(|(_, tag)| tag)
        .filter(|tag| !tag.contains('/'))
}

/// Account and Region of a private ECR registry.
pub fn registry(uri: &str) -> Option<(&str, &str)> {
    let (host, _) = uri.split_once('/')?;
    let (account, rest) = host.split_once(".dkr.ecr.")?;
    let (region, _) = rest.split_once('.')?;
    (account.len() == 12).then_some((account, region))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_are_taken_apart() {
        assert_eq!(repository("h.io:5000/a/b:1.2"), "h.io:5000/a/b");
        assert_eq!(repository("h.io:5000/a/b"), "h.io:5000/a/b");
        assert_eq!(repository("h.io/a@sha256:12"), "h.io/a");
        assert_eq!(tag("h.io:5000/a/b"), None);
        assert_eq!(tag("h.io/b:1.2"), Some("1.2"));
        let uri = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/a:1";
        assert_eq!(registry(uri), Some(("123456789012", "eu-west-1")));
        assert_eq!(registry("docker.io/a"), None);
    }
}
