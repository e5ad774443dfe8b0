//! Commits and trees as gix reads them, and what their bytes say.

use gix::commitgraph::Graph;
use gix::objs::Kind;
use gix::prelude::*;

use crate::domain::history::{CommitId, CommitText};
use crate::sources::git::log::{is_latin, text_of};
use crate::sources::{ErrorKind, SourceError};

/// The object database of one repository, for one thread.
pub(super) struct Objects {
    repository: gix::Repository,
    graph: Option<Graph>,
    buffer: Vec<u8>,
}

/// What a walk needs of a commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    pub tree: CommitId,
    pub parents: Vec<CommitId>,
    /// Committed, in seconds since 1970.
    pub at: i64,
}

pub(super) fn oid(id: CommitId) -> gix::ObjectId {
    gix::ObjectId::Sha1(id.0)
}

pub(super) fn id_of(oid: &gix::oid) -> CommitId {
    CommitId(oid.as_bytes().try_into().unwrap_or_default())
}

impl Objects {
    /// With the commit-graph, if there is one that may be used; `graph` says whether it may.
    pub(super) fn new(mut repository: gix::Repository, graph: bool, cache_bytes: usize) -> Self {
        repository.object_cache_size(cache_bytes);
        let graph = graph
            .then(|| repository.commit_graph_if_enabled().ok().flatten())
            .flatten();
        Self {
            repository,
            graph,
            buffer: Vec::new(),
        }
    }

    /// The bytes of an object of this kind.
    pub(super) fn bytes(&mut self, id: CommitId, kind: Kind) -> Result<&[u8], SourceError> {
        let found = self.repository.objects.try_find(&oid(id), &mut self.buffer);
        match found {
            Ok(Some(data)) if data.kind == kind => Ok(data.data),
            Ok(Some(data)) => Err(damaged(kind, id, &format!("it is a {}", data.kind))),
            Ok(None) => Err(damaged(kind, id, "object not found")),
            Err(cause) => Err(damaged(kind, id, &one_line(&cause.to_string()))),
        }
    }

    pub(super) fn head(&mut self, id: CommitId) -> Result<Head, SourceError> {
        if let Some(head) = self.graph.as_ref().and_then(|graph| from_graph(graph, id)) {
            return Ok(head);
        }
        let bytes = self.bytes(id, Kind::Commit)?;
        parse(bytes).ok_or_else(|| damaged(Kind::Commit, id, "it cannot be understood"))
    }

    pub(super) fn text(&mut self, id: CommitId) -> Result<CommitText, SourceError> {
        self.bytes(id, Kind::Commit).map(text)
    }
}

fn from_graph(graph: &Graph, id: CommitId) -> Option<Head> {
    let commit = graph.commit_by_id(oid(id))?;
    let mut parents = Vec::with_capacity(1);
    for parent in commit.iter_parents() {
        parents.push(id_of(graph.id_at(parent.ok()?)));
    }
    Some(Head {
        tree: id_of(commit.root_tree_id()),
        parents,
        at: i64::try_from(commit.committer_timestamp()).ok()?,
    })
}

fn damaged(kind: Kind, id: CommitId, why: &str) -> SourceError {
    SourceError::new("git", ErrorKind::Malformed, format!("{kind} {id}: {why}"))
        .with_hint("git fsck names what is damaged")
}

pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The headers of a commit; `None` where they are not those of one.
fn parse(bytes: &[u8]) -> Option<Head> {
    let mut head = Head::default();
    let mut lines = bytes.split(|byte| *byte == b'\n');
    head.tree = hex(lines.next()?.strip_prefix(b"tree ")?)?;
    for line in lines {
        if let Some(parent) = line.strip_prefix(b"parent ") {
            head.parents.push(hex(parent)?);
        } else if let Some(who) = line.strip_prefix(b"committer ") {
            head.at = seconds(who).unwrap_or_default();
            return Some(head);
        } else if line.is_empty() {
            return None;
        }
    }
    None
}

fn hex(digits: &[u8]) -> Option<CommitId> {
    CommitId::from_hex(std::str::from_utf8(digits).ok()?)
}

/// The time in `Ada <ada@example.com> 1700000000 +0100`.
pub(super) fn seconds(who: &[u8]) -> Option<i64> {
    let after = who.rsplit(|byte| *byte == b'>').next()?;
    let text = std::str::from_utf8(after).ok()?;
    text.split_whitespace().next()?.parse().ok()
}

/// Author and the first line of the message.
pub(super) fn text(bytes: &[u8]) -> CommitText {
    let (mut author, mut latin) = (&b""[..], false);
    let mut rest = bytes;
    while let Some(end) = memchr::memchr(b'\n', rest) {
        let (line, after) = (&rest[..end], &rest[end + 1..]);
        rest = after;
        if line.is_empty() {
            break;
        }
        if let Some(who) = line.strip_prefix(b"author ") {
            author = who;
        } else if let Some(name) = line.strip_prefix(b"encoding ") {
            latin = std::str::from_utf8(name).is_ok_and(is_latin);
        }
    }
    let name = author
        .split(|byte| *byte == b'<')
        .next()
        .unwrap_or_default()
        .trim_ascii();
    let message = rest.trim_ascii_start();
    let summary = message.split(|byte| *byte == b'\n').next();
    let say = |bytes: &[u8]| text_of(bytes, latin);
    CommitText {
        author: say(name),
        summary: say(summary.unwrap_or_default().trim_ascii_end()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMIT: &[u8] = b"tree a1b2c3d4e5f60718293a4b5c6d7e8f9012345678\n\
        parent b1b2c3d4e5f60718293a4b5c6d7e8f9012345678\n\
        author Ada <Lovelace> Tester <ada@example.com> 1700000000 +0100\n\
        committer Bob <bob@example.com> 1700000060 -0230\n\
        encoding ISO-8859-1\n\
        gpgsig -----BEGIN\n parent none\n\n\
        \n  Caf\xe9 opened \r\n\nBody\n";

    #[test]
    fn a_commit_is_read_from_its_bytes() {
        let head = parse(COMMIT).unwrap();
        assert_eq!(head.at, 1_700_000_060);
        assert_eq!(head.parents.len(), 1);
        assert_eq!(
            text(COMMIT),
            CommitText {
                author: "Ada".into(),
                summary: "Café opened".into()
            }
        );
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
            let _ = parse(&bytes);
            let _ = text(&bytes);
            let mut cut = COMMIT.to_vec();
            cut.truncate(bytes.len());
            cut.extend(&bytes);
            let _ = parse(&cut);
            let _ = text(&cut);
        }
    }
}
