//! Some of the lines of a segment, in as little memory as their number allows.

/// Lines of one segment, counted from 0. At most a bit for each line, or four bytes for each that is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineSet {
    /// How many lines were looked at.
    lines: u32,
    held: Held,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Held {
    All,
    /// Sorted; often empty, which costs nothing.
    List(Box<[u32]>),
    Bits {
        words: Box<[u64]>,
        ones: u32,
    },
}

impl LineSet {
    pub fn all(lines: u32) -> Self {
        Self {
            lines,
            held: Held::All,
        }
    }

    /// `sorted` without repetitions, all of them less than `lines`.
    pub fn from_sorted(sorted: &[u32], lines: u32) -> Self {
        let count = sorted.len();
        let held = if count == lines as usize {
            Held::All
        } else if count * 32 <= lines as usize {
            Held::List(sorted.into())
        } else {
            let mut words = empty_words(lines);
            for line in sorted {
                words[*line as usize / 64] |= 1 << (line % 64);
            }
            Held::Bits {
                words,
                ones: u32::try_from(count).unwrap_or(u32::MAX),
            }
        };
        Self { lines, held }
    }

    fn from_words(words: Box<[u64]>, lines: u32) -> Self {
        let ones: u32 = words.iter().map(|word| word.count_ones()).sum();
        let held = if ones == lines {
            Held::All
        } else if ones * 32 <= lines {
            Held::List(ones_of(&words).collect())
        } else {
            Held::Bits { words, ones }
        };
        Self { lines, held }
    }

    /// How many lines were looked at.
    pub fn lines(&self) -> u32 {
        self.lines
    }

    /// How many are in the set.
    pub fn len(&self) -> u32 {
        match &self.held {
            Held::All => self.lines,
            Held::List(list) => u32::try_from(list.len()).unwrap_or(u32::MAX),
            Held::Bits { ones, .. } => *ones,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn contains(&self, line: u32) -> bool {
        match &self.held {
            Held::All => line < self.lines,
            Held::List(list) => list.binary_search(&line).is_ok(),
            Held::Bits { words, .. } => words
                .get(line as usize / 64)
                .is_some_and(|word| word >> (line % 64) & 1 == 1),
        }
    }

    /// How many lines before this one are in the set.
    pub fn rank(&self, line: u32) -> u32 {
        match &self.held {
            Held::All => line.min(self.lines),
            Held::List(list) => {
                let before = list.partition_point(|other| *other < line);
                u32::try_from(before).unwrap_or(u32::MAX)
            }
            Held::Bits { words, .. } => {
                let line = line.min(self.lines);
                let (whole, rest) = words.split_at(line as usize / 64);
                let part = match rest.first() {
                    Some(word) => (word & ((1 << (line % 64)) - 1)).count_ones(),
                    None => 0,
                };
                whole.iter().map(|word| word.count_ones()).sum::<u32>() + part
            }
        }
    }

    /// The line in the set that has so many of them before it.
    pub fn select(&self, rank: u32) -> Option<u32> {
        match &self.held {
            Held::All => (rank < self.lines).then_some(rank),
            Held::List(list) => list.get(rank as usize).copied(),
            Held::Bits { words, .. } => {
                let mut left = rank;
                for (at, word) in words.iter().enumerate() {
                    let ones = word.count_ones();
                    if left >= ones {
                        left -= ones;
                        continue;
                    }
                    let mut word = *word;
                    for _ in 0..left {
                        word &= word - 1;
                    }
                    return u32::try_from(at * 64)
                        .ok()
                        .map(|at| at + word.trailing_zeros());
                }
                None
            }
        }
    }

    /// The first one at or after this line.
    pub fn next(&self, line: u32) -> Option<u32> {
        self.select(self.rank(line))
    }

    /// The last one before this line.
    pub fn previous(&self, line: u32) -> Option<u32> {
        self.select(self.rank(line).checked_sub(1)?)
    }

    pub fn iter(&self) -> Box<dyn Iterator<Item = u32> + '_> {
        match &self.held {
            Held::All => Box::new(0..self.lines),
            Held::List(list) => Box::new(list.iter().copied()),
            Held::Bits { words, .. } => Box::new(ones_of(words)),
        }
    }

    /// The lines in both (`keep`), or in this one only, of those that both looked at.
    pub fn narrowed(&self, other: &Self, keep: bool) -> Self {
        let lines = self.lines.min(other.lines);
        match (&self.held, &other.held) {
            (Held::All, Held::All) if keep => return Self::all(lines),
            (Held::All, _) if keep => return other.truncated(lines),
            (_, Held::All) if keep => return self.truncated(lines),
            (Held::List(list), _) => {
                let sorted: Vec<u32> = list
                    .iter()
                    .copied()
                    .filter(|line| *line < lines && other.contains(*line) == keep)
                    .collect();
                return Self::from_sorted(&sorted, lines);
            }
            _ => {}
        }
        let mut words = self.words(lines);
        for (word, other) in words.iter_mut().zip(other.words(lines)) {
            *word &= if keep { other } else { !other };
        }
        Self::from_words(words, lines)
    }

    /// How many lines are in both.
    pub fn common(&self, other: &Self) -> u32 {
        match (&self.held, &other.held) {
            (Held::All, _) => other.rank(self.lines),
            (_, Held::All) => self.rank(other.lines),
            (Held::List(list), _) => count(list.iter().filter(|line| other.contains(**line))),
            (_, Held::List(list)) => count(list.iter().filter(|line| self.contains(**line))),
            (Held::Bits { words: a, .. }, Held::Bits { words: b, .. }) => {
                a.iter().zip(b).map(|(a, b)| (a & b).count_ones()).sum()
            }
        }
    }

    /// As if only so many lines had been looked at.
    pub fn truncated(&self, lines: u32) -> Self {
        if lines >= self.lines {
            return self.clone();
        }
        match &self.held {
            Held::All => Self::all(lines),
            _ => {
                let sorted: Vec<u32> = self.iter().take_while(|line| *line < lines).collect();
                Self::from_sorted(&sorted, lines)
            }
        }
    }

    /// With what was found when more lines came: `more` has only lines at or after `from`.
    pub fn extended(&self, from: u32, more: &Self) -> Self {
        let mut words = self.truncated(from).words(more.lines);
        for (word, more) in words.iter_mut().zip(more.words(more.lines)) {
            *word |= more;
        }
        Self::from_words(words, more.lines)
    }

    fn words(&self, lines: u32) -> Box<[u64]> {
        let mut words = empty_words(lines);
        match &self.held {
            Held::Bits { words: held, .. } => {
                let len = words.len().min(held.len());
                words[..len].copy_from_slice(&held[..len]);
            }
            Held::All => {
                let full = self.lines.min(lines);
                let whole = full as usize / 64;
                words[..whole].fill(u64::MAX);
                if !full.is_multiple_of(64) {
                    words[whole] = (1 << (full % 64)) - 1;
                }
            }
            Held::List(list) => {
                for line in list.iter().filter(|line| **line < lines) {
                    words[*line as usize / 64] |= 1 << (line % 64);
                }
            }
        }
        if let (Some(last), true) = (words.last_mut(), !lines.is_multiple_of(64)) {
            *last &= (1 << (lines % 64)) - 1;
        }
        words
    }
}

fn empty_words(lines: u32) -> Box<[u64]> {
    vec![0; (lines as usize).div_ceil(64)].into()
}

fn ones_of(words: &[u64]) -> impl Iterator<Item = u32> + '_ {
    (0_u32..).zip(words).flat_map(|(at, word)| {
        let mut word = *word;
        std::iter::from_fn(move || {
            let bit = (word != 0).then(|| word.trailing_zeros())?;
            word &= word - 1;
            Some(at * 64 + bit)
        })
    })
}

fn count(iter: impl Iterator) -> u32 {
    u32::try_from(iter.count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn subset(lines: u32) -> impl Strategy<Value = BTreeSet<u32>> {
        let size = prop_oneof![
            Just(0_usize),
            0..4_usize,
            0..lines as usize,
            Just(lines as usize)
        ];
        size.prop_flat_map(move |size| {
            let all: Vec<u32> = (0..lines).collect();
            let size = size.min(all.len());
            proptest::sample::subsequence(all, size).prop_map(|lines| lines.into_iter().collect())
        })
    }

    fn set(lines: &BTreeSet<u32>, of: u32) -> LineSet {
        let sorted: Vec<u32> = lines.iter().copied().collect();
        LineSet::from_sorted(&sorted, of)
    }

    proptest! {
        #[test]
        fn it_is_a_set(
            (lines, a, b, at) in (1_u32..300).prop_flat_map(|n| (Just(n), subset(n), subset(n), 0..=n)),
        ) {
            let (x, y) = (set(&a, lines), set(&b, lines));
            prop_assert_eq!(x.len() as usize, a.len());
            prop_assert_eq!(x.iter().collect::<BTreeSet<_>>(), a.clone());
            prop_assert_eq!(x.contains(at), a.contains(&at));
            prop_assert_eq!(x.rank(at) as usize, a.range(..at).count());
            prop_assert_eq!(x.select(at), a.iter().nth(at as usize).copied());
            prop_assert_eq!(x.next(at), a.range(at..).next().copied());
            prop_assert_eq!(x.previous(at), a.range(..at).next_back().copied());
            prop_assert_eq!(x.common(&y) as usize, a.intersection(&b).count());
            let both: BTreeSet<u32> = a.intersection(&b).copied().collect();
            prop_assert_eq!(x.narrowed(&y, true), set(&both, lines));
            let only: BTreeSet<u32> = a.difference(&b).copied().collect();
            prop_assert_eq!(x.narrowed(&y, false), set(&only, lines));
            let cut: BTreeSet<u32> = a.range(..at).copied().collect();
            prop_assert_eq!(x.truncated(at), set(&cut, at));
            let tail: BTreeSet<u32> = b.range(at..).copied().collect();
            let joined: BTreeSet<u32> = cut.union(&tail).copied().collect();
            prop_assert_eq!(x.extended(at, &set(&tail, lines)), set(&joined, lines));
        }
    }
}
