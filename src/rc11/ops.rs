//! Every operation of a program comes through here: it is replayed against the graph, or added to it.

use std::panic::Location;

use super::current::Current;
use super::exec::{Status, Stop};
use super::graph::{Id, NONE};
use super::grow::{add, add_hint, add_read, add_write, added, await_run};
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
enum Turn {
    /// It is this recorded event.
    Replay(Id),
    /// It is new.
    Add,
    /// It repeats this event in the thread's shadow.
    Shadow(Id),
    /// It does nothing: the execution is being torn down.
    Inert,
}

/// The execution, for an operation that is about to touch its location: `None` if it must not.
#[inline]
pub(super) fn active() -> Option<Current> {
    let current = Current::get().expect("rc11 types work only inside a check");
    if current.exec().inert { inert() } else { Some(current) }
}

/// As [`active`], for destructors: they may run outside of a check, and never unwind.
#[inline]
pub(super) fn active_in_drop() -> Option<Current> {
    Current::get().filter(|current| !current.exec().inert)
}

/// An operation while everything unwinds does nothing; code that has caught the unwinding unwinds on.
#[cold]
fn inert() -> Option<Current> {
    if !std::thread::panicking() {
        super::fiber::tear_down();
    }
    None
}

/// Waits until the running thread's next event can be replayed or added.
#[inline]
fn turn(current: Current, op: Op, loc: u32, ord: Order, at: At) -> Turn {
    loop {
        let exec = current.exec();
        let thread = &exec.threads[exec.running];
        if thread.pos < thread.len && exec.guide.is_none() {
            let id = exec.explorer.graph().threads[exec.running][thread.pos as usize];
            let recorded = &exec.explorer.graph().event(id).label;
            if recorded.op != op || recorded.loc != loc || recorded.ord != ord {
                mismatch(current, id, op, ord, at);
            }
            return Turn::Replay(id);
        }
        if std::thread::panicking() {
            exec.inert = true;
            return Turn::Inert;
        }
        if let Some(mut shadow) = thread.shadow {
            let id = super::shadow::follow(current, &mut shadow, op, loc, ord, at);
            exec.threads[exec.running].shadow = Some(shadow);
            return Turn::Shadow(id);
        }
        if exec.extending || thread.pos < thread.len {
            return Turn::Add;
        }
        current.pause(Status::Ready);
    }
}

#[cold]
fn mismatch(current: Current, id: Id, op: Op, ord: Order, at: At) -> ! {
    let text = |op: Op, ord: Order, site: Site| match ord.public() {
        Some(ord) => format!("{} ({ord:?}) at {site}", op.text()),
        None => format!("{} at {site}", op.text()),
    };
    let label = current.exec().explorer.graph().event(id).label;
    current.stop(Stop::Error(Error::Nondeterminism {
        site: Some(at.into()),
        recorded: text(label.op, label.ord, label.site.into()),
        found: text(op, ord, at.into()),
    }))
}

/// Refuses a location of another execution.
#[inline]
fn check_epoch(current: Current, loc: Loc, at: At) {
    if loc.epoch != current.exec().epoch {
        unsupported(current, "a location outlives the execution that created it", at);
    }
}

/// Counts a replayed event.
#[inline]
fn replayed(current: Current) {
    let exec = current.exec();
    exec.threads[exec.running].pos += 1;
    exec.remaining -= 1;
}

/// Waits until a replayed event's source has run.
#[inline]
fn await_source(current: Current, source: Id) {
    let e = current.exec().explorer.graph().event(source);
    await_run(current, e.thread, e.index);
}

/// Creates a location.
pub(super) fn create(value: u64, op: Op, at: At) -> Loc {
    let Some(current) = active() else { return Loc { id: NONE, epoch: 0 } };
    let exec = current.exec();
    let running = exec.running;
    let nth = exec.threads[running].locations;
    exec.threads[running].locations += 1;
    let loc = exec.names.location(running as u16, nth);
    match turn(current, op, loc, Order::NonAtomic, at) {
        Turn::Replay(id) => {
            current.exec().explorer.graph_mut().events[id as usize].value = value;
            replayed(current);
        }
        Turn::Add => {
            let label = Label {
                loc,
                value,
                branches: false,
                ..Label::new(Kind::Init, op, Order::NonAtomic, at)
            };
            add(current, label);
        }
        Turn::Shadow(_) | Turn::Inert => {}
    }
    Loc { id: loc, epoch: current.exec().epoch }
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

impl Access {
    fn label(&self, current: Current, kind: Kind) -> Label {
        let allocation = current.exec().heap.find(self.address).unwrap_or(NONE);
        let label = Label::new(kind, self.op, self.ord, self.at);
        Label { loc: self.loc.id, fail: self.fail, branches: self.branches, allocation, ..label }
    }
}

/// A read; `None` while everything unwinds.
#[inline]
pub(super) fn load(current: Current, access: &Access) -> Option<u64> {
    check_epoch(current, access.loc, access.at);
    match turn(current, access.op, access.loc.id, access.ord, access.at) {
        Turn::Replay(id) => {
            let source = current.exec().explorer.graph().event(id).rf;
            await_source(current, source);
            let g = current.exec().explorer.graph_mut();
            let value = g.event(source).value;
            g.events[id as usize].value = value;
            replayed(current);
            Some(value)
        }
        Turn::Add => {
            let id = add_read(current, access.label(current, Kind::Read));
            Some(current.exec().explorer.graph().event(id).value)
        }
        Turn::Shadow(id) => Some(current.exec().explorer.graph().event(id).value),
        Turn::Inert => None,
    }
}

/// A write; returns its event.
#[inline]
pub(super) fn store(current: Current, access: &Access, value: u64) -> Id {
    check_epoch(current, access.loc, access.at);
    match turn(current, access.op, access.loc.id, access.ord, access.at) {
        Turn::Replay(id) => {
            current.exec().explorer.graph_mut().events[id as usize].value = value;
            replayed(current);
            id
        }
        Turn::Add => add_write(current, Label { value, ..access.label(current, Kind::Write) }),
        Turn::Shadow(_) | Turn::Inert => NONE,
    }
}

/// A read that may go on to write, or wait: the value read and what followed; `None` while everything unwinds.
#[inline]
pub(super) fn update(
    current: Current,
    access: &Access,
    step: Step,
    a: u64,
    b: u64,
) -> Option<(u64, Outcome)> {
    check_epoch(current, access.loc, access.at);
    let id = match turn(current, access.op, access.loc.id, access.ord, access.at) {
        Turn::Replay(id) => {
            let source = current.exec().explorer.graph().event(id).rf;
            await_source(current, source);
            replay_update(current, id, step, a, b);
            id
        }
        Turn::Add => {
            let label = Label { step: Some(step), a, b, ..access.label(current, Kind::Read) };
            let id = add_read(current, label);
            if matches!(current.exec().explorer.graph().event(id).outcome, Outcome::Write(_)) {
                let half = current
                    .exec()
                    .explorer
                    .add_write_half(id)
                    .expect("the co-last write is not consumed");
                added(current, half);
            }
            id
        }
        Turn::Shadow(id) => id,
        Turn::Inert => return None,
    };
    let e = current.exec().explorer.graph().event(id);
    let answer = (e.value, e.outcome);
    if e.is_blocked() {
        current.pause(Status::Blocked);
    }
    Some(answer)
}

/// Records anew the values of a replayed read-modify-write.
#[inline]
fn replay_update(current: Current, id: Id, step: Step, a: u64, b: u64) {
    let g = current.exec().explorer.graph_mut();
    let recorded = *g.event(id);
    let value = g.event(recorded.rf).value;
    let outcome = step(value, a, b, recorded.variant).unwrap_or(Outcome::Keep);
    if std::mem::discriminant(&outcome) != std::mem::discriminant(&recorded.outcome) {
        mismatch(current, id, recorded.label.op, recorded.ord, recorded.label.site);
    }
    let event = &mut g.events[id as usize];
    (event.value, event.outcome, event.label.a, event.label.b) = (value, outcome, a, b);
    replayed(current);
    if let Outcome::Write(new) = outcome {
        let half = g.threads[recorded.thread as usize][recorded.index as usize + 1];
        g.events[half as usize].value = new;
        g.events[half as usize].label.value = new;
        replayed(current);
    }
}

/// How a spin hint proceeds.
pub(super) enum Hint {
    /// It is this recorded event, or one whose fate a replay token knows.
    Known(Id),
    /// It is new.
    New(Id),
    /// It is part of a thread's shadow.
    Shadow,
    /// It does nothing.
    Inert,
}

/// A spin hint.
pub(super) fn hint(current: Current, label: Label) -> Hint {
    match turn(current, label.op, label.loc, label.ord, label.site) {
        Turn::Replay(id) => {
            replayed(current);
            Hint::Known(id)
        }
        Turn::Add => add_hint(current, label),
        Turn::Shadow(_) => Hint::Shadow,
        Turn::Inert => Hint::Inert,
    }
}

/// An event without a location: a fence, a spawn, a thread's begin or end, a spin.
pub(super) fn event(current: Current, make: impl Fn() -> Label) -> Option<Id> {
    let label = make();
    match turn(current, label.op, label.loc, label.ord, label.site) {
        Turn::Replay(id) => {
            replayed(current);
            Some(id)
        }
        Turn::Add => Some(add(current, label)),
        Turn::Shadow(id) => Some(id),
        Turn::Inert => None,
    }
}

/// Waits for a thread's end.
pub(super) fn join(current: Current, child: u16, at: At) {
    match turn(current, Op::Join, NONE, Order::NonAtomic, at) {
        Turn::Replay(id) => {
            let end = current.exec().explorer.graph().event(id).rf;
            await_source(current, end);
            replayed(current);
        }
        Turn::Add => {
            while current.exec().threads[child as usize].status != Status::Done {
                let exec = current.exec();
                exec.threads[exec.running].joins = Some(at);
                current.pause(Status::Join(child));
            }
            let g = current.exec().explorer.graph();
            let from =
                *g.threads[child as usize].last().expect("a thread that has ended has events");
            add(
                current,
                Label {
                    child: child.into(),
                    from,
                    ..Label::new(Kind::Join, Op::Join, Order::NonAtomic, at)
                },
            );
        }
        Turn::Shadow(_) | Turn::Inert => {}
    }
}

/// Fails the execution.
pub(super) fn fail(
    current: Current,
    kind: FailureKind,
    message: String,
    at: At,
    marked: Vec<Id>,
) -> ! {
    current.stop(Stop::Failure(kind, message, Some(at.into()), marked))
}

/// Leaves the check: it is asked for something that the engine does not do.
pub(super) fn unsupported(current: Current, message: &str, at: At) -> ! {
    current.stop(Stop::Error(Error::Unsupported {
        site: Some(at.into()),
        message: message.to_string(),
    }))
}

/// Frees an allocation.
pub(super) fn free(current: Current, location: u32, at: At) {
    let label = Label::new(Kind::Free, Op::BoxFree, Order::NonAtomic, at);
    event(current, || Label { loc: location, branches: false, ..label });
}

/// The event that has freed an allocation.
pub(super) fn freed_by(current: Current, location: u32) -> Vec<Id> {
    let g = current.exec().explorer.graph();
    g.co(location).iter().copied().filter(|&w| g.event(w).kind() == Kind::Free).collect()
}
