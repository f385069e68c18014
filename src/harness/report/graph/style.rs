//! Colours in light and dark, and line styles that tell the relations apart without colour.

use std::fmt::Write;

use casebook_core::graph::EdgeKind;

/// A colour's name, in light, in dark. A page can set `--graph-NAME` to have its own.
const COLOURS: [(&str, &str, &str); 10] = [
    ("paper", "#ffffff", "#0d1117"),
    ("ink", "#1f2328", "#e6edf3"),
    ("dim", "#59636e", "#9198a1"),
    ("box", "#f6f8fa", "#161b22"),
    ("po", "#8c959f", "#6e7681"),
    ("rf", "#1a7f37", "#3fb950"),
    ("co", "#9a6700", "#d29922"),
    ("sw", "#0969da", "#58a6ff"),
    ("rb", "#8250df", "#bc8cff"),
    ("race", "#cf222e", "#ff7b72"),
];

/// Which property of which elements has which colour.
const USES: [(&str, &str, &str); 22] = [
    ("", "color", "ink"),
    (" .paper", "fill", "paper"),
    (" .tag", "fill", "paper"),
    (" .gap", "fill", "paper"),
    (" .event", "fill", "box"),
    (" .event", "stroke", "po"),
    (" .event.bad", "stroke", "race"),
    (" .place", "fill", "dim"),
    (" .key", "fill", "dim"),
    (" .note", "fill", "race"),
    (" .headline", "fill", "race"),
    (" .po", "stroke", "po"),
    (" .edge.rf", "stroke", "rf"),
    (" .edge.co", "stroke", "co"),
    (" .edge.sw", "stroke", "sw"),
    (" .edge.rb", "stroke", "rb"),
    (" .edge.race", "stroke", "race"),
    (" :not(.edge).rf", "fill", "rf"),
    (" :not(.edge).co", "fill", "co"),
    (" :not(.edge).sw", "fill", "sw"),
    (" :not(.edge).rb", "fill", "rb"),
    (" :not(.edge).race", "fill", "race"),
];

/// What does not depend on light and dark.
const SHAPES: &str = "\
.xgraph{max-width:100%;height:auto}
.xgraph text{fill:currentColor;text-anchor:middle;font:11px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace}
.xgraph .what{font-size:13px;font-weight:600}
.xgraph .note,.xgraph .label,.xgraph .name{font-weight:700}
.xgraph .headline,.xgraph .words,.xgraph .key{text-anchor:start;font-family:system-ui,'DejaVu Sans',sans-serif}
.xgraph .headline{font-size:16px;font-weight:700}
.xgraph .words{font-size:13px}
.xgraph .operation{fill:currentColor;fill-opacity:.07}
.xgraph .event{stroke-width:1.2}
.xgraph .event.bad{stroke-width:3.5}
.xgraph .po,.xgraph .edge{fill:none;stroke-width:1.6}
.xgraph .edge.sw{stroke-width:2.6}
.xgraph .edge.co{stroke-dasharray:8 4}
.xgraph .edge.rb{stroke-dasharray:2 4;stroke-width:2.2}
.xgraph .edge.race{stroke-dasharray:10 5;stroke-width:3}
";

/// The class of a line that stands for these relations: the strongest one's.
pub(super) fn class(kinds: &[EdgeKind]) -> &'static str {
    kinds.last().map_or("", |kind| kind.name())
}

/// The style sheet. Renderers that know no variables or media queries show the light colours.
pub fn sheet() -> String {
    let mut sheet = SHAPES.to_string();
    for (selector, property, name) in USES {
        let light = colour(name).0;
        let _ = writeln!(
            sheet,
            ".xgraph{selector}{{{property}:{light};{property}:var(--graph-{name},{light})}}"
        );
    }
    sheet += "@media (prefers-color-scheme:dark){\n";
    for (selector, property, name) in USES {
        let dark = colour(name).1;
        let _ = writeln!(sheet, ".xgraph{selector}{{{property}:var(--graph-{name},{dark})}}");
    }
    sheet + "}\n"
}

/// A colour in light and in dark.
fn colour(name: &str) -> (&'static str, &'static str) {
    let found = COLOURS.iter().find(|(known, _, _)| *known == name);
    found.map(|(_, light, dark)| (*light, *dark)).expect("every use names a colour of the list")
}
