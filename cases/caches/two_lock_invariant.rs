//! An invariant over two locks holds only for those who hold both, taken in one order.
//!
//! Shape: an index and a store, each under its own mutex, must have the same number of entries. An
//! insertion that lets go of one lock before it takes the other shows a moment in between; so does
//! a reader that looks at one after the other. Both sides holding both locks is right if all take
//! them in the same order, and can stop for ever if not.
//!
//! Source: Lu, Park, Seo and Zhou, ASPLOS 2008, section 3; Coffman, Elphick and Shoshani, Computing
//! Surveys 3(2), 1971 (circular wait).
//! Does not show: that no lint warns of either mistake.

use super::rt::sync::Mutex;
use super::rt::thread;

cases! {
    /// Index first, then store, both held to the end, on both sides.
    both_held: holds() => check(insert_holding_both, |cache| {
        let index = cache.index.lock().unwrap();
        let store = cache.store.lock().unwrap();
        (*index, *store)
    });
    /// The insertion shows its middle.
    writer_lets_go: fails(Assertion) => check(|cache| {
        *cache.index.lock().unwrap() += 1;
        *cache.store.lock().unwrap() += 1;
    }, |cache| {
        let index = cache.index.lock().unwrap();
        let store = cache.store.lock().unwrap();
        (*index, *store)
    });
    /// The insertion is one step, and the reader looks before it and after it.
    reader_lets_go: fails(Assertion) => check(insert_holding_both, |cache| {
        let index = *cache.index.lock().unwrap();
        let store = *cache.store.lock().unwrap();
        (index, store)
    });
    /// The reader holds both, but takes them the other way round.
    opposite_order: fails(Deadlock) => check(insert_holding_both, |cache| {
        let store = cache.store.lock().unwrap();
        let index = cache.index.lock().unwrap();
        (*index, *store)
    });
}

struct Cache {
    index: Mutex<usize>,
    store: Mutex<usize>,
}

fn insert_holding_both(cache: &Cache) {
    let mut index = cache.index.lock().unwrap();
    let mut store = cache.store.lock().unwrap();
    *index += 1;
    *store += 1;
}

fn check(insert: fn(&Cache), sizes: fn(&Cache) -> (usize, usize)) {
    let cache = Cache { index: Mutex::new(0), store: Mutex::new(0) };
    thread::scope(|s| {
        s.spawn(|| insert(&cache));
        s.spawn(|| {
            let (index, store) = sizes(&cache);
            assert_eq!(index, store, "the index and the store disagree");
        });
    });
}
