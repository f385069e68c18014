//! The engine beyond atomics: waits, allocations, failures, replay and bounds do what their documentation says.

mod alike;
mod attempts;
mod cells;
mod choices;
mod departures;
mod ends;
mod finalizers;
mod futex;
mod locks;
mod loops;
mod memories;
mod parts;
mod preemptions;
mod references;
mod retries;
mod time_outs;
mod waits;
mod walks;

use std::collections::BTreeSet;
use std::time::Duration;

use rc11::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, Ordering::*};
use rc11::sync::{Arc, Condvar, Gate, Moment, Mutex, RwLock};
use rc11::{
    BadToken, Checker, Completed, Error, EventKind, Failure, FailureKind, Limit, Report, Verdict,
    Wait, boxed, future, hint, thread,
};

/// More time than there is.
const HOUR: Duration = Duration::from_secs(3_600);

/// What a check of `body` finds; a failure is replayed and must come out the same. Two workers must count the same, and so must a search that leaves
/// time-outs for last and looks ahead.
fn check(body: impl Fn() + Send + Sync) -> Report {
    let report = Checker::new().check(&body);
    match report.failure() {
        Some(failure) => {
            let again = Checker::new().replay(&failure.replay, &body).expect("the token fits");
            let again = again.failure().expect("the failure comes again");
            assert_eq!(
                (again.kind, &again.message, &again.graph),
                (failure.kind, &failure.message, &failure.graph)
            );
        }
        None => {
            let two = Checker::new().workers(2).check(&body);
            assert_eq!((two.complete, two.blocked), (report.complete, report.blocked));
            let last = Checker::new().time_outs_last().look_ahead(Duration::ZERO, HOUR).walks(8);
            let last = last.check(&body);
            assert_eq!(counted(&last), counted(&report));
            if let Some(untimed) = last.untimed {
                let without = Checker::new().time_outs(0).check(&body);
                assert_eq!(counted(&untimed), counted(&without));
            }
        }
    }
    report
}

/// What a report says of executions, and whether it is proved.
fn counted(report: &Report) -> (u64, u64, u64, bool) {
    (report.complete, report.blocked, report.left_waiting, report.is_proved())
}

#[track_caller]
fn proves(body: impl Fn() + Send + Sync, complete: u64, blocked: u64) {
    let report = check(body);
    assert!(report.is_proved(), "{report}");
    assert_eq!((report.complete, report.blocked), (complete, blocked));
}

#[track_caller]
fn fails(body: impl Fn() + Send + Sync) -> Failure {
    check(body).failure().expect("it fails").clone()
}

/// What `body` returns in some execution.
fn results<T: Ord + Send>(checker: &Checker, body: impl Fn() -> T + Sync) -> BTreeSet<T> {
    let add = |found: &mut BTreeSet<T>, value, _: &Completed<'_>| _ = found.insert(value);
    checker.collect(body, add).0
}

fn waits(failure: &Failure) -> Vec<(usize, Wait, bool)> {
    failure.blocked.iter().map(|b| (b.thread, b.wait, b.wakeup_issued)).collect()
}

/// Runs `body` on `n` threads.
fn threads(n: usize, body: impl Fn(usize) + Clone + Send + 'static) {
    let spawn = |t| {
        let body = body.clone();
        thread::spawn(move || body(t))
    };
    let threads: Vec<_> = (0..n).map(spawn).collect();
    threads.into_iter().for_each(|t| t.join().unwrap());
}

#[test]
fn n_threads_that_lock_once_have_n_factorial_executions() {
    for (n, complete) in [(2, 2), (3, 6), (4, 24), (5, 120)] {
        let body = move || {
            let mutex = Arc::new(Mutex::new(0));
            let shared = mutex.clone();
            threads(n, move |_| *shared.lock().unwrap() += 1);
            assert_eq!(*mutex.lock().unwrap(), n);
        };
        proves(body, complete, 0);
    }
}

/// As often as GenMC's own tests expect for two threads and more: `tests/correct/synthetic/casrot`, version 0.11.0.
#[test]
fn threads_that_advance_a_number_in_turn() {
    for (n, complete) in (2..).zip([2, 5, 14, 43, 144, 523, 2_048]) {
        let body = move || {
            let x = Arc::new(AtomicU32::new(0));
            threads(n, move |t| {
                let t = t as u32;
                _ = x.compare_exchange(t, t + 1, Relaxed, Relaxed);
            });
        };
        proves(body, complete, 0);
    }
}

#[test]
fn a_writer_and_two_readers_of_a_lock() {
    let body = || {
        let lock = Arc::new(RwLock::new(0));
        threads(3, move |t| match t {
            0 => *lock.write().unwrap() = 7,
            _ => assert!([0, 7].contains(&*lock.read().unwrap())),
        });
    };
    // Where the writer finds the lock taken it first says that it waits, at each place among the readers' steps. Once for each reader it is
    // also tried whether that holds the reader back for good.
    proves(body, 32, 2);
}

#[test]
fn locks_taken_in_opposite_order_deadlock() {
    let failure = fails(|| {
        let locks = Arc::new([Mutex::new(()), Mutex::new(())]);
        threads(2, move |t| {
            let _first = locks[t].lock().unwrap();
            let _second = locks[1 - t].lock().unwrap();
        });
    });
    assert_eq!(failure.kind, FailureKind::Deadlock);
    assert_eq!(
        waits(&failure),
        [(0, Wait::Join, false), (1, Wait::Lock, false), (2, Wait::Lock, false)]
    );
    assert_eq!((failure.blocked[1].holder, failure.blocked[2].holder), (Some(2), Some(1)));
}

/// A consumer that waits is woken or was never needed to wait: nothing is run only to find it waiting in vain.
#[test]
fn a_queue_under_a_condition_variable_leaves_nothing_blocked() {
    let body = || {
        let queue = Arc::new((Mutex::new(0), Condvar::new()));
        let consume = |queue: Arc<(Mutex<i32>, Condvar)>| {
            let count = queue.0.lock().unwrap();
            *queue.1.wait_while(count, |count| *count == 0).unwrap() -= 1;
        };
        let shared = [queue.clone(), queue.clone()];
        let consumers = shared.map(|queue| thread::spawn(move || consume(queue)));
        for _ in 0..2 {
            *queue.0.lock().unwrap() += 1;
            queue.1.notify_one();
        }
        consumers.into_iter().for_each(|consumer| consumer.join().unwrap());
    };
    let report = Checker::new().spurious(0).check(body);
    assert!(report.is_proved(), "{report}");
    assert_eq!((report.complete, report.blocked), (34, 0));
}

fn two_waiters(notify: fn(&Condvar)) -> impl Fn() + Send + Sync {
    move || {
        let pair = Arc::new((Mutex::new(false), Condvar::new()));
        let shared = pair.clone();
        let waiters: Vec<_> = (0..2)
            .map(|_| shared.clone())
            .map(|pair| {
                thread::spawn(move || {
                    drop(pair.1.wait_while(pair.0.lock().unwrap(), |ready| !*ready))
                })
            })
            .collect();
        *pair.0.lock().unwrap() = true;
        notify(&pair.1);
        waiters.into_iter().for_each(|w| w.join().unwrap());
    }
}

#[test]
fn notify_one_wakes_one_of_two_waiters() {
    assert!(check(two_waiters(Condvar::notify_all)).is_proved());
    let failure = fails(two_waiters(Condvar::notify_one));
    assert_eq!(failure.kind, FailureKind::Deadlock);
    assert!(waits(&failure).iter().any(|&(_, wait, issued)| wait == Wait::Condvar && issued));
}

#[test]
fn a_condition_variable_may_wake_unasked() {
    let body = || {
        let pair = Arc::new((Mutex::new(false), Condvar::new()));
        let shared = pair.clone();
        let waiter = thread::spawn(move || {
            let mut ready = shared.0.lock().unwrap();
            if !*ready {
                ready = shared.1.wait(ready).unwrap();
            }
            assert!(*ready);
        });
        *pair.0.lock().unwrap() = true;
        pair.1.notify_one();
        waiter.join().unwrap();
    };
    assert_eq!(fails(body).kind, FailureKind::Assertion);
    assert!(Checker::new().spurious(0).check(body).is_proved());
}

/// A thread parks until a flag; the main thread sets it and unparks, in either order.
fn park(flag_first: bool) -> impl Fn() + Send + Sync {
    move || {
        let flag = Arc::new(AtomicBool::new(false));
        let seen = flag.clone();
        let sleeper = thread::spawn(move || {
            while !seen.load(Acquire) {
                thread::park();
            }
        });
        if flag_first {
            flag.store(true, Release);
        }
        sleeper.thread().unpark();
        flag.store(true, Release);
        sleeper.join().unwrap();
    }
}

#[test]
fn unparking_before_the_flag_is_set_loses_the_wake_up() {
    assert!(check(park(true)).is_proved());
    let failure = fails(park(false));
    assert_eq!(failure.kind, FailureKind::Deadlock);
    assert_eq!(waits(&failure), [(0, Wait::Join, false), (1, Wait::Park, true)]);
}

#[test]
fn block_on_wakes_when_the_waker_is_called() {
    let body = || {
        let shared = Arc::new((AtomicBool::new(false), Mutex::new(None::<std::task::Waker>)));
        let other = shared.clone();
        let waking = thread::spawn(move || {
            other.0.store(true, Release);
            if let Some(waker) = other.1.lock().unwrap().take() {
                waker.wake();
            }
        });
        future::block_on(std::future::poll_fn(|context| {
            *shared.1.lock().unwrap() = Some(context.waker().clone());
            if shared.0.load(Acquire) {
                std::task::Poll::Ready(())
            } else {
                std::task::Poll::Pending
            }
        }));
        waking.join().unwrap();
    };
    assert!(check(body).is_proved());
}

/// One thread waits for a flag as `wait` does, the other sets it or not.
fn spin(set: bool, wait: fn(&AtomicBool)) -> impl Fn() + Send + Sync {
    move || {
        let flag = Arc::new(AtomicBool::new(false));
        let seen = flag.clone();
        let waiting = thread::spawn(move || wait(&seen));
        if set {
            flag.store(true, Release);
        }
        waiting.join().unwrap();
    }
}

fn spin_until_set(flag: &AtomicBool) {
    while !flag.load(Acquire) {
        hint::spin_loop();
    }
}

#[test]
fn a_spin_loop_waits_and_one_never_satisfied_is_a_livelock() {
    proves(spin(true, spin_until_set), 1, 0);
    let failure = fails(spin(false, spin_until_set));
    assert_eq!(failure.kind, FailureKind::Livelock);
    assert_eq!(waits(&failure), [(0, Wait::Join, false), (1, Wait::Spin, false)]);
}

#[test]
fn a_bounded_spin_is_explored_to_its_end() {
    let three_tries = |flag: &AtomicBool| {
        for _ in 0..3 {
            if flag.load(Acquire) {
                return;
            }
            hint::spin_loop();
        }
    };
    proves(spin(true, three_tries), 4, 0);
    proves(spin(false, three_tries), 1, 0);
}

#[test]
fn one_helper_may_serve_two_waits_in_a_row() {
    fn wait_for(x: &AtomicU32, least: u32) -> u32 {
        loop {
            hint::spin_loop();
            let value = x.load(Relaxed);
            if value >= least {
                return value;
            }
        }
    }
    let body = || {
        let x = Arc::new(AtomicU32::new(1));
        let y = x.clone();
        let waiting = thread::spawn(move || (wait_for(&y, 1), wait_for(&y, 2)));
        x.store(2, Relaxed);
        waiting.join().unwrap()
    };
    let seen = |seen: &mut BTreeSet<_>, values, _: &Completed| _ = seen.insert(values);
    let (seen, report) = Checker::new().collect(body, seen);
    assert!(report.is_proved(), "{report}");
    assert_eq!(Vec::from_iter(seen), [(1, 2), (2, 2)]);
}

#[test]
fn scoped_threads_borrow() {
    let body = || {
        let x = AtomicU32::new(0);
        thread::scope(|scope| (0..3).for_each(|_| drop(scope.spawn(|| x.fetch_add(1, Relaxed)))));
        assert_eq!(x.into_inner(), 3);
    };
    proves(body, 6, 0);
}

/// Two threads share a box through a pointer; each may free it.
fn share_box(free: fn(*mut AtomicU32, &AtomicPtr<AtomicU32>)) -> impl Fn() + Send + Sync {
    move || {
        let shared =
            Arc::new(AtomicPtr::new(boxed::Box::into_raw(boxed::Box::new(AtomicU32::new(7)))));
        let other = shared.clone();
        let reader = thread::spawn(move || {
            let seen = other.load(Acquire);
            if !seen.is_null() {
                // SAFETY: if it was freed meanwhile, the checker says so and keeps the memory.
                unsafe { (*seen).load(Relaxed) };
            }
        });
        let own = shared.load(Acquire);
        free(own, &shared);
        reader.join().unwrap();
        // SAFETY: as above.
        drop(unsafe { boxed::Box::from_raw(own) });
    }
}

#[test]
fn memory_errors_are_findings() {
    proves(share_box(|_, _| {}), 1, 0);
    let early = share_box(|own, shared| {
        shared.store(std::ptr::null_mut(), Release);
        // SAFETY: that it is freed again later is for the checker to find.
        drop(unsafe { boxed::Box::from_raw(own) });
    });
    assert!(matches!(fails(early).kind, FailureKind::UseAfterFree | FailureKind::DoubleFree));
    let twice = || {
        let raw = boxed::Box::into_raw(boxed::Box::new(1));
        // SAFETY: the second free is for the checker to find.
        (0..2).for_each(|_| drop(unsafe { boxed::Box::from_raw(raw) }));
    };
    assert_eq!(fails(twice).kind, FailureKind::DoubleFree);
    assert_eq!(fails(|| _ = boxed::Box::into_raw(boxed::Box::new(1))).kind, FailureKind::Leak);
}

#[test]
fn a_closure_that_is_not_deterministic_is_an_error() {
    let runs = std::sync::atomic::AtomicU32::new(0);
    let report = Checker::new().check(|| {
        let x = Arc::new([AtomicU32::new(0), AtomicU32::new(0)]);
        let y = x.clone();
        let other = thread::spawn(move || y[0].store(1, Relaxed));
        x[runs.fetch_add(1, Relaxed) as usize % 2].load(Relaxed);
        other.join().unwrap();
    });
    assert!(matches!(report.verdict, Verdict::Error(Error::Nondeterminism { .. })), "{report}");
}

/// Seven increments: 5,040 executions.
fn seven_increments() {
    let x = Arc::new(AtomicU32::new(0));
    threads(7, move |_| _ = x.fetch_add(1, Relaxed));
}

#[test]
fn a_bound_gives_bounded_and_never_proved() {
    let verdict = |checker: Checker| checker.check(seven_increments).verdict;
    assert!(matches!(
        verdict(Checker::new().max_executions(100)),
        Verdict::Bounded(Limit::Executions(100))
    ));
    assert!(matches!(verdict(Checker::new().max_executions(5_040)), Verdict::Proved));
    assert!(matches!(
        verdict(Checker::new().time_limit(Duration::ZERO)),
        Verdict::Bounded(Limit::Time(_))
    ));
    assert!(matches!(verdict(Checker::new().max_events(5)), Verdict::Bounded(Limit::Events(5))));
}

#[test]
fn each_complete_execution_has_a_token_that_replays_it() {
    let body = || {
        let x = Arc::new(AtomicU32::new(0));
        let y = x.clone();
        let other = thread::spawn(move || y.swap(1, Relaxed));
        (x.swap(2, Relaxed), other.join().unwrap())
    };
    let token = |tokens: &mut Vec<_>, result, execution: &Completed| {
        tokens.push((execution.token(), result));
    };
    let tokens = Checker::new().collect(body, token).0;
    assert_eq!(tokens.len(), 2);
    for (token, _) in &tokens {
        assert_eq!(
            Checker::new().replay(token, body).map(|r| (r.complete, r.is_proved())),
            Ok((1, true))
        );
    }
    assert!(matches!(Checker::new().replay("nonsense", body), Err(BadToken::Malformed(_))));
    assert!(matches!(Checker::new().replay(&tokens[0].0, || ()), Err(BadToken::Mismatch(_))));
}
