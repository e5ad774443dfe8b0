//! The level a line tells of itself.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::log::LogLevel;

/// The words are looked for at the start of a line only: `no error found` far in is no error.
const HEAD_BYTES: usize = 240;

static WORD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?x)
        \b(?:(?P<error>CRITICAL|FATAL|ERROR|SEVERE|Traceback)|(?P<warn>WARN(?:ING)?)|(?P<info>INFO|NOTICE)|(?P<debug>DEBUG)|(?P<trace>TRACE))\b
        | "(?:level|severity|levelname|lvl|log\.level)"\s*:\s*"(?:(?P<jerror>(?i:error|fatal|critical))|(?P<jwarn>(?i:warn(?:ing)?))|(?P<jinfo>(?i:info|notice))|(?P<jdebug>(?i:debug))|(?P<jtrace>(?i:trace)))"
        | \b(?:level|lvl)=(?:(?P<lerror>error|fatal|critical)|(?P<lwarn>warn(?:ing)?)|(?P<linfo>info)|(?P<ldebug>debug)|(?P<ltrace>trace))\b
        | ^(?P<exception>[A-Za-z_.]*(?:Error|Exception)):\s
        "#,
    )
    .ok()
});

/// `None` where the line does not say.
pub fn detect(message: &str) -> Option<LogLevel> {
    let mut end = message.len().min(HEAD_BYTES);
    while !message.is_char_boundary(end) {
        end -= 1;
    }
    let found = WORD.as_ref()?.captures(&message[..end])?;
    let has = |names: &[&str]| names.iter().any(|name| found.name(name).is_some());
    if has(&["error", "jerror", "lerror", "exception"]) {
        Some(LogLevel::Error)
    } else if has(&["warn", "jwarn", "lwarn"]) {
        Some(LogLevel::Warn)
    } else if has(&["info", "jinfo", "linfo"]) {
        Some(LogLevel::Info)
    } else if has(&["debug", "jdebug", "ldebug"]) {
        Some(LogLevel::Debug)
    } else {
        Some(LogLevel::Trace)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use LogLevel::{Debug, Error, Info, Warn};

    #[test]
    fn levels_of_ordinary_training_logs() {
        for (line, level) in [
            ("2026-11-22 13:02:11 INFO epoch=3 loss=0.41", Some(Info)),
            ("[WARNING] low disk", Some(Warn)),
            (r#"{"level":"error","message":"x"}"#, Some(Error)),
            (r#"{"severity": "Debug", "msg":"x"}"#, Some(Debug)),
            ("ts=1 level=warn msg=slow", Some(Warn)),
            ("Traceback (most recent call last):", Some(Error)),
            (
                "torch.cuda.OutOfMemoryError: CUDA out of memory.",
                Some(Error),
            ),
            ("epoch=3 loss=0.4 errors_seen=0", None),
            ("validation error rate 0.2", None),
            ("", None),
        ] {
            assert_eq!(detect(line), level, "{line}");
        }
    }

    #[test]
    fn a_long_wide_line_is_cut_between_characters() {
        assert_eq!(detect(&"é漢".repeat(1000)), None);
    }
}
