//! The executions that a bounded search has come to, as more than one schedule leads to each.
//!
//! An execution is known by 128 bits of a hash: the sum of what its events and its coherence orders say, so that it does not matter in which order they were
//! added.

use std::collections::HashSet;

use super::super::graph::{Graph, Id, NONE};
use super::super::hash::mix;
use super::super::label::{Kind, Op};
use super::super::report::Limit;
use super::super::sync::LAST;
use super::Waiting;

/// How many are remembered at most: half a gigabyte.
const MOST: usize = 10_000_000;

/// What was seen.
#[derive(Debug, Default)]
pub(super) struct Seen(HashSet<u128>);

impl Seen {
    /// Whether an execution is new; notes it.
    pub fn is_new(&mut self, graph: &Graph) -> bool {
        self.0.insert(key(graph, graph.events.len() as Id))
    }

    /// The bound on what is remembered, if it is reached.
    pub fn is_full(&self) -> Option<Limit> {
        (self.0.len() >= MOST).then_some(Limit::Graphs(MOST))
    }
}

/// What a state says besides its graph: no name of an event is as large.
const TURN: u64 = 1 << 40;
const FOUND: u64 = 2 << 40;
const LAST_TO_LEAVE: u64 = 3 << 40;

/// The state before an event: the graph, who comes next and whether that gives up, and what cannot be read off the graph.
pub(super) fn state(graph: &Graph, at: Id, next: (u16, bool), waiting: &Waiting) -> u128 {
    let turn = [TURN, next.0.into(), next.1.into()];
    let found = waiting.iter().flat_map(|(t, values)| {
        values.iter().map(|&(loc, value)| wide(&[FOUND, *t as u64, loc.into(), value]))
    });
    let departures = (0..at).filter(|&id| {
        let e = graph.event(id);
        e.label.op == Op::Leave && e.value == LAST
    });
    let last = departures.map(|id| wide(&[LAST_TO_LEAVE, name(graph, id)]));
    found.chain(last).fold(key(graph, at).wrapping_add(wide(&turn)), u128::wrapping_add)
}

/// The graph of the events before this one.
fn key(graph: &Graph, end: Id) -> u128 {
    let orders = graph.memory.iter().flat_map(|memory| {
        let mut order = memory.co.iter().copied().filter(|&w| w < end).map(|w| name(graph, w));
        let first = order.next();
        order.scan(first, |before, w| Some(wide(&[before.replace(w)?, w])))
    });
    let events = (0..end).map(|id| says(graph, id));
    events.chain(orders).fold(0, u128::wrapping_add)
}

/// What an event says: that it is there, what it reads, and by which alternative. Who left a place last, if it matters, shows in what that thread does then.
fn says(graph: &Graph, id: Id) -> u128 {
    let e = graph.event(id);
    // At a hint it says only whether the thread was looked at there.
    let variant = if e.kind() == Kind::Spin { 0 } else { e.variant };
    wide(&[name(graph, id), name(graph, e.rf), variant.into()])
}

/// An event's thread and its place there.
fn name(graph: &Graph, id: Id) -> u64 {
    if id == NONE {
        return u64::MAX;
    }
    let e = graph.event(id);
    u64::from(e.thread) << 16 | u64::from(e.index)
}

/// 128 bits of a hash.
fn wide(values: &[u64]) -> u128 {
    let half = |seed| values.iter().fold(seed, |key, &value| mix(key, value));
    u128::from(half(1)) << 64 | u128::from(half(2))
}

#[cfg(test)]
mod tests {
    use std::panic::Location;

    use super::super::super::label::{Label, Op, Order};
    use super::*;

    fn label(kind: Kind, op: Op) -> Label {
        Label::new(kind, op, Order::NonAtomic, Location::caller())
    }

    /// Two threads have left, one of them last, and a third one comes next.
    fn after_two_have_left(order: [u16; 2], last: u16) -> Graph {
        let mut graph = Graph::default();
        for t in order {
            let left = graph.push(t, Label { branches: false, ..label(Kind::Fence, Op::Leave) });
            graph.events[left as usize].value = if t == last { LAST } else { 0 };
        }
        graph
    }

    fn state(graph: &Graph, waiting: &Waiting) -> u128 {
        super::state(graph, graph.events.len() as Id, (2, false), waiting)
    }

    #[test]
    fn a_state_does_not_tell_in_which_order_its_events_were_added() {
        let [one, other] = [[0, 1], [1, 0]].map(|order| after_two_have_left(order, 1));
        assert_eq!(state(&one, &vec![]), state(&other, &vec![]));
    }

    #[test]
    fn a_state_tells_what_the_graph_does_not() {
        let [one, other] = [0, 1].map(|last| after_two_have_left([0, 1], last));
        let found = |value| vec![(0, vec![(7, value)])];
        let states = [
            state(&one, &vec![]),
            state(&other, &vec![]),
            state(&one, &found(0)),
            state(&one, &found(1)),
        ];
        for (n, state) in states.iter().enumerate() {
            assert!(!states[..n].contains(state), "{n} is told from those before it");
        }
    }

    #[test]
    fn a_state_tells_who_comes_next_and_whether_that_gives_up() {
        let before = |next| super::state(&Graph::default(), 0, next, &vec![]);
        let states = [before((0, false)), before((1, false)), before((0, true))];
        assert!(states[0] != states[1] && states[0] != states[2], "{states:?}");
    }

    /// A thread is looked at alone where a schedule first comes to its hint, and not where others do.
    #[test]
    fn a_mark_at_a_hint_is_no_part_of_an_execution() {
        let mut graph = Graph::default();
        let at = Location::caller();
        let hint = graph.push(0, Label::new(Kind::Spin, Op::Spin, Order::NonAtomic, at));
        let mut seen = Seen::default();
        assert!(seen.is_new(&graph));
        graph.events[hint as usize].refute();
        assert!(!seen.is_new(&graph));
        graph.push(0, Label::new(Kind::Spin, Op::Spin, Order::NonAtomic, at));
        assert!(seen.is_new(&graph));
    }
}
