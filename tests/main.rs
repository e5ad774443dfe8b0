//! The one integration crate: a folder for each room, and `support` for what they share.

#[cfg(feature = "aws")]
mod simulator;
