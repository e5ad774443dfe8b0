//! Chance that repeats: every number is a hash of the seed and of what it is for.
//!
//! There is no sequence, so a thing keeps its numbers whatever else is asked for, and in whatever order.

/// A place in the tree of chance, reached by naming what the number is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dice(u64);

const LOWER_ALNUM: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
const ALNUM: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const HEX: &[u8] = b"0123456789abcdef";

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(mix(seed ^ 0x9e37_79b9_7f4a_7c15))
    }

    /// The branch named `label`.
    #[must_use]
    pub fn of(self, label: &str) -> Self {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ self.0;
        for byte in label.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        Self(mix(hash))
    }

    /// The branch numbered `n`.
    #[must_use]
    pub fn at(self, n: i64) -> Self {
        Self(mix(self.0 ^ mix(n as u64 ^ 0xd6e8_feb8_6659_fd93)))
    }

    /// 64 bits of it.
    pub fn bits(self) -> u64 {
        self.0
    }

    /// From 0 up to, not with, 1.
    pub fn unit(self) -> f64 {
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn between(self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    pub fn chance(self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// One of `0..n`; 0 for an empty range.
    pub fn index(self, n: usize) -> usize {
        if n == 0 {
            0
        } else {
            (self.0 % n as u64) as usize
        }
    }

    /// Normally distributed, mean 0, deviation 1 (Box-Muller).
    pub fn normal(self) -> f64 {
        let first = self.at(1).unit().max(1e-12);
        let second = self.at(2).unit();
        (-2.0 * first.ln()).sqrt() * (std::f64::consts::TAU * second).cos()
    }

    /// Lower-case letters and digits, as in SageMaker's execution ids.
    pub fn lower(self, length: usize) -> String {
        self.letters(LOWER_ALNUM, length)
    }

    pub fn mixed_case(self, length: usize) -> String {
        self.letters(ALNUM, length)
    }

    pub fn hex(self, length: usize) -> String {
        self.letters(HEX, length)
    }

    /// A version 4 UUID.
    pub fn uuid(self) -> String {
        let hex = self.hex(32);
        let (a, rest) = hex.split_at(8);
        let (b, rest) = rest.split_at(4);
        let (c, rest) = rest.split_at(4);
        let (d, e) = rest.split_at(4);
        format!(
            "{a}-{b}-4{}-{}{}-{e}",
            &c[1..],
            ["8", "9", "a", "b"][self.index(4)],
            &d[1..]
        )
    }

    fn letters(self, alphabet: &[u8], length: usize) -> String {
        (0..length)
            .map(|i| char::from(alphabet[self.at(i as i64).index(alphabet.len())]))
            .collect()
    }
}

/// The finaliser of splitmix64.
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_path_gives_the_same_numbers() {
        let path = |seed| Dice::new(seed).of("churn-train").at(212).of("Train");
        assert_eq!(path(7).hex(12), path(7).hex(12));
        assert_ne!(path(7).hex(12), path(8).hex(12));
        assert_ne!(path(7).at(1).bits(), path(7).at(2).bits());
    }

    #[test]
    fn uuids_have_the_form_of_version_4() {
        for n in 0..50 {
            let id = Dice::new(1).at(n).uuid();
            assert_eq!(id.len(), 36, "{id}");
            assert_eq!(&id[14..15], "4", "{id}");
            assert!("89ab".contains(&id[19..20]), "{id}");
        }
    }

    #[test]
    fn normal_numbers_have_mean_0_and_deviation_1() {
        let numbers: Vec<f64> = (0..5000).map(|n| Dice::new(3).at(n).normal()).collect();
        let mean = numbers.iter().sum::<f64>() / 5000.0;
        let variance = numbers.iter().map(|n| (n - mean).powi(2)).sum::<f64>() / 5000.0;
        assert!(mean.abs() < 0.05, "{mean}");
        assert!((variance - 1.0).abs() < 0.08, "{variance}");
    }
}
