//! Which lines of a segment pass a condition: whole blocks at the speed of memory where the condition allows it.

use grep_matcher::{LineMatchKind, Matcher};
use grep_regex::RegexMatcher;
use memchr::memmem::Finder;
use memchr::{memchr, memchr_iter, memrchr};

use super::block::{Block, without_end};
use super::condition::{Condition, Prefilter};
use super::line::LineRef;
use super::segment::{Flat, Text};
use super::told::Source;

/// Puts the lines from `from` up to (not including) `lines` that pass into `hits`.
pub fn passing(
    test: &dyn Condition,
    text: Text<'_>,
    sources: &[Source],
    (from, lines): (u32, u32),
    hits: &mut Vec<u32>,
) {
    hits.clear();
    let text = match text {
        Text::Flat(text) => text,
        Text::Woven(woven) => {
            let mut found = Vec::new();
            for (bytes, source, lines) in woven.texts() {
                let mut hits = Vec::new();
                let text = Text::Flat(Flat::Plain { bytes, source });
                passing(test, text, sources, (0, lines), &mut hits);
                found.push(hits);
            }
            woven.in_order(&found, hits);
            hits.retain(|line| (from..lines).contains(line));
            return;
        }
    };
    let scan = Scan {
        test,
        text,
        sources,
        lines,
    };
    match test.prefilter() {
        Prefilter::Literal { bytes, decides } => {
            let finder = Finder::new(bytes);
            let find = |hay: &[u8]| Some((finder.find(hay)?, true));
            scan.candidates(from, decides, find, |_| true, hits);
        }
        Prefilter::Matcher { matcher, decides } if matcher.line_terminator().is_some() => {
            let sure = |line: &[u8]| matcher.is_match(line).unwrap_or(false);
            scan.candidates(from, decides, |hay| candidate(matcher, hay), sure, hits);
        }
        // It looks at the beginning or the end of its text: at lines, one by one.
        Prefilter::Matcher { matcher, decides } => scan.each(from, hits, |line| {
            matcher.is_match(line.text).unwrap_or(false) && (decides || test.passes(line))
        }),
        Prefilter::None => scan.each(from, hits, |line| test.passes(line)),
    }
}

/// An offset in the next line that may match, and whether it surely does.
fn candidate(matcher: &RegexMatcher, hay: &[u8]) -> Option<(usize, bool)> {
    // This matcher's error type has no values.
    match matcher.find_candidate_line(hay).ok()?? {
        LineMatchKind::Confirmed(at) => Some((at, true)),
        LineMatchKind::Candidate(at) => Some((at, false)),
    }
}

struct Scan<'a> {
    test: &'a dyn Condition,
    text: Flat<'a>,
    sources: &'a [Source],
    lines: u32,
}

impl Scan<'_> {
    fn candidates(
        &self,
        from: u32,
        decides: bool,
        find: impl Fn(&[u8]) -> Option<(usize, bool)>,
        matches: impl Fn(&[u8]) -> bool,
        hits: &mut Vec<u32>,
    ) {
        let mut cursor = Cursor::new(self.text, from);
        let bytes = cursor.bytes;
        while cursor.at < bytes.len() {
            let Some((offset, sure)) = find(&bytes[cursor.at..]) else {
                return;
            };
            let found = cursor.at + offset;
            if found == bytes.len() && bytes.ends_with(b"\n") {
                // Nothing was found behind the last line end.
                return;
            }
            cursor.go_to(found);
            if cursor.line >= self.lines {
                return;
            }
            let passes = (sure && decides) || {
                let line = cursor.text();
                (sure || matches(line)) && (decides || self.test.passes(&self.line(&cursor, line)))
            };
            if passes {
                hits.push(cursor.line);
            }
            cursor.next_line();
        }
    }

    fn each(&self, from: u32, hits: &mut Vec<u32>, mut passes: impl FnMut(&LineRef<'_>) -> bool) {
        let mut cursor = Cursor::new(self.text, from);
        while cursor.line < self.lines && cursor.has_line() {
            let line = cursor.text();
            if passes(&self.line(&cursor, line)) {
                hits.push(cursor.line);
            }
            cursor.next_line();
        }
    }

    fn line<'l>(&'l self, cursor: &Cursor<'_>, text: &'l [u8]) -> LineRef<'l> {
        let (source, at_ms) = match self.text {
            Flat::Plain { source, .. } => (source, None),
            Flat::Block(block) => {
                let line = cursor.line as usize;
                (block.source(line), block.at_ms(line))
            }
        };
        line_ref(text, at_ms, self.sources.get(usize::from(source)))
    }
}

/// A line with the names of its source.
pub fn line_ref<'a>(text: &'a [u8], at_ms: Option<i64>, source: Option<&'a Source>) -> LineRef<'a> {
    LineRef {
        text,
        at_ms,
        group: source.map_or("", |source| &source.group),
        stream: source.map_or("", |source| &source.stream),
    }
}

/// Goes through a text and knows the number of the line it is in.
struct Cursor<'a> {
    bytes: &'a [u8],
    block: Option<&'a Block>,
    at: usize,
    line: u32,
}

impl<'a> Cursor<'a> {
    fn new(text: Flat<'a>, line: u32) -> Self {
        match text {
            Flat::Block(block) => Self {
                bytes: block.text(),
                block: Some(block),
                at: block
                    .start_of(line as usize)
                    .map_or(block.text().len(), |at| at as usize),
                line,
            },
            Flat::Plain { bytes, .. } => {
                let at = match (line as usize).checked_sub(1) {
                    None => 0,
                    Some(ends) => memchr_iter(b'\n', bytes)
                        .nth(ends)
                        .map_or(bytes.len(), |end| end + 1),
                };
                Self {
                    bytes,
                    block: None,
                    at,
                    line,
                }
            }
        }
    }

    /// There is no line behind the last line feed. An event may be empty.
    fn has_line(&self) -> bool {
        match self.block {
            Some(block) => (self.line as usize) < block.len(),
            None => self.at < self.bytes.len(),
        }
    }

    /// To an offset further on.
    fn go_to(&mut self, at: usize) {
        match self.block {
            Some(block) => {
                // Nearly always the same line or one of the next.
                let mut line = self.line as usize;
                for _ in 0..4 {
                    match block.start_of(line + 1) {
                        Some(start) if start as usize <= at => line += 1,
                        _ => break,
                    }
                }
                if block
                    .start_of(line + 1)
                    .is_some_and(|start| start as usize <= at)
                {
                    line = block.line_at(at);
                }
                self.line = u32::try_from(line).unwrap_or(u32::MAX);
            }
            None => {
                let passed = memchr_iter(b'\n', &self.bytes[self.at..at]).count();
                self.line += u32::try_from(passed).unwrap_or(u32::MAX);
            }
        }
        self.at = at;
    }

    fn text(&self) -> &'a [u8] {
        match self.block {
            Some(block) => block.line(self.line as usize),
            None => {
                let start = memrchr(b'\n', &self.bytes[..self.at]).map_or(0, |end| end + 1);
                let end = memchr(b'\n', &self.bytes[self.at..])
                    .map_or(self.bytes.len(), |end| self.at + end);
                without_end(&self.bytes[start..end])
            }
        }
    }

    fn next_line(&mut self) {
        self.at = match self.block {
            Some(block) => block
                .start_of(self.line as usize + 1)
                .map_or(self.bytes.len(), |start| start as usize),
            None => memchr(b'\n', &self.bytes[self.at..])
                .map_or(self.bytes.len(), |end| self.at + end + 1),
        };
        self.line += 1;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::logs::block::Meta;
    use crate::logs::key::LineKey;
    use crate::logs::pattern::{Case, Pattern, Search};

    /// Asks every line.
    #[derive(Debug)]
    struct Slow(Pattern);

    impl Condition for Slow {
        fn passes(&self, line: &LineRef<'_>) -> bool {
            self.0.passes(line)
        }
    }

    /// Uses the matcher as a hint only.
    #[derive(Debug)]
    struct Hinted(Pattern);

    impl Condition for Hinted {
        fn passes(&self, line: &LineRef<'_>) -> bool {
            self.0.passes(line) && line.text.len().is_multiple_of(2)
        }

        fn prefilter(&self) -> Prefilter<'_> {
            match self.0.prefilter() {
                Prefilter::Matcher { matcher, .. } => Prefilter::Matcher {
                    matcher,
                    decides: false,
                },
                Prefilter::Literal { bytes, .. } => Prefilter::Literal {
                    bytes,
                    decides: false,
                },
                Prefilter::None => Prefilter::None,
            }
        }
    }

    fn hits(test: &dyn Condition, text: Text<'_>, range: (u32, u32)) -> Vec<u32> {
        let mut hits = Vec::new();
        passing(test, text, &[], range, &mut hits);
        hits
    }

    fn events(lines: &[Vec<u8>]) -> Block {
        let mut block = Block::events();
        for (at_ms, line) in (0..).zip(lines) {
            let meta = Meta {
                at_ms,
                seq: 0,
                id: None,
                ingested_ms: None,
                source: 0,
                late: false,
                tailed: false,
            };
            block.push(&meta, line);
        }
        block
    }

    proptest! {
        #[test]
        fn whole_blocks_answer_as_lines_do(
            lines in proptest::collection::vec(
                proptest::collection::vec(prop_oneof![Just(b'a'), Just(b'b'), Just(b'A'), Just(b' '), Just(b'\r'), Just(b'\n'), Just(0xff)], 0..5),
                0..20,
            ),
            pattern in prop_oneof![
                Just(("a", false)), Just(("ab", false)), Just(("B", false)), Just(("a.b|b$", true)), Just(("^$", true)),
                Just((r"\Aa", true)), Just((r"b\z", true)), Just((r"\bA", true)), Just((r"[^a]b", true)), Just((r"x*", true)), Just((r"(?-u:\xff)a", true)),
            ],
            from in 0_u32..22,
        ) {
            let case = if pattern.1 { Case::Sensitive } else { Case::Smart };
            let search = Search { text: pattern.0.into(), regex: pattern.1, case };
            let fast = search.compile().unwrap();
            let (slow, hinted) = (Slow(fast.clone()), Hinted(fast.clone()));

            // As events come in: without a line end.
            let lines: Vec<Vec<u8>> = lines.iter().map(|line| line.trim_ascii_end().to_vec()).collect();
            let block = events(&lines);
            let count = block.len() as u32;
            let expected: Vec<u32> = (from..count)
                .filter(|i| slow.passes(&line_ref(block.line(*i as usize), None, None)))
                .collect();
            let text = Text::block(&block);
            prop_assert_eq!(hits(&slow, text, (from, count)), expected.clone());
            prop_assert_eq!(hits(&fast, text, (from, count)), expected.clone());
            let even: Vec<u32> = expected.into_iter().filter(|i| block.line(*i as usize).len().is_multiple_of(2)).collect();
            prop_assert_eq!(hits(&hinted, text, (from, count)), even);

            let ends: [&[u8]; 2] = [b"\n", b"\r\n"];
            let bytes = lines.join(ends[count as usize % 2]);
            let mut block = Block::plain(LineKey::new(0, 0), 0);
            block.append(&bytes);
            let count = block.len() as u32;
            let plain = Text::Flat(Flat::Plain { bytes: &bytes, source: 0 });
            let expected = hits(&slow, Text::block(&block), (from, count));
            for text in [plain, Text::block(&block)] {
                prop_assert_eq!(hits(&slow, text, (from, count)), expected.clone());
                prop_assert_eq!(hits(&fast, text, (from, count)), expected.clone());
            }
            prop_assert_eq!(hits(&hinted, plain, (from, count)), hits(&hinted, Text::block(&block), (from, count)));
        }
    }
}
