//! Flightdeck on a real (pseudo-)terminal.

mod pty_support;
