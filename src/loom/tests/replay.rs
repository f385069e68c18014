//! The token of a failure replays it, whatever the search had to learn before, and one that is of no model fails its test.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{Command, Output};

use loom::sync::Arc;
use loom::sync::atomic::{AtomicUsize, Ordering::*};
use loom::{Static, model, thread};

mod models;

/// Runs a test of this program in a process of its own, with this token if there is one.
fn run(test: &str, token: Option<&str>) -> Output {
    let mut program = Command::new(std::env::current_exe().unwrap());
    program.args(["--exact", test, "--nocapture"]).env("RUN", test);
    token.map(|token| program.env("CASEBOOK_REPLAY", token));
    program.output().unwrap()
}

fn text(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes)).concat()
}

/// Whether the test is to fail: it was asked for.
fn is_asked(test: &str) -> bool {
    std::env::var("RUN").is_ok_and(|run| run == test)
}

/// What the test prints, and that it says so again with the token that it prints.
fn fails_again(test: &str, message: &str) {
    let first = run(test, None);
    let told = text(&first);
    assert!(!first.status.success() && told.contains(message), "{told}");
    let (_, token) = told.split_once("replay: ").expect(&told);
    let token = token.split_whitespace().next().expect("a token follows");
    let again = run(test, Some(token));
    let told = text(&again);
    assert!(!again.status.success() && told.contains(message), "{token}: {told}");
}

loom::lazy_static! {
    static ref LATE: AtomicUsize = AtomicUsize::new(0);
}

/// A model in which another thread sets a flag, of which `then` hears whether it is set.
fn beside_a_flag(then: fn(&Arc<AtomicUsize>, bool)) {
    model(move || {
        let flag = Arc::new(AtomicUsize::new(0));
        let other = flag.clone();
        let thread = thread::spawn(move || other.store(1, Relaxed));
        then(&flag, flag.load(Relaxed) == 1);
        thread.join().unwrap();
    });
}

#[test]
fn late_lazy_static() {
    if is_asked("late_lazy_static") {
        beside_a_flag(|_, is_set| {
            assert!(!is_set || LATE.fetch_add(1, Relaxed) == 1, "it is made late");
        });
    }
}

#[test]
fn counts_late() {
    if is_asked("counts_late") {
        beside_a_flag(|flag, is_set| {
            assert!(!is_set || Arc::strong_count(flag) == 1, "it is counted late");
        });
    }
}

/// What fails uses nothing of what had to be learnt.
#[test]
fn learnt_elsewhere() {
    static FIXED: Static<AtomicUsize> = Static::new(|| AtomicUsize::new(0));
    if is_asked("learnt_elsewhere") {
        beside_a_flag(|flag, is_set| {
            assert!(!is_set, "it uses none of them");
            let _ = FIXED.load(Relaxed) + LATE.load(Relaxed) + Arc::strong_count(flag);
        });
    }
}

/// The second of two models fails, and the token is not of the first one.
#[test]
fn second_of_two() {
    if !is_asked("second_of_two") {
        return;
    }
    model(|| _ = LATE.load(Relaxed));
    model(|| {
        let flag = Arc::new(AtomicUsize::new(0));
        let other = flag.clone();
        thread::spawn(move || other.store(1, Relaxed)).join().unwrap();
        assert_eq!(flag.load(Relaxed), 0, "the second fails");
    });
}

#[test]
fn a_failure_is_replayed_with_what_was_learnt() {
    fails_again("late_lazy_static", "it is made late");
    fails_again("counts_late", "it is counted late");
    fails_again("learnt_elsewhere", "it uses none of them");
    fails_again("second_of_two", "the second fails");
}

/// What the next test runs: nothing fails, or a panic is what it expects.
#[test]
fn passes() {
    model(|| _ = AtomicUsize::new(0).load(Relaxed));
}

#[test]
#[should_panic]
fn expects_a_panic() {
    assert!(!is_asked("expects_a_panic") || catch_unwind(AssertUnwindSafe(passes)).is_err());
    panic!("it is expected");
}

#[test]
fn a_token_of_no_model_fails_the_test() {
    for token in ["rc11.1+0:-9,+0.0:-9,", "rc11.1+0:-1~0.0.2", "rc11.1+0:-1~9", "none"] {
        for test in ["passes", "expects_a_panic"] {
            let output = run(test, Some(token));
            let told = text(&output);
            assert!(!output.status.success(), "{test} {token}: {told}");
            assert!(told.contains("is of no model"), "{test} {token}: {told}");
        }
    }
}
