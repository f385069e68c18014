//! Verdicts as people read them: the table of a run, and a failure as text.

pub mod graph;
pub mod justify;
mod table;
mod text;

pub use table::{Table, legend};
pub use text::{failure, steps};

/// A number of executions in at most five characters: `842`, `12.4k`, `3.1M`.
pub fn count(n: u64) -> String {
    match n {
        0..10_000 => n.to_string(),
        10_000..1_000_000 => format!("{:.1}k", n as f64 / 1e3),
        _ => format!("{:.1}M", n as f64 / 1e6),
    }
}

/// A time in a few characters: `12 ms`, `3.4 s`.
pub fn time(millis: u64) -> String {
    match millis {
        0..1_000 => format!("{millis} ms"),
        _ => format!("{:.1} s", millis as f64 / 1e3),
    }
}
