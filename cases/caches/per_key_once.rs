//! A cell per key computes each value once and lets different keys be computed side by side.
//!
//! Shape: two threads ask for a key whose value is made from another key's. A once-cell per key
//! runs one initialiser and makes the other thread wait for this key only. Asking the cell and then
//! setting it runs the initialiser twice. One lock around the whole map forbids an initialiser to
//! ask for another key. And keys that need each other wait for each other, once-cells or not.
//!
//! Source: Rust std, `OnceLock::get_or_init` (what is said of re-entrant initialisation).
//! Does not show: an initialiser that panics, after which a once-cell is empty again.

use super::rt::sync::atomic::{AtomicU32, Ordering::*};
use super::rt::sync::{Mutex, OnceLock};
use super::rt::thread;

cases! {
    /// Two threads, two keys, two computations.
    cell_per_key: holds() => compute_once(|cell, make| *cell.get_or_init(make));
    /// Looking first and setting later computes twice; one of the results is thrown away.
    get_then_set: fails(Assertion) => compute_once(|cell, make| {
        if let Some(value) = cell.get() {
            return *value;
        }
        let _ = cell.set(make());
        *cell.get().unwrap()
    });
    /// Under the map's lock an initialiser cannot ask the map.
    one_lock: fails(Deadlock) => {
        let map = Mutex::new([None; 2]);
        get_under_lock(&map, 1);
    };
    /// Each key's initialiser asks for the other key.
    cyclic_keys: fails(Deadlock) => {
        let (left, right) = (OnceLock::new(), OnceLock::new());
        thread::scope(|s| {
            s.spawn(|| *left.get_or_init(|| *right.get_or_init(|| 1)));
            s.spawn(|| *right.get_or_init(|| *left.get_or_init(|| 1)));
        });
    };
}

type Get = fn(&OnceLock<u32>, &dyn Fn() -> u32) -> u32;

fn compute_once(get: Get) {
    let (first, second, computed) = (OnceLock::new(), OnceLock::new(), AtomicU32::new(0));
    let count = || computed.fetch_add(1, Relaxed); // Relaxed: only the count matters
    let make_first = || {
        count();
        1
    };
    let make_second = || {
        count();
        get(&first, &make_first) + 1
    };
    thread::scope(|s| {
        s.spawn(|| assert_eq!(get(&second, &make_second), 2));
        s.spawn(|| assert_eq!(get(&first, &make_first), 1));
    });
    // Relaxed: the scope's joins order all computations before this load.
    assert_eq!(computed.load(Relaxed), 2, "a value was computed twice");
}

fn get_under_lock(map: &Mutex<[Option<u32>; 2]>, key: usize) -> u32 {
    let mut map_held = map.lock().unwrap();
    let make = || if key == 0 { 1 } else { get_under_lock(map, key - 1) + 1 };
    *map_held[key].get_or_insert_with(make)
}
