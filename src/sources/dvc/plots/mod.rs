//! Plots: what `dvc.yaml` says of them, the points in their files, and the Vega-Lite that DVC makes of both.

mod definitions;
mod points;
mod renderer;
mod table;
mod template;
mod templates;

pub use self::definitions::{Definitions, Plot, definitions};
pub use self::points::Points;
pub use self::renderer::{Rendered, Side, render};
pub use self::table::read;
