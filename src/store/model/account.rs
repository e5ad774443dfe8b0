//! Who we are, where, and what asking has cost.

use crate::domain::freshness::Fetched;
use crate::domain::identity::Identity;
use crate::domain::source_error::SourceError;
use crate::domain::usage::ApiUsage;

#[derive(Clone, Debug, Default)]
pub struct AccountRoom {
    pub identity: Fetched<Identity>,
    pub usage: ApiUsage,
    /// The account could not be opened, or a poller died: shown until the program ends.
    pub down: Vec<SourceError>,
}
