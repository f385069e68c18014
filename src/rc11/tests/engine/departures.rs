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
            departures.leave(
                || n,
                |last| {
                    if last {
                        then(t)
                    }
                },
            );
        });
    }
}

/// What the last one does, if it matters which thread does it.
fn asks_who_it_is(last: bool) {
    if last {
        thread::current();
    }
}

#[test]
fn n_threads_that_leave_have_n_executions() {
    for n in 1..=6 {
        proves(leave(n, |_| (), |_| asks_who_it_is(true)), n as u64, 0);
    }
}

/// Nor does the last one come after the others then: the load may be before the store.
#[test]
fn who_is_last_is_not_explored_where_nothing_is_done_then() {
    for n in 1..=6 {
        proves(leave(n, |_| (), |_| ()), 1, 0);
    }
    let looks_after = |then: fn(bool)| {
        move || {
            let departures = Arc::new((Departures::new(), AtomicU32::new(0)));
            threads(2, move |t| {
                let (departures, x) = &*departures;
                if t == 0 {
                    x.store(1, Relaxed);
                }
                departures.leave(|| 2, then);
                if t == 1 {
                    x.load(Relaxed);
                }
            });
        }
    };
    proves(looks_after(|_| ()), 2, 0);
    // The second thread is last, and reads 1; or the first is, and it reads either.
    proves(looks_after(asks_who_it_is), 3, 0);
}

/// What a departure does among what the last one of another does matters to that if it matters.
#[test]
fn a_departure_within_another_matters_to_it() {
    let body = |inner: fn(bool)| {
        move || {
            let both = Arc::new((Departures::new(), Departures::new()));
            threads(2, move |_| {
                let (outer, within) = &*both;
                outer.leave(
                    || 2,
                    |last| {
                        if last {
                            within.leave(|| 1, inner)
                        }
                    },
                );
            });
        }
    };
    proves(body(|_| ()), 1, 0);
    proves(body(asks_who_it_is), 2, 0);
}

#[test]
fn the_last_comes_after_what_each_did_before_it_left() {
    let looks = |if_last: bool| {
        move || {
            let shared = Arc::new((Departures::new(), AtomicU32::new(0)));
            threads(2, move |t| {
                let (departures, value) = &*shared;
                if t == 0 {
                    value.plain_store(1);
                }
                departures.leave(
                    || 2,
                    |last| {
                        if last || !if_last {
                            value.plain_load();
                        }
                    },
                );
            });
        }
    };
    proves(looks(true), 1, 0);
    assert_eq!(fails(looks(false)).kind, FailureKind::DataRace);
}

/// Each of the three is last in some execution, and its token leads there again.
#[test]
fn an_execution_is_replayed_with_the_same_thread_last() {
    for last in 0..3 {
        let then = move |t| {
            asks_who_it_is(true);
            assert_ne!(t, last, "{t} is last");
        };
        let body = leave(3, |_| (), then);
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
        let other = thread::spawn(move || shared.leave(|| 2, |last| last));
        let first = other.join().unwrap();
        assert!(!first && departures.leave(|| 2, |last| last));
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
                1 => departures.leave(|| 3, asks_who_it_is),
                2 => _ = x.load(Relaxed),
                _ => {
                    let held = lock.lock();
                    x.store(1, Relaxed);
                    drop(held);
                    departures.leave(|| 3, asks_who_it_is);
                }
            }
        });
    };
    proves(body, 18, 0);
}

/// Six executions: two orders of the critical sections, and three who may be last.
#[test]
fn a_thread_is_chosen_to_be_last_once() {
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
                        departures.0.leave(|| 3, asks_who_it_is);
                    }
                })
            })
            .collect();
        departures.0.leave(|| 3, asks_who_it_is);
        others.into_iter().for_each(|other| other.join().unwrap());
    };
    proves(body, 6, 0);
}

/// That the first thread may be last shows only where a revisit lets the second one leave: the flag is read as 0, or as 1 and either is last.
#[test]
fn who_may_be_last_shows_in_any_execution_without_the_choice() {
    let body = || {
        let departures = Arc::new((Departures::new(), AtomicU32::new(0)));
        threads(3, move |t| {
            let (departures, flag) = &*departures;
            let leaves = match t {
                0 => true,
                1 => flag.load(Relaxed) == 1,
                _ => {
                    flag.store(1, Relaxed);
                    false
                }
            };
            if leaves {
                departures.leave(|| 2, asks_who_it_is);
            }
        });
    };
    proves(body, 3, 0);
}

/// Whoever has to be the last, as all others have left before a write, may be deleted when that write revisits an earlier read; whoever was
/// chosen to be the last may not.
#[test]
fn a_revisit_deletes_the_last_if_it_had_to_be() {
    let body = || {
        let shared = (Departures::new(), Mutex::new(()), AtomicU32::new(0));
        let shared = Arc::new(shared);
        threads(4, move |t| {
            let (departures, lock, x) = &*shared;
            let leave = || departures.leave(|| 3, asks_who_it_is);
            match t {
                0 => {
                    let held = lock.lock();
                    x.store(1, Relaxed);
                    drop(held);
                }
                1 => {
                    x.fetch_add(1, Relaxed);
                    leave();
                }
                2 => {
                    leave();
                    x.store(1, Relaxed);
                }
                _ => {
                    leave();
                    x.fetch_add(1, Relaxed);
                }
            }
        });
    };
    // As many as the oracle counts.
    proves(body, 48, 0);
}
