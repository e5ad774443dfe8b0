//! The pieces that screens are made of.

pub mod bar;
pub mod cells;
pub mod chart;
pub mod columns;
pub mod dag;
pub mod daybars;
pub mod dots;
pub mod facts;
pub mod gantt;
pub mod notes;
pub mod page;
pub mod pane;
pub mod spark;
pub mod table;
