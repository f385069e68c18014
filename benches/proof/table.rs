//! The table over all engines, and what follows from it.

use std::time::Duration;

use crate::child::Measured;
use crate::on_rc11::shapes::SHAPES;
use crate::{ENGINES, measure, on_genmc};

/// Sizes from which each shape is measured; loom has no more than five threads, the main thread among them.
const SIZES: [usize; 3] = [2, 3, 4];
/// The sizes only rc11 is asked for beyond those, and GenMC, to see them grow.
const BEYOND: [usize; 2] = [5, 6];

/// What the last lines say, collected over all shapes.
#[derive(Default)]
struct Summary {
    /// How many times as long loom and shuttle took, for each search they finish.
    ratios: [Vec<f64>; 2],
    notes: Vec<String>,
}

/// Prints it; `limit` seconds for each search.
pub fn print(limit: usize) {
    println!(
        "{:<22}{:<8}{:>12}{:>9}{:>11}{:>9}{:>8}{:>9}{:>8}",
        "shape(N)", "engine", "executions", "blocked", "time", "exec/s", "MB", "outcomes", "growth"
    );
    let mut summary = Summary::default();
    for (shape, (name, _)) in SHAPES.iter().enumerate() {
        let mut before: [Option<f64>; 3] = [None; 3];
        for n in SIZES {
            let found = ENGINES.map(|engine| measure(engine, shape, n, limit));
            for (i, found) in found.iter().enumerate() {
                let name = format!("{name}({n})");
                line(&name, ENGINES[i], found.as_ref(), before[i], limit);
                before[i] = found.as_ref().filter(|m| m.finished).map(|m| m.seconds);
            }
            beside(name, n, limit);
            if let [Some(rc11), others @ ..] = &found {
                summary.compare_sets(&format!("{name}({n})"), rc11, others[0].as_ref());
                for (ratios, other) in summary.ratios.iter_mut().zip(others) {
                    ratios.extend(times_as_long(rc11, other.as_ref()));
                }
            }
        }
        for n in BEYOND {
            let found = measure("rc11", shape, n, limit);
            line(&format!("{name}({n})"), "rc11", found.as_ref(), None, limit);
            beside(name, n, limit);
        }
    }
    summary.print();
}

/// Prints GenMC's search, where there is one.
fn beside(name: &str, n: usize, limit: usize) {
    if on_genmc::is_there() {
        let found = on_genmc::explore(name, n, limit);
        line(&format!("{name}({n})"), "genmc", found.as_ref(), None, limit);
    }
}

/// Prints the searches as JSON lines, without their outcomes.
pub fn print_json(limit: usize) {
    for (shape, (name, _)) in SHAPES.iter().enumerate() {
        for n in SIZES.into_iter().chain(BEYOND) {
            let engines = if SIZES.contains(&n) { &ENGINES[..] } else { &ENGINES[..1] };
            let found = engines.iter().map(|engine| (*engine, measure(engine, shape, n, limit)));
            for (engine, found) in found.chain([("genmc", on_genmc::explore(name, n, limit))]) {
                let Some(Measured { finished, complete, blocked, seconds, peak, .. }) = found
                else {
                    continue;
                };
                let line = serde_json::json!({ "shape": name, "n": n, "engine": engine,
                    "limit": limit, "finished": finished, "complete": complete,
                    "blocked": blocked, "seconds": seconds, "peak": peak });
                println!("{line}");
            }
        }
    }
}

fn line(name: &str, engine: &str, found: Option<&Measured>, before: Option<f64>, limit: usize) {
    let Some(found) = found else {
        return println!("{name:<22}{engine:<8}{:>12}", "fails");
    };
    let (time, outcomes) = match found.finished {
        true => (format!("{:.3?}", Duration::from_secs_f64(found.seconds)), found.outcomes.len()),
        false => (format!("> {limit} s"), 0),
    };
    let growth = before.filter(|_| found.finished).map(|before| found.seconds / before);
    println!(
        "{name:<22}{engine:<8}{:>12}{:>9}{time:>11}{:>9.0}{:>8}{:>9}{:>8}",
        found.complete,
        found.blocked,
        found.complete as f64 / found.seconds,
        found.peak.map_or("?".into(), |kb| (kb / 1024).to_string()),
        if found.finished && outcomes > 0 { outcomes.to_string() } else { "?".into() },
        growth.map_or(String::new(), |growth| format!("{growth:.1}x")),
    );
}

/// How many times as long as rc11 another engine took, if both finished.
fn times_as_long(rc11: &Measured, other: Option<&Measured>) -> Option<f64> {
    other.filter(|other| rc11.finished && other.finished).map(|other| other.seconds / rc11.seconds)
}

impl Summary {
    /// Notes what loom misses of the model's outcomes, or adds to them.
    fn compare_sets(&mut self, name: &str, rc11: &Measured, loom: Option<&Measured>) {
        let Some(loom) = loom.filter(|loom| rc11.finished && loom.finished) else { return };
        let missed: Vec<_> = rc11.outcomes.difference(&loom.outcomes).collect();
        let invented: Vec<_> = loom.outcomes.difference(&rc11.outcomes).collect();
        for (what, outcomes) in [("misses", missed.clone()), ("adds", invented)] {
            if let Some(first) = outcomes.first() {
                let all = outcomes.len();
                self.notes.push(format!("{name}: loom {what} {all} outcomes, such as {first:?}"));
            }
        }
        if missed.is_empty() && rc11.complete > loom.complete {
            let (ours, theirs) = (rc11.complete, loom.complete);
            self.notes.push(format!("{name}: rc11 needs MORE executions, {ours} to {theirs}"));
        }
    }

    fn print(&self) {
        println!();
        for (engine, ratios) in ENGINES[1..].iter().zip(&self.ratios) {
            let all = ratios.len();
            let mean = ratios.iter().map(|ratio| ratio.ln()).sum::<f64>() / all as f64;
            println!("{engine} takes {:.1} times as long as rc11: geometric mean", mean.exp());
            println!("  over the {all} searches that both finish");
        }
        println!("Outcomes are compared with rc11's, which are those of the model:");
        self.notes.iter().for_each(|note| println!("  {note}"));
    }
}
