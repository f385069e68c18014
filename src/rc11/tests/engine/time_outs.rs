//! Waits with a time-out end by it at any moment, once a thread, and are no deadlock.

use super::*;

const LONG: Duration = Duration::from_secs(3600);

/// What a check says of time-outs: whether it is not decided since a thread waited for a second one.
fn cut(body: impl Fn() + Send + Sync) -> bool {
    matches!(check(body).verdict, Verdict::Bounded(Limit::TimeOut(_)))
}

/// An execution in which it does not time out waits for nothing else, and is none.
#[test]
fn a_thread_times_out_once() {
    proves(|| thread::park_timeout(LONG), 1, 1);
    // Each thread has a time-out of its own.
    proves(|| threads(2, |_| thread::park_timeout(LONG)), 1, 3);
}

/// What comes after a second time-out is not explored, so nothing is proved of it.
#[test]
fn a_second_time_out_is_not_decided() {
    assert!(cut(|| (0..2).for_each(|_| thread::park_timeout(LONG))));
    assert!(cut(|| {
        let flag = Arc::new(AtomicBool::new(false));
        let other = flag.clone();
        thread::spawn(move || other.store(true, Relaxed));
        thread::park_timeout(LONG);
        if flag.load(Relaxed) {
            thread::park_timeout(LONG);
            panic!("that is not explored");
        }
    }));
}

/// A thread that times out again and again hides no deadlock of others.
#[test]
fn a_deadlock_beside_time_outs_is_not_proved_away() {
    assert!(cut(|| {
        let locks = Arc::new((Mutex::new(()), Mutex::new(())));
        let done = Arc::new(AtomicBool::new(false));
        let (one, other, end) = (locks.clone(), locks, done.clone());
        let polls = thread::spawn(move || {
            while !end.load(Acquire) {
                thread::park_timeout(LONG);
            }
        });
        let one = thread::spawn(move || {
            let _first = one.0.lock().unwrap();
            drop(one.1.lock().unwrap());
        });
        let other = thread::spawn(move || {
            let _first = other.1.lock().unwrap();
            drop(other.0.lock().unwrap());
        });
        one.join().unwrap();
        other.join().unwrap();
        done.store(true, Release);
        polls.join().unwrap();
    }));
}

#[test]
fn a_token_ends_the_wait_or_comes_too_late() {
    let body = || {
        let me = thread::current();
        let other = thread::spawn(move || me.unpark());
        thread::park_timeout(LONG);
        other.join().unwrap();
    };
    proves(body, 2, 0);
    // A token that came too late ends the next wait.
    let twice = || {
        let me = thread::current();
        let other = thread::spawn(move || me.unpark());
        thread::park_timeout(LONG);
        other.join().unwrap();
        thread::park_timeout(LONG);
    };
    let report = check(twice);
    assert!(report.is_proved(), "{report}");
}

/// The end of the body is the end of the program, whoever still waits.
#[test]
fn a_thread_left_behind_may_wait_for_its_time_out() {
    let report = check(|| drop(thread::spawn(|| thread::park_timeout(LONG))));
    assert!(report.is_proved(), "{report}");
    assert_eq!((report.complete, report.blocked, report.left_waiting), (2, 0, 1));
}

#[test]
fn others_that_wait_for_good_are_found_once_it_has_timed_out() {
    let failure = fails(|| {
        let lock = Arc::new(Mutex::new(()));
        let held = lock.lock().unwrap();
        let other = lock.clone();
        let thread = thread::spawn(move || drop(other.lock().unwrap()));
        thread::park_timeout(LONG);
        thread.join().unwrap();
        drop(held);
    });
    assert_eq!(failure.kind, FailureKind::Deadlock);
    assert_eq!(waits(&failure), [(0, Wait::Join, false), (1, Wait::Lock, false)]);
}

/// The failure needs the time-out, and its token has it.
#[test]
fn a_time_out_is_replayed() {
    fails(|| {
        let pair = (Mutex::new(()), Condvar::new());
        let guard = pair.0.lock().unwrap();
        assert!(!pair.1.wait_timeout(guard, LONG).unwrap().1.timed_out());
    });
    fails(|| {
        let gate = Gate::new(false);
        let changes = gate.enter();
        gate.leave(changes, false);
        assert!(gate.enter_changed_or_time_out(changes).is_some());
    });
}

/// Time-outs are not what [`Checker::spurious`] counts.
#[test]
fn time_outs_are_no_spurious_events() {
    let timed = || {
        let pair = (Mutex::new(()), Condvar::new());
        let guard = pair.0.lock().unwrap();
        drop(pair.1.wait_timeout(guard, LONG).unwrap());
    };
    for spurious in 0..2 {
        let report = Checker::new().spurious(spurious).check(timed);
        assert_eq!((report.complete, report.blocked), (1, 1), "{report}");
    }
}

/// Without time-outs there are fewer executions, and it is said that there could be more; but a thread that nothing else wakes is not decided.
#[test]
fn time_outs_may_be_left_out() {
    let woken = || {
        let waits = thread::spawn(|| thread::park_timeout(LONG));
        waits.thread().unpark();
        waits.join().unwrap();
    };
    let found = |n: u32| {
        let report = Checker::new().time_outs(n).check(woken);
        (report.is_proved(), report.complete, report.out_of_time_outs)
    };
    assert_eq!((found(0), found(1)), ((true, 1, true), (true, 2, false)));
    let alone = Checker::new().time_outs(0).check(|| thread::park_timeout(LONG));
    assert!(matches!(alone.verdict, Verdict::Bounded(Limit::TimeOut(_))), "{alone}");
}

/// What a body may return where each thread may time out so often.
fn found(time_outs: u32, body: impl Fn() -> (bool, u32) + Sync) -> BTreeSet<(bool, u32)> {
    results(&Checker::new().spurious(0).time_outs(time_outs), body)
}

/// Whoever is woken sees what came before the wake-up. Whoever times out may see nothing of it.
#[test]
fn a_wake_up_orders_and_a_time_out_does_not() {
    let parks = || {
        let value = Arc::new(AtomicU32::new(0));
        let other = value.clone();
        let waits = thread::spawn(move || {
            thread::park_timeout(LONG);
            other.load(Relaxed)
        });
        value.store(1, Relaxed);
        waits.thread().unpark();
        (true, waits.join().unwrap())
    };
    assert_eq!(found(0, parks), BTreeSet::from([(true, 1)]));
    assert_eq!(found(1, parks), BTreeSet::from([(true, 0), (true, 1)]));
}

/// A wait at a condition variable takes the lock again however it ends: what others did under it before is seen.
#[test]
fn a_time_out_takes_the_lock_again() {
    let waits = || {
        let pair = Arc::new((Mutex::new(false), Condvar::new(), AtomicU32::new(0)));
        let other = pair.clone();
        let notifies = thread::spawn(move || {
            let mut ready = other.0.lock().unwrap();
            other.2.store(1, Relaxed);
            *ready = true;
            other.1.notify_one();
        });
        let ready = pair.0.lock().unwrap();
        let (ready, seen) = if *ready {
            (true, pair.2.load(Relaxed))
        } else {
            let (ready, _) = pair.1.wait_timeout(ready, LONG).unwrap();
            (*ready, pair.2.load(Relaxed))
        };
        notifies.join().unwrap();
        (ready, seen)
    };
    assert_eq!(found(0, waits), BTreeSet::from([(true, 1)]));
    // What was done under the lock is seen with its flag, and not without.
    assert_eq!(found(1, waits), BTreeSet::from([(false, 0), (true, 1)]));
}
