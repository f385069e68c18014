//! A compare-exchange that fails and is repeated is no execution of its own, where nobody can tell; and is, where somebody can.

use std::sync::atomic::Ordering;

use super::*;

/// Replaces the number by what `new` makes of it and of how often that was tried; tells both.
#[inline(never)]
fn replace(
    x: &AtomicU32,
    [load, success, failure]: [Ordering; 3],
    new: impl Fn(u32, u32) -> u32,
) -> (u32, u32) {
    let mut old = x.load(load);
    let mut tries = 1;
    loop {
        match x.compare_exchange(old, new(old, tries), success, failure) {
            Ok(_) => return (old, tries),
            Err(found) => old = found,
        }
        tries += 1;
    }
}

/// The same without a count.
#[inline(never)]
fn increment(x: &AtomicU32, [load, success, failure]: [Ordering; 3]) -> u32 {
    let mut old = x.load(load);
    while let Err(found) = x.compare_exchange(old, old + 1, success, failure) {
        old = found;
    }
    old
}

fn increments(n: usize, orders: [Ordering; 3]) -> impl Fn() + Send + Sync {
    move || {
        let x = Arc::new(AtomicU32::new(0));
        let shared = x.clone();
        threads(n, move |_| _ = increment(&shared, orders));
        assert_eq!(x.load(Relaxed), n as u32);
    }
}

fn unreduced(body: impl Fn() + Send + Sync) -> u64 {
    let report = Checker::new().unreduced(true).check(body);
    assert!(report.is_proved(), "{report}");
    report.complete
}

#[test]
fn increments_come_in_any_order_and_each_once() {
    for orders in [[Relaxed; 3], [Acquire, AcqRel, Acquire], [SeqCst; 3]] {
        for (n, complete) in [(2, 2), (3, 6), (4, 24)] {
            proves(increments(n, orders), complete, 0);
        }
    }
    assert!(unreduced(increments(3, [Relaxed; 3])) > 6);
}

/// What the load acquires the failed try does not: without it more would be ordered.
#[test]
fn a_load_that_orders_more_is_not_taken_for_the_try() {
    let weaker = increments(2, [Acquire, AcqRel, Relaxed]);
    proves(&weaker, unreduced(&weaker), 0);
    proves(increments(2, [Relaxed, AcqRel, Acquire]), 2, 0);
}

#[test]
fn who_counts_tries_sees_them() {
    let counts = || {
        let x = Arc::new(AtomicU32::new(0));
        let y = x.clone();
        let other = thread::spawn(move || increment(&y, [Relaxed; 3]));
        let (_, tries) = replace(&x, [Relaxed; 3], |old, _| old + 1);
        other.join().unwrap();
        tries
    };
    assert_eq!(Vec::from_iter(results(&Checker::new(), counts)), [1, 2]);
}

#[test]
fn who_writes_how_often_it_has_tried_does_so() {
    let writes = || {
        let x = Arc::new(AtomicU32::new(0));
        let y = x.clone();
        let other = thread::spawn(move || _ = y.fetch_add(10, Relaxed));
        replace(&x, [Relaxed; 3], |old, tries| old + tries);
        other.join().unwrap();
        x.load(Relaxed)
    };
    assert_eq!(Vec::from_iter(results(&Checker::new(), writes)), [11, 12]);
}

/// What tells the first try from others is gone after the next one, whichever way that ends: only what it writes tells.
#[test]
fn who_adds_more_at_first_does_so() {
    #[inline(never)]
    fn add_more_at_first(x: &AtomicU32) {
        let (mut old, mut more) = (x.load(Relaxed), 1);
        while let Err(found) = x.compare_exchange(old, old + more, Relaxed, Relaxed) {
            (old, more) = (found, 5);
        }
    }
    let adds = || {
        let x = Arc::new(AtomicU32::new(0));
        let y = x.clone();
        let other = thread::spawn(move || _ = y.fetch_add(10, Relaxed));
        add_more_at_first(&x);
        other.join().unwrap();
        x.load(Relaxed)
    };
    assert_eq!(Vec::from_iter(results(&Checker::new(), adds)), [11, 15]);
}

#[test]
fn who_gives_up_does_so() {
    #[inline(never)]
    fn increments_in_two_tries(x: &AtomicU32) -> bool {
        let mut old = x.load(Relaxed);
        for _ in 0..2 {
            match x.compare_exchange(old, old + 1, Relaxed, Relaxed) {
                Ok(_) => return true,
                Err(found) => old = found,
            }
        }
        false
    }
    let tries = || {
        let x = Arc::new(AtomicU32::new(0));
        let y = x.clone();
        let other = thread::spawn(move || (0..2).for_each(|_| _ = y.fetch_add(1, Relaxed)));
        let succeeds = increments_in_two_tries(&x);
        other.join().unwrap();
        succeeds
    };
    assert_eq!(Vec::from_iter(results(&Checker::new(), tries)), [false, true]);
}

/// What a failed try would have acquired the load acquires in its place: nothing races. With a weaker one there is a race in either case.
#[test]
fn what_is_published_is_read_once_it_is_seen() {
    let publish = |failure: Ordering| {
        move || {
            let shared = Arc::new((AtomicU32::new(0), rc11::cell::Plain::new(0)));
            let other = shared.clone();
            let writer = thread::spawn(move || {
                other.1.write(1);
                other.0.store(1, Release);
            });
            if increment(&shared.0, [failure, Relaxed, failure]) == 1 {
                assert_eq!(shared.1.read(), 1);
            }
            writer.join().unwrap();
        }
    };
    assert!(check(publish(Acquire)).is_proved());
    assert_eq!(fails(publish(Relaxed)).kind, FailureKind::DataRace);
}

/// The value is there again, and the load could have read the second one as well.
#[test]
fn what_is_replaced_is_what_was_loaded() {
    let back_and_forth = || {
        let x = Arc::new(AtomicU32::new(0));
        let y = x.clone();
        let other = thread::spawn(move || [1, 0].into_iter().for_each(|n| y.store(n, Relaxed)));
        let old = x.load(Relaxed);
        _ = x.compare_exchange(old, 5, Relaxed, Relaxed);
        other.join().unwrap();
    };
    let all = unreduced(back_and_forth);
    let report = check(back_and_forth);
    assert!(report.is_proved() && report.complete < all, "{report}, of {all}");
}

#[test]
fn a_bounded_search_has_as_many() {
    for n in [2, 3] {
        let body = increments(n, [Acquire, AcqRel, Acquire]);
        let report = Checker::new().preemptions(u32::MAX).check(&body);
        assert!(report.is_proved(), "{report}");
        assert_eq!(report.complete, check(&body).complete);
    }
}
