//! What a check answers: counts, a verdict, and for a failure its execution graph as plain data.

use std::fmt;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::{Exposure, Model};

/// The answer of one check.
#[derive(Clone, Debug)]
pub struct Report {
    /// Which executions there are.
    pub model: Model,
    /// Executions in which every thread ran to its end, each counted once.
    pub complete: u64,
    /// The same, and those that differ from one of them only in which of threads that are alike
    /// ([`Scope::spawn_alike`](super::thread::Scope::spawn_alike)) does what: of these one is explored.
    pub in_every_order: u64,
    /// Executions that stop with a thread waiting on a value that another execution overtakes. Rounds of loops that are left out count
    /// nowhere.
    pub blocked: u64,
    /// Executions that ended in a failure (more than one only under [`keep_going`](super::Checker::keep_going)).
    pub failed: u64,
    /// Complete executions in which the closure returned while other threads waited for good: the program ends then, so that is no
    /// deadlock.
    pub left_waiting: u64,
    /// Whether some explored execution holds a data race.
    pub race: bool,
    /// How load buffering could arise, which the models do not have: none if no execution that was visited shows a way. If it is none and the search
    /// is exhausted, load buffering cannot arise: see [`Exposure`] for what that means.
    pub exposure: Option<Exposure>,
    /// Whether a wait with a time-out had none left in some execution: more of [`Checker::time_outs`](super::Checker::time_outs) makes further
    /// executions.
    pub out_of_time_outs: bool,
    /// Of a search with a bound on preemptions that was not all: up to how many every execution was explored.
    pub within: Option<u32>,
    /// Wall-clock time of the check.
    pub elapsed: Duration,
    /// What was proved, or why not.
    pub verdict: Verdict,
    /// What random walks found out after the search was cut off, or before it would have been, if there were any.
    pub walked: Option<Walked>,
    /// Of a search that [leaves time-outs for last](super::Checker::time_outs_last): the executions in which no wait times out, if these were all visited, and
    /// there are others. They are among those of this report, too.
    pub untimed: Option<Box<Report>>,
}

/// What random walks through a search that was cut off say of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Walked {
    /// How many walks there were; what they visited is not among the executions of the report.
    pub walks: u64,
    /// How many executions the whole search has, complete and blocked, by estimate.
    pub executions: f64,
    /// The standard error of that.
    pub error: f64,
}

impl Walked {
    /// How many executions there are at least, for all that is known. The error is a factor rather than a difference, as few walks come where most of a search
    /// is: if twice the error is as much as the estimate, it may be half as large.
    pub(super) fn least(&self) -> f64 {
        self.executions / (1.0 + 2.0 * self.error / self.executions)
    }

    /// From what each walk expects.
    pub(super) fn new(estimates: &[f64]) -> Option<Walked> {
        let n = estimates.len() as f64;
        let executions = estimates.iter().sum::<f64>() / n;
        let squares = estimates.iter().map(|x| (x - executions).powi(2)).sum::<f64>();
        let error = (squares / (n - 1.0) / n).sqrt();
        // One walk alone has no error to tell.
        let walks = estimates.len() as u64;
        (walks > 1).then_some(Walked { walks, executions, error })
    }
}

impl Report {
    /// How much of the search was visited, 1 for all of it, by what random walks say of its size; more where they say too little, as few walks meet where most of
    /// a lopsided search is. None if there were no walks.
    pub fn share(&self) -> Option<f64> {
        let visited = (self.complete + self.blocked) as f64;
        self.walked.map(|walked| visited / walked.executions)
    }

    /// The failure, if the verdict is one.
    pub fn failure(&self) -> Option<&Failure> {
        match &self.verdict {
            Verdict::Failed(failure) => Some(failure),
            _ => None,
        }
    }

    /// True if every execution was explored and none failed.
    pub fn is_proved(&self) -> bool {
        matches!(self.verdict, Verdict::Proved)
    }
}

/// What a check established.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// Every execution that the model allows was explored and none fails. What is outside of it, load buffering first of
    /// all, [the crate's documentation](crate) lists.
    Proved,
    /// A bound stopped the exploration before its end; no failure was met.
    Bounded(Limit),
    /// Some execution fails.
    Failed(Box<Failure>),
    /// The engine could not do its work (for instance the closure is not deterministic): no statement about the program.
    Error(Error),
}

/// What bounded an exploration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// [`Checker::max_executions`](super::Checker::max_executions).
    Executions(u64),
    /// [`Checker::max_events`](super::Checker::max_events), per thread.
    Events(u32),
    /// [`Checker::time_limit`](super::Checker::time_limit).
    Time(Duration),
    /// The loop around the spin hint at this place was cut off in some execution: it counts its rounds and may give up later than anybody
    /// looked, or it writes in each round and others can tell how often. All else was explored.
    Loop(Site),
    /// [`Checker::preemptions`](super::Checker::preemptions): every execution within that bound was explored.
    Preemptions(u32),
    /// So many graphs a search with a bound on preemptions may remember.
    Graphs(usize),
    /// In some execution a thread waited here for what only one time-out of its waits more than [`Checker::time_outs`](super::Checker::time_outs)
    /// could have ended. What would have come then was not explored.
    TimeOut(Site),
}

/// Why the engine gave up; never a verdict on the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The closure did something else than in an earlier run with the same reads.
    Nondeterminism {
        /// Where the operation that differs stands.
        site: Option<Site>,
        /// The operation of the earlier run.
        recorded: String,
        /// The operation of this run.
        found: String,
    },
    /// The engine itself panicked.
    Engine {
        /// Where, in the engine.
        site: Option<Site>,
        /// Its message.
        message: String,
    },
    /// The program left what the engine supports (for instance an atomic kept from another execution).
    Unsupported {
        /// Where.
        site: Option<Site>,
        /// What.
        message: String,
    },
}

/// A source position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Site {
    /// The file as the compiler names it.
    pub file: &'static str,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
}

/// What kind of failure an execution shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailureKind {
    /// A panic on any thread.
    Assertion,
    /// Two conflicting accesses, at least one non-atomic, unordered by happens-before.
    DataRace,
    /// Every unfinished thread waits for good.
    Deadlock,
    /// A spin loop can never be satisfied.
    Livelock,
    /// An access to an allocation that another event frees, not ordered before the free.
    UseAfterFree,
    /// An allocation is freed twice.
    DoubleFree,
    /// An allocation is never freed.
    Leak,
}

/// A failing execution.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Its kind.
    pub kind: FailureKind,
    /// One sentence or two: the panic message, or the two accesses, or who waits for what.
    pub message: String,
    /// Where it happened: the panic, the second access, the blocked operation.
    pub site: Option<Site>,
    /// The operations in an order that respects program order and reads-from.
    pub trace: Vec<Step>,
    /// The threads that wait, if the failure is a deadlock or a livelock.
    pub blocked: Vec<BlockedThread>,
    /// The execution graph.
    pub graph: Graph,
    /// The letter of C++20 forbids this execution ([`Model::Cxx20`](super::Model::Cxx20)); another one that fails may be allowed.
    pub beyond_letter: bool,
    /// Give it to [`Checker::replay`](super::Checker::replay) to see exactly this execution again.
    pub replay: String,
}

/// A thread that waits in a failing execution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockedThread {
    /// The thread.
    pub thread: usize,
    /// What kind of wait.
    pub wait: Wait,
    /// Where it waits.
    pub site: Option<Site>,
    /// The name of the location it waits on (empty for a join).
    pub location: String,
    /// The thread it waits for, when that is known: the lock's holder, the thread to join.
    pub holder: Option<usize>,
    /// A notify or an unpark was issued on what it waits for, earlier in this execution.
    pub wakeup_issued: bool,
}

/// What a blocked thread waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wait {
    /// `Mutex::lock`, `RwLock::read` or `RwLock::write`.
    Lock,
    /// `Condvar::wait`.
    Condvar,
    /// [`FutexQueue::wait`](crate::sync::FutexQueue::wait).
    Futex,
    /// `thread::park`.
    Park,
    /// `JoinHandle::join`, or the end of a scope.
    Join,
    /// A loop around `spin_loop` or `yield_now`.
    Spin,
}

/// One operation of a trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The event in the graph.
    pub event: EventId,
    /// The operation in words, such as `load` or `fetch_add (write)`.
    pub operation: String,
    /// Where the program asks for it.
    pub site: Option<Site>,
    /// The location's name, if it has one.
    pub location: Option<String>,
    /// Its memory ordering, if it is atomic.
    pub ordering: Option<Ordering>,
    /// The value read or written.
    pub value: Option<u64>,
}

/// An event's stable name: thread and place in its program order, both from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventId {
    /// The thread; 0 runs the closure.
    pub thread: usize,
    /// The place in program order.
    pub index: usize,
}

/// What an event of a graph is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// The write that creates a location.
    Init,
    /// A read; the read half of a read-modify-write too.
    Read,
    /// A write.
    Write,
    /// The write half of a read-modify-write: its read is the event before it.
    ExclusiveWrite,
    /// A fence.
    Fence,
    /// Freeing an allocation.
    Free,
    /// A thread starts.
    Begin,
    /// A thread ends.
    End,
    /// Spawning a thread.
    Create,
    /// Joining a thread.
    Join,
    /// A moment of a thread that another one is put behind, or that other one's step.
    Moment,
    /// An operation of an object is called: what its name says. It is a step of nobody's code, and has no place there.
    Call,
    /// The operation that the thread has called last returns.
    Return,
    /// A spin-loop hint or a yield.
    Spin,
}

/// An event of a [`Graph`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its name.
    pub id: EventId,
    /// What it is.
    pub kind: EventKind,
    /// The operation in words.
    pub operation: String,
    /// Where the program asks for it.
    pub site: Option<Site>,
    /// Index into [`Graph::locations`].
    pub location: Option<usize>,
    /// Its memory ordering; `None` for a non-atomic access.
    pub ordering: Option<Ordering>,
    /// The value read or written.
    pub value: Option<u64>,
    /// The thread created or joined.
    pub child: Option<usize>,
}

/// A memory location of a [`Graph`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocationInfo {
    /// A stable short name.
    pub name: String,
    /// Where it was created.
    pub site: Option<Site>,
    /// Its writes in coherence order.
    pub co: Vec<EventId>,
}

/// An execution graph as plain data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    /// Events by thread, in program order.
    pub threads: Vec<Vec<Event>>,
    /// The locations, with their coherence orders.
    pub locations: Vec<LocationInfo>,
    /// Reads-from: (write, read).
    pub rf: Vec<(EventId, EventId)>,
    /// Synchronizes-with: (release side, acquire side), spawn and join included.
    pub sw: Vec<(EventId, EventId)>,
    /// Happens-before as vector clocks: `hb[t][i][u]` events of thread `u` happen before or are event `i` of thread `t`.
    pub hb: Vec<Vec<Vec<u32>>>,
    /// The events that race or contradict.
    pub marked: Vec<EventId>,
}

impl Graph {
    /// Whether `a` happens before `b`.
    pub fn happens_before(&self, a: EventId, b: EventId) -> bool {
        let seen = self.hb[b.thread][b.index].get(a.thread).copied().unwrap_or(0);
        a != b && (a.index as u32) < seen
    }
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

impl From<&'static std::panic::Location<'static>> for Site {
    fn from(at: &'static std::panic::Location<'static>) -> Self {
        Site { file: at.file(), line: at.line(), column: at.column() }
    }
}

#[cfg(test)]
mod tests {
    use super::Walked;

    #[test]
    fn an_estimate_may_be_too_large_by_a_factor() {
        let least = |executions, error| Walked { walks: 100, executions, error }.least();
        assert_eq!(least(4_400.0, 0.0), 4_400.0);
        assert_eq!(least(4_400.0, 2_200.0), 2_200.0);
        assert_eq!(least(13_200.0, 13_200.0), 4_400.0);
    }
}
