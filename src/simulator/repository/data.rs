//! The data that DVC tracks in the demo repository, generated from its version.

use md5::{Digest as _, Md5};

use super::timeline::Knobs;
use crate::simulator::dice::Dice;

/// Contents of every tracked output.
pub struct Data {
    pub raw: Vec<u8>,
    /// Name and content, by name.
    pub prepared: Vec<(&'static str, Vec<u8>)>,
    pub features: Vec<u8>,
    pub model: Vec<u8>,
}

impl Data {
    pub fn of(knobs: &Knobs) -> Self {
        let table = |name: &str, version: u32, rows: u32| {
            let mut text = String::from("customer,market,plan_tier,age_days,churned\n");
            for row in 0..rows {
                let dice = Dice::new(u64::from(version)).of(name).at(i64::from(row));
                text.push_str(&format!(
                    "c-{:05},{},{},{},{}\n",
                    dice.index(90_000),
                    ["de", "fr", "jp", "us"][dice.of("market").index(4)],
                    ["basic", "family", "student"][dice.of("tier").index(3)],
                    dice.of("age").index(400),
                    dice.of("churned").index(2)
                ));
            }
            text.into_bytes()
        };
        Self {
            raw: table("raw", knobs.raw, 40),
            prepared: vec![
                ("test.csv", table("test", knobs.raw, 8)),
                ("train.csv", table("train", knobs.raw, 32)),
            ],
            features: features(knobs.features, knobs.raw),
            model: blob(
                "model",
                u64::from(knobs.code) << 32
                    | u64::from(knobs.features) << 16
                    | u64::from(knobs.batch_size),
                1500,
            ),
        }
    }
}

/// The features as a file with Parquet's marks at both ends.
pub fn features(version: u32, raw: u32) -> Vec<u8> {
    let mut bytes = b"PAR1".to_vec();
    bytes.extend(blob(
        "features",
        u64::from(version) << 8 | u64::from(raw),
        2200,
    ));
    bytes.extend(b"PAR1");
    bytes
}

fn blob(name: &str, version: u64, length: usize) -> Vec<u8> {
    let dice = Dice::new(version).of(name);
    (0..length as i64 / 8)
        .flat_map(|n| dice.at(n).bits().to_le_bytes())
        .collect()
}

pub fn md5(bytes: &[u8]) -> String {
    Md5::digest(bytes)
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect()
}

/// The list of a folder's files, as DVC stores it: Python's JSON, sorted by path.
pub fn dir_listing(files: &[(&str, Vec<u8>)]) -> String {
    let entries: Vec<String> = files
        .iter()
        .map(|(name, content)| {
            format!("{{\"md5\": \"{}\", \"relpath\": \"{name}\"}}", md5(content))
        })
        .collect();
    format!("[{}]", entries.join(", "))
}

/// The hash of a folder with `.dir`, the size of its files together, and their number.
pub fn dir_md5(files: &[(&str, Vec<u8>)]) -> (String, usize, usize) {
    let size = files.iter().map(|(_, content)| content.len()).sum();
    (
        format!("{}.dir", md5(dir_listing(files).as_bytes())),
        size,
        files.len(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn md5_is_md5() {
        assert_eq!(md5(b"abc"), "900150983cd24fb0d6963f7d28e17f72");
    }

    #[test]
    fn a_folder_is_listed_as_python_writes_json() {
        let listing = dir_listing(&[("a.csv", b"abc".to_vec()), ("b.csv", Vec::new())]);
        assert_eq!(
            listing,
            "[{\"md5\": \"900150983cd24fb0d6963f7d28e17f72\", \"relpath\": \"a.csv\"}, \
             {\"md5\": \"d41d8cd98f00b204e9800998ecf8427e\", \"relpath\": \"b.csv\"}]"
        );
    }
}
