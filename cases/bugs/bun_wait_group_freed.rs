//! Who says that the last one is done must not touch the group after that: whoever waits may have freed it.
//!
//! Shape: a task counts a group down to 0, then locks and unlocks the group's mutex and wakes, lest a waiter
//! between its look and its sleep miss that. But a waiter that sees 0 at once returns, and the group is
//! freed under the task. As fixed, the count goes down and the waiters are woken under the mutex. Then the
//! last thing that the task does there is the exchange that unlocks. The wake-up behind that goes by the
//! address, and the kernel does not touch what is there.
//!
//! Source: bun pull request 34458, 2026 (`WaitGroup::finish`, a use after free seen by a sanitizer; the code is Rust).
//! Does not show: that no reference may live so long either (bun pull request 38330, 2026); several tasks.

use super::rt::boxed::Box;
use super::rt::futex::{self, Futex};
use super::rt::sync::atomic::{AtomicPtr, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// As published: the mutex is touched after the count is 0. The look acquires what the count releases.
    counted_outside: fails(UseAfterFree) => finish_beside_wait(true, Acquire);
    /// As fixed: the exchange that unlocks is the last access. Who sees the count early sees the mutex held.
    counted_inside: holds().exposed() => finish_beside_wait(false, Relaxed);
}

struct Group {
    /// Who waits sleeps while it is what it was.
    count: Futex,
    /// 0 is free, 1 held, 2 held with perhaps a sleeper.
    mutex: Futex,
}

impl Group {
    fn lock(&self) {
        // Acquire: pairs with the unlock. Relaxed: a failure is followed by a swap.
        if self.mutex.compare_exchange(0, 1, Acquire, Relaxed).is_err() {
            // Acquire: as above
            while self.mutex.swap(2, Acquire) != 0 {
                futex::wait(&self.mutex, 2);
            }
        }
    }

    /// The group may be freed as soon as the exchange is there, so the rest knows its address only.
    unsafe fn unlock(this: *const Group) {
        // SAFETY: who holds the mutex keeps others from freeing it. Release: pairs with the next lock
        if unsafe { &(*this).mutex }.swap(0, Release) == 2 {
            // SAFETY: nothing is read there.
            futex::wake_one(unsafe { &raw const (*this).mutex });
        }
    }

    fn wait(&self, look: Ordering) {
        loop {
            self.lock();
            // Acquire: pairs with the count outside of the mutex; Relaxed where the mutex orders it
            let count = self.count.load(look);
            // SAFETY: this thread holds the mutex, and frees the group later.
            unsafe { Group::unlock(self) };
            if count == 0 {
                return;
            }
            futex::wait(&self.count, count);
        }
    }
}

fn finish_beside_wait(outside: bool, look: Ordering) {
    let owned = Box::into_raw(Box::new(Group { count: Futex::new(1), mutex: Futex::new(0) }));
    // SAFETY: the waiter frees the group once it has seen 0; the case tests who comes after that.
    let group = unsafe { &*owned };
    let owned = AtomicPtr::new(owned);
    thread::scope(|s| {
        s.spawn(|| {
            if outside {
                // Release: pairs with the waiter's look, so that what was done is seen
                group.count.fetch_sub(1, Release);
                group.lock();
            } else {
                group.lock();
                group.count.fetch_sub(1, Relaxed); // Relaxed: the mutex orders it
            }
            futex::wake_all(&group.count);
            // SAFETY: this thread holds the mutex; as published, of a group that may be freed.
            unsafe { Group::unlock(group) };
        });
        s.spawn(move || {
            group.wait(look);
            // SAFETY: the count is 0, so everybody is done with it; as published, not yet.
            drop(unsafe { Box::from_raw(owned.into_inner()) });
        });
    });
}
