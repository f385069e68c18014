//! Every operation of a program comes through here: it is replayed against the graph, or added to it.
//!
//! An operation is a method of the execution that is tried until it is done ([`perform`]). `Err` is the status in which its thread
//! pauses until it is tried again, from the beginning.

use std::panic::Location;

use super::current::perform;
use super::ending::Stop;
use super::exec::{Exec, Status};
use super::graph::{Id, NONE};
use super::label::{Kind, Label, Op, Order, Outcome, Step};
use super::report::{Error, FailureKind, Site};

/// The handle of a location, kept inside the atomic, cell or lock that it names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Loc {
    pub id: u32,
    pub epoch: u64,
}

/// A place in the program.
pub(super) type At = &'static Location<'static>;

/// How an operation proceeds.
pub(super) enum Turn {
    /// It is this recorded event.
    Replay(Id),
    /// It is new.
    Add,
    /// It repeats this event in the thread's shadow.
    Shadow(Id),
    /// It finds this, as it is told.
    Told(u64, Outcome),
}

/// How an access is asked for.
#[derive(Clone, Copy)]
pub(super) struct Access {
    pub loc: Loc,
    pub op: Op,
    pub ord: Order,
    /// The ordering if it only reads.
    pub fail: Order,
    /// It branches over what it may see.
    pub branches: bool,
    /// Where the location stands in memory.
    pub address: usize,
    pub at: At,
}

/// How a spin hint proceeds.
pub(super) enum Hint {
    /// It is this recorded event, or one whose fate a replay token knows.
    Known(Id),
    /// It is new.
    New(Id),
    /// It is part of a thread's shadow.
    Shadow,
}

impl Exec {
    /// Whether the running thread's next event is replayed, added, or a repetition.
    pub fn turn(&mut self, op: Op, loc: u32, ord: Order, at: At) -> Result<Turn, Status> {
        if self.threads[self.running].departing.is_some()
            && !matches!(op, Op::Follow | Op::Finalize)
        {
            self.follow_departures()?;
        }
        if self.is_finalizing() {
            self.finalizer_may(op, loc)?;
        }
        let thread = &self.threads[self.running];
        if thread.pos < thread.len && self.guide.is_none() {
            let id = self.explorer.graph().threads[self.running][thread.pos as usize];
            let recorded = &self.explorer.graph().event(id).label;
            if recorded.op != op || recorded.loc != loc || recorded.ord != ord {
                return Err(self.mismatch(id, op, ord, at));
            }
            return Ok(Turn::Replay(id));
        }
        if thread.shadow.is_some()
            && let Some(id) = self.follow(op, loc, ord, at)?
        {
            return Ok(Turn::Shadow(id));
        }
        let thread = &self.threads[self.running];
        if self.extending && !self.woken || thread.pos < thread.len || self.comes_at_once() {
            if self.is_told() {
                let (value, outcome) = self.told(op, loc, ord, at)?;
                return Ok(Turn::Told(value, outcome));
            }
            return Ok(Turn::Add);
        }
        Err(Status::Ready)
    }

    #[cold]
    fn mismatch(&mut self, id: Id, op: Op, ord: Order, at: At) -> Status {
        let text = |op: Op, ord: Order, site: Site| match ord.public() {
            Some(ord) => format!("{} ({ord:?}) at {site}", op.text()),
            None => format!("{} at {site}", op.text()),
        };
        let label = self.explorer.graph().event(id).label;
        self.stop(Stop::Error(Error::Nondeterminism {
            site: Some(at.into()),
            recorded: text(label.op, label.ord, label.site.into()),
            found: text(op, ord, at.into()),
        }))
    }

    /// Refuses a location of another execution. Nothing of it is touched before.
    pub fn check_epoch(&mut self, loc: Loc, at: At) -> Result<(), Status> {
        if loc.epoch == self.epoch {
            return Ok(());
        }
        Err(self.unsupported("a location outlives the execution that created it", at))
    }

    /// Counts a replayed event.
    pub fn replayed(&mut self) {
        self.threads[self.running].pos += 1;
        self.remaining -= 1;
    }

    /// Waits until a replayed event's source has run.
    pub fn await_source(&self, source: Id) -> Result<(), Status> {
        let e = self.explorer.graph().event(source);
        self.await_run(e.thread, e.index)
    }

    /// Creates a location.
    pub fn create(&mut self, value: u64, op: Op, at: At) -> Result<Loc, Status> {
        let running = self.running;
        let loc = self.names.location(running as u16, self.threads[running].locations);
        match self.turn(op, loc, Order::NonAtomic, at)? {
            Turn::Replay(id) => {
                self.explorer.graph_mut().events[id as usize].value = value;
                self.replayed();
            }
            Turn::Add => {
                let label = Label::new(Kind::Init, op, Order::NonAtomic, at);
                self.add(Label { loc, value, branches: false, ..label })?;
            }
            Turn::Shadow(_) | Turn::Told(..) => {}
        }
        self.threads[running].locations += 1;
        Ok(Loc { id: loc, epoch: self.epoch })
    }

    fn label(&self, access: &Access, kind: Kind) -> Label {
        let allocation = self.heap.find(access.address).unwrap_or(NONE);
        let label = Label::new(kind, access.op, access.ord, access.at);
        let Access { loc, fail, branches, .. } = *access;
        Label { loc: loc.id, fail, branches, allocation, ..label }
    }

    /// A read.
    pub fn load(&mut self, access: &Access) -> Result<u64, Status> {
        self.check_epoch(access.loc, access.at)?;
        match self.turn(access.op, access.loc.id, access.ord, access.at)? {
            Turn::Replay(id) => {
                let source = self.explorer.graph().event(id).rf;
                self.await_source(source)?;
                let g = self.explorer.graph_mut();
                let value = g.event(source).value;
                g.events[id as usize].value = value;
                self.replayed();
                Ok(value)
            }
            Turn::Add => {
                let id = self.add_read(self.label(access, Kind::Read))?;
                Ok(self.explorer.graph().event(id).value)
            }
            Turn::Shadow(id) => Ok(self.explorer.graph().event(id).value),
            Turn::Told(value, _) => Ok(value),
        }
    }

    /// A write; returns its event.
    pub fn store(&mut self, access: &Access, value: u64) -> Result<Id, Status> {
        self.check_epoch(access.loc, access.at)?;
        match self.turn(access.op, access.loc.id, access.ord, access.at)? {
            Turn::Replay(id) => {
                self.explorer.graph_mut().events[id as usize].value = value;
                self.replayed();
                Ok(id)
            }
            Turn::Add => self.add_write(Label { value, ..self.label(access, Kind::Write) }),
            Turn::Shadow(id) => Ok(id),
            Turn::Told(..) => Ok(NONE),
        }
    }

    /// A read that may go on to write, or wait: the value read and what followed.
    pub fn update(
        &mut self,
        access: &Access,
        step: Step,
        a: u64,
        b: u64,
    ) -> Result<(u64, Outcome), Status> {
        self.check_epoch(access.loc, access.at)?;
        let id = match self.turn(access.op, access.loc.id, access.ord, access.at)? {
            Turn::Replay(id) => {
                let source = self.explorer.graph().event(id).rf;
                self.await_source(source)?;
                self.replay_update(id, step, a, b)?;
                self.after_success(id)?;
                id
            }
            Turn::Add => {
                let label = Label { step: Some(step), a, b, ..self.label(access, Kind::Read) };
                self.before_try(&label)?;
                self.postpone(&label)?;
                let id = self.add_read(label)?;
                if matches!(self.explorer.graph().event(id).outcome, Outcome::Write(_)) {
                    let thread = &self.threads[self.running];
                    if self.guide.is_some() && thread.pos == thread.len {
                        // The execution fails at the read: its token has no write half.
                        return Err(Status::Ready);
                    }
                    let half = self.explorer.add_write_half(id);
                    self.added(half.expect("the co-last write is not consumed"))?;
                    self.after_success(id)?;
                }
                id
            }
            Turn::Shadow(id) => id,
            Turn::Told(value, outcome) => {
                self.told_operands([a, b]);
                return Ok((value, outcome));
            }
        };
        let e = self.explorer.graph().event(id);
        if e.is_blocked() { Err(Status::Blocked) } else { Ok((e.value, e.outcome)) }
    }

    /// Records anew the values of a replayed read-modify-write.
    fn replay_update(&mut self, id: Id, step: Step, a: u64, b: u64) -> Result<(), Status> {
        let g = self.explorer.graph_mut();
        let recorded = *g.event(id);
        let value = g.event(recorded.rf).value;
        let outcome = step(value, a, b, recorded.variant).unwrap_or(Outcome::Keep);
        if std::mem::discriminant(&outcome) != std::mem::discriminant(&recorded.outcome) {
            let label = recorded.label;
            return Err(self.mismatch(id, label.op, recorded.ord, label.site));
        }
        let event = &mut g.events[id as usize];
        (event.value, event.outcome, event.label.a, event.label.b) = (value, outcome, a, b);
        if let Outcome::Write(new) = outcome {
            let half = g.threads[recorded.thread as usize][recorded.index as usize + 1];
            g.events[half as usize].value = new;
            g.events[half as usize].label.value = new;
            self.replayed();
        }
        self.replayed();
        Ok(())
    }

    /// How a spin hint proceeds.
    pub fn turn_of_hint(&mut self, label: Label) -> Result<Hint, Status> {
        match self.turn(label.op, label.loc, label.ord, label.site)? {
            Turn::Replay(id) => {
                self.replayed();
                Ok(Hint::Known(id))
            }
            Turn::Add => self.add_hint(label),
            Turn::Shadow(_) | Turn::Told(..) => Ok(Hint::Shadow),
        }
    }

    /// An event that reads and writes nothing, or a free.
    pub fn event(&mut self, label: Label) -> Result<Id, Status> {
        match self.turn(label.op, label.loc, label.ord, label.site)? {
            Turn::Replay(id) => {
                self.replayed();
                Ok(id)
            }
            Turn::Add => self.add(label),
            Turn::Shadow(id) => Ok(id),
            Turn::Told(..) => Ok(NONE),
        }
    }

    /// Waits for a thread's end.
    pub fn join(&mut self, child: u16, at: At) -> Result<(), Status> {
        match self.turn(Op::Join, NONE, Order::NonAtomic, at)? {
            Turn::Replay(id) => {
                let end = self.explorer.graph().event(id).rf;
                self.await_source(end)?;
                self.replayed();
            }
            Turn::Add => {
                if self.threads[child as usize].status != Status::Done {
                    self.me().joins = Some(at);
                    return Err(Status::Join(child));
                }
                let g = self.explorer.graph();
                let from =
                    *g.threads[child as usize].last().expect("a thread that has ended has events");
                let label = Label::new(Kind::Join, Op::Join, Order::NonAtomic, at);
                self.add(Label { child: child.into(), from, ..label })?;
            }
            Turn::Shadow(_) | Turn::Told(..) => {}
        }
        Ok(())
    }

    /// Fails the execution.
    pub fn fail(&mut self, kind: FailureKind, message: String, at: At, marked: Vec<Id>) -> Status {
        self.stop(Stop::Failure(kind, message, Some(at.into()), marked))
    }

    /// Leaves the check: it is asked for something that the engine does not do.
    pub fn unsupported(&mut self, message: &str, at: At) -> Status {
        let (site, message) = (Some(at.into()), message.to_string());
        self.stop(Stop::Error(Error::Unsupported { site, message }))
    }
}

/// Creates a location.
pub(super) fn create(value: u64, op: Op, at: At) -> Loc {
    perform(|exec| exec.create(value, op, at))
}

/// A read.
pub(super) fn load(access: &Access) -> u64 {
    perform(|exec| exec.load(access))
}

/// A write; returns its event.
pub(super) fn store(access: &Access, value: u64) -> Id {
    perform(|exec| exec.store(access, value))
}

/// A read that may go on to write, or wait.
pub(super) fn update(access: &Access, step: Step, a: u64, b: u64) -> (u64, Outcome) {
    perform(|exec| exec.update(access, step, a, b))
}
