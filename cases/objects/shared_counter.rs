//! In a reader-writer lock a reader that leaves publishes too: not what it wrote, but that its reading is over.
//!
//! Shape: one word counts the readers that are in, or says that a writer is. An addition enters
//! alone and changes a plain counter; a reading enters beside other readings. The writer must not
//! begin before the last reading has ended, so leaving as a reader is a Release as well.
//!
//! Source: Courtois, Heymans and Parnas, CACM 14(10), 1971, problem 1; Bos, Rust Atomics and Locks,
//! 2023, chapter 9.
//! Does not show: a preference for writers; an overflow of the count.

use super::rt::cell::UnsafeCell;
use super::rt::hint;
use super::rt::linear::specs::{Cell, Number};
use super::rt::linear::{Clients, Object, Role, Size, linearizable};
use super::rt::sync::atomic::{AtomicU8, Ordering::*};

cases! {
    /// Up to three threads and three operations.
    every_client: linearizable() => linearizable::<Counter<NONE>>(&clients());
    /// Who enters as a reader does not see what the last writer wrote.
    relaxed_read_lock: not_linearizable(DataRace) => linearizable::<Counter<READ>>(&clients());
    /// Who enters as a writer does not know that the readers have finished.
    relaxed_write_lock: not_linearizable(DataRace) => linearizable::<Counter<WRITE>>(&clients());
    /// A reader leaves without publishing that its reading is over.
    relaxed_read_unlock: not_linearizable(DataRace) => linearizable::<Counter<LEAVE>>(&clients());
    /// A writer leaves without publishing what it wrote.
    relaxed_write_unlock: not_linearizable(DataRace) => linearizable::<Counter<FREE>>(&clients());
    /// A reader counts itself in two steps, and so overwrites a writer's mark.
    split_read_lock: not_linearizable(DataRace) => linearizable::<Counter<SPLIT>>(&clients());
    /// A writer enters beside the readers that it found before.
    stale_write_lock: not_linearizable(DataRace) => linearizable::<Counter<STALE>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const READ: u8 = 1;
const WRITE: u8 = 2;
const LEAVE: u8 = 3;
const FREE: u8 = 4;
const SPLIT: u8 = 5;
const STALE: u8 = 6;

/// The word, if a writer is in.
const WRITER: u8 = u8::MAX;

fn clients() -> Clients<Number> {
    Clients::new([Role::any([Number::Add(1), Number::Read])], Size::new(3, 2).up_to(3))
}

struct Counter<const FAULT: u8> {
    word: AtomicU8,
    count: UnsafeCell<u8>,
}

impl<const FAULT: u8> Counter<FAULT> {
    /// Enters once: from the word that is free for it to the one that says it is in.
    fn enter(&self, is_writer: bool) -> bool {
        let readers = self.word.load(Relaxed); // Relaxed: the exchange acquires
        if readers == WRITER || is_writer && readers != 0 && FAULT != STALE {
            return false;
        }
        let relaxed = FAULT == if is_writer { WRITE } else { READ };
        let to = if is_writer { WRITER } else { readers + 1 };
        if FAULT == SPLIT && !is_writer {
            self.word.store(to, Relaxed); // Relaxed: the flaw is the gap before it
            return true;
        }
        let acquire = if relaxed { Relaxed } else { Acquire };
        // Acquire: pairs with the leaving of writers and readers. Relaxed: a failure is tried again
        self.word.compare_exchange(readers, to, acquire, Relaxed).is_ok()
    }

    fn lock(&self, is_writer: bool) {
        while !self.enter(is_writer) {
            hint::spin_loop();
        }
    }
}

impl<const FAULT: u8> Object for Counter<FAULT> {
    type Spec = Cell;

    fn new() -> Self {
        Counter { word: AtomicU8::new(0), count: UnsafeCell::new(0) }
    }

    fn call(&self, operation: &Number) -> Option<u8> {
        let Number::Add(more) = *operation else {
            self.lock(false);
            // SAFETY: this reader is counted and no writer enters before it has left; where it has
            // overwritten a writer's mark, or acquires nothing, one is not over.
            let old = self.count.with(|count| unsafe { *count });
            // Release: pairs with the next writer's exchange, for which the reading is over
            self.word.fetch_sub(1, if FAULT == LEAVE { Relaxed } else { Release });
            return Some(old);
        };
        self.lock(true);
        // SAFETY: the word was 0 and all who left before published it; where not, a reader or a
        // writer is still in.
        let old =
            self.count.with_mut(|count| unsafe { std::mem::replace(&mut *count, *count + more) });
        // Release: pairs with the exchange of whoever enters next
        self.word.store(0, if FAULT == FREE { Relaxed } else { Release });
        Some(old)
    }
}
