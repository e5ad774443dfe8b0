//! From the content of files to points, with the axes that are meant where none are named.

use super::super::history::Fault;
use super::super::yaml::{Entry, Value};
use super::definitions::prop;

pub const STEP: &str = "step";

/// One revision's points, and how they are to be drawn.
#[derive(Clone, Debug, Default)]
pub struct Points {
    pub points: Vec<Vec<Entry>>,
    pub props: Vec<Entry>,
    /// Where each line's values come from: the file, shortened, and its field.
    pub lines: Vec<(String, String)>,
}

type Files = Vec<(String, Vec<Vec<Entry>>)>;

pub fn entry(key: &str, value: Value) -> Entry {
    Entry {
        key: Value::text(key),
        value,
        line: 0,
    }
}

/// Sets a value, in place or at the end.
pub fn set(entries: &mut Vec<Entry>, key: &str, value: Value) {
    match entries
        .iter_mut()
        .find(|known| known.key.as_str() == Some(key))
    {
        Some(known) => known.value = value,
        None => entries.push(entry(key, value)),
    }
}

pub fn get<'a>(entries: &'a [Entry], key: &str) -> Option<&'a Value> {
    let found = entries.iter().find(|known| known.key.key_text() == key);
    found.map(|known| &known.value)
}

impl Points {
    /// The points of one revision of the plot `id`, from the content of its files.
    ///
    /// # Errors
    /// As DVC has them.
    pub fn of(
        id: &str,
        props: &[Entry],
        files: &[(String, Value)],
        revision: &str,
    ) -> Result<Self, Fault> {
        let points: Files = files
            .iter()
            .map(|(path, content)| Ok((path.clone(), datapoints(content)?)))
            .collect::<Result<_, Fault>>()?;
        let mut props = props.to_vec();
        let y = match prop(&props, "y") {
            None | Some(Value::Null) => last_field(id, files),
            Some(Value::Map(files)) => files.clone(),
            Some(other) => vec![entry(id, other.clone())],
        };
        let x = match prop(&props, "x") {
            Some(Value::Map(files)) => files.clone(),
            Some(Value::Text(x)) if matches!(prop(&props, "y"), Some(Value::Map(_))) => {
                let repeated = |file: &Entry| match &file.value {
                    Value::Seq(fields) => Value::Seq(vec![Value::text(x); fields.len()]),
                    _ => Value::text(x),
                };
                y.iter()
                    .map(|file| entry(&file.key.key_text(), repeated(file)))
                    .collect()
            }
            Some(Value::Text(x)) => vec![entry(id, Value::text(x))],
            _ => Vec::new(),
        };
        labels(&mut props, &x, &y);
        let (xs, ys) = (fields(&x), fields(&y));
        for (file, field) in xs.iter().chain(&ys) {
            check(&points, file, field)?;
        }
        join(&points, &xs, &ys, props, revision)
    }
}

/// Every list of maps in the content, laid side by side.
fn datapoints(content: &Value) -> Result<Vec<Vec<Entry>>, Fault> {
    let mut lists = Vec::new();
    match content {
        Value::Seq(_) | Value::Map(_) => find_lists(content, &mut lists),
        other => {
            let kind = match other {
                Value::Text(_) => "str",
                Value::Bool(_) => "bool",
                Value::Int(_) => "int",
                Value::Float(_) => "float",
                _ => "NoneType",
            };
            let what = format!("'{kind}' object has no attribute 'values'");
            return Err(Fault::new("AttributeError", what));
        }
    }
    let mut points: Vec<Vec<Entry>> = Vec::new();
    for list in lists {
        let Some(first) = list.first() else {
            let what = "'NoneType' object has no attribute 'keys'";
            return Err(Fault::new("AttributeError", what));
        };
        let has = |item: &Value, key: &Value| item.entries().iter().any(|it| it.key.same_key(key));
        let alike = |item: &Value| {
            matches!(item, Value::Map(_)) && item.entries().iter().all(|it| has(first, &it.key))
        };
        if !list.iter().all(alike) {
            continue;
        }
        for (at, item) in list.iter().enumerate() {
            if points.len() <= at {
                points.push(Vec::new());
            }
            if let Some(point) = points.get_mut(at) {
                for entry in item.entries() {
                    match point
                        .iter_mut()
                        .find(|known| known.key.same_key(&entry.key))
                    {
                        Some(known) => known.value = entry.value.clone(),
                        None => point.push(entry.clone()),
                    }
                }
            }
        }
    }
    Ok(points)
}

fn find_lists<'a>(content: &'a Value, lists: &mut Vec<&'a [Value]>) {
    match content {
        Value::Seq(items) => lists.push(items),
        Value::Map(entries) => {
            for entry in entries {
                if matches!(entry.value, Value::Seq(_) | Value::Map(_)) {
                    find_lists(&entry.value, lists);
                }
            }
        }
        _ => {}
    }
}

/// The last field of the first list of maps is what is meant where no y is named.
fn last_field(id: &str, files: &[(String, Value)]) -> Vec<Entry> {
    let Some((_, content)) = files.iter().find(|(path, _)| path == id) else {
        return Vec::new();
    };
    let mut lists = Vec::new();
    find_lists(content, &mut lists);
    let maps = |list: &&&[Value]| list.iter().all(|item| matches!(item, Value::Map(_)));
    let first = lists.iter().find(maps).and_then(|list| list.first());
    let field = first.and_then(|first| first.entries().last());
    field
        .map(|field| vec![entry(id, Value::Text(field.key.key_text()))])
        .unwrap_or_default()
}

fn fields(files: &[Entry]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for file in files {
        let path = file.key.key_text();
        match &file.value {
            Value::Text(field) => found.push((path, field.clone())),
            Value::Seq(fields) => {
                found.extend(fields.iter().map(|field| (path.clone(), field.key_text())));
            }
            _ => {}
        }
    }
    found
}

fn labels(props: &mut Vec<Entry>, x: &[Entry], y: &[Entry]) {
    let one = |files: &[Entry], many: &str| {
        let mut names: Vec<String> = fields(files).into_iter().map(|(_, field)| field).collect();
        names.sort();
        names.dedup();
        match names.as_slice() {
            [one] => one.clone(),
            _ => many.to_owned(),
        }
    };
    let y_label = one(y, "y");
    let x_label = if x.is_empty() {
        STEP.to_owned()
    } else {
        one(x, "x")
    };
    for (key, label) in [("y_label", y_label), ("x_label", x_label)] {
        if matches!(prop(props, key), None | Some(Value::Null)) {
            set(props, key, Value::Text(label));
        }
    }
}

fn check(points: &Files, file: &str, field: &str) -> Result<(), Fault> {
    let Some((_, points)) = points.iter().find(|(path, _)| path == file) else {
        return Ok(());
    };
    let Some(first) = points.first() else {
        let what = "argument of type 'NoneType' is not iterable";
        return Err(Fault::new("TypeError", what));
    };
    if get(first, field).is_some() {
        return Ok(());
    }
    let names: Vec<String> = first.iter().map(|entry| entry.key.key_text()).collect();
    let what = format!(
        "Could not find provided field ('{field}') in data fields ('{}').",
        names.join(", ")
    );
    Err(Fault::new("FieldNotFoundError", what))
}

fn join(
    files: &Files,
    xs: &[(String, String)],
    ys: &[(String, String)],
    mut props: Vec<Entry>,
    revision: &str,
) -> Result<Points, Fault> {
    let several = |fields: &[(String, String)]| {
        fields
            .iter()
            .any(|(_, field)| fields.first().is_some_and(|(_, first)| first != field))
    };
    if xs.len() > 1 && xs.len() != ys.len() {
        let what = format!(
            "Cannot have different number of x and y data sources. Found {} x and {} y data sources.",
            xs.len(),
            ys.len()
        );
        return Err(Fault::new("DvcException", what));
    }
    let (several_x, several_y) = (several(xs), several(ys));
    let x_name = match xs.first() {
        _ if several_x => "dvc_inferred_x_value",
        Some((_, field)) => field,
        None => STEP,
    };
    let y_name = match ys.first() {
        _ if several_y => Value::text("dvc_inferred_y_value"),
        Some((_, field)) => Value::text(field),
        None => Value::Null,
    };
    let common = common_length(ys);
    let short = |file: &str| {
        file.get(common..)
            .unwrap_or(file)
            .trim_matches(['/', '\\'])
            .to_owned()
    };
    let mut found = Points {
        lines: ys
            .iter()
            .map(|(file, field)| (short(file), field.clone()))
            .collect(),
        ..Points::default()
    };
    let of = |file: &str| {
        files
            .iter()
            .find(|(path, _)| path == file)
            .map(|(_, points)| points)
    };
    for (at, (file, field)) in ys.iter().enumerate() {
        let mut points = of(file).cloned().unwrap_or_default();
        if several_y {
            for point in &mut points {
                if let Some(value) = get(point, field).cloned() {
                    set(point, "dvc_inferred_y_value", value);
                }
            }
        }
        match xs.get(if xs.len() > 1 { at } else { 0 }) {
            None => {
                for (step, point) in points.iter_mut().enumerate() {
                    set(
                        point,
                        STEP,
                        Value::Int(i128::try_from(step).unwrap_or_default()),
                    );
                }
            }
            Some((x_file, x_field)) => {
                let source = of(x_file).cloned().unwrap_or_default();
                if source.len() != points.len() {
                    let what = format!(
                        "Cannot join '{x_field}' from '{x_file}' and '{field}' from '{file}'. They have to have same length."
                    );
                    return Err(Fault::new("DvcException", what));
                }
                for (point, source) in points.iter_mut().zip(&source) {
                    if let Some(value) = get(source, x_field) {
                        set(point, x_name, value.clone());
                    }
                }
            }
        }
        for point in &mut points {
            set(point, "rev", Value::text(revision));
            set(point, "filename", Value::Text(short(file)));
            set(point, "field", Value::text(field));
        }
        found.points.append(&mut points);
    }
    set(&mut props, "x", Value::text(x_name));
    set(&mut props, "y", y_name);
    found.props = props;
    Ok(found)
}

/// How much the paths of several files have in common.
fn common_length(ys: &[(String, String)]) -> usize {
    let mut files = ys
        .iter()
        .map(|(file, _)| file.split('/').collect::<Vec<_>>());
    let Some(mut common) = files.next() else {
        return 0;
    };
    let mut several = false;
    for file in files {
        several |= file != common;
        let same = common.iter().zip(&file).take_while(|(a, b)| a == b).count();
        common.truncate(same);
    }
    if several { common.join("/").len() } else { 0 }
}
