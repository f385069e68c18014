//! TruSt: depth-first over consistent execution graphs, each visited exactly once, in memory linear in the program.
//!
//! Source: Kokologiannakis, Marmanis, Gladstein, Vafeiadis, *Truly Stateless, Optimal Dynamic Partial Order Reduction*, POPL 2022.
//!
//! The forward path takes the canonical choice of every event (the co-last source, the co-last place, alternative 0), which is always
//! consistent, and notes the others. When an execution ends, the newest note is taken up: the graph is cut back to it. A
//! backward revisit restricts the graph into a frame of its own (`revisit`).
//!
//! # Why no race is missed
//!
//! Two conflicting accesses race if their clocks do not order them, and an event's clock depends on its prefix alone. So a pair
//! has to be looked at whenever the clock of one of them is new, and there are three ways to a new clock, each followed by a look
//! at all pairs of that event ([`Graph::race`]):
//!
//! - an event is added: `grow::added` looks, also at the write half of a read-modify-write;
//! - a read gets another source, as an alternative or by a revisit: `settle` looks at it;
//! - that read goes on to write: `settle` looks at the write half.
//!
//! A place in `co` changes no clock. A revisit only takes events away and keeps the clocks of the others: what it keeps in front of
//! the read, or in the write's prefix, does not come after the read in `po ∪ rf`. The revisiting write itself is looked at once
//! more: as a write half that found its source consumed it was never part of a graph that ran.

use super::graph::{Graph, Id, Rules};
use super::label::{Kind, Label, Op, Outcome};
use super::preemptions::Preemptions;
use super::sc::ScOrder;
use super::sync::LAST;

mod alternatives;
mod bounded;
mod later;
mod path;
mod revisit;
mod walk;

use alternatives::Choice;

pub(super) use alternatives::{Alternative, Frame};
pub(super) use later::{Later, NAMES};
pub(super) use path::Path;
pub(super) use walk::Dice;

/// The search.
#[derive(Default)]
pub(super) struct Explorer {
    /// The graph that runs, and those it was revisited from.
    top: Frame,
    below: Vec<Frame>,
    spare: Vec<Frame>,
    names: Vec<Id>,
    /// How many events of each thread are left to be looked at (`note_revisits`).
    left: Vec<usize>,
    sc: ScOrder,
    /// The share of the search that is done, that of the current path, and from where the top frame's choices have none yet.
    pub done: f64,
    open: f64,
    fresh: usize,
    /// Spurious alternatives a thread may take.
    pub spurious: u32,
    /// Follow the canonical choices only, and note nothing.
    pub single: bool,
    /// Threads that are alike are explored in every order; and they are to be, as their order cannot be told (`alike`).
    pub every_order: bool,
    pub untold: bool,
    /// A race that the choice taken last has brought into the graph.
    pub race: Option<(Id, Id)>,
    /// The state of a bounded search, if it is one.
    pub preemptions: Option<Preemptions>,
    /// Of a search that leaves time-outs for last.
    pub later: Option<Later>,
}

impl Explorer {
    /// Starts with the empty graph.
    pub fn start(&mut self, rules: Rules) {
        self.spare.append(&mut self.below);
        self.top.clear();
        self.top.graph.reset(4, rules);
        (self.open, self.fresh) = (1.0, 0);
    }

    /// Starts from work that another worker gave away.
    pub fn adopt(&mut self, frames: Vec<Frame>) {
        self.below = frames;
        self.pop_frame();
        self.weigh_nothing();
    }

    /// A frame without choices, whose graph is whatever it was.
    fn spare_frame(&mut self) -> Frame {
        let mut frame = self.spare.pop().unwrap_or_default();
        frame.clear();
        frame
    }

    /// Puts a frame on top.
    fn push_frame(&mut self, frame: Frame) {
        self.below.push(std::mem::replace(&mut self.top, frame));
    }

    /// Goes back to the frame below, if there is one.
    fn pop_frame(&mut self) -> bool {
        let Some(below) = self.below.pop() else { return false };
        self.spare.push(std::mem::replace(&mut self.top, below));
        true
    }

    pub fn graph(&self) -> &Graph {
        &self.top.graph
    }

    pub fn graph_mut(&mut self) -> &mut Graph {
        &mut self.top.graph
    }

    fn note(&mut self, at: Id, what: Alternative) {
        let bounded = self.preemptions.as_ref();
        if self.single || bounded.is_some_and(|preemptions| preemptions.dead_end) {
            return;
        }
        let preemptions = bounded.map_or(0, |preemptions| preemptions.used);
        self.top.choices.push(Choice { at, what, weight: 0.0, shared: false, preemptions });
    }

    /// Adds an event that leaves no choice.
    pub fn add(&mut self, thread: u16, label: Label) -> Id {
        let g = self.graph_mut();
        let id = g.push(thread, label);
        if g.event(id).is_write() {
            g.place(id, g.co(label.loc).len());
        } else if label.kind == Kind::Read {
            let &last =
                g.co(label.loc).last().expect("a location is initialised before it is read");
            g.set_source(id, last, 0);
        }
        id
    }

    /// Takes the events from `from` on, which are new, and their choices out of the graph.
    pub fn forget(&mut self, from: Id) {
        self.top.choices.retain(|choice| choice.at < from);
        self.top.graph.truncate(from as usize);
    }

    /// Takes a thread's events from this place of its program order on, and all that came after them, out of the graph.
    pub fn forget_from(&mut self, thread: u16, index: u16) {
        if let Some(&from) = self.graph().threads[thread as usize].get(index as usize) {
            self.forget(from);
        }
    }

    /// Notes that a new departure may be the last one. A bounded search has another schedule for that.
    pub fn note_last(&mut self, departure: Id) {
        if self.preemptions.is_none() {
            self.note(departure, Alternative::Last);
        }
    }

    /// The new departure `m` is the last one, as all others have left, and it matters: so each of them may be worth choosing.
    pub fn must_be_last(&mut self, m: Id) {
        self.graph_mut().events[m as usize].value = LAST;
        for departure in self.top.graph.candidates(m) {
            self.top.may_be_last(departure);
        }
    }

    /// Adds a read with its co-last source and notes the other coherent ones, save for older values that are known to be `hopeless`.
    pub fn add_read(&mut self, thread: u16, label: Label, hopeless: impl Fn(u64) -> bool) -> Id {
        let g = self.graph_mut();
        let id = g.push(thread, label);
        let (first, last) = (g.coherent_from(id), g.co(label.loc).len() - 1);
        let source = g.co(label.loc)[last];
        if !self.single {
            for position in first..=last {
                let w = self.graph().co(label.loc)[position];
                self.for_variants(id, w, |this, variant| {
                    let stale = position != last
                        && (this.graph().blocks(id, w, variant)
                            || variant == 0 && this.is_hopeless(id, w, &hopeless)
                            || this.preemptions.is_some() && this.is_taken(id, w, variant));
                    if (position, variant) != (last, 0) && !stale {
                        this.note(id, Alternative::Source(w, variant));
                    }
                });
            }
        }
        self.graph_mut().set_source(id, source, 0);
        id
    }

    /// Whether another write half has consumed what this read would write behind.
    fn is_taken(&self, read: Id, w: Id, variant: u8) -> bool {
        let g = self.graph();
        let outcome = g.event(read).label.step(g.event(w).value, variant);
        matches!(outcome, Some(Outcome::Write(_))) && !g.atomic_after(w)
    }

    /// Whether reading from `w` leads to nothing, and not to a race either.
    fn is_hopeless(&mut self, read: Id, w: Id, hopeless: impl Fn(u64) -> bool) -> bool {
        if !hopeless(self.graph().event(w).value) {
            return false;
        }
        self.graph_mut().set_source(read, w, 0);
        self.graph().race(read).is_none()
    }

    /// Adds a write co-last, notes its other coherent places and the reads it may revisit.
    pub fn add_write(&mut self, thread: u16, label: Label) -> Id {
        let g = self.graph_mut();
        let id = g.push(thread, label);
        let (first, end) = (g.coherent_from(id) + 1, g.co(label.loc).len());
        if !self.single {
            for position in first..end {
                if self.graph().atomic_after(self.graph().co(label.loc)[position - 1]) {
                    self.note(id, Alternative::Place(position as u32));
                }
            }
        }
        self.graph_mut().place(id, end);
        self.note_revisits(id);
        id
    }

    /// Adds the write half of the newest read, if it has one; `None` if another write half has consumed its source.
    pub fn add_write_half(&mut self, read: Id) -> Option<Id> {
        let e = *self.graph().event(read);
        let Outcome::Write(value) = e.outcome else { return Some(read) };
        let g = self.graph_mut();
        let free = g.atomic_after(e.rf);
        let half = g.push(e.thread, e.label.write_half(read, value));
        if free {
            g.place(half, g.event(e.rf).co as usize + 1);
        }
        self.note_revisits(half);
        free.then_some(half)
    }

    /// Whether a thread may take an alternative of an operation, or was spurious as often as it may be.
    pub fn has_alternatives(&self, op: Op, thread: usize, but: Id) -> bool {
        let g = self.graph();
        let is_spurious =
            |&&id: &&Id| id != but && g.event(id).variant > 0 && g.event(id).label.op.is_spurious();
        !op.is_spurious()
            || (g.threads[thread].iter().filter(is_spurious).count() as u32) < self.spurious
    }

    /// Calls `f` with each alternative that `read` has at the source `w`, spurious ones within their bound.
    fn for_variants(&mut self, read: Id, w: Id, mut f: impl FnMut(&mut Self, u8)) {
        let g = self.graph();
        let (label, value, thread) = (g.event(read).label, g.event(w).value, g.event(read).thread);
        f(self, 0);
        if label.step.is_none() {
            return;
        }
        if !self.has_alternatives(label.op, thread.into(), read) {
            return;
        }
        for variant in 1.. {
            if label.step(value, variant).is_none() {
                return;
            }
            f(self, variant);
        }
    }

    /// Moves to the next consistent graph that is to be run; false if there is none.
    pub fn advance(&mut self) -> bool {
        loop {
            self.weigh();
            let Some(choice) = self.top.choices.pop() else {
                let last = std::mem::take(&mut self.top.last);
                if !self.pop_frame() {
                    return false;
                }
                self.weigh_nothing();
                last.into_iter().for_each(|departure| self.top.may_be_last(departure));
                continue;
            };
            (self.open, self.fresh) = (choice.weight, self.top.choices.len());
            let mut takes = choice.is_worth(&self.top.graph, &self.top.last);
            if let Some(later) = &mut self.later {
                let below: usize = self.below.iter().map(|frame| frame.choices.len()).sum();
                let height = below + self.top.choices.len() + 1;
                takes = later.takes(&choice, height, &self.top.graph, takes);
            }
            if takes && self.take(choice) {
                return true;
            }
        }
    }

    /// Shares the weight of the path just ended among the choices noted on it, event by event; what is left is done. A departure that was not seen
    /// to be last weighs nothing.
    fn weigh(&mut self) {
        if self.preemptions.is_some() {
            return;
        }
        let Frame { graph, choices, last, .. } = &mut self.top;
        for group in choices[self.fresh..].chunk_by_mut(|a, b| a.at == b.at) {
            if !group[0].is_worth(graph, last) {
                continue;
            }
            self.open /= (group.len() + 1) as f64;
            group.iter_mut().for_each(|choice| choice.weight = self.open);
        }
        self.done += std::mem::take(&mut self.open);
        self.fresh = choices.len();
    }

    /// All choices of the top frame have their weight.
    fn weigh_nothing(&mut self) {
        (self.open, self.fresh) = (0.0, self.top.choices.len());
    }

    /// Takes a choice up; true if it gives a consistent graph to run.
    fn take(&mut self, choice: Choice) -> bool {
        let at = choice.at;
        self.top.truncate(at as usize + 1);
        // It may be of an execution that did not come to look at it.
        self.race = None;
        if let Some(preemptions) = &mut self.preemptions {
            preemptions.take_up(at, choice.what, choice.preemptions);
        }
        match choice.what {
            Alternative::Source(w, variant) => {
                self.graph_mut().set_source(at, w, variant);
                self.settle(None, Some(at))
            }
            Alternative::Place(position) => {
                self.graph_mut().place(at, position as usize);
                let revisited = self.top.root.filter(|&(w, _)| w == at);
                self.settle(Some(at), revisited.map(|(_, r)| r))
            }
            Alternative::Last => {
                self.graph_mut().events[at as usize].value = LAST;
                true
            }
            Alternative::Turn(_) => true,
            Alternative::Revisit(r, variant) => {
                self.revisit(r, at, variant);
                false
            }
        }
    }

    /// Whether the graph is consistent after a choice for the write or the read, or for both in a revisit. Adds what a newly
    /// sourced read owes, its write half, and looks for a race.
    fn settle(&mut self, write: Option<Id>, read: Option<Id>) -> bool {
        if !self.is_still_consistent(&[write, read]) {
            return false;
        }
        let half = match read.map(|r| self.add_write_half(r)) {
            Some(None) => return false,
            Some(half) if half != read => half,
            _ => None,
        };
        if !self.is_still_consistent(&[half]) {
            return false;
        }
        if write.is_some_and(|w| !self.keeps_order(w)) {
            return false;
        }
        let g = self.graph();
        let race_of = |id: Id| g.race(id).map(|other| (other, id));
        self.race = [write, read, half].into_iter().flatten().find_map(race_of);
        true
    }

    /// Whether the SC axiom of the model holds.
    pub fn is_consistent(&mut self) -> bool {
        self.sc.holds_under(self.top.graph.rules.model, &self.top.graph)
    }

    /// The same, if it held without these events, each the last of its thread.
    fn is_still_consistent(&mut self, changed: &[Option<Id>]) -> bool {
        self.sc.still_holds(&self.top.graph, changed)
    }

    /// Puts the prefix of an event in the graph's place, until [`leave_prefix`](Self::leave_prefix).
    pub fn enter_prefix(&mut self, event: Id) {
        let mut frame = self.spare_frame();
        self.graph().prefix(event, &mut frame.graph, &mut Vec::new());
        self.push_frame(frame);
    }

    /// Goes back to the whole graph.
    pub fn leave_prefix(&mut self) {
        self.pop_frame();
    }

    /// Gives away every other choice, those of the current path aside, with the graphs they belong to.
    pub fn donate(&mut self) -> Vec<Frame> {
        let mut turn = 0;
        let mut given = Vec::new();
        let before = self.top.choices.len();
        let below = self.below.iter_mut().map(|frame| (usize::MAX, frame));
        for (known, frame) in below.chain([(self.fresh, &mut self.top)]) {
            frame.choices.iter_mut().for_each(|choice| choice.shared = true);
            let is_given = |_: &mut Choice| {
                turn += 1;
                turn % 2 == 0
            };
            let known = known.min(frame.choices.len());
            let choices: Vec<_> = frame.choices.extract_if(..known, is_given).collect();
            if let Some(newest) = choices.last() {
                let mut graph = frame.graph.clone();
                graph.truncate(newest.at as usize + 1);
                given.push(Frame { graph, choices, root: frame.root, last: Vec::new() });
            }
        }
        self.fresh -= before - self.top.choices.len();
        given
    }
}
