//! Threads that are alike are explored up to their order: with the numbers that the search says each execution stands for, it has every outcome as often as the
//! oracle has it.

use std::cell::Cell;

use proptest::strategy::{BoxedStrategy, Strategy};
use rc11::Checker;

use super::agreement::for_random;
use super::oracle::{Executions, Program, executions};
use super::{random_programs, under_engine};

/// Compares counts and outcomes, what is read by threads that are alike sorted; in a third of the programs at least fewer executions are explored than there are.
fn agree(workers: usize, programs: BoxedStrategy<Program>) {
    let (all, fewer) = (Cell::new(0), Cell::new(0));
    for_random(programs, |program| {
        let expected = sorted(program, executions(program));
        let checker = Checker::new().workers(workers);
        let (found, report) = under_engine::explore(program, &checker);
        all.update(|n| n + 1);
        fewer.update(|n| n + usize::from(report.complete < report.in_every_order));
        let agrees = (expected.racy, expected.stuck > 0) == (found.racy, found.stuck > 0)
            && expected.has_as_many_as(&found);
        if agrees { Ok(()) } else { Err((expected, found)) }
    });
    assert!(fewer.get() * 3 >= all.get(), "only in {} of {} programs", fewer.get(), all.get());
}

/// The registers of threads that are alike in sorted order.
fn sorted(program: &Program, all: Executions) -> Executions {
    let registers = |number: usize| super::oracle::interpret::registers(&program.threads[number]);
    let start: usize = (0..program.alike.start).map(registers).sum();
    let each = registers(program.alike.start);
    let mut sorted = Executions { by_outcome: Default::default(), ..all };
    for (mut outcome, count) in all.by_outcome {
        let alike = &mut outcome[start..start + each * program.alike.len()];
        let mut chunks: Vec<Vec<i64>> = alike.chunks(each.max(1)).map(<[i64]>::to_vec).collect();
        chunks.sort();
        alike.copy_from_slice(&chunks.concat());
        *sorted.by_outcome.entry(outcome).or_default() += count;
    }
    sorted
}

#[test]
fn that_begin_with_an_update() {
    agree(1, random_programs::alike_updates().boxed());
}

#[test]
fn that_begin_with_a_lock() {
    agree(1, random_programs::alike_lockers().boxed());
}

#[test]
fn on_two_workers() {
    agree(2, random_programs::alike_updates().boxed());
    agree(2, random_programs::alike_lockers().boxed());
}
