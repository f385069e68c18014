//! Threads that are alike are explored up to their order, where that can be told, and in every order where it cannot.

use super::*;
use rc11::Unit;
use rc11::sync::Departures;

/// How many executions are explored, and for how many they stand: as many as there are with every order explored.
#[track_caller]
fn counts(body: impl Fn() + Send + Sync) -> (u64, u64) {
    let report = check(&body);
    let all = Checker::new().unreduced(true).check(&body);
    assert!(report.is_proved() && all.is_proved(), "{report}, {all}");
    assert_eq!((report.in_every_order, all.in_every_order), (all.complete, all.complete));
    (report.complete, report.in_every_order)
}

/// `n` threads that do this with a number, which is 0 in the beginning.
fn alike<T>(n: usize, f: impl Fn(&AtomicU32) -> T + Sync) {
    let x = AtomicU32::new(0);
    let body = || f(&x);
    thread::scope(|s| s.spawn_alike(n, &body));
}

#[test]
fn what_begins_with_an_update_has_one_order() {
    let update = |n| move || alike(n, |x| x.fetch_add(1, Relaxed));
    assert_eq!(counts(update(6)), (1, 720));
}

#[test]
fn what_begins_with_a_lock_has_one_order() {
    let locks = || {
        let total = Mutex::new(0);
        let add = || *total.lock().unwrap() += 1;
        thread::scope(|s| s.spawn_alike(5, &add));
        assert_eq!(*total.lock().unwrap(), 5);
    };
    assert_eq!(counts(locks), (1, 120));
}

#[test]
fn threads_with_tickets_have_one_order() {
    let served = || {
        let (next, serving) = (AtomicU32::new(0), AtomicU32::new(0));
        let serve = || {
            let ticket = next.fetch_add(1, Relaxed);
            while serving.load(Acquire) != ticket {
                hint::spin_loop();
            }
            serving.store(ticket + 1, Release);
        };
        thread::scope(|s| s.spawn_alike(6, &serve));
    };
    let report = check(served);
    assert_eq!((report.complete, report.in_every_order, report.blocked), (1, 720, 0));
    let shown = report.to_string();
    assert!(shown.contains("(1 execution, for 720 with threads that are alike in every order)"));
}

/// What comes after the first operation is explored as ever.
#[test]
fn what_comes_later_has_its_orders() {
    let read = |x: &AtomicU32| {
        x.fetch_add(1, Relaxed);
        x.load(Relaxed);
    };
    assert_eq!(counts(|| alike(3, read)), (6, 36));
    let failure = fails(|| {
        alike(2, |x| {
            x.fetch_add(1, Relaxed);
            assert_eq!(x.load(Relaxed), 1);
        })
    });
    assert_eq!(failure.kind, FailureKind::Assertion);
}

/// Two groups, with other threads between and after them.
#[test]
fn groups_have_an_order_each() {
    let body = || {
        let (x, y) = (AtomicU32::new(0), AtomicU32::new(0));
        let (one, other) = (|| x.fetch_add(1, AcqRel), || y.fetch_sub(1, Relaxed));
        thread::scope(|s| {
            s.spawn_alike(3, &one);
            s.spawn(|| x.load(Relaxed));
            s.spawn_alike(2, &other);
            x.fetch_add(1, Relaxed);
        });
    };
    // The load reads one of five values; the main thread's update comes at one of four places.
    assert_eq!(counts(body), (20, 240));
}

/// Each of them has threads of its own, that are alike.
#[test]
fn groups_within_groups_have_an_order_each() {
    let body = || {
        let (x, y) = (AtomicU32::new(0), AtomicU32::new(0));
        let inner = || y.fetch_add(1, Relaxed);
        let outer = || {
            x.fetch_add(1, Relaxed);
            thread::scope(|s| {
                s.spawn_alike(2, &inner);
                s.spawn(|| y.load(Relaxed));
            });
        };
        thread::scope(|s| s.spawn_alike(2, &outer));
    };
    let (explored, all) = counts(body);
    assert_eq!(explored * 2 * 2 * 2, all);
}

/// Who leaves last is found, whatever the order is of what came before.
#[test]
fn any_of_them_leaves_last() {
    let body = || {
        let (departures, x) = (Departures::new(), AtomicU32::new(0));
        let leave = || {
            x.fetch_add(1, Relaxed);
            departures.leave(
                || 3,
                |last| {
                    if last {
                        x.load(Relaxed);
                    }
                },
            );
        };
        thread::scope(|s| s.spawn_alike(3, &leave));
        // So it matters who has loaded it.
        x.load(Relaxed);
    };
    let (explored, all) = counts(body);
    assert_eq!((explored * 6, all), (all, 18));
}

/// A store between two of the updates that is not chained to the one before it, and a first operation that only reads.
#[test]
fn what_has_no_order_is_explored_in_every_one() {
    let store_between = || {
        let x = AtomicU32::new(0);
        let add = || x.fetch_add(1, Relaxed);
        thread::scope(|s| {
            s.spawn_alike(2, &add);
            x.store(7, Relaxed);
        });
    };
    let loads = || alike(2, |x| x.load(Relaxed));
    let exchanges = || alike(2, |x| x.compare_exchange(0, 1, Relaxed, Relaxed));
    for (body, all) in
        [(&store_between as &(dyn Fn() + Send + Sync), 6), (&loads, 1), (&exchanges, 2)]
    {
        assert_eq!(counts(body), (all, all));
    }
    let take_and_give = |x: &AtomicU32| {
        x.swap(1, AcqRel);
        x.store(0, Release);
    };
    // The store is chained to the swap of its own thread, but not to those in between.
    let (explored, all) = counts(|| alike(3, take_and_give));
    assert_eq!(explored, all);
}

/// Whoever asks for names may tell one from the other.
#[test]
fn threads_that_ask_for_names_are_not_alike() {
    let names = || {
        alike(3, |x| {
            let before = x.fetch_add(1, Relaxed);
            if thread::current().id().index() == 1 {
                assert_ne!(before, 2, "the first one is the last");
            }
        })
    };
    assert!(fails(names).message.contains("the first one is the last"));
}

/// A deadlock is found, whoever holds which lock.
#[test]
fn those_that_wait_for_each_other_are_found() {
    let body = || {
        let locks = [Mutex::new(()), Mutex::new(())];
        let turn = AtomicU32::new(0);
        let take_both = || {
            let first = turn.fetch_add(1, Relaxed) as usize % 2;
            let _one = locks[first].lock();
            let _other = locks[1 - first].lock();
        };
        thread::scope(|s| s.spawn_alike(2, &take_both));
    };
    assert_eq!(fails(body).kind, FailureKind::Deadlock);
}

/// What is explored in parts, and what it stands for: with what was run to split it, as much as in one.
fn in_parts(body: impl Fn() + Send + Sync + Copy, is_told: bool) -> [u64; 2] {
    let none = |(): &mut (), (), _: &Completed<'_>| {};
    let (_, split) = Checker::new().split(&Unit::whole(), 3, body, none).unwrap();
    assert_eq!(split.unreduced, !is_told);
    let units = split.units.iter();
    let units = units.map(|unit| Checker::new().collect_unit(unit, body, none).unwrap().1);
    units.chain([split.report.clone()]).fold([0; 2], |[explored, all], report| {
        [explored + report.complete, all + report.in_every_order]
    })
}

#[test]
fn parts_add_up_to_what_the_whole_stands_for() {
    let read = |x: &AtomicU32| {
        x.fetch_add(1, Relaxed);
        x.load(Relaxed);
    };
    assert_eq!(in_parts(|| alike(3, read), true), [6, 36]);
    let store = |x: &AtomicU32| {
        x.swap(1, AcqRel);
        x.store(0, Release);
    };
    let all = Checker::new().unreduced(true).check(|| alike(3, store)).complete;
    assert_eq!(in_parts(|| alike(3, store), false), [all, all]);
}

/// A handle tells whose it is: here, whose token was made before the other thread began.
#[test]
fn threads_that_ask_for_handles_are_not_alike() {
    let body = || {
        let (x, y, slot) =
            (AtomicU32::new(0), AtomicU32::new(0), std::sync::Mutex::new(None::<thread::Thread>));
        let unpark = || {
            if x.fetch_add(1, Relaxed) == 0 {
                *slot.lock().unwrap() = Some(thread::current());
                y.store(1, Relaxed);
            } else if y.load(Relaxed) == 1 {
                slot.lock().unwrap().take().unwrap().unpark();
            }
        };
        thread::scope(|s| s.spawn_alike(2, &unpark));
    };
    let (one, all) = (check(body), Checker::new().unreduced(true).check(body));
    assert_eq!((one.race, one.is_proved()), (all.race, all.is_proved()), "{one}, {all}");
    assert_eq!(one.complete, all.complete);
}
