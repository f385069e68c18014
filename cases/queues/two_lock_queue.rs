//! With one lock for each end, the node in the middle is under neither.
//!
//! Shape: pushes hold the tail's lock, pops the head's, so a push and a pop go on at once. While
//! the queue is empty, both ends are the same dummy node, and its next pointer is written under one
//! lock and read under the other. Locks that differ order nothing, so the link itself must publish:
//! Release and Acquire.
//!
//! Source: Michael and Scott, PODC 1996, figure 2 (its memory is sequentially consistent).
//! Does not show: many producers; they exclude each other by the tail's lock.

use super::rt::cell::UnsafeCell;
use super::rt::sync::Mutex;
use super::rt::sync::atomic::{AtomicUsize, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// The link publishes what the two locks cannot.
    release_acquire: holds() => push_and_pop(Release, Acquire);
    /// The tail's lock does not publish to who holds the head's.
    relaxed_link: fails(DataRace) => push_and_pop(Relaxed, Acquire);
    /// The head's lock does not acquire from who held the tail's.
    relaxed_follow: fails(DataRace) => push_and_pop(Release, Relaxed);
}

/// Nodes are numbered; 0 is the first dummy, and as a link it means none.
#[derive(Clone, Copy)]
struct End(usize);

fn push_and_pop(link: Ordering, follow: Ordering) {
    let (head, tail) = (Mutex::new(End(0)), Mutex::new(End(0)));
    let next = [0; 2].map(AtomicUsize::new);
    let value = [0; 2].map(UnsafeCell::new);
    thread::scope(|s| {
        s.spawn(|| {
            let mut tail = tail.lock().unwrap();
            // SAFETY: the pop finds the node by its link, which is made below.
            value[1].with_mut(|value| unsafe { *value = 7 });
            next[tail.0].store(1, link); // Release: this lock's unlock is for pushes only
            *tail = End(1);
        });
        s.spawn(|| {
            let mut head = head.lock().unwrap();
            let node = next[head.0].load(follow); // Acquire: nor has this lock acquired from it
            if node != 0 {
                *head = End(node);
                // SAFETY: the value was written before the link and is not written again; but two
                // different locks do not order that, only the link does.
                assert_eq!(value[node].with(|value| unsafe { *value }), 7);
            }
        });
    });
}
