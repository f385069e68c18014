//! Looking a key up and filling it in are two steps, so whoever fills must look again.
//!
//! Shape: two threads ask a read-through cache for one missing key. Both may miss under the read
//! lock before either takes the write lock. Looking again under the write lock makes the value
//! computed once. Computing outside the locks may do the work twice, and is sound if the first
//! value stays; if the last one replaces it, two callers hold different values for one key.
//!
//! Source: Rust std, `RwLock` (a read guard cannot be upgraded); CWE-367 (check, then use).
//! Does not show: a computation that runs unlocked and only once, which `single_flight` does.

use super::rt::sync::RwLock;
use super::rt::sync::atomic::{AtomicU32, Ordering::*};
use super::rt::thread;

cases! {
    /// The second look, under the write lock, finds what the other thread has filled in.
    looks_again: holds() => assert_eq!(ask_twice(|cache| {
        if let Some(value) = *cache.slot.read().unwrap() {
            return value;
        }
        *cache.slot.write().unwrap().get_or_insert_with(|| cache.compute())
    }), 1);
    /// Both threads have missed, and both fill.
    does_not_look_again: fails(Assertion) => assert_eq!(ask_twice(|cache| {
        if let Some(value) = *cache.slot.read().unwrap() {
            return value;
        }
        *cache.slot.write().unwrap().insert(cache.compute())
    }), 1);
    /// The work may be done twice; the callers agree on the first value.
    first_value_stays: observes().exposed()
        .required([1])
        .interesting(2, "both threads miss before either fills")
        => ask_twice(|cache| {
            if let Some(value) = *cache.slot.read().unwrap() {
                return value;
            }
            let value = cache.compute();
            *cache.slot.write().unwrap().get_or_insert(value)
        });
}

struct Cache {
    slot: RwLock<Option<u32>>,
    computed: AtomicU32,
}

impl Cache {
    /// Every computation gives another value.
    fn compute(&self) -> u32 {
        self.computed.fetch_add(1, Relaxed) + 1 // Relaxed: only the count matters
    }
}

/// Asks from two threads; returns how often the value was computed.
fn ask_twice(get: fn(&Cache) -> u32) -> u32 {
    let cache = Cache { slot: RwLock::new(None), computed: AtomicU32::new(0) };
    thread::scope(|s| {
        let callers = [(); 2].map(|()| s.spawn(|| get(&cache)));
        let [left, right] = callers.map(|caller| caller.join().unwrap());
        assert_eq!(left, right, "one key has two values");
    });
    cache.computed.load(Relaxed) // Relaxed: the joins order all computations before it
}
