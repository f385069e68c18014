//! Load buffering: whether a program could show it, though the models do not have it.
//!
//! C++ and Rust let a Relaxed write be seen before a read in front of it has read; compilers and processors do that. The models have `po ∪ rf`
//! acyclic instead. For most programs both come to the same. This finds those for which they may not, from the executions that there are.
//!
//! # The claim
//!
//! A write `w` *follows from* an atomic's read `r` of the same location in another thread, if `w` comes after `r` in `po ∪ rf` but does not happen after it, by a way
//! that leads over a read of another location. If no execution of a program has a read and a write that follows from it, save for those that
//! *contradict* each other, load buffering adds no execution.
//!
//! They contradict each other if `r`, were it to find `w`, would synchronize with it such that another read would happen before the write that it finds.
//!
//! # Why
//!
//! Take an execution with a cycle in `po ∪ rf`, and of the writes that are read early the first: `w₁` of the thread `T`, which comes after a read `r`
//! whose source `w` only comes after `w₁`. In a semantics of promises (Kang, Hur, Lahav, Vafeiadis, Dreyer, *A Promising Semantics for
//! Relaxed-Memory Concurrency*, POPL 2017) `T` has promised `w₁`, and must be able to come to it alone, with `r` reading what is there. So there is an execution
//! without promises in which `T` does that first. The others then go on as in the one with the cycle, and read `w₁`, up to `w`. There `w`
//! comes after `r` in `po ∪ rf`. It does not happen after it, for then it would in the execution with the cycle, too, where `r`
//! reads it. On a way over one location alone `w` would come after `r` in coherence order. And where the two contradict each other
//! they do so in the execution with the cycle.
//!
//! # What this is, and is not
//!
//! The claim is tested, not proved: against an oracle that has every axiom but that one, on straight-line programs, and on programs in which writes depend on
//! reads, where the cycle must not be one of dependencies. It is cautious. A write may follow from a read and depend on it, which is not seen here; and what
//! orders `SeqCst` accesses is not looked at. A lock, a wait on a condition variable, a park do not come late: nobody promises what is behind a wait that does
//! not end. What a futex's kernel writes is not seen early: it writes behind a release, and is only looked at by calls. Plain accesses are not looked at either: a plain read that finds a write which happens neither before nor
//! after it is a race, and the models have that. What is no event has no reads: so what the engine does not model may buffer all the same.

use super::clock::Clock;
use super::graph::{Graph, Id, NONE};
use super::label::{Kind, Op};
use super::report::Site;

/// A way in which load buffering could arise: a read that comes before a write in program order and reads-from, and could find it.
///
/// C++ and Rust let a Relaxed write be seen before a read in front of it has read, and the models do not. A program of which no execution shows such a way
/// has no more executions with load buffering than without. That is argued in this module's source, and tested against an
/// oracle; it is not proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exposure {
    /// The read that would come late.
    pub read: Site,
    /// A write behind it that would be seen early.
    pub early: Site,
    /// Where it would be seen.
    pub seen: Site,
    /// The write that follows from that, and which the read would find.
    pub found: Site,
}

impl std::fmt::Display for Exposure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Exposure { read, early, seen, found } = self;
        write!(
            f,
            "the write at {early} could be seen at {seen} before the read at {read}, which would find the write at {found}"
        )
    }
}

/// Finds writes that follow from reads.
#[derive(Debug, Default)]
pub(super) struct Finder {
    /// The reads that find a write of another thread.
    seen: Vec<Id>,
    /// The writes that come after a read of their location and do not happen after it.
    late: Vec<Id>,
}

impl Finder {
    /// How load buffering could arise in an execution. Whether a write follows from a read depends on its prefix alone, so of the writes that
    /// were there when the search last looked only those are looked at again that did, and contradicted it: that depends on what else there is.
    pub fn find(&mut self, g: &mut Graph) -> Option<Exposure> {
        match self.look(g) {
            Ok(looked_at) => {
                g.looked_at = looked_at;
                None
            }
            Err(exposure) => Some(exposure),
        }
    }

    /// How many of the first events need not be looked at again.
    fn look(&mut self, g: &Graph) -> Result<usize, Exposure> {
        let mut looked_at = g.events.len();
        self.late.clear();
        let new = g.looked_at as Id..looked_at as Id;
        self.late.extend(new.filter(|&w| passed(g, w).next().is_some()));
        if self.late.is_empty() {
            return Ok(looked_at);
        }
        self.seen.clear();
        self.seen.extend((0..g.events.len() as Id).filter(|&id| {
            let e = g.event(id);
            let finds = e.is_read() && e.is_atomic() && e.thread != g.event(e.rf).thread;
            finds && (!e.label.op.is_of_kernel() || e.label.op == Op::FutexLook)
        }));
        let loc = |&id: &Id| g.event(id).loc();
        let first = self.seen.first().map(loc);
        let only = first.filter(|&first| self.seen.iter().all(|id| loc(id) == first));
        for &w in self.late.iter().filter(|w| only != Some(loc(w))) {
            for (r, over) in passed(g, w).filter_map(|r| Some((r, self.over(g, r, w)?))) {
                looked_at = looked_at.min(w as usize);
                if !contradict(g, r, w) {
                    let site = |id: Id| g.event(id).label.site.into();
                    let early = site(g.event(over).rf);
                    let (read, seen, found) = (site(r), site(over), site(w));
                    return Err(Exposure { read, early, seen, found });
                }
            }
        }
        Ok(looked_at)
    }

    /// A read of another location over which the way from `r` to `w` leads.
    fn over(&self, g: &Graph, r: Id, w: Id) -> Option<Id> {
        let leads = |&s: &Id| {
            let e = g.event(s);
            e.loc() != g.event(w).loc() && g.porf(s, w) && g.porf(r, e.rf)
        };
        self.seen.iter().copied().find(leads)
    }
}

/// The reads of other threads at the location of a write that it comes after, in `po ∪ rf`, and does not happen after.
fn passed(g: &Graph, w: Id) -> impl Iterator<Item = Id> {
    let to = g.event(w);
    let writes = matches!(to.kind(), Kind::Write | Kind::ExclusiveWrite) && to.is_atomic();
    let [hb, porf] = [Clock::Hb, Clock::Porf].map(|clock| g.clocks.get(w, clock));
    // What comes before it, and does not happen before it, is the end of what does.
    let threads = hb.iter().zip(porf).zip(&g.threads);
    let threads = threads.filter(move |((hb, porf), _)| writes && hb < porf);
    let reads = threads.flat_map(|((&hb, &porf), t)| &t[usize::from(hb)..usize::from(porf)]);
    reads.copied().filter(|&r| {
        let e = g.event(r);
        e.is_read()
            && e.is_atomic()
            && e.label.op.reads_value()
            && e.loc() == to.loc()
            && e.thread != to.thread
    })
}

/// Whether a read that found the write would synchronize with it such that another read would happen before the write that it finds.
fn contradict(g: &Graph, r: Id, w: Id) -> bool {
    let e = g.event(w);
    let released = if e.ord.releases() { w } else { e.fence };
    let rest = &g.threads[g.event(r).thread as usize][g.event(r).index as usize..];
    let acquires = |&&id: &&Id| {
        let e = g.event(id);
        (id == r || e.kind() == Kind::Fence) && e.ord.acquires()
    };
    let (Some(&acquired), true) = (rest.iter().find(acquires), released != NONE) else {
        return false;
    };
    (0..g.events.len() as Id).any(|id| {
        let e = g.event(id);
        e.is_read() && g.hb(id, released) && g.hb(acquired, e.rf)
    })
}
