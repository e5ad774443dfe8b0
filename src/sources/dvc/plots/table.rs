//! The files that plots are drawn from.

use super::super::history::Fault;
use super::super::params;
use super::super::yaml::{Entry, Value};

/// What a file says, by its suffix; rows of tables are maps of texts.
///
/// # Errors
/// As DVC has them.
pub fn read(path: &str, bytes: &[u8], header: bool) -> Result<Value, Fault> {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    let suffix = name.rsplit_once('.').map_or("", |(_, suffix)| suffix);
    let (format, language) = match suffix {
        "csv" | "tsv" => {
            let text = std::str::from_utf8(bytes).map_err(|_| encoding(path))?;
            let between = if suffix == "tsv" { '\t' } else { ',' };
            return Ok(rows(text, between, header));
        }
        "json" => ("x.json", "JSON"),
        "toml" => ("x.toml", "TOML"),
        "py" => ("x.py", "Python"),
        "yaml" | "yml" => ("x.yaml", "YAML"),
        _ => {
            let what = format!(
                "'{path}' - file type error\nOnly JSON, YAML, CSV and TSV formats are supported."
            );
            return Err(Fault::new("PlotMetricTypeError", what));
        }
    };
    if std::str::from_utf8(bytes).is_err() {
        return Err(encoding(path));
    }
    params::load(format, bytes).map_err(|_| Fault::corrupted(path, language))
}

fn encoding(path: &str) -> Fault {
    Fault::new(
        "EncodingError",
        format!("unable to read: '{path}', is not valid utf8"),
    )
}

fn rows(text: &str, between: char, header: bool) -> Value {
    let mut lines = lines(text, between)
        .into_iter()
        .filter(|line| !line.is_empty());
    let mut first = None;
    let names: Vec<String> = if header {
        lines.next().unwrap_or_default()
    } else {
        first = lines.next();
        let count = first.as_ref().map_or(0, Vec::len);
        (0..count).map(|at| at.to_string()).collect()
    };
    let row = |line: Vec<String>| {
        let mut cells = line.into_iter();
        let mut entries: Vec<Entry> = Vec::new();
        for name in &names {
            let value = cells.next().map_or(Value::Null, Value::Text);
            let key = Value::Text(name.clone());
            match entries.iter_mut().find(|entry| entry.key.same_key(&key)) {
                Some(known) => known.value = value,
                None => entries.push(Entry {
                    key,
                    value,
                    line: 0,
                }),
            }
        }
        let rest: Vec<Value> = cells.map(Value::Text).collect();
        if !rest.is_empty() {
            entries.push(Entry {
                key: Value::Null,
                value: Value::Seq(rest),
                line: 0,
            });
        }
        Value::Map(entries)
    };
    Value::Seq(first.into_iter().chain(lines).map(row).collect())
}

/// Cells line by line; quotes hold what separates elsewhere. An empty line has no cells.
fn lines(text: &str, between: char) -> Vec<Vec<String>> {
    let mut lines = Vec::new();
    let (mut line, mut cell) = (Vec::new(), String::new());
    let (mut quoted, mut any) = (false, false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted => {
                if chars.peek() == Some(&'"') {
                    chars.next();
                    cell.push('"');
                } else {
                    quoted = false;
                }
            }
            '"' if cell.is_empty() => (quoted, any) = (true, true),
            c if quoted => cell.push(c),
            '\r' | '\n' => {
                if c == '\r' && chars.peek() == Some(&'\n') {
                    chars.next();
                }
                if any || !line.is_empty() {
                    line.push(std::mem::take(&mut cell));
                }
                lines.push(std::mem::take(&mut line));
                any = false;
            }
            c if c == between => {
                line.push(std::mem::take(&mut cell));
                any = true;
            }
            c => {
                cell.push(c);
                any = true;
            }
        }
    }
    if any || !line.is_empty() {
        line.push(cell);
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::sources::dvc::dumps;

    fn shown(text: &str, header: bool) -> String {
        dumps(&read("t.csv", text.as_bytes(), header).unwrap())
    }

    #[test]
    fn tables() {
        for (text, rows) in [
            (
                "a,b\n1,2\n\n3,\n",
                r#"[{"a": "1", "b": "2"}, {"a": "3", "b": ""}]"#,
            ),
            (
                "a,b\r\n1\r\n1,2,3\r\n",
                r#"[{"a": "1", "b": null}, {"a": "1", "b": "2", "null": ["3"]}]"#,
            ),
            (
                "\"a,b\",c\n\"x\"\"y\nz\",2",
                r#"[{"a,b": "x\"y\nz", "c": "2"}]"#,
            ),
            ("", "[]"),
        ] {
            assert_eq!(shown(text, true), rows);
        }
        assert_eq!(shown("1,2\n", false), r#"[{"0": "1", "1": "2"}]"#);
    }

    proptest::proptest! {
        #[test]
        fn any_table_is_read(text in "[a,\"\r\n]{0,20}") {
            let _ = read("t.csv", text.as_bytes(), true);
        }
    }
}
