//! Giving up one's share of a block must release what one did with it.
//!
//! Shape: a task and its join handle share a block, and whoever is last frees it. The handle's fast
//! path gives up its share by one compare-exchange. The runtime sees that the handle is gone and
//! frees the block. With a Relaxed exchange the handle's last access and the freeing are unordered.
//!
//! Source: tokio pull request 2044.
//! Does not show: the slow path, taken where the task has output to drop.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicU32, Ordering, Ordering::*};
use super::rt::thread;

const HANDLE: u32 = 1;

cases! {
    /// As published: a Relaxed exchange.
    relaxed: fails(DataRace) => drop_handle(Relaxed);
    /// As fixed.
    release: holds() => drop_handle(Release);
}

struct Task {
    state: AtomicU32,
    output: UnsafeCell<u32>,
}

fn drop_handle(give_up: Ordering) {
    let task = Task { state: AtomicU32::new(HANDLE), output: UnsafeCell::new(7) };
    let runtime_was_last = thread::scope(|s| {
        s.spawn(|| {
            // SAFETY: the handle has its share until the exchange below, and the runtime destroys
            // the output only when it is gone.
            assert_eq!(task.output.with(|output| unsafe { *output }), 7);
            // Release: pairs with the runtime's load
            task.state.compare_exchange(HANDLE, 0, give_up, Relaxed).unwrap();
        });
        let runtime = s.spawn(|| {
            let last = task.state.load(Acquire) == 0; // Acquire: pairs with the exchange
            if last {
                // SAFETY: the handle has given up its share; that its last access came before is
                // what a Release there says, and Relaxed does not.
                task.output.with_mut(|output| unsafe { *output = 0 });
            }
            last
        });
        runtime.join().unwrap()
    });
    let emptied = task.output.into_inner() == 0;
    assert_eq!(emptied, runtime_was_last);
}
