//! Metric definitions in the config: a list of tables, each with a name and an expression.

use toml::de::{DeTable, DeValue};

use crate::domain::metric_definition::MetricDefinition;

use super::document::kind_of;
use super::problem::nearest;
use super::setting::{BadValue, Setting};

/// As many as SageMaker takes; each is run on every line.
const MOST: usize = 40;

impl Setting for Vec<MetricDefinition> {
    fn read(value: &DeValue<'_>) -> Result<Self, BadValue> {
        let DeValue::Array(items) = value else {
            return Err(expected("a list of tables with name and regex", value));
        };
        if items.len() > MOST {
            return Err(format!("expected {MOST} metrics at most, found {}", items.len()).into());
        }
        items
            .iter()
            .map(|item| match item.get_ref() {
                DeValue::Table(table) => definition(table).map_err(|bad| bad.at(item.span())),
                other => Err(expected("a table with name and regex", other).at(item.span())),
            })
            .collect()
    }

    /// Without one an example says more.
    fn write(&self) -> Option<String> {
        if self.is_empty() {
            return None;
        }
        let text = |text: &str| toml::Value::from(text).to_string();
        let items = self
            .iter()
            .map(|m| format!("{{ name = {}, regex = {} }}", text(&m.name), text(&m.regex)));
        Some(format!("[{}]", items.collect::<Vec<_>>().join(", ")))
    }
}

fn definition(table: &DeTable<'_>) -> Result<MetricDefinition, BadValue> {
    let (mut name, mut regex) = (None, None);
    for (key, value) in table {
        let slot = match &**key.get_ref() {
            "name" => &mut name,
            "regex" => &mut regex,
            unknown => {
                return Err(BadValue {
                    message: format!("unknown key {unknown} in a metric"),
                    suggestion: nearest(unknown, ["name", "regex"]).map(str::to_owned),
                    at: Some(key.span()),
                });
            }
        };
        let text = String::read(value.get_ref()).map_err(|bad| bad.at(value.span()))?;
        *slot = Some((text, value.span()));
    }
    let missing = |key: &str| BadValue::from(format!("a metric without {key}"));
    let (name, named_at) = name.ok_or_else(|| missing("name"))?;
    if name.trim().is_empty() {
        return Err(BadValue::from("a metric without a name".to_owned()).at(named_at));
    }
    let (regex, at) = regex.ok_or_else(|| missing("regex"))?;
    let definition = MetricDefinition { name, regex };
    match definition.compile() {
        Ok(_) => Ok(definition),
        Err(bad) => Err(BadValue::from(bad.to_string()).at(at)),
    }
}

fn expected(what: &str, value: &DeValue<'_>) -> BadValue {
    format!("expected {what}, found {}", kind_of(value)).into()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::config::Config;

    fn problem(text: &str) -> String {
        let problems = Config::parse(Path::new("config.toml"), text).unwrap_err();
        assert_eq!(problems.len(), 1, "{problems:?}");
        problems[0].to_string()
    }

    #[test]
    fn metrics_are_tables_with_name_and_regex() {
        let text =
            "[logs]\nmax_mb = 8\n[[logs.metrics]]\nname = 'auc'\nregex = 'AUC -> ([0-9.]+)'\n";
        let config = Config::parse(Path::new("c"), text).unwrap();
        assert_eq!(config.logs.metrics[0].name, "auc");
        let inline = "[logs]\nmetrics = [{ name = 'auc', regex = 'AUC -> ([0-9.]+)' }]\n";
        assert_eq!(
            Config::parse(Path::new("c"), inline).unwrap().logs.metrics,
            config.logs.metrics
        );
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let head = "[[logs.metrics]]\nname = 'a'\nregex = '(x)'\n[[logs.metrics]]\n";
        for (text, told) in [
            (
                "name = 'b'\nregex = '('\n",
                "config.toml:6: `logs.metrics`: metric b: unclosed group",
            ),
            (
                "name = 'b'\nregex = '(\\w{9999})'\n",
                "config.toml:6: `logs.metrics`: metric b: too large to be run on every line: repeat less, {1000} for example",
            ),
            (
                "name = 'b'\nregex = 'x'\n",
                "config.toml:6: `logs.metrics`: metric b: no group in x: put the number in parentheses",
            ),
            (
                "regex = '(x)'\n",
                "config.toml:4: `logs.metrics`: a metric without name",
            ),
            (
                "name = 'b'\n",
                "config.toml:4: `logs.metrics`: a metric without regex",
            ),
            (
                "name = ' '\nregex = '(x)'\n",
                "config.toml:5: `logs.metrics`: a metric without a name",
            ),
            (
                "name = 1\n",
                "config.toml:5: `logs.metrics`: expected a string, found a whole number",
            ),
            (
                "name = 'b'\nregexp = '(x)'\n",
                "config.toml:6: `logs.metrics`: unknown key regexp in a metric; did you mean `regex`?",
            ),
        ] {
            assert_eq!(problem(&format!("{head}{text}")), told);
        }
        assert_eq!(
            problem("[logs]\nmetrics = 'auc'\n"),
            "config.toml:2: `logs.metrics`: expected a list of tables with name and regex, found a string"
        );
    }
}
