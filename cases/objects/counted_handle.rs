//! A reference count tells who was the last, and the last one may take down only what the others have published.
//!
//! Shape: two threads have a handle each. A clone adds one; who drops a handle reads the value a last
//! time and subtracts one; who finds that it was the only one takes the value down. Adding may be
//! Relaxed, for whoever clones has a handle that keeps the value. Dropping releases, and the last one
//! acquires what all before it have released, by one fence.
//!
//! Source: Boost.Atomic documentation, "Reference counting"; Bos, Rust Atomics and Locks, 2023, chapter 6.
//! Does not show: an overflow of the count by clones that are forgotten; weak references, which
//! `weak_upgrade_count` has.

use super::rt::cell::UnsafeCell;
use super::rt::linear::{Client, Clients, Object, Role, Size, Spec, linearizable};
use super::rt::sync::atomic::{AtomicU8, Ordering::*, fence};

cases! {
    /// Two threads with a handle each, that clone and drop up to three times.
    every_client: linearizable().exposed() => linearizable::<Shared<NONE>>(&clients());
    /// A drop publishes nothing of the reading before it.
    relaxed_drop: not_linearizable(DataRace) => linearizable::<Shared<DROP>>(&clients());
    /// The last one does not acquire what the others have released.
    no_fence: not_linearizable(DataRace) => linearizable::<Shared<FENCE>>(&clients());
    /// Two drops find one count, and neither is the last.
    split_drop: not_linearizable(NotLinearizable) => linearizable::<Shared<SPLIT>>(&clients());
    /// A clone in two steps overwrites a drop, and nobody is the last; or another clone, and somebody is too early.
    split_clone: not_linearizable(NotLinearizable) => linearizable::<Shared<CLONE>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const DROP: u8 = 1;
const FENCE: u8 = 2;
const SPLIT: u8 = 3;
const CLONE: u8 = 4;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Handle {
    /// Makes one more.
    Clone,
    /// Gives one up, and says whether it was the last.
    Drop,
}

impl Handle {
    fn change(self) -> i8 {
        if self == Handle::Clone { 1 } else { -1 }
    }
}

/// How many more handles there are than at first, when there are two.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct Count(i8);

impl Spec for Count {
    type Operation = Handle;
    type Result = bool;

    fn apply(&mut self, handle: &Handle) -> Option<bool> {
        self.0 += handle.change();
        Some(self.0 == -2)
    }
}

/// No thread drops more than it has.
fn may(client: &Client<Handle>) -> bool {
    let held = |held: i8, handle: &Handle| (held > 0).then(|| held + handle.change());
    client.threads.iter().all(|thread| thread.iter().try_fold(1, held).is_some())
}

fn clients() -> Clients<Handle> {
    Clients::new([Role::any([Handle::Clone, Handle::Drop])], Size::new(2, 3)).only(may)
}

struct Shared<const FAULT: u8> {
    count: AtomicU8,
    value: UnsafeCell<u8>,
}

impl<const FAULT: u8> Shared<FAULT> {
    fn subtract(&self) -> bool {
        if FAULT == SPLIT {
            let count = self.count.load(Relaxed); // Relaxed: as below
            self.count.store(count.wrapping_sub(1), Release); // Release: as below; the flaw is the gap before it
            return count == 1;
        }
        // Release: pairs with the fence of the last one: the reading is over
        self.count.fetch_sub(1, if FAULT == DROP { Relaxed } else { Release }) == 1
    }
}

impl<const FAULT: u8> Object for Shared<FAULT> {
    type Spec = Count;

    fn new() -> Self {
        Shared { count: AtomicU8::new(2), value: UnsafeCell::new(7) }
    }

    fn call(&self, handle: &Handle) -> bool {
        if *handle == Handle::Clone {
            if FAULT == CLONE {
                let count = self.count.load(Relaxed); // Relaxed: as below
                self.count.store(count + 1, Relaxed); // casebook: allow(load-then-store) Relaxed or not, the flaw is the gap before it
            } else {
                self.count.fetch_add(1, Relaxed); // Relaxed: the thread has a handle
            }
            return false;
        }
        // SAFETY: this thread has a handle, so the value is not taken down yet; where somebody was
        // the last too early, or has not seen that this is over, this races.
        self.value.with(|value| unsafe { *value });
        let is_last = self.subtract();
        if is_last {
            fence(if FAULT == FENCE { Release } else { Acquire }); // Acquire: pairs with every drop
            // SAFETY: this was the last handle, and all who had one have published that they are
            // done; where one has not, or two are the last, this races.
            self.value.with_mut(|value| unsafe { *value = 0 });
        }
        is_last
    }
}
