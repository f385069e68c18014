//! One worker and two on the same search: whether two cores are twice as fast, on every shape.

use std::time::Duration;

use rc11::Checker;

use crate::on_rc11::shapes::SHAPES;
use crate::{measure, started_with};

/// A search as long as this, in seconds, shows how fast two workers are.
const LONG: f64 = 0.5;
/// A search that takes longer is not made twice.
const TOO_LONG: usize = 20;
/// How often each is measured; the best run counts, for other programs only ever slow one down.
pub const RUNS: usize = 3;

/// Prints executions, seconds, and seconds of processor time of one search.
pub fn child(shape: usize, n: usize, workers: usize) {
    let body = SHAPES[shape].1;
    let report = Checker::new().workers(workers).check(|| drop(body(n)));
    println!("{} {} {}", report.complete, report.elapsed.as_secs_f64(), processor_time());
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
pub fn numbers<const N: usize>(args: &[String]) -> [f64; N] {
    let line = started_with(args).expect("no shape fails");
    let numbers = line.split_whitespace().map(|word| word.parse().expect("a number"));
    numbers.collect::<Vec<f64>>().try_into().expect("as many numbers as asked for")
}

/// What one number of workers achieved over all runs.
pub struct Runs {
    pub executions: f64,
    /// The least time, in seconds.
    pub best: f64,
    /// Processor time of all runs, in seconds.
    pub processor: f64,
}

/// Measures one and two workers. The runs alternate, so that a busy moment of the machine hits both.
pub fn alternate(shape: usize, n: usize) -> [Runs; 2] {
    let mut runs = [1, 2].map(|_| Runs { executions: 0.0, best: f64::INFINITY, processor: 0.0 });
    for workers in (0..RUNS).flat_map(|_| [1, 2]) {
        let args = ["check".into(), shape.to_string(), n.to_string(), workers.to_string()];
        let [executions, seconds, processor] = numbers(&args);
        let runs = &mut runs[workers - 1];
        runs.executions = executions;
        runs.best = runs.best.min(seconds);
        runs.processor += processor;
    }
    runs
}

/// The least size at which a search is long enough, or the largest at which it is not too long.
fn size(shape: usize) -> usize {
    let seconds = |n| {
        let found = measure("rc11", shape, n, TOO_LONG).expect("no shape fails");
        found.finished.then_some(found.seconds)
    };
    let long = (2..).find(|&n| seconds(n).is_none_or(|seconds| seconds >= LONG));
    let long = long.expect("some size is too large");
    if seconds(long).is_some() { long } else { long - 1 }
}

/// Prints both for every shape.
pub fn table() {
    println!(
        "{:<22}{:>11}{:>11}{:>11}{:>10}{:>9}",
        "shape", "executions", "1 worker", "2 workers", "speed-up", "CPU 2/1"
    );
    for (shape, (name, _)) in SHAPES.iter().enumerate() {
        let n = size(shape);
        let [one, two] = alternate(shape, n);
        assert_eq!(one.executions, two.executions, "{name}({n}): workers count otherwise");
        let time = |runs: &Runs| format!("{:.3?}", Duration::from_secs_f64(runs.best));
        println!(
            "{:<22}{:>11}{:>11}{:>11}{:>9.2}x{:>9.2}",
            format!("{name}({n})"),
            one.executions,
            time(&one),
            time(&two),
            one.best / two.best,
            two.processor / one.processor,
        );
    }
}
