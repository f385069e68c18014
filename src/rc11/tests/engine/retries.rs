//! A compare-exchange that fails and is repeated is no execution of its own, where nobody can tell; and is, where somebody can.

use std::cell::Cell;
use std::fmt::Debug;
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

/// What a thread may tell that changes a number beside another one, each with what the number is in the end.
fn told_beside<T: Ord + Send>(
    other: impl Fn(&AtomicU32) + Clone + Send + Sync + 'static,
    change: impl Fn(&AtomicU32) -> T + Sync,
) -> Vec<(T, u32)> {
    let run = || {
        let x = Arc::new(AtomicU32::new(0));
        let (y, other) = (x.clone(), other.clone());
        let other = thread::spawn(move || other(&y));
        let told = change(&x);
        other.join().unwrap();
        (told, x.load(Relaxed))
    };
    Vec::from_iter(results(&Checker::new(), run))
}

#[test]
fn who_counts_tries_sees_them() {
    let counts = |x: &AtomicU32| replace(x, [Relaxed; 3], |old, _| old + 1).1;
    let told = told_beside(|x| _ = increment(x, [Relaxed; 3]), counts);
    assert_eq!(told, [(1, 2), (2, 2)]);
}

#[test]
fn who_writes_how_often_it_has_tried_does_so() {
    let writes = |x: &AtomicU32| _ = replace(x, [Relaxed; 3], |old, tries| old + tries);
    let told = told_beside(|x| _ = x.fetch_add(10, Relaxed), writes);
    assert_eq!(told, [((), 11), ((), 12)]);
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
    let told = told_beside(|x| _ = x.fetch_add(10, Relaxed), add_more_at_first);
    assert_eq!(told, [((), 11), ((), 15)]);
}

/// Whoever tries thrice does the same after the first failure as after the second one.
#[test]
fn who_gives_up_does_so() {
    #[inline(never)]
    fn increments_in(tries: u32, x: &AtomicU32) -> bool {
        let mut old = x.load(Relaxed);
        for _ in 0..tries {
            match x.compare_exchange(old, old + 1, Relaxed, Relaxed) {
                Ok(_) => return true,
                Err(found) => old = found,
            }
        }
        false
    }
    for tries in [2, 3] {
        let other = move |x: &AtomicU32| (0..tries).for_each(|_| _ = x.fetch_add(1, Relaxed));
        let told = told_beside(other, |x| increments_in(tries, x));
        assert_eq!(told, [(false, tries), (true, tries + 1)]);
    }
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

/// What a thread has read before does not matter, nor whether its address is another one in each run.
#[test]
fn who_has_read_an_address_tries_again_unseen() {
    let increments_after_an_address = |n| {
        move || {
            let x = Arc::new(AtomicU32::new(0));
            let to = Arc::new(AtomicPtr::new(Box::into_raw(Box::new(0))));
            let shared = (x, to.clone());
            threads(n, move |_| {
                assert!(!shared.1.load(Relaxed).is_null());
                increment(&shared.0, [Relaxed; 3]);
            });
            // SAFETY: it came of a box, and the threads have ended.
            drop(unsafe { Box::from_raw(to.load(Relaxed)) });
        }
    };
    for (n, complete) in [(2, 2), (3, 6)] {
        proves(increments_after_an_address(n), complete, 0);
    }
}

/// A bit that is changed to and fro.
struct Toggle {
    bit: AtomicU32,
    /// Whether what was found first is told, and what the first try changes.
    tells_the_first: bool,
    at_first: Cell<u32>,
}

// SAFETY: the cell is one thread's.
unsafe impl Sync for Toggle {}

impl Toggle {
    fn new(tells_the_first: bool) -> Arc<Self> {
        Arc::new(Toggle { bit: AtomicU32::new(0), tells_the_first, at_first: Cell::new(1) })
    }

    /// What was found first, if that is told, and what was changed.
    #[inline(never)]
    fn change(&self, tells_the_first: bool) -> (u32, u32) {
        let mut first = self.bit.load(Relaxed);
        let mut old = first;
        let mut new = old ^ self.at_first.get();
        while let Err(found) = self.bit.compare_exchange(old, new, Relaxed, Relaxed) {
            (old, new) = (found, found ^ 1);
            if !tells_the_first && !self.tells_the_first {
                first = found;
            }
        }
        (first, old)
    }
}

/// The outcomes of one thread are the same as if each try were explored, while another one changes each of these bits twice.
fn loses_no_outcome<T: Ord + Debug + Send>(
    bits: impl Fn() -> Vec<Arc<Toggle>> + Sync,
    body: impl Fn(&[Arc<Toggle>]) -> T + Sync,
) {
    let run = || {
        let all = bits();
        let others = all.clone();
        let other = thread::spawn(move || {
            let twice = others.iter().flat_map(|toggle| [toggle, toggle]);
            twice.for_each(|toggle| _ = toggle.bit.fetch_xor(1, Relaxed));
        });
        let found = body(&all);
        other.join().unwrap();
        found
    };
    assert_eq!(results(&Checker::new(), run), results(&Checker::new().unreduced(true), run));
}

/// Two orders; and once more where somebody can tell that a try has failed.
#[test]
fn a_failed_try_is_left_out_unless_it_is_told() {
    for (tells_the_first, complete) in [(false, 2), (true, 3)] {
        let changes = move || {
            let toggle = Toggle::new(false);
            let same = toggle.clone();
            let other = thread::spawn(move || _ = same.bit.fetch_xor(1, Relaxed));
            let told = toggle.change(tells_the_first);
            other.join().unwrap();
            assert!(told < (2, 2));
        };
        proves(changes, complete, 0);
    }
}

/// The loop is at the same place, and does the same but for what it remembers.
#[test]
fn two_loops_with_another_memory_are_two() {
    for tells in [[false, true], [true, false]] {
        let one_bit = || vec![Toggle::new(false)];
        loses_no_outcome(one_bit, |bits| tells.map(|tells| bits[0].change(tells)));
    }
}

/// Here what it remembers depends on what is on the heap.
#[test]
fn two_loops_on_two_locations_are_two() {
    for tells in [[false, true], [true, false]] {
        let two_bits = || Vec::from(tells.map(Toggle::new));
        loses_no_outcome(two_bits, |bits| [0, 1].map(|i| bits[i].change(false)));
    }
}

/// One time the first try is the same as later ones, and another time it is not.
#[test]
fn two_loops_that_ask_for_other_values_are_two() {
    for at_first in [[0, 1], [1, 0]] {
        let one_bit = || vec![Toggle::new(false)];
        loses_no_outcome(one_bit, |bits| {
            let change = |at_first: u32| {
                bits[0].at_first.set(at_first);
                (bits[0].change(false), bits[0].bit.load(Relaxed))
            };
            at_first.map(change)
        });
    }
}
