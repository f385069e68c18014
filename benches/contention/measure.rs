//! A round is some threads that acquire one lock again and again for a while; a cell is pairs of rounds, one for each crate.

use std::hint::black_box;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant};
use std::{iter, thread};

use serde::Serialize;

/// How many threads share the lock.
const THREADS: [usize; 4] = [1, 2, 4, 8];
/// Work under the lock in nanoseconds; each thread works as long again before it comes back.
const INSIDE: [u64; 4] = [0, 10, 100, 1000];
/// Of the acquisitions of a reader–writer lock one in so many writes.
pub const WRITES: u64 = 32;
/// The work under the lock where `std`'s mutex is measured against itself.
const CONTROL: u64 = 100;
/// Lines of the table: two locks, and the control.
const CELLS: usize = THREADS.len() * (2 * INSIDE.len() + 1);
/// A round lasts so long, if there is time for three pairs of them in each cell.
const ROUND: Duration = Duration::from_millis(50);

/// A lock around a number.
trait Lock: Default + Sync {
    /// Acquires it, changes the number or reads it, and works; says whether it has changed it.
    fn acquire(&self, nth: u64, work: impl FnOnce()) -> bool;
    /// The number.
    fn end(self) -> u64;
}

/// The two crates' locks differ in what their methods return only: `std`'s may be poisoned.
macro_rules! locks {
    ($mutex:ty, $rwlock:ty $(, $unwrap:ident)?) => {
        impl Lock for $mutex {
            fn acquire(&self, _: u64, work: impl FnOnce()) -> bool {
                let mut number = self.lock()$(.$unwrap())?;
                *number += 1;
                work();
                true
            }

            fn end(self) -> u64 {
                self.into_inner()$(.$unwrap())?
            }
        }

        impl Lock for $rwlock {
            fn acquire(&self, nth: u64, work: impl FnOnce()) -> bool {
                if nth.is_multiple_of(WRITES) {
                    let mut number = self.write()$(.$unwrap())?;
                    *number += 1;
                    work();
                    true
                } else {
                    let number = self.read()$(.$unwrap())?;
                    black_box(*number);
                    work();
                    false
                }
            }

            fn end(self) -> u64 {
                self.into_inner()$(.$unwrap())?
            }
        }
    };
}

locks!(std::sync::Mutex<u64>, std::sync::RwLock<u64>, unwrap);
locks!(parking_lot::Mutex<u64>, parking_lot::RwLock<u64>);

/// Turns of a loop that takes no memory access.
fn work(turns: u64) {
    for turn in 0..turns {
        black_box(turn);
    }
}

/// How many turns of [`work`] take a nanosecond: the best of several, for other programs only ever slow one down.
fn turns_per_nanosecond() -> f64 {
    const TURNS: u64 = 1_000_000;
    let once = || {
        let start = Instant::now();
        work(TURNS);
        TURNS as f64 / start.elapsed().as_nanos() as f64
    };
    iter::repeat_with(once).take(20).fold(0.0, f64::max)
}

/// What one round achieved.
struct Round {
    /// Millions of acquisitions a second, all threads together.
    rate: f64,
    /// The fewest acquisitions of a thread over the most.
    fairness: f64,
}

/// Measures one crate's lock for one round.
fn round<L: Lock>(threads: usize, turns: u64, length: Duration) -> Round {
    let (lock, stop) = (L::default(), AtomicBool::new(false));
    let start = Barrier::new(threads + 1);
    let acquire = || {
        let (mut acquired, mut changed) = (0, 0);
        start.wait();
        while !stop.load(Relaxed) {
            changed += u64::from(lock.acquire(acquired, || work(turns)));
            acquired += 1;
            work(turns);
        }
        (acquired, changed)
    };
    let (counts, seconds) = thread::scope(|s| {
        let running: Vec<_> = (0..threads).map(|_| s.spawn(acquire)).collect();
        start.wait();
        let begin = Instant::now();
        thread::sleep(length); // the length of the measurement; it synchronises nothing
        stop.store(true, Relaxed); // Relaxed: it carries nothing with it
        let seconds = begin.elapsed().as_secs_f64();
        let counts: Vec<(u64, u64)> = running.into_iter().map(|t| t.join().unwrap()).collect();
        (counts, seconds)
    });
    let changed: u64 = counts.iter().map(|(_, changed)| changed).sum();
    assert_eq!(lock.end(), changed, "a lock that loses an update needs no measurement");
    let acquired = || counts.iter().map(|(acquired, _)| *acquired as f64);
    Round {
        rate: acquired().sum::<f64>() / seconds / 1e6,
        fairness: acquired().fold(f64::MAX, f64::min) / acquired().fold(1.0, f64::max),
    }
}

/// The least of several numbers, the greatest, and those a quarter, half and three quarters of the way between.
fn quartiles(numbers: impl Iterator<Item = f64>) -> [f64; 5] {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    let last = numbers.len() - 1;
    [0, last / 4, last / 2, last - last / 4, last].map(|nth| numbers[nth])
}

/// What was measured for one lock, number of threads and length of the critical section.
#[derive(Serialize)]
pub struct Cell {
    /// The type, in either crate; `control` is `std`'s mutex in both places.
    pub lock: &'static str,
    /// How many threads share it.
    pub threads: usize,
    /// Nanoseconds of work under it.
    pub inside: u64,
    /// Pairs of rounds.
    pub pairs: usize,
    /// Milliseconds of a round.
    pub round: u128,
    /// Cores of the machine.
    pub cores: usize,
    /// Millions of acquisitions a second with `std`, the median round.
    pub std: f64,
    /// The same with parking_lot.
    pub parking_lot: f64,
    /// parking_lot's rate over `std`'s, above 1 parking_lot is faster: the lowest pair, the quartiles, the highest.
    pub ratio: [f64; 5],
    /// The thread with the fewest acquisitions over that with the most, with `std`, the median round.
    pub std_fairness: f64,
    /// The same with parking_lot.
    pub parking_lot_fairness: f64,
}

/// How long everything is measured.
pub struct Plan {
    /// The length of a round.
    pub round: Duration,
    /// Pairs of rounds in each cell.
    pub pairs: usize,
    /// Cores of the machine.
    pub cores: usize,
}

impl Plan {
    /// Fills the time with rounds of the usual length, or with three pairs of shorter ones.
    pub fn within(time: Duration) -> Plan {
        let cell = time / CELLS as u32;
        let pairs = (cell.as_secs_f64() / 2.0 / ROUND.as_secs_f64()).max(3.0) as usize | 1; // a median is one of them
        let cores = thread::available_parallelism().map_or(1, usize::from);
        Plan { round: ROUND.min(cell / 2 / pairs as u32), pairs, cores }
    }

    /// Measures one cell after another.
    pub fn cells(&self) -> impl Iterator<Item = Cell> {
        let turns = turns_per_nanosecond();
        let sizes = || THREADS.into_iter().flat_map(|n| INSIDE.map(|inside| (n, inside)));
        let mutexes = sizes().map(move |size| {
            self.cell::<std::sync::Mutex<u64>, parking_lot::Mutex<u64>>("Mutex", size, turns)
        });
        let rwlocks = sizes().map(move |size| {
            self.cell::<std::sync::RwLock<u64>, parking_lot::RwLock<u64>>("RwLock", size, turns)
        });
        let control = THREADS.into_iter().map(move |threads| {
            let size = (threads, CONTROL);
            self.cell::<std::sync::Mutex<u64>, std::sync::Mutex<u64>>("control", size, turns)
        });
        control.chain(mutexes).chain(rwlocks)
    }

    /// Measures the pairs of one cell; the crates take turns in going first.
    fn cell<S: Lock, P: Lock>(
        &self,
        lock: &'static str,
        (threads, inside): (usize, u64),
        turns_per_nanosecond: f64,
    ) -> Cell {
        let turns = (inside as f64 * turns_per_nanosecond) as u64;
        let pair = |nth| {
            let std = || round::<S>(threads, turns, self.round);
            let parking_lot = || round::<P>(threads, turns, self.round);
            if nth % 2 == 0 {
                let first = std();
                (first, parking_lot())
            } else {
                let first = parking_lot();
                (std(), first)
            }
        };
        let pairs: Vec<(Round, Round)> = (0..self.pairs).map(pair).collect();
        let middle = |of: fn(&(Round, Round)) -> f64| quartiles(pairs.iter().map(of))[2];
        Cell {
            lock,
            threads,
            inside,
            pairs: self.pairs,
            round: self.round.as_millis(),
            cores: self.cores,
            std: middle(|(std, _)| std.rate),
            parking_lot: middle(|(_, parking_lot)| parking_lot.rate),
            ratio: quartiles(pairs.iter().map(|(std, other)| other.rate / std.rate)),
            std_fairness: middle(|(std, _)| std.fairness),
            parking_lot_fairness: middle(|(_, parking_lot)| parking_lot.fairness),
        }
    }
}
