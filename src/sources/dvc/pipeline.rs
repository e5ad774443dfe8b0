//! `dvc.yaml`: the stages and what each declares to produce.

mod merge;

use std::sync::Arc;

use super::template::{Context, Whole, as_text};
use super::yaml::{Entry, Value};
use super::{Files, groups, paths, vars};

/// What an output was declared as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Out,
    Metric,
    Plot,
}

impl Role {
    pub fn key(self) -> &'static str {
        match self {
            Self::Out => "out",
            Self::Metric => "metric",
            Self::Plot => "plot",
        }
    }
}

/// One declared output; its path is as written, relative to the working directory of its stage.
#[derive(Clone, Debug)]
pub struct Out {
    pub path: String,
    pub role: Role,
    pub cached: bool,
    pub push: bool,
    pub remote: Option<String>,
    /// How a plot is to be drawn.
    pub plot: Value,
}

impl Out {
    pub fn plain(path: &str, role: Role) -> Self {
        Self {
            path: path.to_owned(),
            role,
            cached: true,
            push: true,
            remote: None,
            plot: Value::Null,
        }
    }

    pub fn with_options(path: &str, role: Role, options: &Value) -> Self {
        let flag = |key: &str| options.get(key).and_then(Value::as_bool).unwrap_or(true);
        Self {
            cached: flag("cache"),
            push: flag("push"),
            remote: options
                .get("remote")
                .and_then(Value::as_str)
                .map(str::to_owned),
            plot: match role {
                Role::Plot => options.clone(),
                _ => Value::Null,
            },
            ..Self::plain(path, role)
        }
    }
}

#[derive(Clone, Debug)]
pub struct Stage {
    /// With `@key` for one made by `foreach` or `matrix`.
    pub name: String,
    /// Relative to the repository; `None` where it cannot be told or lies outside.
    pub wdir: Option<String>,
    /// Text or a list of texts with every template filled in.
    pub cmd: Value,
    /// As written, relative to `wdir`.
    pub deps: Vec<String>,
    pub params: Vec<Params>,
    pub outs: Vec<Out>,
    pub frozen: bool,
    pub always_changed: bool,
    pub desc: Option<String>,
    /// Not everything could be resolved: the lock may know more outputs.
    pub incomplete: bool,
}

/// The parameters of one file that a stage depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Params {
    /// As written, relative to the stage's working directory.
    pub path: String,
    /// Dotted names; empty for the whole file.
    pub keys: Vec<String>,
}

/// What one `dvc.yaml` holds.
#[derive(Clone, Debug, Default)]
pub struct Pipeline {
    pub stages: Vec<Stage>,
    /// Names before `@` of stages that could not be told apart.
    pub unresolved_groups: Vec<String>,
    /// Line (0 if not known) and what is wrong.
    pub problems: Vec<(usize, String)>,
}

/// Resolves a parsed file in `dir`. What cannot be resolved is a problem; the rest is there.
pub fn resolve(files: &dyn Files, dir: &str, document: &Value) -> Pipeline {
    let mut pipeline = Pipeline::default();
    if !matches!(document, Value::Map(_)) {
        let what = format!("{} where a map belongs", document.kind());
        pipeline.problems.push((1, what));
        return pipeline;
    }
    let context = match vars::of_file(files, dir, document.get("vars")) {
        Ok(context) => context,
        Err(what) => {
            pipeline.problems.push((0, what));
            Context::default()
        }
    };
    let resolver = Resolver {
        files,
        dir,
        context: &context,
    };
    let stages = document.get("stages");
    if let Some(other) = stages.filter(|it| !matches!(it, Value::Map(_) | Value::Null)) {
        let what = format!("stages: {} where a map belongs", other.kind());
        pipeline.problems.push((0, what));
    }
    for entry in stages.map(Value::entries).unwrap_or_default() {
        let Some(name) = entry.key.as_str() else {
            let what = "a stage whose name is not text".to_owned();
            pipeline.problems.push((entry.line, what));
            continue;
        };
        resolver.definition(name, entry, &mut pipeline);
    }
    pipeline
}

struct Resolver<'a> {
    files: &'a dyn Files,
    dir: &'a str,
    context: &'a Context,
}

impl Resolver<'_> {
    fn definition(&self, name: &str, entry: &Entry, pipeline: &mut Pipeline) {
        let definition = &entry.value;
        let made = match (definition.get("matrix"), definition.get("foreach")) {
            (Some(matrix), _) => {
                groups::matrix(self.context, matrix).map(|made| (definition, made))
            }
            (None, Some(each)) => groups::foreach(self.context, each)
                .map(|made| (definition.get("do").unwrap_or(&Value::Null), made)),
            (None, None) => {
                self.stage(name, definition, self.context, entry.line, pipeline);
                return;
            }
        };
        match made {
            Ok((template, made)) => {
                for (key, local) in made {
                    let context = Context {
                        global: Arc::clone(&self.context.global),
                        local,
                    };
                    let name = format!("{name}@{key}");
                    self.stage(&name, template, &context, entry.line, pipeline);
                }
            }
            Err(what) => {
                pipeline
                    .problems
                    .push((entry.line, format!("stage {name}: {what}")));
                pipeline.unresolved_groups.push(name.to_owned());
            }
        }
    }

    fn stage(
        &self,
        name: &str,
        definition: &Value,
        context: &Context,
        line: usize,
        pipeline: &mut Pipeline,
    ) {
        let mut problems = Vec::new();
        if !matches!(definition, Value::Map(_)) {
            problems.push(format!("{} where a map belongs", definition.kind()));
        }
        let wdir = self.wdir(definition, context).unwrap_or_else(|what| {
            problems.push(what);
            None
        });
        let own = match (definition.get("vars"), &wdir) {
            (Some(vars), Some(wdir)) => vars::of_stage(self.files, context, wdir, Some(vars)),
            _ => Ok(context.clone()),
        };
        let own = own.unwrap_or_else(|what| {
            problems.push(what);
            context.clone()
        });
        let mut outs = Vec::new();
        for (key, role) in [
            ("outs", Role::Out),
            ("metrics", Role::Metric),
            ("plots", Role::Plot),
        ] {
            match definition.get(key) {
                None | Some(Value::Null) => {}
                Some(Value::Seq(items)) => {
                    for item in items {
                        match out(&own, item, role) {
                            Ok(mut found) => outs.append(&mut found),
                            Err(what) => problems.push(format!("{key}: {what}")),
                        }
                    }
                }
                Some(other) => {
                    problems.push(format!("{key}: {} where a list belongs", other.kind()))
                }
            }
        }
        merge::same(&mut outs);
        let incomplete = !problems.is_empty();
        let mut filled = |key: &str, whole| match definition.get(key) {
            Some(value) => own.fill(value, whole).unwrap_or_else(|what| {
                problems.push(format!("{key}: {what}"));
                Value::Null
            }),
            None => Value::Null,
        };
        let cmd = filled("cmd", Whole::Flags(self.files.parsing()));
        let deps = filled("deps", Whole::Scalar);
        let listed = filled("params", Whole::Scalar);
        let frozen = filled("frozen", Whole::Scalar).as_bool() == Some(true);
        let always_changed = filled("always_changed", Whole::Scalar).as_bool() == Some(true);
        let desc = filled("desc", Whole::Scalar).as_str().map(str::to_owned);
        let params = merge::params(&listed).unwrap_or_else(|what| {
            problems.push(format!("params: {what}"));
            Vec::new()
        });
        if let Some(what) = problems.into_iter().next() {
            pipeline
                .problems
                .push((line, format!("stage {name}: {what}")));
        }
        pipeline.stages.push(Stage {
            name: name.to_owned(),
            wdir,
            cmd,
            deps: deps.items().iter().map(as_text).collect(),
            params,
            outs,
            frozen,
            always_changed,
            desc,
            incomplete,
        });
    }

    fn wdir(&self, definition: &Value, context: &Context) -> Result<Option<String>, String> {
        let Some(wdir) = definition.get("wdir") else {
            return Ok(Some(self.dir.to_owned()));
        };
        let wdir = context
            .fill(wdir, Whole::Scalar)
            .map_err(|what| format!("wdir: {what}"))?;
        Ok(paths::join(self.dir, &as_text(&wdir)))
    }
}

/// A path, or a map of paths to their options.
fn out(context: &Context, item: &Value, role: Role) -> Result<Vec<Out>, String> {
    match context.fill(item, Whole::Scalar)? {
        Value::Map(entries) => Ok(entries
            .iter()
            .map(|entry| Out::with_options(&as_text(&entry.key), role, &entry.value))
            .collect()),
        Value::Seq(_) | Value::Null => Err("an output without a path".to_owned()),
        scalar => Ok(vec![Out::plain(&as_text(&scalar), role)]),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::sources::dvc::yaml::parse;

    /// A tree with one file of parameters.
    struct OneFile(&'static str);

    impl Files for OneFile {
        fn paths(&self) -> &[String] {
            &[]
        }

        fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
            Ok((path == "params.yaml").then(|| self.0.as_bytes().to_vec()))
        }
    }

    const SOURCE: &str = "vars: [{z: 3}]\nstages:\n  a:\n    cmd: x ${p.q}\n    vars: [{w: 1}]\n    outs:\n    - ${p.q}-${z}-${w}\n    - opt: {cache: false, push: false, remote: r}\n  b:\n    foreach: [1, '${p.q}']\n    do: {cmd: x, wdir: '${item}', plots: [y.csv]}\n  c:\n    matrix: {m: [a, b], n: [true, {k: 1}]}\n    cmd: x\n    metrics: ['${item.m}']\n";

    fn resolved(source: &str) -> Pipeline {
        resolve(&OneFile("p: {q: 7}\n"), "", &parse(source).unwrap())
    }

    #[test]
    fn stages_with_their_outputs() {
        let pipeline = resolved(SOURCE);
        assert_eq!(pipeline.problems, []);
        let seen: Vec<_> = pipeline
            .stages
            .iter()
            .map(|stage| {
                let outs: Vec<_> = stage.outs.iter().map(|out| out.path.as_str()).collect();
                format!(
                    "{} {} {}",
                    stage.name,
                    stage.wdir.as_deref().unwrap(),
                    outs.join(",")
                )
            })
            .collect();
        let expected = [
            "a  7-3-1,opt",
            "b@1 1 y.csv",
            "b@7 7 y.csv",
            "c@a-true  a",
            "c@a-n1  a",
            "c@b-true  b",
            "c@b-n1  b",
        ];
        assert_eq!(seen, expected);
        let options = &pipeline.stages[0].outs[1];
        assert_eq!(
            (options.cached, options.push, options.remote.as_deref()),
            (false, false, Some("r"))
        );
    }

    #[test]
    fn what_is_defined_twice_or_of_the_wrong_kind() {
        for (source, what) in [
            (
                "vars: [{p: {q: 8}}]\nstages: {}\n",
                "vars: q is defined twice",
            ),
            (
                "stages: {a: {cmd: x, outs: y}}\n",
                "stage a: outs: text where a list belongs",
            ),
            (
                "stages: {a: {cmd: x, outs: [[y]]}}\n",
                "stage a: outs: an output without a path",
            ),
            (
                "stages: {a: {foreach: 3, do: {}}}\n",
                "stage a: foreach: a number where a list or a map belongs",
            ),
            (
                "stages: {a: {matrix: {m: 1}, cmd: x}}\n",
                "stage a: matrix: m: a number where a list belongs",
            ),
            (
                "stages: {a: nothing}\n",
                "stage a: text where a map belongs",
            ),
            ("stages: {1: {cmd: x}}\n", "a stage whose name is not text"),
            (
                "stages: {a: {cmd: x, outs: ['${p}']}}\n",
                "stage a: outs: p is a map, not one value",
            ),
        ] {
            let problems = resolved(source).problems;
            assert_eq!(problems.len(), 1, "{source}: {problems:?}");
            assert_eq!(problems[0].1, what);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_change_to_a_pipeline_is_resolved_without_panic(
            at in 0..SOURCE.len(),
            length in 0..30_usize,
            junk in "[a-z0-9${}:\\[\\], '\n-]{0,8}",
        ) {
            let end = (at + length).min(SOURCE.len());
            if let Ok(document) = parse(&format!("{}{junk}{}", &SOURCE[..at], &SOURCE[end..])) {
                resolve(&OneFile("p: {q: 7}\n"), "", &document);
            }
        }
    }
}
