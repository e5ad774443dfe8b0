//! What a piece of the screen means. Drawing code names roles, never colours.

macro_rules! roles {
    ($($variant:ident, $name:literal, $parent:expr, $doc:literal;)*) => {
        /// The meanings that a theme gives a style to.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Role { $( #[doc = $doc] $variant, )* }

        impl Role {
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// As theme files write it.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What it is used for.
            pub fn doc(self) -> &'static str {
                match self { $(Self::$variant => $doc,)* }
            }

            /// The role whose style it has where a theme does not say otherwise.
            pub fn parent(self) -> Option<Self> {
                match self { $(Self::$variant => $parent,)* }
            }
        }
    };
}

roles! {
    Text, "text", None, "ordinary text";
    Dim, "dim", None, "labels, ages, what is not the point";
    Strong, "strong", None, "names and figures that matter";
    Title, "title", None, "the title of a pane";
    Header, "header", Some(Self::Dim), "the names of columns";
    Border, "border", None, "the border of a pane without the focus";
    BorderFocus, "border-focus", None, "the border of the pane that has the keys";
    Accent, "accent", None, "where one is: the open screen";
    Key, "key", None, "a key that can be pressed";
    Selected, "selected", None, "the selected row of the pane that has the keys";
    SelectedUnfocused, "selected-unfocused", None, "the selected row elsewhere";
    Mark, "mark", None, "what a filter or search found in a text";
    NewRow, "new-row", Some(Self::Good), "the sign of a row that has just come";

    Act, "act", None, "somebody must act: failed, critical, denied";
    Look, "look", None, "somebody should look: warnings, partial";
    Moving, "moving", None, "on its way: running, loading";
    Good, "good", None, "a change to good";
    Stale, "stale", Some(Self::Look), "the age of what is not fresh";
    MoneyOver, "money-over", Some(Self::Act), "an amount past its limit";

    LogError, "log-error", Some(Self::Act), "a log line of level error";
    LogWarn, "log-warn", Some(Self::Look), "a log line of level warning";
    LogInfo, "log-info", Some(Self::Text), "a log line of level info, or none";
    LogDebug, "log-debug", Some(Self::Dim), "a log line of level debug or trace";

    Series1, "series-1", None, "the first of several curves, streams or variants";
    Series2, "series-2", None, "the second";
    Series3, "series-3", None, "the third";
    Series4, "series-4", None, "the fourth";
    Series5, "series-5", None, "the fifth";
    Series6, "series-6", None, "the sixth";
}

impl Role {
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.name() == name)
    }
}
