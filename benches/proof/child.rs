//! One measurement in a process of its own: an engine, a shape, a size, a time limit; one JSON line.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::{on_loom, on_rc11, on_shuttle};

/// The outcomes an engine has seen.
pub type Outcomes = BTreeSet<Vec<usize>>;

/// Complete executions so far.
pub static COMPLETE: AtomicU64 = AtomicU64::new(0);
/// Executions that ended with a thread waiting for good.
pub static BLOCKED: AtomicU64 = AtomicU64::new(0);

/// What was measured.
#[derive(Default, Serialize, Deserialize)]
pub struct Measured {
    /// Whether the search ended within the time limit.
    pub finished: bool,
    /// Complete executions.
    pub complete: u64,
    /// Blocked executions.
    pub blocked: u64,
    /// Time in seconds.
    pub seconds: f64,
    /// Peak resident memory in KB, if it is known.
    pub peak: Option<u64>,
    /// Every outcome seen.
    pub outcomes: Outcomes,
}

/// Measures and prints.
pub fn main(engine: &str, shape: usize, n: usize, limit: Duration) {
    let start = Instant::now();
    // A watchdog, not a synchronisation: what is unfinished by then is told as such.
    std::thread::spawn(move || {
        std::thread::sleep(limit);
        print(false, start, Outcomes::new());
        std::process::exit(0);
    });
    let mut outcomes = Outcomes::new();
    match engine {
        "rc11" => on_rc11::explore(on_rc11::shapes::SHAPES[shape].1, n, &mut outcomes),
        "loom" => on_loom::explore(on_loom::shapes::SHAPES[shape].1, n, &mut outcomes),
        "shuttle" => on_shuttle::explore(on_shuttle::shapes::SHAPES[shape].1, n, &mut outcomes),
        other => panic!("there is no engine `{other}`"),
    }
    print(true, start, outcomes);
}

fn print(finished: bool, start: Instant, outcomes: Outcomes) {
    let measured = Measured {
        finished,
        complete: COMPLETE.load(Relaxed),
        blocked: BLOCKED.load(Relaxed),
        seconds: start.elapsed().as_secs_f64(),
        peak: Some(peak()),
        outcomes,
    };
    println!("{}", serde_json::to_string(&measured).expect("plain data"));
}

/// Peak resident memory in KB, as the kernel reports it.
pub fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse().ok()).unwrap_or(0)
}
