//! Litmus files give the answers that theory gives, in herd's words, and what is wrong with one is said with its place.

mod errors;
mod printing;
mod shapes;

use casebook_litmus::{Answer, parse, run};
use rc11::Checker;

fn answer(text: &str) -> Answer {
    let test = parse(text, "test.litmus").unwrap_or_else(|error| panic!("{error}"));
    run(&test, &Checker::new()).unwrap_or_else(|error| panic!("{error}"))
}

/// What is printed, but for the time and the hash, which have tests of their own.
#[track_caller]
fn prints(text: &str, expected: &str) {
    let printed = answer(text).to_string();
    let lines =
        printed.lines().filter(|line| !line.starts_with("Time ") && !line.starts_with("Hash="));
    let printed: String = lines.map(|line| format!("{line}\n")).collect();
    assert_eq!(printed, expected);
}
