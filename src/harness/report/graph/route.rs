//! The ways that arrows take around the boxes: through the gutters between columns and the channels between rows.

use std::collections::BTreeMap;

use super::picture::{Arrow, Picture, event};
use casebook_core::graph::EventId;

/// A side of a box, or the edge of a gutter that a lane keeps to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Left,
    Right,
}

/// A vertical line in a gutter; gutter 0 is left of column 0. The side is the edge it keeps to.
pub(super) type Lane = (usize, Side);

/// Where on the grid an event stands: its column and row.
pub(super) type Cell = (usize, usize);

/// How an arrow runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Straight from side to side, nothing being between.
    Curve,
    /// Down a lane beside both its ends: within a column, or from the initial writes on top.
    Lane(Lane),
    /// Down a lane, along the channel above this row, and down another lane.
    Around(Lane, usize, Lane),
}

/// An arrow with its way.
pub(super) struct Route<'a> {
    pub arrow: &'a Arrow,
    /// None for an initial write.
    pub from: Option<(Cell, Side)>,
    pub to: (Cell, Side),
    pub way: Way,
}

/// A way for every arrow.
pub(super) fn routes<'a>(picture: &'a Picture) -> Vec<Route<'a>> {
    let mut cells: BTreeMap<EventId, Cell> = BTreeMap::new();
    for (at, column) in picture.columns.iter().enumerate() {
        for (item, row) in column.items.iter().zip(&column.rows) {
            cells.extend(event(item).map(|id| (id, (at, *row))));
        }
    }
    let last = picture.columns.len() - 1;
    let route = |arrow: &'a Arrow| {
        let to = *cells.get(&arrow.to)?;
        Some(match cells.get(&arrow.from) {
            None => from_init(arrow, to, last),
            Some(&from) if from.0 == to.0 => within_column(arrow, from, to),
            Some(&from) => across(picture, arrow, from, to),
        })
    };
    picture.arrows.iter().filter_map(route).collect()
}

/// From the top row, down the gutter that other arrows need least.
fn from_init(arrow: &Arrow, to: Cell, last: usize) -> Route<'_> {
    let (lane, side) = match to.0 {
        column if column == last && last > 0 => ((column + 1, Side::Left), Side::Right),
        column => ((column, Side::Right), Side::Left),
    };
    Route { arrow, from: None, to: (to, side), way: Way::Lane(lane) }
}

/// Beside the column, on the outer side of the first one.
fn within_column(arrow: &Arrow, from: Cell, to: Cell) -> Route<'_> {
    let (lane, side) = match from.0 {
        0 => ((0, Side::Right), Side::Left),
        column => ((column + 1, Side::Left), Side::Right),
    };
    Route { arrow, from: Some((from, side)), to: (to, side), way: Way::Lane(lane) }
}

/// To another column: straight if nothing stands between, else around.
fn across<'a>(picture: &Picture, arrow: &'a Arrow, from: Cell, to: Cell) -> Route<'a> {
    let rightward = from.0 < to.0;
    let (out, into) = if rightward { (Side::Right, Side::Left) } else { (Side::Left, Side::Right) };
    let (low, high) = (from.1.min(to.1), from.1.max(to.1));
    let between = &picture.columns[from.0.min(to.0) + 1..from.0.max(to.0)];
    let is_free = between.iter().all(|c| !c.rows.iter().any(|r| (low..=high).contains(r)));
    let way = if is_free {
        Way::Curve
    } else {
        let channel = if from.1 > to.1 { to.1 + 1 } else { to.1 };
        match rightward {
            true => Way::Around((from.0 + 1, Side::Left), channel, (to.0, Side::Right)),
            false => Way::Around((from.0, Side::Right), channel, (to.0 + 1, Side::Left)),
        }
    };
    Route { arrow, from: Some((from, out)), to: (to, into), way }
}

/// Gives each interval the first track on which it meets no other one, short ones first.
pub(super) fn tracks(intervals: &[(i32, i32)]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..intervals.len()).collect();
    order.sort_by_key(|at| (intervals[*at].1 - intervals[*at].0, *at));
    let mut taken: Vec<Vec<(i32, i32)>> = Vec::new();
    let mut track_of = vec![0; intervals.len()];
    for at in order {
        let (from, to) = intervals[at];
        let is_free = |track: &Vec<(i32, i32)>| track.iter().all(|t| to < t.0 || t.1 < from);
        let track = taken.iter().position(is_free).unwrap_or(taken.len());
        if track == taken.len() {
            taken.push(Vec::new());
        }
        taken[track].push((from, to));
        track_of[at] = track;
    }
    track_of
}
