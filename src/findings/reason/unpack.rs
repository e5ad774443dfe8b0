//! The part of a failure text that says most: out of JSON causes, script errors and tracebacks.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

/// Causes of Step Functions have up to 32 kB; nobody needs more to tell the class.
const MOST_BYTES: usize = 16 * 1024;

/// Where services put the cause into a JSON description, best first.
const CAUSE_KEYS: [&str; 10] = [
    "FailureReason",
    "ExitMessage",
    "errorMessage",
    "ErrorMessage",
    "Cause",
    "cause",
    "StatusReason",
    "StateDetail",
    "Message",
    "message",
];

/// Takes JSON wrappings off: the cause of a `.sync` task is the whole description of the job.
pub fn unpack(text: &str) -> String {
    let mut text = clip(text.trim()).to_owned();
    // A cause within a cause within a cause: more levels than anybody builds.
    for _ in 0..4 {
        match inner(&text) {
            Some(next) if next != text => text = next,
            _ => break,
        }
    }
    text
}

fn clip(text: &str) -> &str {
    let mut end = text.len().min(MOST_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

fn inner(text: &str) -> Option<String> {
    let start = text.find(['{', '['])?;
    let value = serde_json::Deserializer::from_str(&text[start..])
        .into_iter::<Value>()
        .next()?
        .ok()?;
    cause_in(&value, 0)
}

fn cause_in(value: &Value, depth: usize) -> Option<String> {
    let map = value.as_object()?;
    for key in CAUSE_KEYS {
        match map.get(key) {
            Some(Value::String(text)) if !text.trim().is_empty() => {
                let error = map
                    .get("errorType")
                    .and_then(Value::as_str)
                    .filter(|kind| !text.contains(kind));
                return Some(match error {
                    Some(kind) => format!("{kind}: {text}"),
                    None => text.clone(),
                });
            }
            Some(nested @ Value::Object(_)) if depth < 3 => {
                if let Some(text) = cause_in(nested, depth + 1) {
                    return Some(text);
                }
            }
            _ => {}
        }
    }
    if depth < 3 {
        // `{"Build": {...}}`, `{"Cluster": {"Status": {"StateChangeReason": {"Message": ...`
        return map.values().find_map(|v| cause_in(v, depth + 1));
    }
    None
}

fn pattern(source: &str) -> Option<Regex> {
    Regex::new(source).ok()
}

/// `ErrorMessage "..."` of the SageMaker training toolkit; the closing quote may be cut off.
static SCRIPT: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r#"(?s)ErrorMessage\s+"(?P<text>.*?)(?:"\s*(?:\n|,|Command|$)|$)"#));

/// The last line of a Python or Java failure: `ValueError: could not convert`.
static EXCEPTION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"(?m)(?:^|[\s.])(?P<text>(?P<class>[A-Z][A-Za-z0-9_]*(?:Error|Exception|Interrupt|Exit)): +\S[^\n]*)",
    )
});

static EXIT_CODE: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?i)exit(?:ed with)?[ _]?(?:code|status):?\s+(?P<code>-?\d+)"));

static COMMAND: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(?s)Error while executing command: (?P<command>.*?)\. Reason: (?P<why>[^\n]*)")
});

/// Class names of services: what follows them says more.
const WRAPPERS: [&str; 15] = [
    "AlgorithmError",
    "ClientError",
    "InternalServerError",
    "ExecuteUserScriptError",
    "UnknownError",
    "UNKNOWN",
    "States.TaskFailed",
    "States.Runtime",
    "SageMaker.AmazonSageMakerException",
    "COMMAND_EXECUTION_ERROR",
    "CLIENT_ERROR",
    "Exception in User Class",
    "JobFailed",
    "ActionFailed",
    "Error",
];

/// `Error Category: UNCLASSIFIED_ERROR; Failed Line Number: 41; ` of Glue.
static GLUE: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"^Error Category: [^;]*;(?: Failed Line Number: \d+;)? *"));

/// What to say of a text of no known class.
pub fn tell(text: &str) -> String {
    let glue = GLUE.as_ref().and_then(|r| r.find(text));
    let text = glue.map_or(text, |found| &text[found.end()..]);
    if let Some(found) = COMMAND.as_ref().and_then(|r| r.captures(text)) {
        return format!("{}: {}", &found["command"], &found["why"]);
    }
    let script = SCRIPT
        .as_ref()
        .and_then(|r| r.captures(text))
        .map(|found| found["text"].to_owned())
        .filter(|text| !text.trim().is_empty());
    let body = script.as_deref().unwrap_or(text);
    if let Some(line) = exception(body) {
        return line;
    }
    let plain = strip_wrappers(body);
    if is_empty_talk(plain)
        && let Some(found) = EXIT_CODE.as_ref().and_then(|r| r.captures(text))
    {
        return format!("script failed, exit code {}", &found["code"]);
    }
    first_sentence(plain).to_owned()
}

/// The last exception named, as the innermost of a Python traceback comes last.
fn exception(text: &str) -> Option<String> {
    EXCEPTION
        .as_ref()?
        .captures_iter(text)
        .filter(|found| !WRAPPERS.contains(&&found["class"]))
        .last()
        .map(|found| found["text"].trim().to_owned())
}

fn strip_wrappers(text: &str) -> &str {
    let mut text = text.trim();
    loop {
        let stripped = WRAPPERS.iter().find_map(|wrapper| {
            let rest = text.strip_prefix(wrapper)?;
            let rest = rest.strip_prefix([':', ';', ',']).or_else(|| {
                // `ExecuteUserScriptError:` on a line of its own.
                rest.strip_prefix('\n')
            })?;
            Some(rest.trim_start_matches([':', ',', ' ', '\n']))
        });
        match stripped {
            Some(rest) if !rest.is_empty() => text = rest,
            _ => return text,
        }
    }
}

fn is_empty_talk(text: &str) -> bool {
    let lower = text.to_lowercase();
    [
        "exit code",
        "exitcode",
        "exit status",
        "see job logs",
        "command failed with exit",
        "",
    ]
    .iter()
    .any(|talk| !talk.is_empty() && lower.starts_with(talk))
        || lower.trim().is_empty()
}

fn first_sentence(text: &str) -> &str {
    let line = text
        .lines()
        .map(str::trim)
        .find(|l| !l.is_empty())
        .unwrap_or("");
    match line.find(". ") {
        Some(end) if end > 8 => &line[..end],
        _ => line.trim_end_matches('.'),
    }
}
