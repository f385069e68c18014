//! To find another thread's value where one has just stored orders nothing: what was read before may still be older than what is read after.
//!
//! Shape: MP with a detour. The reader sees the flag, stores z, and reads in z a store of a third thread
//! that has replaced its own: from flag to z by way of another thread and back. On Power the detour is
//! part of the preserved order: what is behind it comes after the store before it. In the language it is
//! a store and a load of one location, coherence and nothing else, unless the flag is acquired or the
//! third thread's store is, having seen something.
//!
//! Source: herdtools7, ppc.cat (`detour`: po-loc and coe; rfe); ISO C++20 [intro.races] p15 to p18.
//! Does not show: Power itself, where the flag's load would have to lead to the store by a dependency.

use super::rt::sync::atomic::{AtomicU32, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// The detour is taken, and the datum is old.
    relaxed: observes()
        .required([(0, 0), (0, 1), (1, 1)])
        .interesting((1, 0), "coherence of z says nothing of the datum")
        .weak([(1, 0)])
        => look_by_detour(Relaxed, Relaxed);
    /// Acquiring the detour does not help: the third thread knows nothing.
    acquired_detour: observes()
        .required([(0, 0), (0, 1), (1, 1)])
        .interesting((1, 0), "who stored z has not seen the flag")
        .weak([(1, 0)])
        => look_by_detour(Relaxed, Acquire);
    /// Acquiring the flag does.
    acquired_flag: observes()
        .required([(0, 0), (0, 1), (1, 1)])
        .forbidden((1, 0), "the flag publishes the datum")
        .slack("look_by_detour: z.store #1", "Relaxed", "for the detour that acquires")
        => look_by_detour(Acquire, Relaxed);
}

/// Whether the flag was up, and the datum, of an execution in which the detour was taken; else both are seen.
fn look_by_detour(flag_load: Ordering, detour_load: Ordering) -> (u32, u32) {
    let [datum, flag, z] = [0; 3].map(AtomicU32::new);
    thread::scope(|s| {
        s.spawn(|| {
            datum.store(1, Relaxed); // Relaxed: the flag publishes it
            flag.store(1, Release); // Release: pairs with the flag's load, if that acquires
        });
        s.spawn(|| z.store(2, Release)); // Release: pairs with the detour's load, and publishes nothing
        let reader = s.spawn(|| {
            let is_up = flag.load(flag_load); // Acquire: pairs with the flag's store
            z.store(1, Relaxed); // Relaxed: the way out
            // Acquire: pairs with the third thread's store
            match z.load(detour_load) {
                2 => (is_up, datum.load(Relaxed)), // Relaxed: published by the flag, or not
                _ => (1, 1),
            }
        });
        reader.join().unwrap()
    })
}
