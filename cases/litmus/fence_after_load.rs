//! A fence behind a Relaxed load acquires what the load has seen; the same fence before it does not, were it SeqCst.
//!
//! Shape: two threads take turns at plain data: each waits by Relaxed loads, fences, changes the data, and
//! passes the turn on with Release. A sanitizer that knows no fences calls it a race, wrongly. In the
//! second program a SeqCst fence stands before the load, beside a SeqCst store. Miri called that a race
//! and was said to be wrong; it was right, for a load that comes after a fence is acquired by nothing.
//!
//! Source: ISO C++20 [atomics.fences] p4; llvm-project issue 52942, 2022 (ThreadSanitizer's false alarm);
//! miri issue 2192, 2022 (the true one).
//! Does not show: a fence that is ordered with other SeqCst operations, see `store_buffering_fences`.

use super::rt::cell::UnsafeCell;
use super::rt::hint;
use super::rt::sync::atomic::{AtomicUsize, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// The first program, with two turns each.
    take_turns: holds() => take_turns(2, || fence(Acquire));
    /// It is a race without the fence.
    no_fence: fails(DataRace) => take_turns(1, || {});
    /// The second program.
    fence_first: fails(DataRace) => fence_and_load(true);
    /// Behind the load the fence acquires, and Acquire is enough.
    fence_last: holds()
        .slack("fence_and_load: fence", "Acquire", "as reported, but for its place")
        .slack("fence_and_load: flag.store", "Release", "as reported")
        => fence_and_load(false);
}

fn take_turns(turns: usize, acquire: fn()) {
    let (turn, data) = (AtomicUsize::new(0), UnsafeCell::new(0));
    thread::scope(|s| {
        let (turn, data) = (&turn, &data);
        for me in 0..2 {
            s.spawn(move || {
                for _ in 0..turns {
                    // Relaxed: the fence acquires
                    while turn.load(Relaxed) != me {
                        hint::spin_loop();
                    }
                    acquire(); // Acquire: pairs with the other one's store
                    // SAFETY: the other thread has passed the turn on after its change, with Release; without
                    // the fence that was seen and not acquired.
                    data.with_mut(|data| unsafe { *data += 1 });
                    turn.store(1 - me, Release); // Release: pairs with the other one's fence
                }
            });
        }
    });
    assert_eq!(data.into_inner(), 2 * turns);
}

fn fence_and_load(fence_first: bool) {
    let (flag, data) = (AtomicUsize::new(0), UnsafeCell::new(0));
    thread::scope(|s| {
        s.spawn(|| {
            // SAFETY: the other thread writes when the flag is up, which is below.
            data.with_mut(|data| unsafe { *data = 1 });
            flag.store(1, SeqCst); // SeqCst: as reported
        });
        s.spawn(|| {
            let full = || fence(SeqCst); // SeqCst: as reported
            if fence_first {
                full();
            }
            let is_up = flag.load(Relaxed) == 1; // Relaxed: a fence behind it acquires
            if !fence_first {
                full();
            }
            if is_up {
                // SAFETY: the flag went up after the first write, and a fence behind the load has acquired that.
                data.with_mut(|data| unsafe { *data = 2 });
            }
        });
    });
}
