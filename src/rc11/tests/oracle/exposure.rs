//! Load buffering: the engine reports every random program that has more outcomes without the axiom that forbids it.

use std::cell::Cell;

use proptest::strategy::Strategy;
use rc11::Checker;

use super::agreement::for_random;
use super::oracle::{Program, executions, executions_with_load_buffering};
use super::{random_programs, under_engine};

/// Compares on random programs; the share of those that are not exposed and reported all the same, in hundredths.
fn reports(programs: impl Strategy<Value = Program>) -> usize {
    let (exposed, falsely, all) = (Cell::new(0), Cell::new(0), Cell::new(0));
    for_random(programs, |program| {
        let without = executions(program);
        let more = executions_with_load_buffering(program, &[0, 1, 2]);
        let is_exposed = more.by_outcome != without.by_outcome;
        let found = under_engine::explore(program, &Checker::new()).1.exposure;
        all.set(all.get() + 1);
        exposed.set(exposed.get() + usize::from(is_exposed));
        falsely.set(falsely.get() + usize::from(!is_exposed && found.is_some()));
        if is_exposed && found.is_none() { Err((more, without)) } else { Ok(()) }
    });
    let (exposed, falsely, all) = (exposed.get(), falsely.get(), all.get());
    println!("{exposed} of {all} programs are exposed; {falsely} more are reported");
    falsely * 100 / (all - exposed)
}

#[test]
fn of_constants() {
    assert!(reports(random_programs::constants()) <= 5);
}

#[test]
fn of_conditions() {
    reports(random_programs::conditions());
}
