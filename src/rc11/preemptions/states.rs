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
//!
//! A thread whose round of a waiting loop is taken back lets others go on from the fork before it, at no cost. These go on from other states, so a state
//! remembers whose turn it may be then; a schedule that ends there notes that for its own fork.

use std::collections::{HashMap, HashSet};

use super::super::graph::{Graph, Id};
use super::Next;
use super::forks::{Late, Tried};

/// An event's thread and its place there: its name in every order.
type Name = (u16, u16);

/// How many states are remembered at most.
pub(in super::super) const MOST: usize = 4_000_000;

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
    free: Box<[Next]>,
}

/// A state on the current path.
#[derive(Debug)]
struct Open {
    /// The event that comes after it.
    at: Id,
    key: u128,
    used: u32,
    late: HashSet<u32>,
    /// Whose turn it may be in place of a thread whose round is taken back.
    free: Vec<Next>,
}

/// What is known of states.
#[derive(Debug)]
pub(super) struct States {
    /// How many are remembered at most.
    pub most: usize,
    searched: HashMap<u128, Searched>,
    open: Vec<Open>,
    latecomers: Vec<Latecomer>,
    numbers: HashMap<Latecomer, u32>,
}

impl States {
    pub fn new(most: usize) -> States {
        let (searched, numbers) = (HashMap::new(), HashMap::new());
        States { most, searched, open: Vec::new(), latecomers: Vec::new(), numbers }
    }

    /// The path goes on otherwise before an event: what comes after the states from there on was searched.
    pub fn close(&mut self, before: Id) {
        while let Some(open) = self.open.pop_if(|open| open.at >= before) {
            let Open { key, used, late, free, .. } = open;
            if self.searched.len() < self.most {
                let searched =
                    Searched { used, late: late.into_iter().collect(), free: free.into() };
                self.searched.insert(key, searched);
            }
        }
    }

    /// The events from here on are taken back, and the path goes on without them.
    pub fn forget(&mut self, from: Id) {
        self.open.retain(|open| open.at < from);
    }

    /// A round that begins with event `at` is taken back, and it may be the turn of others.
    pub fn take_back(&mut self, at: Id, others: &[Next]) {
        self.forget(at + 1);
        let Some(state) = self.open.last_mut().filter(|open| open.at == at) else { return };
        for &next in others {
            if !state.free.contains(&next) {
                state.free.push(next);
            }
        }
    }

    /// The path comes to a state before event `at`, which was not searched.
    pub fn enter(&mut self, at: Id, key: u128, used: u32) {
        self.open.push(Open { at, key, used, late: HashSet::new(), free: Vec::new() });
    }

    /// What came too late for the events of a state before event `at`, of `thread`, and whose turn it may be in its place, if all that comes after it was searched.
    pub fn find(
        &self,
        graph: &Graph,
        at: Id,
        thread: u16,
        key: u128,
        used: u32,
    ) -> Option<(Vec<Late>, &[Next])> {
        let searched = self.searched.get(&key).filter(|searched| searched.used <= used)?;
        let latecomers = searched.late.iter().map(|&n| &self.latecomers[n as usize]);
        let latecomers = latecomers.map(|late| late.of(graph, at, thread)).collect();
        Some((latecomers, &searched.free))
    }

    /// An event came too late for others, and was tried before them: notes for each state on the path to event `end` for which events of it.
    pub fn note(&mut self, graph: &Graph, late: &Late, tried: &[Tried], end: Id) {
        for open in self.open.iter_mut().take_while(|open| open.at < end) {
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
        let (mut states, graph) = (States::new(MOST), graph([0, 1]));
        states.enter(2, STATE, 1);
        states.note(&graph, late, tried, Id::MAX);
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
        states.find(&graph([1, 0]), 2, 2, STATE, 1).expect("it was searched").0
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
        assert!(states.find(&graph, 2, 2, STATE, 2).is_some());
        assert!(states.find(&graph, 2, 2, STATE, 0).is_none());
    }

    #[test]
    fn what_is_taken_back_was_not_searched() {
        let mut states = noting(&late(&[], None), &[]);
        states.forget(2);
        states.close(0);
        assert!(states.find(&graph([0, 1]), 2, 2, STATE, 1).is_none());
    }

    #[test]
    fn who_goes_on_in_place_of_a_round_is_told_once() {
        let mut states = noting(&late(&[], None), &[]);
        let free = [Next::Thread(1), Next::Others(0)];
        for _ in 0..2 {
            states.take_back(2, &free);
        }
        states.close(2);
        let graph = graph([1, 0]);
        let (_, found) = states.find(&graph, 2, 2, STATE, 1).expect("it was searched");
        assert_eq!(*found, free);
    }
}
