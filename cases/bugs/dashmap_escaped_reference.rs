//! A reference into a lock's data must not outlive the lock's guard.
//!
//! Shape: a map gives out guards, and a guard gave out references that lived as long as the map.
//! A reader keeps the reference, drops the guard, and reads; another thread removes the entry in
//! between and frees it. With the lifetime tied to the guard the compiler rejects the first.
//!
//! Source: RUSTSEC-2022-0002 (dashmap, Ref).
//! Does not show: the compile error; raw pointers stand for the wrong lifetime.

use super::rt::boxed::Box;
use super::rt::sync::Mutex;
use super::rt::sync::atomic::{AtomicU32, Ordering::*};
use super::rt::thread;

cases! {
    /// As published: the reference outlives the guard.
    guard_dropped_first: fails(UseAfterFree) => read_while_removed(true);
    /// As fixed: the guard is held to the last use.
    guard_held: holds() => read_while_removed(false);
}

fn read_while_removed(drop_first: bool) {
    let map = Mutex::new(Some(Box::new(AtomicU32::new(7))));
    thread::scope(|s| {
        s.spawn(|| {
            let mut guard = Some(map.lock().unwrap());
            let entry =
                guard.as_ref().and_then(|guard| guard.as_ref().map(|entry| &raw const **entry));
            if drop_first {
                guard = None;
            }
            if let Some(entry) = entry {
                // SAFETY: while the guard is held nobody removes the entry; once it is dropped the
                // other thread may have.
                let value = unsafe { &*entry }.load(Relaxed); // Relaxed: nobody writes it
                assert_eq!(value, 7);
            }
            drop(guard);
        });
        s.spawn(|| *map.lock().unwrap() = None);
    });
}
