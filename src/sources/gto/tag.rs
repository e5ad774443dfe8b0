//! The names of tags, and the short ways to name a version.

use std::sync::LazyLock;

use regex::Regex;

const NAME: &str = r"[a-zA-Z0-9](?:[a-zA-Z0-9\-/_]*[a-zA-Z0-9])?";
const DIRNAME: &str = r"[a-zA-Z0-9\-_./]+";
const SEMVER: &str = r"(?:0|[1-9][0-9]*)\.(?:0|[1-9][0-9]*)\.(?:0|[1-9][0-9]*)(?:-(?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*))*)?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?";

static TAG: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let pattern = format!(
        "^(?P<artifact>(?:{DIRNAME}=)?{NAME})(?:(?:#(?P<stage>{NAME})|@(?P<version>v{SEMVER}))(?P<cancel>!?)|@(?:(?P<deprecated>deprecated)|created))(?:#[0-9]+)?$"
    );
    Regex::new(&pattern).ok()
});

static SHORTCUT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let pattern = format!(
        "^(?P<artifact>(?:{DIRNAME}:)?{NAME})(?:#(?P<stage>{NAME})|@(?P<version>latest|greatest|v{SEMVER}))$"
    );
    Regex::new(&pattern).ok()
});

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Deprecate,
    Register,
    Deregister,
    Assign,
    Unassign,
}

/// What the name of a tag says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagName {
    /// `sub/dir:name` for an artifact of a subdirectory.
    pub artifact: String,
    pub action: Action,
    pub version: Option<String>,
    pub stage: Option<String>,
}

impl TagName {
    /// `None` for a tag that is none of GTO's, or that says nothing (`model@created`).
    pub fn parse(name: &str) -> Option<Self> {
        let found = TAG.as_ref()?.captures(name)?;
        let part = |name: &str| found.name(name).map(|it| it.as_str().to_owned());
        let cancels = part("cancel").is_some_and(|text| !text.is_empty());
        let (version, stage) = (part("version"), part("stage"));
        let action = match (&version, &stage, cancels) {
            (Some(_), _, false) => Action::Register,
            (Some(_), _, true) => Action::Deregister,
            (None, Some(_), false) => Action::Assign,
            (None, Some(_), true) => Action::Unassign,
            (None, None, _) => {
                part("deprecated")?;
                Action::Deprecate
            }
        };
        Some(Self {
            artifact: part("artifact")?.replace('=', ":"),
            action,
            version,
            stage,
        })
    }
}

/// What `gto show` is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortcut {
    pub artifact: String,
    pub stage: Option<String>,
    pub version: Option<String>,
    pub latest: bool,
}

impl Shortcut {
    /// `model`, `model@latest`, `model@v1.0.0`, `model#prod`.
    pub fn parse(text: &str) -> Self {
        let found = SHORTCUT.as_ref().and_then(|regex| regex.captures(text));
        let part = |name: &str| Some(found.as_ref()?.name(name)?.as_str().to_owned());
        let version = part("version");
        let latest = matches!(version.as_deref(), Some("latest" | "greatest"));
        Self {
            artifact: part("artifact").unwrap_or_else(|| text.to_owned()),
            stage: part("stage"),
            version: version.filter(|_| !latest),
            latest,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_of_tags() {
        for (name, artifact, action) in [
            ("m@v1.0.0", "m", Action::Register),
            ("m@v1.0.0!", "m", Action::Deregister),
            ("m#prod", "m", Action::Assign),
            ("m#prod#12", "m", Action::Assign),
            ("m#prod!#3", "m", Action::Unassign),
            ("m@deprecated", "m", Action::Deprecate),
            ("m@deprecated#2", "m", Action::Deprecate),
            (
                "sub/dir=nested@v2.0.0-rc.1",
                "sub/dir:nested",
                Action::Register,
            ),
        ] {
            let parsed = TagName::parse(name).unwrap();
            assert_eq!(
                (parsed.artifact.as_str(), parsed.action),
                (artifact, action)
            );
        }
        let stage = TagName::parse("m#prod-5").unwrap().stage;
        assert_eq!(stage.as_deref(), Some("prod-5"));
    }

    #[test]
    fn other_tags_are_left() {
        for name in [
            "m@1.0.0",
            "m@v1.0",
            "m@v01.0.0",
            "a.b@v1.0.0",
            "m-@v1.0.0",
            "m@created",
            "v1.0.0",
            "m#",
            "",
        ] {
            assert_eq!(TagName::parse(name), None, "{name}");
        }
    }

    #[test]
    fn shortcuts() {
        assert!(Shortcut::parse("m@latest").latest);
        assert_eq!(Shortcut::parse("a/b:m#prod").artifact, "a/b:m");
        assert_eq!(
            Shortcut::parse("m@v1.0.0").version.as_deref(),
            Some("v1.0.0")
        );
        assert_eq!(Shortcut::parse("m@v1").artifact, "m@v1");
    }

    proptest::proptest! {
        #[test]
        fn any_name_is_taken(name in "(?s).*") {
            TagName::parse(&name);
            Shortcut::parse(&name);
        }
    }
}
