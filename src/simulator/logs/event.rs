//! One log event, and its identity.

use crate::simulator::dice::Dice;
use crate::simulator::moment::{Moment, SECOND};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub at: Moment,
    pub ingested: Moment,
    pub message: String,
    /// With the moment and the stream, what tells it from others; grows within a moment.
    pub number: u64,
}

impl Event {
    /// Ingestion follows in about a second; one event in 250 comes up to a minute late.
    pub fn new(at: Moment, number: u64, message: String, dice: Dice) -> Self {
        let dice = dice.of("ingested");
        let delay = if dice.of("late").chance(0.004) {
            dice.between(15.0, 55.0)
        } else {
            dice.between(0.2, 1.4)
        };
        Self {
            at,
            ingested: at.plus((delay * SECOND as f64) as i64),
            message,
            number,
        }
    }

    /// 56 digits, as CloudWatch Logs gives; sorts by time.
    pub fn id(&self, stream: Dice) -> String {
        let tail = stream.at(self.at.0).at(self.number as i64).bits();
        format!(
            "38{:018}{:016}{:020}",
            self.at.0,
            self.number % 10_u64.pow(16),
            tail
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_56_digits_and_sort_by_time() {
        let event = |at, number| Event::new(Moment(at), number, String::new(), Dice::new(1));
        let id = |at, number| event(at, number).id(Dice::new(2));
        assert_eq!(id(1_763_905_267_250, 3).len(), 56);
        assert!(id(1_763_905_267_250, 3) < id(1_763_905_267_250, 4));
        assert!(id(1_763_905_267_250, 4) < id(1_763_905_267_251, 1));
    }
}
