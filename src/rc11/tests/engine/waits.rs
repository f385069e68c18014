//! Rounds of waiting loops that are left out, and those that must not be.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::hint::black_box;

use rc11::cell::{Plain, UnsafeCell};
use rc11::sync::atomic::fence;

use super::*;

fn factorial(n: u64) -> u64 {
    (1..=n).product()
}

/// Every order in which the tickets are drawn is one execution, and nobody's waiting is.
#[test]
fn n_threads_with_tickets_have_n_factorial_executions() {
    for n in 2..=6 {
        let body = move || {
            let lock = Arc::new((AtomicU32::new(0), AtomicU32::new(0), Plain::new(0)));
            threads(n, move |_| {
                let mine = lock.0.fetch_add(1, Relaxed);
                while lock.1.load(Acquire) != mine {
                    hint::spin_loop();
                }
                lock.2.write(1);
                lock.1.store(mine + 1, Release);
            });
        };
        proves(body, factorial(n as u64), 0);
    }
}

/// A reader's round leaves what it has read in places that the next round may or may not write over; it all is of no use. Of a reader's eight ways two
/// are complete: what it reads between the same even number is all old or all new.
#[test]
fn a_seqlock() {
    let seqlock = |readers| {
        move || {
            let (sequence, data) = (Arc::new(AtomicU32::new(0)), [0, 0].map(AtomicU32::new));
            let data = Arc::new(data);
            let (written, words) = (sequence.clone(), data.clone());
            let writer = thread::spawn(move || {
                written.store(1, Relaxed);
                fence(Release);
                words.iter().for_each(|word| word.store(1, Relaxed));
                written.store(2, Release);
            });
            threads(readers, move |_| {
                loop {
                    let before = sequence.load(Acquire);
                    let read = (data[0].load(Relaxed), data[1].load(Relaxed));
                    fence(Acquire);
                    if before % 2 == 0 && sequence.load(Relaxed) == before {
                        assert_eq!(read.0, read.1);
                        return;
                    }
                    hint::spin_loop();
                }
            });
            writer.join().unwrap();
        }
    };
    for n in 1..=3 {
        let complete = 2_u64.pow(n as u32);
        let blocked = 8_u64.pow(n as u32) - complete;
        proves(seqlock(n), complete, blocked);
        let report = Checker::new().workers(2).check(seqlock(n));
        assert_eq!((report.complete, report.blocked), (complete, blocked));
    }
}

/// Rounds that see an odd number leave it where those that see an even one leave nothing, and nobody looks at it. Whichever fails first, the other
/// leaves the loop as little.
#[test]
fn a_round_may_come_after_one_that_left_something_of_no_use() {
    for values in [[2, 1, 3, 8], [1, 2, 3, 8], [3, 1, 2, 8], [2, 4, 1, 8]] {
        let body = move || {
            let x = Arc::new(AtomicU32::new(values[0]));
            let written = x.clone();
            let writer = thread::spawn(move || {
                values[1..].iter().for_each(|&value| written.store(value, Relaxed));
            });
            let odd = Cell::new(0);
            loop {
                let seen = x.load(Relaxed);
                if seen % 2 == 1 {
                    black_box(&odd).set(seen);
                }
                if seen == 8 {
                    break;
                }
                hint::spin_loop();
            }
            black_box(&odd).set(0);
            writer.join().unwrap();
        };
        proves(body, 1, 0);
    }
}

/// What a round has seen is there until the next one has come past its fence, which is of no use to anybody.
#[test]
fn a_fence_in_a_round_is_no_end_of_it() {
    let body = || {
        let x = Arc::new(AtomicU32::new(0));
        let written = x.clone();
        let writer = thread::spawn(move || (1..=2).for_each(|n| written.store(n, Relaxed)));
        let last = Cell::new(0);
        loop {
            let seen = x.load(Relaxed);
            fence(Acquire);
            black_box(&last).set(seen);
            if seen == 2 {
                break;
            }
            hint::spin_loop();
        }
        writer.join().unwrap();
    };
    proves(body, 1, 0);
}

/// A lock that looks before it swaps. A swap that finds the lock taken after all writes what was there, and its thread looks again without a hint in
/// between: an attempt, which is left out.
///
/// Who holds the lock comes one after the other, in n! orders. The last look of the k-th of them finds the lock free by any of the k stores of 0 that
/// are there: the first one, or one by those before it. So there are n! times n! executions.
#[test]
fn a_test_and_set_lock() {
    let lock = |n| {
        move || {
            let lock = Arc::new((AtomicU32::new(0), Plain::new(0)));
            threads(n, move |_| {
                loop {
                    while lock.0.load(Relaxed) == 1 {
                        hint::spin_loop();
                    }
                    if lock.0.swap(1, Acquire) == 0 {
                        break;
                    }
                }
                lock.1.write(1);
                lock.0.store(0, Release);
            });
        }
    };
    for (n, blocked) in [(2, 2), (3, 26), (4, 540)] {
        let [one, two] = [1, 2].map(|workers| Checker::new().workers(workers).check(lock(n)));
        assert!(one.is_proved() && two.is_proved(), "{one}\n{two}");
        let complete = factorial(n as u64).pow(2);
        assert_eq!((one.complete, one.blocked, two.complete), (complete, blocked, complete));
    }
}

/// Mellor-Crummey and Scott's queue lock: each thread waits at a node of its own.
#[test]
fn a_queue_lock() {
    struct Node {
        next: AtomicPtr<Node>,
        waits: AtomicU32,
    }
    // Functions of their own: what their callers have left in registers is no memory of the loops'.
    #[inline(never)]
    fn handed_over(waits: &AtomicU32) {
        while waits.load(Acquire) == 1 {
            hint::spin_loop();
        }
    }
    #[inline(never)]
    fn linked(next: &AtomicPtr<Node>) -> *mut Node {
        loop {
            hint::spin_loop();
            let next = next.load(Acquire);
            if !next.is_null() {
                return next;
            }
        }
    }
    let lock = |n| {
        move || {
            let lock = Arc::new((AtomicPtr::<Node>::default(), Plain::new(0)));
            threads(n, move |_| {
                let node = Node { next: AtomicPtr::default(), waits: AtomicU32::new(1) };
                let node = boxed::Box::into_raw(boxed::Box::new(node));
                let before = lock.0.swap(node, AcqRel);
                if !before.is_null() {
                    // SAFETY: its owner frees it only once it has given the lock to this node.
                    unsafe { (*before).next.store(node, Release) };
                    // SAFETY: this thread's own.
                    handed_over(unsafe { &(*node).waits });
                }
                lock.1.write(1);
                // SAFETY: as above.
                let mut next = unsafe { (*node).next.load(Acquire) };
                let null = std::ptr::null_mut();
                if next.is_null() && lock.0.compare_exchange(node, null, Release, Relaxed).is_err()
                {
                    // SAFETY: as above.
                    next = linked(unsafe { &(*node).next });
                }
                if !next.is_null() {
                    // SAFETY: its owner waits.
                    unsafe { (*next).waits.store(0, Release) };
                }
                // SAFETY: nobody else has it any more.
                drop(unsafe { boxed::Box::from_raw(node) });
            });
        }
    };
    proves(lock(2), 6, 0);
    proves(lock(3), 66, 0);
}

/// Whether a thread had to wait is part of what it returns, so a round that failed is no round that was not there.
#[test]
fn a_loop_may_remember_that_it_waited() {
    let body = || {
        let x = Arc::new(AtomicU32::new(0));
        let y = x.clone();
        let writer = thread::spawn(move || y.store(1, Release));
        let mut waited = false;
        while x.load(Acquire) == 0 {
            waited = true;
            hint::spin_loop();
        }
        writer.join().unwrap();
        waited
    };
    let add = |found: &mut BTreeSet<_>, waited, _: &Completed| _ = found.insert(waited);
    let (found, report) = Checker::new().collect(body, add);
    assert!(report.is_proved(), "{report}");
    assert_eq!(found, BTreeSet::from([false, true]));
}

struct Shared {
    go: AtomicU32,
    told: AtomicU32,
    waited: UnsafeCell<bool>,
}

// SAFETY: the cell is read by who has seen `told`, after which nobody writes it.
unsafe impl Sync for Shared {}

/// The same where no event shows it: the flag goes into a cell that another thread reads.
#[test]
fn a_loop_may_tell_others_that_it_waited() {
    let failure = fails(|| {
        let shared = Arc::new(Shared {
            go: AtomicU32::new(0),
            told: AtomicU32::new(0),
            waited: UnsafeCell::new(false),
        });
        let (writer, waiter) = (shared.clone(), shared.clone());
        let writer = thread::spawn(move || writer.go.store(1, Release));
        let waiter = thread::spawn(move || {
            let mut waited = false;
            while waiter.go.load(Acquire) == 0 {
                waited = true;
                hint::spin_loop();
            }
            // SAFETY: nobody else writes, and who reads has seen the store below.
            waiter.waited.with_mut(|cell| unsafe { *cell = waited });
            waiter.told.store(1, Release);
        });
        if shared.told.load(Acquire) == 1 {
            // SAFETY: written before the store that was read.
            let waited = shared.waited.with(|cell| unsafe { *cell });
            assert!(!waited, "it never waits");
        }
        writer.join().unwrap();
        waiter.join().unwrap();
    });
    assert_eq!(failure.kind, FailureKind::Assertion);
}

/// Two loops in a row through one function: the round that ends the first is none that fails in the second.
#[test]
fn a_function_may_wait_twice() {
    let await_value = |x: &AtomicU32, value| {
        while x.load(Acquire) != value {
            hint::spin_loop();
        }
    };
    let body = move || {
        let x = Arc::new(AtomicU32::new(0));
        let y = x.clone();
        let writer = thread::spawn(move || {
            y.store(1, Release);
            y.store(2, Release);
        });
        await_value(&x, 1);
        await_value(&x, 2);
        writer.join().unwrap();
    };
    // Who misses the 1 waits for ever.
    let report = Checker::new().keep_going(true).check(body);
    assert_eq!((report.complete, report.failed), (1, 1), "{report}");
}

/// A plain write may race with a round that fails, and come after it.
#[test]
fn a_plain_write_after_a_round_is_not_overlooked() {
    let report = Checker::new().check(|| {
        let (x, ready) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
        let (y, go) = (x.clone(), ready.clone());
        let other = thread::spawn(move || go.store(1, Release));
        let writer = thread::spawn(move || y.plain_store(0));
        // It reads x only while it waits.
        while ready.load(Acquire) == 0 && x.load(Relaxed) == 0 {
            hint::spin_loop();
        }
        other.join().unwrap();
        writer.join().unwrap();
    });
    assert_eq!(report.failure().map(|f| f.kind), Some(FailureKind::DataRace), "{report}");
}

/// Nor is it where it waits for the loop to end, and the round that ends the loop does not read the location.
#[test]
fn a_plain_write_that_waits_for_a_loop_to_end_is_not_overlooked() {
    let body = |last: fn(&AtomicU32)| {
        let [x, ready, gone] = [0; 3].map(|value| Arc::new(AtomicU32::new(value)));
        let (y, go, left) = (x.clone(), ready.clone(), gone.clone());
        let other = thread::spawn(move || go.store(1, Relaxed));
        let writer = thread::spawn(move || {
            if left.load(Relaxed) == 1 {
                last(&y);
            }
        });
        while ready.load(Relaxed) == 0 && x.load(Relaxed) == 0 {
            hint::spin_loop();
        }
        gone.store(1, Relaxed);
        other.join().unwrap();
        writer.join().unwrap();
    };
    let report = Checker::new().check(|| body(|x| x.plain_store(0)));
    assert_eq!(report.failure().map(|f| f.kind), Some(FailureKind::DataRace), "{report}");
    let report = Checker::new().check(|| body(|x| x.store(0, Relaxed)));
    assert!(report.is_proved(), "{report}");
}

/// A round that reads two locations may end the loop with an old value of the first and a later one of the second, though it fails on both old
/// ones and the loop may also end before the second changes.
#[test]
fn a_round_may_read_the_first_location_early_and_the_second_late() {
    let body = || {
        let (x, y) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
        let (a, b) = (x.clone(), y.clone());
        let waiter = thread::spawn(move || {
            loop {
                let found = (a.load(Relaxed), b.load(Relaxed));
                if found == (1, 0) || found == (0, 2) {
                    return found;
                }
                hint::spin_loop();
            }
        });
        let one = thread::spawn(move || x.store(1, Relaxed));
        let other = thread::spawn(move || y.store(2, Relaxed));
        one.join().unwrap();
        other.join().unwrap();
        waiter.join().unwrap()
    };
    let add = |found: &mut BTreeSet<_>, pair, _: &Completed| _ = found.insert(pair);
    // Who sees (1, 2) first waits for ever.
    let (found, _) = Checker::new().keep_going(true).collect(body, add);
    assert_eq!(found, BTreeSet::from([(0, 2), (1, 0)]));
}

/// What an execution shows counts, also where it is the first in which a thread leaves a loop.
#[test]
fn a_race_behind_a_loop_is_found() {
    struct Shared {
        running: AtomicBool,
        value: UnsafeCell<u32>,
    }
    // SAFETY: this is what the test is about.
    unsafe impl Sync for Shared {}
    impl Shared {
        /// Of which a closure captures the whole, and not the cell.
        fn both(&self) -> &Self {
            self
        }
    }
    for late in [false, true] {
        let body = move || {
            let shared = Shared { running: AtomicBool::new(true), value: UnsafeCell::new(1) };
            let shared = &shared;
            thread::scope(|scope| {
                scope.spawn(move || {
                    let Shared { running, value } = shared.both();
                    running.store(false, Release);
                    // SAFETY: as above.
                    value.with_mut(|value| unsafe { *value = 2 });
                });
                let wait = move || {
                    let Shared { running, value } = shared.both();
                    while running.load(Acquire) {
                        hint::spin_loop();
                    }
                    // SAFETY: as above.
                    assert!(value.with(|value| unsafe { *value } > 0));
                };
                match late {
                    true => _ = scope.spawn(wait),
                    false => wait(),
                }
            });
        };
        let report = Checker::new().check(body);
        assert_eq!(report.failure().map(|f| f.kind), Some(FailureKind::DataRace), "{report}");
    }
}

/// A round reads what a pointer leads to, and the next one is led elsewhere: the first may have read freed memory.
#[test]
fn a_free_after_a_round_is_found() {
    let failure = fails(|| {
        let first = boxed::Box::into_raw(boxed::Box::new(AtomicU32::new(0)));
        let (turn, other) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(1)));
        let (freed, next) = (turn.clone(), first as usize);
        let owner = thread::spawn(move || {
            freed.store(1, Release);
            // SAFETY: this is what the test is about.
            drop(unsafe { boxed::Box::from_raw(next as *mut AtomicU32) });
        });
        loop {
            let flag = match turn.load(Acquire) {
                // SAFETY: as above.
                0 => unsafe { (*first).load(Acquire) },
                _ => other.load(Acquire),
            };
            if flag == 1 {
                break;
            }
            hint::spin_loop();
        }
        owner.join().unwrap();
    });
    assert!(
        matches!(failure.kind, FailureKind::UseAfterFree | FailureKind::DataRace),
        "{failure:?}"
    );
}
