//! A reader that takes part by a thread-local leaves by its destructor, which must say that the reading is over.
//!
//! Shape: a value is reached by a flag. A reader signs in with its first use, by making its thread-local, and
//! stays signed in until its thread ends, so that it need not sign in each time. Who takes the value away
//! lowers the flag, waits until nobody is signed in, and then writes to the value's memory. Signing in and
//! lowering are store buffering: each side has a SeqCst fence. The destructor's Release hands the reading over.
//!
//! Source: crossbeam, `crossbeam-epoch/src/default.rs` (a participant is made at its thread's first use, and its
//! destructor unregisters the thread).
//! Does not show: epochs; a thread that never ends, for which nothing is ever reclaimed.

use super::rt::cell::UnsafeCell;
use super::rt::hint;
use super::rt::sync::atomic::{AtomicBool, AtomicUsize, Ordering, Ordering::*, fence};
use super::rt::{Static, thread, thread_local};
use core::cell::Cell;

cases! {
    /// The weakest orderings that hold.
    sound: holds() => take_away_beside_read(Some(Release), Acquire);
    /// The destructor does not say what was read before it.
    relaxed_leave: fails(DataRace) => take_away_beside_read(Some(Relaxed), Acquire);
    /// Nobody is seen signed in, and their reading is not seen over.
    relaxed_wait: fails(DataRace) => take_away_beside_read(Some(Release), Relaxed);
    /// A thread that ends without leaving is waited for in vain.
    never_left: fails(Livelock).bounded(Loom, NoLivelockDetection)
        => take_away_beside_read(None, Acquire);
}

static SIGNED_IN: Static<AtomicUsize> = Static::new(|| AtomicUsize::new(0));

thread_local! {
    static PARTICIPANT: Participant = Participant::sign_in();
}

/// How its thread leaves.
struct Participant(Cell<Option<Ordering>>);

impl Participant {
    fn sign_in() -> Self {
        SIGNED_IN.fetch_add(1, Relaxed); // Relaxed: the fence is behind it
        fence(SeqCst); // SeqCst: either the flag is seen lowered, or the reader is seen signed in
        Participant(Cell::new(None))
    }
}

impl Drop for Participant {
    fn drop(&mut self) {
        if let Some(leave) = self.0.get() {
            // Release: pairs with who waits for it; the thread's end tells it to nobody but who joins
            SIGNED_IN.fetch_sub(1, leave);
        }
    }
}

fn take_away_beside_read(leave: Option<Ordering>, wait: Ordering) {
    let (is_there, value) = (AtomicBool::new(true), UnsafeCell::new(7));
    thread::scope(|s| {
        let reader = s.spawn(|| {
            PARTICIPANT.with(|participant| {
                participant.0.set(leave);
                // Relaxed: the value was there before the threads were
                if is_there.load(Relaxed) {
                    // SAFETY: the flag is up, so whoever lowers it sees this thread signed in, until its
                    // destructor has run; unless that says nothing of this read.
                    assert_eq!(value.with(|v| unsafe { *v }), 7);
                }
            });
        });
        s.spawn(|| {
            is_there.store(false, Relaxed); // Relaxed: the fence is behind it
            fence(SeqCst); // SeqCst: with the reader's
            // Acquire: pairs with the destructor
            while SIGNED_IN.load(wait) > 0 {
                hint::spin_loop();
            }
            // SAFETY: the flag is lowered and nobody is signed in, so nobody reads.
            value.with_mut(|v| unsafe { *v = 0 });
        });
        // A join waits for the destructors of std's thread, which the end of std's scope does not.
        reader.join().unwrap();
    });
}
