//! Filters one by one, and the look behind them.

use super::logs::asks;
use super::*;

use crate::logs::ask::Anchor;
use crate::logs::key::LineKey;
use crate::logs::told::Told;
use crate::store::log_ask::{FilterWay, LogAsk};
use crate::store::model::logs::Landing;
use crate::store::model::nav::Popup;

impl Bench {
    /// `keep line`, `drop 3`, on ten lines, and the cursor on the fifth.
    fn filtering(&mut self) {
        self.reading();
        self.press(&[Command::KeepLines]);
        self.type_text("line");
        self.press(&[Command::Submit, Command::DropLines]);
        self.type_text("3");
        self.press(&[Command::Submit]);
        self.show(10, None);
        self.press(&[
            Command::Up,
            Command::Up,
            Command::Up,
            Command::Up,
            Command::Up,
        ]);
        self.show(10, None);
        assert_eq!(self.cursor(), (Some(4), Some(4), false));
    }

    /// What the last letter brings about.
    fn typed(&mut self, text: &str) -> Vec<Effect> {
        let letters = text.chars().map(|c| self.send(Msg::Text(c)));
        letters.last().unwrap_or_default()
    }

    fn filters(&self) -> Vec<(FilterWay, &str, bool)> {
        let filters = self.tail().filters.iter();
        filters.map(|f| (f.way, &*f.text, f.on)).collect()
    }
}

/// The filters of the last view that was asked for, and where it is looked at.
fn view(effects: &[Effect]) -> (Vec<&str>, Anchor) {
    let mut texts = None;
    let mut at = None;
    for ask in asks(effects) {
        match ask {
            LogAsk::View { filters, .. } => {
                texts = Some(filters.iter().map(|(_, text)| &**text).collect());
            }
            LogAsk::Window { anchor, .. } => at = Some(*anchor),
            _ => {}
        }
    }
    (texts.unwrap(), at.unwrap())
}

const fn line(at: i64) -> Anchor {
    Anchor::Line(LineKey::before_time(at))
}

#[test]
fn each_filter_is_switched_changed_and_removed() {
    use FilterWay::{Drop, Keep};
    let mut bench = Bench::new();
    bench.filtering();
    bench.press(&[Command::ListFilters]);
    let effects = bench.press(&[Command::PopupUp, Command::SwitchFilter]);
    assert_eq!(bench.filters(), [(Keep, "line", false), (Drop, "3", true)]);
    assert_eq!(view(&effects), (vec!["3"], line(4)));
    // What is off is on while it is changed, and from then on.
    let effects = bench.press(&[Command::EditFilter]);
    assert_eq!(bench.tail().input.as_ref().unwrap().text, "line");
    assert_eq!(view(&effects).0, ["line", "3"]);
    assert_eq!(bench.model.nav.popups, []);
    let effects = bench.typed("s");
    assert_eq!(view(&effects).0, ["lines", "3"]);
    let effects = bench.press(&[Command::Cancel]);
    assert_eq!(view(&effects), (vec!["3"], line(4)));
    bench.press(&[Command::ListFilters, Command::EditFilter]);
    bench.type_text("7");
    bench.press(&[Command::Submit]);
    assert_eq!(bench.filters(), [(Keep, "line", false), (Drop, "37", true)]);
    // Without a text there is no filter.
    bench.press(&[
        Command::ListFilters,
        Command::EditFilter,
        Command::DeleteAll,
    ]);
    bench.press(&[Command::Submit]);
    assert_eq!(bench.filters(), [(Keep, "line", false)]);
    bench.press(&[Command::ListFilters]);
    assert_eq!(bench.model.nav.popups, [Popup::Filters { selected: 0 }]);
    let effects = bench.press(&[Command::RemoveFilter]);
    assert_eq!(view(&effects), (vec![], line(4)));
    assert_eq!((bench.filters(), bench.model.nav.popups.len()), (vec![], 0));
    bench.press(&[Command::ListFilters]);
    assert_eq!(bench.model.nav.popups, [], "there is nothing to list");
}

#[test]
fn a_line_is_seen_among_its_neighbours_and_the_same_key_goes_back() {
    let mut bench = Bench::new();
    bench.filtering();
    let effects = bench.press(&[Command::ToggleFilters]);
    assert_eq!(view(&effects), (vec![], line(4)));
    assert_eq!(bench.tail().landing, Some(Landing::Kept(0)));
    bench.show(10, Some(4));
    assert_eq!(bench.cursor(), (Some(4), Some(4), false));
    // Wherever one goes meanwhile.
    bench.press(&[Command::Up, Command::Up]);
    let effects = bench.press(&[Command::ToggleFilters]);
    assert_eq!(view(&effects), (vec!["line", "3"], line(4)));
    bench.show(10, Some(4));
    assert_eq!(bench.cursor(), (Some(4), Some(4), false));
    // Esc goes back too, and takes no filter away.
    bench.press(&[Command::ToggleFilters, Command::Back]);
    assert_eq!((bench.filters().len(), bench.tail().unfiltered), (2, None));
}

#[test]
fn from_following_one_looks_around_the_newest_line_and_follows_again() {
    let mut bench = Bench::new();
    bench.filtering();
    bench.press(&[Command::ToggleFollow]);
    bench.show(10, None);
    let effects = bench.press(&[Command::ToggleFilters]);
    assert_eq!(view(&effects), (vec![], line(9)));
    assert!(!bench.tail().follow);
    let effects = bench.press(&[Command::ToggleFilters]);
    assert_eq!(view(&effects), (vec!["line", "3"], Anchor::End));
    assert!(bench.tail().follow);
    // A filter that is added, or off, does not leave one among all lines.
    bench.press(&[Command::ToggleFilters]);
    let effects = bench.press(&[Command::KeepLines]);
    assert_eq!(view(&effects).0, ["line", "3"]);
}

#[test]
fn the_line_one_stood_on_is_come_back_to() {
    let mut bench = Bench::new();
    bench.filtering();
    bench.press(&[Command::KeepLines]);
    let effects = bench.typed("9");
    assert_eq!(view(&effects).1, line(4));
    // The line is hidden, and another one stands in for it.
    let only = ["line 9"];
    bench.show_lines(&only, Some(0));
    assert_ne!(bench.tail().cursor, Some(LineKey::before_time(4)));
    let effects = bench.press(&[Command::Cancel]);
    assert_eq!(view(&effects), (vec!["line", "3"], line(4)));
    bench.show(10, Some(4));
    // Who moves on has left it.
    bench.press(&[Command::Down, Command::KeepLines]);
    let effects = bench.typed("9");
    assert_eq!(view(&effects).1, line(5));
}

#[test]
fn passing_lines_are_counted_while_the_list_is_open() {
    let mut bench = Bench::new();
    bench.filtering();
    let effects = bench.press(&[Command::ListFilters]);
    let counted = |effects: &[Effect]| {
        asks(effects).into_iter().find_map(|ask| match ask {
            LogAsk::Passing {
                generation,
                filters,
            } => Some((*generation, filters.iter().map(|f| f.2).collect::<Vec<_>>())),
            _ => None,
        })
    };
    let (generation, on) = counted(&effects).unwrap();
    assert_eq!(on, [true, true]);
    assert!(!bench.tail().passing.is_settled());
    let passed = vec![10, 9];
    bench.told(Told::Passed {
        generation,
        passed: passed.clone(),
    });
    assert_eq!(bench.tail().passing.shown, Some(passed));
    let (again, on) = counted(&bench.press(&[Command::SwitchFilter])).unwrap();
    assert!(again > generation);
    assert_eq!(on, [true, false]);
    // An answer to what is no longer asked counts for nothing.
    bench.told(Told::Passed {
        generation,
        passed: vec![1, 1],
    });
    assert_eq!(bench.tail().passing.shown, Some(vec![10, 9]));
    let effects = bench.press(&[Command::PopupClose]);
    assert!(
        asks(&effects)
            .iter()
            .any(|ask| matches!(ask, LogAsk::PassingNoMore)),
        "{effects:?}"
    );
}
