//! Versions in the order of semver.org 2.0.

use std::cmp::Ordering;

/// `v1.2.3-rc.1+build`, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SemVer<'a> {
    /// Digits without leading zeros: any number of them.
    core: [&'a str; 3],
    pre: Vec<&'a str>,
}

impl<'a> SemVer<'a> {
    pub fn parse(text: &'a str) -> Option<Self> {
        let text = text.strip_prefix('v')?;
        let text = text.split_once('+').map_or(text, |(version, _)| version);
        let (core, pre) = match text.split_once('-') {
            Some((core, pre)) => (core, pre.split('.').collect()),
            None => (text, Vec::new()),
        };
        let mut parts = core.split('.');
        let core = [parts.next()?, parts.next()?, parts.next()?];
        let sound = |part: &&str| {
            !part.is_empty()
                && part.bytes().all(|b| b.is_ascii_digit())
                && (part.len() == 1 || !part.starts_with('0'))
        };
        (parts.next().is_none() && core.iter().all(sound)).then_some(Self { core, pre })
    }
}

/// Numbers of any length.
fn numbers(a: &str, b: &str) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

fn identifiers(a: &str, b: &str) -> Ordering {
    let is_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    match (is_number(a), is_number(b)) {
        (true, true) => numbers(a, b),
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        (false, false) => a.cmp(b),
    }
}

impl Ord for SemVer<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let core = self.core.iter().zip(&other.core);
        let core = core.map(|(a, b)| numbers(a, b)).find(|it| it.is_ne());
        core.unwrap_or_else(|| match (self.pre.as_slice(), other.pre.as_slice()) {
            ([], []) => Ordering::Equal,
            ([], _) => Ordering::Greater,
            (_, []) => Ordering::Less,
            (a, b) => {
                let parts = a.iter().zip(b).map(|(a, b)| identifiers(a, b));
                let parts = parts.into_iter().find(|it| it.is_ne());
                parts.unwrap_or_else(|| a.len().cmp(&b.len()))
            }
        })
    }
}

impl PartialOrd for SemVer<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_the_standard() {
        let ordered = [
            "v0.9.10",
            "v1.0.0-alpha",
            "v1.0.0-alpha.1",
            "v1.0.0-alpha.beta",
            "v1.0.0-beta.2",
            "v1.0.0-beta.11",
            "v1.0.0-rc.1",
            "v1.0.0",
            "v1.0.12",
            "v10.0.0",
        ];
        let parsed: Vec<_> = ordered.iter().map(|text| SemVer::parse(text)).collect();
        assert!(parsed.iter().all(Option::is_some));
        assert!(parsed.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn what_is_no_version() {
        for text in ["1.0.0", "v1.0", "v1.0.0.0", "v01.0.0", "v1..0", "0a1b", ""] {
            assert_eq!(SemVer::parse(text), None, "{text}");
        }
    }
}
