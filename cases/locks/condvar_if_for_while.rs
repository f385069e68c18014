//! Who is woken must look again: between the notification and the wake-up another may be faster.
//!
//! Shape: two consumers and one producer of one item and then another. A consumer that finds the
//! queue empty waits. The notification does not hand the item over: the other consumer may take it
//! before the woken one has the mutex again. With `if` it then takes from an empty queue. A wait may
//! also end without a notification.
//!
//! Source: Lampson and Redell, CACM 23(2), 1980, section 4 (a notification is a hint);
//! `std::sync::Condvar::wait` documentation (spurious wake-ups).
//! Does not show: how rare a spurious wake-up is.

use super::rt::sync::{Condvar, Mutex};
use super::rt::thread;
use std::collections::VecDeque;

cases! {
    /// The woken consumer looks again.
    looks_again: holds() => produce(2, |items, more| {
        let mut items = items.lock().unwrap();
        while items.is_empty() {
            items = more.wait(items).unwrap();
        }
        items.pop_front()
    });
    /// The same, by the method that contains the loop.
    wait_while: holds() => produce(2, |items, more| {
        let items = items.lock().unwrap();
        more.wait_while(items, |items| items.is_empty()).unwrap().pop_front()
    });
    /// The item was taken before the woken consumer came to it.
    looks_once: fails(Assertion) => produce(2, look_once);
    /// One consumer has no rival, but a wait may end although nobody has notified.
    woken_without_cause: fails(Assertion)
        .misses(Loom, NothingSpurious)
        .misses(Shuttle, NothingSpurious)
        => produce(1, look_once);
}

type Take = fn(&Mutex<VecDeque<u32>>, &Condvar) -> Option<u32>;

fn look_once(items: &Mutex<VecDeque<u32>>, more: &Condvar) -> Option<u32> {
    let mut items = items.lock().unwrap();
    if items.is_empty() {
        items = more.wait(items).unwrap();
    }
    items.pop_front()
}

fn produce(count: u32, take: Take) {
    let (items, more) = (Mutex::new(VecDeque::new()), Condvar::new());
    let consume = || assert!(take(&items, &more).is_some(), "the item was taken by another");
    thread::scope(|s| {
        (0..count).for_each(|_| drop(s.spawn(consume)));
        s.spawn(|| {
            for item in 0..count {
                items.lock().unwrap().push_back(item);
                more.notify_one();
            }
        });
    });
}
