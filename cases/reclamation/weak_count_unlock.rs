//! The store that unlocks an `Arc`'s weak count need not release, as long as the look at the strong count acquires.
//!
//! Shape: to ask whether it is the only owner, a thread locks the weak count, looks at the strong count,
//! and unlocks. The other owner makes a weak reference, for which the weak count must not be locked, and
//! drops its strong one. `std` unlocks with Release, and `downgrade` acquires that. A report says that
//! Relaxed would do: if the look has seen the other's decrement, its downgrade was before, and cannot
//! have waited for this unlock. So it is. With a Relaxed look as well, load buffering could turn it round.
//!
//! Source: rust issue 149376, 2025 (open); Rust std, `Arc::get_mut`.
//! Does not show: what the weak reference does; `arc_uniqueness` has the upgrade.

use super::rt::cell::UnsafeCell;
use super::rt::hint;
use super::rt::sync::atomic::{AtomicUsize, Ordering, Ordering::*};
use super::rt::thread;

const LOCKED: usize = usize::MAX;

cases! {
    /// As in `std`, beside a downgrade.
    released: holds()
        .slack("ask: weak.store", "Relaxed", "as in std: the question")
        .slack("ask: weak.compare_exchange #2", "Relaxed", "as in std: it pairs with the unlock")
        => ask(true, Release, Acquire);
    /// As in `std`, beside an owner that just drops its share.
    released_beside_drop: holds()
        .slack("ask: weak.store", "Relaxed", "as in std: the question")
        => ask(false, Release, Acquire);
    /// As asked.
    relaxed_unlock: holds()
        .slack("ask: weak.compare_exchange #2", "Relaxed", "as in std: it pairs with the unlock")
        => ask(true, Relaxed, Acquire);
    /// The look must acquire: CVE-2018-25008.
    relaxed_look: fails(DataRace) => ask(false, Release, Relaxed);
    /// With neither, the unlock may be seen before the look is made, and the look find what came after it.
    both_relaxed: fails(DataRace)
        .misses(Loom, NoLoadBuffering)
        .misses(Rc11, NoLoadBuffering)
        .weak()
        => ask(true, Relaxed, Relaxed);
}

fn ask(downgrades: bool, unlock: Ordering, look: Ordering) {
    let (strong, weak) = (AtomicUsize::new(2), AtomicUsize::new(1));
    let value = UnsafeCell::new(7);
    thread::scope(|s| {
        s.spawn(|| {
            // Relaxed: no weak reference is dropped here; std acquires that
            if weak.compare_exchange(1, LOCKED, Relaxed, Relaxed).is_ok() {
                let is_alone = strong.load(look) == 1; // Acquire: pairs with the decrement
                weak.store(1, unlock); // Release: pairs with the downgrade
                if is_alone {
                    // SAFETY: the other owner has read before it dropped its share, with Release, and a look that
                    // acquires has that; a Relaxed look has the count alone.
                    value.with_mut(|value| unsafe { *value = 8 });
                }
            }
        });
        s.spawn(|| {
            // SAFETY: a strong reference shares the value, and nobody is alone yet.
            assert_eq!(value.with(|value| unsafe { *value }), 7);
            // Acquire: pairs with the unlock. Relaxed: it waits for the count to be unlocked
            while downgrades && weak.compare_exchange(1, 2, Acquire, Relaxed).is_err() {
                hint::spin_loop();
            }
            strong.fetch_sub(1, Release); // Release: pairs with the look
        });
    });
}
