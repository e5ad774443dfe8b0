//! The Deck keeps only its list; what it shows are the other rooms and the findings.

use super::super::list::ListState;

#[derive(Clone, Debug, Default)]
pub struct DeckRoom {
    pub list: ListState,
}
