//! A panic under a mutex poisons it, and who locks it next must decide what to make of the data.
//!
//! Shape: a thread panics between the two halves of a change. The lock is released and poisoned.
//! Whoever comes later gets an error with the guard in it: to unwrap it is to panic in turn, to
//! take the guard is to promise that the data is repaired.
//!
//! Source: Rust std, `std::sync::Mutex`, section Poisoning; the Rustonomicon, section Poisoning.
//! Does not show: parking_lot's mutex, which is never poisoned and lets the half change be seen.

use super::rt::sync::{Mutex, PoisonError};
use super::rt::thread;

cases! {
    /// The guard is taken out of the error, and the change completed. For the engines that explore,
    /// a panic ends the execution.
    repaired: holds()
        .alarms(Loom, NotModelled)
        .alarms(Shuttle, NotModelled)
        .alarms(Rc11, NotModelled)
        => lock_after_panic(|pair| {
            let mut pair = pair.lock().unwrap_or_else(PoisonError::into_inner);
            pair.1 = pair.0;
            assert_eq!(*pair, (1, 1));
        });
    /// The error is unwrapped: one panic has become two.
    unwrapped: fails(Assertion) => lock_after_panic(|pair| {
        let mut pair = pair.lock().unwrap();
        pair.1 = pair.0;
    });
}

fn lock_after_panic(look: impl FnOnce(&Mutex<(u32, u32)>)) {
    let pair = Mutex::new((0, 0));
    thread::scope(|s| {
        let changing = s.spawn(|| {
            let mut pair = pair.lock().unwrap();
            pair.0 = 1;
            panic!("before the second half of the change");
        });
        assert!(changing.join().is_err());
    });
    look(&pair);
}
