//! The shapes in C (`c/`), under the GenMC that the variable GENMC names: its executions and its time, the compilation of the C file in it.
//!
//! GenMC answers for C through LLVM. Its model here is RC11, its estimate of the search is left out, and so is symmetry, as no two threads have
//! the same argument.

use std::process::{Command, Output, Stdio};

use crate::child::Measured;

/// Whether there is a GenMC to compare with.
pub fn is_there() -> bool {
    std::env::var_os("GENMC").is_some()
}

/// One search, cut off after so many seconds; none if GenMC refuses the program, or there is none.
pub fn explore(shape: &str, n: usize, limit: usize) -> Option<Measured> {
    // In-place revisits are refused for a write that is not ordered with another one, such as that of a swap that fails to take a lock.
    search(shape, n, limit, &[]).or_else(|| search(shape, n, limit, &["--disable-ipr"]))
}

fn search(shape: &str, n: usize, limit: usize, without: &[&str]) -> Option<Measured> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/proof/c/shapes.c");
    // A shape's name has words, its function's has none.
    let shape = shape.replace([' ', '-'], "_").to_lowercase();
    let mut command = Command::new("timeout");
    command.arg(limit.to_string()).arg(std::env::var_os("GENMC")?);
    command.args(["--rc11", "--disable-estimation", "--v2"]).args(without);
    command.args(["--", &format!("-DSHAPE={shape}"), &format!("-DN={n}"), file]);
    let output = command.stderr(Stdio::null()).output().expect("GENMC can be started");
    measured(&output, limit)
}

fn measured(output: &Output, limit: usize) -> Option<Measured> {
    const CUT_OFF: i32 = 124;
    if output.status.code() == Some(CUT_OFF) {
        return Some(Measured { seconds: limit as f64, ..Measured::default() });
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let number = |what: &str| {
        let line = text.lines().find(|line| line.starts_with(what))?;
        line.rsplit(": ").next()?.trim_end_matches('s').parse::<f64>().ok()
    };
    output.status.success().then_some(())?;
    Some(Measured {
        finished: true,
        complete: number("Number of complete executions explored")? as u64,
        blocked: number("Number of blocked executions seen").unwrap_or(0.0) as u64,
        seconds: number("Total wall-clock time")?,
        ..Measured::default()
    })
}
