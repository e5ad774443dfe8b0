//! Colours that programs write into their logs become styles; every other control sequence becomes visible.

use std::ops::Range;

use unicode_width::UnicodeWidthChar;

use crate::domain::safe_text;

#[cfg(test)]
mod tests;

/// Cells between two tab stops.
const TAB: usize = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Color {
    /// 0 to 7 the terminal's own, 8 to 15 their bright ones, then the palette of 256.
    Indexed(u8),
    Rgb(u8, u8, u8),
}

/// `None` for a colour is the terminal's own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Style {
    pub fg: Option<Color>,
    pub bg: Option<Color>,
    pub bold: bool,
    pub dim: bool,
    pub italic: bool,
    pub underline: bool,
    pub reverse: bool,
    pub strike: bool,
}

/// Text without anything that steers a terminal, and its styled parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spans {
    /// The only control characters in it are line ends.
    pub text: String,
    /// Ascending and apart; what lies between them is plain.
    pub spans: Vec<(Range<usize>, Style)>,
}

impl Spans {
    /// The style at a byte of the text.
    pub fn style_at(&self, byte: usize) -> Style {
        let place = self.spans.partition_point(|(range, _)| range.end <= byte);
        match self.spans.get(place) {
            Some((range, style)) if range.contains(&byte) => *style,
            _ => Style::default(),
        }
    }

    fn push(&mut self, raw: &str, style: Style, column: &mut usize) {
        let start = self.text.len();
        let mut pieces = raw.split_inclusive(['\t', '\n']);
        for piece in &mut pieces {
            let (plain, end) = match piece.strip_suffix(['\t', '\n']) {
                Some(plain) => (plain, piece.chars().next_back()),
                None => (piece, None),
            };
            let plain = match end {
                Some('\n') => plain.strip_suffix('\r').unwrap_or(plain),
                _ => plain,
            };
            let shown = safe_text::visible(plain);
            *column += shown.chars().filter_map(char::width).sum::<usize>();
            self.text.push_str(&shown);
            match end {
                Some('\n') => {
                    self.text.push('\n');
                    *column = 0;
                }
                Some(_) => {
                    let fill = TAB - *column % TAB;
                    self.text.extend(std::iter::repeat_n(' ', fill));
                    *column += fill;
                }
                None => {}
            }
        }
        let end = self.text.len();
        if style == Style::default() || start == end {
            return;
        }
        match self.spans.last_mut() {
            Some((range, last)) if *last == style && range.end == start => range.end = end,
            _ => self.spans.push((start..end, style)),
        }
    }
}

/// Takes the colours out of a message, spreads its tabs, and leaves of every progress bar the last state.
///
/// Line ends stay. Concealed and blinking text is shown like any other.
pub fn interpret(message: &str) -> Spans {
    let mut out = Spans::default();
    let mut style = Style::default();
    let mut column = 0;
    for line in message.split_inclusive('\n') {
        let (line, end) = match line.strip_suffix('\n') {
            Some(line) => (line, "\n"),
            None => (line, ""),
        };
        one_line(collapse(line), &mut style, &mut column, &mut out);
        out.push(end, style, &mut column);
    }
    out
}

fn one_line(line: &str, style: &mut Style, column: &mut usize, out: &mut Spans) {
    let mut plain = 0;
    let mut from = 0;
    while let Some(at) = line[from..].find("\x1b[").map(|at| from + at) {
        let after = &line[at + 2..];
        match after.find(|c: char| !matches!(c, '0'..='9' | ';' | ':')) {
            Some(end) if after[end..].starts_with('m') => {
                out.push(&line[plain..at], *style, column);
                apply(&after[..end], style);
                from = at + 2 + end + 1;
                plain = from;
            }
            // Not a colour: it stays in the text.
            _ => from = at + 2,
        }
    }
    out.push(&line[plain..], *style, column);
}

/// What a terminal would show in the end of a line that carriage returns or many backspaces rewrite.
///
/// The sequences by which progress bars erase the line or climb to the one above go with them.
pub fn collapse(line: &str) -> &str {
    let line = line.trim_end_matches(['\n', '\r']);
    if !line.contains(['\r', '\x08']) || line.contains('\n') {
        return line;
    }
    let mut end = line.len();
    loop {
        let start = line[..end]
            .rfind(['\r', '\x08'])
            .map_or(0, |before| before + 1);
        let part = without_erasing(&line[start..end]);
        if !is_blank(part) {
            return part;
        }
        if start == 0 {
            return "";
        }
        end = start - 1;
    }
}

/// Without the erasing and moving sequences at both ends.
fn without_erasing(part: &str) -> &str {
    let mut part = part;
    while let Some(end) = leading_erase(part) {
        part = &part[end..];
    }
    while let Some(start) = part.rfind("\x1b[")
        && leading_erase(&part[start..]) == Some(part.len() - start)
    {
        part = &part[..start];
    }
    part
}

/// The length of `ESC [ 2 K`, `ESC [ A`, `ESC [ 1 G` or their like at the start.
fn leading_erase(part: &str) -> Option<usize> {
    let rest = part.strip_prefix("\x1b[")?;
    let rest = rest.strip_prefix('?').unwrap_or(rest);
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let last = rest.as_bytes().get(digits)?;
    matches!(last, b'K' | b'A' | b'B' | b'G' | b'J' | b'l' | b'h')
        .then(|| part.len() - rest.len() + digits + 1)
}

/// Nothing would be seen: white space and sequences only.
fn is_blank(part: &str) -> bool {
    let mut rest = part.trim_start();
    while let Some(after) = rest.strip_prefix("\x1b[") {
        let Some(end) = after.find(|c: char| matches!(c, '@'..='~')) else {
            return false;
        };
        rest = after[end + 1..].trim_start();
    }
    rest.is_empty()
}

fn apply(parameters: &str, style: &mut Style) {
    let mut codes = parameters.split([';', ':']).map(|p| {
        p.parse::<u8>()
            .unwrap_or(if p.is_empty() { 0 } else { u8::MAX })
    });
    while let Some(code) = codes.next() {
        match code {
            0 => *style = Style::default(),
            1 => style.bold = true,
            2 => style.dim = true,
            3 => style.italic = true,
            4 | 21 => style.underline = true,
            7 => style.reverse = true,
            9 => style.strike = true,
            22 => {
                style.bold = false;
                style.dim = false;
            }
            23 => style.italic = false,
            24 => style.underline = false,
            27 => style.reverse = false,
            29 => style.strike = false,
            30..=37 => style.fg = Some(Color::Indexed(code - 30)),
            38 => style.fg = color(&mut codes).or(style.fg),
            39 => style.fg = None,
            40..=47 => style.bg = Some(Color::Indexed(code - 40)),
            48 => style.bg = color(&mut codes).or(style.bg),
            49 => style.bg = None,
            // The colour of the underline: read, so that its numbers are not taken for others.
            58 => {
                let _ = color(&mut codes);
            }
            90..=97 => style.fg = Some(Color::Indexed(code - 90 + 8)),
            100..=107 => style.bg = Some(Color::Indexed(code - 100 + 8)),
            _ => {}
        }
    }
}

/// `5;n` or `2;r;g;b` after 38 or 48.
fn color(codes: &mut impl Iterator<Item = u8>) -> Option<Color> {
    match codes.next()? {
        5 => Some(Color::Indexed(codes.next()?)),
        2 => Some(Color::Rgb(codes.next()?, codes.next()?, codes.next()?)),
        _ => None,
    }
}
