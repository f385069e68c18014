//! The axioms of both models, written down as their sources do and evaluated naively, on one execution of at most 64 events.
//!
//! Nothing here is shared with an engine: no exploration order to get right, no revisits, no clocks. The oracle of the engine's tests stands on
//! it, and so does what has no engine: executions with load buffering.
//!
//! RC11: Lahav, Vafeiadis, Kang, Hur, Dreyer, *Repairing Sequential Consistency in C/C++11*, PLDI 2017, section 3;
//! release sequences as in P0982R1: only read-modify-writes continue one. The letter of C++20: [atomics.order] p3 and p4, [intro.races] p12.

pub mod relation;

use relation::{Rel, Set};

/// Which axioms there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// RC11.
    Rc11,
    /// The letter of C++20.
    Cxx20,
}

/// The ordering of an access or a fence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are the standard's words")]
pub enum Mode {
    NonAtomic,
    Relaxed,
    Acquire,
    Release,
    AcqRel,
    SeqCst,
}

impl Mode {
    /// Whether it is Acquire or stronger.
    pub fn acquires(self) -> bool {
        matches!(self, Mode::Acquire | Mode::AcqRel | Mode::SeqCst)
    }

    /// Whether it is Release or stronger.
    pub fn releases(self) -> bool {
        matches!(self, Mode::Release | Mode::AcqRel | Mode::SeqCst)
    }

    /// What is left of a read-modify-write's ordering on its read half.
    pub fn of_read_half(self) -> Mode {
        match self {
            Mode::Release => Mode::Relaxed,
            Mode::AcqRel => Mode::Acquire,
            other => other,
        }
    }

    /// What is left of a read-modify-write's ordering on its write half.
    pub fn of_write_half(self) -> Mode {
        match self {
            Mode::Acquire => Mode::Relaxed,
            Mode::AcqRel => Mode::Release,
            other => other,
        }
    }
}

/// An event of an execution.
#[derive(Clone, Debug)]
pub struct Event {
    /// A read, a write or a fence.
    pub kind: Kind,
    /// None for a fence.
    pub location: Option<usize>,
    /// Its ordering.
    pub mode: Mode,
    /// Of a write.
    pub value: i64,
    /// Of a read: the write it reads from.
    pub source: Option<EventId>,
    /// Of a write: it is the second half of a read-modify-write whose first half is the event before it.
    pub exclusive: bool,
    /// It belongs to a reader's lock or unlock: these order nothing among themselves.
    pub reader: bool,
}

/// What an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are what they are called")]
pub enum Kind {
    Read,
    Write,
    Fence,
}

/// The thread, of which the first writes the initial values, and the position in it.
pub type EventId = (usize, usize);

/// All events, thread by thread.
pub fn ids(threads: &[Vec<Event>]) -> impl Iterator<Item = EventId> {
    let lists = threads.iter().enumerate();
    lists.flat_map(|(thread, list)| (0..list.len()).map(move |position| (thread, position)))
}

/// Where an event is in the row of all.
pub fn index(threads: &[Vec<Event>], (thread, position): EventId) -> usize {
    threads[..thread].iter().map(Vec::len).sum::<usize>() + position
}

/// Orders the writes of each location, given by their places in the row of all, in every consistent way, the earliest write first.
pub fn for_each_coherence_order(
    consistent: &impl Fn(Rel) -> bool,
    co: Rel,
    unordered: &[Vec<usize>],
    then: &mut impl FnMut(Rel),
) {
    let Some(location) = unordered.iter().position(|writes| writes.len() > 1) else {
        return then(co);
    };
    for &first in &unordered[location] {
        let mut rest = unordered.to_vec();
        rest[location].retain(|&write| write != first);
        let mut co = co;
        rest[location].iter().for_each(|&later| co.add(first, later));
        if consistent(co) {
            for_each_coherence_order(consistent, co, &rest, then);
        }
    }
}

/// Events with program order and reads-from, before coherence order is chosen.
pub struct Graph {
    /// The events of all threads in one row.
    pub events: Vec<Event>,
    /// Program order; the initial writes come before all.
    pub po: Rel,
    /// Reads-from.
    pub rf: Rel,
    /// From the read half of a read-modify-write to its write half.
    pub rmw: Rel,
}

impl Graph {
    /// The events of each thread, of which the first makes the initial writes.
    pub fn new(threads: &[Vec<Event>]) -> Graph {
        let ids: Vec<EventId> = ids(threads).collect();
        let po = Rel::of(ids.len(), |a, b| {
            let (a, b) = (ids[a], ids[b]);
            (a.0 == 0 && b.0 != 0) || (a.0 == b.0 && a.1 < b.1)
        });
        let (mut rf, mut rmw) = (Rel::EMPTY, Rel::EMPTY);
        let events: Vec<Event> = threads.concat();
        for (at, event) in events.iter().enumerate() {
            if let Some(source) = event.source {
                rf.add(index(threads, source), at);
            }
            if event.exclusive {
                rmw.add(at - 1, at);
            }
        }
        Graph { events, po, rf, rmw }
    }

    fn set(&self, holds: impl Fn(&Event) -> bool) -> Set {
        let in_set = self.events.iter().enumerate().filter(|(_, event)| holds(event));
        in_set.fold(0, |set, (index, _)| set | 1 << index)
    }

    fn same_location(&self) -> Rel {
        Rel::of(self.events.len(), |a, b| {
            let (a, b) = (self.events[a].location, self.events[b].location);
            a.is_some() && a == b
        })
    }

    fn synchronizes(&self) -> Rel {
        let on = |holds: &dyn Fn(&Event) -> bool| Rel::on(self.set(holds));
        let fences = on(&|e| e.kind == Kind::Fence);
        let atomic_writes = on(&|e| e.kind == Kind::Write && e.mode != Mode::NonAtomic);
        let atomic_reads = on(&|e| e.kind == Kind::Read && e.mode != Mode::NonAtomic);
        let releasing = on(&|e| e.mode.releases());
        let acquiring = on(&|e| e.mode.acquires());

        let readers = Rel::on(self.set(|e| e.reader));
        let rs = atomic_writes.then(self.rf.then(self.rmw).star());
        let sw = releasing
            .then(fences.then(self.po).maybe())
            .then(rs)
            .then(self.rf)
            .then(atomic_reads)
            .then(self.po.then(fences).maybe())
            .then(acquiring);
        sw.minus(readers.then(sw).then(readers))
    }

    /// Program order and what synchronizes.
    pub fn happens_before(&self) -> Rel {
        self.po.or(self.synchronizes()).plus()
    }

    /// Whether the axioms hold. They only ever forbid, so with a part of the coherence order (and of the execution)
    /// a refusal is final and an acceptance is not.
    pub fn is_consistent(&self, model: Model, hb: Rel, co: Rel) -> bool {
        self.may_buffer_loads(model, hb, co) && self.po.or(self.rf).is_acyclic()
    }

    /// Whether all axioms hold but the one that nothing comes out of thin air.
    pub fn may_buffer_loads(&self, model: Model, hb: Rel, co: Rel) -> bool {
        let rb = self.rf.inverse().then(co).minus(Rel::on(!0));
        let eco = self.rf.or(co).or(rb).plus();
        hb.then(eco.maybe()).is_irreflexive()
            && self.rmw.and(rb.then(co)).is_empty()
            && match model {
                Model::Rc11 => self.psc(hb, co, rb, eco).is_acyclic(),
                Model::Cxx20 => self.order_s(hb, eco).is_acyclic(),
            }
    }

    fn psc(&self, hb: Rel, co: Rel, rb: Rel, eco: Rel) -> Rel {
        let sc = Rel::on(self.set(|e| e.mode == Mode::SeqCst));
        let sc_fences = Rel::on(self.set(|e| e.mode == Mode::SeqCst && e.kind == Kind::Fence));
        let location = self.same_location();

        let po_elsewhere = self.po.minus(location);
        let scb =
            self.po.or(po_elsewhere.then(hb).then(po_elsewhere)).or(hb.and(location)).or(co).or(rb);
        let psc_base =
            (sc.or(sc_fences.then(hb.maybe()))).then(scb).then(sc.or(hb.maybe().then(sc_fences)));
        let psc_f = sc_fences.then(hb.or(hb.then(eco).then(hb))).then(sc_fences);
        psc_base.or(psc_f)
    }

    /// What the total order S of C++20 must contain. Its `cob` is `eco` between operations, of which a read-modify-write is one.
    fn order_s(&self, hb: Rel, eco: Rel) -> Rel {
        let one = self.rmw.or(self.rmw.inverse()).maybe();
        let between = |rel: Rel| one.then(rel).then(one).minus(one);
        let accesses = Rel::on(self.set(|e| e.mode == Mode::SeqCst && e.kind != Kind::Fence));
        let fences = Rel::on(self.set(|e| e.mode == Mode::SeqCst && e.kind == Kind::Fence));
        let sc = accesses.or(fences);

        let (po, cob) = (between(self.po), between(eco));
        let sw = between(sc.then(self.synchronizes()).then(sc));
        let shb = po.or(sw).or(po.then(hb).then(po)).plus();
        let before = accesses.or(fences.then(hb));
        let after = accesses.or(hb.then(fences));
        sc.then(shb).then(sc).or(before.then(cob).then(after))
    }

    /// Whether two accesses to one location, one a write and one non-atomic, are unordered.
    pub fn is_racy(&self, hb: Rel) -> bool {
        let ordered = hb.or(hb.inverse()).maybe();
        let write = |e: &Event| e.kind == Kind::Write;
        let plain = |e: &Event| e.mode == Mode::NonAtomic;
        self.same_location().minus(ordered).pairs().any(|(a, b)| {
            let (a, b) = (&self.events[a], &self.events[b]);
            (write(a) || write(b)) && (plain(a) || plain(b))
        })
    }
}
