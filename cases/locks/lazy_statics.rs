//! A lazy static is a lock for as long as it is made, and whoever needs it meanwhile waits: so its initialiser must wait for none of them.
//!
//! Shape: two threads ask for lazy statics at first use. One of which the initialiser needs another one is fine.
//! In a circle each waits for the other. So do a thread whose initialiser takes a lock, and one that holds
//! that lock and asks for the static.
//!
//! Source: Rust std, `LazyLock` (who comes meanwhile blocks); lazy-static issue 116, 2018 (the lock was Python's).
//! Does not show: an initialiser that panics.

use super::rt::sync::{LazyLock, Mutex};
use super::rt::{Static, thread};

cases! {
    /// One needs the other.
    one_way: holds() => get_both(&ONE, &TWO);
    /// Each needs the other: one thread at each end, and one alone would wait for itself.
    circle: fails(Deadlock) => get_both(&HEN, &EGG);
    /// The initialiser takes a lock, and who holds it waits for the initialiser: lazy-static issue 116.
    lock_held: fails(Deadlock) => get_under_lock(false);
    /// The static is made before the lock is taken.
    made_before: holds() => get_under_lock(true);
}

type Lazy = Static<LazyLock<u32>>;

static ONE: Lazy = Static::new(|| LazyLock::new(|| 1));
static TWO: Lazy = Static::new(|| LazyLock::new(|| **ONE + 1));
static HEN: Lazy = Static::new(|| LazyLock::new(|| **EGG + 1));
static EGG: Lazy = Static::new(|| LazyLock::new(|| **HEN - 1));

fn get_both(one: &'static Lazy, two: &'static Lazy) {
    thread::scope(|s| {
        s.spawn(|| assert_eq!(***one, 1));
        s.spawn(|| assert_eq!(***two, 2));
    });
}

static LOCK: Static<Mutex<u32>> = Static::new(|| Mutex::new(7));
static COPY: Lazy = Static::new(|| LazyLock::new(|| *LOCK.lock().unwrap()));

fn get_under_lock(made_before: bool) {
    thread::scope(|s| {
        s.spawn(|| assert_eq!(**COPY, 7));
        s.spawn(move || {
            if made_before {
                LazyLock::force(&COPY);
            }
            let held = LOCK.lock().unwrap();
            assert_eq!(**COPY, *held);
        });
    });
}
