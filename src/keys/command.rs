//! The one list of commands. Help, palette, keymap checks and the README's table are made from it.

use serde::{Deserialize, Serialize};

/// Where a command means something. Keymaps have one table for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Context {
    /// Everywhere but in a text field.
    Global,
    /// A table or list has the focus.
    List,
    /// The Logs screen's line view has the focus.
    Lines,
    /// A line of text is being typed: filter, palette.
    Input,
    /// The list of filters lies on top.
    Filters,
    /// A popup with text lies on top: help, messages.
    Popup,
}

impl Context {
    pub const ALL: [Self; 6] = [
        Self::Global,
        Self::List,
        Self::Lines,
        Self::Input,
        Self::Filters,
        Self::Popup,
    ];

    /// The table's name in a keymap file.
    pub fn key(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::List => "list",
            Self::Lines => "lines",
            Self::Input => "input",
            Self::Filters => "filters",
            Self::Popup => "popup",
        }
    }
}

macro_rules! commands {
    ($($variant:ident, $name:literal, $context:ident, $doc:literal;)*) => {
        /// Everything a key or the palette can ask for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Command { $($variant,)* }

        impl Command {
            /// In the order of help and palette.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// As written in keymaps and typed in the palette.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// One line of help.
            pub fn doc(self) -> &'static str {
                match self { $(Self::$variant => $doc,)* }
            }

            /// Where it means something.
            pub fn context(self) -> Context {
                match self { $(Self::$variant => Context::$context,)* }
            }

            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

commands! {
    GoDeck, "deck", Global, "go to the Deck: what needs you";
    GoRuns, "runs", Global, "go to Runs";
    GoEndpoints, "endpoints", Global, "go to Endpoints";
    GoLogs, "logs", Global, "go to Logs";
    GoCosts, "costs", Global, "go to Costs";
    GoVersions, "versions", Global, "go to Versions";
    NextScreen, "next-screen", Global, "next screen";
    PreviousScreen, "previous-screen", Global, "previous screen";
    Back, "back", Global, "back: close, clear the filter, or return to the row you came from";
    Palette, "palette", Global, "command palette: go anywhere, run anything";
    Help, "help", Global, "what the keys do here";
    Messages, "messages", Global, "history of messages";
    Refresh, "refresh", Global, "ask the sources of this screen now";
    RefreshCosts, "refresh-costs", Global, "ask Cost Explorer again (costs $0.01 to $0.02)";
    Zoom, "zoom", Global, "give the focused pane the whole screen";
    FocusNext, "focus-next", Global, "focus the next pane";
    FocusPrevious, "focus-previous", Global, "focus the previous pane";
    Suspend, "suspend", Global, "suspend to the shell; `fg` resumes";
    Redraw, "redraw", Global, "draw the whole screen anew";
    Quit, "quit", Global, "quit";

    Up, "up", List, "one row up";
    Down, "down", List, "one row down";
    PageUp, "page-up", List, "one page up";
    PageDown, "page-down", List, "one page down";
    Top, "top", List, "first row";
    Bottom, "bottom", List, "last row";
    Open, "open", List, "open: the details, or what the row points to";
    Filter, "filter", List, "filter rows: fuzzy, `col:value`, `!` inverts";
    NextSection, "next-section", List, "next section of this screen: Commits, Data ...";
    PreviousSection, "previous-section", List, "previous section of this screen";
    SortNext, "sort", List, "sort by the next column";
    SortReverse, "sort-reverse", List, "turn the sort order round";
    ShowLogs, "show-logs", List, "logs of exactly this run, step or endpoint";
    ShowError, "show-error", List, "logs of the first failed step, at its first error";
    ShowCosts, "show-costs", List, "costs of this service";
    ShowVersions, "show-versions", List, "the code, data and model version behind it";
    ShowLineage, "show-lineage", List, "lineage: what it was made from, and led to";
    ShowDifference, "show-difference", List, "what differs between what serves and HEAD";
    FoldBranch, "fold-branch", List, "fold or unfold a branch of the lineage";
    OpenConsole, "open-console", List, "open in the AWS console (or show the link)";
    CopyName, "copy-name", List, "copy the name";
    CopyArn, "copy-arn", List, "copy the ARN or full id";
    Mark, "mark", List, "mark this commit: those selected next are compared with it";
    Blame, "blame", List, "who wrote each line of the params or of this file; on a line, what was before";
    AllFiles, "all-files", List, "all files of this commit, or only those it changed";

    ToggleFollow, "follow", Lines, "follow the newest lines, or stand still";
    ToggleWrap, "wrap", Lines, "wrap long lines, or scroll them sideways";
    ToggleTime, "time", Lines, "time of each line: local, UTC, age, since the line above, none";
    Reveal, "reveal", Lines, "show masked secrets, or mask them again";
    ScrollLeft, "scroll-left", Lines, "scroll to the left";
    ScrollRight, "scroll-right", Lines, "scroll to the right";
    Find, "find", Lines, "find: words, /regex/, level>=warn, loss<0.2, !word";
    NextMatch, "next-match", Lines, "next match";
    PreviousMatch, "previous-match", Lines, "previous match";
    KeepLines, "keep-lines", Lines, "keep only the lines that pass, as find reads it";
    DropLines, "drop-lines", Lines, "drop the lines that pass";
    ToggleFilters, "toggle-filters", Lines, "this line among all lines, without the filters; back to where it was";
    ListFilters, "filters", Lines, "the filters one by one: switch, change, remove; how many lines each lets pass";
    GoToTime, "go-to-time", Lines, "go to a time: -15m, 03:12";
    ToggleHistogram, "histogram", Lines, "histogram: how the lines and the errors spread over time";
    NextBucket, "next-bucket", Lines, "next bar of the histogram that has lines";
    PreviousBucket, "previous-bucket", Lines, "previous bar of the histogram that has lines";
    ToggleCurves, "curves", Lines, "curves: loss=0.2 and other numbers of the lines, drawn";
    NextError, "next-error", Lines, "next error";
    PreviousError, "previous-error", Lines, "previous error";
    LoadOlder, "load-older", Lines, "load older lines";
    ToggleFold, "fold", Lines, "fold tracebacks to the line that tells what went wrong; Enter does so for one";
    ToggleFields, "fields", Lines, "structured lines as message and fields, or as they were written";
    ToggleBookmark, "bookmark", Lines, "bookmark this line, or no longer";
    NoteBookmark, "note", Lines, "bookmark this line with a note";
    NextBookmark, "next-bookmark", Lines, "next bookmark";
    ToggleLive, "live-tail", Lines, "Live Tail: each line within a second or two ($0.01 a minute); off again";
    SelectLines, "select", Lines, "select lines from here to the cursor; copy and export take them";
    Export, "export", Lines, "write the selection, or all shown lines, into a file";
    AskInsights, "ask", Lines, "ask Logs Insights: the filters as a query over hours or months; the price first";
    SavedQueries, "queries", Lines, "saved queries of Logs Insights: of the config, of the account, and some to begin with";
    StopQuery, "stop-query", Lines, "stop the query that runs; what it has found stays";
    Patterns, "patterns", Lines, "patterns: lines that say the same, counted; again asks Logs Insights";
    Anomalies, "anomalies", Lines, "anomalies that CloudWatch's detectors noticed in logs";
    PickGroup, "pick-group", Lines, "choose another log group or stream";

    Submit, "submit", Input, "take what is typed";
    Cancel, "cancel", Input, "leave without it";
    Complete, "complete", Input, "complete to the selected entry";
    EntryUp, "entry-up", Input, "previous entry";
    EntryDown, "entry-down", Input, "next entry";
    CursorLeft, "cursor-left", Input, "one character to the left, in a query";
    CursorRight, "cursor-right", Input, "one character to the right, in a query";
    CursorStart, "cursor-start", Input, "to the start of a query";
    CursorEnd, "cursor-end", Input, "to the end of a query";
    DeleteNext, "delete-next", Input, "delete the character under the cursor of a query";
    DeleteBack, "delete-back", Input, "delete the character before";
    DeleteWord, "delete-word", Input, "delete the word before";
    DeleteAll, "delete-all", Input, "delete everything";

    SwitchFilter, "switch-filter", Filters, "this filter off, or on again";
    EditFilter, "edit-filter", Filters, "change this filter";
    RemoveFilter, "remove-filter", Filters, "remove this filter";

    PopupUp, "popup-up", Popup, "scroll up";
    PopupDown, "popup-down", Popup, "scroll down";
    PopupClose, "popup-close", Popup, "close";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_are_unique_and_found_again() {
        let mut seen = HashSet::new();
        for &command in Command::ALL {
            assert!(seen.insert(command.name()), "{}", command.name());
            assert_eq!(Command::from_name(command.name()), Some(command));
        }
    }
}
