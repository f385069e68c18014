//! The bounded search, which has neither revisits nor a canonical order, against the other one: without a bound it finds the same; with one, what has a schedule
//! within it.

use std::cell::Cell;

use proptest::prelude::Strategy;
use rc11::Checker;

use super::agreement::for_fewer;
use super::oracle::{Executions, Program, by_preemptions, executions};
use super::{random_programs, under_engine};

/// Without a bound it has each outcome as often as the oracle does, in so many times fewer programs.
fn agree(times: u32, programs: impl Strategy<Value = Program>) {
    for_fewer(times, programs, |program| {
        // What such a loop has written cannot be taken back: the search says that it is cut off.
        if program.writes_while_waiting() {
            return Ok(());
        }
        let expected = executions(program);
        let found = under_engine::explore(program, &Checker::new().preemptions(u32::MAX)).0;
        let agrees = if program.spins() || program.updates() {
            expected.is_within(&found)
        } else if program.late && expected.racy {
            found.racy
        } else {
            is_same(&expected, &found)
        };
        if agrees { Ok(()) } else { Err((expected, found)) }
    });
}

/// Failures are not compared by their number: an execution that fails ends its schedule, and may have others.
pub fn is_same(expected: &Executions, found: &Executions) -> bool {
    expected.racy == found.racy
        && (expected.stuck > 0) == (found.stuck > 0)
        && expected.has_as_many_as(found)
}

/// With a bound it has as many executions as have a schedule within it.
fn agree_within(programs: impl Strategy<Value = Program>) {
    // A loop may seem to remember, as for `agree` there: then its failed tries are executions, too.
    let (tries, inexact) = (Cell::new(0), Cell::new(0));
    for_fewer(10, programs, |program| {
        // The thread that starts the others would be preempted by them; and an execution that fails is not complete.
        let fails = program.locks > 0 && (executions(program).racy || program.spins());
        if program.main_takes_part || fails {
            return Ok(());
        }
        let fewest = by_preemptions(program, None);
        for bound in 0..3 {
            let checker = Checker::new().preemptions(bound);
            let (found, report) = under_engine::explore(program, &checker);
            let expected = fewest.range(..=bound).map(|(_, n)| n).sum::<usize>();
            let is_all = fewest.keys().all(|&n| n <= bound);
            let says_so = is_all || !report.is_proved();
            let has_more = program.updates() && found.count() > expected;
            tries.update(|tries| tries + 1);
            inexact.update(|inexact| inexact + usize::from(has_more));
            if found.count() != expected && !has_more || !says_so {
                let expected = Executions { stuck: expected, ..Executions::default() };
                return Err((expected, found));
            }
        }
        Ok(())
    });
    assert!(inexact.get() * 20 <= tries.get(), "{inexact:?} of {tries:?} have more");
}

#[test]
fn within_a_bound() {
    agree_within(random_programs::atomics_and_fences());
    agree_within(random_programs::read_modify_writes());
    agree_within(random_programs::conditionals());
    agree_within(random_programs::updates());
    agree_within(random_programs::sequentially_consistent());
}

#[test]
fn mutexes_within_a_bound() {
    agree_within(random_programs::locks());
}

/// What a search leaves out as it remembers states is nothing: within each bound it finds the same without them.
fn agree_without_states(programs: impl Strategy<Value = Program>) {
    for_fewer(40, programs, |program| {
        if program.writes_while_waiting() {
            return Ok(());
        }
        for bound in 0..3 {
            let checker = Checker::new().preemptions(bound);
            let expected = under_engine::explore(program, &checker.clone().states(0)).0;
            let found = under_engine::explore(program, &checker).0;
            if !is_same(&expected, &found) {
                return Err((expected, found));
            }
        }
        Ok(())
    });
}

#[test]
fn states_within_a_bound() {
    agree_without_states(random_programs::awaits());
    agree_without_states(random_programs::awaits_of_pairs());
    agree_without_states(random_programs::locks());
    agree_without_states(random_programs::tested_locks());
    agree_without_states(random_programs::polls());
    agree_without_states(random_programs::departures());
    agree_without_states(random_programs::conditionals());
}

macro_rules! agree {
    ($($programs:ident / $times:literal)*) => {
        $(#[test]
        fn $programs() {
            agree($times, random_programs::$programs());
        })*
    };
}

agree! {
    atomics_and_fences / 10
    read_modify_writes / 10
    updates / 10
    sequentially_consistent / 10
    writers_and_readers / 10
    rings / 10
    conditionals / 10
    plain_accesses / 10
    awaits / 100
    awaits_of_pairs / 100
    locks / 10
    tested_locks / 10
    departures / 10
    polls / 10
    shared_locks / 10
    mixed_accesses / 10
    published_locations / 10
}
