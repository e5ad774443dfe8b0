//! Queries are asked of whole groups: the streams of a run are told to the query itself.

use crate::domain::log::LogTarget;

/// The query, after a filter that lets only the targets' streams through.
pub fn narrowed(query: &str, targets: &[LogTarget]) -> String {
    if targets.iter().all(is_whole) {
        return query.to_owned();
    }
    let first = targets.first().map(|target| &target.group);
    let several = targets.iter().any(|target| Some(&target.group) != first);
    let conditions: Vec<String> = targets
        .iter()
        .map(|target| condition(target, several))
        .collect();
    format!("filter {} | {query}", conditions.join(" or "))
}

fn is_whole(target: &LogTarget) -> bool {
    target.streams.is_empty() && target.prefix.is_none()
}

fn condition(target: &LogTarget, several: bool) -> String {
    let streams = match &target.prefix {
        Some(prefix) => format!("@logStream like /^{}/", escaped(prefix)),
        None => target
            .streams
            .iter()
            .map(|stream| format!("@logStream like /^{}$/", escaped(stream)))
            .collect::<Vec<_>>()
            .join(" or "),
    };
    // `@log` is `account:group`.
    let group = format!("@log like /:{}$/", escaped(&target.group));
    match (streams.is_empty(), several) {
        (true, _) => format!("({group})"),
        (false, true) => format!("({group} and ({streams}))"),
        (false, false) => format!("({streams})"),
    }
}

/// As a regular expression between slashes.
fn escaped(text: &str) -> String {
    regex::escape(text).replace('/', "\\/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_streams_of_the_targets() {
        let job = LogTarget::prefixed("/g", "job-1/");
        let query = "stats count(*)";
        assert_eq!(narrowed(query, &[LogTarget::group("/g")]), query);
        assert_eq!(
            narrowed(query, std::slice::from_ref(&job)),
            r"filter (@logStream like /^job\-1\//) | stats count(*)"
        );
        let both = [job, LogTarget::group("/h")];
        assert_eq!(
            narrowed(query, &both),
            r"filter (@log like /:\/g$/ and (@logStream like /^job\-1\//)) or (@log like /:\/h$/) | stats count(*)"
        );
    }
}
