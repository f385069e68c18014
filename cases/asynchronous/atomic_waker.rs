//! A waker slot without a lock needs a mark that tells the registering task of a wake-up.
//!
//! Shape: one task registers its waker and then looks at a flag; another thread raises the flag and
//! takes the waker. The slot belongs to whoever moved the state away from `WAITING`. A thread that
//! finds a registration under way gets no waker: it leaves its mark, a write that the registering
//! task's next exchange reads and by which it sees the flag. If it only looks and goes, each of the
//! two can miss the other.
//!
//! Source: futures crate docs, `AtomicWaker`; ISO C++20 [intro.races] p6 and
//! [atomics.order] p2 (synchronizes with).
//! Does not show: several tasks that register at one time, which the slot does not allow.

use core::future::poll_fn;
use core::task::{Poll, Waker};

use super::rt::cell::UnsafeCell;
use super::rt::future::block_on;
use super::rt::sync::atomic::{AtomicBool, AtomicU32, Ordering, Ordering::*};
use super::rt::thread;

const WAITING: u32 = 0;
const REGISTERING: u32 = 1;
const WAKING: u32 = 2;

cases! {
    /// The registering task reads the mark, and so sees the flag.
    mark_left: holds() => wait(AcqRel, Acquire, true);
    /// The waking thread reads the registration and writes nothing that could be read.
    no_mark: fails(Deadlock).weak()
        => wait(AcqRel, Acquire, false);
    /// A task that meets a waking thread must see its flag: it will not be woken.
    relaxed_failure: fails(Deadlock).weak()
        => wait(AcqRel, Relaxed, true);
    /// The slot is not handed over with the state.
    relaxed: fails(DataRace) => wait(Relaxed, Acquire, true);
}

struct AtomicWaker {
    state: AtomicU32,
    slot: UnsafeCell<Option<Waker>>,
}

impl AtomicWaker {
    fn register(&self, waker: &Waker, order: Ordering, failure: Ordering) {
        // Acquire: pairs with the slot's release in `take`, or with the mark of who is waking
        if self.state.compare_exchange(WAITING, REGISTERING, Acquire, failure).is_ok() {
            // SAFETY: this task moved the state from WAITING to REGISTERING, so nobody takes before
            // it is WAITING again, and who took before has given the slot back.
            self.slot.with_mut(|slot| unsafe { *slot = Some(waker.clone()) });
            self.state.swap(WAITING, order); // AcqRel: releases the slot, acquires the mark
        }
    }

    fn take(&self, order: Ordering, mark: bool) -> Option<Waker> {
        let free = if mark {
            self.state.fetch_or(WAKING, order) == WAITING // AcqRel: takes the slot, leaves the mark
        } else {
            // AcqRel: acquires the slot; Acquire: no ordering of a mere look would help
            self.state.compare_exchange(WAITING, WAKING, order, Acquire).is_ok()
        };
        if !free {
            return None;
        }
        // SAFETY: this thread set WAKING while nobody was registering, so nobody registers before
        // it is cleared; a Relaxed step does not bring what was registered along.
        let waker = self.slot.with_mut(|slot| unsafe { (*slot).take() });
        self.state.fetch_and(!WAKING, Release); // Release: gives the slot back to `register`
        waker
    }
}

fn wait(order: Ordering, failure: Ordering, mark: bool) {
    let (state, slot) = (AtomicU32::new(WAITING), UnsafeCell::new(None));
    let (waker, ready) = (AtomicWaker { state, slot }, AtomicBool::new(false));
    thread::scope(|s| {
        s.spawn(|| {
            block_on(poll_fn(|context| {
                waker.register(context.waker(), order, failure);
                let ready = ready.load(Relaxed); // Relaxed: the state orders it
                if ready { Poll::Ready(()) } else { Poll::Pending }
            }));
        });
        s.spawn(|| {
            ready.store(true, Relaxed); // Relaxed: the state orders it
            if let Some(waker) = waker.take(order, mark) {
                waker.wake();
            }
        });
    });
}
