//! What is asked is noted down; settling answers it.

use std::time::Duration;

use crate::logs::ask::Ask;
use crate::logs::view::Direction;

use super::super::visiting;
use super::super::window::Wanted;
use super::{Desk, Find, Intake, Spread};

impl Desk {
    pub(super) fn take_ask(&mut self, ask: Ask) {
        match ask {
            Ask::Append { lines, older } => {
                let Intake::Events(intake) = &mut self.intake else {
                    return;
                };
                let taken = intake.extend(&mut self.document, lines, older);
                self.taken.duplicates += taken.duplicates;
                self.taken.dropped += taken.dropped;
                self.changed = true;
            }
            Ask::Gap(gap) => {
                self.document.add_gap(gap);
                self.window_soon();
            }
            Ask::GapClosed { after } => {
                self.document.close_gap(after);
                self.window_soon();
            }
            Ask::SetView {
                generation,
                chain,
                around,
            } => {
                self.view_generation = generation;
                self.view.set_chain(chain);
                self.look_from(around, Direction::Both);
            }
            Ask::Search {
                generation,
                test,
                around,
            } => {
                self.view.set_search(test);
                self.search_generation = generation;
                self.counted = None;
                self.look_from(around, Direction::Both);
            }
            Ask::Find {
                generation,
                test,
                from,
                here,
                backwards,
                wrap,
            } => {
                let direction = if backwards {
                    Direction::Backwards
                } else {
                    Direction::Forwards
                };
                self.find = Some(Find {
                    generation,
                    test,
                    from,
                    here,
                    backwards,
                    wrap,
                });
                self.look_from(Some(from), direction);
            }
            Ask::FindNoMore => self.find = None,
            Ask::Window {
                generation,
                anchor,
                before,
                after,
            } => {
                self.wanted = Some(Wanted {
                    generation,
                    anchor,
                    before,
                    after,
                });
                // An ask is always answered, even by what was told before.
                self.last_window = None;
                self.window_due = Some(Duration::ZERO);
            }
            Ask::Histogram {
                generation,
                buckets,
                marked,
            } => {
                self.spread = Some(Spread {
                    generation,
                    buckets,
                    marked,
                    answered: false,
                    running: false,
                });
                self.changed = true;
            }
            Ask::VisitNoMore { generation } => {
                self.visiting.retain(|visit| visit.generation != generation);
                self.visits_waiting
                    .retain(|ask| visiting::wanted(ask).is_none_or(|(g, _)| g != generation));
            }
            Ask::Export { .. } | Ask::Copy { .. } | Ask::Visit { .. } => {
                self.visits_waiting.push(ask);
            }
            Ask::Stop => {}
        }
    }
}
