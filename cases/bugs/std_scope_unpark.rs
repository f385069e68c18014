//! The decrement that lets a waiter go may be followed by nothing that the waiter frees.
//!
//! Shape: a scope waits until its count of running threads is zero. The last thread leaves its
//! result, counts itself out, and then unparks the waiter, whose handle stands in the scope's own
//! data. The waiter may wake without a cause, find zero, return, and free the data in between. The
//! last thread needs a share in what it touches after the decrement.
//!
//! Source: rust issue 98498 and pull request 98503 (std::thread::scope).
//! Does not show: the parking; the waiter looks once.

use super::rt::boxed::Box;
use super::rt::cell::UnsafeCell;
use super::rt::sync::Arc;
use super::rt::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, Ordering::*};
use super::rt::thread;

cases! {
    /// As published: the data is the waiter's, and the thread borrows it.
    borrowed: fails(UseAfterFree) => borrowed();
    /// As fixed: each thread has a share in the data.
    shared: holds() => shared();
}

struct Scope {
    running: AtomicU32,
    result: UnsafeCell<u32>,
    /// Stands for the handle of the waiter.
    unparked: AtomicBool,
}

impl Scope {
    fn new() -> Self {
        let (running, result) = (AtomicU32::new(1), UnsafeCell::new(0));
        Scope { running, result, unparked: AtomicBool::new(false) }
    }

    fn thread_ends(&self) {
        // SAFETY: the waiter does not look before this thread has counted itself out.
        self.result.with_mut(|result| unsafe { *result = 7 });
        // Release: pairs with the waiter's load
        if self.running.fetch_sub(1, Release) == 1 {
            self.unparked.store(true, Relaxed); // Relaxed: nobody looks at it
        }
    }

    fn all_have_ended(&self) -> bool {
        let ended = self.running.load(Acquire) == 0; // Acquire: pairs with the decrement
        if ended {
            // SAFETY: the thread has written its result before it counted itself out.
            assert_eq!(self.result.with(|result| unsafe { *result }), 7);
        }
        ended
    }
}

fn borrowed() {
    let scope = AtomicPtr::new(Box::into_raw(Box::new(Scope::new())));
    // SAFETY: none for the thread: the data stays while it is counted, and it uses the data after
    // it has counted itself out. The waiter frees the data itself.
    let get = || unsafe { &*scope.load(Relaxed) }; // Relaxed: it was there from the start
    // SAFETY: the data is freed once, by the waiter or at the end.
    let free = || drop(unsafe { Box::from_raw(scope.load(Relaxed)) }); // Relaxed: as above
    let returned = thread::scope(|s| {
        s.spawn(|| get().thread_ends());
        let waiter = s.spawn(|| {
            let returns = get().all_have_ended();
            if returns {
                free();
            }
            returns
        });
        waiter.join().unwrap()
    });
    if !returned {
        free();
    }
}

fn shared() {
    let scope = Arc::new(Scope::new());
    let share = scope.clone();
    thread::scope(|s| {
        s.spawn(move || share.thread_ends());
        s.spawn(move || scope.all_have_ended());
    });
}
