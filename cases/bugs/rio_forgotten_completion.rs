//! Safety must not rest on a destructor, for safe code may never run it.
//!
//! Shape: a read is submitted, and the kernel writes into the caller's buffer some time later. The
//! completion's drop waits for that, so that the buffer is not freed before. But a completion can
//! be forgotten, safely, and then nothing waits: the kernel writes into freed memory. The buffer
//! has to belong to the operation until it is done.
//!
//! Source: RUSTSEC-2020-0021 (rio; not fixed); the same idea was std's thread::scoped before 1.0:
//! rust issue 24292.
//! Does not show: a kernel; a thread stands for it.

use super::rt::boxed::Box;
use super::rt::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, Ordering::*};
use super::rt::{hint, thread};

cases! {
    /// As published: the completion is forgotten, and the buffer freed.
    forgotten: fails(UseAfterFree) => submit(false);
    /// The completion is dropped, which waits.
    dropped: holds() => submit(true);
}

fn submit(wait: bool) {
    let buffer = AtomicPtr::new(Box::into_raw(Box::new(AtomicU32::new(0))));
    let done = AtomicBool::new(false);
    thread::scope(|s| {
        s.spawn(|| {
            let buffer = buffer.load(Relaxed); // Relaxed: it was there from the start
            // SAFETY: a completion that is dropped waits for `done`, and the buffer is freed after
            // that; one that is forgotten waits for nothing.
            unsafe { &*buffer }.store(7, Relaxed); // Relaxed: `done` publishes it
            done.store(true, Release); // Release: pairs with the load of the waiting drop
        });
        s.spawn(|| {
            // Acquire: pairs with the kernel's store
            while wait && !done.load(Acquire) {
                hint::spin_loop();
            }
            let buffer = buffer.load(Relaxed); // Relaxed: as above
            // SAFETY: the caller's own buffer, freed once.
            drop(unsafe { Box::from_raw(buffer) });
        });
    });
}
