//! What the tool itself asked of AWS.

use serde::{Deserialize, Serialize};

/// Counted by the ledger on every attempt that left the machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ApiUsage {
    pub calls_last_minute: u32,
    /// US dollars spent by this tool for this account today, all processes together.
    pub spent_today_usd: f64,
    /// The daily cap in US dollars.
    pub cap_today_usd: f64,
    /// US dollars that may still be spent today before the daily or the monthly cap refuses.
    pub left_usd: f64,
}
