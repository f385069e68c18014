//! On random programs engine and oracle agree: same outcomes, as many executions for each, same races.
//!
//! `CASEBOOK_ORACLE_PROGRAMS` sets how many random programs each comparison takes (300), `CASEBOOK_ORACLE_SEED` which (0).

use std::cell::Cell;

use proptest::prop_oneof;
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use rc11::{Checker, Model};

use super::oracle::{Executions, Program, executions_under};
use super::{random_programs, under_engine};

fn from_environment(name: &str, default: u32) -> u32 {
    std::env::var(name)
        .map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name} is not a number")))
}

/// Compares engine and oracle on random programs; a mismatch comes with its seed and the smallest program that shows it.
fn agree(programs: impl Strategy<Value = Program>) {
    agree_under(Model::Rc11, 1, programs);
}

fn agree_under(model: Model, workers: usize, programs: impl Strategy<Value = Program>) {
    let checker = Checker::new().model(model).workers(workers);
    // Programs with loops that wait and write nothing, and those of them whose rounds are no executions of their own.
    let (waiting, exact) = (Cell::new(0), Cell::new(0));
    for_random(programs, |program| {
        let (expected, found) =
            (executions_under(model, program), under_engine::explore(program, &checker).0);
        let agrees = if program.spins() || program.updates() {
            if !program.writes_while_waiting() {
                waiting.set(waiting.get() + 1);
                exact.set(exact.get() + usize::from(expected.has_as_many_as(&found)));
            }
            expected.is_within(&found)
        } else if program.late && expected.racy {
            // The oracle's location holds a 0 before it is created, which only a race can read.
            found.racy
        } else {
            expected == found
        };
        if agrees { Ok(()) } else { Err((expected, found)) }
    });
    // A loop may seem to remember, if what lies unused in its memory differs.
    let (waiting, exact) = (waiting.get(), exact.get());
    assert!(
        exact * 20 >= waiting * 19,
        "rounds of loops are explored in {} of {waiting}",
        waiting - exact
    );
}

/// Runs a comparison on random programs.
pub fn for_random(
    programs: impl Strategy<Value = Program>,
    compare: impl FnMut(&Program) -> Result<(), (Executions, Executions)>,
) {
    for_fewer(1, programs, compare);
}

/// Runs a comparison on so many times fewer random programs.
pub fn for_fewer(
    times: u32,
    programs: impl Strategy<Value = Program>,
    mut compare: impl FnMut(&Program) -> Result<(), (Executions, Executions)>,
) {
    let cases = from_environment("CASEBOOK_ORACLE_PROGRAMS", 300).div_ceil(times);
    let seed = from_environment("CASEBOOK_ORACLE_SEED", 0);
    let mut bytes = [0; 32];
    bytes[..4].copy_from_slice(&seed.to_le_bytes());
    let config =
        Config { cases, failure_persistence: None, max_shrink_iters: 20_000, ..Config::default() };
    let mut runner =
        TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let compare = std::cell::RefCell::new(&mut compare);
    let verdict = runner.run(&programs, |program| {
        let differs = compare.borrow_mut()(&program).err().map(|(expected, found)| {
            TestCaseError::fail(format!("expected {expected:?}\n  the engine says {found:?}"))
        });
        differs.map_or(Ok(()), Err)
    });
    if let Err(mismatch) = verdict {
        panic!("CASEBOOK_ORACLE_SEED={seed}\n{mismatch}");
    }
}

#[test]
fn atomics_and_fences() {
    agree(random_programs::atomics_and_fences());
}

#[test]
fn read_modify_writes() {
    agree(random_programs::read_modify_writes());
}

#[test]
fn updates() {
    agree(random_programs::updates());
}

#[test]
fn updates_among_plain_accesses() {
    agree(random_programs::updates_among_plain_accesses());
}

#[test]
fn sequentially_consistent_accesses_and_fences() {
    agree(random_programs::sequentially_consistent());
}

#[test]
fn writers_and_readers() {
    agree(random_programs::writers_and_readers());
}

#[test]
fn rings() {
    agree(random_programs::rings());
}

#[test]
fn conditionals() {
    agree(random_programs::conditionals());
}

#[test]
fn plain_accesses_and_races() {
    agree(random_programs::plain_accesses());
}

#[test]
fn awaits() {
    agree(random_programs::awaits());
}

#[test]
fn awaits_of_pairs() {
    agree(random_programs::awaits_of_pairs());
}

/// A round that fails may race, although it is left out.
#[test]
fn races_with_rounds_that_fail() {
    let programs = prop_oneof![
        random_programs::awaits_among_plain_accesses(),
        random_programs::plain_accesses_after_loops(),
    ];
    for_random(programs, |program| {
        let expected = executions_under(Model::Rc11, &random_programs::with_first_rounds(program));
        let found = under_engine::explore(program, &Checker::new()).0;
        // The oracle looks at no execution in which a thread waits for good.
        if found.racy || !expected.racy { Ok(()) } else { Err((expected, found)) }
    });
}

#[test]
fn locks() {
    agree(random_programs::locks());
}

/// How many attempts are left out depends on what lies unused in a thread's memory: outcomes are compared, and no fewer executions.
#[test]
fn tested_locks() {
    for workers in [1, 2] {
        let checker = Checker::new().workers(workers);
        for_random(random_programs::tested_locks(), |program| {
            let expected = executions_under(Model::Rc11, program);
            let found = under_engine::explore(program, &checker).0;
            if expected.is_within(&found) { Ok(()) } else { Err((expected, found)) }
        });
    }
}

#[test]
fn parks() {
    agree(random_programs::parks());
}

#[test]
fn departures() {
    agree(random_programs::departures());
}

#[test]
fn polls() {
    agree(random_programs::polls());
}

#[test]
fn shared_locks() {
    agree(random_programs::shared_locks());
}

#[test]
fn mixed_accesses() {
    agree(random_programs::mixed_accesses());
}

#[test]
fn published_locations() {
    agree(random_programs::published_locations());
}

#[test]
fn two_workers_find_the_same() {
    agree_under(Model::Rc11, 2, random_programs::read_modify_writes());
}

#[test]
fn the_letter_of_the_standard() {
    agree_under(Model::Cxx20, 1, random_programs::letter());
    agree_under(Model::Cxx20, 1, random_programs::sequentially_consistent());
}

/// The engine says of every execution under RC11 whether the letter has it; enough random programs have one that it has not.
#[test]
fn executions_beyond_the_letter() {
    let differing = std::cell::Cell::new(0);
    for_random(random_programs::letter(), |program| {
        let expected = executions_under(Model::Rc11, program);
        let found = under_engine::explore(program, &Checker::new()).0;
        differing.set(differing.get() + usize::from(expected.beyond_letter > 0));
        if expected == found { Ok(()) } else { Err((expected, found)) }
    });
    let programs = from_environment("CASEBOOK_ORACLE_PROGRAMS", 300) as usize;
    assert!(differing.get() * 100 >= programs, "only {} of {programs} differ", differing.get());
}

/// Which thread comes first is nothing to the model: outcomes, counts and races stay the same.
#[test]
fn the_order_of_threads_does_not_matter() {
    let turned = |programs: proptest::strategy::BoxedStrategy<Program>| {
        for_random(programs, |program| {
            let mut other = program.clone();
            other.threads.reverse();
            let one = under_engine::explore(program, &Checker::new()).0;
            let two = under_engine::explore(&other, &Checker::new()).0;
            let outcomes = |e: &Executions| {
                let mut counts: Vec<usize> = e.by_outcome.values().copied().collect();
                counts.sort();
                counts
            };
            let same = (one.racy, outcomes(&one)) == (two.racy, outcomes(&two));
            if same { Ok(()) } else { Err((one, two)) }
        });
    };
    turned(random_programs::mixed_accesses().boxed());
    turned(random_programs::published_locations().boxed());
    turned(random_programs::plain_accesses().boxed());
}
