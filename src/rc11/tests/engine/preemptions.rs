//! The search with a bound on preemptions: what the oracle's programs do not have, and what it says of its bound.

use std::collections::BTreeSet;
use std::time::Duration;

use rc11::sync::atomic::{AtomicU32, Ordering::*};
use rc11::sync::{Arc, Condvar, Mutex};
use rc11::{Checker, Limit, Verdict, hint, thread};

use super::results;

/// Without a bound there are as many executions as in the other search.
#[track_caller]
fn same(body: impl Fn() + Send + Sync) {
    let report = Checker::new().check(&body);
    let bounded = Checker::new().preemptions(u32::MAX).check(&body);
    assert!(report.is_proved() && bounded.is_proved(), "{report}\n{bounded}");
    assert_eq!(report.complete, bounded.complete);
}

#[test]
fn parks_with_and_without_a_cause() {
    same(|| {
        let x = AtomicU32::new(0);
        thread::scope(|s| {
            let parked = s.spawn(|| {
                thread::park();
                x.store(1, Relaxed);
            });
            let handle = parked.thread().clone();
            s.spawn(move || handle.unpark());
            x.load(Relaxed);
        });
    });
}

#[test]
fn parks_that_time_out() {
    same(|| {
        let x = AtomicU32::new(0);
        thread::scope(|s| {
            let parked = s.spawn(|| {
                thread::park_timeout(Duration::from_secs(1));
                x.store(1, Relaxed);
            });
            x.load(Relaxed);
            parked.thread().unpark();
        });
    });
}

/// Nobody ends it: it ends by itself, or the thread is left behind.
#[test]
fn parks_that_nobody_ends() {
    same(|| {
        let x = Arc::new(AtomicU32::new(0));
        let stored = x.clone();
        thread::spawn(move || {
            thread::park();
            stored.store(1, Relaxed);
        });
        x.load(Relaxed);
    });
}

/// Executions that differ in nothing but what was chosen.
#[test]
fn choices() {
    same(|| {
        rc11::choose(3);
    });
}

#[test]
fn waits_at_a_condition_variable() {
    same(|| {
        let (ready, changed) = (Mutex::new(false), Condvar::new());
        thread::scope(|s| {
            s.spawn(|| {
                let mut ready = ready.lock().unwrap();
                while !*ready {
                    ready = changed.wait(ready).unwrap();
                }
            });
            s.spawn(|| {
                *ready.lock().unwrap() = true;
                changed.notify_one();
            });
        });
    });
}

#[test]
fn loops_that_wait_for_a_change() {
    same(|| {
        let (x, y) = (AtomicU32::new(0), AtomicU32::new(0));
        thread::scope(|s| {
            s.spawn(|| {
                while x.load(Relaxed) == 0 {
                    hint::spin_loop();
                }
                y.store(1, Relaxed);
            });
            x.store(1, Relaxed);
            x.store(2, Relaxed);
            y.load(Relaxed);
        });
    });
}

/// Without a preemption the first writes both values, and the second reads the older one.
#[test]
fn a_loop_may_end_on_an_old_value() {
    let body = || {
        let x = AtomicU32::new(0);
        thread::scope(|s| {
            s.spawn(|| {
                x.store(1, Relaxed);
                x.store(2, Relaxed);
            });
            s.spawn(|| {
                while x.load(Relaxed) != 1 {
                    hint::spin_loop();
                }
            });
        });
    };
    let report = Checker::new().keep_going(true).preemptions(0).check(body);
    assert!(report.complete > 0, "{report}");
}

/// A loop that comes round on an old value lets others go first, which is no preemption.
#[test]
fn who_comes_round_on_an_old_value_is_not_preempted() {
    let body = || {
        let seen = AtomicU32::new(0);
        let [x, y, z, first] = [(); 4].map(|()| AtomicU32::new(0));
        thread::scope(|s| {
            s.spawn(|| {
                x.store(1, Relaxed);
                first.store(1, Relaxed);
            });
            s.spawn(|| {
                while first.load(Relaxed) == 0 {
                    hint::spin_loop();
                }
                y.store(1, Relaxed);
                while x.load(Relaxed) == 0 {
                    hint::spin_loop();
                }
                seen.store(z.load(Relaxed), Relaxed);
            });
            s.spawn(|| z.store(y.load(Relaxed), Relaxed));
        });
        seen.load(Relaxed)
    };
    let seen = results(&Checker::new().preemptions(0), body);
    assert!(seen.contains(&1), "{seen:?}");
}

/// Where somebody's turn has a price, and then has none, what is left of the bound is for others: one who is preempted, and one who has come round.
#[test]
fn a_turn_may_become_free() {
    let body = || {
        let [x, y, p, first] = [(); 4].map(|()| AtomicU32::new(0));
        let (x, y, p, first) = (&x, &y, &p, &first);
        thread::scope(|s| {
            s.spawn(move || {
                x.store(1, Relaxed);
                first.store(1, Relaxed);
            });
            let comes_round = s.spawn(move || {
                while first.load(Relaxed) == 0 {
                    hint::spin_loop();
                }
                y.store(1, Relaxed);
                loop {
                    match x.load(Relaxed) {
                        0 => hint::spin_loop(),
                        found => break [found, p.fetch_add(1, Relaxed)],
                    }
                }
            });
            let preempted = s.spawn(move || {
                let seen = [y.load(Relaxed), x.swap(2, Relaxed)];
                p.fetch_add(1, Relaxed);
                seen
            });
            (comes_round.join().unwrap(), preempted.join().unwrap())
        })
    };
    // The first has ended, the second has come round on the old 0, and the third is preempted behind its swap.
    let expected = ([2, 0], [1, 1]);
    assert!(!results(&Checker::new().preemptions(0), body).contains(&expected));
    assert!(results(&Checker::new().preemptions(1), body).contains(&expected));
}

/// Who is first at each of three counters, in the executions with at most so many preemptions.
///
/// The first thread counts once, then the gate is open, and it counts twice; the second one counts twice and passes the gate before it counts again. It is not
/// preempted at the gate if it comes there early: earlier than any of the places where the two orders of something begin to differ.
fn firsts<G: Default + Sync>(
    preemptions: u32,
    count_and_open: fn(&dyn Fn(), &G, thread::Thread),
    pass: fn(&G),
) -> BTreeSet<[u32; 3]> {
    let body = || {
        let gate = G::default();
        let counters = [(); 3].map(|()| AtomicU32::new(0));
        let (gate, count) = (&gate, &|n: usize| counters[n].fetch_add(1, Relaxed));
        thread::scope(|s| {
            let second = s.spawn(move || {
                let early = [count(0), count(1)];
                pass(gate);
                [early[0], early[1], count(2)]
            });
            let handle = second.thread().clone();
            s.spawn(move || {
                count_and_open(&|| _ = count(0), gate, handle);
                count(1);
                count(2);
            });
            second.join().unwrap()
        })
    };
    results(&Checker::new().preemptions(preemptions), body)
}

/// All but one need one preemption at most. Who is first only at the first and the third counter has left its turn before the second, and the other one
/// before the third.
#[test]
fn who_waits_early_is_not_preempted() {
    let counts = [0, 1].into_iter().flat_map(|a| [[a, 0, 0], [a, 0, 1], [a, 1, 0], [a, 1, 1]]);
    let all: BTreeSet<_> = counts.collect();
    let mut within_one = all.clone();
    within_one.remove(&[0, 1, 0]);
    let open: fn(&dyn Fn(), &AtomicU32, thread::Thread) = |count, gate, _| {
        count();
        gate.store(1, Relaxed);
    };
    let gates: [(&str, &dyn Fn(u32) -> _); 4] = [
        ("a loop", &|bound| {
            firsts(bound, open, |gate| {
                while gate.load(Relaxed) == 0 {
                    hint::spin_loop();
                }
            })
        }),
        ("a loop that exchanges", &|bound| {
            firsts(bound, open, |gate| {
                while gate.compare_exchange(1, 0, Relaxed, Relaxed).is_err() {
                    hint::spin_loop();
                }
            })
        }),
        ("a parked thread", &|bound| {
            let open = |count: &dyn Fn(), _: &(), parked: thread::Thread| {
                count();
                parked.unpark();
            };
            firsts(bound, open, |()| thread::park())
        }),
        ("a mutex", &|bound| {
            let open = |count: &dyn Fn(), gate: &Mutex<()>, _| {
                let _open = gate.lock().unwrap();
                count();
            };
            firsts(bound, open, |gate| drop(gate.lock().unwrap()))
        }),
    ];
    for (gate, firsts) in gates {
        assert_eq!(firsts(1), within_one, "{gate}");
        assert_eq!(firsts(2), all, "{gate}");
    }
}

/// The one that joins comes first at one counter and last at the other without a preemption: it waits for a thread that has not even begun.
#[test]
fn who_joins_early_is_not_preempted() {
    let body = || {
        let counters = [AtomicU32::new(0), AtomicU32::new(0)];
        let count = &|n: usize| counters[n].fetch_add(1, Relaxed);
        thread::scope(|s| {
            let joined = s.spawn(|| ());
            let joins = s.spawn(move || {
                let early = count(0);
                joined.join().unwrap();
                [early, count(1)]
            });
            s.spawn(move || [count(0), count(1)]);
            joins.join().unwrap()
        })
    };
    let seen = results(&Checker::new().preemptions(0), body);
    assert_eq!(seen, BTreeSet::from([[0, 0], [0, 1], [1, 1]]));
}

fn lock(word: &AtomicU32) {
    while word.compare_exchange(0, 1, Acquire, Relaxed).is_err() {
        hint::spin_loop();
    }
}

/// One preemption, between its two locks: the deadlock of two threads that wait in loops.
#[test]
fn spin_locks_taken_in_two_orders() {
    let body = || {
        let locks = [AtomicU32::new(0), AtomicU32::new(0)];
        let both = |first: usize, second: usize| {
            lock(&locks[first]);
            lock(&locks[second]);
            locks[second].store(0, Release);
            locks[first].store(0, Release);
        };
        thread::scope(|s| {
            s.spawn(|| both(0, 1));
            s.spawn(|| both(1, 0));
        });
    };
    let none = Checker::new().preemptions(0).check(body);
    assert!(matches!(none.verdict, Verdict::Bounded(Limit::Preemptions(0))), "{none}");
    let one = Checker::new().preemptions(1).check(body);
    let failure = one.failure().expect("it deadlocks");
    let again = Checker::new().replay(&failure.replay, body).expect("the token fits");
    assert!(again.failure().is_some(), "{again}");
}

/// Three threads that each add twice.
fn additions() {
    let x = AtomicU32::new(0);
    thread::scope(|s| {
        for _ in 0..3 {
            s.spawn(|| {
                x.fetch_add(1, Relaxed);
                x.fetch_add(1, Relaxed);
            });
        }
    });
}

/// Threads in any order: 3!. With one in two parts, and others between these: for each thread 4!/2 - 3! more.
#[test]
fn a_bound_is_said_if_it_leaves_something_out() {
    let within = |n| Checker::new().preemptions(n).check(additions);
    let [none, one, all] = [0, 1, 12].map(within);
    assert_eq!([none.complete, one.complete, all.complete], [6, 24, 90]);
    assert!(matches!(one.verdict, Verdict::Bounded(Limit::Preemptions(1))), "{one}");
    assert!(all.is_proved(), "{all}");
}

/// The bound grows from none, so that what is cut off has an answer.
#[test]
fn what_is_cut_off_says_within_which_bound_all_was_explored() {
    let report = Checker::new().preemptions(3).max_executions(50).check(additions);
    assert!(matches!(report.verdict, Verdict::Bounded(Limit::Executions(50))), "{report}");
    assert_eq!(report.within, Some(1));
    assert!(report.to_string().contains("all with at most 1 preemption were explored"), "{report}");
}
