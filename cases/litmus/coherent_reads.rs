//! Two loads of one location never go back in its order of stores, even when all are Relaxed.
//!
//! Shape: CoRR. A thread that has seen a newer store of a location does not see an older one after
//! it, and two threads that look after their own stores agree which of these came first. This is
//! per location: of two locations the newer store may be seen without the older one (MP), and two
//! threads that store to one each and look at the other's may both miss it (`store_buffering`).
//!
//! Source: ISO C++20 [intro.races] p4 and p16; std docs, `Ordering::Relaxed`.
//! Does not show: that a load sees the newest store; it may see an old one, only never an older
//! one.

use super::rt::sync::atomic::{AtomicU32, Ordering::Relaxed};
use super::rt::thread;

cases! {
    /// Once the newer value is seen, the older one is gone.
    one_location: observes()
        .required([(0, 0), (0, 1), (1, 1)])
        .forbidden((1, 0), "the second load of one location does not go back")
        => read_twice(|locations| [&locations[0], &locations[0]]);
    /// The same loads of two locations: nothing ties them together.
    two_locations: observes()
        .required([(0, 0), (0, 1), (1, 1)])
        .interesting((1, 0), "the newer store is seen and the older one, elsewhere, is not")
        .weak([(1, 0)])
        => read_twice(|locations| [&locations[0], &locations[1]]);
    /// Two threads that race to store, and then look, agree which store came first.
    racing_stores: observes()
        .required([(1, 1), (1, 2), (2, 2)])
        .forbidden((2, 1), "each store would have replaced the other")
        => store_and_look();
}

/// Stores to the older location and then to the newer; loads in the opposite order.
fn read_twice(choose: fn(&[AtomicU32; 2]) -> [&AtomicU32; 2]) -> (u32, u32) {
    let locations = [AtomicU32::new(0), AtomicU32::new(0)];
    let [older, newer] = choose(&locations);
    thread::scope(|s| {
        s.spawn(|| {
            older.store(1, Relaxed); // Relaxed: coherence needs no partner
            newer.store(1, Relaxed); // Relaxed: as above
        });
        let reader = s.spawn(|| {
            let first = newer.load(Relaxed); // Relaxed: coherence needs no partner
            (first, older.load(Relaxed)) // Relaxed: as above
        });
        reader.join().unwrap()
    })
}

fn store_and_look() -> (u32, u32) {
    let x = AtomicU32::new(0);
    let step = |value| {
        x.store(value, Relaxed); // Relaxed: coherence needs no partner
        x.load(Relaxed) // Relaxed: as above
    };
    thread::scope(|s| {
        let left = s.spawn(|| step(1));
        let right = s.spawn(|| step(2));
        (left.join().unwrap(), right.join().unwrap())
    })
}
