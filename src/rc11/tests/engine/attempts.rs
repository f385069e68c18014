//! Attempts of a waiting loop: left out where the loop does not remember them, and only there.

use std::collections::BTreeSet;

use rc11::cell::Plain;

use super::*;

/// What a thread returns that comes for a lock which `others` hold for a while, each with a number of its own.
fn outcomes<T: Ord + Send + 'static>(
    others: u32,
    come: impl Fn(&AtomicU32) -> T + Clone + Send + Sync + 'static,
) -> BTreeSet<T> {
    let body = || {
        let lock = Arc::new(AtomicU32::new(0));
        let hold = |me: u32| {
            let lock = lock.clone();
            thread::spawn(move || {
                if lock.compare_exchange(0, me, Acquire, Relaxed).is_ok() {
                    lock.store(0, Release);
                }
            })
        };
        let others: Vec<_> = (1..=others).map(hold).collect();
        let found = come(&lock);
        others.into_iter().for_each(|other| other.join().unwrap());
        found
    };
    let (found, report) = Checker::new().collect(body, |found: &mut BTreeSet<_>, one, _| {
        found.insert(one);
    });
    assert!(report.is_proved(), "{report}");
    found
}

/// Looks until the lock is free, and tries to take it: what is there if it is not.
fn attempt(lock: &AtomicU32) -> Result<u32, u32> {
    while lock.load(Relaxed) != 0 {
        hint::spin_loop();
    }
    lock.compare_exchange(0, 9, Acquire, Relaxed)
}

#[test]
fn that_are_counted_are_explored() {
    let found = outcomes(1, |lock| {
        let mut tries = 1;
        while attempt(lock).is_err() {
            tries += 1;
        }
        tries
    });
    assert_eq!(found, BTreeSet::from([1, 2]));
}

#[test]
fn that_are_told_once_the_lock_is_taken_are_explored() {
    let found = outcomes(1, |lock| {
        let mut is_contended = false;
        while attempt(lock).is_err() {
            is_contended = true;
        }
        is_contended
    });
    assert_eq!(found, BTreeSet::from([false, true]));
}

/// Of two kinds of attempts neither leaves anything behind that is there when the lock is taken, unless there were both. What is not told is written by
/// every attempt, also by the one that succeeds.
#[test]
fn that_matter_together_are_explored() {
    let found = outcomes(2, |lock| {
        let mut seen = [false; 3];
        loop {
            let holder = attempt(lock).unwrap_or_else(|holder| holder);
            seen[holder as usize] = true;
            if holder == 0 {
                break;
            }
        }
        let both = seen[1] & seen[2];
        seen = [false; 3];
        both | seen[0]
    });
    assert_eq!(found, BTreeSet::from([false, true]));
}

/// The last one alone matters.
#[test]
fn of_which_the_last_is_told_are_explored() {
    let found = outcomes(2, |lock| {
        let mut last = 0;
        while let Err(holder) = attempt(lock) {
            last = holder;
        }
        last
    });
    assert_eq!(found, BTreeSet::from([0, 1, 2]));
}

/// Who holds the lock for good is found, though each attempt only finds it taken.
#[test]
fn that_never_succeed_are_a_livelock() {
    let report = Checker::new().check(|| {
        let lock = Arc::new(AtomicU32::new(0));
        let holder = {
            let lock = lock.clone();
            thread::spawn(move || lock.store(1, Release))
        };
        while attempt(&lock).is_err() {}
        holder.join().unwrap();
    });
    let kinds = report.failure().map(|failure| failure.kind);
    assert_eq!(kinds, Some(FailureKind::Livelock), "{report}");
}

/// Two places that contradict each other for good: the loop comes round without its hint, for ever.
#[test]
fn that_come_round_without_a_hint_are_not_decided() {
    let report = Checker::new().check(|| {
        let (free, lock) = (Arc::new(AtomicU32::new(1)), Arc::new(AtomicU32::new(0)));
        let other = {
            let (free, lock) = (free.clone(), lock.clone());
            thread::spawn(move || {
                lock.store(1, Relaxed);
                [0, 1, 0].iter().for_each(|&value| free.store(value, Relaxed));
            })
        };
        loop {
            while free.load(Relaxed) != 0 {
                hint::spin_loop();
            }
            if lock.compare_exchange(0, 9, Relaxed, Relaxed).is_ok() {
                break;
            }
        }
        other.join().unwrap();
    });
    assert!(matches!(report.verdict, Verdict::Bounded(Limit::Loop(_))), "{report}");
}

/// An access that others race with is looked at, whether the attempt is left out or not.
#[test]
fn that_race_are_found() {
    let report = Checker::new().check(|| {
        let lock = Arc::new((AtomicU32::new(0), Plain::new(0)));
        threads(2, move |t| {
            while attempt(&lock.0).is_err() {}
            lock.1.write(1);
            lock.0.store(0, if t == 0 { Relaxed } else { Release });
        });
    });
    assert_eq!(report.failure().map(|f| f.kind), Some(FailureKind::DataRace), "{report}");
}
