//! The execution graph: events in insertion order, their `rf`, `co` and clocks; it grows, truncates and restricts.

use std::num::NonZeroU64;
use std::panic::Location;

use super::clock::{Clock, Clocks};
use super::label::{Kind, Label, Op, Order, Outcome};

/// An event, named by its place in the insertion order.
pub(super) type Id = u32;

/// No event, no location, no position.
pub(super) const NONE: u32 = u32::MAX;

/// One event.
#[derive(Clone, Copy, Debug)]
pub(super) struct Event {
    /// What the program asked for.
    pub label: Label,
    /// The ordering in this graph: a compare-exchange has the one of its outcome.
    pub ord: Order,
    /// What is left to do after this read: nothing, the write half, or waiting.
    pub outcome: Outcome,
    /// The alternative taken at this source; 0 is the canonical one.
    pub variant: u8,
    /// A write for which a revisit has taken a waiting read out of the graph: it stays.
    pub fixed: bool,
    /// The thread, and the place in its program order.
    pub thread: u16,
    pub index: u16,
    /// A read's source; the create event of a `Begin`; the end event of a `Join`.
    pub rf: Id,
    /// A write's place in its location's `co`.
    pub co: u32,
    /// The last release fence before it in program order.
    pub fence: Id,
    /// The value read or written.
    pub value: u64,
    /// The key of the history that it ends, once somebody has asked (`waits::history`).
    pub history: Option<NonZeroU64>,
}

impl Event {
    pub fn kind(&self) -> Kind {
        self.label.kind
    }

    pub fn loc(&self) -> u32 {
        self.label.loc
    }

    /// Init, write or free: a place in `co`.
    pub fn is_write(&self) -> bool {
        matches!(self.label.kind, Kind::Init | Kind::Write | Kind::ExclusiveWrite | Kind::Free)
    }

    pub fn is_read(&self) -> bool {
        self.label.kind == Kind::Read
    }

    pub fn is_atomic(&self) -> bool {
        self.ord != Order::NonAtomic
    }

    /// An access of a location that is not atomic, beside its initialisation.
    pub fn is_plain_access(&self) -> bool {
        !self.is_atomic() && self.loc() != NONE && self.kind() != Kind::Init
    }

    /// Stopped for good unless another source revisits it.
    pub fn is_blocked(&self) -> bool {
        matches!(self.outcome, Outcome::Block)
    }
}

/// What the graph knows of one location.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory {
    /// Its writes in coherence order.
    pub co: Vec<Id>,
    /// Its reads in insertion order.
    pub reads: Vec<Id>,
    /// The departures from it in insertion order.
    pub departures: Vec<Id>,
    /// How many of its accesses, beside the initialisation, are not atomic.
    pub non_atomic: u32,
}

/// The model, with a switch that drops a part of it, for tests that show that it matters.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rules {
    pub model: super::Model,
    pub without: Option<super::Axiom>,
}

impl Rules {
    pub fn has(self, axiom: super::Axiom) -> bool {
        self.without != Some(axiom)
    }
}

/// An execution graph.
#[derive(Clone, Debug, Default)]
pub(super) struct Graph {
    pub events: Vec<Event>,
    pub threads: Vec<Vec<Id>>,
    pub memory: Vec<Memory>,
    pub clocks: Clocks,
    pub rules: Rules,
    /// The accesses and fences that are `SeqCst`, or may be with another source.
    pub seq_cst: Vec<Id>,
    /// It may have threads that are alike.
    pub alike: bool,
    /// As many events, and what they read from, are as they were when load buffering was last looked for (`exposure`).
    pub looked_at: usize,
}

impl Memory {
    fn clear(&mut self) {
        self.co.clear();
        self.reads.clear();
        self.departures.clear();
        self.non_atomic = 0;
    }
}

impl Graph {
    /// Empties the graph and keeps its allocations.
    pub fn reset(&mut self, stride: usize, rules: Rules) {
        self.events.clear();
        self.threads.iter_mut().for_each(Vec::clear);
        self.memory.iter_mut().for_each(Memory::clear);
        self.clocks.reset(stride);
        self.rules = rules;
        self.seq_cst.clear();
        self.alike = false;
        self.looked_at = 0;
    }

    pub fn event(&self, id: Id) -> &Event {
        &self.events[id as usize]
    }

    /// Whether a thread has an event of this index.
    pub fn has(&self, thread: u16, index: u16) -> bool {
        self.threads.get(usize::from(thread)).is_some_and(|t| t.len() > usize::from(index))
    }

    /// Whether `a` happens before `b`, or is `b`.
    pub fn hb(&self, a: Id, b: Id) -> bool {
        let e = self.event(a);
        self.clocks.covers(b, Clock::Hb, e.thread, e.index)
    }

    /// Whether `a` is in `b`'s `(po ∪ rf)`-prefix, or is `b`.
    pub fn porf(&self, a: Id, b: Id) -> bool {
        let e = self.event(a);
        self.clocks.covers(b, Clock::Porf, e.thread, e.index)
    }

    /// The event before `id` in program order.
    pub fn po_pred(&self, id: Id) -> Option<Id> {
        let e = self.event(id);
        (e.index > 0).then(|| self.threads[e.thread as usize][e.index as usize - 1])
    }

    /// Appends an event; a read has no source yet, a write no place in `co`.
    pub fn push(&mut self, thread: u16, label: Label) -> Id {
        let id = self.events.len() as Id;
        let t = thread as usize;
        if self.threads.len() <= t {
            self.threads.resize_with(t + 1, Vec::new);
        }
        if self.clocks.stride() <= t {
            self.clocks.widen((t + 1).next_multiple_of(4));
        }
        let index = self.threads[t].len() as u16;
        let fence = self.threads[t].last().map_or(NONE, |&p| self.fence_from(p));
        self.threads[t].push(id);
        self.alike |= label.op == Op::Create && label.a != 0;
        let event = Event {
            label,
            ord: label.ord,
            outcome: Outcome::Keep,
            variant: 0,
            fixed: false,
            thread,
            index,
            rf: label.from,
            co: NONE,
            fence,
            value: label.value,
            history: None,
        };
        self.events.push(event);
        self.clocks.push(self.po_pred(id).filter(|_| label.op != Op::Forget));
        self.index_access(id);
        match label.op {
            Op::Forget => self.set_clocks(id),
            _ => self.add_to_clocks(id),
        }
        id
    }

    /// The last release fence up to and including `p`.
    fn fence_from(&self, p: Id) -> Id {
        let e = self.event(p);
        if e.kind() == Kind::Fence && e.ord.releases() { p } else { e.fence }
    }

    /// Enters an access into its location's lists.
    fn index_access(&mut self, id: Id) {
        let e = self.events[id as usize];
        if e.label.ord == Order::SeqCst || e.label.fail == Order::SeqCst {
            self.seq_cst.push(id);
        }
        if e.loc() == NONE {
            return;
        }
        let at = e.loc() as usize;
        if self.memory.len() <= at {
            self.memory.resize_with(at + 1, Memory::default);
        }
        if e.is_read() {
            self.memory[at].reads.push(id);
        }
        if e.label.op == Op::Leave {
            self.memory[at].departures.push(id);
        }
        if e.is_plain_access() {
            self.memory[at].non_atomic += 1;
        }
    }

    /// Computes the clocks of the newest event of a thread from its predecessor, its source and its ordering.
    fn set_clocks(&mut self, id: Id) {
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
        self.add_to_clocks(id);
    }

    /// Adds to the clocks of an event, which are those of its predecessor, what comes before it by its source and its ordering, and the event itself.
    fn add_to_clocks(&mut self, id: Id) {
        let e = self.events[id as usize];
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
            && self.rules.has(super::Axiom::FenceSynchronization)
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

    /// What an event comes after, but for program order.
    pub fn sources(&self, id: Id) -> &[Id] {
        let e = self.event(id);
        match e.label.op {
            Op::Finalize => &self.memory[e.label.a as usize].departures,
            _ if e.rf == NONE => &[],
            _ => std::slice::from_ref(&e.rf),
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
        } else if e.fence != NONE && self.rules.has(super::Axiom::FenceSynchronization) {
            self.clocks.copy(id, Clock::Rel, e.fence, Clock::Hb);
        } else {
            self.clocks.clear(id, Clock::Rel);
        }
        if e.kind() == Kind::ExclusiveWrite && self.rules.has(super::Axiom::ReleaseSequence) {
            let source = self.event(e.label.from).rf;
            self.clocks.join(id, Clock::Rel, source, Clock::Rel);
        }
    }

    /// Lets the read `r` read from `w` by the given alternative, and returns whether that alternative exists.
    pub fn set_source(&mut self, r: Id, w: Id, variant: u8) {
        let value = self.event(w).value;
        self.looked_at = self.looked_at.min(r as usize);
        let e = &mut self.events[r as usize];
        e.rf = w;
        e.variant = variant;
        e.value = value;
        e.history = None;
        e.outcome = e.label.step(value, variant).unwrap_or(Outcome::Keep);
        e.ord = if matches!(e.outcome, Outcome::Write(_)) { e.label.ord } else { e.label.fail };
        self.set_clocks(r);
    }

    /// Puts the write `w` at a position of its location's `co`, taking it from where it was.
    pub fn place(&mut self, w: Id, position: usize) {
        self.unplace(w);
        let at = self.event(w).loc() as usize;
        self.memory[at].co.insert(position, w);
        self.renumber(at, position);
    }

    /// Takes the write `w` out of `co`.
    pub fn unplace(&mut self, w: Id) {
        let e = &mut self.events[w as usize];
        if e.co == NONE {
            return;
        }
        let (at, position) = (e.label.loc as usize, e.co as usize);
        e.co = NONE;
        self.memory[at].co.remove(position);
        self.renumber(at, position);
    }

    fn renumber(&mut self, at: usize, from: usize) {
        for (i, &w) in self.memory[at].co.iter().enumerate().skip(from) {
            self.events[w as usize].co = i as u32;
        }
    }

    /// Keeps the first `len` events.
    pub fn truncate(&mut self, len: usize) {
        while self.events.len() > len {
            let id = self.events.len() as Id - 1;
            let e = self.events[id as usize];
            self.threads[e.thread as usize].pop();
            if e.loc() != NONE {
                self.unplace(id);
                let memory = &mut self.memory[e.loc() as usize];
                if e.is_read() {
                    memory.reads.pop();
                }
                if e.label.op == Op::Leave {
                    memory.departures.pop();
                }
                if e.is_plain_access() {
                    memory.non_atomic -= 1;
                }
            }
            self.events.pop();
        }
        self.clocks.truncate(len);
        let kept = self.seq_cst.partition_point(|&id| (id as usize) < len);
        self.seq_cst.truncate(kept);
        self.looked_at = self.looked_at.min(len);
    }

    /// Copies into `to` what a revisit of `r` by `w` keeps: the events added before `r`, `r` itself unless it `leaves`, `w`'s prefix, and `w`
    /// itself, last and not yet in `co`. Their new names go to `names`.
    pub fn restrict(&self, r: Id, leaves: bool, w: Id, to: &mut Graph, names: &mut Vec<Id>) {
        let stays = |id| id == r && !leaves || id <= w && self.porf(id, w);
        self.copy(r as usize, stays, to, names);
        let (at, last) = (self.event(w).loc(), names[w as usize]);
        if at != NONE && self.event(w).is_write() {
            to.unplace(last);
        }
    }

    /// Copies into `to` the prefix of an event, itself included.
    pub fn prefix(&self, event: Id, to: &mut Graph, names: &mut Vec<Id>) {
        self.copy(0, |id| self.porf(id, event), to, names);
    }

    /// Copies into `to` the `first` events and those of the others that stay, with their names there.
    fn copy(&self, first: usize, stays: impl Fn(Id) -> bool, to: &mut Graph, names: &mut Vec<Id>) {
        self.copy_first(first, to);
        names.clear();
        names.extend(0..first as Id);
        for id in first as Id..self.events.len() as Id {
            if !stays(id) {
                names.push(NONE);
                continue;
            }
            let name = to.events.len() as Id;
            names.push(name);
            let e = self.events[id as usize];
            to.threads[e.thread as usize].push(name);
            to.events.push(e);
            to.clocks.push_from(&self.clocks, id);
            to.index_access(name);
        }
        // Of the first, only what has been revisited has its source among the others.
        let rename = |id: &mut Id| {
            if *id != NONE && *id >= first as Id {
                *id = names[*id as usize];
            }
        };
        for e in &mut to.events {
            rename(&mut e.rf);
        }
        for e in &mut to.events[first..] {
            rename(&mut e.fence);
            rename(&mut e.label.from);
        }
        for (memory, to_memory) in self.memory.iter().zip(&mut to.memory) {
            let kept = memory.co.iter().map(|&write| names[write as usize]);
            to_memory.co.extend(kept.filter(|&name| name != NONE));
            for (place, &name) in to_memory.co.iter().enumerate() {
                to.events[name as usize].co = place as u32;
            }
        }
    }

    /// Copies into `to` the first events, but for what is in `co`.
    fn copy_first(&self, len: usize, to: &mut Graph) {
        let up_to = |ids: &[Id]| ids.partition_point(|&id| (id as usize) < len);
        let copy = |from: &[Id], to: &mut Vec<Id>| {
            to.clear();
            to.extend_from_slice(&from[..up_to(from)]);
        };
        to.events.clear();
        to.events.extend_from_slice(&self.events[..len]);
        to.clocks.copy_first(&self.clocks, len);
        to.threads.resize_with(self.threads.len().max(to.threads.len()), Vec::new);
        to.threads.iter_mut().for_each(Vec::clear);
        for (thread, to) in self.threads.iter().zip(&mut to.threads) {
            copy(thread, to);
        }
        to.memory.resize_with(self.memory.len().max(to.memory.len()), Memory::default);
        to.memory.iter_mut().for_each(Memory::clear);
        for (memory, to_memory) in self.memory.iter().zip(&mut to.memory) {
            copy(&memory.reads, &mut to_memory.reads);
            copy(&memory.departures, &mut to_memory.departures);
            to_memory.non_atomic = memory.non_atomic;
        }
        for e in self.events[len..].iter().filter(|e| e.is_plain_access()) {
            to.memory[e.loc() as usize].non_atomic -= 1;
        }
        copy(&self.seq_cst, &mut to.seq_cst);
        (to.rules, to.alike) = (self.rules, self.alike);
        to.looked_at = self.looked_at.min(len);
    }

    /// Whether an operation waits on the latest value of its location.
    pub fn would_wait(&self, label: &Label) -> bool {
        if label.op == Op::Leave {
            return !self.have_left(label.loc, label.a);
        }
        let latest =
            self.co(label.loc).last().expect("a location is initialised before it is read");
        label.step(self.event(*latest).value, 0) == Some(Outcome::Block)
    }

    /// Whether the read `r` would wait if it read from `w` by the given alternative.
    pub fn blocks(&self, r: Id, w: Id, variant: u8) -> bool {
        self.event(r).label.step(self.event(w).value, variant) == Some(Outcome::Block)
    }

    /// The writes of a location in coherence order.
    pub fn co(&self, loc: u32) -> &[Id] {
        &self.memory[loc as usize].co
    }

    /// Whether the write half of a read-modify-write follows directly on `w`.
    pub fn is_consumed(&self, w: Id) -> bool {
        let e = self.event(w);
        let next = self.co(e.loc()).get(e.co as usize + 1);
        next.is_some_and(|&n| self.event(n).kind() == Kind::ExclusiveWrite)
    }

    /// The write half that stands where the write half `w` would have to, directly on `w`'s source.
    pub fn rival(&self, w: Id) -> Option<Id> {
        let e = self.event(w);
        if e.kind() != Kind::ExclusiveWrite || self.atomic_after(self.event(e.label.from).rf) {
            return None;
        }
        let source = self.event(self.event(e.label.from).rf);
        self.co(e.loc()).get(source.co as usize + 1).copied().filter(|&next| next != w)
    }

    /// Where the program asks for `id`.
    pub fn site(&self, id: Id) -> &'static Location<'static> {
        self.event(id).label.site
    }
}
