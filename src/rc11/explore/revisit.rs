//! Backward revisits: a new write becomes the source of a read that was added before it.
//!
//! The write `w` revisits a read `r` outside its prefix. The graph is restricted to what was added up to `r` and `w`'s prefix, and `r` reads
//! from `w`. What that deletes comes again in every way, so the revisit is taken from one graph only of those that differ in it: the one
//! where each deleted event was added *maximally*, by the canonical choice ([`is_maximal`]).
//!
//! # Waiting operations
//!
//! A lock, a park, a condition variable's wait is a read that goes on from some values and *blocks* on others. Were it an event whenever
//! its thread comes to it, most executions of a program with locks would end with a thread that waits on a value since overtaken.
//! So such an operation is no event while the latest value blocks it. Once that has changed, its thread comes at once if it is the first in the order
//! of threads that can go on (`Exec::pick`): what comes next must depend on the graph alone. Why nothing is lost by that, and nothing comes
//! twice:
//!
//! - Once added, the read tries each coherent source that it goes on from, stale ones too. A stale source that *blocks* is left out: it
//!   is not the canonical one, so no revisit would ever change it, and its thread would wait until the end, on a value that is not the last:
//!   no deadlock. What the other threads do meanwhile they do in the graph without that read, too.
//! - When no thread can go on, the operations that wait become events, each blocked on the latest value, with their alternatives. So each
//!   deadlock is found.
//! - A lock that one thread took another may have taken before. Its write half `w` then revisits the read `r` of the first, which
//!   would block: `r` leaves the graph, and comes again when it can. Such a `w` is *fixed*: no other revisit deletes it. If `r` stayed and read
//!   from `w`, that would follow, as `r` would then be no canonical choice. And `r` cannot take the same value again, so no graph
//!   comes twice: these words are changed by read-modify-writes and by who holds the lock, so what precedes `w` in `co` is in `w`'s prefix,
//!   and all of it is consumed; to free it a revisit would have to delete `w`.
//!
//! A reader that a waiting writer holds back is refused by an alternative of its own; it stays in the graph, and is not revisited.
//!
//! Kokologiannakis, Marmanis, Vafeiadis, *Unblocking Dynamic Partial Order Reduction*, CAV 2023, have the problem and, with reads that
//! are revisited in place, an answer for waiting loops as well.

use super::super::clock::Clock;
use super::super::graph::{Graph, Id, NONE};
use super::super::label::{Kind, Op};
use super::super::sync::LAST;
use super::{Alternative, Choice, Explorer};

impl Explorer {
    /// Notes the reads that the newest event `w` may revisit: those outside its prefix such that they, and everything
    /// added after them that the revisit deletes, were added maximally.
    pub fn note_revisits(&mut self, w: Id) {
        if self.single || self.preemptions.is_some() {
            return;
        }
        let loc = self.graph().event(w).loc();
        let rival = self.graph().rival(w);
        if rival.is_some_and(|rival| self.graph().porf(rival, w)) {
            return;
        }
        let g = self.graph();
        let is_candidate = |&&r: &&Id| g.event(r).label.branches && !g.porf(r, w);
        let Some(&oldest) = g.memory[loc as usize].reads.iter().find(is_candidate) else { return };
        let mut left = std::mem::take(&mut self.left);
        left.clear();
        left.extend(self.graph().threads.iter().map(Vec::len));
        while let Some(id) = newest_outside(self.graph(), w, &mut left) {
            let g = self.graph();
            if id < oldest || !is_maximal(g, id, w) {
                break;
            }
            let e = g.event(id);
            let frees = rival.is_none_or(|rival| rival > id);
            if frees && e.is_read() && e.loc() == loc && e.label.branches {
                self.for_variants(id, w, |this, variant| {
                    this.note(w, Alternative::Revisit(id, variant))
                });
            }
        }
        self.left = left;
    }

    /// Opens a frame in which `w` revisits `r`, with a choice for each place of `w` in `co`.
    pub(super) fn revisit(&mut self, r: Id, w: Id, variant: u8) {
        let mut frame = self.spare_frame();
        let from = &self.top.graph;
        let waits = from.blocks(r, w, variant);
        let leaves = waits && variant == 0;
        from.restrict(r, leaves, w, &mut frame.graph, &mut self.names);
        let (r, w) = (self.names[r as usize], self.names[w as usize]);
        let g = &mut frame.graph;
        if leaves {
            g.events[w as usize].fixed = true;
        } else {
            g.set_source(r, w, variant);
            frame.root = Some((w, r));
        }
        let read = (!leaves).then_some(r);
        for place in places(g, w, read, waits) {
            let what = Alternative::Place(place as u32);
            frame.choices.push(Choice { at: w, what, weight: 0.0, shared: false, preemptions: 0 });
        }
        let places = frame.choices.len();
        if places > 0 {
            let weight = std::mem::take(&mut self.open) / places as f64;
            frame.choices.iter_mut().for_each(|choice| choice.weight = weight);
        }
        self.done += std::mem::take(&mut self.open);
        self.push_frame(frame);
        self.weigh_nothing();
    }
}

/// The newest event outside of `w`'s prefix, of those that are `left` of each thread; takes it from there.
fn newest_outside(g: &Graph, w: Id, left: &mut [usize]) -> Option<Id> {
    let prefix = g.clocks.get(w, Clock::Porf);
    let ends = g.threads.iter().zip(&*left).zip(prefix).enumerate();
    let outside = ends.filter(|(_, ((_, left), prefix))| **left > usize::from(**prefix));
    let newest = outside.map(|(t, ((thread, left), _))| (thread[left - 1], t)).max();
    let (id, t) = newest?;
    left[t] -= 1;
    Some(id)
}

/// The places in `co` of a write that revisits `read`, or an earlier read that leaves. Where a read `waits` on the write, only the last.
fn places(g: &Graph, w: Id, read: Option<Id>, waits: bool) -> impl Iterator<Item = usize> {
    let e = g.event(w);
    let co = g.co(e.loc());
    // Of the revisited read, what happens before it without its new source.
    let read = read.and_then(|r| Some(g.seen_before(g.po_pred(r)?, r)));
    let first = g.coherent_from(w).max(read.unwrap_or(0)) + 1;
    let places = if e.kind() == Kind::ExclusiveWrite {
        let after_source = g.event(g.event(e.label.from).rf).co as usize + 1;
        after_source..after_source + 1
    } else if waits {
        co.len()..co.len() + 1
    } else {
        first..co.len() + 1
    };
    places.filter(move |&p| p >= first && g.atomic_after(co[p - 1]))
}

/// Whether `e` was added maximally with respect to `w`: among the events added no later than `e` and those in `w`'s prefix,
/// nothing reads from `e`, and `e` (a write) or its source (a read) is co-last.
fn is_maximal(g: &Graph, id: Id, w: Id) -> bool {
    let e = g.event(id);
    if e.fixed {
        return false;
    }
    let previous = |other: Id| other != w && (other <= id || g.porf(other, w));
    if e.label.op == Op::Leave && e.value == LAST {
        return g.must_be_last(id, previous);
    }
    if !e.label.branches || e.loc() == NONE || e.kind() == Kind::Init {
        return true;
    }
    let memory = &g.memory[e.loc() as usize];
    let write = if e.is_read() { e.rf } else { id };
    if e.is_read() && (e.variant > 0 || !previous(write)) {
        return false;
    }
    if e.is_write() && memory.reads.iter().any(|&r| r < id && g.event(r).rf == id) {
        return false;
    }
    !memory.co[g.event(write).co as usize + 1..].iter().any(|&later| previous(later))
}
