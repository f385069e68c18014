//! After saying "I am gone" a half of a channel must not touch the channel.
//!
//! Shape: whoever comes second to be gone frees the channel. The receiver, when it is dropped,
//! marked itself as gone and then dropped its waker, which is stored in the channel. The sender may
//! find the mark in between and free the channel with the waker in it. The waker has to go first.
//!
//! Source: RUSTSEC-2026-0005 (oneshot).
//! Does not show: the sender's use of the waker, which the fix has to exclude as well.

use super::rt::boxed::Box;
use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicBool, AtomicPtr, Ordering::*};
use super::rt::thread;

cases! {
    /// As published.
    gone_then_waker: fails(UseAfterFree) => drop_both(true);
    /// As fixed.
    waker_then_gone: holds() => drop_both(false);
}

struct Channel {
    /// Whether one half is gone.
    gone: AtomicBool,
    waker: UnsafeCell<Option<u32>>,
}

fn leave(channel: *mut Channel) -> bool {
    // SAFETY: the half that calls this has not left yet.
    unsafe { &*channel }.gone.swap(true, AcqRel) // AcqRel: pairs with the other half's
}

fn free(channel: *mut Channel) {
    // SAFETY: the other half was gone before, and touches nothing after it has said so; unless the
    // receiver says so first and drops its waker then.
    drop(unsafe { Box::from_raw(channel) });
}

fn drop_both(gone_first: bool) {
    let channel = Channel { gone: AtomicBool::new(false), waker: UnsafeCell::new(Some(7)) };
    let channel = AtomicPtr::new(Box::into_raw(Box::new(channel)));
    let shared = || channel.load(Relaxed); // Relaxed: it was there from the start
    let drop_waker = |channel: *mut Channel| {
        // SAFETY: before the receiver leaves, nobody frees the channel or touches the waker; after,
        // the sender may.
        unsafe { &*channel }.waker.with_mut(|waker| unsafe { *waker = None });
    };
    thread::scope(|s| {
        s.spawn(|| {
            let receiver = shared();
            if !gone_first {
                drop_waker(receiver);
            }
            let last = leave(receiver);
            if gone_first {
                drop_waker(receiver);
            }
            if last {
                free(receiver);
            }
        });
        s.spawn(|| {
            let sender = shared();
            if leave(sender) {
                free(sender);
            }
        });
    });
}
