//! Happens-before is transitive: data may be handed on through threads that never touch it.
//!
//! Shape: ISA2. The first thread fills a plain cell and raises y; the second sees y and raises z;
//! the third sees z and reads the cell. Two synchronising pairs in a row are a path from the write
//! to the read. Each of the four orderings is one link of it: break any and there is no path.
//!
//! Source: Alglave, Maranget and Tautschnig, TOPLAS 2014, section 4 (ISA2); ISO C++20 [intro.races]
//! p9.
//! Does not show: that the second thread may read the cell; it may, as it has acquired.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicBool, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// Two pairs make a path.
    release_acquire: holds() => hand_on([Release, Acquire], [Release, Acquire]);
    /// The first thread publishes nothing.
    first_store_relaxed: fails(DataRace) => hand_on([Relaxed, Acquire], [Release, Acquire]);
    /// The second thread raises z without having acquired what y stands for.
    first_load_relaxed: fails(DataRace) => hand_on([Release, Relaxed], [Release, Acquire]);
    /// The second thread has acquired the data, but does not pass it on.
    second_store_relaxed: fails(DataRace) => hand_on([Release, Acquire], [Relaxed, Acquire]);
    /// The third thread does not acquire what z stands for.
    second_load_relaxed: fails(DataRace) => hand_on([Release, Acquire], [Release, Relaxed]);
}

/// The orderings of the store and the load of y, then those of z.
fn hand_on(of_y: [Ordering; 2], of_z: [Ordering; 2]) {
    let (value, y, z) = (UnsafeCell::new(0), AtomicBool::new(false), AtomicBool::new(false));
    thread::scope(|s| {
        s.spawn(|| {
            // SAFETY: the third thread reads only when z is up, which it is after y, below.
            value.with_mut(|v| unsafe { *v = 42 });
            y.store(true, of_y[0]); // Release: pairs with the second thread's load
        });
        s.spawn(|| {
            // Acquire: pairs with the first thread's store
            if y.load(of_y[1]) {
                z.store(true, of_z[0]); // Release: pairs with the third thread's load
            }
        });
        s.spawn(|| {
            // Acquire: pairs with the second thread's store
            if z.load(of_z[1]) {
                // SAFETY: two pairs of Release and Acquire in a row make the write happen before
                // this read; with one of the four missing there is no such path.
                assert_eq!(value.with(|v| unsafe { *v }), 42);
            }
        });
    });
}
