//! What DVC 3 takes in its own files. Everything else is read here as far as it makes sense, but DVC refuses it.

mod layout;

use super::yaml::{Damage, Entry, Value};

/// What a value may be.
enum Kind {
    Anything,
    Text,
    Flag,
    Whole,
    Nothing,
    /// A hash: text or a number, or nothing.
    Hash,
    /// A version of the file's layout.
    Exactly(&'static str),
    List(&'static Kind),
    AnyList,
    AnyMap,
    /// Any text as a key.
    Each(&'static Kind),
    /// These keys only; those marked must be there.
    Keys(&'static [(&'static str, bool, Kind)]),
    OneOf(&'static [Kind]),
    /// A stage: with `foreach` or `do` it is a group.
    Stage,
}

use Kind::{
    AnyList, AnyMap, Anything, Each, Exactly, Flag, Hash, Keys, List, Nothing, OneOf, Stage, Text,
    Whole,
};
use layout::{GROUP, LOCK, PIPELINE, SINGLE, STAGE};

/// What DVC would refuse in a `.dvc` file.
pub fn single(document: &Value) -> Option<Damage> {
    top(document, &SINGLE)
}

/// What DVC would refuse in a `dvc.lock`.
pub fn lock(document: &Value) -> Option<Damage> {
    top(document, &LOCK)
}

/// What DVC would refuse in a `dvc.yaml`.
pub fn pipeline(document: &Value) -> Option<Damage> {
    top(document, &PIPELINE)
}

fn top(document: &Value, kind: &Kind) -> Option<Damage> {
    let wrong = check(document, kind, 0).err()?;
    let place = wrong.place.join(".");
    let what = match place.is_empty() {
        true => wrong.what,
        false => format!("{place}: {}", wrong.what),
    };
    Some(Damage::new(wrong.line, what))
}

struct Wrong {
    line: usize,
    place: Vec<String>,
    what: String,
}

impl Wrong {
    fn below(mut self, key: &str) -> Self {
        self.place.insert(0, key.to_owned());
        self
    }
}

/// `line` is where the value's key stands.
fn check(value: &Value, kind: &Kind, line: usize) -> Result<(), Wrong> {
    let wrong = |what: String| Wrong {
        line,
        place: Vec::new(),
        what,
    };
    let is_fine = match (kind, value) {
        (Anything, _)
        | (Text, Value::Text(_))
        | (Flag, Value::Bool(_))
        | (Whole, Value::Int(_) | Value::Bool(_))
        | (Nothing, Value::Null)
        | (Hash, Value::Null | Value::Text(_) | Value::Int(_))
        | (AnyList, Value::Seq(_))
        | (AnyMap, Value::Map(_)) => true,
        (Exactly(expected), Value::Text(text)) => text == expected,
        (List(inner), Value::Seq(items)) => {
            for item in items {
                check(item, inner, line)?;
            }
            true
        }
        (Each(inner), Value::Map(entries)) => {
            for entry in entries {
                let Some(key) = entry.key.as_str() else {
                    return Err(wrong(format!("a key that is {}", entry.key.kind())));
                };
                check(&entry.value, inner, entry.line).map_err(|it| it.below(key))?;
            }
            true
        }
        (Keys(known), Value::Map(entries)) => return keys(entries, known, line),
        (OneOf(kinds), value) => return one_of(value, kinds, line),
        (Stage, Value::Map(_)) => {
            let is_group = value.get("foreach").is_some() || value.get("do").is_some();
            return check(value, if is_group { &GROUP } else { &STAGE }, line);
        }
        _ => false,
    };
    if is_fine {
        Ok(())
    } else {
        Err(wrong(format!("{} is not expected here", value.kind())))
    }
}

fn keys(entries: &[Entry], known: &[(&str, bool, Kind)], line: usize) -> Result<(), Wrong> {
    for entry in entries {
        let shown = entry.key.key_text();
        let found = known
            .iter()
            .find(|(key, ..)| entry.key.as_str() == Some(key));
        let Some((key, _, kind)) = found else {
            return Err(Wrong {
                line: entry.line,
                place: vec![shown],
                what: "extra keys not allowed".to_owned(),
            });
        };
        check(&entry.value, kind, entry.line).map_err(|it| it.below(key))?;
    }
    let has = |key: &str| entries.iter().any(|it| it.key.as_str() == Some(key));
    match known.iter().find(|(key, must, _)| *must && !has(key)) {
        Some((key, ..)) => Err(Wrong {
            line,
            place: vec![(*key).to_owned()],
            what: "required key not provided".to_owned(),
        }),
        None => Ok(()),
    }
}

/// What is wrong with the last kind that the value is like at all.
fn one_of(value: &Value, kinds: &[Kind], line: usize) -> Result<(), Wrong> {
    let mut nearest = None;
    for kind in kinds {
        match check(value, kind, line) {
            Ok(()) => return Ok(()),
            Err(wrong) if !wrong.place.is_empty() || nearest.is_none() => nearest = Some(wrong),
            Err(_) => {}
        }
    }
    nearest.map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::sources::dvc::yaml::parse;

    fn told(check: fn(&Value) -> Option<Damage>, text: &str) -> String {
        match check(&parse(text).unwrap()) {
            Some(damage) => format!("{}: {}", damage.line, damage.what),
            None => String::new(),
        }
    }

    #[test]
    fn what_dvc_takes_and_refuses() {
        for (text, expected) in [
            (
                "outs:\n- {path: x, md5: ab, hash: md5, size: 3, cache: false}\nmeta: {a: 1}\n",
                "",
            ),
            (
                "outs:\n- path: x\n  metric: true\n",
                "3: outs.metric: extra keys not allowed",
            ),
            ("outs: null\nwdir: null\n", ""),
            (
                "outs:\n- path: 3\n",
                "2: outs.path: a number is not expected here",
            ),
            ("cmd: x\n", "1: cmd: extra keys not allowed"),
        ] {
            assert_eq!(told(single, text), expected, "{text}");
        }
        for (text, expected) in [
            (
                "stages:\n  a: {cmd: x, outs: [y, {z: {cache: false}}], params: [a, {b: null}]}\n",
                "",
            ),
            (
                "stages:\n  a: {outs: [y]}\n",
                "2: stages.a.cmd: required key not provided",
            ),
            (
                "stages:\n  a: {foreach: [1], do: {cmd: x, frozen: yes}}\n",
                "2: stages.a.do.frozen: text is not expected here",
            ),
            (
                "stages:\n  a: {foreach: [1]}\n",
                "2: stages.a.do: required key not provided",
            ),
            (
                "stages:\n  a:\n    cmd: x\n    outs:\n    - z: {cach: false}\n",
                "5: stages.a.outs.z.cach: extra keys not allowed",
            ),
            ("stages: null\n", "1: stages: nothing is not expected here"),
            (
                "plots: [a, {b: {y: [c, d]}}, {e: null}]\nmetrics: [m]\nartifacts: {m: {path: p}}\n",
                "",
            ),
            ("plot: [a]\n", "1: plot: extra keys not allowed"),
        ] {
            assert_eq!(told(pipeline, text), expected, "{text}");
        }
        for (text, expected) in [
            (
                "schema: '2.0'\nstages: {a: {cmd: [x], deps: [{path: d, md5: e}], params: {p.yaml: {a.b: [1]}}}}\n",
                "",
            ),
            ("a: {cmd: x}\n", "1: a: extra keys not allowed"),
            ("schema: '1.0'\n", "1: schema: text is not expected here"),
        ] {
            assert_eq!(told(lock, text), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_document_is_checked(text in "[a-z:{}\\[\\], \n-]{0,60}") {
            if let Ok(document) = parse(&text) {
                single(&document);
                lock(&document);
                pipeline(&document);
            }
        }
    }
}
