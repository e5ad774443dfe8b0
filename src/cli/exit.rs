//! How a command ends, in a number that scripts can use.

use std::process::ExitCode;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// The answer is whole.
    Fine,
    /// The program itself failed.
    Failed,
    /// The command line makes no sense.
    Usage,
    /// Some source failed: the answer lacks its part.
    Partial,
    /// The answer to the question asked is "no".
    No,
    /// What the tool would end with whose place a command takes.
    Code(u8),
}

impl Exit {
    pub fn code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Partial => 3,
            Self::No => 4,
            Self::Code(code) => code,
        }
    }

    /// Whole or partial.
    pub fn of_answer(is_whole: bool) -> Self {
        if is_whole { Self::Fine } else { Self::Partial }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
