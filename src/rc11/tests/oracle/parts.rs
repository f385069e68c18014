//! A search in parts finds what the whole one does, each execution once.

use std::cell::Cell;

use proptest::strategy::{BoxedStrategy, Strategy};
use rc11::Checker;

use super::agreement::for_fewer;
use super::oracle::Program;
use super::{random_programs, under_engine};

/// Compares the sums over all parts with what one search finds.
fn adds_up(programs: BoxedStrategy<Program>) {
    assert!(fewer_add_up(1, programs) > 10, "there is something to split");
}

/// The same for a part of the programs; how many units there were.
fn fewer_add_up(times: u32, programs: BoxedStrategy<Program>) -> usize {
    let units = Cell::new(0);
    for_fewer(times, programs, |program| {
        for n in [1, 2, 5, 17] {
            let (sum, split, reports) = under_engine::explore_parts(program, &Checker::new(), n);
            assert!(split.units.len() <= n);
            units.update(|units| units + split.units.len());
            let checker = Checker::new().unreduced(split.unreduced);
            let (whole, report) = under_engine::explore(program, &checker);
            let counts = |r: &rc11::Report| [r.complete, r.blocked, r.failed, r.left_waiting];
            let counted = reports
                .iter()
                .map(counts)
                .fold([0; 4], |sum, counts| std::array::from_fn(|i| sum[i] + counts[i]));
            if sum != whole || counted != counts(&report) {
                eprintln!("{n}: {counted:?} in parts, {:?} in one", counts(&report));
                return Err((whole, sum));
            }
        }
        Ok(())
    });
    units.get()
}

#[test]
fn of_atomics_and_fences() {
    adds_up(random_programs::atomics_and_fences().boxed());
}

#[test]
fn of_read_modify_writes() {
    adds_up(random_programs::read_modify_writes().boxed());
}

#[test]
fn of_conditionals() {
    adds_up(random_programs::conditionals().boxed());
}

#[test]
fn of_races() {
    adds_up(random_programs::plain_accesses().boxed());
}

#[test]
fn of_locks() {
    fewer_add_up(10, random_programs::locks().boxed());
    fewer_add_up(10, random_programs::shared_locks().boxed());
}

#[test]
fn of_departures() {
    adds_up(random_programs::departures().boxed());
}

/// Fewer, as all rounds of all loops are executions here. A handful of random programs may have no such loop: `engine/parts.rs` has one for sure.
#[test]
fn of_waiting_loops() {
    fewer_add_up(60, random_programs::awaits().boxed());
    fewer_add_up(150, random_programs::polls().boxed());
}
