//! The execution graph: events in insertion order, their `rf`, `co` and clocks. It grows and is cut back here, `restrict` copies parts of it, and
//! `happens_before` computes the clocks.

use std::num::NonZeroU64;
use std::panic::Location;

use super::clock::{Clock, Clocks};
use super::label::{Kind, Label, Op, Order, Outcome};

mod happens_before;
mod restrict;

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

impl Memory {
    fn clear(&mut self) {
        self.co.clear();
        self.reads.clear();
        self.departures.clear();
        self.non_atomic = 0;
    }
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
        self.clocks.push();
        self.index_access(id);
        self.set_clocks(id);
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

    /// What an event comes after, but for program order.
    pub fn sources(&self, id: Id) -> &[Id] {
        let e = self.event(id);
        match e.label.op {
            Op::Finalize => &self.memory[e.label.a as usize].departures,
            _ if e.rf == NONE => &[],
            _ => std::slice::from_ref(&e.rf),
        }
    }

    /// Lets the read `r` read from `w` by the given alternative.
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
