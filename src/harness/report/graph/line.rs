//! Lines of the picture: their shape, the points they pass, and where their name finds room.

use std::fmt::Write;

use super::layout::Rect;
use super::picture::Arrow;

/// A place in the picture.
pub(super) type Point = (i32, i32);

/// How far a corner is rounded.
const ROUND: i32 = 9;
/// The length of an arrow's head.
const HEAD: i32 = 9;

/// An arrow in pixels.
pub(super) struct Line<'a> {
    pub arrow: &'a Arrow,
    /// The path in SVG's language.
    pub path: String,
    /// Points it passes, a few pixels apart.
    pub points: Vec<Point>,
    /// The arrow's head: its tip, and the x of its base.
    pub head: Option<(Point, i32)>,
    /// Where its name stands; none if there is no room, and the line's style must do.
    pub tag: Option<Rect>,
}

impl<'a> Line<'a> {
    /// From one box's side to another's.
    pub fn curve(arrow: &'a Arrow, from: Point, to: Point, directed: bool) -> Self {
        let (head, end) = arrow_head(from, to, directed);
        let bend = (end.0 - from.0) / 2;
        let (a, b) = ((from.0 + bend, from.1), (end.0 - bend, end.1));
        let mut line = Line::start(arrow, from, head);
        line.bezier(from, a, b, end);
        line
    }

    /// Along right-angled corners.
    pub fn bent(
        arrow: &'a Arrow,
        from: Point,
        corners: &[Point],
        to: Point,
        directed: bool,
    ) -> Self {
        let (head, end) = arrow_head(*corners.last().unwrap_or(&from), to, directed);
        let mut line = Line::start(arrow, from, head);
        line.corners(from, corners, end);
        line
    }

    /// From an initial write's lower side into a lane at `lane`, and on to a box's side.
    pub fn fallen(arrow: &'a Arrow, from: Point, lane: Point, to: Point) -> Self {
        let (head, end) = arrow_head(lane, to, true);
        let mut line = Line::start(arrow, from, head);
        let middle = (from.1 + lane.1) / 2;
        line.bezier(from, (from.0, middle), (lane.0, middle), lane);
        line.corners(lane, &[(lane.0, end.1)], end);
        line
    }

    fn start(arrow: &'a Arrow, from: Point, head: Option<(Point, i32)>) -> Self {
        let path = format!("M{} {}", from.0, from.1);
        Line { arrow, path, points: vec![from], head, tag: None }
    }

    fn bezier(&mut self, from: Point, a: Point, b: Point, to: Point) {
        let _ = write!(self.path, " C{} {} {} {} {} {}", a.0, a.1, b.0, b.1, to.0, to.1);
        let steps = ((to.0 - from.0).abs() + (to.1 - from.1).abs()) / 5 + 1;
        for step in 1..=steps {
            let (t, u) = (step, steps - step);
            let mix = |p: i32, q: i32, r: i32, s: i32| {
                let [t, u, n] = [t, u, steps].map(i64::from);
                let [p, q, r, s] = [p, q, r, s].map(i64::from);
                (u * u * u * p + 3 * u * u * t * q + 3 * u * t * t * r + t * t * t * s)
                    / (n * n * n)
            };
            let x = mix(from.0, a.0, b.0, to.0) as i32;
            self.points.push((x, mix(from.1, a.1, b.1, to.1) as i32));
        }
    }

    fn corners(&mut self, from: Point, corners: &[Point], to: Point) {
        let mut stops = vec![from];
        stops.extend(corners);
        stops.push(to);
        for three in stops.windows(3) {
            let (before, corner, after) = (three[0], three[1], three[2]);
            let (into, out) = (toward(corner, before), toward(corner, after));
            let (x, y) = corner;
            let _ = write!(self.path, " L{} {} Q{x} {y} {} {}", into.0, into.1, out.0, out.1);
        }
        let _ = write!(self.path, " L{} {}", to.0, to.1);
        for two in stops.windows(2) {
            let (a, b) = (two[0], two[1]);
            let steps = ((b.0 - a.0).abs() + (b.1 - a.1).abs()) / 5 + 1;
            let between =
                |step| (a.0 + (b.0 - a.0) * step / steps, a.1 + (b.1 - a.1) * step / steps);
            self.points.extend((1..=steps).map(between));
        }
    }

    /// A place for the name on the line: none of `taken`, and on as few other lines as can be.
    pub fn room(&self, own: usize, taken: &[Rect], lines: &[Vec<Point>]) -> Option<Rect> {
        let w = self.arrow.label().chars().count() as i32 * 7 + 8;
        let h = 16;
        let count = self.points.len() as i32;
        let candidates = (0..count).map(|at| {
            let (x, y) = self.points[at as usize];
            (at, Rect { x: x - w / 2, y: y - h / 2, w, h })
        });
        let free = candidates.filter(|(_, tag)| taken.iter().all(|rect| !rect.meets(tag, 3)));
        let cost = |(at, tag): &(i32, Rect)| {
            let covers = |&&(x, y): &&Point| {
                (tag.x..=tag.x + tag.w).contains(&x) && (tag.y..=tag.y + tag.h).contains(&y)
            };
            let others = lines.iter().enumerate().filter(|(line, _)| *line != own);
            let covered: usize =
                others.map(|(_, points)| points.iter().filter(covers).count()).sum();
            covered as i32 * 20 + (2 * at - count).abs() * 60 / count
        };
        free.min_by_key(cost).map(|(_, tag)| tag)
    }
}

/// The head at `to`, which is reached from the side, and where the line itself ends.
fn arrow_head(from: Point, to: Point, directed: bool) -> (Option<(Point, i32)>, Point) {
    if !directed {
        return (None, to);
    }
    let base = if from.0 < to.0 { to.0 - HEAD } else { to.0 + HEAD };
    (Some((to, base)), (base, to.1))
}

/// The point a little way from a corner, at most half the way.
fn toward(corner: Point, other: Point) -> Point {
    let step = |from: i32, to: i32| from + ((to - from) / 2).clamp(-ROUND, ROUND);
    (step(corner.0, other.0), step(corner.1, other.1))
}
