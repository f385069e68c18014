//! Departures: who is last is explored, and no order of the others.

use rc11::sync::Departures;

use super::*;

/// `n` threads leave after `before`; whoever is last does `then`.
fn leave(
    n: usize,
    before: impl Fn(usize) + Clone + Send + Sync + 'static,
    then: impl Fn(usize) + Clone + Send + Sync + 'static,
) -> impl Fn() + Send + Sync {
    move || {
        let departures = Arc::new(Departures::new());
        let (before, then) = (before.clone(), then.clone());
        threads(n, move |t| {
            before(t);
            if departures.leave(|| n) {
                then(t);
            }
        });
    }
}

#[test]
fn n_threads_that_leave_have_n_executions() {
    for n in 1..=6 {
        proves(leave(n, |_| (), |_| ()), n as u64, 0);
    }
}

#[test]
fn the_last_comes_after_what_each_did_before_it_left() {
    let shared = || {
        let body = |guarded: bool| {
            move || {
                let departures = Arc::new((Departures::new(), AtomicU32::new(0)));
                threads(2, move |t| {
                    if t == 0 {
                        departures.1.plain_store(1);
                    }
                    if departures.0.leave(|| 2) || !guarded {
                        departures.1.plain_load();
                    }
                });
            }
        };
        (body(true), body(false))
    };
    proves(shared().0, 2, 0);
    assert_eq!(fails(shared().1).kind, FailureKind::DataRace);
}

/// Each of the three is last in some execution, and its token leads there again.
#[test]
fn an_execution_is_replayed_with_the_same_thread_last() {
    for last in 0..3 {
        let body = leave(3, |_| (), move |t| assert_ne!(t, last, "{t} is last"));
        let failure = check(&body).failure().expect("each is last in some execution").clone();
        let again = Checker::new().replay(&failure.replay, &body).unwrap();
        assert_eq!(again.failure().unwrap().message, failure.message);
    }
}

/// A thread that leaves and then waits for another cannot be last where that one leaves later.
#[test]
fn who_is_waited_for_before_it_leaves_comes_later() {
    let body = || {
        let departures = Arc::new(Departures::new());
        let shared = departures.clone();
        let other = thread::spawn(move || shared.leave(|| 2));
        let first = other.join().unwrap();
        assert!(!first && departures.leave(|| 2));
    };
    proves(body, 1, 0);
}

/// A thread that a lock wakes goes on at once if it comes first in the order of threads. If it went on only when who woke it stops, who
/// leaves last in the canonical execution would depend on what the reader reads, and executions would be lost.
#[test]
fn the_graph_alone_says_who_comes_next() {
    let body = || {
        let departures = Arc::new((Departures::new(), Mutex::new(()), AtomicU32::new(0)));
        threads(4, move |t| {
            let (departures, lock, x) = &*departures;
            match t {
                1 => _ = departures.leave(|| 3),
                2 => _ = x.load(Relaxed),
                _ => {
                    let held = lock.lock();
                    x.store(1, Relaxed);
                    drop(held);
                    departures.leave(|| 3);
                }
            }
        });
    };
    proves(body, 18, 0);
}

/// Six executions: two orders of the critical sections, and three who may be last. One comes twice, which is a flaw and no more.
#[test]
fn a_choice_may_be_made_twice() {
    let body = || {
        let departures = Arc::new((Departures::new(), Mutex::new(())));
        let other = departures.clone();
        let others: Vec<_> = (0..3)
            .map(|t| {
                let departures = other.clone();
                thread::spawn(move || {
                    if t != 1 {
                        drop(departures.1.lock());
                    }
                    if t != 2 {
                        departures.0.leave(|| 3);
                    }
                })
            })
            .collect();
        departures.0.leave(|| 3);
        others.into_iter().for_each(|other| other.join().unwrap());
    };
    let report = check(body);
    assert!(report.is_proved(), "{report}");
    assert!((6..=7).contains(&report.complete), "{report}");
}
