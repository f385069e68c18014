//! Execution graphs as people see them: text for a terminal, a picture for a page, DOT for other tools.

mod dot;
mod grid;
mod layout;
mod line;
mod picture;
mod route;
mod style;
mod svg;
mod text;

pub use dot::dot;
pub use style::sheet;
pub use svg::{element_of_page, svg};
pub use text::text;
pub(crate) use text::wrap;

use std::path::Path;

use casebook_core::graph::Graph;

/// The graph as a file's ending asks for it: `svg`, `dot` (or `gv`), or `txt`; none for another.
pub fn by_ending(graph: &Graph, path: &Path) -> Option<String> {
    match path.extension()?.to_str()? {
        "svg" => Some(svg(graph)),
        "dot" | "gv" => Some(dot(graph)),
        "txt" => Some(text(graph)),
        _ => None,
    }
}
