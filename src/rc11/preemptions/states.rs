//! The states that a bounded search has come to, so that what comes after one is searched once.
//!
//! A *state* is a graph, the thread that adds the next event, and what threads have found that wait in loops. Many schedules come to one state, and go on
//! alike from there: with the same events, to the same executions. If an earlier one came to it with as few preemptions, a later one
//! ends there.
//!
//! What comes after a state may have to come before what is there ([`Late`]): a write before a read that could have read it. At which forks it is
//! tried depends on the order of the schedule, and differs. So a state remembers what came too late for its events; a schedule that ends there tries
//! that at its own forks, and notes it for the states that it went through before.
//!
//! Partial-order reductions that know their states: Cirisci, Enea, Farzan, Mutluergil, *A Pragmatic Approach to Stateful Partial Order Reduction*, arXiv
//! 2211.11942. There a state is memory; here a graph says what its threads know.
//!
//! A state is looked for where another thread goes on than before: there the orders of one graph meet.

use std::collections::{HashMap, HashSet};

use super::super::graph::{Graph, Id};
use super::forks::{Late, Tried};

/// An event's thread and its place there: its name in every order.
type Name = (u16, u16);

/// How many states are remembered at most.
const MOST: usize = 4_000_000;

/// An event that came too late for events of a state.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Latecomer {
    thread: u16,
    after: Box<[u16]>,
    others: Box<[Name]>,
    /// It came too late for the event right after the state, too.
    next: bool,
    until: Option<Name>,
}

/// What comes after a state was searched with so many preemptions before it.
#[derive(Debug)]
struct Searched {
    used: u32,
    late: Box<[u32]>,
}

/// A state on the current path.
#[derive(Debug)]
struct Open {
    /// The event that comes after it.
    at: Id,
    key: u128,
    used: u32,
    late: HashSet<u32>,
}

/// What is known of states.
#[derive(Debug, Default)]
pub(super) struct States {
    searched: HashMap<u128, Searched>,
    open: Vec<Open>,
    latecomers: Vec<Latecomer>,
    numbers: HashMap<Latecomer, u32>,
}

impl States {
    /// The path goes on otherwise before an event: what comes after the states from there on was searched.
    pub fn close(&mut self, before: Id) {
        while let Some(Open { key, used, late, .. }) = self.open.pop_if(|open| open.at >= before) {
            if self.searched.len() < MOST {
                self.searched.insert(key, Searched { used, late: late.into_iter().collect() });
            }
        }
    }

    /// The events from here on are taken back, and the path goes on without them.
    pub fn forget(&mut self, from: Id) {
        self.open.retain(|open| open.at < from);
    }

    /// Comes to a state before event `at`. What came too late for its events, if all that comes after it was searched.
    pub fn enter(
        &mut self,
        graph: &Graph,
        at: Id,
        thread: u16,
        key: u128,
        used: u32,
    ) -> Option<Vec<Late>> {
        self.forget(at);
        if let Some(searched) = self.searched.get(&key)
            && searched.used <= used
        {
            let latecomers = searched.late.iter().map(|&n| &self.latecomers[n as usize]);
            return Some(latecomers.map(|late| late.of(graph, at, thread)).collect());
        }
        self.open.push(Open { at, key, used, late: HashSet::new() });
        None
    }

    /// An event came too late for others, and was tried before them: notes for each state on the path for which events of it.
    pub fn note(&mut self, graph: &Graph, late: &Late, tried: &[Tried]) {
        for open in &mut self.open {
            let Some(latecomer) = Latecomer::for_events_before(open, graph, late, tried) else {
                continue;
            };
            let new = self.latecomers.len() as u32;
            let number = *self.numbers.entry(latecomer).or_insert_with_key(|latecomer| {
                self.latecomers.push(latecomer.clone());
                new
            });
            open.late.insert(number);
        }
    }
}

impl Latecomer {
    /// What came too late for events of a state; those aside that need not be tried, as it has gone on before a later one of their thread.
    fn for_events_before(
        open: &Open,
        graph: &Graph,
        late: &Late,
        tried: &[Tried],
    ) -> Option<Latecomer> {
        let after_state = || tried.iter().filter(|tried| tried.other >= open.at);
        let is_reached = |thread| after_state().any(|t| t.is_reached && t.thread == thread);
        let name = |id| (graph.event(id).thread, graph.event(id).index);
        let others = late.others.iter().filter(|&&(other, _)| other < open.at);
        let others = others.filter(|&&(_, thread)| !is_reached(thread));
        let mut others: Box<[Name]> = others.map(|&(other, _)| name(other)).collect();
        others.sort_unstable();
        let next = after_state().any(|tried| tried.forks.contains(&open.at));
        (next || !others.is_empty()).then(|| Latecomer {
            thread: late.thread,
            after: late.after.clone(),
            others,
            next,
            until: late.until.filter(|&until| until < open.at).map(name),
        })
    }

    /// The same in the order of another schedule, which has come to the state before event `at` of a thread.
    fn of(&self, graph: &Graph, at: Id, thread: u16) -> Late {
        let id = |(thread, index): Name| graph.threads[usize::from(thread)][usize::from(index)];
        let others = self.others.iter().map(|&name| (id(name), name.0));
        let mut others: Vec<(Id, u16)> = others.chain(self.next.then_some((at, thread))).collect();
        others.sort_unstable_by(|a, b| b.cmp(a));
        Late { thread: self.thread, after: self.after.clone(), others, until: self.until.map(id) }
    }
}

#[cfg(test)]
mod tests {
    use std::panic::Location;

    use super::super::super::label::{Kind, Label, Op, Order};
    use super::*;

    /// Two threads with an event each, in either order.
    fn graph(order: [u16; 2]) -> Graph {
        let mut graph = Graph::default();
        let label = Label::new(Kind::Fence, Op::Fence, Order::NonAtomic, Location::caller());
        order.into_iter().for_each(|t| _ = graph.push(t, label));
        graph
    }

    const STATE: u128 = 1;

    /// A search that has come to a state before event 2, of thread 2, and what was noted there for the events in this order.
    fn noting(late: &Late, tried: &[Tried]) -> States {
        let (mut states, graph) = (States::default(), graph([0, 1]));
        assert!(states.enter(&graph, 2, 2, STATE, 1).is_none());
        states.note(&graph, late, tried);
        states
    }

    fn late(others: &[(Id, u16)], until: Option<Id>) -> Late {
        Late { thread: 3, after: [1].into(), others: others.to_vec(), until }
    }

    fn tried(other: Id, thread: u16, is_reached: bool) -> Tried {
        Tried { other, thread, forks: [other, other], is_reached }
    }

    /// What comes too late in a schedule with the events in the other order.
    fn again(mut states: States) -> Vec<Late> {
        states.close(2);
        states.enter(&graph([1, 0]), 2, 2, STATE, 1).expect("it was searched")
    }

    #[test]
    fn a_latecomer_is_told_by_the_names_of_others() {
        let states = noting(&late(&[(1, 1), (0, 0)], Some(1)), &[]);
        assert_eq!(again(states), [late(&[(1, 0), (0, 1)], Some(0))]);
    }

    #[test]
    fn what_comes_too_late_for_the_next_event_is_tried_before_that_one_again() {
        let states = noting(&late(&[(2, 2)], None), &[tried(2, 2, false)]);
        assert_eq!(again(states), [late(&[(2, 2)], None)]);
    }

    #[test]
    fn who_is_reached_after_the_state_is_not_tried_before_it() {
        let states = noting(&late(&[(3, 1), (1, 1), (0, 0)], None), &[tried(3, 1, true)]);
        assert_eq!(again(states), [late(&[(1, 0)], None)]);
    }

    #[test]
    fn with_fewer_preemptions_it_is_searched_again() {
        let mut states = noting(&late(&[], None), &[]);
        states.close(2);
        let graph = graph([0, 1]);
        assert!(states.enter(&graph, 2, 2, STATE, 2).is_some());
        assert!(states.enter(&graph, 2, 2, STATE, 0).is_none());
    }

    #[test]
    fn what_is_taken_back_was_not_searched() {
        let mut states = noting(&late(&[], None), &[]);
        states.forget(2);
        states.close(0);
        assert!(states.enter(&graph([0, 1]), 2, 2, STATE, 1).is_none());
    }
}
