//! A mutex that sleeps needs a mark that somebody may sleep, set by every thread before it falls asleep.
//!
//! Shape: the word is 0 if the lock is free, 1 if it is held, 2 if it is held and somebody may
//! sleep. Who finds it held sets 2 and sleeps while it is 2. Who unlocks sets 0 and wakes one thread
//! if it was 2. A woken thread does not know whether others sleep, so it sets 2 as well. A mutex and
//! a condition variable play the kernel, where looking at the word and falling asleep are one step.
//!
//! Source: Drepper, "Futexes are tricky", 2004/2011, section 6 (mutex 3).
//! Does not show: how the kernel queues; that a woken thread may not take the lock with 1, for which
//! three threads must meet (`futex_mutex`).

use super::rt::cell::UnsafeCell;
use super::rt::linear::specs::{Cell, Number};
use super::rt::linear::{Clients, Object, Role, Size, linearizable};
use super::rt::sync::atomic::{AtomicU8, Ordering::*};
use super::rt::sync::{Condvar, Mutex};

cases! {
    /// Two threads and three operations, of which none sleeps for ever.
    every_client: linearizable().exposed() => linearizable::<Counter<NONE>>(&clients());
    /// The lock is taken at once without seeing what the last owner wrote.
    relaxed_lock: not_linearizable(DataRace) => linearizable::<Counter<LOCK>>(&clients());
    /// The lock is taken after a wait without seeing what the last owner wrote.
    relaxed_wait: not_linearizable(DataRace) => linearizable::<Counter<WAIT>>(&clients());
    /// The last owner does not publish what it wrote.
    relaxed_unlock: not_linearizable(DataRace) => linearizable::<Counter<UNLOCK>>(&clients());
    /// A thread sleeps without the mark, and the owner does not know that it has to wake it.
    no_mark: not_linearizable(Deadlock) => linearizable::<Counter<MARK>>(&clients());
    /// The word is not looked at again before sleeping, and the wake-up may have come before.
    stale_look: not_linearizable(LostWakeup) => linearizable::<Counter<STALE>>(&clients());
    /// The owner looks at the word and then frees it, and a mark that is set in between is gone.
    split_unlock: not_linearizable(Deadlock) => linearizable::<Counter<SPLIT>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const LOCK: u8 = 1;
const WAIT: u8 = 2;
const UNLOCK: u8 = 3;
const MARK: u8 = 4;
const STALE: u8 = 5;
const SPLIT: u8 = 6;

fn clients() -> Clients<Number> {
    Clients::new([Role::any([Number::Add(1), Number::Read])], Size::new(2, 2).up_to(3))
}

struct Counter<const FAULT: u8> {
    word: AtomicU8,
    kernel: Mutex<()>,
    asleep: Condvar,
    count: UnsafeCell<u8>,
}

impl<const FAULT: u8> Counter<FAULT> {
    fn lock(&self) {
        let [lock, wait] = [LOCK, WAIT].map(|fault| if FAULT == fault { Relaxed } else { Acquire });
        // Acquire: pairs with the unlock. Relaxed: a failure is followed by a swap
        if self.word.compare_exchange(0, 1, lock, Relaxed).is_ok() {
            return;
        }
        let mark = if FAULT == MARK { 1 } else { 2 };
        // Acquire: pairs with the unlock; the failed exchange has acquired nothing
        while self.word.swap(mark, wait) != 0 {
            let entered = self.kernel.lock().unwrap();
            // Relaxed: the kernel's own lock orders its look with its wake-ups
            if FAULT == STALE || self.word.load(Relaxed) == mark {
                drop(self.asleep.wait(entered));
            }
        }
    }

    fn unlock(&self) {
        let release = if FAULT == UNLOCK { Relaxed } else { Release };
        let before = if FAULT == SPLIT {
            let before = self.word.load(Relaxed); // Relaxed: it only says whether to wake
            self.word.store(0, Release); // Release: as below; the flaw is the gap before it
            before
        } else {
            self.word.swap(0, release) // Release: pairs with whatever takes the lock next
        };
        if before == 2 {
            drop(self.kernel.lock()); // who has looked is asleep
            self.asleep.notify_one();
        }
    }
}

impl<const FAULT: u8> Object for Counter<FAULT> {
    type Spec = Cell;

    fn new() -> Self {
        let (word, kernel) = (AtomicU8::new(0), Mutex::new(()));
        Counter { word, kernel, asleep: Condvar::new(), count: UnsafeCell::new(0) }
    }

    fn call(&self, operation: &Number) -> Option<u8> {
        self.lock();
        let more = if let Number::Add(more) = *operation { more } else { 0 };
        // SAFETY: one thread moves the word from 0, and has seen the unlock before; with a Relaxed
        // step on either side it has not seen what came before the unlock.
        let old =
            self.count.with_mut(|count| unsafe { std::mem::replace(&mut *count, *count + more) });
        self.unlock();
        Some(old)
    }
}
