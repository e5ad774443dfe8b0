//! The table of endpoints.

use super::super::model::endpoints::EndpointRow;
use super::super::table::{Cell, Column, Row};
use super::{left, right};

pub const COLUMNS: &[Column] = &[
    left("name", "name", 16, 50, 0),
    left("health", "health", 10, 10, 0),
    left("kind", "kind", 10, 12, 5),
    left("status", "status", 9, 14, 4),
    right("rpm", "req/min", 8, 2),
    right("p99", "p99", 8, 1),
    right("errors", "5xx", 7, 0),
    left("trend", "5xx 1h", 12, 20, 3),
    left("reason", "why", 16, 44, 6),
];

impl Row for EndpointRow {
    fn id(&self) -> String {
        self.endpoint.name.clone()
    }

    fn cell(&self, column: &str) -> Cell {
        match column {
            "name" => Cell::name(&self.endpoint.name),
            "health" => Cell::Health(self.health.health, self.health.health.key().to_owned()),
            "kind" => Cell::text(self.endpoint.kind.key().replace('_', "-")),
            "status" => Cell::text(&self.endpoint.status),
            "rpm" => Cell::optional(self.invocations_per_min(), Cell::Count),
            "p99" => Cell::optional(self.p99_ms(), Cell::Millis),
            "errors" => Cell::optional(self.error_percent(), Cell::Percent),
            "trend" => Cell::Spark(self.error_trend()),
            "reason" => Cell::optional(self.health.reasons.first(), |r| Cell::text(&r.text)),
            _ => Cell::Empty,
        }
    }
}
