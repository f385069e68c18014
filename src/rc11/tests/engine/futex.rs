//! A futex: the look and the sleep are one step, in one order with wake-ups, and nothing else is ordered.

use rc11::sync::FutexQueue;
use rc11::sync::atomic::fence;

use super::*;

/// A word with its sleepers.
struct Futex(AtomicU32, FutexQueue);

impl Futex {
    fn shared() -> Arc<Futex> {
        Arc::new(Futex(AtomicU32::new(0), FutexQueue::new()))
    }

    /// Sleeps while the word is 0.
    fn wait_while_0(&self) {
        while self.0.load(Relaxed) == 0 {
            self.1.wait(&self.0, 0);
        }
    }
}

/// One thread changes the word, by Relaxed operations alone, and wakes; the other one sleeps while it is as it was.
#[test]
fn whoever_looks_after_a_wake_up_finds_what_was_before_it() {
    let body = |wake_first: bool| {
        move || {
            let futex = Futex::shared();
            let other = futex.clone();
            let t = thread::spawn(move || other.wait_while_0());
            if wake_first {
                futex.1.wake_one();
                futex.0.store(1, Relaxed);
            } else {
                futex.0.store(1, Relaxed);
                futex.1.wake_one();
            }
            t.join().unwrap();
        }
    };
    assert!(check(body(false)).is_proved());
    let failure = fails(body(true));
    assert_eq!(failure.kind, FailureKind::Deadlock);
    assert!(waits(&failure).contains(&(1, Wait::Futex, true)), "{failure:?}");
}

/// The order of looks and wake-ups is for the word alone: neither a call, nor an acquire fence behind it, orders other memory.
#[test]
fn a_futex_orders_nothing_else() {
    let body = |look, acquires: bool| {
        move || {
            let shared = Arc::new((Futex(AtomicU32::new(0), FutexQueue::new()), AtomicU32::new(0)));
            let other = shared.clone();
            let t = thread::spawn(move || {
                let (futex, data) = &*other;
                // That it has slept, or has looked, is all it knows.
                futex.1.wait(&futex.0, 0);
                if acquires {
                    fence(Acquire);
                }
                if futex.0.load(look) == 1 {
                    assert_eq!(data.load(Relaxed), 1);
                }
            });
            let (futex, data) = &*shared;
            data.store(1, Relaxed);
            futex.0.store(1, Release);
            futex.1.wake_all();
            t.join().unwrap();
        }
    };
    assert!(check(body(Acquire, false)).is_proved());
    for acquires in [false, true] {
        assert_eq!(fails(body(Relaxed, acquires)).kind, FailureKind::Assertion);
    }
}

/// Store buffering over two words: neither the calls, nor SeqCst fences in front of one and behind the other, are ordered by the kernel.
#[test]
fn calls_are_no_fences() {
    let body = |fences: bool| {
        move || {
            let shared =
                Arc::new((Futex(AtomicU32::new(0), FutexQueue::new()), [0; 2].map(AtomicU32::new)));
            let run = move |shared: &(Futex, [AtomicU32; 2]), me: usize| {
                let (futex, places) = shared;
                places[me].store(1, Relaxed);
                if fences {
                    fence(SeqCst);
                }
                futex.1.wake_one();
                places[1 - me].load(Relaxed)
            };
            let other = shared.clone();
            let t = thread::spawn(move || run(&other, 1));
            let seen = run(&shared, 0);
            assert!(seen + t.join().unwrap() > 0);
        }
    };
    assert!(check(body(true)).is_proved());
    assert_eq!(fails(body(false)).kind, FailureKind::Assertion);
}

/// Who is woken need not see what was before the wake-up, not even with SeqCst fences on both sides.
#[test]
fn a_wake_up_orders_no_fences() {
    let body = || {
        let shared = Arc::new((FutexQueue::new(), [0; 2].map(AtomicU32::new)));
        let other = shared.clone();
        let t = thread::spawn(move || {
            let (queue, [word, data]) = &*other;
            let slept = queue.wait(word, 0) == 0;
            fence(SeqCst);
            if slept {
                assert_eq!(data.load(Relaxed), 1);
            }
        });
        let (queue, [word, data]) = &*shared;
        data.store(1, Relaxed);
        fence(SeqCst);
        word.store(1, Relaxed);
        queue.wake_one();
        t.join().unwrap();
    };
    let failure = Checker::new().spurious(0).check(body);
    assert_eq!(failure.failure().expect("it fails").kind, FailureKind::Assertion);
}

/// Whoever is woken looks again after that wake-up, and sees nothing more of what was before it, not even asleep again.
#[test]
fn a_second_look_orders_nothing() {
    let body = || {
        let shared = Arc::new((FutexQueue::new(), [0; 2].map(AtomicU32::new)));
        let other = shared.clone();
        let t = thread::spawn(move || {
            let (queue, [word, data]) = &*other;
            queue.wait(word, 0);
            queue.wait(word, 0);
            data.load(Relaxed)
        });
        let (queue, [_, data]) = &*shared;
        data.store(1, Relaxed);
        queue.wake_one();
        queue.wake_one();
        t.join().unwrap()
    };
    // Where a wake-up finds nobody asleep, the thread sleeps for good.
    let found = results(&Checker::new().spurious(0).keep_going(true), body);
    assert_eq!(found, BTreeSet::from([0, 1]));
}

/// Of two that sleep, either may be woken first.
#[test]
fn any_sleeper_may_be_woken() {
    let body = || {
        let shared = Arc::new((Futex(AtomicU32::new(0), FutexQueue::new()), AtomicU32::new(0)));
        let sleeper = |shared: Arc<(Futex, AtomicU32)>| {
            thread::spawn(move || {
                let (futex, awake) = &*shared;
                let slept = futex.1.wait(&futex.0, 0) == 0;
                (slept, awake.fetch_add(1, Relaxed))
            })
        };
        let sleepers = [sleeper(shared.clone()), sleeper(shared.clone())];
        let (futex, awake) = &*shared;
        futex.0.store(1, Relaxed);
        futex.1.wake_one();
        while awake.load(Relaxed) == 0 {
            hint::spin_loop();
        }
        futex.1.wake_one();
        sleepers.map(|t| t.join().unwrap())
    };
    let found = results(&Checker::new().spurious(0), body);
    for [first, second] in [[0, 1], [1, 0]] {
        assert!(found.contains(&[(true, first), (true, second)]), "{found:?}");
    }
}

#[test]
fn one_wake_up_wakes_one() {
    let body = |all: bool| {
        move || {
            let shared = Arc::new((Futex(AtomicU32::new(0), FutexQueue::new()), AtomicU32::new(0)));
            let sleeper = |shared: Arc<(Futex, AtomicU32)>| {
                thread::spawn(move || {
                    shared.1.fetch_add(1, Relaxed);
                    shared.0.wait_while_0();
                })
            };
            let sleepers = [sleeper(shared.clone()), sleeper(shared.clone())];
            let (futex, _) = &*shared;
            futex.0.store(1, Relaxed);
            if all {
                futex.1.wake_all()
            } else {
                futex.1.wake_one()
            }
            sleepers.into_iter().for_each(|t| t.join().unwrap());
        }
    };
    assert!(check(body(true)).is_proved());
    let failure = fails(body(false));
    assert_eq!(failure.kind, FailureKind::Deadlock);
}

/// Nobody wakes it, and it may wake all the same.
#[test]
fn a_sleeper_may_wake_unasked() {
    let body = || {
        let futex = Futex::shared();
        thread::spawn(move || {
            futex.1.wait(&futex.0, 0);
            panic!("it is awake");
        });
    };
    assert_eq!(fails(body).kind, FailureKind::Assertion);
    let asked = Checker::new().spurious(0).check(body);
    assert!(asked.is_proved() && asked.left_waiting == asked.complete, "{asked}");
}

/// The kernel's queue is not in the word's memory: a wake-up of a word that is no more is no use of it.
#[test]
fn a_freed_word_may_be_woken() {
    let body = |touches: bool| {
        move || {
            let made = boxed::Box::new((AtomicU32::new(0), FutexQueue::new()));
            let futex = boxed::Box::into_raw(made);
            // SAFETY: memory stays where it is until the execution ends, for the checker to see what comes too late.
            let (word, queue) = unsafe { &*futex };
            let futex = AtomicPtr::new(futex);
            let t = thread::spawn(move || {
                while word.load(Acquire) == 0 {
                    queue.wait(word, 0);
                }
                // SAFETY: who has said so uses it no more.
                drop(unsafe { boxed::Box::from_raw(futex.into_inner()) });
            });
            word.store(1, Release);
            queue.wake_one();
            if touches {
                word.load(Relaxed);
            }
            t.join().unwrap();
        }
    };
    assert!(check(body(false)).is_proved());
    assert_eq!(fails(body(true)).kind, FailureKind::UseAfterFree);
}
