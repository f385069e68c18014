//! An execution graph as text: threads side by side, the edges beneath.

use std::fmt::Write;

use super::picture::{Column, Item, Picture};
use casebook_core::graph::{EdgeKind, Graph};

/// The widest line.
const WIDTH: usize = 100;
/// More threads than this side by side leave too little room for an event.
const SIDE_BY_SIDE: usize = 4;

/// The graph in at most 100 columns.
pub fn text(graph: &Graph) -> String {
    let picture = Picture::new(graph);
    let mut text = String::new();
    for line in wrap(&format!("{}: {}", graph.title, graph.caption), WIDTH) {
        let _ = writeln!(text, "{line}");
    }
    for line in picture.note().iter().flat_map(|note| wrap(note, WIDTH)) {
        let _ = writeln!(text, "{line}");
    }
    let initial = picture.init.iter().map(|id| format!("{id} {}", graph.label(*id)));
    let initial = initial.collect::<Vec<_>>().join(", ");
    if !initial.is_empty() {
        text.push('\n');
    }
    for line in wrap(&initial, WIDTH) {
        let _ = writeln!(text, "{line}");
    }
    for bank in picture.columns.chunks(SIDE_BY_SIDE) {
        text.push('\n');
        text += &side_by_side(&picture, bank);
    }
    text + &edges(&picture) + &marks(graph)
}

/// A few threads as columns.
fn side_by_side(picture: &Picture, bank: &[Column]) -> String {
    let width = ((WIDTH + 2) / bank.len() - 2).min(40);
    let mut lines = Vec::new();
    let heads = bank.iter().map(|column| vec![format!("thread {}", column.thread)]);
    lines.extend(join(&heads.collect::<Vec<_>>(), width));
    for row in 0..picture.rows {
        let cells: Vec<Vec<String>> = bank
            .iter()
            .map(|column| match column.rows.iter().position(|r| *r == row) {
                Some(at) => cell(picture.graph, column.items[at], width),
                None => Vec::new(),
            })
            .collect();
        lines.extend(join(&cells, width));
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// What stands in a cell; an exclamation mark goes before what races or contradicts.
fn cell(graph: &Graph, item: Item, width: usize) -> Vec<String> {
    match item {
        Item::Gap(hidden) => vec![format!(" ⋮ {hidden} earlier")],
        Item::Event(id) => {
            let mark = if graph.mark(id).is_some() { '!' } else { ' ' };
            let first = format!("{mark}{id} ");
            let lines = wrap(&graph.label(id), width - first.chars().count());
            let mut lines = lines.into_iter();
            let mut cell = vec![format!("{first}{}", lines.next().unwrap_or_default())];
            let indent = " ".repeat(first.chars().count());
            cell.extend(lines.map(|line| format!("{indent}{line}")));
            cell
        }
    }
}

/// Cells of one row beside each other.
fn join(cells: &[Vec<String>], width: usize) -> Vec<String> {
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    let line = |at: usize| {
        let mut line = String::new();
        for cell in cells {
            let _ = write!(line, "{:<width$}  ", cell.get(at).map_or("", |text| text));
        }
        line.trim_end().to_string()
    };
    (0..height).map(line).collect()
}

/// The edges, those of a kind together.
fn edges(picture: &Picture) -> String {
    let mut text = String::new();
    for kind in picture.kinds() {
        let arrow = if kind == EdgeKind::Race { "--" } else { "->" };
        let pairs = picture.arrows.iter().filter(|a| a.kinds.contains(&kind));
        let pairs =
            pairs.map(|a| format!("{}\u{a0}{arrow}\u{a0}{}", a.from, a.to)).collect::<Vec<_>>();
        let list = format!("{}: {}  ({})", kind.name(), pairs.join(", "), kind.meaning());
        text += if text.is_empty() { "\n" } else { "" };
        for line in wrap(&list, WIDTH) {
            let _ = writeln!(text, "{line}");
        }
    }
    text
}

/// The marked events, with where they stand in the source.
fn marks(graph: &Graph) -> String {
    let mut text = String::new();
    for mark in &graph.marks {
        let site = graph.event(mark.event).site.as_ref();
        let site = site.map_or(String::new(), |site| format!(" ({site})"));
        text += if text.is_empty() { "\n" } else { "" };
        let _ = writeln!(text, "!{} {}{site}", mark.event, mark.note);
    }
    text
}

/// Breaks a text into lines of at most so many characters, at spaces where there are some; what a
/// no-break space joins stays together.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split([' ', '\n']).filter(|word| !word.is_empty()) {
        let fits = |line: &&mut String| line.chars().count() + 1 + word.chars().count() <= width;
        if let Some(line) = lines.last_mut().filter(fits) {
            line.push(' ');
            line.push_str(word);
            continue;
        }
        let letters: Vec<char> = word.chars().collect();
        lines.extend(letters.chunks(width.max(1)).map(|part| part.iter().collect()));
    }
    lines.iter().map(|line| line.replace('\u{a0}', " ")).collect()
}
