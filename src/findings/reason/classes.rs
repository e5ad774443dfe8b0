//! Causes that everybody meets sooner or later, by their plain names.

use std::sync::LazyLock;

use regex::{Captures, Regex, RegexSet};

/// The marks that a text has, in whatever case, and what to say then.
struct Class {
    /// All of one of the groups must stand in the text.
    marks: &'static [&'static [&'static str]],
    name: &'static str,
}

const fn class(marks: &'static [&'static [&'static str]], name: &'static str) -> Class {
    Class { marks, name }
}

/// The first that fits wins: the more telling ones stand first.
const CLASSES: &[Class] = &[
    class(
        &[
            &["cuda", "out of memory"],
            &["cuda_error_out_of_memory"],
            &["cublas_status_alloc_failed"],
        ],
        "CUDA out of memory",
    ),
    class(
        &[&["oom when allocating"], &["resourceexhaustederror"]],
        "GPU out of memory",
    ),
    class(
        &[
            &["java heap space"],
            &["gc overhead limit exceeded"],
            &["outofmemoryerror", "java"],
        ],
        "Java heap out of memory",
    ),
    class(
        &[
            &["no space left on device"],
            &["disk quota exceeded"],
            &["errno 28"],
        ],
        "disk full",
    ),
    class(
        &[
            &["exceeding memory limits"],
            &["exceeding physical memory limits"],
            &["out_of_memory"],
            &["please use an instance type with more memory"],
            &["cannot allocate memory"],
            &["std::bad_alloc"],
            &["memoryerror"],
            &["out of memory"],
            &["outofmemory"],
            &["exit code: 137"],
            &["exit code 137"],
            &["exitcode 137"],
            &["exit status 137"],
            &["oom-kill"],
            &["oomkilled"],
        ],
        "out of memory",
    ),
    class(
        &[
            &["capacityerror"],
            &["insufficient capacity"],
            &["insufficientinstancecapacity"],
            &["unable to provision requested ml compute capacity"],
        ],
        "no capacity for the instance type",
    ),
    class(
        &[
            &["maxwaittimeexceeded"],
            &["max wait time"],
            &["maxwaittimeinseconds"],
        ],
        "spot wait time exceeded",
    ),
    class(
        &[&["spot", "interrupt"], &["spot", "reclaimed"]],
        "spot interrupted",
    ),
    class(
        &[
            &["maxruntimeexceeded"],
            &["maximum runtime"],
            &["max runtime"],
            &["maxruntimeinseconds"],
            &["exceeded its max run time"],
        ],
        "max run time exceeded",
    ),
    class(
        &[&["did not pass the ping health check"]],
        "container fails the ping check",
    ),
    class(
        &[
            &["concurrentrunsexceeded"],
            &["concurrent runs exceeded"],
            &["exceeds the concurrent runs"],
        ],
        "too many concurrent runs",
    ),
    class(
        &[
            &["cannotpullcontainererror"],
            &["cannot pull", "image"],
            &["unable to pull", "image"],
            &["repository does not exist", "image"],
            &["requested image", "not found"],
            &["build_container_unable_to_pull_image"],
        ],
        "image cannot be pulled",
    ),
    class(
        &[
            &["could not assume role"],
            &["unable to assume role"],
            &["cannot assume role"],
            &["failed to assume role"],
            &["not authorized to perform: sts:assumerole"],
            &["trust relationship"],
        ],
        "role cannot be assumed",
    ),
    class(
        &[&["rate exceeded"], &["throttlingexception"]],
        "throttled by AWS",
    ),
    class(
        &[
            &["states.timeout"],
            &["build timed out"],
            &["build_timed_out"],
        ],
        "timed out",
    ),
    class(&[&["states.datalimitexceeded"]], "state data over 256 kB"),
    class(
        &[
            &["we encountered an internal error"],
            &["internal service error"],
            &["internalservererror: please retry"],
        ],
        "internal error of AWS, try again",
    ),
];

type Say = fn(&Captures<'_>) -> String;

/// Causes whose name has a figure or name in it: which of them a text has is found in one pass.
struct Patterns {
    any: RegexSet,
    each: Vec<(Regex, Say)>,
}

static PATTERNS: LazyLock<Option<Patterns>> = LazyLock::new(|| {
    let table: [(&str, Say); 9] = [
        (
            r"service limit '(?P<type>ml\.[a-z0-9.]+|[a-z0-9.]+) for (?P<use>[^']*)' is (?P<limit>\d+)",
            |found| {
                let spot = if found["use"].contains("spot") {
                    "spot "
                } else {
                    ""
                };
                format!("quota {} of {spot}{}", &found["limit"], &found["type"])
            },
        ),
        (
            r"service limit '(?P<what>[^']+)' is (?P<limit>\d+)",
            |found| format!("quota {} of {}", &found["limit"], &found["what"]),
        ),
        (
            r"(?i)exceeded maximum concurrent compute capacity[^:]*: (?P<limit>\d+)",
            |found| format!("Glue capacity limit {} reached", &found["limit"]),
        ),
        (
            r"Cannot have more than (?P<limit>\d+) (?:active )?builds",
            |found| format!("build limit {} of the account", &found["limit"]),
        ),
        (
            r"(?i)no s3 objects found under s3 url .?(?P<url>s3://[^\s']+)",
            |found| {
                format!(
                    "no data at {}",
                    found["url"].trim_end_matches(['"', '\'', '.', ','])
                )
            },
        ),
        (
            r"not authorized to perform:? `?(?P<action>[A-Za-z0-9-]+:[A-Za-z0-9*]+)",
            |found| format!("denied: {}", &found["action"]),
        ),
        (
            r"(?i)(?:does not have|lacks|missing|ensure that the role .* has|required) (?P<action>[a-z0-9-]+:[A-Z][A-Za-z0-9*]+) permission",
            |found| format!("denied: {}", &found["action"]),
        ),
        (
            r"(?i)(?:accessdenied|access denied|403 forbidden|\(403\))",
            |_| "access denied".to_owned(),
        ),
        (
            r"ModuleNotFoundError: No module named '(?P<module>[^']+)'",
            |found| format!("no module named {}", &found["module"]),
        ),
    ];
    Some(Patterns {
        any: RegexSet::new(table.iter().map(|(pattern, _)| pattern)).ok()?,
        each: table
            .into_iter()
            .map(|(pattern, say)| Some((Regex::new(pattern).ok()?, say)))
            .collect::<Option<_>>()?,
    })
});

/// All marks of `CLASSES` in their order, found in one pass whatever their case.
static MARKS: LazyLock<Option<RegexSet>> = LazyLock::new(|| {
    let marks = CLASSES
        .iter()
        .flat_map(|class| class.marks)
        .flat_map(|group| group.iter());
    RegexSet::new(marks.map(|mark| format!("(?i-u:{})", regex::escape(mark)))).ok()
});

pub fn classify(text: &str) -> Option<String> {
    let patterns = PATTERNS.as_ref()?;
    if let Some(first) = patterns.any.matches(text).iter().next() {
        let (pattern, say) = &patterns.each[first];
        return pattern.captures(text).map(|found| say(&found));
    }
    let found = MARKS.as_ref()?.matches(text);
    let mut number = 0;
    CLASSES
        .iter()
        .find(|class| {
            let mut fits = false;
            for group in class.marks {
                fits |= (number..number + group.len()).all(|mark| found.matched(mark));
                number += group.len();
            }
            fits
        })
        .map(|class| class.name.to_owned())
}
