use std::collections::VecDeque;
use std::io::{self, Read};
use std::sync::Arc;

use proptest::prelude::*;

use crate::logs::condition::Test;
use crate::logs::expression::Expression;
use crate::logs::told::Source;
use crate::logs::visit::RawText;

use super::{Sift, stretches};

/// Gives what it has in reads of these sizes.
struct Chopped(VecDeque<u8>, Vec<usize>);

impl Read for Chopped {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let want = self.1.pop().unwrap_or(70_000).max(1);
        let len = want.min(buffer.len());
        self.0.read(&mut buffer[..len])
    }
}

fn sifted(text: &[u8], sizes: Vec<usize>, filter: &str, limit: usize) -> Vec<u8> {
    let sift = Sift {
        test: Some(Test::new(Expression::parse(filter).unwrap())).filter(|_| !filter.is_empty()),
        format: Arc::new(RawText),
        sources: Arc::new(vec![Source::default()]),
        threads: 2,
    };
    let from = Chopped(text.to_vec().into(), sizes);
    let mut out = Vec::new();
    sift.run(
        |spare, give| stretches::supply(from, 0, spare, give),
        limit,
        &mut out,
    )
    .unwrap();
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn however_it_is_read_the_lines_that_pass_are_the_same(
        words in proptest::collection::vec(prop_oneof![Just("loss=1"), Just(""), Just("error"), Just("x\r"), Just("long "), Just("\u{fc}")], 0..60),
        repeated in prop_oneof![3 => Just(1_usize), 1 => Just(9000)],
        sizes in proptest::collection::vec(1_usize..200_000, 0..9),
        filter in prop_oneof![Just(""), Just("error"), Just("loss"), Just("!error")],
        ended in any::<bool>(),
        limit in prop_oneof![Just(usize::MAX), 1_usize..70],
    ) {
        let mut text = (words.join("\n") + "\n").repeat(repeated);
        if !ended {
            text.pop();
        }
        let expected: String = text
            .split_inclusive('\n')
            .map(|line| line.trim_end_matches('\n').trim_end_matches('\r'))
            .filter(|line| match filter {
                "" => true,
                "!error" => !line.contains("error"),
                word => line.contains(word),
            })
            .take(limit)
            .map(|line| format!("{line}\n"))
            .collect();
        let out = sifted(text.as_bytes(), sizes, filter, limit);
        prop_assert!(out == expected.as_bytes());
    }
}

#[test]
fn an_endless_line_is_held_to_its_bound() {
    let text = "x".repeat(40 << 20) + "\nnext\n";
    let out = sifted(text.as_bytes(), Vec::new(), "", usize::MAX);
    let mut lines = out.split(|byte| *byte == b'\n');
    let first = lines.next().unwrap().len();
    assert!((16 << 20..18 << 20).contains(&first), "{first}");
    assert_eq!(lines.next(), Some(&b"next"[..]));
}

#[test]
fn who_reads_no_more_ends_it() {
    struct Closed;
    impl io::Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let sift = Sift {
        test: None,
        format: Arc::new(RawText),
        sources: Arc::default(),
        threads: 1,
    };
    // More comes without end.
    let from = io::repeat(b'\n');
    let ended = sift.run(
        |spare, give| stretches::supply(from, 0, spare, give),
        usize::MAX,
        &mut Closed,
    );
    assert_eq!(ended.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
}
