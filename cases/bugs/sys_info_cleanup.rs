//! Taking a pointer and clearing it are one step, or two threads take it.
//!
//! Shape: a function cleans up a list that is kept in a static. Two threads call it; both read the
//! pointer, both find it set, both free the list. A swap gives it to one of them.
//!
//! Source: RUSTSEC-2020-0100 (sys-info).
//! Does not show: `static mut` and its lint; the pointer is atomic here, which is not enough.

use std::ptr::null_mut;

use super::rt::boxed::Box;
use super::rt::sync::atomic::{AtomicPtr, Ordering::*};
use super::rt::thread;

cases! {
    /// As published, with atomics for the plain accesses.
    read_then_clear: fails(DoubleFree) => clean_up_twice(|list| {
        let taken = list.load(Relaxed); // Relaxed: the list was there from the start
        list.store(null_mut(), Relaxed); // Relaxed: null publishes nothing
        taken
    });
    /// Whoever gets the pointer has it alone.
    swap: holds() => clean_up_twice(|list| list.swap(null_mut(), Relaxed)); // Relaxed: as above
}

fn clean_up_twice(take: fn(&AtomicPtr<u32>) -> *mut u32) {
    let list = AtomicPtr::new(Box::into_raw(Box::new(7)));
    thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| {
                let taken = take(&list);
                if !taken.is_null() {
                    // SAFETY: a swap gives the list to one thread; a load and a store may give it
                    // to both.
                    drop(unsafe { Box::from_raw(taken) });
                }
            });
        }
    });
}
