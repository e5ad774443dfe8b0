//! An expression as a query of Logs Insights, for what does not fit one machine.

use super::pattern::{Pattern, Source};
use super::{Asked, Clause, Compare, Expression, Test, is_message};
use crate::domain::log::LogLevel;

/// The levels from the least to the worst, by the words that stand for them.
const LEVELS: [(LogLevel, &[&str]); 5] = [
    (LogLevel::Trace, &["trace"]),
    (LogLevel::Debug, &["debug"]),
    (LogLevel::Info, &["info", "notice"]),
    (LogLevel::Warn, &["warn", "warning"]),
    (LogLevel::Error, &["error", "critical", "fatal", "severe"]),
];

/// Parts of the language of regular expressions that the engine there writes in another way, or not at all.
const OTHERWISE: [&str; 6] = ["(?P<", "[[:", "\\p", "\\P", "\\x{", "(?x"];

/// The newest `limit` lines that every filter lets through, and why filters are left out that cannot be said there.
///
/// `filters`: whether its lines stay, or leave. `with_groups`: each row tells its group too. Fields are those which
/// Insights finds by itself (JSON), levels are told by their words.
pub fn insights_query<'e>(
    filters: impl IntoIterator<Item = (bool, &'e Expression)>,
    with_groups: bool,
    limit: u32,
) -> (String, Vec<String>) {
    let (filter, unsaid) = insights_filter(filters);
    let groups = if with_groups { ", @log" } else { "" };
    let filter = filter.map_or(String::new(), |filter| format!(" | {filter}"));
    let query = format!(
        "fields @timestamp, @logStream, @message{groups}{filter} | sort @timestamp desc | limit {limit}"
    );
    (query, unsaid)
}

/// The command that lets through what every filter does, if there is one; and why filters are left out.
pub fn insights_filter<'e>(
    filters: impl IntoIterator<Item = (bool, &'e Expression)>,
) -> (Option<String>, Vec<String>) {
    let mut conditions = Vec::new();
    let mut unsaid = Vec::new();
    for (keep, expression) in filters {
        let said: Result<Vec<String>, String> = expression.clauses.iter().map(condition).collect();
        match said {
            Ok(clauses) if clauses.is_empty() => {}
            Ok(clauses) if keep => conditions.extend(clauses),
            Ok(clauses) => conditions.push(format!("not ({})", clauses.join(" and "))),
            Err(why) => unsaid.push(why),
        }
    }
    let said = (!conditions.is_empty()).then(|| format!("filter {}", conditions.join(" and ")));
    (said, unsaid)
}

fn condition(clause: &Clause) -> Result<String, String> {
    let not = clause.inverted;
    Ok(match &clause.test {
        Test::Text(pattern) => like("@message", pattern, !not)?,
        Test::Stream(pattern) => like("@logStream", pattern, !not)?,
        Test::Group(pattern) => like("@log", pattern, !not)?,
        Test::AnyLevel => of_levels(|_| true, not)?,
        Test::Level(compare, wanted) => of_levels(|level| compare.holds(&level, wanted), not)?,
        Test::Field(path, asked) => {
            let name = field(path)?;
            let said = of_field(&name, asked)?;
            match (not, asked) {
                (false, _) => said,
                (true, Asked::Exists) => format!("not ispresent({name})"),
                // A line without the field passes too.
                (true, _) => format!("(not ispresent({name}) or not ({said}))"),
            }
        }
    })
}

fn like(field: &str, pattern: &Pattern, positive: bool) -> Result<String, String> {
    let regex = match pattern.source() {
        Source::Literal(text) => escaped(text),
        Source::Regex(regex) => {
            if let Some(part) = OTHERWISE.iter().find(|part| regex.contains(**part)) {
                return Err(format!(
                    "Logs Insights does not know {part} in /{regex}/: write it in another way"
                ));
            }
            regex.replace('/', "\\/")
        }
    };
    let flag = if pattern.insensitive && regex.chars().any(char::is_alphabetic) {
        "(?i)"
    } else {
        ""
    };
    let like = if positive { "like" } else { "not like" };
    Ok(format!("{field} {like} /{flag}{regex}/"))
}

/// A text as an expression that finds it, the slash escaped as well.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '.' | '+' | '*' | '?' | '(' | ')' | '|' | '[' | ']' | '{' | '}' | '^' | '$'
            | '/' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_ascii_control() => out.push_str(&format!("\\x{:02x}", c as u32)),
            c => out.push(c),
        }
    }
    out
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Names with other signs than these stand in backticks.
fn field(path: &str) -> Result<String, String> {
    if is_message(path) {
        return Ok("@message".to_owned());
    }
    if path.contains('`') {
        return Err(format!("Logs Insights cannot name the field {path}"));
    }
    let plain = path
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '@'));
    Ok(if plain {
        path.to_owned()
    } else {
        format!("`{path}`")
    })
}

fn of_field(name: &str, asked: &Asked) -> Result<String, String> {
    Ok(match asked {
        Asked::Exists => format!("ispresent({name})"),
        Asked::Number(_, number, typed) if !number.is_finite() => {
            return Err(format!("Logs Insights has no number {typed}"));
        }
        Asked::Number(compare, _, typed) => format!("{name} {} {typed}", compare.sign()),
        Asked::Between(low, high) => {
            let low = low.is_finite().then(|| format!("{name} >= {low}"));
            let high = high.is_finite().then(|| format!("{name} <= {high}"));
            let both: Vec<String> = low.into_iter().chain(high).collect();
            both.join(" and ")
        }
        Asked::Text { is, text } => {
            let sign = if *is {
                Compare::Equal
            } else {
                Compare::Unequal
            }
            .sign();
            if text.chars().any(char::is_uppercase) || !text.chars().any(char::is_alphabetic) {
                format!("{name} {sign} {}", quoted(text))
            } else {
                format!("tolower({name}) {sign} {}", quoted(text))
            }
        }
        Asked::Matches { does, pattern } => like(name, pattern, *does)?,
    })
}

/// In a field for it, or as a word in capitals.
fn of_levels(wanted: impl Fn(LogLevel) -> bool, not: bool) -> Result<String, String> {
    let words: Vec<&str> = LEVELS
        .iter()
        .filter(|(level, _)| wanted(*level))
        .flat_map(|(_, words)| words.iter().copied())
        .collect();
    if words.is_empty() {
        return Err("there is no such level".to_owned());
    }
    let list: Vec<String> = words.iter().map(|word| quoted(word)).collect();
    let capitals: Vec<String> = words.iter().map(|word| word.to_uppercase()).collect();
    let said = format!(
        "(tolower(coalesce(level, severity, levelname)) in [{}] or @message like /\\b({})\\b/)",
        list.join(", "),
        capitals.join("|")
    );
    Ok(if not { format!("not {said}") } else { said })
}
