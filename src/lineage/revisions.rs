//! Commits in what people write down: tags, metadata, labels, parameters, names of images and archives.

use crate::domain::lineage::graph::{Evidence, How};
use crate::domain::lineage::{Clue, Place, Record, Setting};

use super::Rules;

/// A text that may name a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// As written: an id in full or cut, or a tag.
    pub written: String,
    pub evidence: Evidence,
    /// Counts only where the repository has such a commit: it may as well be something else.
    pub only_if_known: bool,
}

/// What of a record may name its commit, the most trustworthy first.
pub fn candidates(record: &Record, rules: &Rules) -> Vec<Candidate> {
    let settings = record.clues.iter().filter_map(|clue| match clue {
        Clue::Setting(setting) => Some(setting),
        _ => None,
    });
    let mut found: Vec<(Place, Candidate)> = settings
        .filter_map(|setting| Some((setting.place, candidate(setting, rules)?)))
        .collect();
    found.sort_by_key(|(place, it)| (u8::MAX - it.evidence.how.strength(), *place));
    let mut candidates: Vec<Candidate> = Vec::new();
    for (_, candidate) in found {
        if !candidates.iter().any(|c| c.written == candidate.written) {
            candidates.push(candidate);
        }
    }
    candidates
}

fn candidate(setting: &Setting, rules: &Rules) -> Option<Candidate> {
    let value = setting.value.trim();
    let say = |written: &str, how, why| {
        Some(Candidate {
            written: written.to_owned(),
            evidence: Evidence { how, why },
            only_if_known: how != How::Declared,
        })
    };
    let inferred = |percent| How::Inferred { percent };
    let place = setting.place.words();
    if setting.place == Place::SourceRevision || is_commit_key(&setting.name, rules) {
        let why = match setting.place {
            Place::SourceRevision => format!("{place} of {}", setting.name),
            _ => format!("{place} {}", setting.name),
        };
        return if is_revision(value) {
            say(value, How::Declared, why)
        } else {
            None
        };
    }
    if setting.place == Place::ImageTag {
        let sha = value.rsplit(['-', '_', '.']).find(|part| is_sha(part))?;
        return say(
            sha,
            inferred(80),
            format!("the image's tag {value} ends like a commit"),
        );
    }
    if setting.name == "sagemaker_submit_directory" {
        let sha = value
            .rsplit(|c: char| !c.is_ascii_alphanumeric())
            .find(|part| is_sha(part))?;
        let why = format!("the code came in an archive whose name holds {sha}");
        return say(sha, inferred(70), why);
    }
    let whole = value.len() == 40 && is_sha(value);
    let other = ["md5", "hash", "digest", "checksum", "etag"];
    let lower = setting.name.to_ascii_lowercase();
    if whole && !other.iter().any(|word| lower.contains(word)) {
        let why = format!("{place} {} has the form of a commit", setting.name);
        return say(value, inferred(60), why);
    }
    None
}

/// The user's own names, and `git-commit`, `git:commit`, `GitCommit`, `CommitId` ... whatever their spelling.
pub fn is_commit_key(key: &str, rules: &Rules) -> bool {
    if rules.commit_tags.iter().any(|own| own == key) {
        return true;
    }
    // The standard label of container images, and the one before it.
    if matches!(
        key,
        "org.opencontainers.image.revision" | "org.label-schema.vcs-ref"
    ) {
        return true;
    }
    let plain: String = key
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_lowercase();
    matches!(
        plain.as_str(),
        "gitcommit"
            | "commit"
            | "commitid"
            | "commitsha"
            | "commithash"
            | "gitsha"
            | "githash"
            | "gitcommitid"
            | "gitcommitsha"
            | "gitcommithash"
            | "gitrevision"
            | "vcsref"
            | "sourcerevision"
    )
}

/// 7 to 40 hexadecimal digits with a letter and a digit among them: dates and words are none.
pub fn is_sha(text: &str) -> bool {
    (7..=40).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        && text.bytes().any(|b| b.is_ascii_digit())
        && text.bytes().any(|b| b.is_ascii_alphabetic())
}

/// What Git could take for a revision: an id (of digits alone, perhaps), a tag, a branch; no option, no range.
pub fn is_revision(text: &str) -> bool {
    (1..=200).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_./@#+=!~^".contains(&b))
        && !text.starts_with('-')
        && !text.contains("..")
        && !matches!(
            text.to_ascii_lowercase().as_str(),
            "unknown" | "none" | "null" | "n/a" | "dirty" | "local" | "head" | "latest"
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::lineage::Thing;

    fn of(settings: &[(Place, &str, &str)]) -> Vec<(String, String)> {
        let clues = settings.iter().map(|(place, name, value)| {
            Clue::Setting(Setting {
                place: *place,
                name: (*name).into(),
                value: (*value).into(),
            })
        });
        let record = Record {
            clues: clues.collect(),
            ..Record::bare(Thing::Model { name: "m".into() })
        };
        candidates(&record, &Rules::default())
            .into_iter()
            .map(|c| (c.written, c.evidence.how.words()))
            .collect()
    }

    #[test]
    fn what_is_declared_comes_before_what_only_fits() {
        let found = of(&[
            (Place::ImageTag, "tag", "main-1a2b3c4"),
            (Place::Tag, "git-commit", "abc1234"),
            (Place::MetadataProperties, "CommitId", "def5678"),
            (Place::Environment, "GIT_COMMIT", "abc1234"),
        ]);
        let found: Vec<(&str, &str)> = found.iter().map(|(a, b)| (&**a, &**b)).collect();
        assert_eq!(
            found,
            [
                ("def5678", "declared"),
                ("abc1234", "declared"),
                ("1a2b3c4", "inferred 80 %"),
            ]
        );
    }

    #[test]
    fn names_of_archives_and_long_ids_are_looked_at() {
        let long = "0123456789abcdef0123456789abcdef01234567";
        let found = of(&[
            (
                Place::Hyperparameter,
                "sagemaker_submit_directory",
                "s3://b/code/a1b2c3d/source/sourcedir.tar.gz",
            ),
            (Place::Environment, "BUILD", long),
            (Place::Environment, "DATA_SHA1_HASH", long),
            (Place::Tag, "owner", "deadbeef"),
        ]);
        let written: Vec<&str> = found.iter().map(|(written, _)| &**written).collect();
        assert_eq!(written, ["a1b2c3d", long]);
    }

    #[test]
    fn dates_words_and_options_are_no_commits() {
        assert!(!is_sha("20251123"));
        assert!(!is_sha("defaced"));
        assert!(is_sha("defaced1"));
        assert!(of(&[(Place::Tag, "git-commit", "--upload-pack=x y")]).is_empty());
        assert!(of(&[(Place::Tag, "git-commit", "unknown")]).is_empty());
        assert!(of(&[(Place::ImageTag, "tag", "3.1.0")]).is_empty());
    }

    #[test]
    fn the_users_own_names_count() {
        let rules = Rules {
            commit_tags: vec!["acme:rev".into()],
        };
        assert!(is_commit_key("acme:rev", &rules));
        assert!(is_commit_key("Git-Commit", &rules));
        assert!(is_commit_key("org.opencontainers.image.revision", &rules));
        assert!(!is_commit_key("committee", &rules));
        assert_eq!(rules.commit_tag(), "acme:rev");
    }

    proptest::proptest! {
        #[test]
        fn any_setting_is_taken(name in ".*", value in ".*") {
            for place in [Place::Tag, Place::ImageTag, Place::Hyperparameter, Place::SourceRevision] {
                let _ = of(&[(place, &name, &value), (place, "sagemaker_submit_directory", &value)]);
            }
        }
    }
}
