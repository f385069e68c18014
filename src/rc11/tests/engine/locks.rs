//! What locks, gates and moments exclude and order.

use super::*;

/// `std` lets an implementation hold back readers while a writer waits: reading twice may deadlock beside a writer, and only there.
#[test]
fn reading_twice_beside_a_writer_may_deadlock() {
    let twice = |writer: bool| {
        move || {
            let lock = Arc::new(RwLock::new(0));
            let other = lock.clone();
            let t = thread::spawn(move || {
                if writer {
                    *other.write().unwrap() += 1;
                }
            });
            let first = lock.read().unwrap();
            let second = lock.read().unwrap();
            drop((first, second));
            t.join().unwrap();
        }
    };
    let failure = fails(twice(true));
    assert_eq!(waits(&failure), [(0, Wait::Lock, false), (1, Wait::Lock, false)]);
    assert!(check(twice(false)).is_proved());
}

/// The same across two threads: each reads, then reads what the other holds, with a writer waiting for either lock.
#[test]
fn readers_of_two_locks_may_deadlock_with_two_writers() {
    let body = || {
        let locks = Arc::new([RwLock::new(0), RwLock::new(0)]);
        threads(4, move |t| {
            if t < 2 {
                let _one = locks[t].read().unwrap();
                let _other = locks[1 - t].read().unwrap();
            } else {
                drop(locks[t - 2].write().unwrap());
            }
        });
    };
    assert_eq!(fails(body).kind, FailureKind::Deadlock);
}

#[test]
fn a_reader_orders_nothing_for_another_reader() {
    let body = |second_writes_lock: bool| {
        move || {
            let shared = Arc::new((RwLock::new(()), AtomicU32::new(0), AtomicU32::new(0)));
            let other = shared.clone();
            let t = thread::spawn(move || {
                let held = other.0.read().unwrap();
                other.1.plain_store(1);
                drop(held);
                // Said after the unlock, so that whoever has seen it locks later: only the lock could order the data.
                other.2.store(1, Relaxed);
            });
            let seen = shared.2.load(Relaxed);
            if second_writes_lock {
                drop(shared.0.write().unwrap());
            } else {
                drop(shared.0.read().unwrap());
            }
            if seen == 1 {
                shared.1.plain_load();
            }
            t.join().unwrap();
        }
    };
    assert_eq!(fails(body(false)).kind, FailureKind::DataRace);
    assert!(check(body(true)).is_proved(), "{}", check(body(true)));
}

/// What passes a gate does so one after another, like critical sections; only an ordered one makes that an order of happens-before.
#[test]
fn an_unordered_gate_excludes_and_orders_nothing() {
    let pass = |n: usize, ordered: bool| {
        move || {
            let shared = Arc::new((Gate::new(ordered), AtomicU32::new(0)));
            threads(n, move |_| {
                let changes = shared.0.enter();
                shared.1.plain_store(1);
                shared.0.leave(changes, false);
            });
        }
    };
    for (n, complete) in [(2, 2), (3, 6)] {
        proves(pass(n, true), complete, 0);
    }
    assert_eq!(fails(pass(2, false)).kind, FailureKind::DataRace);
}

/// A waiter passes once there is a change; without one it waits for good. What it then reads is ordered by the moment alone.
#[test]
fn a_moment_orders_what_observes_it() {
    let hand_over = |observes: bool, changes: bool| {
        move || {
            let shared = Arc::new((Gate::new(false), AtomicU32::new(0)));
            let other = shared.clone();
            let moment = Arc::new(std::sync::Mutex::new(None));
            let sent = moment.clone();
            let sender = thread::spawn(move || {
                other.1.plain_store(1);
                let now = Moment::now();
                let seen = other.0.enter();
                *sent.lock().unwrap() = Some(now);
                other.0.leave(seen, changes);
            });
            let mut seen = shared.0.enter();
            while moment.lock().unwrap().is_none() {
                shared.0.leave(seen, false);
                seen = shared.0.enter_changed(seen);
            }
            shared.0.leave(seen, false);
            let message = moment.lock().unwrap().take();
            if observes {
                message.unwrap().observe();
            }
            assert_eq!(shared.1.plain_load(), 1);
            sender.join().unwrap();
        }
    };
    assert!(check(hand_over(true, true)).is_proved(), "{}", check(hand_over(true, true)));
    assert_eq!(fails(hand_over(false, true)).kind, FailureKind::DataRace);
    assert_eq!(fails(hand_over(true, false)).kind, FailureKind::Deadlock);
}
