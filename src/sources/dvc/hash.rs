//! DVC's hashes: md5 of a file's bytes, of its text with Unix line ends (DVC 1 and 2), of a directory's listing.

use std::io::{self, Read};

use md5::{Digest, Md5};

use super::json;
use super::lock::HashKind;

/// Bytes looked at to tell text from binary.
const PROBE: usize = 512;
const CHUNK: usize = 1 << 20;

pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |value: u8| char::from(DIGITS[usize::from(value & 15)]);
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(*byte)])
        .collect()
}

/// The 16 bytes of an md5 in hexadecimal, with or without `.dir`.
pub fn bytes(hash: &str) -> Option<[u8; 16]> {
    let digits = hash.strip_suffix(".dir").unwrap_or(hash);
    (digits.len() == 32 && digits.is_ascii()).then_some(())?;
    let mut out = [0; 16];
    for (at, byte) in out.iter_mut().enumerate() {
        *byte = u8::from_str_radix(digits.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(out)
}

/// The hash of everything that `input` gives.
#[cfg(test)]
pub fn of_file(input: &mut dyn Read, kind: HashKind) -> io::Result<String> {
    of_input(input, kind, &mut Vec::new())
}

/// The hash of everything that `input` gives, with a buffer for the next file to use again.
pub fn of_input(input: &mut dyn Read, kind: HashKind, buffer: &mut Vec<u8>) -> io::Result<String> {
    let mut hasher = Md5::new();
    buffer.resize(CHUNK, 0);
    let mut text = None;
    loop {
        let filled = fill(input, buffer)?;
        if filled == 0 {
            return Ok(hex(&hasher.finalize()));
        }
        let chunk = buffer.get(..filled).unwrap_or_default();
        let as_text = kind == HashKind::Md5Dos2Unix
            && *text.get_or_insert_with(|| is_text(chunk.get(..PROBE).unwrap_or(chunk)));
        if as_text {
            hasher.update(unix_lines(chunk));
        } else {
            hasher.update(chunk);
        }
    }
}

/// Whole chunks, because DVC replaces line ends chunk by chunk.
fn fill(input: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match input.read(rest) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
            Err(cause) => return Err(cause),
        }
    }
    Ok(filled)
}

fn is_text(probe: &[u8]) -> bool {
    let is_text_byte = |byte: &&u8| matches!(**byte, 32..=126 | b'\n' | b'\r' | b'\t' | 12 | 8);
    let others = probe.len() - probe.iter().filter(is_text_byte).count();
    !probe.contains(&0) && others * 10 <= probe.len() * 3
}

fn unix_lines(chunk: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(chunk.len());
    let mut bytes = chunk.iter().peekable();
    while let Some(byte) = bytes.next() {
        if !(*byte == b'\r' && bytes.peek() == Some(&&b'\n')) {
            out.push(*byte);
        }
    }
    out
}

/// The files of a directory: relative path and hash.
pub type Listing = Vec<(String, String)>;

/// The hash of a directory with these files, with `.dir`.
pub fn of_listing(mut files: Listing) -> String {
    files.sort();
    of_sorted(&files)
}

/// The same for files that are sorted by their paths.
pub fn of_sorted(files: &Listing) -> String {
    let mut hasher = Md5::new();
    let mut line = String::new();
    hasher.update(b"[");
    for (at, (path, hash)) in files.iter().enumerate() {
        let comma = if at == 0 { "" } else { ", " };
        line.clear();
        line.push_str(comma);
        line.push('{');
        // A link to nothing has none.
        if !hash.is_empty() {
            line.push_str("\"md5\": \"");
            line.push_str(hash);
            line.push_str("\", ");
        }
        line.push_str("\"relpath\": ");
        json::string(path, &mut line);
        line.push('}');
        hasher.update(line.as_bytes());
    }
    hasher.update(b"]");
    format!("{}.dir", hex(&hasher.finalize()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn of(bytes: &[u8], kind: HashKind) -> String {
        of_file(&mut &bytes[..], kind).unwrap()
    }

    #[test]
    fn line_ends_count_only_in_the_new_hash() {
        let unix = of(b"line1\nline2\n", HashKind::Md5);
        assert_eq!(of(b"line1\r\nline2\r\n", HashKind::Md5Dos2Unix), unix);
        assert_ne!(of(b"line1\r\nline2\r\n", HashKind::Md5), unix);
        let binary = b"\0bin\r\n";
        assert_eq!(of(binary, HashKind::Md5Dos2Unix), of(binary, HashKind::Md5));
        assert_eq!(of(b"", HashKind::Md5), "d41d8cd98f00b204e9800998ecf8427e");
    }

    #[test]
    fn listings_are_sorted() {
        let a = ("a".to_owned(), "11".to_owned());
        let b = ("B".to_owned(), "22".to_owned());
        assert_eq!(
            of_listing(vec![a.clone(), b.clone()]),
            of_listing(vec![b, a])
        );
        // md5 of `[]`
        assert_eq!(
            of_listing(Vec::new()),
            "d751713988987e9331980363e24189ce.dir"
        );
    }
}
