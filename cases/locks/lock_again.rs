//! A mutex taken again by its owner deadlocks, and a guard can live longer than it seems.
//!
//! Shape: a thread locks a mutex while it has it. It happens by calling another method that locks,
//! and by temporaries: the guard made in the scrutinee of a `match` lives until the end of the
//! `match`, one made in a `let` statement only to its end. Since edition 2024 the guard of an
//! `if let` is dropped before `else`. rustc warns of none of them.
//!
//! Source: `std::sync::Mutex::lock` documentation (deadlock or panic); the Rust Reference, section
//! Destructors (temporary scopes); Rust 2024 Edition Guide, section `if let` temporary scope.
//! Does not show: `std`'s own answer, which may be a panic.

use super::rt::sync::Mutex;
use super::rt::thread;

cases! {
    /// The owner locks again.
    twice: fails(Deadlock) => in_a_thread(|total| {
        let mut held = total.lock().unwrap();
        *held += read(total);
    });
    /// The guard is dropped first.
    dropped_first: holds() => in_a_thread(|total| {
        let mut held = total.lock().unwrap();
        *held += 1;
        drop(held);
        assert_eq!(read(total), 1);
    });
    /// The scrutinee's guard lives to the end of the `match`.
    match_scrutinee: fails(Deadlock) => in_a_thread(|total| {
        match *total.lock().unwrap() {
            0 => *total.lock().unwrap() = 1,
            _ => unreachable!("nobody else writes"),
        }
    });
    /// A value copied out by `let` leaves no guard behind.
    let_before_match: holds() => in_a_thread(|total| {
        let seen = *total.lock().unwrap();
        match seen {
            0 => *total.lock().unwrap() = 1,
            _ => unreachable!("nobody else writes"),
        }
    });
    /// The body of an `if let` still has the scrutinee's guard.
    if_let_body: fails(Deadlock) => in_a_thread(|total| {
        if let 0 = *total.lock().unwrap() {
            *total.lock().unwrap() = 1;
        }
    });
    /// In edition 2024 its `else` has not.
    if_let_else: holds() => in_a_thread(|total| {
        if let 1 = *total.lock().unwrap() {
            unreachable!("nobody else writes");
        } else {
            *total.lock().unwrap() = 1;
        }
    });
}

fn read(total: &Mutex<u32>) -> u32 {
    *total.lock().unwrap()
}

fn in_a_thread(work: impl Fn(&Mutex<u32>) + Sync) {
    let total = Mutex::new(0);
    thread::scope(|s| {
        s.spawn(|| work(&total));
    });
    assert_eq!(total.into_inner().unwrap(), 1);
}
