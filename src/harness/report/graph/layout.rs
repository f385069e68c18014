//! Where everything in the picture stands, in pixels.

use super::grid::Grid;
use super::line::{Line, Point};
use super::picture::{Column, Item, Picture};
use super::route::routes;
use casebook_core::graph::{Action, EventId};

/// A rectangle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rect {
    pub x: i32,
    pub y: i32,
    pub w: i32,
    pub h: i32,
}

impl Rect {
    /// Whether the two are less than `space` apart.
    pub fn meets(&self, other: &Rect, space: i32) -> bool {
        self.x < other.x + other.w + space
            && other.x < self.x + self.w + space
            && self.y < other.y + other.h + space
            && other.y < self.y + self.h + space
    }

    /// The middle of the width.
    pub fn centre(&self) -> i32 {
        self.x + self.w / 2
    }
}

/// The boxes and lines of a picture, the upper left corner being the origin.
pub(super) struct Layout<'a> {
    pub picture: &'a Picture<'a>,
    pub width: i32,
    pub height: i32,
    /// By column: the thread's name.
    pub heads: Vec<Rect>,
    pub boxes: Vec<(EventId, Rect)>,
    /// Around what each operation of an object does.
    pub operations: Vec<Rect>,
    /// Events left out.
    pub gaps: Vec<(usize, Rect)>,
    /// Program order, from box to box.
    pub po: Vec<(Point, Point)>,
    pub lines: Vec<Line<'a>>,
}

/// The second line of an event's box, without its mark.
pub(super) fn place(picture: &Picture, id: EventId, whole_file: bool) -> String {
    match &picture.graph.event(id).site {
        None => id.to_string(),
        Some(site) if whole_file => format!("{id} · {}line {}", site.relation.short(), site.line),
        Some(site) => {
            let file = site.file.rsplit('/').next().unwrap_or(&site.file);
            format!("{id} · {}{file}:{}", site.relation.short(), site.line)
        }
    }
}

/// The one file that all sites are in, if there is one.
pub(super) fn only_file<'a>(picture: &Picture<'a>) -> Option<&'a str> {
    let graph = picture.graph;
    let events = graph.threads.iter().flatten().chain(&graph.init);
    let mut files = events.filter_map(|event| event.site.as_ref()).map(|site| site.file.as_str());
    let first = files.next()?;
    files.all(|file| file == first).then_some(first)
}

impl<'a> Layout<'a> {
    /// Lays the picture out below `top`, at least `least` wide.
    pub fn new(picture: &'a Picture, top: i32, least: i32) -> Self {
        let routes = if picture.columns.is_empty() { Vec::new() } else { routes(picture) };
        let grid = Grid::new(picture, &routes, top, least);
        let mut layout = Layout {
            picture,
            width: grid.width,
            height: grid.bottom,
            heads: grid.heads.clone(),
            boxes: Vec::new(),
            operations: Vec::new(),
            gaps: Vec::new(),
            po: Vec::new(),
            lines: Vec::new(),
        };
        layout.boxes.extend(grid.init.iter().map(|(id, rect)| (*id, *rect)));
        for (at, column) in picture.columns.iter().enumerate() {
            let mut above = grid.heads[at];
            for (item, row) in column.items.iter().zip(&column.rows) {
                let rect = grid.cell((at, *row));
                layout.po.push(((rect.centre(), above.y + above.h), (rect.centre(), rect.y)));
                match item {
                    Item::Event(id) => layout.boxes.push((*id, rect)),
                    Item::Gap(hidden) => layout.gaps.push((*hidden, rect)),
                }
                above = rect;
            }
        }
        layout.operations =
            (0..picture.columns.len()).flat_map(|at| layout.frames(&grid, at)).collect();
        layout.lines = routes.iter().enumerate().map(|(at, route)| grid.line(at, route)).collect();
        layout.tag();
        layout
    }

    /// The frames of a column's operations: each from its call to its return, or to the last event.
    fn frames(&self, grid: &Grid, column: usize) -> Vec<Rect> {
        let mut frames: Vec<Rect> = Vec::new();
        let mut is_open = false;
        let Column { items, rows, .. } = &self.picture.columns[column];
        for (item, row) in items.iter().zip(rows) {
            let Item::Event(id) = item else { continue };
            let (action, rect) = (&self.picture.graph.event(*id).action, grid.cell((column, *row)));
            if matches!(action, Action::Begin(_)) {
                frames.push(Rect { x: rect.x - 10, y: rect.y - 8, w: rect.w + 20, h: 0 });
                is_open = true;
            }
            if let Some(frame) = frames.last_mut().filter(|_| is_open) {
                frame.h = rect.y + rect.h + 8 - frame.y;
            }
            is_open &= !matches!(action, Action::End(_));
        }
        frames
    }

    /// Places the arrows' names where they cover nothing.
    fn tag(&mut self) {
        let mut taken: Vec<Rect> = self.boxes.iter().map(|(_, rect)| *rect).collect();
        taken.extend(self.gaps.iter().map(|(_, rect)| *rect));
        taken.extend(&self.heads);
        let mut avoid: Vec<Vec<Point>> =
            self.lines.iter().map(|line| line.points.clone()).collect();
        avoid.extend(
            self.po.iter().map(|(from, to)| vec![*from, ((from.0), (from.1 + to.1) / 2), *to]),
        );
        for at in 0..self.lines.len() {
            let tag = self.lines[at].room(at, &taken, &avoid);
            taken.extend(tag);
            self.lines[at].tag = tag;
        }
    }
}
