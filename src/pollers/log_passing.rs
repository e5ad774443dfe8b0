//! Counts the lines that each filter of a chain lets pass.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::logs::ask::{Ask, Generation, Range};
use crate::logs::condition::{Chain, Way};
use crate::logs::key::LineKey;
use crate::logs::line::LineRef;
use crate::logs::told::Told;
use crate::logs::visit::Visitor;

/// A count under way: all lines are looked at once, on the reader's side.
#[derive(Debug)]
pub struct Count {
    generation: Generation,
    passed: Arc<[AtomicU64]>,
}

impl Count {
    /// With what is to be asked of the reader.
    pub fn start(generation: Generation, chain: Chain) -> (Self, Ask) {
        let passed: Arc<[AtomicU64]> = chain.0.iter().map(|_| AtomicU64::new(0)).collect();
        let counted = Arc::clone(&passed);
        let visitor = Visitor::new(move |visited| {
            count(&chain, &visited.line, &counted);
            ControlFlow::Continue(())
        });
        let ask = Ask::Visit {
            generation,
            range: Range {
                first: LineKey::FIRST,
                last: LineKey::LAST,
                visible: false,
            },
            visitor,
        };
        (Self { generation, passed }, ask)
    }

    pub fn generation(&self) -> Generation {
        self.generation
    }

    pub fn told(&self) -> Told {
        let passed = self.passed.iter();
        Told::Passed {
            generation: self.generation,
            passed: passed.map(|n| n.load(Ordering::Relaxed)).collect(),
        }
    }
}

/// Each filter is asked about the lines that those before it leave; one that is off is asked too, but stops no line.
fn count(chain: &Chain, line: &LineRef<'_>, passed: &[AtomicU64]) {
    for (step, passed) in chain.0.iter().zip(passed) {
        let stays = step.test.passes(line) == (step.way == Way::Keep);
        if stays {
            passed.fetch_add(1, Ordering::Relaxed);
        } else if step.on {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logs::condition::{Step, Test};
    use crate::logs::expression::Expression;

    #[test]
    fn each_filter_counts_what_those_before_it_leave() {
        let step = |text: &str, way, on| Step {
            test: Test::new(Expression::parse(text).unwrap()),
            way,
            on,
        };
        let chain = Chain(vec![
            step("loss", Way::Keep, true),
            step("epoch=1", Way::Drop, false),
            step("epoch=2", Way::Drop, true),
        ]);
        let (counting, _) = Count::start(3, chain.clone());
        for text in [
            "epoch=1 loss=3",
            "epoch=2 loss=2",
            "epoch=3 loss=1",
            "saved",
        ] {
            let line = LineRef {
                text: text.as_bytes(),
                ..LineRef::default()
            };
            count(&chain, &line, &counting.passed);
        }
        assert_eq!(
            counting.told(),
            Told::Passed {
                generation: 3,
                passed: vec![3, 2, 2],
            }
        );
    }
}
