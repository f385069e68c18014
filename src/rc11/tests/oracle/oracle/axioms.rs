//! The axioms of both models, written down as their sources do and evaluated naively.
//!
//! RC11: Lahav, Vafeiadis, Kang, Hur, Dreyer, *Repairing Sequential Consistency in C/C++11*, PLDI 2017, section 3;
//! release sequences as in P0982R1: only read-modify-writes continue one. The letter of C++20: [atomics.order] p3 and p4, [intro.races] p12.

use rc11::Model;

use super::relation::{Rel, Set};
use super::{Event, Kind, Mode};

/// Events with program order and reads-from, before coherence order is chosen.
pub struct Graph {
    pub events: Vec<Event>,
    pub po: Rel,
    pub rf: Rel,
    /// From the read half of a read-modify-write to its write half.
    pub rmw: Rel,
}

impl Graph {
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

    pub fn happens_before(&self) -> Rel {
        self.po.or(self.synchronizes()).plus()
    }

    /// Whether the axioms hold. They only ever forbid, so with a part of the coherence order (and of the execution)
    /// a refusal is final and an acceptance is not.
    pub fn is_consistent(&self, model: Model, hb: Rel, co: Rel) -> bool {
        let rb = self.rf.inverse().then(co).minus(Rel::on(!0));
        let eco = self.rf.or(co).or(rb).plus();
        hb.then(eco.maybe()).is_irreflexive()
            && self.rmw.and(rb.then(co)).is_empty()
            && match model {
                Model::Rc11 => self.psc(hb, co, rb, eco).is_acyclic(),
                Model::Cxx20 => self.order_s(hb, eco).is_acyclic(),
            }
            && self.po.or(self.rf).is_acyclic()
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
