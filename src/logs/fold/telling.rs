//! Which line of a traceback, a panic or a crash tells what went wrong.

use crate::domain::log::LogLevel;
use crate::logs::level;

use super::{TRACEBACK, content, is_exception, is_named};

/// What errors of GPUs and of what joins them have in them.
const OF_GPUS: [&[u8]; 6] = [
    b"CUDA error",
    b"CUDA out of memory",
    b"device-side assert",
    b"CUBLAS_STATUS_",
    b"CUDNN_STATUS_",
    b"NCCL error",
];

/// How JavaScript begins what it says of an error that nobody caught.
const UNCAUGHT: [&[u8]; 3] = [
    b"Uncaught (in promise) ",
    b"Uncaught ",
    b"Unhandled Rejection: ",
];

/// The place of the line that tells most: the exception of a Python traceback, the message of a panic of Rust or Go,
/// what a C++ program threw, the deepest cause of Java, an exception by its name, an error of a GPU; otherwise the
/// first line that tells of an error, or the first one.
pub fn telling(lines: &[&[u8]]) -> usize {
    let texts: Vec<&[u8]> = lines.iter().map(|text| content(text)).collect();
    let texts = &texts[..];
    python(texts)
        .or_else(|| rust(texts))
        .or_else(|| first(texts, is_of_go))
        .or_else(|| {
            first(texts, |text| {
                text.trim_ascii_start().starts_with(b"what():")
            })
        })
        .or_else(|| {
            texts
                .iter()
                .rposition(|text| text.starts_with(b"Caused by: "))
        })
        .or_else(|| first(texts, |text| is_exception(caught(text))))
        .or_else(|| first(texts, is_of_gpu))
        .or_else(|| {
            first(texts, |text| {
                level::detect_bytes(text) == Some(LogLevel::Error)
            })
        })
        .unwrap_or(0)
}

fn first(texts: &[&[u8]], tells: impl Fn(&[u8]) -> bool) -> Option<usize> {
    texts.iter().position(|text| tells(text))
}

/// The last one of those that are chained.
fn python(texts: &[&[u8]]) -> Option<usize> {
    let traceback = texts.iter().rposition(|text| text.starts_with(TRACEBACK))?;
    let told = texts[traceback + 1..]
        .iter()
        .position(|text| is_named(text));
    Some(told.map_or(traceback, |place| traceback + 1 + place))
}

/// Older compilers wrote the message into the line of the place.
fn rust(texts: &[&[u8]]) -> Option<usize> {
    let panicked = first(texts, is_of_rust)?;
    let behind = texts[panicked].ends_with(b":");
    let is_said = |text: &&[u8]| !text.trim_ascii().is_empty();
    let said = texts[panicked + 1..].iter().position(is_said);
    Some(match said {
        Some(place) if behind => panicked + 1 + place,
        _ => panicked,
    })
}

/// `thread 'main' panicked at src/main.rs:4:5:`
pub(super) fn is_of_rust(text: &[u8]) -> bool {
    text.starts_with(b"thread '") && memchr::memmem::find(text, b" panicked at ").is_some()
}

/// `panic: runtime error: index out of range [5] with length 3`
pub(super) fn is_of_go(text: &[u8]) -> bool {
    text.starts_with(b"panic: ") || text.starts_with(b"fatal error: ")
}

fn is_of_gpu(text: &[u8]) -> bool {
    let has = |sign: &&[u8]| memchr::memmem::find(text, sign).is_some();
    OF_GPUS.iter().any(has)
}

fn caught(text: &[u8]) -> &[u8] {
    let without = |sign: &&[u8]| text.strip_prefix(*sign);
    UNCAUGHT.iter().find_map(without).unwrap_or(text)
}
