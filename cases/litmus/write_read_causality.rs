//! What a thread has seen before it releases is seen by whoever acquires from it.
//!
//! Shape: WRC. One thread stores x; a second sees it and raises y; a third sees y and looks at x.
//! If y is released and acquired, the second thread's *load* of x happens before the third's, and
//! loads of one location do not go back: x itself may be Relaxed throughout. With y Relaxed at
//! either end the third thread may see the effect and not its cause.
//!
//! Source: Boehm and Adve, PLDI 2008 (WRC); ISO C++20 [intro.races] p16.
//! Does not show: plain data for x; then the first store must be released as well, see `isa2`.

use super::rt::sync::atomic::{AtomicU32, Ordering, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// y carries the cause along, even of a Relaxed store seen by a Relaxed load.
    release_acquire: holds() => effect_and_cause(Relaxed, Release, Acquire);
    /// Fences carry it as well.
    fences: holds() => effect_and_cause_by_fences();
    /// SeqCst for x does not help if y is not released.
    relaxed_store: fails(Assertion)
        .weak()
        => effect_and_cause(SeqCst, Relaxed, Acquire);
    /// Nor if y is not acquired.
    relaxed_load: fails(Assertion)
        .weak()
        => effect_and_cause(SeqCst, Release, Relaxed);
}

/// `cause` is the ordering of every access to x.
fn effect_and_cause(cause: Ordering, store: Ordering, load: Ordering) {
    let (x, y) = (AtomicU32::new(0), AtomicU32::new(0));
    let (seen, effect, cause) = thread::scope(|s| {
        s.spawn(|| x.store(1, cause)); // Relaxed: needs no partner
        let middle = s.spawn(|| {
            let seen = x.load(cause); // Relaxed: coherence orders it before the last load
            y.store(1, store); // Release: pairs with the third thread's load
            seen
        });
        let last = s.spawn(|| {
            let effect = y.load(load); // Acquire: pairs with the middle thread's store
            (effect, x.load(cause)) // Relaxed: coherence orders it after the middle thread's load
        });
        let seen = middle.join().unwrap();
        let (effect, cause) = last.join().unwrap();
        (seen, effect, cause)
    });
    assert!((seen, effect, cause) != (1, 1, 0), "the effect is seen without its cause");
}

fn effect_and_cause_by_fences() {
    let (x, y) = (AtomicU32::new(0), AtomicU32::new(0));
    let outcome = thread::scope(|s| {
        s.spawn(|| x.store(1, Relaxed)); // Relaxed: needs no partner
        let middle = s.spawn(|| {
            let seen = x.load(Relaxed); // Relaxed: coherence orders it before the last load
            fence(Release); // Release: pairs with the third thread's fence
            y.store(1, Relaxed); // Relaxed: the fence before it publishes
            seen
        });
        let last = s.spawn(|| {
            let effect = y.load(Relaxed); // Relaxed: the fence after it acquires
            fence(Acquire); // Acquire: pairs with the middle thread's fence
            (effect, x.load(Relaxed)) // Relaxed: coherence orders it after the middle thread's load
        });
        (middle.join().unwrap(), last.join().unwrap())
    });
    assert!(outcome != (1, (1, 0)), "the effect is seen without its cause");
}
