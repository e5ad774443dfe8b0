//! Values of revisions, and what differs, in DVC's JSON.

use std::sync::Arc;

use crate::cli::python_json::Json;
use crate::sources::dvc::history::{Difference, Fault, Values, differences};
use crate::sources::dvc::{Project, Value, dumps};

/// What came of one revision.
pub type Read = Result<Values, Fault>;

pub fn value(value: &Value) -> Json {
    Json::Written(Arc::from(dumps(value)))
}

pub fn fault(fault: &Fault) -> Json {
    Json::from([
        ("type", Json::text(fault.kind)),
        ("msg", Json::text(&fault.what)),
    ])
}

/// `{file: {"data": …}}`, or with an error instead.
pub fn files(values: &Values, name: impl Fn(&str) -> String) -> Json {
    let files = values.iter().map(|(path, read)| {
        let read = match read {
            Ok(it) => Json::from([("data", value(it))]),
            Err(why) => Json::from([("error", fault(why))]),
        };
        (name(path), read)
    });
    Json::Map(files.collect())
}

/// A whole revision.
pub fn revision(read: &Read, project: &Project) -> Json {
    match read {
        Ok(values) => Json::from([("data", files(values, |path| project.shown(path)))]),
        Err(why) => Json::from([("error", fault(why))]),
    }
}

/// Whether a revision, or a file of it, could not be read.
pub fn is_damaged(read: &Read) -> bool {
    match read {
        Ok(values) => values.iter().any(|(_, read)| read.is_err()),
        Err(_) => true,
    }
}

/// The same values in the same files; damage is never the same.
pub fn is_same(a: &Read, b: &Read) -> bool {
    let (Ok(a), Ok(b)) = (a, b) else {
        return false;
    };
    a.len() == b.len()
        && a.iter().all(|(path, values)| {
            let other = b.iter().find(|(known, _)| known == path);
            matches!((values, other), (Ok(a), Some((_, Ok(b)))) if alike(a, b))
        })
}

/// Equal inside of a map: there Python takes the one `NaN` for itself.
fn alike(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Float(a), Value::Float(b)) if a.is_nan() && b.is_nan() => true,
        (Value::Map(a), Value::Map(b)) => {
            a.len() == b.len()
                && a.iter().all(|entry| {
                    let same = b.iter().find(|it| it.key.same_key(&entry.key));
                    same.is_some_and(|it| alike(&entry.value, &it.value))
                })
        }
        (a, b) => a.equals(b),
    }
}

/// `{file: {name: {"old", "new", "diff"}}}`
pub fn diff(old: &Values, new: &Values, all: bool, name: impl Fn(&str) -> String) -> Json {
    let found = differences(old, new, all).into_iter();
    let found = found.map(|(path, found)| {
        let values = found.iter().map(|it| (it.name.clone(), difference(it)));
        (name(&path), Json::Map(values.collect()))
    });
    Json::Map(found.collect())
}

fn difference(it: &Difference) -> Json {
    let mut fields = vec![
        ("old".to_owned(), value(&it.old)),
        ("new".to_owned(), value(&it.new)),
    ];
    if let Some(by) = &it.by {
        fields.push(("diff".to_owned(), value(by)));
    }
    Json::Map(fields)
}
