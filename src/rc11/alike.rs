//! Threads that are alike: of executions that differ only in which of them does what, one is explored.
//!
//! Threads are *alike* if they run one closure that cannot tell which of them runs it, and are joined together
//! ([`Scope::spawn_alike`](super::thread::Scope::spawn_alike)). What another thread does after the joins is the same whichever of them did what. So where one
//! execution has an order of m such threads, there are m! that differ in nothing else.
//!
//! # The order
//!
//! Let a thread's *key* be the write half of its first operation, if that always writes: a read-modify-write, or the lock of a mutex. An execution is *in order*
//! if the key of each thread that has one is preceded, in `po ∪ rf`, by that of the thread spawned alike before it. Only executions in order are explored.
//! For any execution another numbering of the threads gives one in order, if all writes of the keys' location are *chained*: if each is preceded in
//! `po ∪ rf` by the one before it in `co`. Read-modify-writes are, for they read from it; so is an unlock, for its thread has locked before.
//!
//! # Why none is lost
//!
//! The search comes to an execution in order through graphs that consist of a part of it, which is closed under `po ∪ rf`, and of what was added
//! canonically and is deleted again (`explore::revisit`). In the part a key is preceded by those before it, because it is in the execution. What is added
//! canonically comes in order, too: of threads that can go on the first one does (`schedule`), all of them ask for the same, and so can go on when it can; and each
//! key reads the co-last write, which has those before it in its prefix. So whatever is out of order is on the way to nothing that is in order,
//! and is dropped when the key is put at its place.
//!
//! # Where it cannot be told
//!
//! Whether the writes are chained shows in the executions that are explored. Another thread's store may stand between two keys, such as one that
//! unlocks without having locked. Then, and if a thread asks for its handle, the search starts again and explores every order: a handle has a
//! name, and a token that was made before the threads spawned later began, but not the others. A search with a bound on preemptions explores every order from the beginning. That a closure compares addresses of its own stack with another thread's is not noticed.
//!
//! This is compared with the oracle, numbers included, and not proved.
//!
//! Kokologiannakis, Marmanis, Vafeiadis, *SPORE: Combining Symmetry and Partial Order Reduction*, PLDI 2024, explore threads that are alike up to
//! their order whatever they do first; so does GenMC's `__VERIFIER_spawn_symmetric`, in part.

use super::explore::Explorer;
use super::graph::{Graph, Id};
use super::label::Kind;

/// The place of a key in its thread's program order: after the beginning, and the read half.
const KEY: usize = 2;

impl Graph {
    /// The thread spawned alike before this one; of the first it is that one itself.
    fn alike_before(&self, thread: usize) -> Option<usize> {
        let begin = self.event(*self.threads[thread].first()?);
        let is_child = begin.kind() == Kind::Begin;
        is_child.then(|| self.event(begin.rf).label.a)?.checked_sub(1).map(|before| before as usize)
    }

    fn key(&self, thread: usize) -> Option<Id> {
        let id = *self.threads[thread].get(KEY)?;
        let e = self.event(id);
        (e.kind() == Kind::ExclusiveWrite && e.label.op.always_writes()).then_some(id)
    }

    /// The thread spawned alike before that of this event, if it is a key.
    fn before_key(&self, id: Id) -> Option<usize> {
        let e = self.event(id);
        if usize::from(e.index) != KEY {
            return None;
        }
        self.alike_before(e.thread.into()).filter(|_| self.key(e.thread.into()) == Some(id))
    }

    /// Whether the graph is in order with this write at its place, if it was without; none if that cannot be told.
    fn is_in_order(&self, write: Id) -> Option<bool> {
        let (e, before) = (self.event(write), self.before_key(write));
        let co = self.co(e.loc());
        if co.iter().all(|&w| self.before_key(w).is_none()) {
            return Some(true);
        }
        let is_chained = co.windows(2).all(|pair| self.porf(pair[0], pair[1]));
        let is_in_order = match before {
            Some(before) if before != e.thread.into() => {
                self.key(before).is_some_and(|other| self.porf(other, write))
            }
            _ => true,
        };
        is_chained.then_some(is_in_order)
    }

    /// How many executions a complete one in order stands for: itself and those with the threads that are alike in another order.
    fn orders(&self) -> u64 {
        let mut orders = 1_u64;
        let mut places = vec![0_u64; self.threads.len()];
        for thread in 0..self.threads.len() {
            let Some(before) = self.alike_before(thread) else { continue };
            places[thread] = 1 + if before == thread { 0 } else { places[before] };
            if self.key(thread).is_some() {
                orders = orders.saturating_mul(places[thread]);
            }
        }
        orders
    }
}

impl Explorer {
    /// Whether a write is put at a place that leaves the graph in order, as far as can be told.
    pub fn keeps_order(&mut self, write: Id) -> bool {
        if !self.has_order() {
            return true;
        }
        let keeps = self.graph().is_in_order(write);
        self.untold |= keeps.is_none();
        keeps != Some(false)
    }

    /// Threads that are alike are told apart, by their handles or by what the engine does not see.
    pub fn are_told_apart(&mut self) {
        self.untold |= self.has_order();
    }

    /// How many executions the graph, which is complete, stands for.
    pub fn stands_for(&self) -> u64 {
        if self.has_order() { self.graph().orders() } else { 1 }
    }

    fn has_order(&self) -> bool {
        self.graph().alike && !self.every_order && !self.single
    }
}
