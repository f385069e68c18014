//! How executions end: panics, caught or not, destructors, what is left waiting, and what outlives its execution.

use super::*;

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

/// A destructor that asserts what is so once its thread has come so far.
struct Asserts(Arc<AtomicBool>);

impl Drop for Asserts {
    fn drop(&mut self) {
        assert!(self.0.load(Relaxed), "a destructor sees a value that the program cannot");
    }
}

#[test]
fn destructors_of_a_blocked_execution_see_real_values() {
    let body = || {
        let lock = Arc::new(AtomicU32::new(0));
        threads(2, move |_| {
            let flag = Arc::new(AtomicBool::new(false));
            let _asserts = Asserts(flag.clone());
            while lock.compare_exchange(0, 1, Acquire, Relaxed).is_err() {
                hint::spin_loop();
            }
            flag.store(true, Relaxed);
            lock.store(0, Release);
        });
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
    let name = "ends::a_destructor_that_panics_during_a_panic_is_told_before_the_abort";
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

/// What blocked executions own is freed: more than a hundred of them, whose five threads own a megabyte each, would show.
#[test]
fn blocked_executions_leave_no_memory_behind() {
    let body = || {
        let lock = Arc::new(AtomicU32::new(0));
        threads(5, move |_| {
            // Not zeroed memory, which the system only promises.
            let _held = vec![1_u8; 1 << 20];
            while lock.compare_exchange(0, 1, Acquire, Relaxed).is_err() {
                hint::spin_loop();
            }
            lock.store(0, Release);
        });
    };
    let before = resident();
    let report = Checker::new().check(body);
    assert!(report.is_proved() && report.blocked > 100, "{report}");
    assert!(resident() < before + (400 << 10), "{} KiB more", resident() - before);
}

#[test]
fn a_value_of_another_execution_is_refused_before_it_is_touched() {
    use std::sync::{Mutex as Real, atomic::AtomicBool};
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
    // The twin's own box is larger, and so not where the first execution's was.
    let is_first = AtomicBool::new(true);
    refused(
        || match is_first.swap(false, Relaxed) {
            true => boxed::Box::into_raw(boxed::Box::new(0)) as usize,
            false => boxed::Box::into_raw(boxed::Box::new([0_u64; 64])) as usize,
        },
        |x| {
            // SAFETY: the checker is to refuse it.
            drop(unsafe { boxed::Box::from_raw(*x as *mut u32) });
        },
    );
}

/// A thread has the same stack in every execution: programs compare addresses of what is on it.
#[test]
fn a_thread_has_its_stack_every_time() {
    let body = || {
        let turns = Arc::new(AtomicU32::new(0));
        let spawn = |_| {
            let turns = turns.clone();
            thread::spawn(move || {
                let here = 0_u8;
                turns.fetch_add(1, Relaxed);
                (&raw const here).addr()
            })
        };
        let threads: Vec<_> = (0..3).map(spawn).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    };
    let add = |found: &mut BTreeSet<_>, addresses, _: &Completed| _ = found.insert(addresses);
    let (found, report) = Checker::new().collect(body, add);
    assert_eq!((report.complete, found.len()), (6, 1), "{found:x?}");
}

/// As under `std`, and it is the program's line that fails.
#[test]
fn an_ordering_that_there_is_not_fails_the_program() {
    type Body = fn(&AtomicU32);
    let bodies: [(Body, &str); 4] = [
        (|x| _ = x.load(Release), "a load cannot have ordering Release"),
        (|x| x.store(1, Acquire), "a store cannot have ordering Acquire"),
        (|x| _ = x.compare_exchange(0, 1, SeqCst, AcqRel), "a load cannot have ordering AcqRel"),
        (|x| _ = x.fetch_update(SeqCst, Release, Some), "a load cannot have ordering Release"),
    ];
    for (body, message) in bodies {
        let failure = fails(move || body(&AtomicU32::new(0)));
        assert_eq!((failure.kind, &*failure.message), (FailureKind::Assertion, message));
        assert!(failure.site.is_some_and(|site| site.file.ends_with("ends.rs")), "{failure}");
    }
}

/// What a thread owns, counted outside of the check.
struct Owned<'a>(&'a std::sync::atomic::AtomicI64);

impl<'a> Owned<'a> {
    fn new(count: &'a std::sync::atomic::AtomicI64) -> Self {
        count.fetch_add(1, Relaxed); // Relaxed: one thread counts
        Owned(count)
    }
}

impl Drop for Owned<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed); // Relaxed, as above
    }
}

/// Where nothing comes of an execution its threads go on to their ends all the same, the one at which that showed too.
#[test]
fn what_threads_own_is_freed_in_executions_that_are_none() {
    let left = |checker: Checker| {
        let count = std::sync::atomic::AtomicI64::new(0);
        let report = checker.check(|| {
            let x = AtomicU32::new(0);
            thread::scope(|scope| {
                for _ in 0..3 {
                    scope.spawn(|| {
                        let _owned = Owned::new(&count);
                        x.fetch_add(1, Relaxed);
                        x.load(Relaxed);
                        x.store(7, Relaxed);
                    });
                }
            });
        });
        assert!(report.complete > 0 && report.failure().is_none(), "{report}");
        count.into_inner()
    };
    for preemptions in 0..3 {
        assert_eq!(left(Checker::new().preemptions(preemptions)), 0);
    }
    assert_eq!(left(Checker::new()), 0);
}
