//! Where the documentation of the library says that it differs from loom, it does. What is about channels, references, threads and
//! waits is in `interface.rs`; time-outs are in `time_outs.rs`.

use std::panic::catch_unwind;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize as Seen, Ordering};
use std::task::Poll;

use loom::cell::UnsafeCell;
use loom::sync::atomic::{AtomicBool, AtomicUsize, Ordering::*};
use loom::sync::{Arc, Notify};
use loom::{future, hint, model, thread};
use models::{executions, failure, outcomes};

mod models;

/// Runs a test of this program in a process of its own, with a variable of the environment; what it prints and what it warns of.
fn run(test: &str, name: &str, value: &str) -> (String, String) {
    let mut program = Command::new(std::env::current_exe().unwrap());
    program.args(["--exact", test, "--nocapture"]);
    program.env_remove("LOOM_MAX_DURATION").env_remove("LOOM_MAX_PERMUTATIONS").env(name, value);
    let output = program.output().unwrap();
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    let (told, warned) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{told}{warned}");
    (told, warned)
}

/// loom keeps the last seven stores.
#[test]
fn a_load_may_read_a_store_however_old() {
    const STORES: usize = 9;
    let seen = outcomes(|| {
        let x = Arc::new(AtomicUsize::new(0));
        let other = x.clone();
        thread::spawn(move || (1..=STORES).for_each(|value| other.store(value, Relaxed)));
        x.load(Relaxed)
    });
    assert_eq!(seen, (0..=STORES).collect());
}

/// What the next test runs.
#[test]
fn polls() {
    fn poll(wait: fn()) {
        model(move || {
            let flag = std::sync::Arc::new(AtomicBool::new(false));
            let other = flag.clone();
            thread::spawn(move || other.store(true, Release));
            while !flag.load(Acquire) {
                wait();
            }
        });
    }
    poll(hint::spin_loop);
    poll(|| thread::yield_now());
}

#[test]
fn how_often_a_loop_waits_is_nothing() {
    let report = Path::new(env!("CARGO_TARGET_TMPDIR")).join("polls.jsonl");
    _ = std::fs::remove_file(&report);
    run("polls", "CASEBOOK_REPORT", report.to_str().unwrap());
    let told = std::fs::read_to_string(&report).unwrap();
    // Whether it finds the flag at first or after some rounds.
    let proved = |line: &&str| line.contains("\"verdict\":\"proved\",\"complete\":1,");
    assert_eq!(told.lines().filter(proved).count(), 2, "{told}");
}

/// Under loom the other thread goes first.
#[test]
fn who_yields_may_go_first_all_the_same() {
    let seen = outcomes(|| {
        let x = Arc::new(AtomicUsize::new(0));
        let other = x.clone();
        let thread = thread::spawn(move || other.swap(1, Relaxed));
        thread::yield_now();
        (x.swap(2, Relaxed), thread.join().unwrap())
    });
    assert_eq!(seen, [(1, 0), (0, 2)].into());
}

#[test]
fn nothing_but_a_time_out_ends_without_a_cause() {
    model(|| {
        let flag = Arc::new(AtomicBool::new(false));
        let (other, me) = (flag.clone(), thread::current());
        thread::spawn(move || {
            other.store(true, Relaxed);
            me.unpark();
        });
        thread::park();
        assert!(flag.load(Relaxed));
        assert!(flag.compare_exchange_weak(true, false, Relaxed, Relaxed).is_ok());
    });
    model(|| {
        let shared = Arc::new((Notify::new(), AtomicBool::new(false)));
        let other = shared.clone();
        thread::spawn(move || {
            other.1.store(true, Relaxed);
            other.0.notify();
        });
        shared.0.wait();
        assert!(shared.1.load(Relaxed));
    });
    // A future is polled at first, and when it is woken.
    let polls = outcomes(|| {
        let ready = Arc::new(AtomicBool::new(false));
        let mut polls = 0;
        future::block_on(std::future::poll_fn(|context| {
            polls += 1;
            if polls == 1 {
                let (other, waker) = (ready.clone(), context.waker().clone());
                thread::spawn(move || {
                    other.store(true, Release);
                    waker.wake();
                });
            }
            if ready.load(Acquire) { Poll::Ready(()) } else { Poll::Pending }
        }));
        polls
    });
    assert_eq!(polls, [1, 2].into());
}

loom::lazy_static! {
    static ref SHARED: AtomicUsize = AtomicUsize::new(1);
}

/// Under loom a thread that uses one after the body's end fails.
#[test]
fn a_lazy_static_lives_as_long_as_a_thread() {
    model(|| {
        SHARED.load(Relaxed);
        thread::spawn(|| assert_eq!(SHARED.load(Relaxed), 1));
    });
}

/// What would bound loom's search. A bound on preemptions is one only where there is more than can be explored.
#[test]
fn bounds_of_interleavings_are_none_here() {
    let ends = std::sync::Arc::new(Seen::new(0));
    let count = ends.clone();
    let mut builder = model::Builder::new();
    builder.max_threads = 1;
    builder.max_branches = 1;
    builder.preemption_bound = Some(0);
    builder.checkpoint_file("there is none");
    builder.expect_explicit_explore = true;
    builder.check(move || {
        loom::stop_exploring();
        let x = std::sync::Arc::new(AtomicUsize::new(0));
        let other = x.clone();
        thread::spawn(move || other.store(1, Relaxed));
        loom::skip_branch();
        x.load(Relaxed);
        loom::explore();
        count.fetch_add(1, Ordering::Relaxed);
    });
    assert_eq!(ends.load(Ordering::Relaxed), 2);
}

/// Fifteen additions of three threads have 756,756 orders, and few with one preemption.
#[test]
fn a_bound_on_preemptions_bounds_what_is_too_large() {
    let ends = std::sync::Arc::new(Seen::new(0));
    let count = ends.clone();
    let mut builder = model::Builder::new();
    builder.preemption_bound = Some(1);
    builder.check(move || {
        let x = std::sync::Arc::new(AtomicUsize::new(0));
        let add = |x: &AtomicUsize| (0..5).for_each(|_| _ = x.fetch_add(1, Relaxed));
        let others = [x.clone(), x.clone()];
        let others = others.map(|x| thread::spawn(move || add(&x)));
        add(&x);
        for other in others {
            other.join().unwrap();
        }
        count.fetch_add(1, Ordering::Relaxed);
    });
    let ends = ends.load(Ordering::Relaxed);
    assert!((200_001..210_000).contains(&ends), "{ends}");
}

/// What the next test runs: it prints the number of executions.
#[test]
fn counted() {
    let count = executions(|| {
        let x = std::sync::Arc::new(AtomicUsize::new(0));
        let other = x.clone();
        thread::spawn(move || (1..=9).for_each(|value| other.store(value, Relaxed)));
        x.load(Relaxed);
    });
    println!("{count} executions");
}

#[test]
fn the_environment_bounds_a_search_by_executions_and_time() {
    let (told, bounded) = run("counted", "LOOM_MAX_PERMUTATIONS", "4");
    assert!(told.contains("4 executions"), "{told}");
    assert!(bounded.contains("bounded, and no proof"), "{bounded}");
    // There is no time at all: what is found is found by walks.
    let (_, bounded) = run("counted", "LOOM_MAX_DURATION", "0");
    assert!(bounded.contains("bounded, and no proof"), "{bounded}");
    // These bound nothing so small.
    for name in ["LOOM_MAX_PREEMPTIONS", "LOOM_MAX_BRANCHES"] {
        let (told, bounded) = run("counted", name, "1");
        assert!(told.contains("10 executions") && bounded.is_empty(), "{told}{bounded}");
    }
}

#[test]
fn a_failure_has_its_steps_and_a_token() {
    let told = failure(|| {
        let x = AtomicUsize::new(1);
        assert_eq!(x.load(Acquire), 2);
    });
    assert!(told.contains("load t0.1 = 1 Acquire  ") && told.contains(file!()), "{told}");
    assert!(told.contains("replay: rc11."), "{told}");
}

/// The first thread has no name, as under loom.
#[test]
fn the_first_thread_has_no_name() {
    model(|| assert_eq!(thread::current().name(), None));
    // A panic that a thread does not catch fails the model: `join` returns none.
    let caught = catch_unwind(|| model(|| _ = thread::spawn(|| panic!("it fails")).join()));
    assert!(caught.is_err());
}

/// loom: "currently writing to cell".
#[test]
fn accesses_of_one_thread_may_overlap() {
    model(|| {
        let cell = UnsafeCell::new(1);
        // SAFETY: the reference that is made lives while no other does.
        let read = || cell.with(|it| unsafe { *it });
        assert_eq!(cell.with_mut(|_| read()), 1);
        let (_one, _other) = (cell.get_mut(), cell.get_mut());
    });
}
