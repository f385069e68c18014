//! One test a type; each compares the engine's with the real one.

use casebook_core::verdict::{Kind, Verdict};
use casebook_engine::{Body, Request, check_body};
use proptest::prelude::*;

use super::on_native::interpret as real;
use super::programs::{self, Permitting};
use super::{Story, conform};
use crate::ENGINE;
use crate::model::interpret as model;

#[test]
fn atomic_integers() {
    for ((name, real), (_, model)) in real::atomics::INTEGERS.iter().zip(model::atomics::INTEGERS) {
        println!("{name}");
        conform(programs::from(programs::value(), programs::integer()), *real, model);
    }
}

#[test]
fn atomic_bool() {
    let programs = programs::from(programs::value(), programs::bits());
    conform(programs, real::atomics::boolean, model::atomics::boolean);
}

#[test]
fn atomic_ptr() {
    let programs = programs::from(programs::value(), programs::access());
    conform(programs, real::atomics::pointer, model::atomics::pointer);
}

#[test]
fn arc_and_weak() {
    conform(programs::of(programs::counting()), real::arcs::run, model::arcs::run);
}

#[test]
fn boxes() {
    conform(programs::of(programs::owning()), real::boxes::run, model::boxes::run);
}

#[test]
fn unsafe_cell() {
    let programs = programs::from(any::<i8>(), any::<i8>());
    conform(programs, real::boxes::cell, model::boxes::cell);
}

#[test]
fn std_mutex() {
    let programs = programs::from(any::<i8>(), programs::locking());
    conform(programs, real::locks::mutex, model::locks::mutex);
}

#[test]
fn std_rwlock() {
    let programs = programs::from(any::<i8>(), programs::sharing());
    conform(programs, real::locks::rwlock, model::locks::rwlock);
}

#[test]
fn parking_lot_mutex() {
    let programs = programs::from(any::<i8>(), programs::locking());
    conform(programs, real::parking_lot::mutex, model::parking_lot::mutex);
}

#[test]
fn parking_lot_rwlock() {
    let programs = programs::from(any::<i8>(), programs::upgrading());
    conform(programs, real::parking_lot::rwlock, model::parking_lot::rwlock);
}

#[test]
fn condvar() {
    conform(programs::of(programs::notifying()), real::waiting::condvar, model::waiting::condvar);
}

#[test]
fn futex() {
    conform(programs::of(programs::sleeping()), real::waiting::futex, model::waiting::futex);
}

#[test]
fn barrier() {
    conform((0usize..=1, 0usize..4), real::waiting::barrier, model::waiting::barrier);
}

#[test]
fn once_and_once_lock() {
    conform(programs::of(programs::initialising()), real::once::run, model::once::run);
}

#[test]
fn thread_locals() {
    conform(programs::of(programs::touching()), real::locals::run, model::locals::run);
}

/// A bound, or none.
fn bound() -> impl Strategy<Value = Option<usize>> {
    prop_oneof![Just(None), (0usize..4).prop_map(Some)]
}

#[test]
fn mpsc() {
    let programs = programs::from(bound(), programs::passing());
    conform(programs, real::channels::mpsc, model::channels::mpsc);
}

#[test]
fn crossbeam() {
    let programs = programs::from(bound(), programs::passing());
    conform(programs, real::channels::crossbeam, model::channels::crossbeam);
}

#[test]
fn select() {
    conform(programs::of(programs::selecting()), real::channels::select, model::channels::select);
}

#[test]
fn thread_and_future() {
    conform(programs::of(programs::threading()), real::threads::run, model::threads::run);
}

/// `std` has no semaphore: a plain count says what is right, for the native one too.
#[test]
fn semaphore() {
    let programs = || programs::from(0usize..3, programs::permitting());
    conform(programs(), plain_count, model::waiting::semaphore);
    conform(programs(), plain_count, real::waiting::semaphore);
}

fn plain_count((permits, steps): &(usize, Vec<Permitting>)) -> Story {
    let (mut held, mut free) = (0, *permits);
    let mut story = Story::new();
    for step in steps {
        match *step {
            Permitting::Acquire | Permitting::TryAcquire if free > 0 => {
                free -= 1;
                held += 1;
            }
            Permitting::Release if held > 0 => {
                held -= 1;
                free += 1;
            }
            Permitting::Forget if held > 0 => held -= 1,
            Permitting::Add(more) => free += more,
            _ => {}
        }
        story.push(format!("{held} held, {free} free"));
    }
    story
}

/// A thread has one time-out. Where it would need another one nothing is claimed; and a wait without one is a deadlock as ever.
#[test]
fn a_second_time_out_is_a_bound() {
    let check = |times, then_for_good| {
        let body = move || model::waiting::in_vain(times, then_for_good).join(" ");
        let report = check_body(ENGINE, &Body::new(body), &Request::default());
        report.expect("the engine has no fault")
    };
    let once = check(1, false);
    let complete = matches!(once.verdict, Verdict::Explored { .. } | Verdict::Proved { .. });
    assert!(complete, "{:?}", once.verdict);
    assert_eq!(once.outcomes.into_keys().collect::<Vec<_>>(), ["true"]);
    assert_eq!(real::waiting::in_vain(2, false), ["true", "true"]);
    let twice = check(2, false).verdict;
    let Verdict::Bounded { limit, .. } = &twice else { panic!("{twice:?}") };
    assert!(limit.starts_with("a thread's second time-out, at tests/conformance"), "{limit}");
    let for_good = check(1, true).verdict;
    let Verdict::Refuted { failure, .. } = &for_good else { panic!("{for_good:?}") };
    assert_eq!(failure.kind, Kind::Deadlock);
}
