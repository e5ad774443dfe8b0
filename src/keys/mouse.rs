//! The pointer, where the user has asked for it.

/// What the mouse did, and on which cell, counted from 0 at the top left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mouse {
    pub kind: MouseKind,
    pub column: u16,
    pub row: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MouseKind {
    /// The left button went down.
    Click,
    /// The middle or right button went down.
    OtherClick,
    WheelUp,
    WheelDown,
}
