//! An oracle for the engine: every execution of a small program, found by trying everything and checking each axiom.
//!
//! It shares no code and no idea with the engine: no exploration order to get right, no revisits, no clocks. A program is
//! a handful of operations per thread, an execution a choice of reads-from and coherence order.

pub mod build;
pub mod enumerate;
pub mod interpret;

use std::collections::BTreeMap;
use std::ops::Range;

pub use casebook_axioms::{Event, EventId, Kind, Mode};

pub use enumerate::{
    by_preemptions, executions, executions_under, executions_with_load_buffering, is_alone,
};

/// Threads of straight-line code and forward conditionals over shared locations that start at 0.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// Locations `0..atomics` are atomic.
    pub atomics: usize,
    /// Locations `atomics..atomics + plains` are not.
    pub plains: usize,
    pub locks: usize,
    /// The locks are reader–writer locks.
    pub shared_locks: bool,
    /// How the engine is to wait: to the memory model all the same.
    pub waiting: Waiting,
    pub threads: Vec<Vec<Op>>,
    /// Threads with the same code, that the engine is told are alike: to the memory model all the same.
    pub alike: Range<usize>,
    /// The last thread is the one that starts the others: to the memory model all the same.
    pub main_takes_part: bool,
    /// The last atomic location exists only from its first non-atomic store on, which is its initialisation. Who has not read that it
    /// exists does not touch it.
    pub late: bool,
    /// Locations that nobody looks at at the end.
    pub unseen: Vec<usize>,
}

impl Program {
    pub fn locations(&self) -> usize {
        self.atomics + self.plains
    }

    /// Atomic and plain locations, locks, tokens and the counts of departures, in this order.
    pub fn words(&self) -> usize {
        self.departures(PLACES)
    }

    /// The count of departures from a place.
    pub fn departures(&self, place: usize) -> usize {
        self.first_token() + self.threads.len() + place
    }

    /// How many departures from a place there are.
    pub fn leavers(&self, place: usize) -> usize {
        let leaves = |op: &&Op| matches!(op, Op::Leave { place: from, .. } if *from == place);
        let ops = self.threads.iter().flatten();
        ops.chain(self.then()).filter(leaves).count()
    }

    /// Whether anybody leaves.
    pub fn leaves(&self) -> bool {
        (0..PLACES).any(|place| self.leavers(place) > 0)
    }

    /// Whether the last one to leave a place does anything then.
    pub fn last_matters(&self, place: usize) -> bool {
        place == 0 && !self.then().is_empty()
    }

    /// What the last one to leave the first place does.
    pub fn then(&self) -> &[Op] {
        let then = |op| match op {
            &Op::Leave { place: 0, ref then } => Some(&then[..]),
            _ => None,
        };
        self.threads.iter().flatten().find_map(then).unwrap_or_default()
    }

    pub fn first_token(&self) -> usize {
        self.locations() + self.locks
    }

    /// Whether a thread waits in a loop under the engine.
    pub fn spins(&self) -> bool {
        let spins = |op: &Op| match op {
            Op::Await { .. } | Op::AwaitPair { .. } | Op::AwaitEither { .. } => true,
            Op::Poll { .. } => true,
            Op::Lock { .. } => self.waiting != Waiting::Provided,
            _ => false,
        };
        self.threads.iter().flatten().any(spins)
    }

    /// Whether a thread tries until it succeeds.
    pub fn updates(&self) -> bool {
        self.threads.iter().flatten().any(|op| matches!(op, Op::Update { .. }))
    }

    /// Whether the rounds of a loop write: then they are executions of their own.
    pub fn writes_while_waiting(&self) -> bool {
        self.polls() || self.waiting == Waiting::Undoing && self.spins()
    }

    /// Whether what a loop waits for is more than one value.
    pub fn waits_for_more(&self) -> bool {
        let more = |op: &Op| matches!(op, Op::AwaitPair { .. } | Op::AwaitEither { .. });
        self.polls() || self.threads.iter().flatten().any(more)
    }

    /// Whether a loop takes a lock to look.
    pub fn polls(&self) -> bool {
        self.threads.iter().flatten().any(|op| matches!(op, Op::Poll { .. }))
    }

    pub fn parks(&self) -> bool {
        self.threads.iter().flatten().any(|op| matches!(op, Op::Park))
    }

    pub fn unparks(&self) -> bool {
        self.threads.iter().flatten().any(|op| matches!(op, Op::Unpark { .. }))
    }
}

/// A way to wait under the engine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Waiting {
    /// Locks are the engine's; an await is a loop that begins with the hint.
    #[default]
    Provided,
    /// Locks, too, are loops around a compare-exchange that begin with the hint.
    Spinning,
    /// The same with the hint after a failed attempt.
    SpinningLate,
    /// Locks are loops that look until the lock is free, with the hint, and then try by a swap, which writes what it finds if that fails: there is no
    /// hint then.
    Testing,
    /// As `SpinningLate`, and each failed attempt writes to a location of its thread's own and writes back what was there.
    Undoing,
}

#[derive(Clone, Debug)]
pub enum Op {
    Load {
        reg: usize,
        location: usize,
        mode: Mode,
    },
    Store {
        location: usize,
        value: Value,
        mode: Mode,
    },
    Rmw {
        reg: usize,
        location: usize,
        change: Change,
        operand: i64,
        mode: Mode,
    },
    Cas {
        reg: usize,
        location: usize,
        expected: i64,
        new: i64,
        success: Mode,
        failure: Mode,
        weak: bool,
    },
    /// Loads, and compare-exchanges what it has found last for what that makes, until that succeeds: `reg` is what it has replaced. An execution in which a
    /// try fails that orders as much as the load does not count. Nor does one in which a compare-exchange, this one or another, replaces a
    /// value right after a load that orders no more and read it of another write.
    Update {
        reg: usize,
        location: usize,
        change: Change,
        operand: i64,
        load: Mode,
        success: Mode,
        failure: Mode,
    },
    Fence {
        mode: Mode,
    },
    If {
        reg: usize,
        equals: i64,
        then: Vec<Op>,
    },
    /// A read that waits for `value`: an execution in which it reads anything else does not count.
    Await {
        location: usize,
        value: i64,
        mode: Mode,
    },
    /// Reads two locations, one after the other, until they have one of two pairs of values: a round that reads anything else does not count.
    AwaitPair {
        reg: usize,
        locations: [usize; 2],
        ends: [(i64, i64); 2],
        mode: Mode,
    },
    /// Reads the first location, and unless it has the first value the second one, until that has the second: a round in which neither has does not count.
    AwaitEither {
        locations: [usize; 2],
        ends: [i64; 2],
        mode: Mode,
    },
    /// Waits for 0 and writes 1 in one step, with acquire.
    Lock {
        lock: usize,
    },
    /// Takes the lock, reads, and gives the lock back, until it has read `value`: a round that reads anything else does not count.
    Poll {
        lock: usize,
        location: usize,
        value: i64,
        mode: Mode,
    },
    /// Stores 0 with release.
    Unlock {
        lock: usize,
    },
    /// Waits until no writer holds the lock, and counts one reader more, in one step, with acquire.
    ReadLock {
        lock: usize,
    },
    /// Counts one reader less, in one step; releases to writers alone.
    ReadUnlock {
        lock: usize,
    },
    /// Adds [`WRITER`] if the lock is free; else adds [`WAITING`], waits until it is free, and turns that into [`WRITER`]; with acquire.
    WriteLock {
        lock: usize,
    },
    /// Takes [`WRITER`] off, in one step, with release.
    WriteUnlock {
        lock: usize,
    },
    /// Waits for a 1 in the thread's own token and writes 0 in one step, with acquire.
    Park,
    /// Counts one departure more from a place, in one step with release; who is the last of all departures from it acquires, and runs `then`, which
    /// is the same for all. If that is nothing, as it is at the second place, it does not acquire, and who is last is no part of an execution.
    Leave {
        place: usize,
        then: Vec<Op>,
    },
    /// Waits until all have left the first place, with acquire.
    AllLeft,
    /// Writes 1 to a thread's token, with release, whatever it finds there.
    Unpark {
        thread: usize,
    },
}

/// How many places there are to leave.
pub const PLACES: usize = 2;

/// What the word of a reader–writer lock holds while a writer has it.
pub const WRITER: i64 = 100;

/// What it holds for each writer that waits.
pub const WAITING: i64 = 1_000;

#[derive(Clone, Copy, Debug)]
pub enum Value {
    Constant(i64),
    Register(usize),
}

/// What a read-modify-write makes of the old value and its operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Add,
    Sub,
    And,
    Nand,
    Or,
    Xor,
    Max,
    Min,
    Swap,
}

impl Change {
    pub fn apply(self, old: i64, operand: i64) -> i64 {
        match self {
            Change::Add => old.wrapping_add(operand),
            Change::Sub => old.wrapping_sub(operand),
            Change::And => old & operand,
            Change::Nand => !(old & operand),
            Change::Or => old | operand,
            Change::Xor => old ^ operand,
            Change::Max => old.max(operand),
            Change::Min => old.min(operand),
            Change::Swap => operand,
        }
    }
}

/// The registers of each thread in turn, then the final value of each location.
pub type Outcome = Vec<i64>;

/// All that is said of a program: how many consistent executions end in each outcome, and whether any has a data race.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Executions {
    pub by_outcome: BTreeMap<Outcome, usize>,
    pub racy: bool,
    /// How many of them the letter of C++20 forbids.
    pub beyond_letter: usize,
    /// How many executions end in threads that wait, each on the last value there is. Not known where a loop waits for more than one value.
    pub stuck: usize,
}

impl Executions {
    pub fn count(&self) -> usize {
        self.by_outcome.values().sum()
    }

    /// Whether the other has each outcome as often.
    pub fn has_as_many_as(&self, other: &Executions) -> bool {
        self.by_outcome == other.by_outcome
    }

    /// Whether the other has the same outcomes, each at least as often: rounds of a loop that writes, or seems to remember, are executions of
    /// their own.
    pub fn is_within(&self, other: &Executions) -> bool {
        let fewer = |(mine, theirs)| mine <= theirs;
        (self.racy, self.stuck > 0) == (other.racy, other.stuck > 0)
            && self.by_outcome.keys().eq(other.by_outcome.keys())
            && self.by_outcome.values().zip(other.by_outcome.values()).all(fewer)
    }
}
