//! Waits with a time-out end by it at any moment, once a thread, and are no deadlock.

use rc11::sync::Departures;

use super::*;

const LONG: Duration = HOUR;

/// What a check says of time-outs: whether it is not decided since a thread waited for a second one.
fn cut(body: impl Fn() + Send + Sync) -> bool {
    matches!(check(body).verdict, Verdict::Bounded(Limit::TimeOut(_)))
}

/// An execution in which it does not time out waits for nothing else, and is none.
#[test]
fn a_thread_times_out_once() {
    proves(|| thread::park_timeout(LONG), 1, 1);
    // Each thread has a time-out of its own.
    proves(|| threads(2, |_| thread::park_timeout(LONG)), 1, 3);
}

/// What comes after a second time-out is not explored, so nothing is proved of it.
#[test]
fn a_second_time_out_is_not_decided() {
    assert!(cut(|| (0..2).for_each(|_| thread::park_timeout(LONG))));
    assert!(cut(|| {
        let flag = Arc::new(AtomicBool::new(false));
        let other = flag.clone();
        thread::spawn(move || other.store(true, Relaxed));
        thread::park_timeout(LONG);
        if flag.load(Relaxed) {
            thread::park_timeout(LONG);
            panic!("that is not explored");
        }
    }));
}

/// A thread that times out again and again hides no deadlock of others.
#[test]
fn a_deadlock_beside_time_outs_is_not_proved_away() {
    assert!(cut(|| {
        let locks = Arc::new((Mutex::new(()), Mutex::new(())));
        let done = Arc::new(AtomicBool::new(false));
        let (one, other, end) = (locks.clone(), locks, done.clone());
        let polls = thread::spawn(move || {
            while !end.load(Acquire) {
                thread::park_timeout(LONG);
            }
        });
        let one = thread::spawn(move || {
            let _first = one.0.lock().unwrap();
            drop(one.1.lock().unwrap());
        });
        let other = thread::spawn(move || {
            let _first = other.1.lock().unwrap();
            drop(other.0.lock().unwrap());
        });
        one.join().unwrap();
        other.join().unwrap();
        done.store(true, Release);
        polls.join().unwrap();
    }));
}

#[test]
fn a_token_ends_the_wait_or_comes_too_late() {
    let body = || {
        let me = thread::current();
        let other = thread::spawn(move || me.unpark());
        thread::park_timeout(LONG);
        other.join().unwrap();
    };
    proves(body, 2, 0);
    // A token that came too late ends the next wait.
    let twice = || {
        let me = thread::current();
        let other = thread::spawn(move || me.unpark());
        thread::park_timeout(LONG);
        other.join().unwrap();
        thread::park_timeout(LONG);
    };
    let report = check(twice);
    assert!(report.is_proved(), "{report}");
}

/// The end of the body is the end of the program, whoever still waits.
#[test]
fn a_thread_left_behind_may_wait_for_its_time_out() {
    let report = check(|| drop(thread::spawn(|| thread::park_timeout(LONG))));
    assert!(report.is_proved(), "{report}");
    assert_eq!((report.complete, report.blocked, report.left_waiting), (2, 0, 1));
}

#[test]
fn others_that_wait_for_good_are_found_once_it_has_timed_out() {
    let failure = fails(|| {
        let lock = Arc::new(Mutex::new(()));
        let held = lock.lock().unwrap();
        let other = lock.clone();
        let thread = thread::spawn(move || drop(other.lock().unwrap()));
        thread::park_timeout(LONG);
        thread.join().unwrap();
        drop(held);
    });
    assert_eq!(failure.kind, FailureKind::Deadlock);
    assert_eq!(waits(&failure), [(0, Wait::Join, false), (1, Wait::Lock, false)]);
}

/// The failure needs the time-out, and its token has it.
#[test]
fn a_time_out_is_replayed() {
    fails(|| {
        let pair = (Mutex::new(()), Condvar::new());
        let guard = pair.0.lock().unwrap();
        assert!(!pair.1.wait_timeout(guard, LONG).unwrap().1.timed_out());
    });
    fails(|| {
        let gate = Gate::new(false);
        let changes = gate.enter();
        gate.leave(changes, false);
        assert!(gate.enter_changed_or_time_out(changes).is_some());
    });
}

/// Time-outs are not what [`Checker::spurious`] counts.
#[test]
fn time_outs_are_no_spurious_events() {
    let timed = || {
        let pair = (Mutex::new(()), Condvar::new());
        let guard = pair.0.lock().unwrap();
        drop(pair.1.wait_timeout(guard, LONG).unwrap());
    };
    for spurious in 0..2 {
        let report = Checker::new().spurious(spurious).check(timed);
        assert_eq!((report.complete, report.blocked), (1, 1), "{report}");
    }
}

/// Without time-outs there are fewer executions, and it is said that there could be more; but a thread that nothing else wakes is not decided.
#[test]
fn time_outs_may_be_left_out() {
    let woken = || {
        let waits = thread::spawn(|| thread::park_timeout(LONG));
        waits.thread().unpark();
        waits.join().unwrap();
    };
    let found = |n: u32| {
        let report = Checker::new().time_outs(n).check(woken);
        (report.is_proved(), report.complete, report.out_of_time_outs)
    };
    assert_eq!((found(0), found(1)), ((true, 1, true), (true, 2, false)));
    let alone = Checker::new().time_outs(0).check(|| thread::park_timeout(LONG));
    assert!(matches!(alone.verdict, Verdict::Bounded(Limit::TimeOut(_))), "{alone}");
}

/// What a body may return where each thread may time out so often.
fn found(time_outs: u32, body: impl Fn() -> (bool, u32) + Sync) -> BTreeSet<(bool, u32)> {
    results(&Checker::new().spurious(0).time_outs(time_outs), body)
}

/// Whoever is woken sees what came before the wake-up. Whoever times out may see nothing of it.
#[test]
fn a_wake_up_orders_and_a_time_out_does_not() {
    let parks = || {
        let value = Arc::new(AtomicU32::new(0));
        let other = value.clone();
        let waits = thread::spawn(move || {
            thread::park_timeout(LONG);
            other.load(Relaxed)
        });
        value.store(1, Relaxed);
        waits.thread().unpark();
        (true, waits.join().unwrap())
    };
    assert_eq!(found(0, parks), BTreeSet::from([(true, 1)]));
    assert_eq!(found(1, parks), BTreeSet::from([(true, 0), (true, 1)]));
}

/// A wait at a condition variable takes the lock again however it ends: what others did under it before is seen.
#[test]
fn a_time_out_takes_the_lock_again() {
    let waits = || {
        let pair = Arc::new((Mutex::new(false), Condvar::new(), AtomicU32::new(0)));
        let other = pair.clone();
        let notifies = thread::spawn(move || {
            let mut ready = other.0.lock().unwrap();
            other.2.store(1, Relaxed);
            *ready = true;
            other.1.notify_one();
        });
        let ready = pair.0.lock().unwrap();
        let (ready, seen) = if *ready {
            (true, pair.2.load(Relaxed))
        } else {
            let (ready, _) = pair.1.wait_timeout(ready, LONG).unwrap();
            (*ready, pair.2.load(Relaxed))
        };
        notifies.join().unwrap();
        (ready, seen)
    };
    assert_eq!(found(0, waits), BTreeSet::from([(true, 1)]));
    // What was done under the lock is seen with its flag, and not without.
    assert_eq!(found(1, waits), BTreeSet::from([(false, 0), (true, 1)]));
}

/// What a thread of a random program does.
#[derive(Clone, Copy, Debug)]
enum Step {
    Park,
    Unpark(usize),
    Lock,
    Await,
    Notify,
    Store,
    Load,
}

/// Two threads with three steps each, or three with two.
fn random_program(seed: u64) -> Vec<Vec<Step>> {
    let mut state = seed;
    let mut below = |n: u64| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % n
    };
    let threads = 2 + below(2);
    let mut step = |_| match below(8) {
        0 | 1 => Step::Park,
        2 => Step::Unpark(below(threads) as usize),
        3 => Step::Lock,
        4 => Step::Await,
        5 => Step::Notify,
        6 => Step::Store,
        _ => Step::Load,
    };
    (0..threads).map(|_| (0..6 / threads).map(&mut step).collect()).collect()
}

/// What the threads of a program see: whether each wait timed out, and each value. The last one to leave sees one more.
fn run(program: &[Vec<Step>]) -> Vec<Vec<u32>> {
    let (lock, turn, x) = (Mutex::new(0), Condvar::new(), AtomicU32::new(0));
    let handles = Mutex::new(Vec::new());
    let act = |t: usize, step: Step| match step {
        Step::Park => {
            thread::park_timeout(LONG);
            0
        }
        Step::Unpark(other) => {
            let handle = handles.lock().unwrap().iter().find(|&&(t, _)| t == other).cloned();
            handle.map_or(0, |(_, handle): (usize, thread::Thread)| {
                handle.unpark();
                1
            })
        }
        Step::Lock => {
            let mut held = lock.lock().unwrap();
            *held = 10 * *held + t as u32 + 1;
            *held
        }
        Step::Await => {
            let held = lock.lock().unwrap();
            turn.wait_timeout(held, LONG).unwrap().1.timed_out().into()
        }
        Step::Notify => {
            turn.notify_one();
            0
        }
        Step::Store => {
            x.store(t as u32 + 1, Release);
            0
        }
        Step::Load => x.load(Acquire),
    };
    let leaves = Departures::new();
    let life = |t: usize| {
        handles.lock().unwrap().push((t, thread::current()));
        let mut seen: Vec<_> = program[t].iter().map(|&step| act(t, step)).collect();
        let leave = |last| {
            if last {
                seen.push(x.swap(9, Relaxed));
            }
        };
        leaves.leave(|| program.len(), leave);
        seen
    };
    thread::scope(|scope| {
        let life = &life;
        let threads: Vec<_> = (0..program.len()).map(|t| scope.spawn(move || life(t))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

/// Whether it ends is another matter: a thread may wait for a second time-out.
#[test]
fn time_outs_last_are_the_same_executions() {
    let mut two_passes = 0;
    for seed in 0..200 {
        let program = random_program(seed);
        for time_outs in 1..=2 {
            let all = Checker::new().time_outs(time_outs).keep_going(true).max_executions(5_000);
            let collect = |checker: &Checker| {
                let add = |all: &mut Vec<_>, seen, _: &Completed<'_>| all.push(seen);
                let (mut all, report) = checker.collect(|| run(&program), add);
                all.sort();
                (all, report)
            };
            let last = all.clone().time_outs_last();
            let (one, forgets) = (collect(&all), collect(&last.clone().names(3)));
            let last = collect(&last);
            if let Verdict::Bounded(Limit::Executions(_)) = one.1.verdict {
                continue;
            }
            assert_eq!(counted(&last.1), counted(&one.1), "{seed}: {program:?}");
            assert_eq!(last.0, one.0, "{seed}: {program:?}");
            // With too little memory the second pass begins with nothing.
            assert_eq!(counted(&forgets.1), counted(&one.1), "{seed}: {program:?}");
            assert_eq!(forgets.0, one.0, "{seed}: {program:?}");
            if let Some(untimed) = &last.1.untimed {
                two_passes += 1;
                let without = collect(&all.clone().time_outs(0)).1;
                assert_eq!(counted(untimed), counted(&without), "{seed}: {program:?}");
            }
        }
    }
    assert!(two_passes > 100, "{two_passes} of 400 have two passes");
}
