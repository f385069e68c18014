//! The axioms of RC11, each a named function over the graph's clocks.
//!
//! Source: Lahav, Vafeiadis, Kang, Hur, Dreyer, *Repairing Sequential Consistency in C/C++11*, PLDI 2017, section 4.

use super::Axiom;
use super::graph::{Graph, Id};
use super::label::{Kind, Op};

impl Graph {
    /// Coherence (`hb ; eco?` is irreflexive), seen from an event about to read or write: the first place in `co` that it
    /// may read from, or be put after. Nothing below a write that happens before it, or that a read before it has seen.
    pub fn coherent_from(&self, event: Id) -> usize {
        if !self.rules.has(Axiom::Coherence) {
            return 0;
        }
        self.seen_before(event, event)
    }

    /// The greatest place in `co`, at the location of `event`, that what happens before `at` writes or reads from, `event` aside.
    pub fn seen_before(&self, at: Id, event: Id) -> usize {
        let memory = &self.memory[self.event(event).loc() as usize];
        let before = |&&other: &&Id| other != event && self.hb(other, at);
        let write = memory.co.iter().rposition(|w| before(&w)).unwrap_or(0);
        memory.reads.iter().filter(before).map(|&r| self.seen(r)).fold(write, usize::max)
    }

    /// The place in `co` of what `r` reads.
    pub fn seen(&self, r: Id) -> usize {
        self.event(self.event(r).rf).co as usize
    }

    /// Atomicity (`rmw ∩ (rb ; co)` is empty): no write may be put directly after the source of a read-modify-write.
    pub fn atomic_after(&self, source: Id) -> bool {
        !self.rules.has(Axiom::Atomicity) || !self.is_consumed(source)
    }

    /// The data race (C++20 [intro.races]/21) that `event` takes part in: a conflicting access, one of the two not
    /// atomic, that does not happen before it. Called when `event` is the newest.
    pub fn race(&self, event: Id) -> Option<Id> {
        let e = self.event(event);
        let memory = &self.memory[e.loc() as usize];
        // The slots of those who wait are the engine's: the notifier knows of one through Relaxed accesses alone.
        let is_own = matches!(e.label.op, Op::Notify | Op::FutexNotify);
        if !self.rules.has(Axiom::RaceFreedom) || is_own {
            return None;
        }
        if e.is_atomic() && memory.non_atomic == 0 {
            let &init = memory.co.first()?;
            return (self.event(init).kind() == Kind::Init && !self.ordered(init, event))
                .then_some(init);
        }
        let conflicts = |&&other: &&Id| {
            let o = self.event(other);
            other != event
                && (e.is_write() || o.is_write())
                && !(e.is_atomic() && o.is_atomic())
                && !self.ordered(other, event)
        };
        memory.co.iter().find(conflicts).or_else(|| memory.reads.iter().find(conflicts)).copied()
    }

    /// Ordered by happens-before, either way.
    fn ordered(&self, a: Id, b: Id) -> bool {
        self.hb(a, b) || self.hb(b, a)
    }
}
