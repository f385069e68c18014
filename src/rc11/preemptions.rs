//! A bounded search: every execution that has a schedule with few preemptions.
//!
//! A *schedule* of an execution adds its events one after the other, each after those before it in `po ∪ rf`. It *preempts* a thread
//! where it goes on with another one, although the thread could go on. There are far fewer executions with few of them, and bugs show there: Musuvathi,
//! Qadeer, *Iterative Context Bounding for Systematic Testing of Multithreaded Programs*, PLDI 2007, whose
//! programs are sequentially consistent. Here a read may read any coherent write that the schedule has added before, and a write may take any
//! coherent place in `co`: no preemption is needed for what is old.
//!
//! # The search
//!
//! There are no revisits: the events of a graph stand in the order of a schedule, and who comes next is a choice. Every graph of the model has
//! a schedule, as `po ∪ rf` has no cycle; so without a bound the search visits what the other one does, and the oracle compares the two.
//!
//! A thread goes on as long as it can. When it comes to a write that an earlier read of another thread could have read, it is also tried before that read:
//! right there, which may preempt somebody, and at the beginning of the block of events that the read stands in, where it preempts nobody who
//! would not be preempted anyway (`forks`). This is bounded partial-order reduction: Coons, Musuvathi, McKinley, *Bounded Partial-Order
//! Reduction*, OOPSLA 2013, for programs that are sequentially consistent. There any two conflicting accesses are tried in both orders; here a read that
//! comes after a write may read what is old, and a write may stand anywhere in `co`. Who goes on because somebody else has unlocked a mutex, or has
//! ended, is also tried before that: there it waits, and others go on without a preemption.
//!
//! That nothing is missed is not proved. With each bound it is compared with the oracle for programs of atomics and of mutexes, and without a bound for all.
//!
//! One execution has many schedules, and may be come to by some of them: each counts once (`seen`). So it is with its beginnings: what comes after one is
//! searched after the first schedule of it (`states`). A turn that would lead to one that was searched is not taken.
//!
//! The bound grows from none to the one asked for, so that a search which is cut off has an answer for a smaller one.

use super::ending::Stop;
use super::exec::Exec;
use super::explore::Alternative;
use super::graph::{Event, Graph, Id};
use super::report::Limit;

mod forks;
mod seen;
mod states;
mod waiting;

use forks::{Forks, Late};
use seen::Seen;
use states::States;

pub(super) use states::MOST as STATES;

/// Threads that wait in loops, with what they have found: each location with its value.
type Waiting = Vec<(usize, Vec<(u32, u64)>)>;

/// The state of a bounded search.
#[derive(Debug)]
pub(super) struct Preemptions {
    /// The bound now, and the one asked for.
    bound: u32,
    most: u32,
    /// How many there are on the current path.
    pub used: u32,
    /// Some schedule has more than the bound allows.
    exceeded: bool,
    /// Nobody can go on: what is added now has no alternative.
    pub dead_end: bool,
    /// What the choice taken last says of who comes next.
    next: Option<Next>,
    forks: Forks,
    seen: Seen,
    states: States,
    /// The lists of [`Next::Others`].
    waiting: Vec<Waiting>,
}

/// Who comes next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Next {
    /// This thread.
    Thread(u16),
    /// This thread, by an alternative of what it waits for.
    GivesUp(u16),
    /// Whoever can, while the threads of this list wait for other values.
    Others(u32),
}

/// That it is somebody's turn before an event.
#[derive(Clone, Copy)]
struct Turn {
    at: Id,
    next: Next,
    /// It preempts nobody, whoever came before.
    is_free: bool,
}

impl Preemptions {
    /// A search with at most so many; as many as there are need no smaller bound first. It remembers so many states at most.
    pub fn new(most: u32, states: usize) -> Self {
        Preemptions::with(if most == u32::MAX { most } else { 0 }, most, states)
    }

    fn with(bound: u32, most: u32, states: usize) -> Self {
        Preemptions {
            bound,
            most,
            used: 0,
            exceeded: false,
            dead_end: false,
            next: None,
            forks: Forks::default(),
            seen: Seen::default(),
            states: States::new(states),
            waiting: Vec::new(),
        }
    }

    /// The search with the next bound, after one that is exhausted. None if it was the last.
    pub fn further(&self) -> Option<Preemptions> {
        let goes_on = self.exceeded && self.bound < self.most;
        goes_on.then(|| Preemptions::with(self.bound + 1, self.most, self.states.most))
    }

    /// The bound that left something out, in a search that is exhausted.
    pub fn left_out(&self) -> Option<u32> {
        self.exceeded.then_some(self.bound)
    }

    /// Up to how many everything was visited, in a search that was cut off.
    pub fn visited(&self) -> Option<u32> {
        self.bound.checked_sub(1).filter(|_| self.is_bounded())
    }

    /// Whether it is asked for few of them.
    fn is_bounded(&self) -> bool {
        self.most != u32::MAX
    }

    /// The bound on what is remembered, if it is reached.
    pub fn is_full(&self) -> Option<Limit> {
        self.seen.is_full()
    }

    /// The search goes on with a choice at an event, from which on the graph changes.
    pub fn take_up(&mut self, at: Id, what: Alternative, used: u32) {
        self.used = used;
        self.next = match what {
            Alternative::Turn(next) => Some(next),
            _ => None,
        };
        // A turn comes before the next event, and its fork stays.
        self.forks.truncate(if self.next.is_some() { at + 1 } else { at });
        self.states.close(at + 1);
    }

    /// The same schedule is run again: the thread that it came to goes on, also where its last events are taken back.
    pub fn run_again(&mut self, thread: u16) {
        self.next = Some(Next::Thread(thread));
    }
}

impl Exec {
    /// The thread to run next in a bounded search; none if the execution ends.
    pub fn pick_in_schedule(&mut self) -> Option<usize> {
        let (_, preemptions) = self.explorer.schedule()?;
        let (next, is_dead_end) = (preemptions.next.take(), preemptions.dead_end);
        match next {
            Some(Next::Thread(t)) => return Some(t.into()),
            Some(Next::GivesUp(t)) => {
                self.threads[usize::from(t)].gives_up = true;
                return Some(t.into());
            }
            Some(Next::Others(list)) => self.let_wait(list),
            None => {}
        }
        let of_threads = |e: &&Event| self.names.finalizes(e.thread).is_none();
        let last = self.explorer.graph().events.iter().rev().find(of_threads).copied();
        if !is_dead_end && last.is_some_and(|e| e.is_read() && e.is_blocked()) {
            // Somebody gave up, but has no alternative that goes on.
            return self.end_schedule();
        }
        let able: Vec<u16> =
            self.in_order().filter(|&t| self.can_go_on(t)).map(|t| t as u16).collect();
        let current = last.map(|e| e.thread).filter(|t| able.contains(t));
        let next = current.or(able.first().copied());
        if !is_dead_end {
            let giving_up = self.in_order().filter(|&t| self.may_give_up(t));
            let giving_up: Vec<u16> = giving_up.map(|t| t as u16).collect();
            let waiters = self.waiters();
            let (graph, preemptions) = self.explorer.schedule()?;
            let (at, used) = (graph.events.len() as Id, preemptions.used);
            preemptions.forks.open(at, used, current, able, giving_up.clone(), waiters);
            if let Some(next) = next {
                preemptions.forks.take(at, Next::Thread(next), used);
            }
            if current.is_none() {
                let turn = |t| Turn { at, next: Next::GivesUp(t), is_free: false };
                self.note_turns(giving_up.into_iter().map(turn).collect());
            }
        }
        match next {
            Some(next) => Some(next.into()),
            None => self.pick_at_dead_end(),
        }
    }

    /// Nobody can go on: those who wait give up, one after the other.
    fn pick_at_dead_end(&mut self) -> Option<usize> {
        self.explorer.schedule()?.1.dead_end = true;
        if let Some(waiting) = self.first_waiting() {
            self.threads[waiting].gives_up = true;
            return Some(waiting);
        }
        let (graph, preemptions) = self.explorer.schedule()?;
        if preemptions.seen.is_new(graph) { None } else { self.end_schedule() }
    }

    /// Nothing new comes of the schedule.
    fn end_schedule(&mut self) -> Option<usize> {
        self.stop = Some(Stop::Hopeless);
        None
    }

    /// Notes turns, within the bound. One that comes to a state which was searched is not taken, but what it would note is.
    fn note_turns(&mut self, mut turns: Vec<Turn>) {
        let mut noted = 0;
        while let Some(&Turn { at, next, is_free }) = turns.get(noted) {
            noted += 1;
            let Some((_, preemptions)) = self.explorer.schedule() else { return };
            let Some(used) = preemptions.forks.cost(at, next, is_free) else { continue };
            if used > preemptions.bound {
                preemptions.exceeded = true;
            } else if preemptions.forks.take(at, next, used) {
                match self.after_turn(at, next, used) {
                    Some(further) => turns.extend(further),
                    None => self.explorer.note_before(at, Alternative::Turn(next), used),
                }
            }
        }
    }

    /// What a turn would note, if it comes to a state that was searched. Of no thread is known that it waits in a loop then.
    fn after_turn(&mut self, at: Id, next: Next, used: u32) -> Option<Vec<Turn>> {
        let next = match next {
            Next::Thread(t) => (t, false),
            Next::GivesUp(t) => (t, true),
            Next::Others(_) => return None,
        };
        let key = seen::state(self.explorer.graph(), at, next, &Vec::new());
        self.searched(at, next.0, key, used)
    }

    /// There is a new event: its thread may come before those that could have read it; and, where preemptions count, before what it would
    /// have waited for.
    pub fn reorder(&mut self, id: Id) {
        self.reorder_before(id, forks::missed_reads);
        if self.explorer.preemptions.as_ref().is_some_and(Preemptions::is_bounded) {
            self.reorder_before(id, forks::ended_waits);
        }
    }

    /// The new departure is the last one, and it matters: its thread may leave before others.
    pub fn reorder_departure(&mut self, last: Id) {
        self.reorder_before(last, forks::other_departures);
    }

    fn reorder_before(&mut self, id: Id, others: fn(&Graph, Id) -> Option<Late>) {
        if self.alone.is_none()
            && let Some((graph, _)) = self.explorer.schedule()
            && let Some(late) = others(graph, id)
        {
            let turns = self.try_before(&late, Id::MAX);
            self.note_turns(turns);
        }
    }

    /// The turns by which an event may come before others that it comes too late for; states before event `end` note that.
    fn try_before(&mut self, late: &Late, end: Id) -> Vec<Turn> {
        let Some((graph, preemptions)) = self.explorer.schedule() else { return Vec::new() };
        let (turns, tried) = preemptions.forks.towards(graph, late);
        preemptions.states.note(graph, late, &tried, end);
        turns.into_iter().map(|(at, next)| Turn { at, next, is_free: false }).collect()
    }

    /// Whether all that comes of a new event, before which it was another thread's turn, was searched after another schedule of the events before it.
    pub fn was_searched(&mut self, id: Id) -> bool {
        let thread = self.running as u16;
        let of_threads = |e: &&Event| self.names.finalizes(e.thread).is_none();
        let events = &self.explorer.graph().events[..id as usize];
        let last = events.iter().rev().find(of_threads).map(|e| e.thread);
        let is_finalizer = self.names.finalizes(thread).is_some();
        if self.alone.is_some() || is_finalizer || last == Some(thread) {
            return false;
        }
        let waiting = self.waiting_in_loops();
        let Some((graph, preemptions)) = self.explorer.schedule() else { return false };
        if preemptions.dead_end {
            return false;
        }
        // It gives up, if the latest value blocks it.
        let (used, e) = (preemptions.used, graph.event(id));
        let key = seen::state(graph, id, (thread, e.is_read() && e.is_blocked()), &waiting);
        preemptions.states.forget(id);
        if let Some(turns) = self.searched(id, thread, key, used) {
            self.note_turns(turns);
            return true;
        }
        if let Some((_, preemptions)) = self.explorer.schedule() {
            preemptions.states.enter(id, key, used);
        }
        false
    }

    /// If all that comes after a state before event `at` was searched: the turns that are to be noted, for what came too late there, and in its place.
    fn searched(&mut self, at: Id, thread: u16, key: u128, used: u32) -> Option<Vec<Turn>> {
        let (graph, preemptions) = self.explorer.schedule()?;
        let (late, free) = preemptions.states.find(graph, at, thread, key, used)?;
        let free: Vec<_> = free.iter().map(|&next| Turn { at, next, is_free: true }).collect();
        let turns = late.iter().flat_map(|late| self.try_before(late, at)).collect::<Vec<_>>();
        Some([turns, free].concat())
    }
}
