//! The executions that a bounded search has come to, as more than one schedule leads to each.
//!
//! A graph is known by 128 bits of a hash: the sum of what each of its events says, so that the order in which they were added does not matter. The graph of
//! a path grows and is cut back event by event, and so do the sums of its first events.

use std::collections::HashSet;

use super::super::graph::{Graph, Id, NONE};
use super::super::hash::mix;
use super::super::label::{Kind, Op};
use super::super::report::Limit;

/// How many are remembered at most: half a gigabyte.
const MOST: usize = 10_000_000;

/// What was seen.
#[derive(Debug)]
pub(super) struct Seen {
    known: HashSet<u128>,
    /// The sum of what the first `n` events say, for each `n`.
    sums: Vec<u128>,
}

impl Seen {
    pub fn new() -> Self {
        Seen { known: HashSet::new(), sums: vec![0] }
    }

    /// The graph changes from an event on.
    pub fn change(&mut self, from: Id) {
        self.sums.truncate(from as usize + 1);
    }

    /// Whether a graph is new; notes it.
    pub fn is_new(&mut self, graph: &Graph) -> bool {
        let sum = self.sum(graph);
        self.known.insert(sum)
    }

    /// The bound on what is remembered, if it is reached.
    pub fn is_full(&self) -> Option<Limit> {
        (self.known.len() >= MOST).then_some(Limit::Graphs(MOST))
    }

    fn sum(&mut self, graph: &Graph) -> u128 {
        let len = graph.events.len();
        self.sums.truncate(len + 1);
        for id in self.sums.len() - 1..len {
            self.sums.push(self.sums[id].wrapping_add(says(graph, id as Id)));
        }
        self.sums[len]
    }
}

/// What an event says of the graph, beside those before it: that it is there, what it reads, and between which it stands in `co`.
fn says(graph: &Graph, id: Id) -> u128 {
    const NOTHING: u64 = u64::MAX;
    let e = graph.event(id);
    let name = |id: Option<Id>| {
        let event = id.filter(|&id| id != NONE).map(|id| graph.event(id));
        event.map_or(NOTHING, |e| u64::from(e.thread) << 16 | u64::from(e.index))
    };
    let last = if e.label.op == Op::Leave { e.value } else { 0 };
    // At a hint it says only whether the thread was looked at there.
    let variant = if e.kind() == Kind::Spin { 0 } else { e.variant };
    let mut sum = wide(&[name(Some(id)), name(Some(e.rf)), variant.into(), last]);
    if e.is_write() {
        let (before, after) = graph.co(e.loc()).split_at(e.co as usize);
        let before = before.iter().rfind(|&&w| w < id).copied();
        let after = after.iter().find(|&&w| w < id).copied();
        let pair = |a, b| wide(&[name(a), name(b), e.loc().into()]);
        sum = sum.wrapping_add(pair(before, Some(id))).wrapping_add(pair(Some(id), after));
        sum = sum.wrapping_sub(pair(before, after));
    }
    sum
}

/// 128 bits of a hash.
fn wide(values: &[u64]) -> u128 {
    let half = |seed| values.iter().fold(seed, |key, &value| mix(key, value));
    u128::from(half(1)) << 64 | u128::from(half(2))
}
