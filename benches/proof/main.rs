//! How long a proof takes: rc11, loom and shuttle's depth-first search on the same shapes, and rc11 beside GenMC: beside its recorded rates, or, with
//! `GENMC=/path/to/genmc`, beside the program itself on the same shapes in C.
//!
//! `cargo bench --bench proof` prints everything; `-- SECONDS` sets the time limit of one search (20), `-- --json SECONDS`
//! prints the searches as JSON lines, `-- compare` what is beside GenMC alone, `-- workers` every shape on one worker and on two. Every search
//! runs in a process of its own: the peak memory is its own, and one engine cannot slow another.

mod child;
mod genmc;
mod on_genmc;
mod on_loom;
mod on_rc11;
mod on_shuttle;
mod plain_cell;
mod table;
mod workers;

use std::process::Command;
use std::time::Duration;

use child::Measured;

const ENGINES: [&str; 3] = ["rc11", "loom", "shuttle"];

/// A search shorter than this, in seconds, is repeated so often.
const SHORT: f64 = 0.2;
const REPEATS: usize = 4;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let number = |word: &str| word.parse::<usize>().expect("a number");
    match words[..] {
        ["child", engine, shape, n, limit] => {
            let limit = Duration::from_secs(number(limit) as u64);
            child::main(engine, number(shape), number(n), limit);
        }
        ["check", shape, n, workers] => workers::child(number(shape), number(n), number(workers)),
        ["memory"] => genmc::memory(),
        ["compare"] => genmc::table(),
        ["workers"] => workers::table(),
        ["--json", limit] => table::print_json(number(limit)),
        [] | [_] => {
            let limit = words.first().map_or(20, |word| number(word));
            table::print(limit);
            genmc::table();
        }
        _ => panic!("usage: cargo bench --bench proof [-- [--json] SECONDS | compare | workers]"),
    }
}

/// The line this program prints when it is started with `args`; none if it failed.
fn started_with(args: &[String]) -> Option<String> {
    let me = std::env::current_exe().expect("a running program has a path");
    let output = Command::new(me).args(args).output().expect("this program can be started");
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// One search; a short one several times, of which the fastest counts: other programs only ever slow one down.
fn measure(engine: &str, shape: usize, n: usize, limit: usize) -> Option<Measured> {
    let args = ["child".into(), engine.into(), shape.to_string(), n.to_string(), limit.to_string()];
    let once =
        || -> Option<Measured> { serde_json::from_str(started_with(&args)?.lines().last()?).ok() };
    let first = once()?;
    let again = if first.seconds < SHORT { REPEATS } else { 0 };
    let repeated = (0..again).filter_map(|_| once());
    repeated.chain([first]).min_by(|a, b| a.seconds.total_cmp(&b.seconds))
}
