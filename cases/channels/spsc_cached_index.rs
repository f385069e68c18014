//! An index that was acquired once may be trusted for as long as it says enough: it is only ever too careful.
//!
//! Shape: a ring between two threads, in which each side keeps a copy of the other's index and reads the
//! index itself only when the copy says full, or empty. The copy is old, and the indices only grow, so
//! there is at least as much room, or as much to take, as it says. What the copy vouches for was acquired
//! with it. So both loads acquire as without copies; they are only fewer. A copy that is put on by a guess,
//! such as that the other side has kept up, vouches for nothing.
//!
//! Source: SPSCQueue, `readIdxCache_` and `writeIdxCache_`.
//! Does not show: how much is saved; `spsc_ring` is the ring without copies.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicUsize, Ordering, Ordering::*};
use super::rt::thread;

const ROOM: usize = 2;

cases! {
    /// The weakest orderings that hold.
    sound: holds() => pass_three(Acquire, Acquire, false);
    /// The producer's copy says that there is room, and not that it has been read.
    relaxed_room: fails(DataRace) => pass_three(Relaxed, Acquire, false);
    /// The consumer's copy says that there is something, and not what.
    relaxed_message: fails(DataRace) => pass_three(Acquire, Relaxed, false);
    /// The producer takes it that one has been read for each that it has put in.
    guessed_room: fails(DataRace) => pass_three(Acquire, Acquire, true);
}

fn pass_three(room: Ordering, message: Ordering, guesses: bool) {
    let (read, written) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let slots = [0; ROOM].map(UnsafeCell::new);
    thread::scope(|s| {
        s.spawn(|| {
            let mut copy = 0; // of `read`
            for index in 0..3 {
                if index == copy + ROOM && guesses {
                    copy += 1;
                } else if index == copy + ROOM {
                    copy = read.load(room); // Acquire: pairs with the consumer's store
                    if index == copy + ROOM {
                        return; // it is full
                    }
                }
                // SAFETY: the slot has been read: the copy was acquired when it had come so far. A Relaxed copy
                // says so and has not seen it, and a guess has seen nothing.
                slots[index % ROOM].with_mut(|slot| unsafe { *slot = index + 7 });
                written.store(index + 1, Release); // Release: pairs with the consumer's load
            }
        });
        s.spawn(|| {
            let mut copy = 0; // of `written`
            for index in 0..2 {
                if index == copy {
                    copy = written.load(message); // Acquire: pairs with the producer's store
                    if index == copy {
                        return; // it is empty
                    }
                }
                // SAFETY: the slot has been written: the copy was acquired when it had come so far.
                slots[index % ROOM].with(|slot| unsafe { *slot });
                read.store(index + 1, Release); // Release: pairs with the producer's load
            }
        });
    });
}
