//! What a search has not taken up yet: choices, each at an event, and the graphs they are left in.

use super::super::graph::{Graph, Id};
use super::super::hash::mix;
use super::super::preemptions::Next;

/// A choice not taken yet, at the event `at`.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    pub at: Id,
    pub what: Alternative,
    /// Its share of the search, if all choices at an event weigh the same.
    pub weight: f64,
    /// Others may explore what comes without it.
    pub shared: bool,
    /// In a bounded search, how many preemptions there are then.
    pub preemptions: u32,
}

impl Choice {
    /// Whether something may come of it. A departure cannot be last if nothing that was explored without this choice shows that it can.
    pub fn is_worth(&self, graph: &Graph, last: &[(u16, u16)]) -> bool {
        let e = graph.event(self.at);
        self.what != Alternative::Last || self.shared || last.contains(&(e.thread, e.index))
    }

    /// Whether a wait ends by its time-out with it.
    pub fn times_out(&self, graph: &Graph) -> bool {
        let (read, variant) = match self.what {
            Alternative::Source(_, variant) => (self.at, variant),
            Alternative::Revisit(read, variant) => (read, variant),
            _ => return false,
        };
        variant > 0 && graph.event(read).label.op.has_time_out()
    }

    /// What tells it from the others in its graph, as a number.
    pub fn name(&self) -> u64 {
        let (kind, other, variant) = match self.what {
            Alternative::Source(w, variant) => (0, w, variant),
            Alternative::Place(place) => (1, place, 0),
            Alternative::Revisit(r, variant) => (2, r, variant),
            Alternative::Last => (3, 0, 0),
            Alternative::Turn(_) => unreachable!("a bounded search has one pass"),
        };
        mix(mix(0, u64::from(self.at) << 32 | u64::from(other)), kind << 8 | u64::from(variant))
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Alternative {
    /// The read reads from this write, by this alternative.
    Source(Id, u8),
    /// The write goes to this place in `co`.
    Place(u32),
    /// The write revisits this earlier read, by this alternative.
    Revisit(Id, u8),
    /// The departure is the last one.
    Last,
    /// After the event it is somebody's turn, in a bounded search.
    Turn(Next),
}

/// A graph with the choices left in it.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    pub graph: Graph,
    pub choices: Vec<Choice>,
    /// The revisiting write and the revisited read that made this frame.
    pub root: Option<(Id, Id)>,
    /// The departures (thread, index) that could have been the last, as was seen since they were added; and that mattered.
    pub last: Vec<(u16, u16)>,
}

impl Frame {
    /// Leaves the graph as it is.
    pub fn clear(&mut self) {
        self.choices.clear();
        self.last.clear();
        self.root = None;
    }

    /// Notes that a departure, if it is in the graph, may be the last.
    pub fn may_be_last(&mut self, (thread, index): (u16, u16)) {
        if self.graph.has(thread, index) && !self.last.contains(&(thread, index)) {
            self.last.push((thread, index));
        }
    }

    pub fn truncate(&mut self, len: usize) {
        self.graph.truncate(len);
        self.last.retain(|&(thread, index)| self.graph.has(thread, index));
    }
}
