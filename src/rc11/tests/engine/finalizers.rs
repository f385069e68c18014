//! Finalizers: what the last one to leave does is no choice where nobody can tell who does it, and one where somebody can.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use rc11::cell::Plain;
use rc11::sync::Departures;
use rc11::sync::atomic::fence;

use super::*;

/// What is destroyed, and something else.
struct Shared {
    departures: Departures,
    inner: Departures,
    own: AtomicU32,
    plain: Plain,
    other: AtomicU32,
    lock: Mutex<()>,
    boxed: std::sync::Mutex<Option<boxed::Box<u32>>>,
}

/// `n` threads use what is `own` and leave; the last one does `then`, and each `after`.
fn leave(
    n: usize,
    then: fn(&Shared),
    after: fn(usize, &Shared),
) -> impl Fn() + Send + Sync + Clone {
    move || {
        let shared = Arc::new(Shared {
            departures: Departures::new(),
            inner: Departures::new(),
            own: AtomicU32::new(0),
            plain: Plain::new(0),
            other: AtomicU32::new(0),
            lock: Mutex::new(()),
            boxed: std::sync::Mutex::new(Some(boxed::Box::new(1))),
        });
        threads(n, move |t| {
            if t == 0 {
                shared.own.store(1, Relaxed);
                shared.plain.write(1);
            }
            shared.departures.leave(
                || n,
                |last| {
                    if last {
                        then(&shared)
                    }
                },
            );
            after(t, &shared);
        });
    }
}

fn nothing(_: usize, _: &Shared) {}

#[test]
fn who_destroys_is_not_explored_where_nobody_can_tell() {
    let then: [fn(&Shared); 4] = [
        |shared| assert_eq!(shared.own.load(Relaxed), 1),
        |shared| assert_eq!(shared.own.swap(2, AcqRel), 1),
        |shared| assert_eq!(shared.plain.read(), 1),
        |shared| {
            shared.plain.write(2);
            drop(shared.boxed.lock().unwrap().take());
        },
    ];
    for then in then {
        for n in 1..=4 {
            proves(leave(n, then, nothing), 1, 0);
        }
    }
}

/// What is destroyed may own a part of something else, which goes with the last of its own.
#[test]
fn a_finalizer_may_leave_another_place() {
    let then = |shared: &Shared| {
        shared.inner.leave(|| 1, |last| assert!(last && shared.plain.read() == 1));
    };
    proves(leave(3, then, nothing), 1, 0);
    // Nobody comes after the others by that: each of two loads reads what was there, or what is stored behind a departure.
    let uses = |t: usize, shared: &Shared| match t {
        0 => shared.other.store(1, Relaxed),
        _ => _ = shared.other.load(Relaxed),
    };
    proves(leave(3, then, uses), 4, 0);
}

/// A replay may come to the last departure from one place before it comes to a departure from the other one that is in the graph.
#[test]
fn a_finalizer_may_leave_before_one_that_is_replayed() {
    let body = || {
        let shared = Arc::new(([0; 2].map(AtomicU32::new), [0; 2].map(|_| Departures::new())));
        threads(3, move |t| {
            let ([x, z], [outer, inner]) = &*shared;
            let leave_both = || outer.leave(|| 2, |last| _ = last && inner.leave(|| 2, |_| true));
            match t {
                0 => _ = z.load(Relaxed),
                1 => {
                    x.load(Relaxed);
                    leave_both();
                    inner.leave(|| 2, |_| ());
                    z.store(1, Relaxed);
                }
                _ => {
                    leave_both();
                    x.store(1, Relaxed);
                }
            }
        });
    };
    // Each load finds what was there, or what is stored.
    proves(body, 4, 0);
}

/// The threads come after nobody: neither happens before what the other one does next.
#[test]
fn who_leaves_acquires_nothing() {
    let body = leave(
        2,
        |shared| _ = shared.plain.read(),
        |t, shared| match t {
            0 => shared.other.store(1, Relaxed),
            _ => _ = shared.other.load(Relaxed),
        },
    );
    proves(body, 2, 0);
}

fn load(shared: &Shared) {
    shared.own.load(Relaxed);
}

fn waits(shared: &Shared) {
    drop(shared.lock.lock());
}

fn asks(_: &Shared) {
    thread::current();
}

fn asks_later(shared: &Shared) {
    load(shared);
    asks(shared);
}

fn has_a_fence(shared: &Shared) {
    load(shared);
    fence(SeqCst);
}

fn spawns(_: &Shared) {
    thread::spawn(|| ()).join().unwrap();
}

fn leaves_what_matters(shared: &Shared) {
    shared.inner.leave(|| 1, |_| waits(shared));
}

/// With each of these any of the three may be last.
#[test]
fn what_a_destructor_does_tells_it_apart() {
    let all = [waits, asks, asks_later, has_a_fence, spawns, leaves_what_matters];
    for then in all {
        proves(leave(3, then, nothing), 3, 0);
    }
}

/// An access of what is destroyed that does not happen before that: who was last shows in what it finds.
#[test]
fn what_others_do_tells_it_apart() {
    // The second one finds 0 or 1, but 1 if it was the last.
    let looks = |t: usize, shared: &Shared| {
        if t == 1 {
            shared.own.load(Relaxed);
        }
    };
    proves(leave(3, load, looks), 5, 0);
    // The last one finds 1 before a store behind it; 1 if that one comes first in `co`, and 1 or 2 if it comes last.
    let writes = |t: usize, shared: &Shared| {
        if t == 1 {
            shared.own.store(2, Relaxed);
        }
    };
    proves(leave(3, load, writes), 1 + 2 * 3, 0);
}

/// A finalizer does not come between the thread that it runs on and what that does next: going on with another one there preempts it.
#[test]
fn a_finalizer_does_not_take_the_turn() {
    let body = || {
        let shared = Arc::new((Departures::new(), Plain::new(0), [0; 3].map(AtomicU32::new)));
        let found = Arc::new(std::sync::Mutex::new(Vec::new()));
        let (both, seen) = (shared.clone(), found.clone());
        threads(2, move |t| {
            let (departures, plain, [a, b, c]) = &*both;
            let leave = || departures.leave(|| 2, |last| _ = last && plain.read() == 0);
            if t == 0 {
                let first = a.load(Relaxed);
                b.store(1, Relaxed);
                leave();
                let last = c.load(Relaxed);
                seen.lock().unwrap().extend([first, last]);
            } else {
                leave();
                a.store(1, Relaxed);
                let second = b.load(Relaxed);
                c.store(1, Relaxed);
                seen.lock().unwrap().push(second);
            }
        });
        let mut found = found.lock().unwrap().clone();
        found.sort_unstable();
        found
    };
    // The second thread stops before it loads, the first one behind its departure, which is the last.
    let has_all = |n| results(&Checker::new().preemptions(n), body).contains(&vec![1, 1, 1]);
    assert_eq!([1, 2].map(has_all), [false, true]);
}

/// Whoever catches a panic can tell that it was the last.
#[test]
fn a_destructor_that_panics_is_told_apart() {
    let body = || {
        let departures = Arc::new((Departures::new(), AtomicU32::new(0)));
        threads(2, move |_| {
            let panics = |last| {
                if last {
                    departures.1.load(Relaxed);
                    resume_unwind(Box::new(()));
                }
            };
            _ = catch_unwind(AssertUnwindSafe(|| departures.0.leave(|| 2, panics)));
        });
    };
    proves(body, 2, 0);
}

#[test]
fn a_failure_in_a_finalizer_is_found_and_replayed() {
    let failure = fails(leave(3, |shared| assert_eq!(shared.own.load(Relaxed), 0), nothing));
    assert!(failure.message.contains("left: 1"), "{failure}");
    // One behind it, too.
    let body = leave(
        2,
        |shared| _ = shared.plain.read(),
        |t, shared| match t {
            0 => shared.other.store(1, Relaxed),
            _ => assert_eq!(shared.other.load(Relaxed), 0),
        },
    );
    assert!(fails(body).message.contains("left: 1"));
}

/// A plain access that nobody has left before races with what is done then.
#[test]
fn a_race_with_a_finalizer_is_found() {
    let looks = |t: usize, shared: &Shared| {
        if t == 1 {
            shared.plain.read();
        }
    };
    let failure = fails(leave(2, |shared| shared.plain.write(2), looks));
    assert_eq!(failure.kind, FailureKind::DataRace);
}

/// A token of another program fits nothing, and is not waited for.
#[test]
fn a_token_of_a_destructor_that_does_less_does_not_fit() {
    let looks = |t: usize, shared: &Shared| {
        if t == 0 {
            shared.other.store(1, Relaxed);
        }
    };
    let less = leave(2, |shared| _ = shared.plain.read(), looks);
    let more = |shared: &Shared| {
        shared.plain.read();
        shared.own.load(Relaxed);
    };
    let token = |token: &mut String, (), execution: &Completed<'_>| *token = execution.token();
    let token = Checker::new().collect(&less, token).0;
    assert!(token.contains('~'), "{token}");
    assert_eq!(Checker::new().replay(&token, &less).map(|report| report.complete), Ok(1));
    let other = Checker::new().replay(&token, leave(2, more, looks));
    assert!(matches!(other, Err(BadToken::Mismatch(_))), "{other:?}");
}
