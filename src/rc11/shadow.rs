//! Telling a loop that waits from one that does not: at a spin hint the thread runs on in the *shadow* of its own past.
//!
//! In the shadow, operations are no events: each must be the one that followed the last time, and gets the value it got then. A thread
//! that comes round to the hint again and again would wait for ever on these values: the hint is *verified*. The execution starts over
//! (the graph stays) and the hint lets the thread pass into one more round, whose reads are events. If they get the same values, the thread
//! stops at the next hint: these reads are what it waits on, and a write that gives one of them another value revisits it. They
//! are in the waiting loop for sure, as the reads before a verified hint need not be: one helper may serve two loops in a row.
//!
//! A thread that does anything else in its shadow was not waiting: the execution starts over, and the hint lets it pass.

use super::current::perform;
use super::exec::{Exec, Status, Stop};
use super::graph::{Event, Graph, Id};
use super::label::{Kind, Label, Op, Order, Outcome};
use super::ops::{At, Hint};
use super::report::Limit;

/// How often a loop must come round unchanged: one that gives up earlier (a bounded spin) is explored as it is.
const ROUNDS: u32 = 200;

/// How many hints in a row, with no operation between, a thread may give: they are one.
const IDLE: u32 = 1 << 20;

/// A thread's run in its own shadow; places in its program order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shadow {
    /// The hint that it started from.
    hint: u16,
    /// Nothing from here to the hint changed anything.
    since: u16,
    /// What follows the last hint before it at the same site; if there is none, the same as `since`.
    round: u16,
    /// The first event of the round, once known.
    start: Option<u16>,
    /// The event whose operation comes next.
    next: u16,
    rounds: u32,
}

/// A spin hint.
pub(super) fn hint(at: At) {
    perform(|exec| exec.hint(at));
}

impl Exec {
    fn hint(&mut self, at: At) -> Result<(), Status> {
        if self.draining {
            return self.yield_draining();
        }
        if self.is_repeated(at)? {
            return Ok(());
        }
        match self.turn_of_hint(Label::new(Kind::Spin, Op::Spin, Order::NonAtomic, at))? {
            Hint::Known(id) if self.explorer.graph().event(id).is_blocked() => Err(Status::Blocked),
            Hint::Known(_) => Ok(()),
            Hint::New(id) => self.enter(id),
            Hint::Shadow => self.come_round(),
        }
    }

    /// While an execution is drained a hint lets the other threads go first.
    fn yield_draining(&mut self) -> Result<(), Status> {
        let me = self.me();
        me.yielded = !me.yielded;
        if me.yielded { Err(Status::Ready) } else { Ok(()) }
    }

    /// Whether the last thing the thread did was to give this hint.
    fn is_repeated(&mut self, at: At) -> Result<bool, Status> {
        let thread = &mut self.threads[self.running];
        if thread.pos == 0
            || thread.shadow.is_some_and(|s| s.start.is_some_and(|start| start != s.next))
        {
            return Ok(false);
        }
        let g = self.explorer.graph();
        let last = g.event(g.threads[self.running][thread.pos as usize - 1]);
        let repeated = last.kind() == Kind::Spin && std::ptr::eq(last.label.site, at);
        thread.idle += u32::from(repeated);
        if thread.idle > IDLE {
            return Err(self.stop(Stop::Limit(Limit::Events(self.max_events))));
        }
        Ok(repeated)
    }

    /// Stops the thread at a new hint if it has repeated the verified round before; else starts its shadow, if it has read something
    /// since it last changed anything.
    fn enter(&mut self, id: Id) -> Result<(), Status> {
        let g = self.explorer.graph_mut();
        let hint = *g.event(id);
        let events = &g.threads[hint.thread as usize][..hint.index as usize];
        let since = events.iter().rposition(|&p| g.changes(p)).map_or(0, |p| p + 1);
        let same =
            |&p: &Id| g.event(p).kind() == Kind::Spin && std::ptr::eq(g.site(p), hint.label.site);
        let last = events[since..].iter().rposition(same).map(|p| since + p);
        if let Some(p) = last
            && let Some(start) = g.event(events[p]).verified()
            && g.same_round(&events[start..p], &events[p + 1..])
        {
            let hint = &mut g.events[id as usize];
            (hint.outcome, hint.value) = (Outcome::Block, p as u64 + 1);
            return Err(Status::Blocked);
        }
        if reads(g, &events[since..]) {
            let round = last.map_or(since, |p| p + 1) as u16;
            let shadow = Shadow {
                hint: hint.index,
                since: since as u16,
                round,
                start: None,
                next: hint.index,
                rounds: 0,
            };
            self.me().shadow = Some(shadow);
        }
        Ok(())
    }

    /// The event that an operation repeats. One that repeats none ends the execution, to be run again past the hint.
    pub fn follow(
        &mut self,
        shadow: &mut Shadow,
        op: Op,
        loc: u32,
        ord: Order,
        at: At,
    ) -> Result<Id, Status> {
        let g = self.explorer.graph();
        let events = &g.threads[self.running];
        let is_it = |e: &Event| {
            e.label.op == op
                && e.loc() == loc
                && e.label.ord == ord
                && std::ptr::eq(e.label.site, at)
        };
        if shadow.start.is_none() {
            let past = shadow.since as usize..shadow.hint as usize;
            let repeats = |&i: &usize| {
                is_it(g.event(events[i])) && g.event(events[i]).kind() != Kind::ExclusiveWrite
            };
            let start =
                Some(shadow.round as usize).filter(repeats).or_else(|| past.rev().find(repeats));
            match start {
                Some(i) if reads(g, &events[i..shadow.hint as usize]) => {
                    (shadow.start, shadow.next) = (Some(i as u16), i as u16)
                }
                _ => return Err(self.stop(Stop::Again)),
            }
        }
        let id = events[shadow.next as usize];
        if !is_it(g.event(id)) {
            return Err(self.stop(Stop::Again));
        }
        let half = matches!(g.event(id).outcome, Outcome::Write(_));
        shadow.next += if half { 2 } else { 1 };
        Ok(id)
    }

    /// The thread is at the hint again.
    fn come_round(&mut self) -> Result<(), Status> {
        let Some(shadow) = &mut self.me().shadow else { return Ok(()) };
        let Some(start) = shadow.start.filter(|_| shadow.next == shadow.hint + 1) else {
            return Ok(());
        };
        shadow.next = start;
        shadow.rounds += 1;
        if shadow.rounds < ROUNDS {
            return Ok(());
        }
        let hint = shadow.hint;
        let g = self.explorer.graph_mut();
        let id = g.threads[self.running][hint as usize];
        g.events[id as usize].value = u64::from(start) + 1;
        Err(self.stop(Stop::Again))
    }
}

fn reads(g: &Graph, events: &[Id]) -> bool {
    events.iter().any(|&p| g.event(p).is_read() && g.event(p).is_atomic())
}

impl Event {
    /// The beginning of the round that led to this hint, if its shadow has verified that the thread then waits.
    fn verified(&self) -> Option<usize> {
        (self.value as usize).checked_sub(1)
    }
}

impl Graph {
    /// The events of the loop that a blocked hint waits in.
    pub fn iteration(&self, hint: Id) -> &[Id] {
        let e = self.event(hint);
        &self.threads[e.thread as usize][e.value as usize..e.index as usize]
    }

    /// Whether two rounds of a loop are alike, operation by operation and value by value.
    fn same_round(&self, one: &[Id], two: &[Id]) -> bool {
        let alike = |(&p, &q): (&Id, &Id)| {
            let (e, f) = (self.event(p), self.event(q));
            let same_label = e.label.op == f.label.op
                && e.loc() == f.loc()
                && std::ptr::eq(e.label.site, f.label.site);
            same_label && (e.kind() == Kind::Spin || e.value == f.value) && e.outcome == f.outcome
        };
        one.len() == two.len() && one.iter().zip(two).all(alike)
    }

    /// Whether an event changes anything that its thread, or another, could notice; or would not happen again, being spurious.
    fn changes(&self, id: Id) -> bool {
        if self.event(id).variant > 0 && self.event(id).label.op.is_spurious() {
            return true;
        }
        match self.event(id).kind() {
            Kind::Read | Kind::Fence | Kind::Spin => false,
            Kind::ExclusiveWrite => !self.rewrites(id),
            _ => true,
        }
    }

    /// Whether a write half writes the value that it replaces.
    fn rewrites(&self, half: Id) -> bool {
        let e = self.event(half);
        e.kind() == Kind::ExclusiveWrite && self.event(e.label.from).value == e.value
    }

    /// Whether a read has the location's last value: what follows its source only rewrites it.
    pub fn reads_last_value(&self, r: Id) -> bool {
        let later = &self.co(self.event(r).loc())[self.seen(r) + 1..];
        later.iter().all(|&w| self.rewrites(w))
    }
}
