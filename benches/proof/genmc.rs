//! Five shapes that GenMC's papers measure: executions and rate of each beside GenMC's own, on one worker and on two.

use rc11::sync::Arc;
use rc11::sync::atomic::{AtomicU64, Ordering::*};
use rc11::{Checker, thread};

use crate::child::peak;
use crate::{on_genmc, started_with};

fn atomics(n: usize, value: u64) -> Arc<Vec<AtomicU64>> {
    Arc::new((0..n).map(|_| AtomicU64::new(value)).collect())
}

/// `n` threads, each one Relaxed `fetch_add` on one counter: n! executions.
fn fetch_add(n: usize) {
    let x = atomics(1, 0);
    run(n, move |_| {
        x[0].fetch_add(1, Relaxed);
    });
}

/// `n` threads each store to one variable: n! executions.
fn writers(n: usize) {
    let x = atomics(1, 0);
    run(n, move |t| x[0].store(t as u64 + 1, Relaxed));
}

/// One reader looks for the last zero while `n` threads each set their element to one more than the element before.
fn lastzero(n: usize) {
    let array = atomics(n + 1, 0);
    run(n + 1, move |t| {
        if t == 0 {
            let mut i = n;
            while array[i].load(Acquire) != 0 {
                i -= 1;
            }
        } else {
            let before = array[t - 1].load(Acquire);
            array[t].store(before + 1, Release);
        }
    });
}

/// One writer and `n` readers of one location: 2^n executions.
fn readers(n: usize) {
    let x = atomics(1, 0);
    run(n + 1, move |t| {
        if t == 0 {
            x[0].store(1, Relaxed);
        } else {
            x[0].load(Relaxed);
        }
    });
}

/// Two threads each add the other's variable to their own, `n` times, while the main thread looks on.
fn fib_bench(n: usize) {
    let x = atomics(2, 1);
    for t in 0..2 {
        let x = x.clone();
        thread::spawn(move || {
            for _ in 0..n {
                let mine = x[t].load(Acquire);
                let other = x[1 - t].load(Acquire);
                x[t].store(mine + other, Release);
            }
        });
    }
    assert!(x[0].load(Acquire) <= 144 && x[1].load(Acquire) <= 144);
}

/// `n` threads each insert four messages into a hash table of 128 entries, by compare-exchange.
fn indexer(n: usize) {
    let table = atomics(128, 0);
    run(n, move |t| {
        for m in 1..=4 {
            let message = (m * 11 + t) as u64;
            let mut at = (message as usize * 7) % 128;
            while table[at].compare_exchange(0, message, Relaxed, Relaxed).is_err() {
                at = (at + 1) % 128;
            }
        }
    });
}

/// Runs `body` on `n` threads.
fn run(n: usize, body: impl Fn(usize) + Clone + Send + 'static) {
    let spawn = |t| {
        let body = body.clone();
        thread::spawn(move || body(t))
    };
    let threads: Vec<_> = (0..n).map(spawn).collect();
    threads.into_iter().for_each(|t| t.join().unwrap());
}

/// A shape, its executions, the same in C with its size there, and thousands of executions a second that GenMC explores: LLVM bitcode interpreted, one
/// thread, symmetry reduction off, measured on a machine like the one this engine was built on.
struct Published {
    name: &'static str,
    body: fn(),
    executions: u64,
    c: (&'static str, usize),
    rate: f64,
}

const fn published(
    name: &'static str,
    body: fn(),
    executions: u64,
    c: (&'static str, usize),
    rate: f64,
) -> Published {
    Published { name, body, executions, c, rate }
}

const SHAPES: [Published; 6] = [
    published("fetch_add(8)", || fetch_add(8), 40_320, ("incrementers", 8), 37.0),
    published("N-writers(8)", || writers(8), 40_320, ("writers", 8), 216.0),
    published("lastzero(15)", || lastzero(15), 147_456, ("last_zero", 16), 20.0),
    published("readers(17)", || readers(17), 131_072, ("readers_writer", 18), 27.0),
    published("fib_bench(5)", || fib_bench(5), 525_630, ("fib_bench", 5), 212.0),
    published("indexer(15)", || indexer(15), 4_096, ("indexer", 15), 2.3),
];
/// GenMC's search of one shape is cut off after so many seconds.
const LIMIT: usize = 120;
/// How often each is measured; the best run counts, for other programs only ever slow one down.
const RUNS: usize = 3;

/// Prints executions, seconds, and seconds of processor time of one check.
pub fn child(shape: usize, workers: usize) {
    let report = Checker::new().workers(workers).check(SHAPES[shape].body);
    println!("{} {} {}", report.complete, report.elapsed.as_secs_f64(), processor_time());
}

/// Prints the peak memory in KB after ten thousand executions and after a million.
pub fn memory() {
    let peak_after = |executions| {
        Checker::new().max_executions(executions).check(|| readers(20));
        peak()
    };
    println!("{} {}", peak_after(10_000), peak_after(1_000_000));
}

/// Processor time of this process in seconds, all its threads together, as the kernel reports it.
fn processor_time() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // What follows the name, which may hold spaces: user and system time are the 12th and 13th, in hundredths.
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split_whitespace().skip(11).take(2);
    ticks.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// The numbers that this program prints when it is started with `args`.
fn numbers<const N: usize>(args: &[String]) -> [f64; N] {
    let line = started_with(args).expect("no shape fails");
    let numbers = line.split_whitespace().map(|word| word.parse().expect("a number"));
    numbers.collect::<Vec<f64>>().try_into().expect("as many numbers as asked for")
}

/// What one number of workers achieved over all runs.
struct Runs {
    executions: f64,
    best: f64,
    processor: f64,
}

/// Measures one and two workers. The runs alternate, so that a busy moment of the machine hits both.
fn alternate(shape: usize) -> [Runs; 2] {
    let mut runs = [1, 2].map(|_| Runs { executions: 0.0, best: f64::INFINITY, processor: 0.0 });
    for workers in (0..RUNS).flat_map(|_| [1, 2]) {
        let args = ["genmc".into(), shape.to_string(), workers.to_string()];
        let [executions, seconds, processor] = numbers(&args);
        let runs = &mut runs[workers - 1];
        runs.executions = executions;
        runs.best = runs.best.min(seconds);
        runs.processor += processor;
    }
    runs
}

/// GenMC's executions of a shape and thousands a second, if it is there: the best run counts.
fn here(published: &Published) -> Option<f64> {
    let (shape, n) = published.c;
    let runs = (0..RUNS).filter_map(|_| on_genmc::explore(shape, n, LIMIT));
    let best = runs.min_by(|a, b| a.seconds.total_cmp(&b.seconds))?;
    assert_eq!(
        best.complete, published.executions,
        "{}: GenMC has other executions",
        published.name
    );
    Some(best.complete as f64 / best.seconds / 1000.0)
}

/// Prints the comparison.
pub fn table() {
    let whose = if on_genmc::is_there() { "side by side" } else { "its recorded rates" };
    println!("\nGenMC's shapes ({whose}: one thread, C through LLVM, symmetry reduction off)");
    println!(
        "{:<15}{:>11}{:>12}{:>12}{:>9}{:>14}{:>10}{:>12}",
        "shape", "executions", "GenMC k/s", "rc11 k/s", "ratio", "2 workers", "speed-up", "CPU 2/1"
    );
    for (shape, published) in SHAPES.iter().enumerate() {
        let Published { name, executions, rate: recorded, .. } = published;
        let theirs = here(published).unwrap_or(*recorded);
        let runs = alternate(shape);
        for found in &runs {
            assert_eq!(
                found.executions, *executions as f64,
                "{name}: a wrong number of executions"
            );
        }
        let [one, two] = runs;
        let rate = |runs: &Runs| *executions as f64 / runs.best / 1000.0;
        println!(
            "{name:<15}{executions:>11}{theirs:>12.1}{:>12.1}{:>8.1}x{:>10.1} k/s{:>9.2}x{:>12.2}",
            rate(&one),
            rate(&one) / theirs,
            rate(&two),
            one.best / two.best,
            two.processor / one.processor,
        );
    }
    println!(
        "  CPU 2/1: processor time with two workers over that with one; 1.00 is no overhead, and unlike"
    );
    println!("  the speed-up it says so on a busy machine too");
    let [short, long] = numbers(&["memory".into()]);
    println!("\nreaders(20): peak {short} KB after 10,000 executions, {long} KB after 1,000,000");
}
