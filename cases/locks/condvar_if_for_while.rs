//! Who is woken must look again: between the notification and the wake-up another may be faster.
//!
//! Shape: two consumers and one producer of one item and then another. A consumer that finds the
//! queue empty waits. The notification does not hand the item over: the other consumer may take it
//! before the woken one has the mutex again. With `if` it then takes from an empty queue.
//!
//! Source: Lampson and Redell, CACM 1980, section 4 (a notification is a hint).
//! Does not show: spurious wake-ups, which `while` covers as well.

use super::rt::sync::{Condvar, Mutex};
use super::rt::thread;
use std::collections::VecDeque;

cases! {
    /// The woken consumer looks again.
    looks_again: holds() => produce_two(|items, more| {
        let mut items = items.lock().unwrap();
        while items.is_empty() {
            items = more.wait(items).unwrap();
        }
        items.pop_front()
    });
    /// The same, by the method that contains the loop.
    wait_while: holds() => produce_two(|items, more| {
        let items = items.lock().unwrap();
        more.wait_while(items, |items| items.is_empty()).unwrap().pop_front()
    });
    /// The item was taken before the woken consumer came to it.
    looks_once: fails(Assertion) => produce_two(|items, more| {
        let mut items = items.lock().unwrap();
        if items.is_empty() {
            items = more.wait(items).unwrap();
        }
        items.pop_front()
    });
}

fn produce_two(take: impl Fn(&Mutex<VecDeque<u32>>, &Condvar) -> Option<u32> + Sync) {
    let (items, more) = (Mutex::new(VecDeque::new()), Condvar::new());
    let consume = || assert!(take(&items, &more).is_some(), "the item was taken by another");
    thread::scope(|s| {
        s.spawn(consume);
        s.spawn(consume);
        s.spawn(|| {
            for item in 0..2 {
                items.lock().unwrap().push_back(item);
                more.notify_one();
            }
        });
    });
}
