//! What happened to an artifact.

/// A time with the offset it was written down with, both in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    pub seconds: i64,
    pub offset: i32,
}

impl Moment {
    /// As Python's `isoformat`: `2023-11-15T09:16:20+00:00`.
    pub fn iso(self) -> String {
        self.written("%Y-%m-%dT%H:%M:%S%:z")
    }

    /// As Python's `str`: `2023-11-15 09:16:20+00:00`.
    pub fn text(self) -> String {
        self.written("%Y-%m-%d %H:%M:%S%:z")
    }

    /// Empty for a time that no calendar has.
    fn written(self, format: &str) -> String {
        let zone = jiff::tz::Offset::from_seconds(self.offset);
        match (jiff::Timestamp::from_second(self.seconds), zone) {
            (Ok(at), Ok(zone)) => at
                .to_zoned(zone.to_time_zone())
                .strftime(format)
                .to_string(),
            _ => String::new(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Commit,
    Deprecation,
    Registration,
    Deregistration,
    Assignment,
    Unassignment,
}

impl Kind {
    pub fn key(self) -> &'static str {
        match self {
            Self::Commit => "commit",
            Self::Deprecation => "deprecation",
            Self::Registration => "registration",
            Self::Deregistration => "deregistration",
            Self::Assignment => "assignment",
            Self::Unassignment => "unassignment",
        }
    }

    /// GTO's own order of events at the same moment.
    pub fn priority(self) -> u8 {
        match self {
            Self::Commit => 0,
            Self::Deprecation => 2,
            Self::Registration => 3,
            Self::Deregistration => 4,
            Self::Assignment => 5,
            Self::Unassignment => 6,
        }
    }

    /// Whether it brings something into force, rather than taking it out.
    pub fn adds(self) -> bool {
        matches!(self, Self::Commit | Self::Registration | Self::Assignment)
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub kind: Kind,
    pub artifact: String,
    pub at: Moment,
    pub author: String,
    pub email: String,
    pub message: String,
    pub commit: String,
    /// `None` for a commit.
    pub tag: Option<String>,
    pub version: Option<String>,
    pub stage: Option<String>,
    /// Of a commit: its committer's name and address.
    pub committer: Option<(String, String)>,
    /// Of a commit: what its `artifacts.yaml` says of the artifact.
    pub annotation: Option<super::annotations::Annotation>,
}

impl Event {
    /// The tag, or the commit.
    pub fn reference(&self) -> &str {
        self.tag.as_deref().unwrap_or(&self.commit)
    }
}

/// The newest first; among those of one moment the last one found.
pub fn newest_first(events: &mut Vec<&Event>) {
    events.sort_by_key(|event| event.at.seconds);
    events.reverse();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_as_python_writes_them() {
        let at = Moment {
            seconds: 1_700_039_780,
            offset: 19_800,
        };
        assert_eq!(at.iso(), "2023-11-15T14:46:20+05:30");
        assert_eq!(at.text(), "2023-11-15 14:46:20+05:30");
        let never = Moment {
            seconds: i64::MAX,
            offset: 0,
        };
        assert_eq!(never.iso(), "");
    }
}
