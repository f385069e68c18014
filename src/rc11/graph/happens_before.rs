//! The clocks of an event: what happens before it, its `(po ∪ rf)`-prefix, and what an acquiring reader of it synchronizes with.

use super::super::Axiom;
use super::super::clock::Clock;
use super::super::label::{Kind, Op};
use super::{Graph, Id, NONE};

impl Graph {
    /// Computes the clocks of the newest event of a thread from its predecessor, its source and its ordering.
    pub(super) fn set_clocks(&mut self, id: Id) {
        let e = self.events[id as usize];
        match self.po_pred(id) {
            Some(p) => {
                // What the thread has acquired since `rf` it forgets.
                let known = if e.label.op == Op::Forget && e.rf != NONE { e.rf } else { p };
                self.clocks.copy(id, Clock::Hb, known, Clock::Hb);
                self.clocks.copy(id, Clock::Porf, p, Clock::Porf);
            }
            None => {
                self.clocks.clear(id, Clock::Hb);
                self.clocks.clear(id, Clock::Porf);
            }
        }
        if e.rf != NONE {
            self.clocks.join(id, Clock::Porf, e.rf, Clock::Porf);
            match e.kind() {
                Kind::Join if e.label.op == Op::Finalize => self.follow_all(id),
                Kind::Begin | Kind::Join => self.clocks.join(id, Clock::Hb, e.rf, Clock::Hb),
                Kind::Read if e.ord.acquires() => {
                    self.clocks.join(id, Clock::Hb, e.rf, Clock::Rel);
                    if matches!(e.label.op, Op::WriteLock | Op::TryWriteLock) {
                        self.acquire_readers(id);
                    }
                }
                _ => {}
            }
        }
        if e.kind() == Kind::Fence
            && e.ord.acquires()
            && self.rules.has(Axiom::FenceSynchronization)
        {
            self.acquire_earlier_reads(id);
        }
        self.clocks.set(id, Clock::Hb, e.thread, e.index + 1);
        self.clocks.set(id, Clock::Porf, e.thread, e.index + 1);
        if e.is_write() && e.is_atomic() {
            self.set_release_clock(id);
        }
    }

    /// A finalizer begins after all departures.
    fn follow_all(&mut self, id: Id) {
        for &departure in &self.memory[self.events[id as usize].label.a as usize].departures {
            self.clocks.join(id, Clock::Hb, departure, Clock::Hb);
            self.clocks.join(id, Clock::Porf, departure, Clock::Porf);
        }
    }

    /// What a reader did before it unlocked happens before the next writer's lock, though not before another reader's.
    fn acquire_readers(&mut self, lock: Id) {
        let mut w = self.event(lock).rf;
        while self.event(w).kind() == Kind::ExclusiveWrite {
            if self.event(w).label.op == Op::ReadUnlock {
                self.clocks.join(lock, Clock::Hb, w, Clock::Hb);
            }
            w = self.event(self.event(w).label.from).rf;
        }
    }

    /// `rf ; [R≥rlx] ; po ; [F≥acq]`: an acquire fence acquires what the reads before it read.
    fn acquire_earlier_reads(&mut self, fence: Id) {
        let thread = self.events[fence as usize].thread as usize;
        for i in (0..self.threads[thread].len() - 1).rev() {
            let e = *self.event(self.threads[thread][i]);
            if e.kind() == Kind::Fence && e.ord.acquires() {
                return;
            }
            if e.is_read() && e.is_atomic() && !e.label.op.is_of_kernel() {
                self.clocks.join(fence, Clock::Hb, e.rf, Clock::Rel);
            }
        }
    }

    /// `[≥rel] ; ([F];po)? ; rs`: the write's own release, or the last release fence's, and, for the write half of
    /// a read-modify-write, those of the write it replaces (C++20: no same-thread later stores, P0982).
    fn set_release_clock(&mut self, id: Id) {
        let e = self.events[id as usize];
        if e.label.op == Op::ReadUnlock {
            // It releases to writers alone: see `acquire_readers`.
            self.clocks.clear(id, Clock::Rel);
        } else if e.ord.releases() {
            self.clocks.copy(id, Clock::Rel, id, Clock::Hb);
        } else if e.fence != NONE && self.rules.has(Axiom::FenceSynchronization) {
            self.clocks.copy(id, Clock::Rel, e.fence, Clock::Hb);
        } else {
            self.clocks.clear(id, Clock::Rel);
        }
        if e.kind() == Kind::ExclusiveWrite && self.rules.has(Axiom::ReleaseSequence) {
            let source = self.event(e.label.from).rf;
            self.clocks.join(id, Clock::Rel, source, Clock::Rel);
        }
    }
}
