//! Live Tail: each line within a second or two, for money.

use jiff::SignedDuration;

use crate::domain::log::TailMode;

use super::super::super::effect::Effect;
use super::super::super::log_ask::LogOrigin;
use super::super::super::model::Model;
use super::super::super::model::logs::Price;
use super::super::super::msg::Notice;

/// A second press means yes for so long.
const OFFERED: SignedDuration = SignedDuration::from_secs(10);

/// Says the price first and begins at a second press; what one has agreed to once holds for as long as these lines
/// are on screen.
pub fn toggle(model: &mut Model) -> Vec<Effect> {
    let now = model.now;
    let Some(tail) = &mut model.logs.tail else {
        return say(model, "no log is open");
    };
    if tail.origin.targets().is_empty() {
        let text = if tail.origin == LogOrigin::Answer {
            "an answer does not grow; Esc leads back to the lines that can be followed"
        } else {
            "Live Tail is for CloudWatch; files and pipes are followed as they are written"
        };
        return say(model, text);
    }
    if tail.mode == TailMode::Live {
        tail.mode = TailMode::Polling;
        let cost = tail.live.map_or(String::new(), |live| {
            format!("; it cost ${:.2}", live.spent_usd)
        });
        let mut effects = say(model, format!("Live Tail is off{cost}"));
        effects.push(Effect::SetTailMode(TailMode::Polling));
        return effects;
    }
    let agreed = match tail.price {
        Price::Agreed => true,
        Price::Told(at) => now.duration_since(at) <= OFFERED,
        Price::Untold => false,
    };
    if !agreed {
        tail.price = Price::Told(now);
        let text = "Live Tail costs $0.01 a minute; press the same key again to start it";
        model.notices.push(now, Notice::warn(text));
        return Vec::new();
    }
    tail.price = Price::Agreed;
    tail.mode = TailMode::Live;
    vec![Effect::SetTailMode(TailMode::Live)]
}

fn say(model: &mut Model, text: impl Into<String>) -> Vec<Effect> {
    model.notices.push(model.now, Notice::info(text));
    Vec::new()
}
