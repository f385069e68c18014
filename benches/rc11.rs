//! Five shapes that GenMC's papers measure: executions, time, rate and peak memory of each.

use std::time::Duration;

use casebook::rc11::sync::Arc;
use casebook::rc11::sync::atomic::{AtomicU64, Ordering::*};
use casebook::rc11::{Checker, Report, thread};

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

fn print(name: &str, workers: usize, report: &Report) {
    let Report { complete, blocked, elapsed, .. } = report;
    let rate = *complete as f64 / elapsed.max(&Duration::from_nanos(1)).as_secs_f64() / 1000.0;
    println!(
        "{name:<14} {workers} {complete:>9} {blocked:>7} {:>9.3} s {rate:>8.1} k/s  {:>6} MB",
        elapsed.as_secs_f64(),
        peak()
    );
}

/// Peak resident memory in MB, as the kernel reports it.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) / 1024
}

fn main() {
    let only = std::env::args().nth(1).filter(|a| !a.starts_with('-'));
    println!("shape          workers complete blocked     time     rate     peak");
    let shapes: [(&str, &(dyn Fn() + Send + Sync)); 5] = [
        ("fetch_add(8)", &|| fetch_add(8)),
        ("lastzero(15)", &|| lastzero(15)),
        ("readers(17)", &|| readers(17)),
        ("fib_bench(5)", &|| fib_bench(5)),
        ("indexer(15)", &|| indexer(15)),
    ];
    for (name, body) in shapes
        .into_iter()
        .filter(|(name, _)| only.as_ref().is_none_or(|o| name.contains(o.as_str())))
    {
        for workers in [1, 2] {
            print(name, workers, &Checker::new().workers(workers).check(body));
        }
    }
}
