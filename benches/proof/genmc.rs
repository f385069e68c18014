//! Six shapes that GenMC's papers measure: executions and rate of each beside GenMC's own, on one worker and on two.

use rc11::Checker;

use crate::child::peak;
use crate::on_genmc;
use crate::on_rc11::shapes::SHAPES;
use crate::workers::{RUNS, Runs, alternate, numbers};

/// A shape at a size, its executions, and thousands of them a second that GenMC explores: LLVM bitcode interpreted, one thread, symmetry reduction
/// off, measured on a machine like the one this engine was built on.
struct Published {
    shape: &'static str,
    n: usize,
    executions: u64,
    rate: f64,
}

const fn published(shape: &'static str, n: usize, executions: u64, rate: f64) -> Published {
    Published { shape, n, executions, rate }
}

const PUBLISHED: [Published; 6] = [
    published("incrementers", 8, 40_320, 37.0),
    published("writers", 8, 40_320, 216.0),
    published("last-zero", 16, 147_456, 20.0),
    published("readers-writer", 18, 131_072, 27.0),
    published("fib_bench", 5, 525_630, 212.0),
    published("indexer", 15, 4_096, 2.3),
];
/// GenMC's search of one shape is cut off after so many seconds.
const LIMIT: usize = 120;

/// Prints the peak memory in KB after ten thousand executions and after a million.
pub fn memory() {
    let peak_after = |executions| {
        let body = SHAPES[place("readers-writer")].1;
        Checker::new().max_executions(executions).check(|| drop(body(21)));
        peak()
    };
    println!("{} {}", peak_after(10_000), peak_after(1_000_000));
}

/// The number of a shape.
fn place(shape: &str) -> usize {
    SHAPES.iter().position(|(name, _)| *name == shape).expect("a shape's name")
}

/// GenMC's executions of a shape and thousands a second, if it is there: the best run counts.
fn here(published: &Published) -> Option<f64> {
    let Published { shape, n, executions, .. } = *published;
    let runs = (0..RUNS).filter_map(|_| on_genmc::explore(shape, n, LIMIT));
    let best = runs.min_by(|a, b| a.seconds.total_cmp(&b.seconds))?;
    assert_eq!(best.complete, executions, "{shape}({n}): GenMC has other executions");
    Some(best.complete as f64 / best.seconds / 1000.0)
}

/// Prints the comparison.
pub fn table() {
    let whose = if on_genmc::is_there() { "side by side" } else { "its recorded rates" };
    println!("\nGenMC's shapes ({whose}: one thread, C through LLVM, symmetry reduction off)");
    println!(
        "{:<19}{:>11}{:>12}{:>12}{:>9}{:>14}{:>10}{:>12}",
        "shape", "executions", "GenMC k/s", "rc11 k/s", "ratio", "2 workers", "speed-up", "CPU 2/1"
    );
    for published in &PUBLISHED {
        let Published { shape, n, executions, rate: recorded } = published;
        let name = format!("{shape}({n})");
        let theirs = here(published).unwrap_or(*recorded);
        let runs = alternate(place(shape), *n);
        for found in &runs {
            assert_eq!(
                found.executions, *executions as f64,
                "{name}: a wrong number of executions"
            );
        }
        let [one, two] = runs;
        let rate = |runs: &Runs| *executions as f64 / runs.best / 1000.0;
        println!(
            "{name:<19}{executions:>11}{theirs:>12.1}{:>12.1}{:>8.1}x{:>10.1} k/s{:>9.2}x{:>12.2}",
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
    println!(
        "\nreaders-writer(21): peak {short} KB after 10,000 executions, {long} KB after 1,000,000"
    );
}
