//! A counter in a mutex is exact if reading and writing it are one critical section.
//!
//! Shape: two threads each add one to a `Mutex<u32>`. Held once, the lock makes the addition one
//! step. Taken twice, once to read and once to write, it keeps every access free of data races and
//! still lets the other thread's update come between and be overwritten: an atomicity violation, of
//! which the types say nothing.
//!
//! Source: Lu, Park, Seo and Zhou, ASPLOS 2008, section 3 (atomicity violations).
//! Does not show: which is faster, a mutex or an atomic; see `lost_update` for the atomic.

use super::rt::sync::{Arc, Mutex};
use super::rt::thread;

cases! {
    /// Reading and writing under one lock is one step.
    one_critical_section: holds() => count(|count| *count.lock().unwrap() += 1);
    /// The guard of the first statement is gone before the second one locks again.
    two_critical_sections: fails(Assertion) => count(|count| {
        let seen = *count.lock().unwrap();
        *count.lock().unwrap() = seen + 1;
    });
    /// Three threads that nothing tells apart: which of them is first is no other execution to look at.
    a_crowd: holds() => count_by_a_crowd();
    /// The same through shared ownership, for threads that may outlive their creator.
    shared_ownership: holds() => count_by_owners();
}

fn count(add: fn(&Mutex<u32>)) {
    let total = Mutex::new(0);
    thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| add(&total));
        }
    });
    assert_eq!(total.into_inner().unwrap(), 2, "an update is lost");
}

fn count_by_a_crowd() {
    let total = Mutex::new(0);
    let add = || *total.lock().unwrap() += 1;
    thread::scope(|s| s.spawn_alike(3, &add));
    assert_eq!(total.into_inner().unwrap(), 3, "an update is lost");
}

fn count_by_owners() {
    let total = Arc::new(Mutex::new(0));
    let threads = [(); 2].map(|()| {
        let total = Arc::clone(&total);
        thread::spawn(move || *total.lock().unwrap() += 1)
    });
    for thread in threads {
        thread.join().unwrap();
    }
    assert_eq!(*total.lock().unwrap(), 2, "an update is lost");
}
