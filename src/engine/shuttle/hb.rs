//! Happens-before by vector clocks, as the memory model defines it and ThreadSanitizer computes it.
//!
//! shuttle runs one sequentially consistent schedule at a time and sees no race on plain data. These
//! clocks respect every ordering, fence and lock, so a missing Release or Acquire shows as a data
//! race even in such a schedule. What stays invisible is an *outcome* that only a weak execution
//! has. Release sequences are C++20's: a store begins one, and only read-modify-writes continue it.

use std::cell::RefCell;
use std::panic::Location;
use std::sync::atomic::Ordering;

use casebook_core::verdict::{Kind, Reason};
use casebook_engine::probe::{self, Stop};

/// More threads than any case starts; a clock is a plain array.
pub const MAX_THREADS: usize = 16;

/// How far each thread has got, by thread.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Clock([u32; MAX_THREADS]);

impl Clock {
    /// Adds what `other` knows.
    pub fn merge(&mut self, other: &Clock) {
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine = (*mine).max(*theirs);
        }
    }

    fn covers(&self, epoch: Epoch) -> bool {
        epoch.time <= self.0[epoch.thread]
    }
}

/// One moment of one thread.
#[derive(Clone, Copy)]
struct Epoch {
    thread: usize,
    time: u32,
    at: &'static Location<'static>,
}

#[derive(Clone, Copy, Default)]
struct ThreadClock {
    /// Everything that happens before the thread's next step.
    now: Clock,
    /// What an acquire fence would add: the releases read by relaxed loads.
    pending: Clock,
    /// What a relaxed store publishes: the moment of the last release fence.
    fenced: Clock,
}

thread_local! {
    static THREADS: RefCell<Vec<ThreadClock>> = const { RefCell::new(Vec::new()) };
}

/// The number of the current thread.
pub fn me() -> usize {
    shuttle::current::get_current_task().map_or(0, usize::from)
}

fn with_me<R>(f: impl FnOnce(usize, &mut ThreadClock) -> R) -> R {
    let me = me();
    THREADS.with_borrow_mut(|threads| {
        if threads.len() <= me {
            threads.resize(me + 1, ThreadClock::default());
        }
        f(me, &mut threads[me])
    })
}

/// Forgets the execution before.
pub fn begin() {
    THREADS.take();
    start(Clock::default());
}

/// Starts the current thread, after what its creator had done.
pub fn start(parent: Clock) {
    if me() >= MAX_THREADS {
        probe::halt(Stop::Inexpressible(Reason::ThreadLimit));
    }
    with_me(|me, thread| {
        thread.now = parent;
        thread.now.0[me] = 1;
    });
}

/// Everything the current thread has done, for somebody else to join; it moves on.
pub fn publish() -> Clock {
    with_me(|me, thread| {
        let published = thread.now;
        thread.now.0[me] += 1;
        published
    })
}

/// What `published` holds happens before the current thread's next step.
pub fn join(published: &Clock) {
    with_me(|_, thread| thread.now.merge(published));
}

fn acquires(ordering: Ordering) -> bool {
    matches!(ordering, Ordering::Acquire | Ordering::AcqRel | Ordering::SeqCst)
}

fn releases(ordering: Ordering) -> bool {
    matches!(ordering, Ordering::Release | Ordering::AcqRel | Ordering::SeqCst)
}

/// A fence of the current thread.
pub fn fence(ordering: Ordering) {
    with_me(|me, thread| {
        if acquires(ordering) {
            let pending = thread.pending;
            thread.now.merge(&pending);
        }
        if releases(ordering) {
            thread.fenced = thread.now;
            thread.now.0[me] += 1;
        }
    });
}

/// What the clocks know of one atomic location.
pub struct AtomicClock {
    created: Epoch,
    /// What an acquire load of the current value synchronises with.
    released: RefCell<Clock>,
}

// SAFETY: the threads of an execution are coroutines that never leave the operating-system thread of
// their check, so a clock is never reached from two of them.
unsafe impl Sync for AtomicClock {}

impl AtomicClock {
    /// A location initialised by the current thread: a plain write.
    #[track_caller]
    pub fn new() -> Self {
        let at = Location::caller();
        let created = with_me(|me, thread| Epoch { thread: me, time: thread.now.0[me], at });
        AtomicClock { created, released: RefCell::default() }
    }

    #[track_caller]
    fn check_created(&self) {
        let at = Location::caller();
        if with_me(|_, thread| !thread.now.covers(self.created)) {
            race("an atomic is accessed", at, "its initialisation", self.created);
        }
    }

    /// A load of the current value.
    #[track_caller]
    pub fn load(&self, ordering: Ordering) {
        self.check_created();
        let released = *self.released.borrow();
        with_me(|_, thread| {
            if acquires(ordering) {
                thread.now.merge(&released);
            } else {
                thread.pending.merge(&released);
            }
        });
    }

    /// A store; it begins a release sequence.
    #[track_caller]
    pub fn store(&self, ordering: Ordering) {
        self.check_created();
        *self.released.borrow_mut() = self.publication(ordering);
    }

    /// A successful read-modify-write; it continues the release sequence it reads from.
    #[track_caller]
    pub fn rmw(&self, ordering: Ordering) {
        self.load(ordering);
        let publication = self.publication(ordering);
        self.released.borrow_mut().merge(&publication);
    }

    fn publication(&self, ordering: Ordering) -> Clock {
        if releases(ordering) { publish() } else { with_me(|_, thread| thread.fenced) }
    }
}

/// What the clocks know of one plain location.
pub struct CellClock(RefCell<CellState>);

struct CellState {
    write: Epoch,
    reads: Vec<Epoch>,
}

impl CellClock {
    /// A location initialised by the current thread.
    #[track_caller]
    pub fn new() -> Self {
        let at = Location::caller();
        let write = with_me(|me, thread| Epoch { thread: me, time: thread.now.0[me], at });
        CellClock(RefCell::new(CellState { write, reads: Vec::new() }))
    }

    /// A plain read: the last write must happen before it.
    #[track_caller]
    pub fn read(&self) {
        let at = Location::caller();
        let state = &mut *self.0.borrow_mut();
        let (unordered, epoch) = with_me(|me, thread| {
            let epoch = Epoch { thread: me, time: thread.now.0[me], at };
            (!thread.now.covers(state.write), epoch)
        });
        if unordered {
            race("a read", at, "a write", state.write);
        }
        state.reads.retain(|read| read.thread != epoch.thread);
        state.reads.push(epoch);
    }

    /// A plain write: the last write and every read since must happen before it.
    #[track_caller]
    pub fn write(&self) {
        let at = Location::caller();
        let state = &mut *self.0.borrow_mut();
        let (write, read, epoch) = with_me(|me, thread| {
            let read = state.reads.iter().find(|read| !thread.now.covers(**read)).copied();
            let epoch = Epoch { thread: me, time: thread.now.0[me], at };
            (!thread.now.covers(state.write), read, epoch)
        });
        if write {
            race("a write", at, "a write", state.write);
        }
        if let Some(read) = read {
            race("a write", at, "a read", read);
        }
        state.write = epoch;
        state.reads.clear();
    }
}

#[track_caller]
fn race(what: &str, at: &'static Location<'static>, other: &str, earlier: Epoch) -> ! {
    let (at, there) = (probe::phrase(at, me()), probe::phrase(earlier.at, earlier.thread));
    probe::fail(
        Kind::DataRace,
        format!(
            "{what} {at} by thread {} is unordered with {other} {there} by thread {}",
            me(),
            earlier.thread
        ),
    )
}
