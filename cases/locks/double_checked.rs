//! Double-checked initialisation: the look without the lock is an Acquire, the flag a Release.
//!
//! Shape: a thread looks at a flag; if it is down it takes the lock, looks again, makes the value
//! and raises the flag. The thread that finds the flag up never takes the lock, so the lock orders
//! nothing for it: the flag must. The second look is under the lock and may be Relaxed; without it
//! two threads that both came too early make the value twice.
//!
//! Source: Bacon et al., "The double-checked locking is broken declaration", 2000; Meyers and
//! Alexandrescu, "C++ and the perils of double-checked locking", 2004.
//! Minimal: `get_twice: made.load #1` Acquire, `get_twice: made.load #2` Relaxed, `get_twice:
//! made.store` Release (Preshing, Double-checked locking is fixed in C++11, 2013).
//! Does not show: `std::sync::OnceLock`, which does this for you.

use super::rt::cell::UnsafeCell;
use super::rt::sync::Mutex;
use super::rt::sync::atomic::{AtomicBool, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// The weakest orderings that hold.
    acquire_release: holds() => get_twice(Acquire, Release, true);
    /// The flag is seen up without the value.
    relaxed_look: fails(DataRace) => get_twice(Relaxed, Release, true);
    /// The flag is raised without publishing the value.
    relaxed_raise: fails(DataRace) => get_twice(Acquire, Relaxed, true);
    /// The second thread makes the value again, under the eyes of the first.
    no_second_look: fails(DataRace) => get_twice(Acquire, Release, false);
}

fn get_twice(look: Ordering, raise: Ordering, look_again: bool) {
    let (made, lock, value) = (AtomicBool::new(false), Mutex::new(()), UnsafeCell::new(0));
    let get = || {
        // Acquire: pairs with the raising of the flag; who finds it up takes no lock, so with
        // Relaxed nothing would order the value.
        if !made.load(look) {
            let _held = lock.lock().unwrap();
            // Relaxed: the lock orders it after whoever made the value.
            if !look_again || !made.load(Relaxed) {
                // SAFETY: the lock keeps other makers out, and the flag, which is still down, keeps
                // readers out. Without the second look the flag may be up, and readers in.
                value.with_mut(|v| unsafe { *v = 7 });
                made.store(true, raise); // Release: the unlock comes too late for who takes no lock
            }
        }
        // SAFETY: the value was made before the flag went up or by this thread, and is not made
        // again. A Relaxed flag can be seen up before the value is.
        assert_eq!(value.with(|v| unsafe { *v }), 7);
    };
    thread::scope(|s| {
        s.spawn(get);
        s.spawn(get);
    });
}
