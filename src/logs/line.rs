//! A line as the engine looks at it: borrowed bytes and what is known of them.

/// One line of a document. Borrowed from the block that holds it, so looking at a million of them copies none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineRef<'a> {
    /// Without the line end. Not always UTF-8, never trusted.
    pub text: &'a [u8],
    /// The event's own time in milliseconds since 1970, where the source tells it (CloudWatch does, a file does not).
    pub at_ms: Option<i64>,
    /// A log group, or the path of a file; empty for a pipe.
    pub group: &'a str,
    /// A log stream; empty for files and pipes.
    pub stream: &'a str,
}
