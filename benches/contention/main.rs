//! Is parking_lot faster than `std` where threads contend? Their mutexes and reader–writer locks, side by side in one run.
//!
//! `cargo bench --bench contention` takes about a minute and prints a table; `-- SECONDS` makes it as long as you like,
//! `-- --json` prints JSON lines. Rounds of the two crates alternate, so that whatever else the machine does meets both; a
//! ratio compares two rounds that were neighbours, and the table shows the median ratio and how far the others lie apart.

mod measure;
mod table;

use std::time::Duration;

use measure::Plan;

/// Seconds for the whole run, if none are named.
const SECONDS: f64 = 60.0;
const USAGE: &str = "usage: cargo bench --bench contention [-- [--json] [SECONDS]]";

fn main() {
    let mut args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let before = args.len();
    args.retain(|arg| arg != "--json");
    let json = args.len() < before;
    let seconds = match &args[..] {
        [] => SECONDS,
        [seconds] => seconds.parse().unwrap_or_else(|_| panic!("{USAGE}")),
        _ => panic!("{USAGE}"),
    };
    let plan = Plan::within(Duration::from_secs_f64(seconds));
    if !json {
        table::head(&plan);
    }
    let mut cells = Vec::new();
    for cell in plan.cells() {
        match json {
            true => println!("{}", serde_json::to_string(&cell).expect("plain data")),
            false => table::line(&cell),
        }
        cells.push(cell);
    }
    if !json {
        table::tail(&plan, &cells);
    }
}
