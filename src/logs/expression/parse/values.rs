//! What a value means: a text, a level, a number, or what lies between two.

use crate::domain::log::LogLevel;
use crate::logs::level;

use super::super::pattern::Pattern;
use super::super::{Asked, Compare, Test};
use super::{Read, Sign, Typed, wrong};

pub fn literal(at: usize, text: &str) -> Read<Test> {
    Pattern::literal_of(text)
        .map(Test::Text)
        .or_else(|problem| wrong(at, problem, "write it in shorter pieces"))
}

pub fn part_of(value: &Typed) -> Read<Pattern> {
    Pattern::literal_of(&value.text)
        .or_else(|problem| wrong(value.at, problem, "write a shorter piece of it"))
}

pub fn of_level(value: &Typed, sign: Sign) -> Read<Test> {
    let compare = match sign {
        Sign::Compare(compare) => compare,
        // `level:warn` is that level and worse.
        _ => Compare::AtLeast,
    };
    if value.text == "*" {
        return Ok(Test::AnyLevel);
    }
    match level_named(&value.text) {
        Some(level) => Ok(Test::Level(compare, level)),
        None => wrong(
            value.at,
            format!("{} is no level", value.text),
            "write trace, debug, info, warn or error",
        ),
    }
}

fn level_named(name: &str) -> Option<LogLevel> {
    // `e` alone would be half of a word that is still being typed.
    (name.len() > 2)
        .then(|| level::named(name.as_bytes()))
        .flatten()
}

pub fn asked(name: &str, value: &Typed, compare: Compare) -> Read<Asked> {
    let equal = matches!(compare, Compare::Equal | Compare::Unequal);
    if !value.quoted {
        if value.text == "*" && compare == Compare::Equal {
            return Ok(Asked::Exists);
        }
        if let Ok(number) = value.text.parse::<f64>() {
            return Ok(Asked::Number(compare, number, value.text.clone()));
        }
        if compare == Compare::Equal
            && let Some(between) = between(value)?
        {
            return Ok(between);
        }
    }
    if equal {
        return Ok(Asked::Text {
            is: compare == Compare::Equal,
            text: value.text.clone(),
        });
    }
    let sign = compare.sign();
    wrong(
        value.at,
        format!("{} is no number", value.text),
        format!("write a number, as in {name}{sign}0.2, or quote it all to find the text"),
    )
}

/// `3..5`, `3..`, `..5`.
fn between(value: &Typed) -> Read<Option<Asked>> {
    let Some((low, high)) = value.text.split_once("..") else {
        return Ok(None);
    };
    let bound = |text: &str, open: f64| match text {
        "" => Some(open),
        _ => text.parse::<f64>().ok(),
    };
    match (bound(low, f64::NEG_INFINITY), bound(high, f64::INFINITY)) {
        (Some(_), Some(_)) if low.is_empty() && high.is_empty() => Ok(None),
        (Some(low), Some(high)) if low > high => wrong(
            value.at,
            format!("nothing is between {low} and {high}"),
            format!("write {high}..{low}"),
        ),
        (Some(low), Some(high)) => Ok(Some(Asked::Between(low, high))),
        _ => Ok(None),
    }
}
