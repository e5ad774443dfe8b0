//! Blocks among the lines of a window, whose streams stand between one another.

use std::collections::HashMap;

use crate::logs::line::LineRef;
use crate::logs::told::{Source, WindowLine};

use super::{Folder, head};

/// Lines of one block, by their places in the window: ascending, at least two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    pub lines: Vec<usize>,
    /// The one of them that stands for all.
    pub head: usize,
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
        .filter(|group| group.len() > 1)
        .map(|group| {
            let texts: Vec<LineRef<'_>> = group.iter().map(|at| seen(&lines[*at])).collect();
            let head = group[head(&texts)];
            Block { lines: group, head }
        })
        .collect()
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
                    head: 5
                },
                Block {
                    lines: vec![2, 4, 7],
                    head: 7
                },
            ]
        );
        assert!(blocks(&[]).is_empty());
    }

    proptest::proptest! {
        #[test]
        fn every_line_is_in_one_block_at_most(
            lines in proptest::collection::vec(
                ("[ab]", "(Traceback \\(most recent call last\\):|  File x|ValueError: y|Caused by: z|x=1|)"),
                0..40,
            )
        ) {
            let lines: Vec<(&str, &str)> =
                lines.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
            let lines = window(&lines);
            let mut known = std::collections::HashSet::new();
            for block in blocks(&lines) {
                proptest::prop_assert!(block.lines.len() > 1 && block.lines.contains(&block.head));
                proptest::prop_assert!(block.lines.is_sorted());
                for at in &block.lines {
                    proptest::prop_assert!(known.insert(*at));
                    proptest::prop_assert_eq!(&lines[*at].source, &lines[block.head].source);
                }
            }
        }
    }
}
