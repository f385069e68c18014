//! An owner's name must not be given to another while the first still owns.
//!
//! Shape: ABA on a thread's identity. A re-entrant lock lets its owner in again, and knew the owner
//! by an address that is unique among living threads. A thread locks, forgets the guard, and ends;
//! a later thread has the same address, is taken for the owner, and enters a lock that is held.
//! Identities that are never given out twice end the confusion: the lock stays held for ever.
//!
//! Source: rust issue 123458 and pull request 124881 (ReentrantLock).
//! Does not show: the address of a thread-local; a number that is given back stands for it.

use super::rt::sync::atomic::{AtomicU32, Ordering::*};
use super::rt::thread;

cases! {
    /// As published: the identity is given out again.
    reused_identity: fails(Assertion) => lock_by_two_threads(true);
    /// As fixed.
    unique_identity: holds() => lock_by_two_threads(false);
}

const FREE: u32 = 0;

fn lock_by_two_threads(reuse: bool) {
    let (owner, next, inside) = (AtomicU32::new(FREE), AtomicU32::new(1), AtomicU32::new(0));
    let live_and_lock = || {
        let me = next.fetch_add(1, Relaxed); // Relaxed: a number
        // Relaxed: nobody unlocks here, so there is nothing to acquire
        if owner.compare_exchange(FREE, me, Relaxed, Relaxed).map_or_else(|who| who == me, |_| true)
        {
            inside.fetch_add(1, Relaxed); // Relaxed: a number; the guard is forgotten
        }
        if reuse {
            // The thread ends. Relaxed: its number is free again, if nobody has the next one
            let _ = next.compare_exchange(me + 1, me, Relaxed, Relaxed);
        }
    };
    thread::scope(|s| {
        s.spawn(live_and_lock);
        s.spawn(live_and_lock);
    });
    assert_eq!(inside.into_inner(), 1, "two threads are inside");
}
