//! A counter behind a spin lock is a counter for every client, if leaving the lock publishes and taking it acquires.
//!
//! Shape: a flag says whether somebody is in. Who finds it down raises it by one compare-exchange,
//! works on a plain counter, and lowers it again. The flag is the only atomic word, so it alone has
//! to carry the counter from one owner to the next. Raising it in two steps lets two threads in.
//!
//! Source: Bos, Rust Atomics and Locks, 2023, chapter 4; RUSTSEC-2019-0013 (a Relaxed release).
//! Does not show: fairness; one thread may take the lock again and again.

use super::rt::cell::UnsafeCell;
use super::rt::hint;
use super::rt::linear::specs::{Cell, Number};
use super::rt::linear::{Clients, Object, Role, Size, linearizable};
use super::rt::sync::atomic::{AtomicBool, Ordering, Ordering::*};

cases! {
    /// Up to three threads and four operations, two a thread: no update is lost and no reading is old.
    every_client: linearizable() => linearizable::<Counter<NONE>>(&clients());
    /// The next owner does not see what the last one wrote.
    relaxed_lock: not_linearizable(DataRace) => linearizable::<Counter<LOCK>>(&clients());
    /// The last owner does not publish what it wrote.
    relaxed_unlock: not_linearizable(DataRace) => linearizable::<Counter<UNLOCK>>(&clients());
    /// Two threads find the flag down and both raise it.
    split_lock: not_linearizable(DataRace) => linearizable::<Counter<SPLIT>>(&clients());
    /// A reading that does not take the lock meets an update.
    read_without_lock: not_linearizable(DataRace) => linearizable::<Counter<LOOK>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const LOCK: u8 = 1;
const UNLOCK: u8 = 2;
const SPLIT: u8 = 3;
const LOOK: u8 = 4;

fn clients() -> Clients<Number> {
    Clients::new([Role::any([Number::Add(1), Number::Read])], Size::new(3, 2).up_to(4))
}

struct Counter<const FAULT: u8> {
    held: AtomicBool,
    count: UnsafeCell<u8>,
}

impl<const FAULT: u8> Counter<FAULT> {
    fn lock(&self) {
        let acquire = if FAULT == LOCK { Relaxed } else { Acquire };
        while !self.raise(acquire) {
            hint::spin_loop();
        }
    }

    fn raise(&self, acquire: Ordering) -> bool {
        if FAULT == SPLIT {
            let is_free = !self.held.load(Acquire); // Acquire: as below
            if is_free {
                self.held.store(true, Relaxed); // Relaxed: the flaw is the gap before it
            }
            return is_free;
        }
        // Acquire: pairs with the last owner's store. Relaxed: a failure is tried again.
        self.held.compare_exchange(false, true, acquire, Relaxed).is_ok()
    }

    fn unlock(&self) {
        // Release: pairs with the exchange of whoever is next; the flag alone hands the counter over
        self.held.store(false, if FAULT == UNLOCK { Relaxed } else { Release });
    }
}

impl<const FAULT: u8> Object for Counter<FAULT> {
    type Spec = Cell;

    fn new() -> Self {
        Counter { held: AtomicBool::new(false), count: UnsafeCell::new(0) }
    }

    fn call(&self, operation: &Number) -> Option<u8> {
        if FAULT == LOOK && *operation == Number::Read {
            // SAFETY: this is the flaw: nobody is kept out while it reads.
            return Some(self.count.with(|count| unsafe { *count }));
        }
        self.lock();
        let more = if let Number::Add(more) = *operation { more } else { 0 };
        // SAFETY: one exchange raises the flag, and acquires what the last owner wrote; raised in two
        // steps or with a Relaxed side, another owner's update is not over.
        let old =
            self.count.with_mut(|count| unsafe { std::mem::replace(&mut *count, *count + more) });
        self.unlock();
        Some(old)
    }
}
