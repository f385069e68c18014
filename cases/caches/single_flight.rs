//! Single flight: the first caller computes without the lock, and the others wait for its result.
//!
//! Shape: a slot is empty, in flight or ready, under a mutex. Whoever finds it empty marks it and
//! computes unlocked; whoever finds it in flight waits on a condition variable. Without the mark
//! all callers compute (a stampede). The result must be stored before the others are told of it,
//! and they must be told, or they sleep for ever.
//!
//! Source: Go, `golang.org/x/sync/singleflight`; CWE-367 (check, then use).
//! Does not show: a computation that fails; its caller must then empty the slot and tell the
//! others.

use super::rt::sync::atomic::{AtomicU32, Ordering::*};
use super::rt::sync::{Condvar, Mutex};
use super::rt::thread;

cases! {
    /// One computes, the other waits, both have the value.
    marked: holds() => ask_twice(true, |flight| {
        flight.set(Slot::Ready(7));
        flight.landed.notify_all();
    });
    /// Nobody can see that the value is on its way.
    unmarked: fails(Assertion) => ask_twice(false, |flight| {
        flight.set(Slot::Ready(7));
        flight.landed.notify_all();
    });
    /// The waiter is never told.
    no_notify: fails(Deadlock) => ask_twice(true, |flight| flight.set(Slot::Ready(7)));
    /// The waiter is told before there is anything to find, looks, and sleeps again.
    notify_first: fails(LostWakeup) => ask_twice(true, |flight| {
        flight.landed.notify_all();
        flight.set(Slot::Ready(7));
    });
}

#[derive(Clone, Copy)]
enum Slot {
    Empty,
    InFlight,
    Ready(u32),
}

struct Flight {
    slot: Mutex<Slot>,
    landed: Condvar,
    computed: AtomicU32,
}

impl Flight {
    fn set(&self, slot: Slot) {
        *self.slot.lock().unwrap() = slot;
    }

    fn get(&self, mark: bool, land: fn(&Flight)) -> u32 {
        let mut slot = self.slot.lock().unwrap();
        loop {
            match *slot {
                Slot::Ready(value) => return value,
                Slot::InFlight => slot = self.landed.wait(slot).unwrap(),
                Slot::Empty => break,
            }
        }
        if mark {
            *slot = Slot::InFlight;
        }
        drop(slot);
        self.computed.fetch_add(1, Relaxed); // Relaxed: only the count matters
        land(self);
        7
    }
}

fn ask_twice(mark: bool, land: fn(&Flight)) {
    let (slot, landed) = (Mutex::new(Slot::Empty), Condvar::new());
    let flight = Flight { slot, landed, computed: AtomicU32::new(0) };
    thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| assert_eq!(flight.get(mark, land), 7));
        }
    });
    // Relaxed: the scope's joins order all computations before this load.
    assert_eq!(flight.computed.load(Relaxed), 1, "the work was done twice");
}
