//! To be the only owner is to have seen the others leave: a Relaxed look at the count is no proof.
//!
//! Shape: one owner drops its reference after a use; the other asks whether it is alone and writes.
//! The question must acquire what the decrement published. With weak references it is two
//! questions, and between them an owner can make a weak reference, drop the strong one, and come
//! back by an upgrade; so `std` locks the weak count while it looks at the strong one.
//!
//! Source: CVE-2018-25008, rust-lang/rust issue 51780 (`Arc::get_mut`); Rust std, `Arc::get_mut`.
//! Does not show: why the downgrade acquires; the execution that it forbids is a load buffering.

use super::rt::cell::UnsafeCell;
use super::rt::hint;
use super::rt::sync::atomic::{AtomicUsize, Ordering, Ordering::*};
use super::rt::thread;

/// Whether the asking owner is the only one, by the strong and the weak count.
type Alone = fn(&AtomicUsize, &AtomicUsize) -> bool;

cases! {
    /// The weakest orderings that hold where there are no weak references.
    acquire_release: holds() => drop_beside_write(Release, |strong, _| last(strong, Acquire));
    /// The flaw of the CVE: the use before the drop is not seen to be over.
    relaxed_look: fails(DataRace) => drop_beside_write(Release, |strong, _| last(strong, Relaxed));
    /// The use before the drop is not published.
    relaxed_drop: fails(DataRace) => drop_beside_write(Relaxed, |strong, _| last(strong, Acquire));
    /// While the weak count is locked nobody becomes weak.
    weak_count_locked: holds()
        .slack("locked: weak.store", "Relaxed", "with less, load buffering could arise")
        .slack(
            "upgrade_beside_write: weak.compare_exchange",
            "Relaxed",
            "with less, load buffering could arise",
        )
        => upgrade_beside_write(|strong, weak| locked(strong, weak, [Acquire, Acquire]));
    /// A weak reference is gone, but not what its owner did before.
    relaxed_lock: fails(DataRace)
        => upgrade_beside_write(|strong, weak| locked(strong, weak, [Relaxed, Acquire]));
    /// The lock has acquired nothing from an owner that was never weak, so the look must.
    weak_count_locked_beside_drop: holds()
        => drop_beside_write(Release, |strong, weak| locked(strong, weak, [Acquire, Acquire]));
    /// The strong count is seen without the use before the drop.
    relaxed_locked_look: fails(DataRace)
        => drop_beside_write(Release, |strong, weak| locked(strong, weak, [Acquire, Relaxed]));
    /// Between the two looks the other owner becomes weak, and comes back.
    two_looks: fails(DataRace) => upgrade_beside_write(|strong, weak| {
        // Acquire: pairs with the decrements; the flaw is the gap between the looks.
        weak.load(Acquire) == 1 && last(strong, Acquire)
    });
}

const LOCKED: usize = usize::MAX;

fn last(strong: &AtomicUsize, look: Ordering) -> bool {
    strong.load(look) == 1 // Acquire: the other owner's use is over, not only its count
}

fn locked(strong: &AtomicUsize, weak: &AtomicUsize, [lock, look]: [Ordering; 2]) -> bool {
    // Acquire: pairs with the decrement of a weak reference that is gone, whose owner may have used
    // the value before. Relaxed: a failure is the answer.
    if weak.compare_exchange(1, LOCKED, lock, Relaxed).is_err() {
        return false;
    }
    let alone = last(strong, look);
    weak.store(1, Release); // Release: who becomes weak next comes after the look
    alone
}

fn drop_beside_write(decrement: Ordering, alone: Alone) {
    // All strong references together count as one weak one.
    let (strong, weak, value) = (AtomicUsize::new(2), AtomicUsize::new(1), UnsafeCell::new(7));
    thread::scope(|s| {
        s.spawn(|| {
            // SAFETY: this owner is counted, so the other is not alone and does not write.
            assert_eq!(value.with(|v| unsafe { *v }), 7);
            strong.fetch_sub(1, decrement); // Release: Relaxed could count down before the use
        });
        s.spawn(|| {
            if alone(&strong, &weak) {
                // SAFETY: the other owner is gone; that its use is over as well is what its Release
                // and the Acquire of this look say.
                value.with_mut(|v| unsafe { *v = 8 });
            }
        });
    });
}

fn upgrade_beside_write(alone: Alone) {
    let (strong, weak) = (AtomicUsize::new(2), AtomicUsize::new(1));
    let value = UnsafeCell::new(7);
    thread::scope(|s| {
        s.spawn(|| {
            // Acquire: pairs with the unlocking of the weak count. Relaxed: only tried again.
            while weak.compare_exchange(1, 2, Acquire, Relaxed).is_err() {
                hint::spin_loop();
            }
            strong.fetch_sub(1, Relaxed); // Relaxed: nothing was done before it
            strong.fetch_add(1, Relaxed); // Relaxed: the other owner keeps the count above zero
            // SAFETY: this owner is counted again, so the other finds two, unless it has looked at
            // the strong count while this one was weak, and at the weak count before.
            value.with(|v| unsafe { *v });
            strong.fetch_sub(1, Relaxed); // Relaxed: the decrement below publishes
            weak.fetch_sub(1, Release); // Release: who locks the weak count sees the use
        });
        s.spawn(|| {
            if alone(&strong, &weak) {
                // SAFETY: while the weak count is locked nobody becomes weak, so one strong owner
                // is one owner. Between two looks without the lock the other can hide, and come
                // back.
                value.with_mut(|v| unsafe { *v = 8 });
            }
        });
    });
}
