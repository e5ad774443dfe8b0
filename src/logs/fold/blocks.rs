//! Blocks among the lines of a window, whose streams stand between one another.

use std::collections::HashMap;
use std::ops::Range;

use crate::logs::line::LineRef;
use crate::logs::told::{Source, WindowLine};

use super::{Folder, telling};

/// Lines of one block, by their places in the window, ascending; a single one holds several lines of text itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    pub lines: Vec<usize>,
    /// The one of them that stands for all.
    pub head: usize,
    /// What of its text does, in bytes.
    pub part: Range<usize>,
    /// Lines of text in all.
    pub size: usize,
}

/// The blocks of a window, in the order of their first lines.
pub fn blocks(lines: &[WindowLine]) -> Vec<Block> {
    let mut folder = Folder::new();
    // The line before in each stream, and which group it is in.
    let mut last: HashMap<&Source, (usize, usize)> = HashMap::new();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let before = last.get(&line.source).copied();
        let group = before.filter(|(place, _)| folder.belongs(&seen(&lines[*place]), &seen(line)));
        let group = match group {
            Some((_, group)) => group,
            None => {
                groups.push(Vec::new());
                groups.len() - 1
            }
        };
        groups[group].push(at);
        last.insert(&line.source, (at, group));
    }
    groups
        .into_iter()
        .filter_map(|group| block(lines, group))
        .collect()
}

/// `None` for what is one line of text.
fn block(lines: &[WindowLine], group: Vec<usize>) -> Option<Block> {
    if let [at] = group[..]
        && parts(&lines[at].text).nth(1).is_none()
    {
        return None;
    }
    let parts: Vec<(usize, Range<usize>)> = group
        .iter()
        .flat_map(|at| parts(&lines[*at].text).map(|part| (*at, part)))
        .collect();
    let texts = parts.iter();
    let texts: Vec<&[u8]> = texts
        .map(|(at, part)| &lines[*at].text.as_bytes()[part.clone()])
        .collect();
    let (head, part) = parts[telling(&texts)].clone();
    Some(Block {
        lines: group,
        head,
        part,
        size: parts.len(),
    })
}

/// The lines of text that an event holds; an object over several lines is one: its fields are shown in a row.
fn parts(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let end = text.trim_ascii_end().len();
    let object = text.trim_ascii_start().starts_with('{');
    let mut from = Some(0);
    std::iter::from_fn(move || {
        let start = from?;
        let rest = &text.as_bytes()[start..end.max(start)];
        let next = memchr::memchr(b'\n', rest).filter(|_| !object);
        from = next.map(|at| start + at + 1);
        let stop = next.map_or(end.max(start), |at| start + at);
        let stop = stop - usize::from(text.as_bytes()[start..stop].ends_with(b"\r"));
        Some(start..stop)
    })
}

fn seen(line: &WindowLine) -> LineRef<'_> {
    LineRef {
        text: line.text.as_bytes(),
        at_ms: line.at_ms,
        group: &line.source.group,
        stream: &line.source.stream,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logs::key::LineKey;

    fn window(lines: &[(&str, &str)]) -> Vec<WindowLine> {
        (0..)
            .zip(lines)
            .map(|(at, (stream, text))| WindowLine {
                key: LineKey::before_time(at),
                number: None,
                visible: None,
                at_ms: Some(0),
                ingested_ms: None,
                source: Source {
                    group: "g".into(),
                    stream: (*stream).into(),
                },
                late: false,
                gap_before: None,
                text: (*text).into(),
                bytes: 1,
                matched: false,
            })
            .collect()
    }

    #[test]
    fn each_stream_has_blocks_of_its_own() {
        let lines = window(&[
            ("a", "epoch=1"),
            ("a", "Traceback (most recent call last):"),
            ("b", "Traceback (most recent call last):"),
            ("a", "  File \"x.py\", line 1, in f"),
            ("b", "  File \"y.py\", line 1, in g"),
            ("a", "ValueError: no"),
            ("c", "epoch=1"),
            ("b", "KeyError: 'x'"),
            ("a", "2026-11-22 13:02:11 INFO done"),
        ]);
        assert_eq!(
            blocks(&lines),
            [
                Block {
                    lines: vec![1, 3, 5],
                    head: 5,
                    part: 0..14,
                    size: 3,
                },
                Block {
                    lines: vec![2, 4, 7],
                    head: 7,
                    part: 0..13,
                    size: 3,
                },
            ]
        );
        assert!(blocks(&[]).is_empty());
    }

    /// What stands for each block, and how many lines of text that is.
    fn told(lines: &[&str]) -> Vec<(String, usize)> {
        let lines: Vec<(&str, &str)> = lines.iter().map(|text| ("a", *text)).collect();
        let lines = window(&lines);
        let told = blocks(&lines).into_iter();
        told.map(|block| (lines[block.head].text[block.part].to_owned(), block.size))
            .collect()
    }

    #[test]
    fn one_event_may_be_a_block() {
        let cuda = "Traceback (most recent call last):\n  File \"t.py\", line 3, in <module>\n    loss.backward()\r\nRuntimeError: CUDA error: device-side assert triggered\nCompile with `TORCH_USE_CUDA_DSA` to enable device-side assertions.\n\n";
        let go = "panic: runtime error: index out of range [5] with length 3\n\ngoroutine 1 [running]:\nmain.main()\n\t/app/main.go:8 +0x1d\nexit status 2";
        let rust = "thread 'main' panicked at src/main.rs:4:5:\nindex out of bounds: the len is 3\nnote: run with `RUST_BACKTRACE=1`";
        let node = "/app/index.js:12\n    throw new TypeError('x');\n    ^\n\nTypeError: Cannot read properties of undefined (reading 'x')\n    at main (/app/index.js:12:9)\n\nNode.js v20.1.0";
        let java = "2026-11-22 13:02:11 ERROR main failed\njava.lang.IllegalStateException: no\n\tat a.b.C.d(C.java:3)\nCaused by: java.io.IOException: disk full\n\t... 3 more";
        let cpp = "terminate called after throwing an instance of 'c10::Error'\n  what():  CUDA error: an illegal memory access was encountered\nframe #0: c10::Error::Error(...)";
        for (event, told_by, size) in [
            (
                cuda,
                "RuntimeError: CUDA error: device-side assert triggered",
                5,
            ),
            (
                go,
                "panic: runtime error: index out of range [5] with length 3",
                6,
            ),
            (rust, "index out of bounds: the len is 3", 3),
            (
                node,
                "TypeError: Cannot read properties of undefined (reading 'x')",
                8,
            ),
            (java, "Caused by: java.io.IOException: disk full", 5),
            (
                cpp,
                "  what():  CUDA error: an illegal memory access was encountered",
                3,
            ),
            ("config\nlr=0.1\nepochs=3", "config", 3),
            (
                "step 3\nkernel.cu:10: NCCL error in: init.cpp\nbye",
                "kernel.cu:10: NCCL error in: init.cpp",
                3,
            ),
        ] {
            assert_eq!(told(&[event]), [(told_by.to_owned(), size)]);
        }
        assert!(told(&["one\n", "{\n  \"a\": 1\n}", "", "\n"]).is_empty());
    }

    #[test]
    fn events_with_many_lines_are_parts_of_blocks_too() {
        let lines = [
            "2026-11-22 13:02:11 ERROR training failed",
            "Traceback (most recent call last):\n  File \"t.py\", line 3, in <module>\nKeyError: 3",
            "  indented",
            "2026-11-22 13:02:11 INFO next",
            "thread 'main' panicked at 'old', src/main.rs:4:5",
            "note: run with `RUST_BACKTRACE=1`",
            "done",
            "panic: no",
            "",
            "goroutine 1 [running]:",
            "main.f(0x1, 0x2)",
            "\t/app/main.go:8 +0x1d",
            "next (it goes on)",
        ];
        assert_eq!(
            told(&lines),
            [
                ("KeyError: 3".to_owned(), 5),
                (
                    "thread 'main' panicked at 'old', src/main.rs:4:5".to_owned(),
                    2
                ),
                ("panic: no".to_owned(), 5),
            ]
        );
    }

    proptest::proptest! {
        #[test]
        fn parts_are_the_lines_of_a_text(text in "[a\\n\\r{ é]{0,12}") {
            let parts: Vec<_> = super::parts(&text).map(|part| &text[part]).collect();
            proptest::prop_assert!(!parts.is_empty());
            if !text.trim_ascii_start().starts_with('{') && !text.trim_ascii_end().is_empty() {
                let lines: Vec<&str> = text.trim_ascii_end().lines().collect();
                proptest::prop_assert_eq!(parts, lines);
            }
        }

        #[test]
        fn every_line_is_in_one_block_at_most(
            lines in proptest::collection::vec(
                ("[ab]", "(Traceback \\(most recent call last\\):|  File x|ValueError: y\n|Caused by: z|x=1\n\ny|panic: |)"),
                0..40,
            )
        ) {
            let lines: Vec<(&str, &str)> =
                lines.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
            let lines = window(&lines);
            let mut known = std::collections::HashSet::new();
            for block in blocks(&lines) {
                proptest::prop_assert!(block.size > 1 && block.lines.contains(&block.head));
                proptest::prop_assert!(lines[block.head].text.get(block.part).is_some());
                proptest::prop_assert!(block.lines.is_sorted());
                for at in &block.lines {
                    proptest::prop_assert!(known.insert(*at));
                    proptest::prop_assert_eq!(&lines[*at].source, &lines[block.head].source);
                }
            }
        }
    }
}
