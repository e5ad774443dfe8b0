//! Code, data, models, images, and refs.

use flightdeck::store::model::Model;
use flightdeck::store::model::nav::{Pane, Screen};
use flightdeck::store::model::versions::VersionsSection;

use super::fixtures::day;
use super::render::{text, text_and_styles};

fn versions(section: VersionsSection) -> Model {
    let mut model = day();
    model.nav.screen = Screen::Versions;
    model.nav.focus = Pane::VersionList;
    model.versions.section = section;
    model
}

#[test]
fn versions_120x40_commits() {
    insta::assert_snapshot!(text_and_styles(
        &versions(VersionsSection::Commits),
        (120, 40)
    ));
}

#[test]
fn versions_120x40_data() {
    insta::assert_snapshot!(text_and_styles(&versions(VersionsSection::Data), (120, 30)));
}

#[test]
fn versions_120x40_models() {
    insta::assert_snapshot!(text(&versions(VersionsSection::Models), (120, 30)));
}

#[test]
fn versions_120x40_images() {
    insta::assert_snapshot!(text(&versions(VersionsSection::Images), (120, 30)));
}

#[test]
fn versions_120x40_refs() {
    insta::assert_snapshot!(text(&versions(VersionsSection::Refs), (120, 30)));
}

#[test]
fn versions_80x24() {
    insta::assert_snapshot!(text(&versions(VersionsSection::Commits), (80, 24)));
}
