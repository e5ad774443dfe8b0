//! Where the user is, and how they got there.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::list::ListState;
use super::logs::QueryForm;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Screen {
    Deck,
    Runs,
    Endpoints,
    Logs,
    Costs,
    Versions,
}

impl Screen {
    pub const ALL: [Self; 6] = [
        Self::Deck,
        Self::Runs,
        Self::Endpoints,
        Self::Logs,
        Self::Costs,
        Self::Versions,
    ];

    pub fn title(self) -> &'static str {
        match self {
            Self::Deck => "Deck",
            Self::Runs => "Runs",
            Self::Endpoints => "Endpoints",
            Self::Logs => "Logs",
            Self::Costs => "Costs",
            Self::Versions => "Versions",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|s| s.title().eq_ignore_ascii_case(name))
    }

    /// The panes that can have the focus, in the order of Tab.
    pub fn panes(self) -> &'static [Pane] {
        match self {
            Self::Deck => &[Pane::Findings],
            Self::Runs => &[Pane::RunList, Pane::RunDetail],
            Self::Endpoints => &[Pane::EndpointList, Pane::EndpointDetail],
            Self::Logs => &[Pane::LogGroups, Pane::LogLines],
            Self::Costs => &[Pane::CostList, Pane::CostDetail],
            Self::Versions => &[Pane::VersionList, Pane::VersionDetail],
        }
    }

    /// The pane that has the focus when the screen is first shown.
    pub fn first_pane(self) -> Pane {
        self.panes()[0]
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pane {
    Findings,
    RunList,
    /// A run's steps are its rows.
    RunDetail,
    EndpointList,
    /// An endpoint's variants are its rows.
    EndpointDetail,
    LogGroups,
    LogLines,
    CostList,
    CostDetail,
    VersionList,
    VersionDetail,
}

impl Pane {
    pub fn is_detail(self) -> bool {
        matches!(
            self,
            Self::RunDetail
                | Self::EndpointDetail
                | Self::LogLines
                | Self::CostDetail
                | Self::VersionDetail
        )
    }

    /// A detail pane whose facts are a page to scroll; log lines scroll in a way of their own.
    pub fn is_page(self) -> bool {
        self.is_detail() && self != Self::LogLines
    }
}

/// What lies over the screen. A stack: the last one has the keys.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Popup {
    Help {
        scroll: usize,
    },
    Messages {
        scroll: usize,
    },
    /// The filters over the lines, one by one.
    Filters {
        selected: usize,
    },
    Palette(Palette),
    /// What is asked of Logs Insights.
    Query(Box<QueryForm>),
}

/// `:` with what is typed and which entry is chosen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Palette {
    pub text: String,
    pub selected: usize,
}

/// A place to come back to: the screen with its lists exactly as they were.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    pub screen: Screen,
    pub focus: Pane,
    pub zoom: bool,
    /// The lists of that screen.
    pub lists: Vec<(Pane, ListState)>,
    /// The section of Costs or Versions.
    pub section: usize,
}

#[derive(Clone, Debug)]
pub struct Navigation {
    pub screen: Screen,
    pub focus: Pane,
    /// The focused pane has the whole screen. Where only one pane fits, that is always so.
    pub zoom: bool,
    /// Where Back leads, newest last.
    pub back: Vec<Place>,
    pub popups: Vec<Popup>,
    /// `--go 'endpoint churn-prod'`: waiting for the data that has it. A key gives it up.
    pub sought: Option<(Screen, String)>,
    /// The filter line is open for this pane.
    pub filtering: Option<Pane>,
    /// Rows each pane shows, as last drawn.
    pub heights: BTreeMap<Pane, u16>,
    /// Columns of each pane's rows, as last drawn.
    pub widths: BTreeMap<Pane, u16>,
    /// Detail panes as last drawn.
    pub pages: BTreeMap<Pane, Page>,
    /// How far the page about a subject (`pages::subject`) is scrolled, in lines; not scrolled is not kept.
    pub scrolled: BTreeMap<(Pane, String), usize>,
}

/// A detail pane as it was drawn: what it says is a page that may be longer than the pane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Lines that the pane shows.
    pub height: u16,
    /// Lines of the whole page.
    pub length: u16,
    /// The line of the page on which the rows of its list begin.
    pub rows: u16,
}

impl Default for Navigation {
    fn default() -> Self {
        Self {
            screen: Screen::Deck,
            focus: Pane::Findings,
            zoom: false,
            back: Vec::new(),
            popups: Vec::new(),
            sought: None,
            filtering: None,
            heights: BTreeMap::new(),
            widths: BTreeMap::new(),
            pages: BTreeMap::new(),
            scrolled: BTreeMap::new(),
        }
    }
}

/// Below this many columns only one pane is shown at a time.
pub const ONE_PANE_COLUMNS: u16 = 100;

impl Navigation {
    /// Rows of a pane: as drawn, or a guess before the first frame.
    pub fn height(&self, pane: Pane) -> usize {
        usize::from(self.heights.get(&pane).copied().unwrap_or(20)).max(1)
    }
}
