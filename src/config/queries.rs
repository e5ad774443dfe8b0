//! Saved queries: `[[logs.queries]]` with a name and a query each.

use toml::de::DeValue;

use super::document::kind_of;
use super::problem::nearest;
use super::setting::{BadValue, Setting};
use crate::domain::insights::SavedQuery;

const KEYS: [&str; 2] = ["name", "query"];

impl Setting for Vec<SavedQuery> {
    fn read(value: &DeValue<'_>) -> Result<Self, BadValue> {
        let DeValue::Array(items) = value else {
            return Err(format!(
                "expected [[logs.queries]] with name and query, found {}",
                kind_of(value)
            )
            .into());
        };
        items.iter().map(|item| one(item.get_ref())).collect()
    }

    /// None at all is a comment: `[[logs.queries]]` could not stand beside an empty list.
    fn write(&self) -> Option<String> {
        let tables = self.iter().map(|saved| {
            let name = toml::Value::from(saved.name.as_str());
            let query = toml::Value::from(saved.query.as_str());
            format!("{{ name = {name}, query = {query} }}")
        });
        let tables: Vec<String> = tables.collect();
        (!tables.is_empty()).then(|| format!("[{}]", tables.join(", ")))
    }
}

fn one(value: &DeValue<'_>) -> Result<SavedQuery, BadValue> {
    let DeValue::Table(table) = value else {
        return Err(format!(
            "expected a table with name and query, found {}",
            kind_of(value)
        )
        .into());
    };
    let unknown = table.iter().map(|(key, _)| key.get_ref());
    if let Some(key) = unknown
        .into_iter()
        .find(|key| !KEYS.contains(&key.as_ref()))
    {
        return Err(BadValue {
            message: format!("a saved query has a name and a query, and no {key}"),
            suggestion: nearest(key, KEYS).map(str::to_owned),
            at: None,
        });
    }
    let text = |key: &str| match table.get(key) {
        Some(value) => String::read(value.get_ref()),
        None => Err(format!("a saved query without its {key}").into()),
    };
    Ok(SavedQuery {
        name: text("name")?,
        query: text("query")?,
    })
}

/// A check that each can be told by its name, and asks something.
pub fn named_queries<T: AsRef<[SavedQuery]>>(queries: &T) -> Result<(), String> {
    let queries = queries.as_ref();
    for (at, saved) in queries.iter().enumerate() {
        if saved.name.trim().is_empty() {
            return Err("a saved query has an empty name".to_owned());
        }
        if saved.query.trim().is_empty() {
            return Err(format!("the query {:?} is empty", saved.name));
        }
        if queries[..at].iter().any(|other| other.name == saved.name) {
            return Err(format!("two queries are called {:?}", saved.name));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::Config;
    use super::*;

    fn problem(text: &str) -> String {
        let problems = Config::parse(Path::new("c"), text).unwrap_err();
        problems[0].to_string()
    }

    #[test]
    fn queries_are_read_in_both_ways_of_writing_them() {
        let text = "[logs]\nmax_mb = 8\n[[logs.queries]]\nname = \"slow\"\nquery = \"filter ms > 500\"\n\
                    [[logs.queries]]\nname = \"all\"\nquery = 'fields @message'\n";
        let config = Config::parse(Path::new("c"), text).unwrap();
        let names: Vec<&str> = config
            .logs
            .queries
            .iter()
            .map(|q| q.name.as_str())
            .collect();
        assert_eq!(names, ["slow", "all"]);
        let written = config.logs.queries.write().unwrap();
        let again = Config::parse(Path::new("c"), &format!("[logs]\nqueries = {written}\n"));
        assert_eq!(again.unwrap().logs.queries, config.logs.queries);
    }

    #[test]
    fn mistakes_are_told() {
        for (text, told) in [
            (
                "[logs]\nqueries = 3\n",
                "expected [[logs.queries]] with name and query, found a whole number",
            ),
            (
                "[logs]\nqueries = [3]\n",
                "expected a table with name and query",
            ),
            (
                "[[logs.queries]]\nname = \"x\"\n",
                "a saved query without its query",
            ),
            (
                "[[logs.queries]]\nnam = \"x\"\nquery = \"y\"\n",
                "did you mean `name`?",
            ),
            (
                "[[logs.queries]]\nname = \" \"\nquery = \"y\"\n",
                "has an empty name",
            ),
            (
                "[[logs.queries]]\nname = \"x\"\nquery = \"\"\n",
                "the query \"x\" is empty",
            ),
            (
                "[[logs.queries]]\nname = \"x\"\nquery = \"y\"\n[[logs.queries]]\nname = \"x\"\nquery = \"z\"\n",
                "two queries are called \"x\"",
            ),
        ] {
            let problem = problem(text);
            assert!(
                problem.contains("logs.queries") && problem.contains(told),
                "{problem}"
            );
        }
    }
}
