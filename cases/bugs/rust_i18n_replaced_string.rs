//! A pointer loaded from an atomic keeps nothing alive.
//!
//! Shape: a reader loads the pointer to the current string and reads the string. A writer swaps in
//! another one and frees the old. Loading a pointer and taking a share in what it points to are two
//! steps, and the writer comes in between. A lock makes them one; so do hazard pointers and epochs.
//!
//! Source: RUSTSEC-2024-0007 (rust-i18n-support, AtomicStr); the same shape: RUSTSEC-2026-0242
//! (dcrypt-api).
//! Does not show: a cheaper way than a lock; see the reclamation cases.

use super::rt::boxed::Box;
use super::rt::sync::Mutex;
use super::rt::sync::atomic::{AtomicPtr, AtomicU32, Ordering::*};
use super::rt::thread;

cases! {
    /// As published: load, then use.
    loaded: fails(UseAfterFree) => read_while_replaced(false);
    /// Load and use under the lock under which the writer frees.
    locked: holds() => read_while_replaced(true);
}

fn read_while_replaced(lock: bool) {
    let allocate = |value| Box::into_raw(Box::new(AtomicU32::new(value)));
    let current = AtomicPtr::new(allocate(7));
    let in_use = Mutex::new(());
    let free = |string: *mut AtomicU32| {
        // SAFETY: the writer has replaced it, and it is freed once.
        drop(unsafe { Box::from_raw(string) });
    };
    thread::scope(|s| {
        s.spawn(|| {
            let _in_use = lock.then(|| in_use.lock().unwrap());
            let string = current.load(Acquire); // Acquire: pairs with the writer's swap
            // SAFETY: under the lock the writer does not free what this thread has loaded; without
            // it the string may be gone since the load.
            let text = unsafe { &*string }.load(Relaxed); // Relaxed: nobody writes it
            assert!(text == 7 || text == 8);
        });
        s.spawn(|| {
            let old = current.swap(allocate(8), Release); // Release: pairs with the reader's load
            let _in_use = lock.then(|| in_use.lock().unwrap());
            free(old);
        });
    });
    free(current.into_inner());
}
