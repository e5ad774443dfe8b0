//! The home screen.

use super::fixtures::day;
use super::render::{text, text_and_styles};

#[test]
fn deck_120x40() {
    insta::assert_snapshot!(text_and_styles(&day(), (120, 40)));
}

#[test]
fn deck_80x24() {
    insta::assert_snapshot!(text(&day(), (80, 24)));
}

#[test]
fn deck_200x60() {
    insta::assert_snapshot!(text(&day(), (200, 60)));
}
