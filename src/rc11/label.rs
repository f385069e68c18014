//! A label is what the program asked for: the part of an event that does not depend on the graph.

use std::panic::Location;
use std::sync::atomic::Ordering;

use super::graph::NONE;

/// What an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Kind {
    Init,
    Read,
    Write,
    ExclusiveWrite,
    Free,
    Fence,
    Begin,
    End,
    Create,
    Join,
    Moment,
    Spin,
}

/// A memory ordering, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub(super) enum Order {
    NonAtomic,
    Relaxed,
    Release,
    Acquire,
    AcqRel,
    SeqCst,
}

impl Order {
    pub fn acquires(self) -> bool {
        matches!(self, Order::Acquire | Order::AcqRel | Order::SeqCst)
    }

    pub fn releases(self) -> bool {
        matches!(self, Order::Release | Order::AcqRel | Order::SeqCst)
    }

    /// As `std` names it.
    pub fn public(self) -> Option<Ordering> {
        match self {
            Order::NonAtomic => None,
            Order::Relaxed => Some(Ordering::Relaxed),
            Order::Release => Some(Ordering::Release),
            Order::Acquire => Some(Ordering::Acquire),
            Order::AcqRel => Some(Ordering::AcqRel),
            Order::SeqCst => Some(Ordering::SeqCst),
        }
    }
}

impl From<Ordering> for Order {
    fn from(order: Ordering) -> Self {
        match order {
            Ordering::Relaxed => Order::Relaxed,
            Ordering::Release => Order::Release,
            Ordering::Acquire => Order::Acquire,
            Ordering::AcqRel => Order::AcqRel,
            _ => Order::SeqCst,
        }
    }
}

/// What follows a read once it has its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Outcome {
    /// It was only a read.
    Keep,
    /// The write half of the read-modify-write, with this value.
    Write(u64),
    /// The thread waits for another value.
    Block,
}

/// Decides what follows a read: the old value, two operands, and which alternative (0 is the canonical one, which always exists).
pub(super) type Step = fn(old: u64, a: u64, b: u64, variant: u8) -> Option<Outcome>;

/// What an operation is called; it also says who waits for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub(super) enum Op {
    Create,
    Begin,
    End,
    Join,
    New,
    Load,
    Store,
    Swap,
    CompareExchange,
    CompareExchangeWeak,
    FetchAdd,
    FetchSub,
    FetchAnd,
    FetchOr,
    FetchXor,
    FetchNand,
    FetchMax,
    FetchMin,
    GetMut,
    IntoInner,
    Fence,
    Read,
    Write,
    Lock,
    TryLock,
    Unlock,
    LockTimeout,
    ReadLock,
    TryReadLock,
    ReadUnlock,
    WriteLock,
    TryWriteLock,
    WriteUnlock,
    Enlist,
    AwaitNotify,
    AwaitTimeout,
    NotifyOne,
    NotifyAll,
    Notify,
    Delist,
    FutexWait,
    FutexLook,
    FutexLeave,
    FutexSleep,
    FutexDelist,
    FutexWakeOne,
    FutexWakeAll,
    FutexNotify,
    Forget,
    Park,
    ParkTimeout,
    Unpark,
    Publish,
    Call,
    Return,
    Observe,
    Leave,
    Follow,
    Finalize,
    Spin,
    BoxNew,
    BoxRead,
    BoxWrite,
    BoxFree,
    Choose,
}

impl Op {
    /// A read by an operation of an atomic: what it finds is a value, and no more.
    pub fn reads_value(self) -> bool {
        matches!(self, Op::Load | Op::CompareExchange | Op::CompareExchangeWeak)
            || self.is_unconditional()
    }

    /// A read-modify-write of an atomic that writes whatever it reads.
    fn is_unconditional(self) -> bool {
        matches!(
            self,
            Op::Swap
                | Op::FetchAdd
                | Op::FetchSub
                | Op::FetchAnd
                | Op::FetchOr
                | Op::FetchXor
                | Op::FetchNand
                | Op::FetchMax
                | Op::FetchMin
        )
    }

    /// Whether it writes whatever it reads, or waits until it can.
    pub fn always_writes(self) -> bool {
        self == Op::Lock || self.is_unconditional()
    }

    /// The operation in words.
    pub fn text(self) -> &'static str {
        match self {
            Op::Create => "spawn",
            Op::Begin => "begin",
            Op::End => "end",
            Op::Join => "join",
            Op::New => "new",
            Op::Load => "load",
            Op::Store => "store",
            Op::Swap => "swap",
            Op::CompareExchange => "compare_exchange",
            Op::CompareExchangeWeak => "compare_exchange_weak",
            Op::FetchAdd => "fetch_add",
            Op::FetchSub => "fetch_sub",
            Op::FetchAnd => "fetch_and",
            Op::FetchOr => "fetch_or",
            Op::FetchXor => "fetch_xor",
            Op::FetchNand => "fetch_nand",
            Op::FetchMax => "fetch_max",
            Op::FetchMin => "fetch_min",
            Op::GetMut => "get_mut",
            Op::IntoInner => "into_inner",
            Op::Fence => "fence",
            Op::Read => "read",
            Op::Write => "write",
            Op::Lock => "lock",
            Op::TryLock => "try_lock",
            Op::Unlock => "unlock",
            Op::LockTimeout => "lock, or time out",
            Op::ReadLock => "read lock",
            Op::TryReadLock => "try_read",
            Op::ReadUnlock => "read unlock",
            Op::WriteLock => "write lock",
            Op::TryWriteLock => "try_write",
            Op::WriteUnlock => "write unlock",
            Op::Enlist => "wait: enlist",
            Op::AwaitNotify => "wait",
            Op::AwaitTimeout => "wait_timeout",
            Op::NotifyOne => "notify_one",
            Op::NotifyAll => "notify_all",
            Op::Notify => "notify: wake",
            Op::Delist => "wait: wake unasked",
            Op::FutexWait => "futex wait",
            Op::FutexLook => "futex wait: look",
            Op::FutexLeave => "futex wait: looked",
            Op::FutexSleep => "futex wait: sleep",
            Op::FutexDelist => "futex wait: wake unasked",
            Op::FutexWakeOne => "futex wake_one",
            Op::FutexWakeAll => "futex wake_all",
            Op::FutexNotify => "futex wake: wake",
            Op::Forget => "forget",
            Op::Park => "park",
            Op::ParkTimeout => "park_timeout",
            Op::Unpark => "unpark",
            Op::Publish => "publish",
            Op::Call => "call",
            Op::Return => "return",
            Op::Observe => "observe",
            Op::Leave => "leave",
            Op::Follow => "leave last",
            Op::Finalize => "all have left",
            Op::Spin => "spin",
            Op::BoxNew => "Box::new",
            Op::BoxRead => "Box: read",
            Op::BoxWrite => "Box: write",
            Op::BoxFree => "Box: free",
            Op::Choose => "choose",
        }
    }

    /// Whether a non-canonical alternative of it is a spurious one, of which a thread may see only so many.
    pub fn is_spurious(self) -> bool {
        matches!(self, Op::CompareExchangeWeak | Op::AwaitNotify | Op::Park | Op::FutexSleep)
    }

    /// A step of a futex's kernel: what it finds orders nothing of the program's.
    pub fn is_of_kernel(self) -> bool {
        matches!(
            self,
            Op::FutexWait
                | Op::FutexLook
                | Op::FutexLeave
                | Op::FutexSleep
                | Op::FutexDelist
                | Op::FutexWakeOne
                | Op::FutexWakeAll
                | Op::FutexNotify
        )
    }

    /// Whether it waits only until a time-out.
    pub fn has_time_out(self) -> bool {
        matches!(self, Op::AwaitTimeout | Op::ParkTimeout | Op::LockTimeout)
    }
}

/// What the program asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Label {
    pub kind: Kind,
    pub op: Op,
    /// The ordering; of a read-modify-write, if it succeeds.
    pub ord: Order,
    /// The ordering of a read-modify-write that only reads.
    pub fail: Order,
    /// Whether it branches over sources or positions; only accesses of `UnsafeCell` and allocations do not.
    pub branches: bool,
    /// The location, or the thread created or joined.
    pub loc: u32,
    pub child: u32,
    /// The allocation that holds the location.
    pub allocation: u32,
    /// The create event of a `Begin`, the end event of a `Join`, the read half of an exclusive write.
    pub from: u32,
    pub value: u64,
    pub step: Option<Step>,
    /// Operands of the step. Of a finalizer's beginning, `a` is the place that all have left. Of the creation of a thread that is alike others, `a` is one more than the number of the one spawned before it, or its own.
    pub a: u64,
    pub b: u64,
    pub site: &'static Location<'static>,
}

impl Label {
    /// A label without location, value or step.
    pub fn new(kind: Kind, op: Op, ord: Order, site: &'static Location<'static>) -> Self {
        Label {
            kind,
            op,
            ord,
            fail: ord,
            branches: true,
            loc: NONE,
            child: NONE,
            allocation: NONE,
            from: NONE,
            value: 0,
            step: None,
            a: 0,
            b: 0,
            site,
        }
    }

    /// What follows reading `old` by an alternative; `None` if there is no such alternative.
    pub fn step(&self, old: u64, variant: u8) -> Option<Outcome> {
        match self.step {
            Some(step) => step(old, self.a, self.b, variant),
            None => (variant == 0).then_some(Outcome::Keep),
        }
    }

    /// The label of the write half of this read-modify-write.
    pub fn write_half(&self, read: u32, value: u64) -> Label {
        Label { kind: Kind::ExclusiveWrite, from: read, value, step: None, ..*self }
    }
}
