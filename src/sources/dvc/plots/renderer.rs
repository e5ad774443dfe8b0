//! The points of all revisions, in one Vega-Lite document.

use super::super::history::Fault;
use super::super::yaml::{Entry, Value};
use super::definitions::prop;
use super::points::{Points, entry, get, set};
use super::template::{Template, escaped};
use super::templates;

/// What is drawn.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// Revisions that have points.
    pub revisions: Vec<String>,
    pub content: Value,
}

/// One revision of a plot.
#[derive(Clone, Debug)]
pub struct Side {
    pub revision: String,
    /// The content of its files; those that could not be read are left out.
    pub files: Vec<(String, Value)>,
}

/// What is wrong with single revisions.
pub type Faults = Vec<(String, Fault)>;

const GRID: &str = r#"{"name": "grid", "select": "interval", "bind": "scales"}"#;
const COLORS: [&str; 7] = [
    "#945dd6", "#13adc7", "#f46837", "#48bb78", "#4299e1", "#ed8936", "#f56565",
];
const SHAPES: [&str; 4] = ["circle", "square", "triangle", "diamond"];
const DASHES: [[i128; 2]; 7] = [[1, 0], [8, 8], [8, 4], [4, 4], [4, 2], [2, 1], [1, 1]];

/// Draws a plot; `None` where it has no points. What is wrong with single revisions comes beside it.
///
/// # Errors
/// A sentence, where DVC gives up: a template that is not there, a field that no point has.
pub fn render(
    id: &str,
    name: &str,
    props: &[Entry],
    sides: &[Side],
    own: &dyn Fn(&str) -> Option<Value>,
) -> Result<(Option<Rendered>, Faults), String> {
    let (mut points, mut revisions, mut faults) = (Vec::new(), Vec::new(), Vec::new());
    let mut first: Option<Points> = None;
    for side in sides {
        match Points::of(id, props, &side.files, &side.revision) {
            Ok(found) if found.points.is_empty() => {}
            Ok(mut found) => {
                points.append(&mut found.points);
                if !revisions.contains(&side.revision) {
                    revisions.push(side.revision.clone());
                }
                first.get_or_insert(found);
            }
            Err(fault) => faults.push((side.revision.clone(), fault)),
        }
    }
    let Some(first) = first else {
        return Ok((None, faults));
    };
    let template = prop(&first.props, "template")
        .and_then(Value::as_str)
        .unwrap_or("linear");
    let template = match own(template) {
        Some(content) => Template(content),
        None => {
            templates::named(template).ok_or_else(|| format!("Template '{template}' not found."))?
        }
    };
    let content = fill(template, name, &first, points, &revisions)?;
    Ok((Some(Rendered { revisions, content }), faults))
}

fn fill(
    mut template: Template,
    name: &str,
    how: &Points,
    mut points: Vec<Vec<Entry>>,
    revisions: &[String],
) -> Result<Value, String> {
    let axis = |key: &str| {
        prop(&how.props, key)
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let (x, y) = (axis("x"), axis("y"));
    for field in [&x, &y]
        .into_iter()
        .flatten()
        .filter(|field| !field.is_empty())
    {
        if !points.iter().any(|point| get(point, field).is_some()) {
            return Err(format!("Field '{field}' does not exist in provided data."));
        }
    }
    let varied = if has_optional(&template) {
        Some(optional(&mut template, how, (&x, &y), revisions))
    } else {
        None
    };
    if let Some(varied) = varied {
        for point in &mut points {
            name_lines(point, &varied);
        }
    }
    let title = prop(&how.props, "title")
        .cloned()
        .unwrap_or_else(|| Value::text(name));
    template.fill("title", &title);
    for (place, field) in [("x", &x), ("y", &y)] {
        if let Some(field) = field {
            template.fill(place, &Value::Text(escaped(field)));
        }
    }
    for (place, field) in [("x_label", &x), ("y_label", &y)] {
        let label = prop(&how.props, place).cloned();
        let label = label.or_else(|| field.as_ref().map(Value::text));
        if let Some(label) = label.filter(|label| !matches!(label, Value::Null)) {
            template.fill(place, &label);
        }
    }
    if !template.has("data") {
        return Err("Template is not using '<DVC_METRIC_DATA>' anchor".to_owned());
    }
    template.fill(
        "data",
        &Value::Seq(points.into_iter().map(Value::Map).collect()),
    );
    Ok(template.0)
}

const OPTIONAL: [&str; 13] = [
    "color",
    "column",
    "group_by_x",
    "group_by_y",
    "group_by",
    "pivot_field",
    "plot_height",
    "plot_width",
    "row",
    "shape",
    "stroke_dash",
    "tooltip",
    "zoom_and_pan",
];

fn has_optional(template: &Template) -> bool {
    OPTIONAL.iter().any(|name| template.has(name))
}

/// Fills what a template may have; the answer is what tells its lines apart: files, fields, both or nothing.
fn optional(
    template: &mut Template,
    how: &Points,
    (x, y): (&Option<String>, &Option<String>),
    revisions: &[String],
) -> Vec<&'static str> {
    let text = |field: &Option<String>| field.as_ref().map_or(Value::Null, Value::text);
    let fields = |names: &[&str]| Value::Seq(names.iter().map(|it| Value::text(*it)).collect());
    let revs: Vec<String> = revisions.to_vec();
    template.fill("color", &mapping("rev", "color", &revs));
    if let Ok(grid) = super::super::yaml::parse(GRID) {
        template.fill("zoom_and_pan", &grid);
    }
    template.fill("plot_height", &Value::Int(300));
    template.fill("plot_width", &Value::Int(300));
    let several = how.lines.len() > 1;
    let mut varied: Vec<&'static str> = Vec::new();
    if several {
        let differs = |of: fn(&(String, String)) -> &String| {
            how.lines
                .iter()
                .any(|line| how.lines.first().map(of) != Some(of(line)))
        };
        if differs(|line| &line.0) {
            varied.push("filename");
        }
        if differs(|line| &line.1) {
            varied.push("field");
        }
    }
    let both = varied.join("::");
    let mut group = vec!["rev"];
    if several {
        group.push(&both);
    }
    template.fill("group_by", &fields(&group));
    for (place, axis) in [("group_by_x", x), ("group_by_y", y)] {
        let Value::Seq(mut names) = fields(&group) else {
            continue;
        };
        names.push(text(axis));
        template.fill(place, &Value::Seq(names));
    }
    let field = |value: Value| Value::Map(vec![entry("field", value)]);
    let mut tooltip = vec![field(Value::text("rev")), field(text(x)), field(text(y))];
    if several {
        let pivot: Vec<String> = ["rev"]
            .iter()
            .chain(&varied)
            .map(|key| format!("datum.{key}"))
            .collect();
        let pivot = pivot.join(" + '::' + ");
        template.fill("pivot_field", &Value::Text(pivot));
        tooltip.push(field(Value::text(&both)));
        let by = Value::Map(vec![
            entry("field", Value::text(&both)),
            entry("sort", Value::Seq(Vec::new())),
        ]);
        template.fill("row", &by);
        template.fill("column", &by);
    } else {
        template.fill("pivot_field", &Value::text("datum.rev"));
    }
    template.fill("tooltip", &Value::Seq(tooltip));
    if several {
        let mut domain: Vec<String> = how
            .lines
            .iter()
            .map(|line| line_name(line, &varied))
            .collect();
        domain.sort();
        domain.dedup();
        for name in ["stroke_dash", "shape"] {
            template.fill(name, &mapping(&both, name, &domain));
        }
    } else {
        for name in OPTIONAL {
            template.fill(name, &Value::Map(Vec::new()));
        }
    }
    varied
}

fn line_name((file, field): &(String, String), varied: &[&str]) -> String {
    match varied {
        ["filename"] => file.clone(),
        ["field"] => field.clone(),
        _ => format!("{file}::{field}"),
    }
}

/// Leaves in a point only what tells lines apart.
fn name_lines(point: &mut Vec<Entry>, varied: &[&str]) {
    if let [a, b] = varied {
        let text = |key: &str| {
            get(point, key)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let both = format!("{}::{}", text(a), text(b));
        set(point, "filename::field", Value::Text(both));
        point.retain(|it| !matches!(it.key.as_str(), Some("filename" | "field")));
        return;
    }
    point.retain(|it| match it.key.as_str() {
        Some(key @ ("filename" | "field")) => varied.contains(&key),
        _ => true,
    });
}

/// Which value is drawn how, beginning anew where there are too many.
fn mapping(field: &str, name: &str, domain: &[String]) -> Value {
    let range: Vec<Value> = match name {
        "color" => COLORS.iter().map(|it| Value::text(*it)).collect(),
        "shape" => SHAPES.iter().map(|it| Value::text(*it)).collect(),
        _ => DASHES
            .iter()
            .map(|dash| Value::Seq(dash.iter().map(|it| Value::Int(*it)).collect()))
            .collect(),
    };
    let range = range.iter().cycle().take(domain.len()).cloned().collect();
    let scale = Value::Map(vec![
        entry(
            "domain",
            Value::Seq(domain.iter().map(Value::text).collect()),
        ),
        entry("range", Value::Seq(range)),
    ]);
    let mut fields = vec![entry("field", Value::text(field)), entry("scale", scale)];
    if name != "color" {
        let legend = [
            ("symbolFillColor", "transparent"),
            ("symbolStrokeColor", "grey"),
        ];
        let legend = legend
            .iter()
            .map(|(key, value)| entry(key, Value::text(*value)));
        fields.push(entry("legend", Value::Map(legend.collect())));
    }
    Value::Map(fields)
}
