//! What can be done to each type, as data: a program is a list of steps.
//!
//! A step that would block, or has nothing to act on, is skipped by the interpreter. Indices are
//! taken modulo what there is.

use std::fmt::Debug;
use std::sync::atomic::Ordering;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// The longest program: most differences need two or three steps.
const LONGEST: usize = 16;

/// Programs of such steps.
pub fn of<S: Clone + Debug>(step: impl Strategy<Value = S>) -> impl Strategy<Value = Vec<S>> {
    vec(step, 0..LONGEST)
}

/// Programs of such steps on something that begins with a number.
pub fn from<N: Debug, S: Clone + Debug>(
    start: impl Strategy<Value = N>,
    step: impl Strategy<Value = S>,
) -> impl Strategy<Value = (N, Vec<S>)> {
    (start, of(step))
}

/// A step on an atomic. Values are cut to the atomic's width.
#[derive(Clone, Copy, Debug)]
pub enum Access {
    Load(Ordering),
    Store(u64, Ordering),
    Swap(u64, Ordering),
    /// Expects the value that is there, or another one.
    Exchange {
        weak: bool,
        expects: Option<u64>,
        new: u64,
        orders: (Ordering, Ordering),
    },
    /// Asks for a new value so many times as there are answers; `None` gives up.
    Update {
        new: Option<u64>,
        orders: (Ordering, Ordering),
    },
    Arithmetic(Arithmetic, u64, Ordering),
    Bits(Bits, u64, Ordering),
}

#[derive(Clone, Copy, Debug)]
pub enum Arithmetic {
    Add,
    Sub,
    Max,
    Min,
}

#[derive(Clone, Copy, Debug)]
pub enum Bits {
    And,
    Or,
    Xor,
    Nand,
}

/// Small values, and those at which some width wraps or changes its sign.
pub fn value() -> impl Strategy<Value = u64> {
    let edge = select(vec![7u32, 8, 15, 16, 31, 32, 63]);
    let edge = (edge, -1i64..=1).prop_map(|(bit, by)| (1u64 << bit).wrapping_add_signed(by));
    prop_oneof![0u64..4, edge, Just(u64::MAX), any::<u64>()]
}

fn load() -> impl Strategy<Value = Ordering> {
    select(vec![Ordering::Relaxed, Ordering::Acquire, Ordering::SeqCst])
}

fn store() -> impl Strategy<Value = Ordering> {
    select(vec![Ordering::Relaxed, Ordering::Release, Ordering::SeqCst])
}

fn both() -> impl Strategy<Value = Ordering> {
    prop_oneof![load(), store(), Just(Ordering::AcqRel)]
}

/// What every atomic can do.
pub fn access() -> impl Strategy<Value = Access> {
    let expects = || prop_oneof![Just(None), value().prop_map(Some)];
    let exchange = (any::<bool>(), expects(), value(), (both(), load()));
    prop_oneof![
        load().prop_map(Access::Load),
        (value(), store()).prop_map(|(value, order)| Access::Store(value, order)),
        (value(), both()).prop_map(|(value, order)| Access::Swap(value, order)),
        exchange.prop_map(|(weak, expects, new, orders)| Access::Exchange {
            weak,
            expects,
            new,
            orders
        }),
        (expects(), (both(), load())).prop_map(|(new, orders)| Access::Update { new, orders }),
    ]
}

/// What an `AtomicBool` can do.
pub fn bits() -> impl Strategy<Value = Access> {
    let which = select(vec![Bits::And, Bits::Or, Bits::Xor, Bits::Nand]);
    let bits = (which, value(), both());
    prop_oneof![access(), bits.prop_map(|(which, value, order)| Access::Bits(which, value, order)),]
}

/// What an atomic integer can do.
pub fn integer() -> impl Strategy<Value = Access> {
    let which = select(vec![Arithmetic::Add, Arithmetic::Sub, Arithmetic::Max, Arithmetic::Min]);
    let arithmetic = (which, value(), both());
    prop_oneof![
        2 => bits(),
        1 => arithmetic.prop_map(|(which, value, order)| Access::Arithmetic(which, value, order)),
    ]
}

/// A step on a mutex; the data is reached through the guard.
#[derive(Clone, Copy, Debug)]
pub enum Locking {
    Lock,
    TryLock,
    /// Waits until a time-out; `parking_lot` has it.
    TryLockFor,
    Add(i8),
    Unlock,
}

pub fn locking() -> impl Strategy<Value = Locking> {
    use Locking::*;
    let lock = select(vec![Lock, TryLock, TryLockFor]);
    prop_oneof![lock, any::<i8>().prop_map(Add), Just(Unlock)]
}

/// A step on a reader–writer lock.
#[derive(Clone, Copy, Debug)]
pub enum Sharing {
    Read,
    TryRead,
    Write,
    TryWrite,
    Add(i8),
    /// Drops the nth reader.
    DropReader(usize),
    DropWriter,
    Upgradable,
    Upgrade,
    Downgrade,
    DropUpgradable,
}

/// What `std`'s can do.
pub fn sharing() -> impl Strategy<Value = Sharing> {
    use Sharing::*;
    prop_oneof![
        Just(Read),
        Just(TryRead),
        Just(Write),
        Just(TryWrite),
        any::<i8>().prop_map(Add),
        (0usize..4).prop_map(DropReader),
        Just(DropWriter),
    ]
}

/// What `parking_lot`'s can do besides.
pub fn upgrading() -> impl Strategy<Value = Sharing> {
    use Sharing::*;
    let more = select(vec![Upgradable, Upgrade, Downgrade, DropUpgradable]);
    prop_oneof![sharing(), more]
}

/// A step on a condition variable that nobody waits on.
#[derive(Clone, Copy, Debug)]
pub enum Notifying {
    NotifyOne,
    NotifyAll,
    /// Waits while the number under the lock is more than it is.
    WaitForNothing,
    /// Waits for what never is, until a time-out; at the other one, or here.
    WaitInVain {
        other: bool,
    },
}

pub fn notifying() -> impl Strategy<Value = Notifying> {
    use Notifying::*;
    let wait = any::<bool>().prop_map(|other| WaitInVain { other });
    prop_oneof![select(vec![NotifyOne, NotifyAll, WaitForNothing]), wait]
}

/// A step on a futex that nobody sleeps at.
#[derive(Clone, Copy, Debug)]
pub enum Sleeping {
    Store(u32),
    /// Waits while the word is this; it must be something else.
    Wait(u32),
    WakeOne,
    WakeAll,
}

pub fn sleeping() -> impl Strategy<Value = Sleeping> {
    use Sleeping::*;
    let value = || 0u32..3;
    prop_oneof![value().prop_map(Store), value().prop_map(Wait), Just(WakeOne), Just(WakeAll)]
}

/// A step on the references to two values.
#[derive(Clone, Copy, Debug)]
pub enum Counting {
    Clone(usize),
    Drop(usize),
    Downgrade(usize),
    CloneWeak(usize),
    DropWeak(usize),
    Upgrade(usize),
    StrongCount(usize),
    Read(usize),
    GetMut(usize, i8),
    TryUnwrap(usize),
    PtrEq(usize, usize),
    /// Makes a value that has a weak reference to itself, and tries to upgrade that meanwhile.
    NewCyclic(i8),
}

pub fn counting() -> impl Strategy<Value = Counting> {
    use Counting::*;
    let which = || 0usize..6;
    prop_oneof![
        which().prop_map(Clone),
        which().prop_map(Drop),
        which().prop_map(Downgrade),
        which().prop_map(CloneWeak),
        which().prop_map(DropWeak),
        which().prop_map(Upgrade),
        which().prop_map(StrongCount),
        which().prop_map(Read),
        (which(), any::<i8>()).prop_map(|(which, by)| GetMut(which, by)),
        which().prop_map(TryUnwrap),
        (which(), which()).prop_map(|(left, right)| PtrEq(left, right)),
        any::<i8>().prop_map(NewCyclic),
    ]
}

/// A step on boxes, owned and given up.
#[derive(Clone, Copy, Debug)]
pub enum Owning {
    New(i8),
    Read(usize),
    Add(usize, i8),
    IntoRaw(usize),
    FromRaw(usize),
    IntoInner(usize),
    Drop(usize),
}

pub fn owning() -> impl Strategy<Value = Owning> {
    use Owning::*;
    let which = || 0usize..4;
    prop_oneof![
        any::<i8>().prop_map(New),
        which().prop_map(Read),
        (which(), any::<i8>()).prop_map(|(which, by)| Add(which, by)),
        which().prop_map(IntoRaw),
        which().prop_map(FromRaw),
        which().prop_map(IntoInner),
        which().prop_map(Drop),
    ]
}

/// A step on a `Once` and a `OnceLock`.
#[derive(Clone, Copy, Debug)]
pub enum Initialising {
    CallOnce,
    IsCompleted,
    Get,
    Set(i8),
    GetOrInit(i8),
    /// Asks a lazy value.
    Force,
}

pub fn initialising() -> impl Strategy<Value = Initialising> {
    use Initialising::*;
    prop_oneof![
        Just(CallOnce),
        Just(IsCompleted),
        Just(Get),
        any::<i8>().prop_map(Set),
        any::<i8>().prop_map(GetOrInit),
        Just(Force),
    ]
}

/// A step of a thread on one of its thread-locals.
#[derive(Clone, Copy, Debug)]
pub struct Touching {
    pub which: u8,
    pub by: i8,
}

pub fn touching() -> impl Strategy<Value = Touching> {
    (0u8..3, any::<i8>()).prop_map(|(which, by)| Touching { which, by })
}

/// A step on a channel.
#[derive(Clone, Copy, Debug)]
pub enum Passing {
    Send(u8),
    TrySend(u8),
    Recv,
    TryRecv,
    /// Waits until a time-out; only `crossbeam` has the sender's.
    SendTimeout(u8),
    RecvTimeout,
    /// Takes what is there now.
    TryIter,
    /// Takes everything; there must be no sender left.
    Iter,
    Len,
    CloneSender,
    DropSender,
    CloneReceiver,
    DropReceiver,
}

pub fn passing() -> impl Strategy<Value = Passing> {
    use Passing::*;
    prop_oneof![
        3 => any::<u8>().prop_map(Send),
        3 => any::<u8>().prop_map(TrySend),
        1 => any::<u8>().prop_map(SendTimeout),
        2 => Just(Recv),
        4 => select(vec![TryRecv, TryRecv, TryRecv, RecvTimeout]),
        5 => select(vec![TryIter, Iter, Len, CloneSender, CloneReceiver]),
        2 => select(vec![DropSender, DropReceiver]),
    ]
}

/// A step on two channels, of which the first or the second.
#[derive(Clone, Copy, Debug)]
pub enum Selecting {
    Send(bool),
    DropSender(bool),
    TrySelect,
    Select,
    SelectTimeout,
}

pub fn selecting() -> impl Strategy<Value = Selecting> {
    use Selecting::*;
    prop_oneof![
        4 => any::<bool>().prop_map(Send),
        1 => any::<bool>().prop_map(DropSender),
        5 => select(vec![TrySelect, Select, SelectTimeout]),
    ]
}

/// A step on a semaphore.
#[derive(Clone, Copy, Debug)]
pub enum Permitting {
    Acquire,
    TryAcquire,
    /// Gives a permit back.
    Release,
    /// Loses a permit.
    Forget,
    Add(usize),
    Available,
}

pub fn permitting() -> impl Strategy<Value = Permitting> {
    use Permitting::*;
    prop_oneof![
        Just(Acquire),
        Just(TryAcquire),
        Just(Release),
        Just(Forget),
        (0usize..3).prop_map(Add),
        Just(Available),
    ]
}

/// A step of a thread with itself.
#[derive(Clone, Copy, Debug)]
pub enum Threading {
    Unpark,
    Park,
    /// Waits until a time-out.
    ParkTimeout,
    Yield,
    /// Waits for a future that is pending so many times.
    BlockOn(u8),
}

pub fn threading() -> impl Strategy<Value = Threading> {
    use Threading::*;
    let steps = select(vec![Unpark, Park, ParkTimeout, Yield]);
    prop_oneof![4 => steps, 1 => (0u8..3).prop_map(BlockOn),]
}
