//! Loops that wait, and loops that only look like it.

use super::*;

/// What a check says of loops: `Some(line)` if it is not decided since the loop there was cut off.
fn cut(report: &Report) -> bool {
    matches!(report.verdict, Verdict::Bounded(Limit::Loop(site)) if site.file.ends_with("loops.rs"))
}

/// A waker that finds its task busy wakes itself, consumes that, and polls again: a round that writes, and puts back what it found.
#[test]
fn a_waiting_loop_may_write_what_it_puts_back() {
    let report = check(|| {
        let m = Arc::new((Mutex::new(()), AtomicU32::new(0)));
        let m2 = m.clone();
        let t = thread::spawn(move || drop(m2.0.lock().unwrap()));
        while m.0.try_lock().is_err() {
            m.1.swap(1, Release);
            m.1.swap(0, Acquire);
            thread::yield_now();
        }
        t.join().unwrap();
    });
    assert!(report.is_proved(), "{report}");
}

#[test]
fn a_lock_may_be_polled() {
    let poll = |set: bool| {
        check(move || {
            let m = Arc::new(Mutex::new(false));
            let m2 = m.clone();
            let t = thread::spawn(move || *m2.lock().unwrap() |= set);
            loop {
                if *m.lock().unwrap() {
                    break;
                }
                thread::yield_now();
            }
            t.join().unwrap();
        })
    };
    assert!(poll(true).is_proved(), "{}", poll(true));
    assert_eq!(poll(false).failure().map(|f| f.kind), Some(FailureKind::Livelock));
}

/// The same where the other thread comes first, and has had its turn whenever the loop comes round.
#[test]
fn a_lock_may_be_polled_by_a_later_thread() {
    let poll = |set: bool| {
        check(move || {
            let flag = Mutex::new(false);
            thread::scope(|scope| {
                scope.spawn(|| *flag.lock().unwrap() |= set);
                scope.spawn(|| {
                    while !*flag.lock().unwrap() {
                        hint::spin_loop();
                    }
                });
            });
        })
    };
    assert!(poll(true).is_proved(), "{}", poll(true));
    assert_eq!(poll(false).failure().map(|f| f.kind), Some(FailureKind::Livelock));
}

/// Others look at what the loop writes: how often it comes round may matter, so nothing is proved; a failure is found all the same.
#[test]
fn a_loop_that_others_watch_is_not_decided() {
    let retreat = |broken: bool| {
        move || {
            let flags = Arc::new([AtomicU32::new(0), AtomicU32::new(0)]);
            let data = Arc::new(AtomicU32::new(0));
            threads(2, move |me| {
                flags[me].store(1, SeqCst);
                while flags[1 - me].load(if broken { Relaxed } else { SeqCst }) == 1 {
                    flags[me].store(0, SeqCst);
                    hint::spin_loop();
                    flags[me].store(1, SeqCst);
                }
                data.plain_store(1);
                flags[me].store(0, SeqCst);
            });
        }
    };
    let report = Checker::new().check(retreat(false));
    assert!(cut(&report), "{report}");
    assert_eq!(fails(retreat(true)).kind, FailureKind::DataRace);
}

/// A spin that gives up is explored to its end, however many rounds it has.
#[test]
fn a_bounded_spin_is_never_taken_for_an_endless_one() {
    let spin = |rounds: u32, wrong: u32| {
        let fallback = move || {
            let ready = Arc::new(AtomicU32::new(0));
            let (other, mut gave_up) = (ready.clone(), true);
            let t = thread::spawn(move || other.store(1, Release));
            for _ in 0..rounds {
                if ready.load(Acquire) == 1 {
                    gave_up = false;
                    break;
                }
                hint::spin_loop();
            }
            assert!(!gave_up || wrong == 0, "the fallback is wrong");
            t.join().unwrap();
        };
        Checker::new().check(fallback)
    };
    for rounds in [3, 250] {
        assert!(spin(rounds, 0).is_proved(), "{}", spin(rounds, 0));
        assert_eq!(spin(rounds, 1).failure().map(|f| f.kind), Some(FailureKind::Assertion));
    }
    // Nobody has looked so far ahead.
    assert!(cut(&spin(100_000, 0)), "{}", spin(100_000, 0));
    assert!(!spin(100_000, 1).is_proved());
}

#[test]
fn a_scan_in_turns_waits() {
    let scan = |set: usize| {
        check(move || {
            let slots = Arc::new([(); 3].map(|()| AtomicU32::new(0)));
            let other = slots.clone();
            let t = thread::spawn(move || {
                if set < 3 {
                    other[set].store(1, Release);
                }
            });
            let mut i = 0;
            while slots[i % 3].load(Acquire) == 0 {
                i = (i + 1) % 3;
                hint::spin_loop();
            }
            t.join().unwrap();
        })
    };
    assert!(scan(1).is_proved(), "{}", scan(1));
    assert_eq!(scan(3).failure().map(|f| f.kind), Some(FailureKind::Livelock));
}

/// Loops that change something in each round cost no more than themselves: all else is explored, and a failure elsewhere is found.
#[test]
fn a_loop_that_never_comes_back_is_not_decided() {
    let count = |wrong: bool| {
        Checker::new().check(move || {
            let (count, ready) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
            let other = ready.clone();
            let t = thread::spawn(move || {
                other.store(1, Release);
                assert!(!wrong, "a failure elsewhere");
            });
            while ready.load(Acquire) == 0 {
                count.fetch_add(1, Relaxed);
                thread::yield_now();
            }
            t.join().unwrap();
        })
    };
    assert!(cut(&count(false)), "{}", count(false));
    assert_eq!(count(true).failure().map(|f| f.kind), Some(FailureKind::Assertion));
}

/// A round that reads another value than the one before is another round: the loop may remember what it saw.
#[test]
fn a_loop_may_see_one_value_after_another() {
    let body = || {
        let x = Arc::new(AtomicU32::new(0));
        let y = x.clone();
        let writer = thread::spawn(move || (1..3).for_each(|value| y.store(value, Release)));
        let mut seen = [false; 3];
        while !seen[2] {
            seen[x.load(Acquire) as usize] = true;
            hint::spin_loop();
        }
        writer.join().unwrap();
        (seen[0], seen[1])
    };
    let found = |found: &mut BTreeSet<_>, seen, _: &Completed| _ = found.insert(seen);
    let (found, report) = Checker::new().collect(body, found);
    assert!(report.is_proved(), "{report}");
    assert_eq!(found.len(), 4, "{found:?}");
}

/// Several rounds of one loop turn out to be remembered at once: after the first the loop is distrusted, and nothing more is known of it.
#[test]
fn a_loop_remembers_more_than_one_round() {
    let take = |place: &AtomicU32, is_frozen: &AtomicBool, tail: &AtomicU32| {
        loop {
            if place.load(Acquire) > 0 {
                return;
            }
            let far = if is_frozen.load(Acquire) { 64 } else { 0 };
            if tail.load(Acquire) <= far {
                return;
            }
            hint::spin_loop();
        }
    };
    let body = move || {
        let shared =
            Arc::new(([0; 2].map(AtomicU32::new), AtomicBool::new(false), AtomicU32::new(0)));
        let put = |shared: &([AtomicU32; 2], AtomicBool, AtomicU32), value: u32| {
            let (places, is_frozen, tail) = shared;
            let mut now = tail.load(Relaxed);
            while now < 2 {
                match tail.compare_exchange(now, now + 1, Relaxed, Relaxed) {
                    Err(found) => now = found,
                    Ok(_) => return places[now as usize].store(value, Release),
                }
            }
            _ = tail.compare_exchange(2, 66, Release, Relaxed);
            is_frozen.store(true, Release);
        };
        threads(3, move |t| {
            put(&shared, t as u32 + 1);
            if t == 0 {
                take(&shared.0[0], &shared.1, &shared.2);
            }
        });
    };
    // How many rounds are left out until the loop is distrusted depends on who comes first.
    for workers in [1, 2] {
        let report = Checker::new().workers(workers).check(body);
        assert!(report.is_proved(), "{report}");
    }
}

/// A loop that gets on in every round, with a hint in each: the hint costs no second run of the program.
#[test]
fn a_hint_after_which_the_thread_does_something_else_costs_no_run() {
    let runs = std::sync::atomic::AtomicU64::new(0);
    let report = Checker::new().check(|| {
        runs.fetch_add(1, Relaxed); // Relaxed: one thread counts
        let blocks = [0; 3].map(AtomicU32::new);
        thread::scope(|scope| {
            scope.spawn(|| blocks[2].store(1, Release));
            for block in &blocks {
                block.load(Acquire);
                thread::yield_now();
            }
        });
    });
    assert!(report.is_proved(), "{report}");
    assert_eq!((report.complete, runs.into_inner()), (2, 2));
}
