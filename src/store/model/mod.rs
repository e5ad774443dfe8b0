//! The state of the program, grouped by room.

pub mod account;
pub mod costs;
pub mod deck;
pub mod endpoints;
pub mod lineage;
pub mod logs;
pub mod nav;
pub mod notices;
pub mod runs;
pub mod settings;
pub mod versions;

use jiff::Timestamp;

use crate::domain::freshness::Freshness;
use crate::domain::source_error::ErrorKind;
use crate::findings::Finding;

use super::msg::PendingKey;
use versions::VersionsSection;

pub use account::AccountRoom;
pub use costs::CostsRoom;
pub use deck::DeckRoom;
pub use endpoints::EndpointsRoom;
pub use lineage::LineageRoom;
pub use logs::LogsRoom;
pub use nav::Navigation;
pub use notices::Notices;
pub use runs::RunsRoom;
pub use settings::Settings;
pub use versions::VersionsRoom;

/// Everything there is to show.
#[derive(Clone, Debug)]
pub struct Model {
    /// The time of the last message: what ages are counted from.
    pub now: Timestamp,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    pub settings: Settings,
    pub nav: Navigation,
    pub account: AccountRoom,
    pub deck: DeckRoom,
    pub runs: RunsRoom,
    pub endpoints: EndpointsRoom,
    pub logs: LogsRoom,
    pub costs: CostsRoom,
    pub versions: VersionsRoom,
    pub lineage: LineageRoom,
    /// Ranked, worst first; computed anew whenever data comes in.
    pub findings: Vec<Finding>,
    pub notices: Notices,
    /// Something other than ages is different since the last frame: draw soon. The runtime clears it.
    pub changed: bool,
    /// The chord sequence under way, and where it can lead.
    pub pending: Vec<PendingKey>,
}

impl Model {
    /// Flightdeck was started outside any repository, and nobody named one: nothing that needs mending.
    pub fn has_no_repository(&self) -> bool {
        let repository = &self.versions.repository;
        !self.settings.repository_named
            && repository.value().is_none()
            && repository
                .failure()
                .is_some_and(|error| error.kind == ErrorKind::Missing)
    }

    /// Whether a section of Versions can be gone to: a lineage or a comparison is there once one was opened.
    pub fn has_section(&self, section: VersionsSection) -> bool {
        match section {
            VersionsSection::Lineage => self.lineage.root.is_some(),
            VersionsSection::Compare => !self.lineage.compare.pairs.is_empty(),
            _ => true,
        }
    }

    /// How fresh the repository is, for what sums up several sources: none counts as not asked for.
    pub fn repository_freshness(&self) -> Freshness<'_> {
        match self.has_no_repository() {
            true => Freshness::Never,
            false => self.versions.repository.freshness(),
        }
    }

    pub fn new(now: Timestamp, settings: Settings) -> Self {
        Self {
            now,
            size: (80, 24),
            settings,
            nav: Navigation::default(),
            account: AccountRoom::default(),
            deck: DeckRoom::default(),
            runs: RunsRoom::default(),
            endpoints: EndpointsRoom::default(),
            logs: LogsRoom::default(),
            costs: CostsRoom::default(),
            versions: VersionsRoom::default(),
            lineage: LineageRoom::default(),
            findings: Vec::new(),
            notices: Notices::default(),
            changed: true,
            pending: Vec::new(),
        }
    }
}
