//! Dropping a counted reference needs a Release decrement, and an Acquire before it is freed.
//!
//! Shape: two owners read a value and drop their reference; the one that finds it was the last
//! destroys the value. Its destruction must come after everything the other owner did: that owner's
//! decrement publishes it (Release), and the last one acquires it, by a fence that only the last
//! one pays for. Decrements are read-modify-writes, so the last one continues every release
//! sequence.
//!
//! Source: Boost.Atomic documentation, "Reference counting"; Rust std, `Arc::drop`.
//! Does not show: increments, which may be Relaxed: a new reference comes from one that exists.

use super::rt::boxed::Box;
use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicUsize, Ordering, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// The last owner sees the other one's accesses before it frees.
    release_and_fence: holds() => share(|count| last(count, Release, true));
    /// The decrement publishes nothing: the last owner's destruction races with the other's read, as in stabby pull
    /// request 139.
    relaxed_decrement: fails(DataRace) => share(|count| last(count, Relaxed, true));
    /// Nothing acquires what the other owner published.
    no_fence: fails(DataRace) => share(|count| last(count, Release, false));
    /// An AcqRel decrement needs no fence, and acquires even where it is not the last.
    acq_rel_decrement: holds() => share(|count| last(count, AcqRel, false));
    /// Two steps: both owners see 2, so nobody is the last.
    two_steps: fails(Leak) => share(|count| {
        let before = count.load(Acquire); // Acquire: pairs with the other owner's store
        count.store(before - 1, Release); // Release: pairs with the other owner's load
        before == 1
    });
}

struct Shared {
    count: AtomicUsize,
    value: UnsafeCell<u32>,
}

/// Gives one reference up and says whether it was the last.
fn last(count: &AtomicUsize, order: Ordering, fenced: bool) -> bool {
    // Release: pairs with the fence of the last owner
    let last = count.fetch_sub(1, order) == 1;
    if last && fenced {
        fence(Acquire); // Acquire: pairs with the decrement of the other owner
    }
    last
}

fn share(give_up: fn(&AtomicUsize) -> bool) {
    let shared = Shared { count: AtomicUsize::new(2), value: UnsafeCell::new(7) };
    let address = Box::into_raw(Box::new(shared)).expose_provenance();
    thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(move || {
                let pointer = core::ptr::with_exposed_provenance_mut::<Shared>(address);
                // SAFETY: this owner has not given its reference up yet.
                let shared = unsafe { &*pointer };
                // SAFETY: this owner is still counted, so the other is not the last and does not
                // write.
                assert_eq!(shared.value.with(|v| unsafe { *v }), 7);
                if give_up(&shared.count) {
                    // SAFETY: the other owner has counted down after its last read; a Release there
                    // and an Acquire here make that read happen before this write.
                    shared.value.with_mut(|v| unsafe { *v = 0 });
                    // SAFETY: the pointer came from `into_raw`, and there is one last owner.
                    drop(unsafe { Box::from_raw(pointer) });
                }
            });
        }
    });
}
