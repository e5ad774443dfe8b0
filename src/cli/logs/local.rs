//! Lines of files and of standard input: the same filters and the same output as for log groups.

pub mod print;

use std::path::PathBuf;

use crate::cli::args::LogsArgs;
use crate::store::log_ask::LogOrigin;

use super::targets::{Kind, kind_of};

/// What the arguments name on this machine; `None` where they name something else, or mix both.
pub fn local(args: &LogsArgs) -> Option<LogOrigin> {
    let mut kinds = args.groups.iter().map(|argument| kind_of(argument));
    match kinds.next()? {
        Kind::StandardInput if args.groups.len() == 1 => Some(LogOrigin::Pipe),
        Kind::Path if kinds.all(|kind| kind == Kind::Path) => Some(LogOrigin::Files(
            args.groups.iter().map(PathBuf::from).collect(),
        )),
        _ => None,
    }
}

/// What stands in the border.
pub fn title(origin: &LogOrigin) -> String {
    match origin {
        LogOrigin::Files(paths) => match paths.as_slice() {
            [one] => one.display().to_string(),
            many => format!("{} files", many.len()),
        },
        LogOrigin::Pipe => "standard input".to_owned(),
        LogOrigin::Targets(_) | LogOrigin::Answer => String::new(),
    }
}
