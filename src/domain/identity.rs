//! Who is asking, and for how long.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Twelve digits.
    pub account: String,
    pub arn: String,
    /// When the session ends; `None` for long-lived keys.
    pub expires_at: Option<Timestamp>,
}

impl Identity {
    /// `alice@ReadOnly` for an assumed role, `alice` for a user, `root`.
    pub fn short(&self) -> String {
        let tail = self.arn.splitn(6, ':').nth(5).unwrap_or(&self.arn);
        let parts: Vec<&str> = tail.split('/').collect();
        match parts.as_slice() {
            ["assumed-role", role, session] => format!("{session}@{role}"),
            [_, .., name] => (*name).to_owned(),
            _ => tail.to_owned(),
        }
    }
}
