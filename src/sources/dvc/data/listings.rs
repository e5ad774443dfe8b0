//! What is in directories, by their hashes.

use std::collections::HashMap;
use std::sync::Arc;

use super::super::hash::Listing;
use super::super::lock::Locked;
use super::super::objects::Store;

/// Reads listings from the cache or a remote on this machine, each once.
pub struct Listings<'a> {
    cache: &'a Store,
    known: HashMap<String, Option<Arc<Listing>>>,
}

impl<'a> Listings<'a> {
    pub fn new(cache: &'a Store) -> Self {
        Self {
            cache,
            known: HashMap::new(),
        }
    }

    /// The files of a directory, sorted; `None` where nobody has its listing.
    pub fn of(&mut self, locked: &Locked, remote: Option<&Store>) -> Option<Arc<Listing>> {
        if let Some(listing) = &locked.listing {
            return Some(Arc::clone(listing));
        }
        if let Some(known) = self.known.get(&locked.hash) {
            return known.clone();
        }
        let stores = [Some(self.cache), remote];
        let mut found = stores
            .into_iter()
            .flatten()
            .find_map(|store| store.listing(locked));
        if let Some(listing) = &mut found
            && !listing.is_sorted_by(|a, b| a.0 <= b.0)
        {
            listing.sort();
        }
        let found = found.map(Arc::new);
        self.known.insert(locked.hash.clone(), found.clone());
        found
    }
}
