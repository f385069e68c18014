//! An execution graph as a picture that stands alone or within a page, in light and dark.

use std::fmt::Write;

use super::grid::MARGIN;
use super::layout::{Layout, Rect, only_file, place};
use super::line::Line;
use super::picture::Picture;
use super::style;
use super::text::{text, wrap};
use crate::report::escaped;
use casebook_core::graph::{EdgeKind, EventId, Graph};

/// A narrower picture leaves no room for its words.
const NARROWEST: i32 = 440;
/// The height of a line of words.
const LINE: i32 = 19;

/// The graph as an SVG file. Equal graphs give equal bytes.
pub fn svg(graph: &Graph) -> String {
    let desc = format!("<desc>{}</desc>\n", escaped(&text(graph)));
    element(graph, &format!("{desc}<style>\n{}</style>\n", style::sheet()))
}

/// The graph as an element of a page that has [`sheet`](style::sheet) once and the words beside it.
pub fn element_of_page(graph: &Graph) -> String {
    element(graph, "")
}

/// The picture; `head` stands behind its title.
fn element(graph: &Graph, head: &str) -> String {
    let picture = Picture::new(graph);
    // How many lines the caption takes depends on the width, and that not on the caption.
    let width = Layout::new(&picture, 0, NARROWEST).width;
    let letters = usize::try_from((width - 2 * MARGIN) / 7).unwrap_or(0);
    let mut words = wrap(&graph.caption, letters);
    words.extend(picture.note().iter().flat_map(|note| wrap(note, letters)));
    let top = MARGIN + 22 + words.len() as i32 * LINE + 10;
    let layout = Layout::new(&picture, top, NARROWEST);
    let mut body = caption(graph, &words);
    body += &drawing(&layout);
    let (legend, bottom) = legend(&layout);
    body += &legend;
    let (width, height) = (layout.width, bottom + MARGIN);
    let title = escaped(&format!("{}: {}", graph.title, graph.caption));
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"xgraph\" role=\"img\" \
         width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n"
    );
    let _ = writeln!(svg, "<title>{title}</title>");
    svg += head;
    let _ = writeln!(svg, "<rect class=\"paper\" width=\"{width}\" height=\"{height}\" rx=\"8\"/>");
    svg + &body + "</svg>\n"
}

/// What is wrong, in words.
fn caption(graph: &Graph, words: &[String]) -> String {
    let mut y = MARGIN + 12;
    let title = escaped(&graph.title);
    let mut svg = format!("<text class=\"headline\" x=\"{MARGIN}\" y=\"{y}\">{title}</text>\n");
    y += 3;
    for line in words {
        y += LINE;
        let line = escaped(line);
        let _ = writeln!(svg, "<text class=\"words\" x=\"{MARGIN}\" y=\"{y}\">{line}</text>");
    }
    svg
}

/// Lines first, then boxes, then the lines' names, so that nothing to read is crossed out.
fn drawing(layout: &Layout) -> String {
    let mut svg = String::new();
    for frame in &layout.operations {
        svg += &rect_of("operation", frame, 10);
    }
    for ((x, from), (_, to)) in &layout.po {
        let _ = writeln!(svg, "<path class=\"po\" d=\"M{x} {from} V{to}\"/>");
    }
    for (column, rect) in layout.picture.columns.iter().zip(&layout.heads) {
        let (x, y) = (rect.centre(), rect.y + 12);
        let name = format!("thread {}", column.thread);
        let _ = writeln!(svg, "<text class=\"name\" x=\"{x}\" y=\"{y}\">{name}</text>");
    }
    for line in &layout.lines {
        svg += &arrow(line);
    }
    let whole_file = only_file(layout.picture).is_some();
    for (id, rect) in &layout.boxes {
        svg += &event(layout.picture, *id, rect, whole_file);
    }
    for (hidden, rect) in &layout.gaps {
        let (x, y) = (rect.centre(), rect.y + rect.h / 2 + 4);
        svg += &hidden_box(rect);
        let _ =
            writeln!(svg, "<text class=\"place\" x=\"{x}\" y=\"{y}\">⋮ {hidden} earlier</text>");
    }
    for line in &layout.lines {
        let Some(tag) = &line.tag else { continue };
        let (kind, label) = (style::class(&line.arrow.kinds), line.arrow.label());
        let (x, y) = (tag.centre(), tag.y + 12);
        svg += &rect_of("tag", tag, 4);
        let _ = writeln!(svg, "<text class=\"label {kind}\" x=\"{x}\" y=\"{y}\">{label}</text>");
    }
    svg
}

fn arrow(line: &Line) -> String {
    let kind = style::class(&line.arrow.kinds);
    let path = &line.path;
    let mut svg = format!("<path class=\"edge {kind}\" d=\"{path}\"/>\n");
    if let Some(((x, y), base)) = line.head {
        let (up, down) = (y - 4, y + 4);
        let head = format!("M{x} {y} L{base} {up} V{down} Z");
        let _ = writeln!(svg, "<path class=\"head {kind}\" d=\"{head}\"/>");
    }
    svg
}

fn event(picture: &Picture, id: EventId, rect: &Rect, whole_file: bool) -> String {
    let mark = picture.graph.mark(id);
    let mut svg = rect_of(if mark.is_some() { "event bad" } else { "event" }, rect, 7);
    let (x, y) = (rect.centre(), rect.y + 18);
    let label = escaped(&picture.graph.label(id));
    let _ = writeln!(svg, "<text class=\"what\" x=\"{x}\" y=\"{y}\">{label}</text>");
    let (place, y) = (escaped(&place(picture, id, whole_file)), rect.y + 34);
    let note = mark.map_or(String::new(), |note| {
        format!(" · <tspan class=\"note\">{}</tspan>", escaped(note))
    });
    let _ = writeln!(svg, "<text class=\"place\" x=\"{x}\" y=\"{y}\">{place}{note}</text>");
    svg
}

fn hidden_box(rect: &Rect) -> String {
    let middle = Rect { y: rect.y + 8, h: rect.h - 16, x: rect.centre() - 50, w: 100 };
    rect_of("gap", &middle, 4)
}

fn rect_of(class: &str, rect: &Rect, round: i32) -> String {
    let Rect { x, y, w, h } = rect;
    format!(
        "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" rx=\"{round}\"/>\n"
    )
}

/// What the lines mean, and which file the line numbers are of; with the y where it ends.
fn legend(layout: &Layout) -> (String, i32) {
    let mut entries = vec![("po".to_string(), "program order")];
    let named = |kind: EdgeKind| (kind.name().to_string(), kind.meaning());
    entries.extend(layout.picture.kinds().map(named));
    let (mut svg, mut x, mut y) = (String::new(), MARGIN, layout.height + 34);
    for (kind, meaning) in entries {
        let words = format!("{kind} {meaning}");
        let width = 34 + words.len() as i32 * 7 + 14;
        if x + width > layout.width - MARGIN + 14 && x > MARGIN {
            (x, y) = (MARGIN, y + LINE);
        }
        let (line, to, words_x) = (y - 4, x + 28, x + 34);
        let _ = writeln!(svg, "<path class=\"edge {kind}\" d=\"M{x} {line} H{to}\"/>");
        let _ = writeln!(svg, "<text class=\"key\" x=\"{words_x}\" y=\"{y}\">{words}</text>");
        x += width;
    }
    if let Some(file) = only_file(layout.picture) {
        y += LINE;
        let file = escaped(file);
        let _ =
            writeln!(svg, "<text class=\"key\" x=\"{MARGIN}\" y=\"{y}\">lines of {file}</text>");
    }
    (svg, y)
}
