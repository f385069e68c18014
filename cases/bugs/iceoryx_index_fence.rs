//! What a pop has read of a slot must be over before whoever has the slot now writes to it, so the pusher acquires.
//!
//! Shape: a free list of indices, without a lock. A pop reads the link of the first index and takes it
//! by an exchange; a push writes the link of the index that it gives back. The link is plain data, and
//! between the two the index travels to another thread. A Release fence ends the pop; push began with
//! one as well, where an Acquire was meant. As long as the index travels by something that synchronises,
//! nothing is wrong, as the report says; if it travels by Relaxed accesses, the two race.
//!
//! Source: iceoryx issue 2196, 2024; iceoryx2 issue 120, 2024 (the same in Rust).
//! Does not show: the counter against ABA, see `iceoryx_stale_tag`; contention.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicUsize, Ordering, Ordering::*, fence};
use super::rt::thread;

const NONE: usize = usize::MAX;

cases! {
    /// As published, with an index that is passed on Relaxed.
    release_fence: fails(DataRace) => pass_on([Relaxed; 2], Some(Release));
    /// As fixed.
    acquire_fence: holds() => pass_on([Relaxed; 2], Some(Acquire));
    /// As published, with an index that is passed on as the project does it.
    index_synchronises: holds()
        .slack("pass_on: passed.store", "Relaxed", "the fence before it releases as well")
        .slack("pass_on: fence #2", "none", "for indices that are passed on Relaxed; Acquire was meant")
        => pass_on([Release, Acquire], Some(Release));
}

/// The orderings that pass the index on, and the fence that begins a push.
fn pass_on([give, take]: [Ordering; 2], push_fence: Option<Ordering>) {
    let (head, link, passed) = (AtomicUsize::new(0), UnsafeCell::new(NONE), AtomicUsize::new(NONE));
    thread::scope(|s| {
        s.spawn(|| {
            let first = head.load(Relaxed); // Relaxed: the list was made before the threads
            // SAFETY: who pushes the index writes its link, and has it from below; that this read is over
            // then is known only to a pusher that acquires, by its fence or with the index.
            let next = link.with(|link| unsafe { *link });
            head.store(next, Relaxed); // Relaxed: nobody else pops
            fence(Release); // Release: pairs with the fence of the push
            passed.store(first, give); // Release: pairs with the load below; Relaxed: the fence before it
        });
        s.spawn(|| {
            // Acquire: pairs with the store above; Relaxed: the fence after it acquires
            let mine = passed.load(take);
            if mine != NONE {
                if let Some(order) = push_fence {
                    fence(order); // Acquire: pairs with the fence of the pop
                }
                // SAFETY: the pop has read the link before it passed the index on, and that is over if it is acquired,
                // by a fence here or with the index.
                link.with_mut(|link| unsafe { *link = NONE });
                head.store(mine, Relaxed); // Relaxed: nobody pops it again
            }
        });
    });
}
