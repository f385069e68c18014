//! Two threads that add to a plain counter race, and only a lock that both take makes it sound.
//!
//! Shape: each thread adds one to a counter that is no atomic. Two accesses of one location, one of
//! them a write and neither ordered before the other, are a data race: undefined behaviour, not
//! merely a wrong count. A mutex orders the two, but only if it is one mutex: a lock protects what
//! all its users agree that it protects. A reader must take it as well.
//!
//! Source: ISO C++20 [intro.races] p21; Boehm, HotPar 2011 (why no race is benign).
//! Does not show: that safe Rust rejects the flaw; here a cell says that it is shared.

use super::rt::cell::UnsafeCell;
use super::rt::sync::Mutex;
use super::rt::thread;

cases! {
    /// Nothing orders the two additions.
    unsynchronised: fails(DataRace) => add_under(None, None);
    /// One mutex that both take makes it sound.
    one_mutex: holds() => {
        let lock = Mutex::new(());
        add_under(Some(&lock), Some(&lock));
    };
    /// Each takes a mutex of its own, which excludes nobody.
    two_mutexes: fails(DataRace) => add_under(Some(&Mutex::new(())), Some(&Mutex::new(())));
    /// Only one takes the mutex.
    one_side_locks: fails(DataRace) => add_under(Some(&Mutex::new(())), None);
    /// A reader without the lock races with a writer that holds it.
    unlocked_reader: fails(DataRace) => read_beside_a_locked_writer();
}

fn add_under(left: Option<&Mutex<()>>, right: Option<&Mutex<()>>) {
    let count = UnsafeCell::new(0);
    thread::scope(|s| {
        for lock in [left, right] {
            let count = &count;
            s.spawn(move || {
                let _held = lock.map(|lock| lock.lock().unwrap());
                // SAFETY: where both threads hold one and the same mutex, each has the counter
                // alone; with none, two, or one side's, both may be here at once.
                count.with_mut(|c| unsafe { *c += 1 });
            });
        }
    });
    assert_eq!(count.into_inner(), 2);
}

fn read_beside_a_locked_writer() {
    let (count, lock) = (UnsafeCell::new(0), Mutex::new(()));
    thread::scope(|s| {
        s.spawn(|| {
            let _held = lock.lock().unwrap();
            // SAFETY: none: the lock excludes only those who take it, and the reader does not.
            count.with_mut(|c| unsafe { *c += 1 });
        });
        // SAFETY: none: the writer may be adding.
        s.spawn(|| count.with(|c| unsafe { *c }));
    });
}
