//! `FutexQueue`: who sleeps at a word until somebody wakes them, as the kernel keeps it for a futex.
//!
//! What is promised is in `futex(2)`: the look at the word, the comparison and falling asleep are one step, and all such steps and wake-ups of one
//! word are in one order. Nothing is said of other memory. So who looks comes after all that was before an earlier wake-up or wait of that word,
//! *for this look alone*: it finds no older value of the word. What the thread does next does not happen after it; neither does what a woken
//! thread does happen after the wake-up, nor does a fence beside a call order anything by it.
//!
//! In the graph the queue is a lock with a set of sleepers in its word. Waiting closes it (Acquire), looks, and opens it (Release), with the
//! thread in the set if the word is as expected; waking takes threads out of an open one (Release) and sets their slots. Then the thread
//! forgets what it has acquired: the clock of [`Op::Forget`] is that of the event before the call.

use std::panic::Location;

use super::atomic::AtomicU32;
use super::slots::{self, THREADS, WAITS, await_slot, shift, waits};
use super::word;
use crate::current::perform;
use crate::graph::NONE;
use crate::label::{Kind, Label, Op, Order, Outcome, Step};
use crate::ops::{self, At, Loc};

/// The sleepers at one word; at most 15 threads may use it.
#[derive(Debug)]
pub struct FutexQueue {
    queue: Loc,
}

impl FutexQueue {
    /// Nobody sleeps.
    #[track_caller]
    pub fn new() -> Self {
        FutexQueue { queue: ops::create(0, Op::New, Location::caller()) }
    }

    /// Sleeps until it is woken, if the word is `expected`; or wakes unasked, as often in one execution as
    /// [`Checker::spurious`](crate::Checker::spurious) says. The value found.
    #[track_caller]
    pub fn wait(&self, word: &AtomicU32, expected: u32) -> u32 {
        let at = Location::caller();
        let before = perform(|exec| Ok(exec.me().pos - 1)) as usize;
        // Acquire: pairs with who was inside before, for the look; forgotten below
        let (set, _) = self.update(Op::FutexWait, Order::Acquire, at, close, 0);
        let found = word.look(at);
        let sleeps = found == expected;
        let place = if sleeps { Some(self.place(at)) } else { None };
        let mine = place.map_or(0, |(_, number, shift)| number << shift);
        let leave = self.access(Op::FutexLeave, Order::Release, at);
        perform(|exec| exec.store(&leave, set | mine));
        perform(|exec| {
            let events = &exec.explorer.graph().threads[exec.running];
            let from = events.get(before).copied().unwrap_or(NONE);
            let label = Label::new(Kind::Moment, Op::Forget, Order::NonAtomic, at);
            exec.event(Label { from, ..label })
        });
        if let Some((slot, _, shift)) = place {
            let access = word_of(slot, Op::FutexSleep, Order::Relaxed, at);
            let (woken, _) = ops::update(&access, await_slot, self.queue.id.into(), 1);
            if woken == 0 {
                // Relaxed: it continues the release of who was inside before
                self.update(Op::FutexDelist, Order::Relaxed, at, delist, WAITS << shift);
            }
        }
        found
    }

    /// Wakes one sleeper, if there is one.
    #[track_caller]
    pub fn wake_one(&self) {
        self.wake(Op::FutexWakeOne, take_one, Location::caller());
    }

    /// Wakes all sleepers.
    #[track_caller]
    pub fn wake_all(&self) {
        self.wake(Op::FutexWakeAll, take_all, Location::caller());
    }

    fn wake(&self, op: Op, take: Step, at: At) {
        let slot = |slot| word_of(slot, Op::FutexNotify, Order::Relaxed, at);
        slots::wake(&self.access(op, Order::Release, at), take, slot);
    }

    /// A slot for the running thread's next sleep, which sleep of the thread it is, and where the set has that.
    fn place(&self, at: At) -> (Loc, u64, usize) {
        let slot = ops::create(0, Op::New, at);
        perform(|exec| {
            let running = exec.running;
            if running >= ROOM {
                return Err(exec.unsupported("more than 15 threads at a futex", at));
            }
            let number = exec.new_slot((self.queue.id, running), slot);
            Ok((slot, number, shift(running)))
        })
    }

    fn access(&self, op: Op, order: Order, at: At) -> ops::Access {
        word_of(self.queue, op, order, at)
    }

    fn update(&self, op: Op, order: Order, at: At, step: Step, a: u64) -> (u64, Outcome) {
        ops::update(&self.access(op, order, at), step, a, 0)
    }
}

impl Default for FutexQueue {
    #[track_caller]
    fn default() -> Self {
        FutexQueue::new()
    }
}

/// The kernel's own memory: it outlives that of the word, so a wake-up of a word that has been freed is no use of it.
fn word_of(loc: Loc, op: Op, order: Order, at: At) -> ops::Access {
    word(loc, &(), op, order, at)
}

/// In the set, in the place of one thread more: somebody looks.
const CLOSED: u64 = 1 << (4 * ROOM);
/// How many threads there is room for beside that.
const ROOM: usize = THREADS - 1;

/// What is done to an open queue; a closed one is waited for.
fn open(set: u64, variant: u8, then: impl FnOnce() -> Option<Outcome>) -> Option<Outcome> {
    if set & CLOSED == 0 { then() } else { (variant == 0).then_some(Outcome::Block) }
}

fn close(set: u64, _: u64, _: u64, v: u8) -> Option<Outcome> {
    open(set, v, || (v == 0).then_some(Outcome::Write(set | CLOSED)))
}

fn delist(set: u64, mine: u64, _: u64, v: u8) -> Option<Outcome> {
    open(set, v, || (v == 0).then_some(Outcome::Write(set & !mine)))
}

/// The alternative `n` takes the `n`-th sleeper.
fn take_one(set: u64, _: u64, _: u64, v: u8) -> Option<Outcome> {
    open(set, v, || match waits(set).nth(v.into()) {
        Some((thread, _)) => Some(Outcome::Write(set & !(WAITS << shift(thread)))),
        None => (v == 0).then_some(Outcome::Write(set)),
    })
}

fn take_all(set: u64, _: u64, _: u64, v: u8) -> Option<Outcome> {
    open(set, v, || (v == 0).then_some(Outcome::Write(0)))
}
