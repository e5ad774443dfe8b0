//! Which stage needs what of which other.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::data::prefixes;
use super::index::{DepKind, Found, Index};

/// The stages of an index by what they need.
pub struct Graph {
    /// For each stage the stages that make what it depends on, in the order of its dependencies.
    needs: Vec<Vec<usize>>,
}

impl Graph {
    /// The error is a sentence: two outputs at one path or within each other, a stage's file within an output, a
    /// circle.
    pub fn build(index: &Index) -> Result<Self, String> {
        let outs = outputs(index)?;
        for stage in &index.stages {
            if let Some(out) = prefixes(&stage.file).find(|dir| outs.contains_key(dir)) {
                return Err(format!(
                    "{} is specified as an output in a file below it: '{out}'",
                    stage.file
                ));
            }
        }
        let mut needs = Vec::with_capacity(index.stages.len());
        for stage in &index.stages {
            let mut mine = Vec::new();
            let is_elsewhere = |kind: &DepKind| {
                matches!(
                    kind,
                    DepKind::Repository { .. } | DepKind::Database | DepKind::Dataset
                )
            };
            for dep in stage.deps.iter().filter(|dep| !is_elsewhere(&dep.kind)) {
                let above = prefixes(&dep.path).filter_map(|path| outs.get(path));
                let start = format!("{}/", dep.path);
                let below = outs
                    .range(&*start..)
                    .take_while(|(path, _)| path.starts_with(&start))
                    .map(|(_, stage)| stage);
                mine.extend(above.chain(below).copied());
            }
            let mut known = HashSet::new();
            mine.retain(|other| known.insert(*other));
            needs.push(mine);
        }
        let graph = Self { needs };
        match graph.circle() {
            Some(at) => Err(format!(
                "Pipeline has a cycle involving: {}.",
                index
                    .stages
                    .get(at)
                    .map_or_else(String::new, |it| it.address(""))
            )),
            None => Ok(graph),
        }
    }

    /// What the stage needs, directly or not, and at last itself.
    pub fn with_needs(&self, stage: usize) -> Vec<usize> {
        let (mut order, mut seen) = (Vec::new(), HashSet::new());
        self.visit(stage, &mut seen, &mut order);
        order
    }

    /// All stages, each after what it needs.
    pub fn in_order(&self) -> Vec<usize> {
        let (mut order, mut seen) = (Vec::new(), HashSet::new());
        for stage in 0..self.needs.len() {
            self.visit(stage, &mut seen, &mut order);
        }
        order
    }

    /// Not by recursion: a pipeline may be a chain of thousands.
    fn visit(&self, stage: usize, seen: &mut HashSet<usize>, order: &mut Vec<usize>) {
        let mut path = vec![(stage, 0)];
        if !seen.insert(stage) {
            return;
        }
        while let Some((at, next)) = path.pop() {
            match self.needs.get(at).and_then(|needs| needs.get(next)) {
                Some(need) => {
                    path.push((at, next + 1));
                    if seen.insert(*need) {
                        path.push((*need, 0));
                    }
                }
                None => order.push(at),
            }
        }
    }

    /// A stage that needs itself.
    fn circle(&self) -> Option<usize> {
        let mut place: HashMap<usize, usize> = HashMap::new();
        for (at, stage) in self.in_order().into_iter().enumerate() {
            place.insert(stage, at);
        }
        (0..self.needs.len()).find(|stage| {
            let needs = self.needs.get(*stage).into_iter().flatten();
            needs
                .into_iter()
                .any(|need| place.get(need) >= place.get(stage))
        })
    }
}

/// Every output's path and its stage.
fn outputs(index: &Index) -> Result<BTreeMap<&str, usize>, String> {
    let mut outs: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, stage) in index.stages.iter().enumerate() {
        for found in index.found.get(stage.outs.clone()).unwrap_or_default() {
            if let Some(other) = outs.insert(&found.path, at) {
                let other = index
                    .stages
                    .get(other)
                    .map_or_else(String::new, |it| it.address(""));
                return Err(format!(
                    "output '{}' is specified in:\n\t- {other}\n\t- {}",
                    found.path,
                    stage.address("")
                ));
            }
        }
    }
    for path in outs.keys() {
        let above = prefixes(path).filter(|above| above != path);
        if let Some(other) = { above }.find(|above| outs.contains_key(above)) {
            return Err(format!(
                "The output paths:\n'{other}'\n'{path}'\noverlap and are thus in the same tracked directory."
            ));
        }
    }
    Ok(outs)
}

/// The output that a path is or lies in.
pub fn output_of<'a>(index: &'a Index, path: &str) -> Option<(usize, &'a Found)> {
    let mut stages = index.stages.iter().enumerate();
    stages.find_map(|(at, stage)| {
        let outs = index.found.get(stage.outs.clone()).unwrap_or_default();
        let found = outs
            .iter()
            .find(|found| super::data::lies_in(path, &found.path))?;
        Some((at, found))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::sources::dvc::Files;

    struct Pipeline(&'static str, Vec<String>);

    impl Files for Pipeline {
        fn paths(&self) -> &[String] {
            &self.1
        }

        fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
            Ok((path == "dvc.yaml").then(|| self.0.as_bytes().to_vec()))
        }
    }

    fn built(source: &'static str) -> Result<Vec<String>, String> {
        let index = Index::read_project(&Pipeline(source, vec!["dvc.yaml".to_owned()]));
        let graph = Graph::build(&index)?;
        let name = |at: &usize| index.stages[*at].name.clone().unwrap();
        Ok(graph.with_needs(0).iter().map(name).collect())
    }

    #[test]
    fn what_a_stage_needs() {
        let source = "stages:\n  c: {cmd: x, deps: [b/part, d]}\n  b: {cmd: x, deps: [a], outs: [b]}\n  a: {cmd: x, outs: [a]}\n  d: {cmd: x, outs: [d/e, d/f]}\n";
        assert_eq!(built(source).unwrap(), ["a", "b", "d", "c"]);
    }

    #[test]
    fn what_cannot_be() {
        for (source, what) in [
            (
                "stages:\n  a: {cmd: x, deps: [b], outs: [a]}\n  b: {cmd: x, deps: [a], outs: [b]}\n",
                "cycle",
            ),
            (
                "stages:\n  a: {cmd: x, outs: [o]}\n  b: {cmd: x, outs: [o]}\n",
                "specified in",
            ),
            (
                "stages:\n  a: {cmd: x, outs: [o]}\n  b: {cmd: x, outs: [o/p]}\n",
                "overlap",
            ),
            ("stages:\n  a: {cmd: x, outs: [dvc.yaml]}\n", "as an output"),
        ] {
            assert!(built(source).unwrap_err().contains(what), "{source}");
        }
    }
}
