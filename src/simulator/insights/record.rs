//! One event as a query sees it.

use serde_json::Value as Json;

use crate::simulator::moment::Moment;

/// An event and its fields.
#[derive(Debug)]
pub struct Record {
    pub at: Moment,
    pub ingested: Moment,
    pub group: String,
    pub stream: String,
    pub message: String,
    /// `123456789012`
    pub account: String,
    /// What `parse` found.
    pub parsed: Vec<(String, String)>,
}

impl Record {
    /// A field's value: the service's own begin with `@`, the others are found in messages that are JSON.
    pub fn field(&self, name: &str) -> Option<String> {
        if let Some((_, value)) = self.parsed.iter().rfind(|(known, _)| known == name) {
            return Some(value.clone());
        }
        Some(match name {
            "@timestamp" => time(self.at),
            "@ingestionTime" => time(self.ingested),
            "@message" => self.message.clone(),
            "@logStream" => self.stream.clone(),
            "@log" => format!("{}:{}", self.account, self.group),
            "@type" => {
                let first = self.message.split_whitespace().next()?;
                let of_lambda = ["START", "END", "REPORT"].contains(&first);
                return of_lambda.then(|| first.to_owned());
            }
            "@duration" if self.message.starts_with("REPORT ") => {
                let (_, behind) = self.message.split_once("Duration: ")?;
                behind.split_whitespace().next()?.to_owned()
            }
            "@ptr" => format!("Cg{:x}", self.at.0),
            _ => {
                let json: Json = serde_json::from_str(self.message.trim()).ok()?;
                match name
                    .split('.')
                    .try_fold(&json, |node, part| node.get(part))?
                {
                    Json::String(text) => text.clone(),
                    other => other.to_string(),
                }
            }
        })
    }
}

/// As Insights writes it: `2025-11-23 13:41:07.250`.
pub fn time(at: Moment) -> String {
    format!(
        "{}.{:03}",
        at.format("%Y-%m-%d %H:%M:%S"),
        at.0.rem_euclid(1000)
    )
}
