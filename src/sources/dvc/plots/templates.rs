//! The templates that every DVC repository has: what scripts get from `dvc plots` in Vega-Lite 5.

use super::super::json_text;
use super::template::Template;

/// A template by its name.
pub fn named(name: &str) -> Option<Template> {
    let text = match name {
        "linear" | "smooth" => smooth(),
        "simple" => simple(),
        "scatter" => scatter(),
        "scatter_jitter" => jitter(),
        "bar_horizontal" => bars(""),
        "bar_horizontal_sorted" => bars(r#", "sort": "-x""#),
        "confusion" => confusion(&COUNTED),
        "confusion_normalized" => confusion(&SHARES),
        _ => return None,
    };
    json_text::parse(text.as_bytes()).ok().map(Template)
}

const HEAD: &str = r#""$schema": "https://vega.github.io/schema/vega-lite/v5.json",
    "data": {"values": "<DVC_METRIC_DATA>"},
    "title": {"text": "<DVC_METRIC_TITLE>", "anchor": "middle"}"#;
const SIZE: &str = r#""width": "<DVC_METRIC_PLOT_WIDTH>", "height": "<DVC_METRIC_PLOT_HEIGHT>""#;
const ZOOM: &str = r#""params": ["<DVC_METRIC_ZOOM_AND_PAN>"]"#;
const COLOR: &str = r#""color": "<DVC_METRIC_COLOR>""#;
const SHAPE: &str = r#""shape": "<DVC_METRIC_SHAPE>""#;
const DASH: &str = r#""strokeDash": "<DVC_METRIC_STROKE_DASH>""#;
const TOOLTIP: &str = r#""tooltip": "<DVC_METRIC_TOOLTIP>""#;
const BY_REV: &str = r#""color": {"field": "rev", "type": "nominal"}"#;
const NOT_FROM_ZERO: &str = r#", "scale": {"zero": false}"#;

/// An axis: its field, with `before` and its label around, and `after`.
fn axis(name: &str, kind: &str, after: &str) -> String {
    let place = name.to_uppercase();
    format!(
        r#""{name}": {{"field": "<DVC_METRIC_{place}>", "type": "{kind}", "title": "<DVC_METRIC_{place}_LABEL>"{after}}}"#
    )
}

fn quantity(name: &str, after: &str) -> String {
    axis(name, "quantitative", after)
}

fn simple() -> String {
    let (x, y) = (quantity("x", ""), quantity("y", NOT_FROM_ZERO));
    format!(
        r#"{{{HEAD}, {ZOOM}, {SIZE}, "mark": {{"type": "line", "tooltip": {{"content": "data"}}}},
        "encoding": {{{x}, {y}, {COLOR}, {DASH}, {TOOLTIP}}}}}"#
    )
}

fn scatter() -> String {
    let (x, y) = (quantity("x", ""), quantity("y", ""));
    format!(
        r#"{{{HEAD}, {SIZE}, "mark": {{"type": "point", "tooltip": {{"content": "data"}}}}, {ZOOM},
        "encoding": {{{x}, {y}, {COLOR}, {SHAPE}, {TOOLTIP}}}}}"#
    )
}

fn jitter() -> String {
    let axis = |name: &str| {
        let place = name.to_uppercase();
        format!(
            r#""{name}": {{"field": "<DVC_METRIC_{place}>", "title": "<DVC_METRIC_{place}_LABEL>"}}"#
        )
    };
    let random = |name: &str| format!(r#"{{"calculate": "random()", "as": "random{name}"}}"#);
    let offset = |name: &str, field: &str| {
        format!(r#""{name}Offset": {{"field": "random{field}", "type": "quantitative"}}"#)
    };
    let (x, y) = (axis("x"), axis("y"));
    let (random_x, random_y) = (random("X"), random("Y"));
    let (x_offset, y_offset) = (offset("x", "X"), offset("y", "Y"));
    format!(
        r#"{{{HEAD}, {SIZE}, "transform": [{random_x}, {random_y}],
        "mark": {{"type": "point", "tooltip": {{"content": "data"}}}},
        "encoding": {{{x}, {y}, {COLOR}, {SHAPE}, {TOOLTIP}, {x_offset}, {y_offset}}}}}"#
    )
}

fn bars(sort: &str) -> String {
    let (x, y) = (quantity("x", NOT_FROM_ZERO), axis("y", "nominal", sort));
    format!(
        r#"{{{HEAD}, {SIZE}, "mark": {{"type": "bar"}}, {ZOOM},
        "encoding": {{{x}, {y}, "yOffset": {{"field": "rev", "sort": []}}, {COLOR},
            "column": "<DVC_METRIC_COLUMN>"}}}}"#
    )
}

/// Lines that a slider smooths over lines as they are, the last point of each, and what the mouse is over.
fn smooth() -> String {
    let (x, y) = (quantity("x", ""), quantity("y", NOT_FROM_ZERO));
    let last = |name: &str, aggregate: &str, after: &str| {
        let axis = quantity(name, after);
        axis.replacen('{', &format!(r#"{{"aggregate": {aggregate}, "#), 1)
    };
    let last_x = last("x", r#""max""#, "");
    let last_y = last("y", r#"{"argmax": "<DVC_METRIC_X>"}"#, NOT_FROM_ZERO);
    let slider = r#"{"name": "smooth", "value": 0.001, "bind": {"input": "range", "min": 0.001, "max": 1, "step": 0.001}}"#;
    let hovered =
        r#"{"transform": [{"filter": {"param": "hover", "empty": false}}], "mark": "point"}"#;
    let smoothed = format!(
        r#"{{"layer": [{{{ZOOM}, "mark": "line"}}, {hovered}], "encoding": {{{y}, {BY_REV}}},
        "transform": [{{"loess": "<DVC_METRIC_Y>", "on": "<DVC_METRIC_X>", "groupby": "<DVC_METRIC_GROUP_BY>",
            "bandwidth": {{"signal": "smooth"}}}}]}}"#
    );
    let rule = r#"{"transform": [{"calculate": "<DVC_METRIC_PIVOT_FIELD>", "as": "pivot_field"},
            {"pivot": "pivot_field", "op": "mean", "value": "<DVC_METRIC_Y>", "groupby": ["<DVC_METRIC_X>"]}],
        "mark": {"type": "rule", "tooltip": {"content": "data"}, "stroke": "grey"},
        "encoding": {"opacity": {"condition": {"value": 0.3, "param": "hover", "empty": false}, "value": 0}},
        "params": [{"name": "hover", "select": {"type": "point", "fields": ["<DVC_METRIC_X>"],
            "nearest": true, "on": "mouseover", "clear": "mouseout"}}]}"#;
    format!(
        r#"{{{HEAD}, {SIZE}, "params": [{slider}], "encoding": {{{x}, {COLOR}, {DASH}}},
        "layer": [{smoothed},
            {{"mark": {{"type": "line", "opacity": 0.2}}, "encoding": {{{x}, {y}, {BY_REV}}}}},
            {{"mark": {{"type": "circle", "size": 10}}, "encoding": {{{last_x}, {last_y}, {BY_REV}}}}},
            {rule}]}}"#
    )
}

/// How the two kinds of confusion matrices differ.
struct Matrix {
    params: &'static str,
    first_group: &'static str,
    total: &'static str,
    share: &'static str,
    field: &'static str,
    scale: &'static str,
    format: &'static str,
    text: &'static str,
    test: &'static str,
}

const COUNTED: Matrix = Matrix {
    params: r#""params": [{"name": "showValues", "bind": {"input": "checkbox"}}],"#,
    first_group: r#""<DVC_METRIC_GROUP_BY_Y>""#,
    total: r#"{"joinaggregate": [{"op": "max", "field": "xy_count", "as": "max_count"}], "groupby": []}"#,
    share: r#"{"calculate": "datum.xy_count / datum.max_count", "as": "percent_of_max"}"#,
    field: "xy_count",
    scale: r#"{"domainMin": 0, "nice": true}"#,
    format: "",
    text: r#""text": {"condition": {"param": "showValues", "field": "xy_count", "type": "quantitative"}},"#,
    test: "datum.percent_of_max > 0.5",
};

const SHARES: Matrix = Matrix {
    params: "",
    first_group: r#"["rev", "<DVC_METRIC_Y>"]"#,
    total: r#"{"joinaggregate": [{"op": "sum", "field": "xy_count", "as": "sum_y"}], "groupby": ["<DVC_METRIC_Y>"]}"#,
    share: r#"{"calculate": "datum.xy_count / datum.sum_y", "as": "percent_of_y"}"#,
    field: "percent_of_y",
    scale: r#"{"domain": [0, 1]}"#,
    format: r#", "format": ".2f""#,
    text: "",
    test: "datum.percent_of_y > 0.5",
};

fn confusion(matrix: &Matrix) -> String {
    let Matrix {
        params,
        first_group,
        total,
        share,
        field,
        scale,
        format,
        text,
        test,
    } = matrix;
    let ascending = |name: &str| {
        let axis = axis(name, "nominal", "");
        axis.replacen(
            r#""type": "nominal", "#,
            r#""type": "nominal", "sort": "ascending", "#,
            1,
        )
    };
    let (x, y) = (ascending("x"), ascending("y"));
    let impute = |group: &str, key: &str| {
        format!(
            r#"{{"impute": "xy_count", "groupby": {group}, "key": "<DVC_METRIC_{key}>", "value": 0}}"#
        )
    };
    let (first, second) = (
        impute(first_group, "X"),
        impute(r#""<DVC_METRIC_GROUP_BY_X>""#, "Y"),
    );
    let cell = r#"{"field": "<DVC_METRIC_X>", "type": "nominal"}, {"field": "<DVC_METRIC_Y>", "type": "nominal"}"#;
    format!(
        r#"{{{HEAD}, "facet": {{"column": {{"field": "rev", "sort": []}}, "row": "<DVC_METRIC_ROW>"}}, {params}
        "spec": {{
            "transform": [
                {{"aggregate": [{{"op": "count", "as": "xy_count"}}], "groupby": ["<DVC_METRIC_Y>", "<DVC_METRIC_X>"]}},
                {first}, {second}, {total}, {share}],
            "encoding": {{{x}, {y}}},
            "layer": [
                {{"mark": "rect", {SIZE}, "encoding": {{"color":
                    {{"field": "{field}", "type": "quantitative", "title": "", "scale": {scale}}}}}}},
                {{"selection": {{"label": {{"type": "single", "on": "mouseover", "encodings": ["x", "y"],
                        "empty": "none", "clear": "mouseout"}}}},
                    "mark": "rect",
                    "encoding": {{
                        "tooltip": [{cell}, {{"field": "{field}", "type": "quantitative"{format}}}],
                        "opacity": {{"condition": {{"selection": "label", "value": 1}}, "value": 0}}}}}},
                {{"transform": [{{"filter": {{"selection": "label"}}}}],
                    "layer": [{{"mark": {{"type": "rect", "color": "lightpink"}}}}]}},
                {{"mark": "text", "encoding": {{{text} "color":
                    {{"condition": {{"test": "{test}", "value": "white"}}, "value": "black"}}}}}}]}}}}"#
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_template_can_be_filled() {
        for name in [
            "linear",
            "smooth",
            "simple",
            "scatter",
            "scatter_jitter",
            "bar_horizontal",
            "bar_horizontal_sorted",
            "confusion",
            "confusion_normalized",
        ] {
            let template = named(name).unwrap();
            for place in ["data", "title", "x", "y", "x_label", "y_label"] {
                assert!(template.has(place), "{name} {place}");
            }
        }
        assert!(named("nope").is_none());
    }
}
