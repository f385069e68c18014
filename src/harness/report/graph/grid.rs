//! The grid in pixels: rows and columns as far apart as the lines between them need.

use std::collections::BTreeMap;

use super::layout::{Rect, only_file, place};
use super::line::Line;
use super::picture::{Picture, event};
use super::route::{Cell, Lane, Route, Side, Way, tracks};
use casebook_core::graph::{EdgeKind, EventId};

/// A letter's advance in an event's first line, and in its second one.
const LETTER: (i32, i32) = (8, 7);
/// The height of an event's box.
const BOX_HEIGHT: i32 = 42;
/// The height of a channel between rows.
const CHANNEL: i32 = 26;
/// How far apart parallel lines are.
const TRACK: i32 = 12;
/// How far the first lane is from the boxes beside it: half the longest name of an edge.
const ASIDE: i32 = 24;
/// How much wider a gutter is that curves cross.
const CURVES: i32 = 84;
/// The empty border.
pub(super) const MARGIN: i32 = 20;

/// The pixels of rows, columns, lanes and ports.
pub(super) struct Grid {
    /// By column: the left side and the width.
    columns: Vec<(i32, i32)>,
    /// By row: the top.
    rows: Vec<i32>,
    pub heads: Vec<Rect>,
    pub init: BTreeMap<EventId, Rect>,
    /// By route: the y at which it leaves and arrives.
    ports: Vec<(i32, i32)>,
    /// By route: the x of its first and its second lane.
    lanes: Vec<(i32, i32)>,
    /// By route: the y of its channel.
    channels: Vec<i32>,
    pub width: i32,
    pub bottom: i32,
}

/// A route in a lane.
struct User {
    route: usize,
    /// Whether it is the route's second lane.
    arrives: bool,
    /// From where to where it runs.
    span: (i32, i32),
}

impl Grid {
    /// The grid below `top`, at least `least` wide.
    pub fn new(picture: &Picture, routes: &[Route], top: i32, least: i32) -> Self {
        let whole_file = only_file(picture).is_some();
        let size = |id: EventId| {
            let note = picture.graph.mark(id).map_or(0, |note| note.chars().count() + 3);
            let first = picture.graph.label(id).chars().count() as i32 * LETTER.0;
            let second = (place(picture, id, whole_file).chars().count() + note) as i32 * LETTER.1;
            first.max(second).max(80) + 20
        };
        let widths = picture.columns.iter().map(|column| {
            let sizes = column.items.iter().filter_map(event).map(size);
            sizes.max().unwrap_or(0).max(100)
        });
        let mut grid = Grid {
            columns: widths.map(|width| (0, width)).collect(),
            rows: Vec::new(),
            heads: Vec::new(),
            init: BTreeMap::new(),
            ports: vec![(0, 0); routes.len()],
            lanes: vec![(0, 0); routes.len()],
            channels: vec![0; routes.len()],
            width: 0,
            bottom: 0,
        };
        let init_height = if picture.init.is_empty() { 0 } else { BOX_HEIGHT + 30 };
        let head = top + init_height;
        grid.set_rows(picture.rows, routes, head + 18);
        grid.set_ports(routes);
        grid.set_columns(routes, top, least);
        let heads =
            grid.columns.iter().map(|(x, w)| Rect { x: x + w / 2 - 34, y: head, w: 68, h: 18 });
        grid.heads = heads.collect();
        grid.set_init(picture, routes, top, &size);
        grid
    }

    /// The place of a box.
    pub fn cell(&self, (column, row): Cell) -> Rect {
        let (x, w) = self.columns[column];
        Rect { x, y: self.rows[row], w, h: BOX_HEIGHT }
    }

    /// Rows, as far apart as the channels between them need.
    fn set_rows(&mut self, rows: usize, routes: &[Route], top: i32) {
        let mut y = top;
        for row in 0..=rows {
            let through: Vec<(usize, (i32, i32))> = routes
                .iter()
                .enumerate()
                .filter_map(|(at, route)| match route.way {
                    Way::Around((a, _), channel, (b, _)) if channel == row => {
                        Some((at, (a.min(b) as i32, a.max(b) as i32)))
                    }
                    _ => None,
                })
                .collect();
            let spans: Vec<(i32, i32)> = through.iter().map(|(_, span)| *span).collect();
            let track_of = tracks(&spans);
            for ((at, _), track) in through.iter().zip(&track_of) {
                self.channels[*at] = y + CHANNEL / 2 + *track as i32 * TRACK;
            }
            let used = track_of.iter().max().map_or(0, |last| *last as i32 * TRACK);
            y += if row < rows || !through.is_empty() { CHANNEL + used } else { 0 };
            if row < rows {
                self.rows.push(y);
                y += BOX_HEIGHT;
            }
        }
        self.bottom = y;
    }

    /// Spreads the lines that meet a box's side over its height, those from above on top.
    fn set_ports(&mut self, routes: &[Route]) {
        type End = (i32, usize, bool);
        let mut sides: BTreeMap<(Cell, Side), Vec<End>> = BTreeMap::new();
        for (at, route) in routes.iter().enumerate() {
            let other = route.from.map_or(-1, |((_, row), _)| row as i32);
            sides.entry(route.to).or_default().push((other, at, false));
            if let Some(from) = route.from {
                let other = route.to.0.1 as i32;
                sides.entry(from).or_default().push((other, at, true));
            }
        }
        for ((cell, _), mut ends) in sides {
            ends.sort();
            let count = ends.len() as i32;
            for (place, (_, at, leaves)) in (1..).zip(ends) {
                let y = self.rows[cell.1] + BOX_HEIGHT * place / (count + 1);
                let ports = &mut self.ports[at];
                *(if leaves { &mut ports.0 } else { &mut ports.1 }) = y;
            }
        }
    }

    /// Columns, as far apart as the lanes and curves between them need.
    fn set_columns(&mut self, routes: &[Route], top: i32, least: i32) {
        let users = self.lane_users(routes, top);
        let mut offsets: BTreeMap<Lane, Vec<i32>> = BTreeMap::new();
        for (lane, users) in &users {
            let spans: Vec<(i32, i32)> = users.iter().map(|user| user.span).collect();
            let offset = |track: usize| ASIDE + track as i32 * TRACK;
            offsets.insert(*lane, tracks(&spans).into_iter().map(offset).collect());
        }
        let widest = |lane| offsets.get(&lane).and_then(|o| o.iter().max()).copied().unwrap_or(0);
        let mut gutters = Vec::new();
        let mut x = MARGIN;
        for (gutter, curved) in curved(routes, self.columns.len()).into_iter().enumerate() {
            let lanes = widest((gutter, Side::Left)) + widest((gutter, Side::Right));
            let is_outer = gutter == 0 || gutter == self.columns.len();
            let width = match (is_outer, curved) {
                (true, _) if lanes == 0 => 0,
                (true, _) => lanes + ASIDE / 2,
                (false, true) => lanes + CURVES,
                (false, false) => (lanes + ASIDE).max(CURVES / 2),
            };
            gutters.push((x, x + width));
            x += width;
            if let Some(column) = self.columns.get_mut(gutter) {
                column.0 = x;
                x += column.1;
            }
        }
        self.width = (x + MARGIN).max(least);
        let shift = (self.width - x - MARGIN) / 2;
        self.columns.iter_mut().for_each(|column| column.0 += shift);
        for (lane, users) in &users {
            let (left, right) = gutters[lane.0];
            for (user, offset) in users.iter().zip(&offsets[lane]) {
                let x = if lane.1 == Side::Left { left + offset } else { right - offset };
                let lanes = &mut self.lanes[user.route];
                *(if user.arrives { &mut lanes.1 } else { &mut lanes.0 }) = shift + x;
            }
        }
    }

    /// Which routes run in which lanes.
    fn lane_users(&self, routes: &[Route], top: i32) -> BTreeMap<Lane, Vec<User>> {
        let mut users: BTreeMap<Lane, Vec<User>> = BTreeMap::new();
        let mut add = |lane: Lane, route: usize, arrives: bool, a: i32, b: i32| {
            let span = (a.min(b) - 4, a.max(b) + 4);
            users.entry(lane).or_default().push(User { route, arrives, span });
        };
        for (at, route) in routes.iter().enumerate() {
            let (from, to) = self.ports[at];
            match route.way {
                Way::Curve => {}
                Way::Lane(lane) => add(lane, at, false, route.from.map_or(top, |_| from), to),
                Way::Around(out, _, into) => {
                    add(out, at, false, from, self.channels[at]);
                    add(into, at, true, self.channels[at], to);
                }
            }
        }
        users
    }

    /// The initial writes on top, each near the first lane that leaves it.
    fn set_init(
        &mut self,
        picture: &Picture,
        routes: &[Route],
        top: i32,
        size: &dyn Fn(EventId) -> i32,
    ) {
        let wish = |id: EventId| {
            let first = routes.iter().position(|route| route.arrow.from == id);
            first.map_or(self.width / 2, |at| self.lanes[at].0)
        };
        let mut boxes: Vec<(EventId, Rect)> = picture
            .init
            .iter()
            .map(|id| {
                (*id, Rect { x: wish(*id) - size(*id) / 2, y: top, w: size(*id), h: BOX_HEIGHT })
            })
            .collect();
        boxes.sort_by_key(|(id, rect)| (rect.x, *id));
        let mut least = MARGIN;
        for (_, rect) in &mut boxes {
            rect.x = rect.x.max(least);
            least = rect.x + rect.w + 16;
        }
        let mut most = self.width.max(least - 16 + MARGIN) - MARGIN;
        self.width = most + MARGIN;
        for (_, rect) in boxes.iter_mut().rev() {
            rect.x = rect.x.min(most - rect.w);
            most = rect.x - 16;
        }
        self.init = boxes.into_iter().collect();
    }

    /// A route in pixels.
    pub fn line<'a>(&self, at: usize, route: &Route<'a>) -> Line<'a> {
        let (from_y, to_y) = self.ports[at];
        let side = |(cell, side): (Cell, Side)| {
            let rect = self.cell(cell);
            if side == Side::Left { rect.x } else { rect.x + rect.w }
        };
        let end = (side(route.to), to_y);
        let directed = !route.arrow.kinds.contains(&EdgeKind::Race);
        let (lane, second) = self.lanes[at];
        match (route.from, route.way) {
            (Some(from), Way::Curve) => {
                Line::curve(route.arrow, (side(from), from_y), end, directed)
            }
            (Some(from), Way::Around(..)) => {
                let channel = self.channels[at];
                let corners = [(lane, from_y), (lane, channel), (second, channel), (second, to_y)];
                Line::bent(route.arrow, (side(from), from_y), &corners, end, directed)
            }
            (Some(from), Way::Lane(_)) => {
                let corners = [(lane, from_y), (lane, to_y)];
                Line::bent(route.arrow, (side(from), from_y), &corners, end, directed)
            }
            (None, _) => {
                let rect = self.init[&route.arrow.from];
                let start = (lane.clamp(rect.x + 12, rect.x + rect.w - 12), rect.y + rect.h);
                let head = self.heads[0].y;
                Line::fallen(route.arrow, start, (lane, head), end)
            }
        }
    }
}

/// By gutter: whether curves cross it.
fn curved(routes: &[Route], columns: usize) -> Vec<bool> {
    let mut curved = vec![false; columns + 1];
    for route in routes.iter().filter(|route| route.way == Way::Curve) {
        let (a, b) = (route.from.map_or(0, |((column, _), _)| column), route.to.0.0);
        curved[a.min(b) + 1..=a.max(b)].fill(true);
    }
    curved
}
