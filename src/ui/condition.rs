//! How fresh and how whole the data of a pane is, from one source or several, and how that is said.

use jiff::Timestamp;

use crate::domain::freshness::{Fetched, Freshness};
use crate::domain::source_error::{ErrorKind, SourceError};
use crate::theme::{Glyphs, Role};

use super::cx::Cx;
use super::format;
use super::paint::Words;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nobody has asked yet.
    Never,
    Loading,
    Fresh,
    /// Something is there, something is missing.
    Partial,
    /// Something is there, but the last attempt failed.
    Stale,
    /// Nothing is there, because the attempt failed.
    Failed,
}

/// The freshness of everything one pane shows.
#[derive(Clone, Debug)]
pub struct Condition<'m> {
    pub kind: Kind,
    /// When the newest part arrived.
    pub at: Option<Timestamp>,
    /// What failed or is missing, each with the name of its part where there are several.
    pub problems: Vec<(Option<&'static str>, &'m SourceError)>,
    /// Parts that have not answered yet.
    pub waiting: usize,
}

impl<'m> Condition<'m> {
    pub fn of<T>(fetched: &'m Fetched<T>) -> Self {
        Self::all([(None, fetched.freshness())])
    }

    /// Of several sources that make one list. What is there counts as there; what is not is named.
    pub fn all(parts: impl IntoIterator<Item = (Option<&'static str>, Freshness<'m>)>) -> Self {
        let mut condition = Self {
            kind: Kind::Never,
            at: None,
            problems: Vec::new(),
            waiting: 0,
        };
        let (mut there, mut stale, mut failed, mut partial) = (0, 0, 0, 0);
        for (name, freshness) in parts {
            let mut arrived = None;
            match freshness {
                Freshness::Never => {}
                Freshness::Loading => condition.waiting += 1,
                Freshness::Fresh { at } => arrived = Some(at),
                Freshness::Partial { at, missing } => {
                    arrived = Some(at);
                    partial += 1;
                    condition.problems.extend(missing.iter().map(|e| (name, e)));
                }
                Freshness::Stale { at, why } => {
                    arrived = Some(at);
                    stale += 1;
                    condition.problems.push((name, why));
                }
                Freshness::Failed { why } => {
                    failed += 1;
                    condition.problems.push((name, why));
                }
            }
            if arrived.is_some() {
                there += 1;
                condition.at = condition.at.max(arrived);
            }
        }
        condition.kind = if there == 0 {
            match (condition.waiting, failed) {
                (0, 0) => Kind::Never,
                (0, _) => Kind::Failed,
                _ => Kind::Loading,
            }
        } else if stale == there {
            Kind::Stale
        } else if stale + failed + partial > 0 {
            Kind::Partial
        } else {
            Kind::Fresh
        };
        condition
    }

    /// Whether there is anything to show.
    pub fn has_data(&self) -> bool {
        matches!(self.kind, Kind::Fresh | Kind::Partial | Kind::Stale)
    }

    /// For the right end of a title: an age, or what is wrong.
    pub fn badge<'t>(&self, cx: &Cx<'_, '_>) -> Words<'t> {
        let glyphs = cx.glyphs();
        let age = self
            .at
            .map(|at| format::age(at, cx.model.now))
            .unwrap_or_default();
        match self.kind {
            Kind::Never => cx.say(Role::Dim, format!("{} not asked yet", glyphs.never)),
            Kind::Loading => cx.say(Role::Moving, format!("{} loading", glyphs.loading)),
            Kind::Fresh if self.waiting > 0 => cx.say(
                Role::Moving,
                format!("{} {} to come", glyphs.loading, self.waiting),
            ),
            Kind::Fresh => cx.say(Role::Dim, age),
            Kind::Partial => cx
                .say(
                    Role::Look,
                    format!("{} {}", glyphs.partial, self.missing_word()),
                )
                .join(cx.say(Role::Dim, format!(" · {age}"))),
            Kind::Stale => {
                let word = self.first().map_or("stale", |e| e.kind.word());
                cx.say(Role::Stale, format!("{} stale {age}", glyphs.stale))
                    .join(cx.say(Role::Dim, format!(" · {word}")))
            }
            Kind::Failed => {
                let kind = self.first().map_or(ErrorKind::Malformed, |e| e.kind);
                cx.say(
                    Role::Act,
                    format!("{} {}", glyph_of(kind, glyphs), kind.word()),
                )
            }
        }
    }

    fn missing_word(&self) -> String {
        let named: Vec<&str> = self.names();
        match named.as_slice() {
            [] => "partial".to_owned(),
            [one] => format!("without {one}"),
            [one, two] => format!("without {one}, {two}"),
            many => format!("without {} sources", many.len()),
        }
    }

    /// The names of the parts that have trouble, each once.
    pub fn names(&self) -> Vec<&'static str> {
        let mut names: Vec<&'static str> = self.problems.iter().filter_map(|(n, _)| *n).collect();
        names.dedup();
        names
    }

    pub fn first(&self) -> Option<&'m SourceError> {
        self.problems.first().map(|(_, error)| *error)
    }
}

/// Each class of failure has its own sign beside its word.
pub fn glyph_of(kind: ErrorKind, glyphs: &Glyphs) -> &'static str {
    match kind {
        ErrorKind::Denied => glyphs.denied,
        ErrorKind::Expired | ErrorKind::NoCredentials => glyphs.locked,
        ErrorKind::Offline => glyphs.offline,
        ErrorKind::Throttled | ErrorKind::OverBudget => glyphs.stale,
        ErrorKind::NotInRegion | ErrorKind::Missing => glyphs.never,
        ErrorKind::Malformed | ErrorKind::ServerFault => glyphs.act,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn several_sources_make_one_condition() {
        let error = SourceError::new("glue:GetJobs", ErrorKind::Denied, "no");
        let fresh = |s| (Some("training"), Freshness::Fresh { at: at(s) });
        let failed = || (Some("glue"), Freshness::Failed { why: &error });
        let stale = |s| {
            let why = &error;
            (Some("glue"), Freshness::Stale { at: at(s), why })
        };
        let never = || (Some("stepfn"), Freshness::Never);
        let loading = || (Some("stepfn"), Freshness::Loading);
        assert_eq!(Condition::all([]).kind, Kind::Never);
        assert_eq!(Condition::all([never(), loading()]).kind, Kind::Loading);
        let whole = Condition::all([fresh(5), fresh(9), never()]);
        assert_eq!((whole.kind, whole.at), (Kind::Fresh, Some(at(9))));
        let part = Condition::all([fresh(5), failed(), loading()]);
        assert_eq!((part.kind, part.names()), (Kind::Partial, vec!["glue"]));
        assert_eq!(part.waiting, 1);
        assert_eq!(Condition::all([stale(5), stale(6)]).kind, Kind::Stale);
        assert_eq!(Condition::all([stale(5), fresh(6)]).kind, Kind::Partial);
        assert_eq!(Condition::all([failed(), never()]).kind, Kind::Failed);
    }
}
