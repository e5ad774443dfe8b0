//! The prompt: a query made from what is on screen, its time, and its price before it is asked.

use crate::domain::insights::SavedQuery;
use crate::domain::log::LogTarget;
use crate::logs::expression::{insights_filter, insights_query};
use crate::logs::narrow::narrowed;

use super::super::super::effect::Effect;
use super::super::super::log_ask::FilterWay;
use super::super::super::model::Model;
use super::super::super::model::logs::{FormField, QueryForm};
use super::super::super::model::nav::{Palette, Popup};
use super::super::super::msg::Notice;
use super::super::super::rows;
use super::super::super::text_field::TextField;
use super::estimate::estimate;
use super::{answer, range};

/// Newest lines that a query made from filters asks for.
const LINES: u32 = 1000;

/// Groups that one query may name.
const MOST_GROUPS: usize = 50;

/// What is typed before the names of saved queries in the palette.
pub const SAVED: &str = "query ";

/// Opens the prompt with the filters in force; over an answer with the query that was asked.
pub fn begin(model: &mut Model) -> Vec<Effect> {
    if let Some(asked) = &model.logs.asked {
        let (title, targets) = (asked.title.clone(), asked.targets.clone());
        let (text, range) = (asked.query.text.clone(), asked.range.clone());
        return open(model, title, targets, text, range, Vec::new());
    }
    let Some(targets) = targets(model) else {
        return nothing_to_ask(model);
    };
    let several = targets.iter().any(|t| t.group != targets[0].group);
    let filters = model.logs.tail.iter().flat_map(|tail| tail.filters_on());
    let filters = filters.map(|f| (f.way == FilterWay::Keep, &f.expression));
    let (text, unsaid) = insights_query(filters, several, LINES);
    let text = narrowed(&text, &targets);
    let range = range_at_hand(model);
    open(model, "Insights".to_owned(), targets, text, range, unsaid)
}

/// The prompt with a query of one's choice.
pub fn begin_with(model: &mut Model, saved: SavedQuery) -> Vec<Effect> {
    let Some(targets) = targets(model) else {
        return nothing_to_ask(model);
    };
    let text = narrowed(&saved.query, &targets);
    let range = range_at_hand(model);
    open(model, saved.name, targets, text, range, Vec::new())
}

/// The prompt with the patterns of what the filters leave.
pub fn begin_patterns(model: &mut Model) -> Vec<Effect> {
    let Some(targets) = targets(model) else {
        return nothing_to_ask(model);
    };
    let filters = model.logs.tail.iter().flat_map(|tail| tail.filters_on());
    let filters = filters.map(|f| (f.way == FilterWay::Keep, &f.expression));
    let (filter, unsaid) = insights_filter(filters);
    let filter = filter.map_or(String::new(), |filter| format!("{filter} | "));
    let text = format!("{filter}pattern @message");
    let text = narrowed(&text, &targets);
    let range = range_at_hand(model);
    open(model, "patterns".to_owned(), targets, text, range, unsaid)
}

/// The prompt with a query for the lines of a pattern.
pub fn begin_lines(
    model: &mut Model,
    targets: Vec<LogTarget>,
    regex: &str,
    range: String,
) -> Vec<Effect> {
    let several = targets.iter().any(|t| t.group != targets[0].group);
    let groups = if several { ", @log" } else { "" };
    let regex = regex.replace('/', "\\/");
    let text = format!(
        "fields @timestamp, @logStream, @message{groups} | filter @message like /{regex}/ | sort @timestamp desc | limit {LINES}"
    );
    let text = narrowed(&text, &targets);
    open(
        model,
        "lines of a pattern".to_owned(),
        targets,
        text,
        range,
        Vec::new(),
    )
}

/// The palette with the saved queries, and only those.
pub fn open_list(model: &mut Model) -> Vec<Effect> {
    if targets(model).is_none() {
        return nothing_to_ask(model);
    }
    model.nav.popups.push(Popup::Palette(Palette {
        text: SAVED.to_owned(),
        selected: 0,
    }));
    load_saved(model)
}

/// What would be asked: whose groups are on screen, or the selected one.
pub fn targets(model: &Model) -> Option<Vec<LogTarget>> {
    if let Some(asked) = &model.logs.asked {
        return Some(asked.targets.clone());
    }
    let tail = model.logs.tail.as_ref().map(|tail| tail.origin.targets());
    match tail {
        Some([]) => None,
        Some(targets) => Some(targets.to_vec()),
        None => rows::selected_group(model).map(|g| vec![LogTarget::group(g.name.clone())]),
    }
}

fn range_at_hand(model: &Model) -> String {
    if let Some(asked) = &model.logs.asked {
        return asked.range.clone();
    }
    let tail = model.logs.tail.as_ref();
    range::of(tail, model.now, &model.settings.time_zone)
}

fn nothing_to_ask(model: &mut Model) -> Vec<Effect> {
    let text = if model.logs.tail.is_some() {
        "Logs Insights is for CloudWatch; in files and pipes & filters and P counts patterns"
    } else {
        "no log is open; Enter on a log group opens it"
    };
    model.notices.push(model.now, Notice::info(text));
    Vec::new()
}

fn open(
    model: &mut Model,
    title: String,
    targets: Vec<LogTarget>,
    query: String,
    range: String,
    unsaid: Vec<String>,
) -> Vec<Effect> {
    let form = QueryForm {
        title,
        targets,
        range: TextField::new(range),
        query: TextField::new(query),
        field: FormField::Query,
        agreed: false,
        unsaid,
        earlier: None,
        draft: String::new(),
    };
    model.nav.popups.push(Popup::Query(Box::new(form)));
    load_saved(model)
}

/// Once: they change seldom.
fn load_saved(model: &mut Model) -> Vec<Effect> {
    if model.logs.saved.at().is_some() {
        return Vec::new();
    }
    model.logs.saved.expect();
    vec![Effect::LoadSavedQueries]
}

/// The prompt, while it has the keys.
pub fn of(model: &mut Model) -> Option<&mut QueryForm> {
    match model.nav.popups.last_mut() {
        Some(Popup::Query(form)) => Some(form),
        _ => None,
    }
}

/// Changes the field that is typed in. What was agreed to was another query.
pub fn edit(model: &mut Model, change: impl FnOnce(&mut TextField)) -> bool {
    let Some(form) = of(model) else {
        return false;
    };
    change(form.field_mut());
    form.agreed = false;
    true
}

/// From the query to its time and back.
pub fn next_field(form: &mut QueryForm) {
    form.field = match form.field {
        FormField::Range => FormField::Query,
        FormField::Query => FormField::Range,
    };
}

/// An earlier query, or the one before it; back to what was being typed.
pub fn step_history(model: &mut Model, by: i64) {
    let Some(Popup::Query(form)) = model.nav.popups.last_mut() else {
        return;
    };
    let history = &model.logs.asked_before;
    let at = form
        .earlier
        .map_or(-1, |at| i64::try_from(at).unwrap_or(i64::MAX));
    let last = i64::try_from(history.len()).unwrap_or(0) - 1;
    // Up goes back in time.
    let to = at.saturating_sub(by).clamp(-1, last);
    if to == at {
        return;
    }
    if form.earlier.is_none() {
        form.draft = form.query.text().to_owned();
    }
    form.earlier = usize::try_from(to).ok();
    let text = match form.earlier {
        Some(at) => history[history.len() - 1 - at].clone(),
        None => form.draft.clone(),
    };
    form.query = TextField::new(text);
    form.field = FormField::Query;
    form.agreed = false;
}

/// Enter: the price first; once more, and it is asked.
pub fn submit(model: &mut Model) -> Vec<Effect> {
    let Some(Popup::Query(form)) = model.nav.popups.last() else {
        return Vec::new();
    };
    let form = form.clone();
    let problem = problem(model, &form);
    if let Some(problem) = problem {
        model.notices.push(model.now, Notice::warn(problem));
        return Vec::new();
    }
    if !form.agreed {
        if let Some(form) = of(model) {
            form.agreed = true;
        }
        return Vec::new();
    }
    model.nav.popups.pop();
    answer::start(model, *form)
}

/// Why it cannot be asked as it is.
fn problem(model: &Model, form: &QueryForm) -> Option<String> {
    if form.query.text().trim().is_empty() {
        return Some("there is no query yet: type one, or take an earlier one".to_owned());
    }
    let estimate = match estimate(model, form) {
        Ok(estimate) => estimate,
        Err(problem) => return Some(problem),
    };
    if estimate.groups.len() > MOST_GROUPS {
        return Some(format!(
            "Logs Insights takes {MOST_GROUPS} log groups at once; these are {}",
            estimate.groups.len()
        ));
    }
    estimate.is_over_cap().then(|| {
        "this would pass the spending cap: ask for a shorter time, or raise [caps] in the config"
            .to_owned()
    })
}
