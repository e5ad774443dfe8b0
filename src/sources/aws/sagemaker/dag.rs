//! The graph of a pipeline, from its definition as it was frozen for the run.

use std::collections::HashMap;

use serde_json::Value;

/// One step of the definition, in the order of the definition.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub name: String,
    /// `Training`, `Condition` ...: an open set.
    pub kind: String,
    pub depends_on: Vec<String>,
}

/// What a definition tells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dag {
    pub nodes: Vec<Node>,
    /// The `CommitId` of a step's metadata properties, with parameters filled in.
    pub commit: Option<String>,
}

impl Dag {
    /// `parameters`: those of the run; the defaults of the definition fill the gaps.
    pub fn parse(definition: &str, parameters: &[(String, String)]) -> Result<Self, String> {
        let root: Value = serde_json::from_str(definition).map_err(|e| e.to_string())?;
        let mut known: HashMap<&str, String> = HashMap::new();
        for parameter in root["Parameters"].as_array().into_iter().flatten() {
            if let (Some(name), Some(value)) = (
                parameter["Name"].as_str(),
                parameter["DefaultValue"].as_str(),
            ) {
                known.insert(name, value.to_owned());
            }
        }
        for (name, value) in parameters {
            known.insert(name, value.clone());
        }
        let mut dag = Self::default();
        for step in root["Steps"].as_array().into_iter().flatten() {
            dag.add(step, None, &known);
        }
        let names: Vec<String> = dag.nodes.iter().map(|node| node.name.clone()).collect();
        for node in &mut dag.nodes {
            // A step collection or a deleted step may be named; an edge to nowhere helps nobody.
            let own = node.name.clone();
            node.depends_on
                .retain(|parent| *parent != own && names.contains(parent));
        }
        Ok(dag)
    }

    fn add(&mut self, step: &Value, parent: Option<&str>, parameters: &HashMap<&str, String>) {
        let Some(name) = step["Name"].as_str() else {
            return;
        };
        let mut node = Node {
            name: name.to_owned(),
            kind: step["Type"].as_str().unwrap_or_default().to_owned(),
            depends_on: Vec::from_iter(parent.map(str::to_owned)),
        };
        for name in step["DependsOn"].as_array().into_iter().flatten() {
            push(&mut node.depends_on, name.as_str().unwrap_or_default());
        }
        let mut nested = Vec::new();
        self.walk(&step["Arguments"], &mut node, &mut nested, parameters);
        self.walk(&step["Conditions"], &mut node, &mut nested, parameters);
        self.nodes.push(node);
        for inner in nested {
            self.add(inner, Some(name), parameters);
        }
    }

    fn walk<'a>(
        &mut self,
        value: &'a Value,
        node: &mut Node,
        nested: &mut Vec<&'a Value>,
        parameters: &HashMap<&str, String>,
    ) {
        match value {
            Value::Array(values) => {
                for value in values {
                    self.walk(value, node, nested, parameters);
                }
            }
            Value::Object(fields) => {
                if fields.get("Name").is_some_and(Value::is_string)
                    && fields.get("Type").is_some_and(Value::is_string)
                    && fields.contains_key("Arguments")
                {
                    nested.push(value);
                    return;
                }
                for (key, value) in fields {
                    if key == "Get" {
                        push(&mut node.depends_on, step_of(value).unwrap_or_default());
                    } else if key == "CommitId" && self.commit.is_none() {
                        self.commit = resolve(value, parameters);
                    }
                    self.walk(value, node, nested, parameters);
                }
            }
            _ => {}
        }
    }
}

fn push(names: &mut Vec<String>, name: &str) {
    if !name.is_empty() && !names.iter().any(|known| known == name) {
        names.push(name.to_owned());
    }
}

/// `Steps.Train.ModelArtifacts` and `Steps['Train'].x` name the step `Train`.
fn step_of(get: &Value) -> Option<&str> {
    let rest = get.as_str()?.strip_prefix("Steps")?;
    let name = match rest.strip_prefix('.') {
        Some(rest) => rest.split(['.', '[']).next()?,
        None => rest
            .strip_prefix('[')?
            .split(']')
            .next()?
            .trim_matches(['\'', '"']),
    };
    Some(name)
}

fn resolve(value: &Value, parameters: &HashMap<&str, String>) -> Option<String> {
    if let Some(text) = value.as_str() {
        return Some(text.to_owned());
    }
    let name = value["Get"].as_str()?.strip_prefix("Parameters.")?;
    parameters.get(name).cloned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const DEFINITION: &str = r#"{
      "Version": "2020-12-01",
      "Parameters": [{"Name": "Commit", "Type": "String", "DefaultValue": "abc"}, {"Name": "Epochs", "Type": "Integer", "DefaultValue": 3}],
      "Steps": [
        {"Name": "Prepare", "Type": "Processing", "Arguments": {"x": {"Get": "Parameters.Epochs"}, "y": {"Get": "Execution.StartDateTime"}}},
        {"Name": "Train", "Type": "Training", "Arguments": {"InputDataConfig": [{"S3Uri":
            {"Std:Join": {"On": "/", "Values": [{"Get": "Steps.Prepare.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri"}, "x"]}}}]}},
        {"Name": "Evaluate", "Type": "Processing", "DependsOn": ["Prepare"], "Arguments": {"m": {"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"}}},
        {"Name": "GoodEnough", "Type": "Condition", "Arguments": {
            "Conditions": [{"Type": "GreaterThan", "LeftValue": {"Std:JsonGet": {"PropertyFile": {"Get": "Steps.Evaluate.PropertyFiles.Report"}, "Path": "auc"}}, "RightValue": 0.8}],
            "IfSteps": [{"Name": "Register", "Type": "RegisterModel", "DependsOn": ["Nowhere"], "Arguments": {
                "MetadataProperties": {"CommitId": {"Get": "Parameters.Commit"}},
                "u": {"Get": "Steps.Train.ModelArtifacts"}}}],
            "ElseSteps": [{"Name": "TooBad", "Type": "Fail", "Arguments": {"ErrorMessage": "no"}}]}}
      ]}"#;

    fn edges(dag: &Dag) -> Vec<String> {
        dag.nodes
            .iter()
            .map(|node| format!("{}<-{}", node.name, node.depends_on.join("+")))
            .collect()
    }

    #[test]
    fn edges_come_from_references_conditions_and_depends_on() {
        let dag = Dag::parse(DEFINITION, &[]).unwrap();
        assert_eq!(
            edges(&dag),
            [
                "Prepare<-",
                "Train<-Prepare",
                "Evaluate<-Prepare+Train",
                "GoodEnough<-Evaluate",
                "Register<-GoodEnough+Train",
                "TooBad<-GoodEnough",
            ]
        );
    }

    #[test]
    fn the_commit_comes_from_parameters() {
        let default = Dag::parse(DEFINITION, &[]).unwrap();
        assert_eq!(default.commit.as_deref(), Some("abc"));
        let given = Dag::parse(DEFINITION, &[("Commit".into(), "def".into())]).unwrap();
        assert_eq!(given.commit.as_deref(), Some("def"));
    }

    #[test]
    fn odd_definitions_do_no_harm() {
        assert!(Dag::parse("{", &[]).is_err());
        assert_eq!(Dag::parse("{}", &[]).unwrap(), Dag::default());
        assert_eq!(
            Dag::parse(r#"{"Steps": [1, {}, null]}"#, &[])
                .unwrap()
                .nodes,
            []
        );
        let selfish = r#"{"Steps": [{"Name": "A", "Type": "X", "DependsOn": ["A", "B", 7]}]}"#;
        assert_eq!(edges(&Dag::parse(selfish, &[]).unwrap()), ["A<-"]);
    }
}
