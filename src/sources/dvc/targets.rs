//! What the words after a command mean: stages, `.dvc` files, outputs, directories.

use super::data::lies_in;
use super::graph::{Graph, output_of};
use super::index::{Index, Stage};
use super::project::Project;

/// A stage, and the output or part of one that is meant of it, from the root; all if `None`.
#[derive(Clone, Debug)]
pub struct Chosen<'a> {
    pub stage: &'a Stage,
    pub within: Option<String>,
}

/// The stages meant by the targets, all without any. The error is a sentence.
pub fn choose<'a>(
    project: &Project,
    index: &'a Index,
    targets: &[String],
    with_deps: bool,
    recursive: bool,
) -> Result<Vec<Chosen<'a>>, String> {
    let mut graph = None;
    let mut chosen = Vec::new();
    let whole = |stage| Chosen {
        stage,
        within: None,
    };
    if targets.is_empty() {
        chosen.extend(index.stages.iter().map(whole));
    }
    for target in targets {
        let mut asked = Asked {
            project,
            index,
            with_deps,
            graph: &mut graph,
        };
        chosen.extend(asked.target(target, recursive)?);
    }
    Ok(chosen)
}

struct Asked<'a, 'g> {
    project: &'g Project,
    index: &'a Index,
    with_deps: bool,
    graph: &'g mut Option<Graph>,
}

impl<'a> Asked<'a, '_> {
    fn target(&mut self, target: &str, recursive: bool) -> Result<Vec<Chosen<'a>>, String> {
        let inside = self.project.inside(target);
        let directory = inside
            .as_ref()
            .filter(|path| recursive && self.project.root.join(path).is_dir());
        let (file, name) = parse(target)?;
        let found = match (&file, directory) {
            (None, None) => {
                let found = self.named("dvc.yaml", target);
                if self.with_deps {
                    self.with_needs(found)?
                } else {
                    found
                }
            }
            (Some(file), _) if !self.with_deps && is_of_dvc(file) => {
                return self.of_file(file, name.as_deref());
            }
            _ => Vec::new(),
        };
        if !found.is_empty() {
            return Ok(self.whole(found));
        }
        if directory.is_none()
            && let Some(path) = &inside
        {
            self.graph()?;
            if let Some((at, _)) = output_of(self.index, path) {
                let stage = self.index.stages.get(at);
                return Ok(stage
                    .map(|stage| Chosen {
                        stage,
                        within: Some(path.clone()),
                    })
                    .into_iter()
                    .collect());
            }
        }
        if let Some(dir) = directory {
            let order = self.graph()?.in_order();
            let below = order.into_iter().filter(|at| {
                let stage = self.index.stages.get(*at);
                stage.is_some_and(|stage| dir.is_empty() || lies_in(&stage.file, dir))
            });
            return Ok(self.whole(below.collect()));
        }
        let file = file.as_deref().unwrap_or("dvc.yaml");
        let found = self.of_file(file, name.as_deref().or(Some(target)))?;
        let places: Vec<usize> = found.iter().filter_map(|it| self.place(it.stage)).collect();
        let places = if self.with_deps {
            self.with_needs(places)?
        } else {
            places
        };
        Ok(self.whole(places))
    }

    fn place(&self, stage: &Stage) -> Option<usize> {
        let mut stages = self.index.stages.iter();
        stages.position(|other| std::ptr::eq(other, stage))
    }

    fn whole(&self, places: Vec<usize>) -> Vec<Chosen<'a>> {
        let stages = places
            .into_iter()
            .filter_map(|at| self.index.stages.get(at));
        stages
            .map(|stage| Chosen {
                stage,
                within: None,
            })
            .collect()
    }

    fn graph(&mut self) -> Result<&Graph, String> {
        if self.graph.is_none() {
            *self.graph = Some(Graph::build(self.index)?);
        }
        self.graph.as_ref().ok_or_else(String::new)
    }

    fn with_needs(&mut self, stages: Vec<usize>) -> Result<Vec<usize>, String> {
        let mut all = Vec::new();
        for stage in stages {
            for need in self.graph()?.with_needs(stage) {
                if !all.contains(&need) {
                    all.push(need);
                }
            }
        }
        Ok(all)
    }

    /// The stage of that name in a file seen from the current directory, or those of a group.
    fn named(&self, file: &str, name: &str) -> Vec<usize> {
        let Some(file) = self.project.inside(file) else {
            return Vec::new();
        };
        let group = format!("{name}@");
        let stages = self.index.stages.iter().enumerate();
        let stages = stages.filter(|(_, stage)| stage.file == file);
        let named = stages.filter(|(_, stage)| {
            stage
                .name
                .as_ref()
                .is_some_and(|own| own == name || own.starts_with(&group))
        });
        named.map(|(at, _)| at).collect()
    }

    /// All stages of a file, or those of a name.
    fn of_file(&self, file: &str, name: Option<&str>) -> Result<Vec<Chosen<'a>>, String> {
        let path = self.project.inside(file).unwrap_or_default();
        let in_file = |stage: &&Stage| stage.file == path;
        let missing = || match name {
            Some(name) => {
                format!("'{name}' does not exist as an output or a stage name in '{file}'")
            }
            None => format!("'{file}' does not exist"),
        };
        if !self.project.root.join(&path).is_file() {
            return Err(missing());
        }
        let is_pipeline = path == "dvc.yaml" || path.ends_with("/dvc.yaml");
        let found = match name.filter(|_| is_pipeline) {
            Some(name) => self.named(file, name),
            None => {
                let stages = self.index.stages.iter().enumerate();
                let mine = stages.filter(|(_, stage)| in_file(stage));
                mine.map(|(at, _)| at).collect()
            }
        };
        if found.is_empty() && (name.is_some() || !is_pipeline) {
            return Err(missing());
        }
        Ok(self.whole(found))
    }
}

fn is_of_dvc(path: &str) -> bool {
    path.ends_with(".dvc") || path.rsplit('/').next() == Some("dvc.yaml")
}

/// A target as a file and a name: `train`, `train@us`, `sub/dvc.yaml`, `sub/dvc.yaml:train`, `x.dvc`.
fn parse(target: &str) -> Result<(Option<String>, Option<String>), String> {
    let (group, key) = match target.split_once('@') {
        Some((group, key)) => (group, Some(key)),
        None => (target, None),
    };
    let (path, name) = match group.rsplit_once(':') {
        Some((path, name)) if !name.contains(['/', '\\']) => (path, Some(name)),
        _ => (group, None),
    };
    if path.rsplit('/').next() == Some("dvc.lock") {
        let meant = target.replacen(".lock", ".yaml", 1);
        return Err(format!("Did you mean: `{meant}`?"));
    }
    let name = name.filter(|name| !name.is_empty()).map(|name| match key {
        Some(key) => format!("{name}@{key}"),
        None => name.to_owned(),
    });
    Ok(match (path, name) {
        ("", name) => (Some("dvc.yaml".to_owned()), name),
        (_, None) if is_of_dvc(target) => (Some(target.to_owned()), None),
        (_, None) => (None, Some(target.to_owned())),
        (path, name) => (Some(path.to_owned()), name),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::parse;

    #[test]
    fn files_and_names() {
        let shown = |target: &str| match parse(target) {
            Ok((file, name)) => format!(
                "{} {}",
                file.as_deref().unwrap_or("-"),
                name.as_deref().unwrap_or("-")
            ),
            Err(what) => what,
        };
        for (target, expected) in [
            ("train", "- train"),
            ("train@us", "- train@us"),
            ("sub/dvc.yaml", "sub/dvc.yaml -"),
            ("sub/dvc.yaml:train@us", "sub/dvc.yaml train@us"),
            (":train", "dvc.yaml train"),
            ("data/x.dvc", "data/x.dvc -"),
            ("data/x", "- data/x"),
            ("sub/dvc.lock:a", "Did you mean: `sub/dvc.yaml:a`?"),
        ] {
            assert_eq!(shown(target), expected, "{target}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_target_is_taken(target in "[a-z.:@/\\\\]{0,12}") {
            let _ = parse(&target);
        }
    }
}
