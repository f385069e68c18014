//! The probe watches one execution from inside the facade: sites, orderings, waits, memory.
//!
//! The exploring engines run all threads of a case as coroutines of one operating-system thread, so
//! the probe is a thread-local of that thread. It records every operation with its site, replaces
//! orderings where it is told to, knows who waits for what, quarantines frees, and keeps the first
//! reason for which an execution stopped. Once stopped, every operation of the facade is *inert*:
//! it touches no memory, so destructors that run while the engine unwinds cannot do harm.

mod heap;
mod panic;
mod spot;
mod stale;
mod wait;

use std::cell::{Cell, RefCell};
use std::panic::Location;
use std::sync::atomic::Ordering;

use casebook_core::ordering::{Override, Role, Strength, Use};
use casebook_core::verdict::{Kind, Reason, Site, Step};

pub use heap::{allocated, check_access, check_owned, freed};
pub use panic::{Panic, install_hook, take_panic};
pub use spot::Spot;
pub use wait::{Wait, acquired, holds, released, unwait, wait, woken};

use heap::Heap;
use wait::Waits;

/// Why an execution stopped before its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The case failed.
    Failure(Kind, String),
    /// The engine cannot run the case.
    Inexpressible(Reason),
    /// A bound was reached.
    Bound(String),
}

/// A value as an operation read or wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// The operation has no value.
    None,
    /// An integer.
    Int(i128),
    /// A boolean.
    Bool(bool),
    /// An address; rendered by the order of first appearance.
    Ptr(usize),
}

/// One recorded operation.
#[derive(Clone, Copy)]
struct Event {
    thread: usize,
    spot: Spot,
    operation: &'static str,
    object: usize,
    orderings: [Option<Ordering>; 2],
    before: Value,
    after: Value,
}

#[derive(Default)]
struct Probe {
    stop: Option<Stop>,
    events: Vec<Event>,
    /// How many atomics have been made.
    atomics: usize,
    waits: Waits,
    heap: Heap,
    overrides: Vec<Override>,
    uses: Option<Vec<Use>>,
}

impl Probe {
    /// A place of the thread that has recorded something last, as it is found in the program.
    fn spot(&self, at: &'static Location<'static>) -> Spot {
        let thread = self.events.last().map_or(0, |event| event.thread);
        Spot::from(at).in_program(thread, &self.events, &[])
    }
}

thread_local! {
    static PROBE: RefCell<Probe> = RefCell::default();
    static RUNNING: Cell<bool> = const { Cell::new(false) };
    static STOPPED: Cell<bool> = const { Cell::new(false) };
    static FREEING: Cell<bool> = const { Cell::new(false) };
    static LIVE_THREADS: Cell<usize> = const { Cell::new(0) };
    static TRACING: Cell<bool> = const { Cell::new(true) };
}

/// The longest trace that is kept; an execution that runs on is cut from the front.
const LONGEST_TRACE: usize = 100_000;

fn with<R>(f: impl FnOnce(&mut Probe) -> R) -> R {
    PROBE.with_borrow_mut(f)
}

/// Starts an execution.
pub fn begin() {
    with(|probe| {
        probe.stop = None;
        probe.events.clear();
        probe.atomics = 0;
        probe.waits = Waits::default();
        probe.heap.reset();
    });
    STOPPED.set(false);
    FREEING.set(false);
    RUNNING.set(true);
    LIVE_THREADS.set(0);
}

/// Ends an execution whose body has returned: reports what was never freed. Where a detached thread
/// still runs, nobody can know what it would have freed.
#[track_caller]
pub fn end() {
    let leak = with(|probe| probe.heap.leak()).filter(|_| LIVE_THREADS.get() == 0);
    if let Some(message) = leak {
        fail(Kind::Leak, message);
    }
    RUNNING.set(false);
}

/// Notes that a thread begins.
pub fn thread_begins() {
    LIVE_THREADS.set(LIVE_THREADS.get() + 1);
}

/// Notes that a thread has done all it will.
pub fn thread_ends() {
    LIVE_THREADS.set(LIVE_THREADS.get().saturating_sub(1));
}

/// Whether the body has returned while threads that it started go on.
pub fn threads_left() -> bool {
    !RUNNING.get() && LIVE_THREADS.get() > 0
}

/// Closes the execution, whatever its state, and says why it stopped.
pub fn close() -> Option<Stop> {
    RUNNING.set(false);
    STOPPED.set(false);
    with(|probe| {
        probe.heap.reset();
        probe.stop.take()
    })
}

/// Whether an execution is under way.
pub fn running() -> bool {
    RUNNING.get()
}

/// Whether the execution has stopped, so that operations must be inert.
pub fn stopped() -> bool {
    STOPPED.get()
}

/// Stops the execution for `stop` and leaves the current thread by a panic.
#[track_caller]
pub fn halt(stop: Stop) -> ! {
    note(stop);
    std::panic::resume_unwind(Box::new("the execution was stopped"));
}

/// Stops the execution with a failure of the case.
#[track_caller]
pub fn fail(kind: Kind, message: impl Into<String>) -> ! {
    halt(Stop::Failure(kind, message.into()))
}

/// Notes why the execution stops, unless it is known already, without leaving the thread.
pub fn note(stop: Stop) {
    STOPPED.set(true);
    let stop = match stop {
        Stop::Failure(Kind::DataRace, message) if FREEING.take() => {
            let message = format!("freed while another thread may still use it: {message}");
            Stop::Failure(Kind::UseAfterFree, message)
        }
        stop => stop,
    };
    with(|probe| probe.stop.get_or_insert(stop).clone());
}

/// Where `thread` is, in words, as it is found in the program: `at cases/a.rs:3`.
pub fn phrase(at: &'static Location<'static>, thread: usize) -> String {
    Site::from(with(|probe| Spot::from(at).in_program(thread, &probe.events, &[]))).phrase()
}

/// Notes that what follows is the free of a block: a race with it is a use after free.
pub fn freeing(now: bool) {
    FREEING.set(now);
}

/// Notes that all threads wait for each other, and says who waits for what. Where a thread waits
/// for a wake-up that has been sent, that is a lost wake-up. Where a thread's second time-out would end it, it is
/// none, and a bound is reached.
pub fn note_deadlock() {
    if let Some(at) = with(|probe| probe.waits.second_time_out()) {
        let at = Site::from(at).phrase();
        return note(Stop::Bound(format!("a thread's second time-out, {at}")));
    }
    let (kind, message) = deadlock();
    note(Stop::Failure(kind, message));
}

/// The kind and the story of a deadlock of all threads that wait now.
pub fn deadlock() -> (Kind, String) {
    with(|probe| probe.waits.deadlock(&probe.events))
}

/// Sets the orderings to replace from now on.
pub fn set_overrides(overrides: &[Override]) {
    with(|probe| probe.overrides = overrides.to_vec());
}

/// Collects, from now on, every ordering that the case gives.
pub fn collect_uses() {
    with(|probe| probe.uses = Some(Vec::new()));
}

/// The orderings collected since [`collect_uses`], by site; collects no more.
pub fn collected_uses() -> Vec<Use> {
    let mut uses = with(|probe| probe.uses.take()).unwrap_or_default();
    uses.sort();
    uses
}

/// The ordering to run the operation at `at` with: `None` for a fence that is taken away.
pub fn ordering(
    at: &'static Location<'static>,
    role: Role,
    declared: Ordering,
) -> Option<Ordering> {
    let strength = Strength::from(declared);
    with(|probe| {
        if let Some(uses) = &mut probe.uses
            && !uses.iter().any(|known| known.is(at, role, strength))
        {
            uses.push(Use { site: Site::from(at), role, ordering: strength });
        }
        let replaced = probe.overrides.iter().find(|o| o.of.is(at, role, strength));
        replaced.map_or(Some(declared), |replaced| replaced.by.into())
    })
}

/// Whether operations are recorded.
pub fn tracing() -> bool {
    TRACING.get()
}

/// Sets whether operations are recorded. An engine that runs a failing execution again to trace it
/// saves the trace of all others.
pub fn set_tracing(tracing: bool) {
    TRACING.set(tracing);
}

/// Records an operation of `thread`.
pub fn record(
    thread: usize,
    spot: Spot,
    operation: &'static str,
    object: usize,
    orderings: [Option<Ordering>; 2],
    [before, after]: [Value; 2],
) {
    with(|probe| {
        if probe.events.len() >= LONGEST_TRACE {
            probe.events.drain(..LONGEST_TRACE / 2);
        }
        let event = Event { thread, spot, operation, object, orderings, before, after };
        probe.events.push(event);
    });
}

/// The steps of the current or last execution.
pub fn trace() -> Vec<Step> {
    with(|probe| {
        let mut names = Names::default();
        let events = &probe.events;
        let shown = (0..events.len()).filter(|&at| !is_idle(events, at));
        let step = |at: usize| {
            let event = &events[at];
            let mut step = names.step(event);
            step.site =
                event.spot.in_program(event.thread, &events[..at], &events[at + 1..]).into();
            step.value += &stale::note(events, at);
            step
        };
        shown.map(step).collect()
    })
}

/// Whether an event makes something that nothing is done with.
fn is_idle(events: &[Event], at: usize) -> bool {
    let Event { operation, object, .. } = events[at];
    operation == MADE && !events[at + 1..].iter().any(|event| event.object == object)
}

/// How the event is called that makes an atomic.
const MADE: &str = "new";

/// What tells the names of atomics, which move, from addresses.
const ATOMIC: usize = 1 << (usize::BITS - 1);

/// Records that `thread` makes an atomic with this value; its name among those of the execution.
pub fn made(thread: usize, at: &'static Location<'static>, value: Value) -> usize {
    let object = with(|probe| {
        probe.atomics += 1;
        ATOMIC | probe.atomics
    });
    record(thread, at.into(), MADE, object, [None; 2], [Value::None, value]);
    object
}

/// Names objects and addresses by their first appearance, so that a trace reads the same each time.
#[derive(Default)]
struct Names {
    objects: Vec<usize>,
    addresses: Vec<usize>,
}

impl Names {
    fn step(&mut self, event: &Event) -> Step {
        let object = match event.object {
            0 => String::new(),
            address => format!("#{}", index_of(&mut self.objects, address)),
        };
        let orderings: Vec<String> =
            event.orderings.iter().flatten().map(|o| format!("{o:?}")).collect();
        let value = match (event.before, event.after) {
            (Value::None, value) | (value, Value::None) => self.value(value),
            (before, after) => format!("{} → {}", self.value(before), self.value(after)),
        };
        Step {
            thread: event.thread,
            site: event.spot.into(),
            operation: event.operation.to_string(),
            object,
            orderings: orderings.join(", "),
            value,
        }
    }

    fn value(&mut self, value: Value) -> String {
        match value {
            Value::None => String::new(),
            Value::Int(n) => n.to_string(),
            Value::Bool(b) => b.to_string(),
            Value::Ptr(0) => "null".to_string(),
            Value::Ptr(address) => format!("ptr{}", index_of(&mut self.addresses, address)),
        }
    }
}

fn index_of(seen: &mut Vec<usize>, address: usize) -> usize {
    seen.iter().position(|known| *known == address).unwrap_or_else(|| {
        seen.push(address);
        seen.len() - 1
    }) + 1
}
