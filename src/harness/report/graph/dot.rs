//! An execution graph in Graphviz's language, for those who have other plans with it.

use std::fmt::Write;

use super::picture::{Item, Picture};
use casebook_core::graph::{EdgeKind, EventId, Graph};

/// The graph in DOT.
pub fn dot(graph: &Graph) -> String {
    let picture = Picture::new(graph);
    let mut caption = format!("{}: {}", graph.title, graph.caption);
    caption.extend(picture.note().map(|note| format!("\n{note}")));
    let mut text = String::from("digraph execution {\n");
    let _ = writeln!(text, "  label={}; labelloc=t;", quoted(&caption));
    text += "  node [shape=box, style=rounded, fontname=monospace];\n";
    text += "  edge [fontname=monospace];\n";
    if !picture.init.is_empty() {
        text += "  { rank=source;\n";
        for id in &picture.init {
            let _ = writeln!(text, "    {};", node(graph, *id));
        }
        text += "  }\n";
    }
    for column in &picture.columns {
        let thread = column.thread;
        let _ = writeln!(text, "  subgraph cluster_{thread} {{");
        let _ = writeln!(text, "    label=\"thread {thread}\"; color=gray80;");
        let mut names = Vec::new();
        for (at, item) in column.items.iter().enumerate() {
            let (name, line) = match item {
                Item::Event(id) => (quoted(&id.to_string()), node(graph, *id)),
                Item::Gap(hidden) => {
                    let name = format!("\"t{thread} gap {at}\"");
                    let line = format!("{name} [label=\"⋮ {hidden} earlier\", shape=plaintext]");
                    (name, line)
                }
            };
            let _ = writeln!(text, "    {line};");
            names.push(name);
        }
        if names.len() > 1 {
            let _ = writeln!(text, "    {} [arrowhead=none, weight=10];", names.join(" -> "));
        }
        text += "  }\n";
    }
    for arrow in &picture.arrows {
        let (from, to) = (quoted(&arrow.from.to_string()), quoted(&arrow.to.to_string()));
        let (label, style) = (quoted(&arrow.label()), style(&arrow.kinds));
        let _ = writeln!(text, "  {from} -> {to} [label={label}, {style}];");
    }
    text + "}\n"
}

/// An event's line.
fn node(graph: &Graph, id: EventId) -> String {
    let mark = graph.mark(id).map(|note| format!(": {note}")).unwrap_or_default();
    let label = quoted(&format!("{}\n{id}{mark}", graph.label(id)));
    let outline = if mark.is_empty() { "" } else { ", color=red, penwidth=3" };
    format!("{} [label={label}{outline}]", quoted(&id.to_string()))
}

/// How the strongest of some relations is drawn.
fn style(kinds: &[EdgeKind]) -> &'static str {
    match kinds.last() {
        Some(EdgeKind::Co) => "color=orange4, style=dashed, constraint=false",
        Some(EdgeKind::Sw) => "color=blue, penwidth=2",
        Some(EdgeKind::Rb) => "color=purple, style=dotted, constraint=false",
        Some(EdgeKind::Race) => {
            "color=red, style=dashed, penwidth=3, arrowhead=none, constraint=false"
        }
        Some(EdgeKind::Rf) | None => "color=darkgreen",
    }
}

/// A quoted string.
fn quoted(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("\"{text}\"")
}
