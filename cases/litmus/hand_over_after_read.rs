//! Who has only read must still release before another thread may write.
//!
//! Shape: a reader looks at plain data and says that it is done; a writer that has seen this
//! writes. Release is not only about stores: it keeps the *reads* before it from moving down, and
//! without it the new value could be read, or a torn one. This is why a reader–writer lock releases
//! in its read unlock, and a reference count in its decrement.
//!
//! Source: ISO C++20 [intro.races] p10 and p21; Boehm and Adve, PLDI 2008, section 4.
//! Does not show: the failure on hardware that never moves a load past a later store, such as x86.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicBool, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// The read happens before the write.
    release_acquire: holds() => hand_over(Release, Acquire);
    /// "I wrote nothing, so Relaxed will do": the read may still be going on.
    relaxed_store: fails(DataRace) => hand_over(Relaxed, Acquire);
    /// The writer does not wait for what the flag stands for.
    relaxed_load: fails(DataRace) => hand_over(Release, Relaxed);
}

fn hand_over(store: Ordering, load: Ordering) {
    let (value, done) = (UnsafeCell::new(1), AtomicBool::new(false));
    thread::scope(|s| {
        s.spawn(|| {
            // SAFETY: the writer writes only where it has seen the flag, which goes up below;
            // Relaxed lets the flag up while this read is still to be done.
            assert_eq!(value.with(|v| unsafe { *v }), 1);
            done.store(true, store); // Release: pairs with the writer's load
        });
        s.spawn(|| {
            // Acquire: pairs with the reader's store
            if done.load(load) {
                // SAFETY: the read came before the flag, and Release and Acquire make it happen
                // before this write.
                value.with_mut(|v| unsafe { *v = 2 });
            }
        });
    });
}
