//! A bounded cache stays within its bound only if room is made and used in one step.
//!
//! Shape: a full cache of one entry; two threads each insert one, evicting the oldest. If evicting
//! and inserting are two critical sections, both evict before either inserts and the cache outgrows
//! its bound, or both insert before either evicts and each evicts twice what is needed: the bound
//! is kept and the cache loses entries. One critical section does neither.
//!
//! Source: Lu, Park, Seo and Zhou, ASPLOS 2008, section 3 (atomicity violations).
//! Does not show: which entry should go, nor an entry that goes while it is used
//! (`evicted_in_use`).

use std::collections::VecDeque;

use super::rt::sync::Mutex;
use super::rt::thread;

/// How many entries the cache may have.
const CAPACITY: usize = 1;

cases! {
    /// Evicted and inserted under one lock.
    one_step: holds() => insert_twice(|entries, value| {
        let mut entries = entries.lock().unwrap();
        if entries.len() == CAPACITY {
            entries.pop_front();
        }
        entries.push_back(value);
    });
    /// The room that one makes is used by the other as well.
    evict_then_insert: fails(Assertion) => insert_twice(|entries, value| {
        let full = entries.lock().unwrap().len() == CAPACITY;
        if full {
            entries.lock().unwrap().pop_front();
        }
        entries.lock().unwrap().push_back(value);
    });
    /// Both find it overfull by the same entry, and both evict for it.
    insert_then_evict: fails(Assertion) => insert_twice(|entries, value| {
        entries.lock().unwrap().push_back(value);
        let surplus = entries.lock().unwrap().len() - CAPACITY;
        for _ in 0..surplus {
            entries.lock().unwrap().pop_front();
        }
    });
    /// Inserting first is right if the surplus is found and removed under one lock.
    insert_then_trim: holds() => insert_twice(|entries, value| {
        entries.lock().unwrap().push_back(value);
        let mut entries = entries.lock().unwrap();
        while entries.len() > CAPACITY {
            entries.pop_front();
        }
    });
}

fn insert_twice(insert: fn(&Mutex<VecDeque<u32>>, u32)) {
    let entries = Mutex::new(VecDeque::from([0]));
    thread::scope(|s| {
        for value in [1, 2] {
            let entries = &entries;
            s.spawn(move || insert(entries, value));
        }
    });
    assert_eq!(entries.into_inner().unwrap().len(), CAPACITY, "not as full as it may be");
}
