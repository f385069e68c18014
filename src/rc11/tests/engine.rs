//! The engine beyond atomics: waits, allocations, failures, replay and bounds do what their documentation says.

use std::time::Duration;

use rc11::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, Ordering::*};
use rc11::sync::{Arc, Condvar, Gate, Moment, Mutex, RwLock};
use rc11::{
    BadToken, Checker, Error, Failure, FailureKind, Limit, Report, Verdict, Wait, boxed, future,
    hint, thread,
};

/// What a check of `body` finds; a failure is replayed and must come out the same, and two workers must count the same.
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
        }
    }
    report
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
    for (n, complete, blocked) in [(2, 2, 2), (3, 6, 15), (4, 24, 124)] {
        let body = move || {
            let mutex = Arc::new(Mutex::new(0));
            let shared = mutex.clone();
            threads(n, move |_| *shared.lock().unwrap() += 1);
            assert_eq!(*mutex.lock().unwrap(), n);
        };
        proves(body, complete, blocked);
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
    // Where the writer finds the lock taken it first says that it waits, at each place among the readers' steps.
    proves(body, 32, 45);
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
    proves(spin(true, spin_until_set), 2, 1);
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
    let mut seen = std::collections::BTreeSet::new();
    let report = Checker::new().check_with(body, |values, _| _ = seen.insert(values));
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
    let mut tokens = Vec::new();
    Checker::new().check_with(body, |result, execution| tokens.push((execution.token(), result)));
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

/// Sets a flag and panics when dropped, unless something else panics already.
struct Bomb(Arc<AtomicBool>);

impl Drop for Bomb {
    fn drop(&mut self) {
        self.0.store(true, Release);
        assert!(std::thread::panicking(), "a panic in a destructor");
    }
}

#[test]
fn many_failing_checks_leave_the_process_as_it_was() {
    for round in 0..3_000 {
        let report = Checker::new().check(move || {
            let flag = Arc::new(AtomicBool::new(false));
            let (bomb, seen) = (Bomb(flag.clone()), flag.clone());
            let parked = thread::spawn(move || {
                let _held = vec![round; 100];
                thread::park();
                drop(seen);
            });
            match round % 3 {
                0 => drop(bomb),
                1 => std::panic::resume_unwind(Box::new("no hook is called")),
                _ => panic!("its destructors run, and it fails"),
            }
            parked.join().unwrap();
        });
        assert_eq!(report.failure().map(|f| f.kind), Some(FailureKind::Assertion), "{report}");
    }
}

#[test]
fn a_panic_that_the_program_catches_is_no_failure() {
    let body = || {
        let count = Arc::new(AtomicU32::new(0));
        let other = count.clone();
        let worker = thread::spawn(move || {
            let caught = std::panic::catch_unwind(|| {
                let _undo = Undo(&other);
                other.fetch_add(2, Relaxed);
                panic!("a job fails");
            });
            assert_eq!(*caught.unwrap_err().downcast_ref::<&str>().unwrap(), "a job fails");
        });
        count.fetch_add(1, Relaxed);
        worker.join().unwrap();
        assert_eq!(count.load(Relaxed), 1, "the destructor has run, on real values");
    };
    struct Undo<'a>(&'a AtomicU32);
    impl Drop for Undo<'_> {
        fn drop(&mut self) {
            self.0.fetch_sub(2, Relaxed);
        }
    }
    proves(body, 3, 0);
}

/// Waits in a destructor's way: the flag it asserts is set only once the wait is over.
struct Asserts(Arc<AtomicBool>);

impl Drop for Asserts {
    fn drop(&mut self) {
        assert!(self.0.load(Relaxed), "a destructor sees a value that the program cannot");
    }
}

#[test]
fn destructors_of_a_blocked_execution_see_real_values() {
    let body = || {
        let flag = Arc::new(AtomicBool::new(false));
        let (asserts, other) = (Asserts(flag.clone()), flag.clone());
        let setter = thread::spawn(move || other.store(true, Release));
        while !flag.load(Acquire) {
            hint::spin_loop();
        }
        drop(asserts);
        setter.join().unwrap();
    };
    let report = check(body);
    assert!(report.is_proved() && report.blocked > 0, "{report}");
}

/// Two panics at once abort any process; this one says why before it goes. The test runs itself again to see that.
#[test]
fn a_destructor_that_panics_during_a_panic_is_told_before_the_abort() {
    const AGAIN: &str = "CASEBOOK_TEST_ABORTS";
    if std::env::var_os(AGAIN).is_some() {
        Checker::new().check(|| {
            let _asserts = Asserts(Arc::new(AtomicBool::new(false)));
            panic!("the first");
        });
    }
    let name = "a_destructor_that_panics_during_a_panic_is_told_before_the_abort";
    let mut itself = std::process::Command::new(std::env::current_exe().unwrap());
    let output = itself.args(["--exact", name, "--nocapture"]).env(AGAIN, "1").output().unwrap();
    assert!(!output.status.success());
    let told = String::from_utf8_lossy(&output.stderr);
    let words = ["the first at", "the process aborts: a destructor sees", "replay: rc11.1+"];
    assert!(words.iter().all(|word| told.contains(word)), "{told}");
}

#[test]
fn a_scope_that_panics_joins_its_threads_first() {
    let failure = fails(|| {
        let count = AtomicU32::new(0);
        thread::scope(|scope| {
            scope.spawn(|| count.fetch_add(1, Relaxed));
            panic!("{}", count.load(Relaxed));
        });
    });
    assert!(failure.trace.iter().any(|step| step.operation.contains("fetch_add")), "{failure}");
    let caught = || {
        let count = AtomicU32::new(0);
        let scope = || {
            thread::scope(|scope| {
                scope.spawn(|| count.fetch_add(1, Relaxed));
                panic!("caught outside");
            })
        };
        let result: Result<(), _> = std::panic::catch_unwind(std::panic::AssertUnwindSafe(scope));
        assert!(result.is_err());
        assert_eq!(count.load(Relaxed), 1);
    };
    proves(caught, 1, 0);
}

#[test]
fn the_end_of_the_body_is_the_end_of_the_program() {
    let detached = || {
        let lock = Arc::new(Mutex::new(0));
        let other = lock.clone();
        thread::spawn(move || {
            thread::park();
            *other.lock().unwrap() += 1;
        });
        *lock.lock().unwrap() += 1;
    };
    let report = check(detached);
    assert!(report.is_proved(), "{report}");
    assert!(report.left_waiting > 0 && report.to_string().contains("threads still wait"));
    let joined = || {
        let parked = thread::spawn(thread::park);
        parked.join().unwrap();
    };
    assert_eq!(fails(joined).kind, FailureKind::Deadlock);
}

/// Resident memory in KiB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0)
}

/// What blocked executions own is freed: 40,000 of them, each with a megabyte, would not fit.
#[test]
fn blocked_executions_leave_no_memory_behind() {
    let body = || {
        let lock = Arc::new(Mutex::new(()));
        threads(5, move |_| {
            let _held = vec![0_u8; 1 << 20];
            drop(lock.lock());
        });
    };
    let before = resident();
    let report = Checker::new().max_executions(40_000).check(body);
    assert!(report.blocked > 1_000, "{report}");
    assert!(resident() < before + (200 << 10), "{} KiB more", resident() - before);
}

#[test]
fn a_value_of_another_execution_is_refused_before_it_is_touched() {
    use std::sync::Mutex as Real;
    /// The first execution keeps what `make` gives; its twin touches it.
    fn refused<T: Send>(make: impl Fn() -> T + Sync, touch: impl Fn(&mut T) + Sync) {
        let kept: Real<Option<T>> = Real::new(None);
        let report = Checker::new().check(|| {
            let made = make();
            let mut earlier = kept.lock().unwrap().replace(made);
            let x = Arc::new(AtomicU32::new(0));
            let y = x.clone();
            let other = thread::spawn(move || y.store(1, Relaxed));
            x.store(2, Relaxed);
            other.join().unwrap();
            earlier.iter_mut().for_each(&touch);
            // A thread that still waits at the end may own memory: what is kept here is no leak.
            thread::spawn(thread::park);
        });
        assert!(
            matches!(report.verdict, Verdict::Error(Error::Unsupported { .. })),
            "{}: {report}",
            std::any::type_name::<T>()
        );
    }
    refused(|| AtomicU32::new(0), |x| _ = x.load(Relaxed));
    refused(|| AtomicU32::new(0), |x| *x.get_mut() += 1);
    refused(|| Mutex::new(0), |x| drop(x.lock()));
    refused(|| RwLock::new(0), |x| drop(x.read()));
    refused(Condvar::new, |x| x.notify_one());
    refused(|| Some(boxed::Box::new(0)), |x| **x.as_mut().unwrap() += 1);
    refused(thread::current, |x| x.unpark());
    refused(|| Some(thread::spawn(|| 1)), |x| _ = x.take().map(|x| x.join()));
    refused(
        || boxed::Box::into_raw(boxed::Box::new(0)) as usize,
        |x| {
            // SAFETY: the checker is to refuse it.
            drop(unsafe { boxed::Box::from_raw(*x as *mut u32) });
        },
    );
}

/// What a check says of loops: `Some(line)` if it is not decided since the loop there was cut off.
fn cut(report: &Report) -> bool {
    matches!(report.verdict, Verdict::Bounded(Limit::Loop(site)) if site.file.ends_with("tests/engine.rs"))
}

/// A waker that finds its task busy wakes itself, consumes that, and polls again: a round that writes, and puts back what it found.
#[test]
fn a_waiting_loop_may_write_what_it_puts_back() {
    let report = check(|| {
        let m = Arc::new((Mutex::new(()), AtomicU32::new(0)));
        let m2 = m.clone();
        let t = thread::spawn(move || drop(m2.0.lock().unwrap()));
        while m.0.try_lock().is_err() {
            m.1.swap(1, Release);
            m.1.swap(0, Acquire);
            thread::yield_now();
        }
        t.join().unwrap();
    });
    assert!(report.is_proved(), "{report}");
}

#[test]
fn a_lock_may_be_polled() {
    let poll = |set: bool| {
        check(move || {
            let m = Arc::new(Mutex::new(false));
            let m2 = m.clone();
            let t = thread::spawn(move || *m2.lock().unwrap() |= set);
            loop {
                if *m.lock().unwrap() {
                    break;
                }
                thread::yield_now();
            }
            t.join().unwrap();
        })
    };
    assert!(poll(true).is_proved(), "{}", poll(true));
    assert_eq!(poll(false).failure().map(|f| f.kind), Some(FailureKind::Livelock));
}

/// The same where the other thread comes first, and has had its turn whenever the loop comes round.
#[test]
fn a_lock_may_be_polled_by_a_later_thread() {
    let poll = |set: bool| {
        check(move || {
            let flag = Mutex::new(false);
            thread::scope(|scope| {
                scope.spawn(|| *flag.lock().unwrap() |= set);
                scope.spawn(|| {
                    while !*flag.lock().unwrap() {
                        hint::spin_loop();
                    }
                });
            });
        })
    };
    assert!(poll(true).is_proved(), "{}", poll(true));
    assert_eq!(poll(false).failure().map(|f| f.kind), Some(FailureKind::Livelock));
}

/// Others look at what the loop writes: how often it comes round may matter, so nothing is proved; a failure is found all the same.
#[test]
fn a_loop_that_others_watch_is_not_decided() {
    let retreat = |broken: bool| {
        move || {
            let flags = Arc::new([AtomicU32::new(0), AtomicU32::new(0)]);
            let data = Arc::new(AtomicU32::new(0));
            threads(2, move |me| {
                flags[me].store(1, SeqCst);
                while flags[1 - me].load(if broken { Relaxed } else { SeqCst }) == 1 {
                    flags[me].store(0, SeqCst);
                    hint::spin_loop();
                    flags[me].store(1, SeqCst);
                }
                data.plain_store(1);
                flags[me].store(0, SeqCst);
            });
        }
    };
    let report = Checker::new().check(retreat(false));
    assert!(cut(&report), "{report}");
    assert_eq!(fails(retreat(true)).kind, FailureKind::DataRace);
}

/// A spin that gives up is explored to its end, however many rounds it has.
#[test]
fn a_bounded_spin_is_never_taken_for_an_endless_one() {
    let spin = |rounds: u32, wrong: u32| {
        let fallback = move || {
            let ready = Arc::new(AtomicU32::new(0));
            let (other, mut gave_up) = (ready.clone(), true);
            let t = thread::spawn(move || other.store(1, Release));
            for _ in 0..rounds {
                if ready.load(Acquire) == 1 {
                    gave_up = false;
                    break;
                }
                hint::spin_loop();
            }
            assert!(!gave_up || wrong == 0, "the fallback is wrong");
            t.join().unwrap();
        };
        Checker::new().check(fallback)
    };
    for rounds in [3, 250] {
        assert!(spin(rounds, 0).is_proved(), "{}", spin(rounds, 0));
        assert_eq!(spin(rounds, 1).failure().map(|f| f.kind), Some(FailureKind::Assertion));
    }
    // Nobody has looked so far ahead.
    assert!(cut(&spin(100_000, 0)), "{}", spin(100_000, 0));
    assert!(!spin(100_000, 1).is_proved());
}

#[test]
fn a_scan_in_turns_waits() {
    let scan = |set: usize| {
        check(move || {
            let slots = Arc::new([(); 3].map(|()| AtomicU32::new(0)));
            let other = slots.clone();
            let t = thread::spawn(move || {
                if set < 3 {
                    other[set].store(1, Release);
                }
            });
            let mut i = 0;
            while slots[i % 3].load(Acquire) == 0 {
                i = (i + 1) % 3;
                hint::spin_loop();
            }
            t.join().unwrap();
        })
    };
    assert!(scan(1).is_proved(), "{}", scan(1));
    assert_eq!(scan(3).failure().map(|f| f.kind), Some(FailureKind::Livelock));
}

/// Loops that change something in each round cost no more than themselves: all else is explored, and a failure elsewhere is found.
#[test]
fn a_loop_that_never_comes_back_is_not_decided() {
    let count = |wrong: bool| {
        Checker::new().check(move || {
            let (count, ready) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
            let other = ready.clone();
            let t = thread::spawn(move || {
                other.store(1, Release);
                assert!(!wrong, "a failure elsewhere");
            });
            while ready.load(Acquire) == 0 {
                count.fetch_add(1, Relaxed);
                thread::yield_now();
            }
            t.join().unwrap();
        })
    };
    assert!(cut(&count(false)), "{}", count(false));
    assert_eq!(count(true).failure().map(|f| f.kind), Some(FailureKind::Assertion));
}

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
                other.2.store(1, Relaxed);
                drop(held);
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
    for (n, complete, blocked) in [(2, 2, 2), (3, 6, 15)] {
        proves(pass(n, true), complete, blocked);
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
