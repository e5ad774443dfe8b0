//! Theme: from what a piece of the screen means to how it looks.

mod color;
#[cfg(test)]
mod contrast;
mod glyphs;
mod load;
mod read;
mod role;
mod support;

use ratatui::style::Style;

pub use glyphs::Glyphs;
pub use role::Role;
pub use support::{ColorSupport, needs_ascii};

use read::Layers;

/// A style for every role, fit for the terminal at hand.
#[derive(Clone, Debug)]
pub struct Theme {
    name: String,
    /// By the order of `Role::ALL`.
    styles: Vec<Style>,
    glyphs: &'static Glyphs,
}

impl Default for Theme {
    /// `dark` with all colours and signs.
    fn default() -> Self {
        Self::load("dark", None, ColorSupport::TrueColor, false).0
    }
}

impl Theme {
    fn new(name: &str, layers: &Layers, support: ColorSupport, glyphs: &'static Glyphs) -> Self {
        let style = |role: &Role| layers.style(*role, support).unwrap_or_default();
        Self {
            name: name.to_owned(),
            styles: Role::ALL.iter().map(style).collect(),
            glyphs,
        }
    }

    /// The one in force: what was asked for, unless it is not there or there are no colours.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn style(&self, role: Role) -> Style {
        self.styles.get(role as usize).copied().unwrap_or_default()
    }

    pub fn glyphs(&self) -> &'static Glyphs {
        self.glyphs
    }
}
