//! Why something failed, in words that fit a row: at most `REASON_LIMIT` characters.

mod classes;
mod fit;
mod unpack;

pub use fit::fit;

use super::REASON_LIMIT;

/// A failure text of any service as one short line.
///
/// Well-known causes get their plain name ("CUDA out of memory", "quota 0 of ml.g5.12xlarge"); of everything
/// else the part that says most is kept and cut at a word. Never longer than `REASON_LIMIT` characters or
/// columns, never with a control character.
pub fn short(text: &str) -> String {
    fit(&plain(text), REASON_LIMIT)
}

/// The same with the step it happened in before it: `Train: CUDA out of memory`.
pub fn of_step(step: &str, text: &str) -> String {
    with_step(step, &plain(text))
}

/// A cause in plain words with its step before it, cut to fit.
///
/// A long step name gives way to the cause, but keeps enough to be told from others.
pub fn with_step(step: &str, cause: &str) -> String {
    const STEP_LEAST: usize = 12;
    let step = fit::clean(step);
    if step.is_empty() {
        return fit(cause, REASON_LIMIT);
    }
    let left = REASON_LIMIT.saturating_sub(fit::size(cause) + 2);
    let step = fit(&step, left.max(STEP_LEAST));
    fit(&format!("{step}: {cause}"), REASON_LIMIT)
}

/// The plain name of the cause, or the part of the text that says most; not cut yet, and raw.
pub fn plain(text: &str) -> String {
    let text = unpack::unpack(text);
    match classes::classify(&text) {
        Some(known) => known,
        None => unpack::tell(&text),
    }
}

/// Texts that say no more than that something else failed.
const GENERIC: [&str; 8] = [
    "step failure: one or multiple steps failed",
    "one or multiple steps failed",
    "states.taskfailed",
    "see job logs for more information",
    "job failed",
    "the job failed",
    "build failed",
    "failed",
];

/// Whether the text says no more than that something else failed.
pub fn is_generic(text: &str) -> bool {
    let text = text.trim().trim_end_matches('.');
    let starts = |generic: &str| {
        text.get(..generic.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(generic))
    };
    text.is_empty()
        || starts(GENERIC[0])
        || GENERIC
            .iter()
            .any(|generic| text.eq_ignore_ascii_case(generic))
}

#[cfg(test)]
mod tests;
