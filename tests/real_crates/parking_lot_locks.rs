//! parking_lot's locks: upgrades and downgrades without a gap, exact notifications, no poison, and writers before readers.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering::*};
use std::sync::{Arc, Barrier};
use std::thread;

use parking_lot::{
    Condvar, Mutex, RecursiveRwLock, RwLock, RwLockUpgradableReadGuard, RwLockWriteGuard,
};

use crate::on_threads;

/// Sixteen threads count under one mutex, each to a hundred thousand.
///
/// Twin of `mutex_counter/one_critical_section`.
/// Twin of `futex_mutex/sound`.
#[test]
fn sixteen_threads_lose_no_addition() {
    let counter = Arc::new(Mutex::new(0));
    let count = |counter: Arc<Mutex<usize>>| (0..100_000).for_each(|_| *counter.lock() += 1);
    let threads: Vec<_> = (0..16)
        .map(|_| {
            let counter = counter.clone();
            thread::spawn(move || count(counter))
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    assert_eq!(*counter.lock(), 1_600_000);
}

/// What was read under an upgradable guard is still so after its upgrade, and plain readers go on beside it.
///
/// Twin of `upgrade_race/upgradable_read`.
/// Twin of `upgradable_read_lock/beside_a_reader`.
#[test]
fn an_upgrade_has_no_gap() {
    const ROUNDS: usize = 1_000;
    let lock = RwLock::new(0);
    let upgradable = lock.upgradable_read();
    assert!(lock.try_read().is_some() && lock.try_upgradable_read().is_none());
    drop(upgradable);
    on_threads(4, |t| {
        for _ in 0..ROUNDS {
            if t == 0 {
                let before = *lock.read();
                assert!(before <= *lock.read(), "an older value after a newer one");
                continue;
            }
            let read = lock.upgradable_read();
            let before = *read;
            thread::yield_now(); // the others come meanwhile, and wait
            let mut written = RwLockUpgradableReadGuard::upgrade(read);
            assert_eq!(*written, before, "somebody wrote between the read and the write");
            *written = before + 1;
        }
    });
    assert_eq!(lock.into_inner(), 3 * ROUNDS);
}

/// A writer that becomes a reader still sees its own value, and lets other readers in.
///
/// Twin of `downgrade/downgraded`.
#[test]
fn a_downgrade_has_no_gap() {
    let lock = RwLock::new(0);
    on_threads(4, |t| {
        for round in 0..1_000 {
            let mine = round * 4 + t;
            let mut write = lock.write();
            *write = mine;
            thread::yield_now(); // the others come meanwhile, and wait
            let read = RwLockWriteGuard::downgrade(write);
            assert_eq!(*read, mine, "somebody wrote between the write and the read");
        }
    });
    let read = RwLockWriteGuard::downgrade(lock.write());
    assert!(lock.try_read().is_some() && lock.try_write().is_none());
    drop(read);
}

/// `notify_one` says whether it has woken somebody, and wakes one; nobody wakes without a notification.
///
/// Twin of `condvar_wait/under_the_mutex`.
#[test]
fn notifications_are_counted_exactly() {
    const WAITERS: usize = 4;
    for _ in 0..100 {
        let woken = Mutex::new((0, 0));
        let condvar = Condvar::new();
        let spurious = thread::scope(|s| {
            let wait = || {
                let mut woken = woken.lock();
                condvar.wait(&mut woken); // once, and in no loop
                woken.1 += 1;
                woken.1 > woken.0
            };
            let waiters: Vec<_> = (0..WAITERS).map(|_| s.spawn(wait)).collect();
            while woken.lock().0 < WAITERS {
                {
                    let mut woken = woken.lock();
                    woken.0 += usize::from(condvar.notify_one());
                }
                thread::yield_now();
            }
            waiters.into_iter().fold(false, |any, waiter| any | waiter.join().unwrap())
        });
        assert!(!spurious, "a waiter woke before it was notified");
        assert_eq!(woken.into_inner(), (WAITERS, WAITERS));
    }
}

/// A waiting writer holds new readers back, so to read twice waits for itself; `RecursiveRwLock` lets it in.
///
/// Twin of `recursive_read/read_twice`.
#[test]
fn a_waiting_writer_keeps_a_second_read_out() {
    for _ in 0..100 {
        let (lock, recursive) = (RwLock::new(()), RecursiveRwLock::new(()));
        let (first, first_recursive) = (lock.read(), recursive.read());
        let written = AtomicUsize::new(0);
        thread::scope(|s| {
            s.spawn(|| drop((recursive.write(), written.fetch_add(1, Relaxed))));
            s.spawn(|| drop((lock.write(), written.fetch_add(1, Relaxed))));
            // Only readers hold the lock, so a refusal says that the writer waits.
            while lock.try_read().is_some() {
                thread::yield_now();
            }
            drop(recursive.read()); // does not wait, whether the writer does or not
            assert_eq!(written.load(Relaxed), 0, "somebody wrote beside a reader");
            drop((first, first_recursive));
        });
        assert_eq!(written.into_inner(), 2);
    }
}

/// A panic leaves half a change behind: `std` marks it, parking_lot lets the next owner find it.
///
/// Twin of `early_return/returned_half_way`.
#[test]
fn half_a_change_is_marked_by_std_only() {
    let (marked, plain) = (std::sync::Mutex::new((0, 0)), Mutex::new((0, 0)));
    let fail = || resume_unwind(Box::new("no hook, no message"));
    let failed = [
        catch_unwind(AssertUnwindSafe(|| {
            let mut pair = marked.lock().unwrap();
            pair.0 = 1;
            fail();
            pair.1 = 1;
        })),
        catch_unwind(AssertUnwindSafe(|| {
            let mut pair = plain.lock();
            pair.0 = 1;
            fail();
            pair.1 = 1;
        })),
    ];
    assert!(failed.iter().all(Result::is_err));
    let refusal = marked.lock().expect_err("it is poisoned");
    assert_eq!(*refusal.into_inner(), (1, 0), "the mark can be passed over");
    assert_eq!(*plain.lock(), (1, 0));
}

/// A reader that notes how often the data has changed before it looks has never missed that change.
///
/// Twin of `watch_latest/version_then_value`.
#[test]
fn a_version_noted_first_is_never_ahead_of_the_data() {
    const CHANGES: usize = 1_000;
    let (data, changes) = (Mutex::new(0), AtomicUsize::new(0));
    let together = Barrier::new(3);
    let missed = on_threads(3, |t| {
        let misses = |change: &usize| {
            together.wait(); // every change is looked at while it is made
            if t == 0 {
                *data.lock() = *change;
                thread::yield_now();
                changes.store(*change, Release); // Release: pairs with the load
                return false;
            }
            let noted = changes.load(Acquire); // Acquire: pairs with the store
            let seen = *data.lock();
            noted > seen
        };
        (1..=CHANGES).filter(misses).count()
    });
    assert_eq!(missed, [0; 3], "a change is noted, and its data is not seen");
}
