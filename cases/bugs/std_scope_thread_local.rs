//! A thread whose closure has returned is not at its end: its thread-locals are dropped after that.
//!
//! Shape: a scoped thread runs its closure and says that it is done; then the destructors of its
//! thread-locals run. Who waits for the count of running closures, as the end of a scope does, may
//! go on before them. Who joins the thread waits for its end, destructors included.
//!
//! Source: rust issue 116237 (std::thread::scope; open).
//! Does not show: a thread-local; what its destructor does stands at the end of the closure.

use super::rt::cell::UnsafeCell;
use super::rt::hint;
use super::rt::sync::atomic::{AtomicBool, Ordering::*};
use super::rt::thread;

cases! {
    /// As reported: the end of the scope waits for the closure alone.
    implicit_join: fails(DataRace) => read_after_thread(false);
    /// A join by hand waits for the thread.
    explicit_join: holds()
        .slack("read_after_thread: running.store", "Relaxed", "std's; the join orders more")
        .slack("read_after_thread: running.load", "Relaxed", "std's; the join orders more")
        => read_after_thread(true);
}

fn read_after_thread(joined: bool) {
    let (running, value) = (AtomicBool::new(true), UnsafeCell::new(1));
    thread::scope(|s| {
        let worker = s.spawn(|| {
            running.store(false, Release); // Release: pairs with the load of who waits
            // SAFETY: who waits for this thread does not look before its end; the case tests it.
            value.with_mut(|value| unsafe { *value = 2 });
        });
        if joined {
            worker.join().unwrap();
        }
        // Acquire: pairs with the store after the closure's last step
        while running.load(Acquire) {
            hint::spin_loop();
        }
        // SAFETY: the thread has been waited for; whether to its end, the case tests.
        assert!(value.with(|value| unsafe { *value } > 0));
    });
}
