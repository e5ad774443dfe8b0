//! `artifacts.yaml`: what GTO's older way of describing artifacts says of them. And `.gto`, its settings.

use crate::sources::dvc::yaml::{Value, parse_bytes};

/// One artifact's entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Annotation {
    pub kind: Option<String>,
    pub path: Option<String>,
    pub is_virtual: bool,
    pub labels: Vec<String>,
    pub description: String,
}

/// All entries of one commit's file, in its order.
#[derive(Clone, Debug, Default)]
pub struct Annotations(pub Vec<(String, Annotation)>);

impl Annotations {
    /// `None` for a file that is not as GTO wants it; then GTO answers nothing at all.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let document = parse_bytes(bytes).ok()?;
        let Value::Map(entries) = &document else {
            return None;
        };
        let entries = entries.iter().map(|entry| {
            let value = &entry.value;
            let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
            let labels = value.get("labels").map(Value::items).unwrap_or_default();
            let annotation = Annotation {
                kind: text("type"),
                path: text("path"),
                is_virtual: value
                    .get("virtual")
                    .and_then(Value::as_bool)
                    .unwrap_or(true),
                labels: labels
                    .iter()
                    .map(|label| label.as_str().map(str::to_owned))
                    .collect::<Option<_>>()?,
                description: text("description").unwrap_or_default(),
            };
            let is_map = matches!(value, Value::Map(_));
            is_map.then_some((entry.key.as_str()?.to_owned(), annotation))
        });
        entries.collect::<Option<_>>().map(Self)
    }

    pub fn get(&self, name: &str) -> Option<&Annotation> {
        Some(&self.0.iter().find(|(known, _)| known == name)?.1)
    }
}

/// The stages that `.gto` allows; `None` where it names none.
pub fn allowed_stages(config: &[u8]) -> Result<Option<Vec<String>>, String> {
    let document = parse_bytes(config).map_err(|damage| damage.what)?;
    let key = |wanted: &str| {
        let mut entries = document.entries().iter();
        entries.find(|entry| {
            entry
                .key
                .as_str()
                .is_some_and(|key| key.eq_ignore_ascii_case(wanted))
        })
    };
    match key("stages").map(|entry| &entry.value) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Seq(items)) => items
            .iter()
            .map(|item| item.as_str().map(str::to_owned))
            .collect::<Option<_>>()
            .map(Some)
            .ok_or_else(|| "stages: a name that is not text".to_owned()),
        Some(other) => Err(format!("stages: {} where a list belongs", other.kind())),
    }
}
